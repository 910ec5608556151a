//! `chorus-agent check`: everything that has to be right, one line each, with the remedy.

use tokio_postgres::Client as Connection;

use crate::{
    calls::Caller,
    config::Config,
    credential::{Account, Keys, public_text},
    database::{Database, DatabaseError},
    installation::Installation,
    supplier::Supplier,
    task::{Failure, Tools},
    verify::{self, Outcome, Problem},
    versions,
};

const ROLE: &str = "
SELECT current_user::text, coalesce((SELECT pg_has_role(current_user, r.oid, 'usage') FROM pg_roles r WHERE r.rolname = 'chorus_agent'), false)";

/// The lines, as they come, and whether any was bad.
#[derive(Debug, Default)]
pub struct Report {
    failed: bool,
}

impl Report {
    fn line<E: std::fmt::Display>(&mut self, what: &str, result: Result<String, E>) -> bool {
        match result {
            Ok(detail) => {
                println!("OK  {what}: {detail}");
                true
            }
            Err(error) => {
                self.failed = true;
                println!("KO  {what}: {error}");
                false
            }
        }
    }

    /// Whether all was right.
    pub fn passed(&self) -> bool {
        !self.failed
    }
}

/// Checks everything that can be checked; what depends on something that is wrong is left out.
pub async fn check(config: &Config, database: &Database) -> Report {
    let mut report = Report::default();
    let settings = config.agent.clone().checked();
    report.line(
        "settings",
        settings
            .as_ref()
            .map(|agent| format!("{} workers, lease {} s", agent.workers, agent.lease_seconds)),
    );
    let keys = Keys::configured(&config.credentials);
    let keys_good = report.line(
        "credential key",
        keys.map(|keys| format!("public key {}", public_text(&keys.public()))),
    );
    let tools = match (&settings, keys_good) {
        (Ok(_), true) => {
            let tools = Tools::new(config);
            report.line(
                "PISTE application",
                tools
                    .as_ref()
                    .map(|_| config.piste.api_url.clone().unwrap_or_default()),
            );
            tools.ok()
        }
        _ => None,
    };
    let connection = database.connect().await;
    if !report.line(
        "database",
        connection.as_ref().map(|_| "connected".to_owned()),
    ) {
        println!(
            "    PostgreSQL must be running and database.url (CHORUS_DATABASE_URL) must name it"
        );
    }
    let suppliers = match &connection {
        Ok(connection) => check_database(&mut report, config, connection).await,
        Err(_) => Vec::new(),
    };
    let Some(tools) = tools else { return report };
    let token = tools.chorus.token(Caller::default()).await;
    let token_good = report.line("token", token.map(|_| "granted".to_owned()));
    if let (true, Ok(connection)) = (token_good, &connection) {
        let mut good = None;
        for supplier in &suppliers {
            let what = format!("supplier {}", supplier.owner);
            if report.line(&what, check_supplier(&tools, connection, supplier).await) {
                good = good.or(Some(supplier));
            }
        }
        // Any good account may ask about any buyer.
        if let Some(supplier) = good {
            report.line(
                "directory",
                check_directory(&tools, connection, supplier).await,
            );
        }
    }
    if let Ok(connection) = &connection
        && let Err(error) = tools.calls.write(connection, tools.agent).await
    {
        tracing::debug!(%error, "the calls of this check are not recorded");
    }
    report
}

async fn check_database(
    report: &mut Report,
    config: &Config,
    connection: &Connection,
) -> Vec<Supplier> {
    let installation = match Installation::read(connection).await {
        Ok(installation) => installation,
        Err(error) => {
            report.line(
                "schema",
                Err::<String, _>(format!("{error}: run `chorus-agent migrate`")),
            );
            return Vec::new();
        }
    };
    report.line("versions", versions::check(connection).await);
    report.line("role", check_role(connection).await);
    if let Ok(api) = config.piste.api() {
        let identity = installation
            .may_deposit(&api)
            .map(|()| format!("the database for {}", installation.environment));
        report.line("installation", identity);
    }
    let suppliers = Supplier::all(connection).await;
    report.line(
        "suppliers",
        suppliers
            .as_ref()
            .map(|all| format!("{} with an account", all.len())),
    );
    suppliers.unwrap_or_default()
}

async fn check_role(connection: &Connection) -> Result<String, String> {
    let read = async || -> Result<(String, bool), DatabaseError> {
        let row = connection.query_typed_one(ROLE, &[]).await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    };
    match read().await.map_err(|error| error.to_string())? {
        (user, true) => Ok(format!("{user} acts as chorus_agent")),
        (user, false) => Err(format!(
            "{user} is no member of chorus_agent: GRANT chorus_agent TO {user}"
        )),
    }
}

/// Who asks, and with which account: a person, whom no breaker holds back.
fn in_person(tools: &Tools, supplier: &Supplier) -> Result<(Caller, Account), String> {
    let account = supplier.account(&tools.keys);
    let account = account.map_err(|error| error.to_string())?;
    Ok((Caller::person(Some(supplier.id)), account))
}

async fn check_supplier(
    tools: &Tools,
    connection: &Connection,
    supplier: &Supplier,
) -> Result<String, String> {
    let (caller, account) = in_person(tools, supplier)?;
    match verify::verify(tools, connection, caller, &supplier.owner, &account, None).await {
        Ok(Outcome::Registered(registration)) => Ok(match registration.password_expires_on {
            Some(day) => format!("account good, password until {day}, {}", supplier.state),
            None => format!("account good, {}", supplier.state),
        }),
        Ok(Outcome::Refused(problem)) => Err(problem.en()),
        Err(failure) => Err(failure.to_string()),
    }
}

async fn check_directory(
    tools: &Tools,
    connection: &Connection,
    supplier: &Supplier,
) -> Result<String, String> {
    let (caller, account) = in_person(tools, supplier)?;
    match verify::directory(tools, connection, caller, &supplier.owner, &account).await {
        Ok(()) => Ok("buyers are looked up before a deposit".to_owned()),
        Err(Failure::Api(error)) => {
            let reason = Problem::of(&error).map_or_else(|| error.to_string(), |it| it.en());
            Err(format!(
                "invoices go out without a look at what their buyers ask for: {reason}"
            ))
        }
        Err(failure) => Err(failure.to_string()),
    }
}
