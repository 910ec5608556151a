//! The program: reads command line and configuration, sets up logging, and does what was asked.

use std::{io::Write as _, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use chorus_agent::{
    agent::Agent,
    check,
    cli::{Cli, Command, Migrate, Supplier},
    config::{Config, ConfigError, LogFormat},
    database::Database,
    drained::Held,
    migrate, recover, register, rekey, reload, status, stop,
    task::Tools,
};
use clap::Parser as _;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = Cli::parse();
    // Tests set failpoints through the environment variable FAILPOINTS.
    #[cfg(feature = "failpoints")]
    let _scenario = fail::FailScenario::setup();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start");
    match runtime.and_then(|runtime| runtime.block_on(perform(cli))) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("chorus-agent: {}", explained(&error));
            ExitCode::FAILURE
        }
    }
}

/// The error and its causes, each said once: many texts name their cause already.
fn explained(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

async fn perform(cli: Cli) -> anyhow::Result<ExitCode> {
    // These need no configuration.
    match &cli.command {
        Command::Keygen(keygen) => {
            register::keygen(keygen.out.as_deref())?;
            return Ok(ExitCode::SUCCESS);
        }
        Command::Migrate(Migrate {
            print: true, roles, ..
        }) => {
            print!("{}", migrate::script(*roles));
            return Ok(ExitCode::SUCCESS);
        }
        Command::Completions(wanted) => {
            std::io::stdout().write_all(&wanted.script())?;
            return Ok(ExitCode::SUCCESS);
        }
        _ => {}
    }
    let read = {
        let (path, workers) = (cli.config.clone(), cli.workers);
        move || -> Result<Config, ConfigError> {
            let mut config = Config::load(path.as_deref(), variables())?;
            if let Some(workers) = workers {
                config.agent.workers = workers;
            }
            Ok(config)
        }
    };
    let config = read()?;
    let filter = log(
        cli.log_format.unwrap_or(config.log.format),
        config.log.filter.as_deref(),
    )?;
    let database = Database::new(config.database.url.as_ref(), |name| {
        std::env::var(name).ok()
    })?;
    match cli.command {
        Command::Run => {
            let hangup = reload::listen()?;
            let agent = Agent::new(&config, database)?;
            tokio::spawn(reload::on(hangup, config, agent.live(), filter, read));
            agent.run(stop::on_signal()?).await;
        }
        Command::Once => {
            let drained = Agent::new(&config, database)?
                .once(stop::on_signal()?)
                .await?;
            println!("{} done, {} failed", drained.done, drained.failed);
            if drained.held.tasks > 0 {
                let Held { tasks, reason } = &drained.held;
                eprintln!("{tasks} wait until it works again:\n{reason}");
            }
            if !drained.is_clean() {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Check => {
            if !check::check(&config, &database).await.passed() {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Migrate(arguments) => apply(&database, &arguments).await?,
        Command::Supplier(Supplier::Add(supplier)) => {
            register::add(&database.connect().await?, &config, &supplier).await?;
        }
        Command::Supplier(Supplier::Invite(invite)) => {
            register::invite(&database.connect().await?, &config, &invite).await?;
        }
        Command::Supplier(Supplier::Verify(wanted)) => {
            if !register::verify(&database.connect().await?, &config, &wanted).await? {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Supplier(Supplier::Revoke(name)) => {
            register::revoke(&database.connect().await?, &name).await?;
        }
        Command::Rekey => {
            if !rekey::rekey(&database.connect().await?, &config).await? {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Supplier(Supplier::List) => register::list(&database.connect().await?).await?,
        Command::Status => status::print(&database.connect().await?).await?,
        Command::Recover(arguments) => {
            let tools = Arc::new(Tools::new(&config)?);
            if !recover::recover(&tools, &database, arguments.original_is_stopped).await? {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Keygen(_) | Command::Completions(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// The environment. Names that are no text are not ours; a value that is none fails where it is read.
fn variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| {
        Some((
            name.into_string().ok()?,
            value.to_string_lossy().into_owned(),
        ))
    })
}

async fn apply(database: &Database, arguments: &Migrate) -> anyhow::Result<()> {
    let client = database.connect().await?;
    if arguments.roles {
        migrate::roles(&client).await?;
        println!("roles are in place");
        return Ok(());
    }
    let done = migrate::migrate(
        &client,
        arguments.environment.map(|environment| environment.word()),
    )
    .await?;
    println!("schema {} -> {}", done.from, done.to);
    if done.recorded {
        println!("recorded which database this is; a copy of it will deposit nothing");
    }
    Ok(())
}

/// Logs to standard error; standard output is for results. What changes the filter later.
fn log(format: LogFormat, filter: Option<&str>) -> anyhow::Result<reload::Filter> {
    let parsed = |filter: Option<&str>| EnvFilter::try_new(filter.unwrap_or("info"));
    let filter = parsed(filter).context("log.filter is no filter")?;
    let logger = tracing_subscriber::fmt()
        // A line that cannot be written (a full disk, a reader that has gone) must not become a panic of whoever logs it.
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    Ok(match format {
        LogFormat::Text => {
            let logger = logger
                .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
                .with_env_filter(filter)
                .with_filter_reloading();
            let handle = logger.reload_handle();
            logger.init();
            changed_by(move |filter| handle.reload(filter))
        }
        LogFormat::Json => {
            let logger = logger
                .json()
                .with_env_filter(filter)
                .with_filter_reloading();
            let handle = logger.reload_handle();
            logger.init();
            changed_by(move |filter| handle.reload(filter))
        }
    })
}

/// What puts another filter in force.
fn changed_by<E: std::fmt::Display>(
    reload: impl Fn(EnvFilter) -> Result<(), E> + Send + 'static,
) -> reload::Filter {
    Box::new(move |filter| {
        let filter = EnvFilter::try_new(filter.unwrap_or("info"))
            .map_err(|error| format!("log.filter is no filter: {error}"))?;
        reload(filter).map_err(|error| error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_that_the_text_names_already_is_not_said_again() {
        let error = anyhow::anyhow!("no such file")
            .context("cannot read key: no such file; check the path")
            .context("cannot start");
        assert_eq!(
            explained(&error),
            "cannot start: cannot read key: no such file; check the path"
        );
    }
}
