//! Without notifications the queue is read all the same: NOTIFY is a hint.

use std::fs;
use std::process::Stdio;

use anyhow::{Result, ensure};
use chorus_tests::{Database, Server, fixture, skipped};
use tokio::process::{Child, Command};

use super::{ALL_ARRIVED, AT_REST, common, common::Stage};

const LISTENS: &str = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN chorus')";

#[tokio::test(flavor = "multi_thread")]
async fn with_the_trigger_off_invoices_leave_when_the_agent_polls() -> Result<()> {
    let Some(stage) = Stage::set("trigger_off", |_| {}).await? else {
        return Ok(());
    };
    let client = stage.database.connect().await?;
    client
        .batch_execute("ALTER TABLE chorus.task DISABLE TRIGGER notify")
        .await?;
    let _agent = stage.agent.run()?;
    stage.until(LISTENS).await?;
    stage.until(AT_REST).await?;
    stage.insert(&fixture("b2g.json")?).await?;
    stage.until(ALL_ARRIVED).await?;
    let warned: bool = client
        .query_one(
            "SELECT EXISTS (SELECT FROM chorus.health WHERE subject = 'notify')",
            &[],
        )
        .await?
        .get(0);
    ensure!(warned, "chorus.health says so");
    stage.audit().await
}

/// PgBouncer in transaction mode before the server of a database; `None`, and loud, where it is not installed.
struct Bouncer {
    child: Child,
    folder: tempfile::TempDir,
}

impl Bouncer {
    async fn start(server: &Server, database: &Database) -> Result<Option<Self>> {
        let program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"]
            .into_iter()
            .find(|path| fs::exists(path).unwrap_or(false));
        let Some(program) = program else {
            skipped("PgBouncer is not installed (Debian package pgbouncer)");
            return Ok(None);
        };
        let folder = server.folder()?;
        let configuration = folder.path().join("pgbouncer.ini");
        // Fewer server connections than the agent has of its own: statements of one session go to several of them.
        fs::write(
            &configuration,
            format!(
                "[databases]\n{name} = host={host} port={port} dbname={name} user=chorus_test_agent\n\
                 [pgbouncer]\nlisten_addr =\nunix_socket_dir = {folder}\nlisten_port = 6432\nauth_type = any\n\
                 pool_mode = transaction\ndefault_pool_size = 2\n",
                name = database.name(),
                host = database.cluster().host.display(),
                port = database.cluster().port,
                folder = folder.path().display(),
            ),
        )?;
        let command = server.command_as_server(program, &[&configuration.display().to_string()]);
        let log = fs::File::create(folder.path().join("log"))?;
        let child = Command::from(command)
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let socket = folder.path().join(".s.PGSQL.6432");
        common::eventually(|| socket.exists(), common::PATIENCE).await?;
        Ok(Some(Self { child, folder }))
    }

    fn url(&self, database: &Database) -> String {
        format!(
            "host={} port=6432 user=chorus_test_agent dbname={}",
            self.folder.path().display(),
            database.name()
        )
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_pgbouncer_in_transaction_mode_an_agent_that_only_polls_does_everything()
-> Result<()> {
    let Some(server) = Server::new().await? else {
        return Ok(());
    };
    let Some(stage) = Stage::set("bouncer", |settings| {
        settings.buyer_script = chorus_simulator::PAYING_BUYER.map(str::to_owned).to_vec();
    })
    .await?
    else {
        return Ok(());
    };
    let Some(mut bouncer) = Bouncer::start(&server, &stage.database).await? else {
        return Ok(());
    };
    let settings = stage
        .agent
        .clone()
        .set("CHORUS_DATABASE_URL", &bouncer.url(&stage.database))
        .set("CHORUS_DATABASE_LISTEN", "false");
    let client = stage.database.connect().await?;
    stage
        .database
        .insert_invoices(&fixture("b2g.json")?, "B", 20)
        .await?;
    let mut agent = settings.run()?;
    stage
        .until("SELECT bool_and(state = 'paid') FROM chorus.invoice")
        .await?;
    let listens: bool = client.query_one(LISTENS, &[]).await?.get(0);
    ensure!(!listens);
    ensure!(!agent.log().contains("WARN"), "{}", agent.log());
    ensure!(agent.terminate().await?.success(), "{}", agent.log());
    bouncer.child.kill().await?;
    stage.audit().await
}
