//! A simulator inside a test's own process.

use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::attachment::Attachment;
use crate::condition::{Condition, NotReached};
use crate::config::{Config, Credentials, Settings};
use crate::directory::{AccountSpec, StructureSpec};
use crate::elsewhere::InvoiceSpec;
use crate::fault::Fault;
use crate::flux::ForcedOutcome;
use crate::ledger::Ledger;
use crate::portal::{PortalAction, StatusChange};
use crate::record::InvoiceRecord;
use crate::server;
use crate::state::World;

/// Starts simulators.
#[derive(Debug, Clone, Copy)]
pub struct Simulator;

impl Simulator {
    /// Listens on loopback and serves from a task of the current tokio runtime.
    ///
    /// # Errors
    ///
    /// When the port is taken.
    pub async fn start(config: Config) -> anyhow::Result<Handle> {
        let port = config.port;
        let credentials = config.credentials.clone();
        let (supplier_siret, buyer_siret) = (config.supplier_siret(), config.buyer_siret());
        let (listener, address) = server::bind(port).await.with_context(|| {
            format!("cannot listen on 127.0.0.1:{port}; choose another port, or 0 for a free one")
        })?;
        let app = App::new(World::new(config)?);
        let task = tokio::spawn(server::serve(listener, app.clone()));
        Ok(Handle {
            app,
            url: format!("http://{address}"),
            credentials,
            supplier_siret,
            buyer_siret,
            task,
        })
    }
}

/// A running simulator; it stops when this is dropped.
#[derive(Debug)]
pub struct Handle {
    app: App,
    url: String,
    credentials: Credentials,
    supplier_siret: &'static str,
    buyer_siret: &'static str,
    task: JoinHandle<()>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Handle {
    /// Base URL of both PISTE and the API, without a final slash.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Credentials of the application and of the default technical account.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// SIRET of the default supplier.
    #[must_use]
    pub fn supplier_siret(&self) -> &str {
        self.supplier_siret
    }

    /// SIRET of the default buyer.
    #[must_use]
    pub fn buyer_siret(&self) -> &str {
        self.buyer_siret
    }

    /// Everything received so far.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.app.look(World::ledger)
    }

    /// Waits until the condition holds, however time or clients bring it about.
    ///
    /// # Errors
    ///
    /// When it does not in the condition's time; the error holds the ledger.
    pub async fn wait(&self, condition: &Condition) -> Result<Ledger, Box<NotReached>> {
        self.app.wait(condition).await
    }

    /// Replaces all faults.
    ///
    /// # Errors
    ///
    /// When one makes no sense: effect `status` without a status, a probability outside 0 to 1.
    pub fn set_faults(&self, faults: Vec<Fault>) -> anyhow::Result<()> {
        self.app
            .with(|world| world.faults.replace(faults))
            .map_err(anyhow::Error::msg)
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.app
            .with(|world| world.faults = crate::faults::Faults::new(world.config.seed));
    }

    /// Moves the clock forward; everything due happens at its own time.
    pub fn advance(&self, by: Duration) {
        self.app.with(|world| world.clock.advance(by));
    }

    /// The simulator's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.app.look(|world| world.clock.now())
    }

    /// Changes settings; steps already planned keep their time.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        self.app.with(|world| change(&mut world.settings));
    }

    /// Ends the next flux of an invoice number in a chosen state.
    pub fn force_outcome(&self, outcome: ForcedOutcome) {
        self.app.with(|world| world.outcomes.push(outcome));
    }

    /// Adds or replaces a structure; returns its number (`idStructureCPP`).
    pub fn put_structure(&self, spec: StructureSpec) -> i64 {
        self.app.with(|world| world.directory.put(spec))
    }

    /// Adds or replaces a technical account: one attached to nothing, or another password.
    pub fn put_account(&self, spec: AccountSpec) {
        self.app.with(|world| world.directory.put_account(spec));
    }

    /// Sets a status of an integrated invoice as Chorus Pro itself could, without a buyer's limits.
    ///
    /// # Errors
    ///
    /// When no invoice of that number is integrated.
    pub fn set_status(
        &self,
        number: &str,
        status: &str,
        comment: Option<&str>,
    ) -> anyhow::Result<()> {
        let mut change = StatusChange::new(number, status);
        change.comment = comment.map(str::to_owned);
        self.set_statuses(vec![change])
    }

    /// Sets statuses in that order: all of them, or none.
    ///
    /// # Errors
    ///
    /// When one is about an invoice that is not integrated.
    pub fn set_statuses(&self, changes: Vec<StatusChange>) -> anyhow::Result<()> {
        self.app.with(|world| world.change_statuses(changes))
    }

    /// A user of the supplier does something on the portal, such as `ACQUITTEMENT_REJET`; it shows in the history.
    ///
    /// # Errors
    ///
    /// When no invoice of that number is integrated.
    pub fn act_on_portal(&self, number: &str, action: &str) -> anyhow::Result<()> {
        let action = PortalAction::new(number, action);
        self.app.with(|world| world.act_on_portal(&action))
    }

    /// Integrates invoices that came another way; returns their numbers (`identifiantFactureCPP`).
    ///
    /// # Errors
    ///
    /// When one names an unknown structure or a date that is none; those before it stay.
    pub fn put_invoices(&self, specs: Vec<InvoiceSpec>) -> anyhow::Result<Vec<i64>> {
        self.app.with(|world| {
            specs
                .into_iter()
                .map(|spec| world.integrate_elsewhere(spec))
                .collect()
        })
    }

    /// Every integrated invoice with its events.
    #[must_use]
    pub fn invoices(&self) -> Vec<InvoiceRecord> {
        self.app.look(World::records)
    }

    /// Every file uploaded.
    #[must_use]
    pub fn attachments(&self) -> Vec<Attachment> {
        self.app.look(World::attachments)
    }

    /// Forgets deposits, invoices, counters, faults, outcomes and changed settings. Tokens, clock and sequences go on.
    pub fn reset(&self) {
        self.app.with(World::reset);
    }
}
