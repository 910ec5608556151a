//! The stage of a run: a server of its own where it may be restarted, the tables, the suppliers, the agents' settings.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use chorus_simulator::Handle;

use super::auditor::Canary;
use super::fleet::Fleet;
use super::nemesis::Freeze;
use super::scene::{SUPPLIERS, account};
use super::{Plan, simulator};
use crate::agent::AgentSettings;
use crate::database::{Content, Database};
use crate::server::Server;

/// What takes an hour at Chorus Pro's pace takes 36 seconds.
pub const TIME_SCALE: &str = "0.01";

/// The time limit of the call that deposits, in seconds.
const DEPOSIT_TIMEOUT: &str = "1.5";
/// About as short as the agent takes it: 10 s more than any call may last.
const LEASE: &str = "12.5";
/// Scaled, 10.5 s: a deposit is sent again 12.5 + 1.5 + 10.5 = 24.5 s after it was prepared.
const WINDOW: &str = "1050";

/// Longer than a lease. Half a request that is frozen on its way arrives at most 6.5 s (start and time limit) and this after its
/// deposit was prepared, which has to be sooner than the window ends.
pub const FREEZE: Freeze = Freeze {
    least: Duration::from_secs(13),
    most: Duration::from_secs(17),
};

/// Longer than the window, so that second sendings happen.
pub const SLOW_INTEGRATION: Duration = Duration::from_secs(30);

/// Applications wait while more invoices than these wait to be sent: storms of errors must end before all else does.
pub const BACKLOG: i64 = 500;

/// Settings of the server: room for what dead agents leave behind, and who did what in its log.
pub const SERVER: [&str; 3] = [
    "max_connections=200",
    "jit=off",
    "log_line_prefix=%m [%p] %a ",
];

/// Everything that a run needs.
pub struct Stage {
    pub(super) database: Arc<Database>,
    pub(super) simulator: Arc<Handle>,
    pub(super) server: Option<Server>,
    agent: AgentSettings,
    canary: Canary,
}

impl Stage {
    /// Sets it. `None`, and loud, without a cluster.
    pub(super) async fn set(plan: &Plan) -> Result<Option<Self>> {
        // Nobody else's server is restarted.
        let (server, database) = if plan.troubles.restart.is_zero() {
            let Some(database) = Database::create("chaos", Content::Schema).await? else {
                return Ok(None);
            };
            (None, database)
        } else {
            let Some(mut server) = Server::new().await? else {
                return Ok(None);
            };
            server.start(&SERVER).await?;
            let database = server.migrated("chaos").await?;
            (Some(server), database)
        };
        let simulator = simulator(plan).await?;
        let client = database.connect().await?;
        client
            .batch_execute(
                "DO $$ BEGIN CREATE ROLE chorus_test_agent LOGIN IN ROLE chorus_agent;
                 EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
            )
            .await?;
        client
            .batch_execute(include_str!("journal.sql"))
            .await
            .context("the auditor's journal")?;
        let as_agent = database.url().replace(
            &format!("user={}", database.cluster().user),
            "user=chorus_test_agent",
        );
        let mut agent = AgentSettings::new(&database, &simulator).await?;
        for (name, value) in [
            ("CHORUS_DATABASE_URL", as_agent.as_str()),
            ("CHORUS_AGENT_TIME_SCALE", TIME_SCALE),
            ("CHORUS_AGENT_POLL_INTERVAL_SECONDS", "30"),
            ("CHORUS_AGENT_FOLLOW_INTERVAL_SECONDS", "150"),
            ("CHORUS_AGENT_REAP_INTERVAL_SECONDS", "50"),
            ("CHORUS_AGENT_UNCERTAIN_WINDOW_SECONDS", WINDOW),
            ("CHORUS_AGENT_TIMEOUT_SECONDS", "2"),
            ("CHORUS_AGENT_CONNECT_TIMEOUT_SECONDS", "2"),
            ("CHORUS_AGENT_DEPOSIT_TIMEOUT_SECONDS", DEPOSIT_TIMEOUT),
            ("CHORUS_AGENT_LEASE_SECONDS", LEASE),
            ("CHORUS_AGENT_PAGE_SIZE", "1000"),
        ] {
            agent = agent.set(name, value);
        }
        let mut canary = Canary::default();
        let credentials = simulator.credentials().clone();
        canary.knows("the application's secret", &credentials.client_secret);
        for supplier in SUPPLIERS {
            let account = account(supplier, &credentials.account);
            agent
                .add_supplier(supplier.siret, &account.login, &account.password)
                .await?;
            canary.knows("a password", &account.password);
            let both = format!("{}:{}", account.login, account.password);
            canary.knows("an account's header", &base64(both.as_bytes()));
        }
        Ok(Some(Self {
            database: Arc::new(database),
            simulator: Arc::new(simulator),
            server,
            agent,
            canary,
        }))
    }

    /// The agents of the run.
    pub(super) fn fleet(&self, plan: &Plan) -> Result<Fleet> {
        let settings = match &plan.failpoints {
            Some(failpoints) => self.agent.clone().set("FAILPOINTS", failpoints),
            None => self.agent.clone(),
        };
        let log = plan.folder.join("agents.log");
        Fleet::new(settings, plan.agents, self.canary.clone(), &log)
    }
}

/// As the header of an account has it.
fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
