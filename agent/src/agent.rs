//! The agent at work: workers that claim and do tasks, a listener that wakes them, a keeper that takes back what others
//! left behind. PostgreSQL or the network going away never ends it.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{sync::watch, task::JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::{
    calls,
    chorus::client::ClientError,
    config::{Config, ConfigError},
    credential::KeyError,
    database::{AddressError, Database, Session},
    drained::{Drained, Held},
    gate::{self, Closed},
    keeper, listen,
    live::Live,
    metrics,
    operations::{self, Operations},
    progress,
    queue::{Kind, claim::claim, floor::Floors, release, turn::Turns},
    task::{Failure, Tools, Work},
    web::{self, PageSettings},
};

/// Why the agent cannot start at all. Everything that may come right by itself is waited for instead.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting is missing or wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The HTTP client cannot be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A private key is missing or none.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The address of the database is malformed.
    #[error(transparent)]
    Address(#[from] AddressError),
}

/// An agent, ready to run.
pub struct Agent {
    live: Live,
    page: Option<PageSettings>,
    database: Database,
    listens: bool,
    operations: Option<SocketAddr>,
}

/// What the workers of an agent share.
#[derive(Debug, Default)]
struct Shared {
    workers: AtomicUsize,
    done: AtomicU64,
    failed: AtomicU64,
    held: AtomicU64,
    turns: Turns,
}

impl Agent {
    /// An agent as configured.
    ///
    /// # Errors
    /// A setting is missing or wrong.
    pub fn new(config: &Config, database: Database) -> Result<Self, StartError> {
        Ok(Self {
            live: Live::new(Tools::new(config)?),
            page: PageSettings::configured(&config.registration)?,
            database: database.impatient(config.database.timeout()?),
            listens: config.database.listen,
            operations: config.operations.listen()?,
        })
    }

    /// The tools in force, for whoever replaces them.
    pub fn live(&self) -> Live {
        self.live.clone()
    }

    /// Works until `stop`, then lets running calls finish and gives back what is left.
    pub async fn run(self, stop: CancellationToken) {
        let tools = self.live.now();
        tracing::info!(agent = %tools.agent, workers = tools.settings.workers, "started");
        let pace = tools.settings.pace();
        let mut helpers = JoinSet::new();
        if let Some(listen) = self.operations {
            let operations = Operations {
                listen,
                database: self.database.clone(),
                live: self.live.clone(),
            };
            helpers.spawn(operations::serve(operations, stop.clone()));
        }
        let mut session = Session::new(self.database.clone());
        if !gate::open(&mut session, &self.live, &stop).await {
            tracing::info!("stopped");
            return;
        }
        let (wake, woken) = watch::channel(());
        if self.listens {
            let database = self.database.clone();
            helpers.spawn(listen::listen(database, wake, stop.clone(), pace));
        }
        helpers.spawn(keeper::keep(
            self.live.clone(),
            self.database.clone(),
            stop.clone(),
        ));
        helpers.spawn(calls::write(
            Arc::clone(&tools.calls),
            tools.agent,
            self.database.clone(),
            pace,
            stop.clone(),
        ));
        if let Some(page) = self.page.clone() {
            let (live, database) = (self.live.clone(), self.database.clone());
            helpers.spawn(web::serve(page, live, database, stop.clone()));
        }
        let mut workers = self.staff(woken, &stop).await;
        let limit = Duration::from_secs_f64(self.live.now().settings.shutdown_seconds);
        if tokio::time::timeout(limit, async {
            while workers.join_next().await.is_some() {}
        })
        .await
        .is_err()
        {
            tracing::warn!("calls still running after the limit are cut off");
            workers.shutdown().await;
        }
        helpers.shutdown().await;
        self.hand_over().await;
        tracing::info!("stopped");
    }

    /// Keeps as many workers as configured until `stop`; those who have not ended then.
    ///
    /// One that panicked is replaced: its task goes back when its lease ends. One too many, after a reload, ends after its task.
    async fn staff(&self, woken: watch::Receiver<()>, stop: &CancellationToken) -> JoinSet<()> {
        let shared = Arc::new(Shared::default());
        let floors = Arc::new(Floors::new(self.live.now().settings.poll_interval()));
        let mut changes = self.live.changes();
        let mut workers = JoinSet::new();
        while !stop.is_cancelled() {
            while shared.workers.load(Ordering::Relaxed) < self.live.now().settings.workers {
                shared.workers.fetch_add(1, Ordering::Relaxed);
                let worker = self.worker(woken.clone(), stop, &shared, &floors);
                workers.spawn(worker.serve());
            }
            tokio::select! {
                () = stop.cancelled() => {}
                _ = changes.changed() => {
                    floors.read_whole_every(self.live.now().settings.poll_interval());
                }
                Some(Err(error)) = workers.join_next() => {
                    shared.workers.fetch_sub(1, Ordering::Relaxed);
                    tracing::error!(%error, "a worker broke down and is replaced: please report this");
                }
            }
        }
        workers
    }

    /// Does all that is due, then ends.
    ///
    /// # Errors
    /// The database cannot be used, belongs to another release, or is a copy.
    pub async fn once(self, stop: CancellationToken) -> Result<Drained, Closed> {
        let mut session = Session::new(self.database.clone());
        let tools = self.live.now();
        gate::pass(&mut session, &tools.api).await?;
        keeper::turn(&tools, &mut session).await?;
        let (_wake, woken) = watch::channel(());
        let shared = Arc::new(Shared::default());
        let floors = Arc::new(Floors::none());
        let mut workers = JoinSet::new();
        for _ in 0..tools.settings.workers {
            let worker = self.worker(woken.clone(), &stop, &shared, &floors);
            workers.spawn(worker.drain());
        }
        let mut result = Ok(());
        while let Some(ended) = workers.join_next().await {
            match ended {
                Ok(Ok(())) => {}
                Ok(Err(error)) => result = Err(error),
                Err(error) => {
                    tracing::error!(%error, "a worker broke down: please report this");
                    shared.failed.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        self.hand_over().await;
        result?;
        let (application, met) = (tools.budget.application(), &shared.held);
        let met = met.load(Ordering::Relaxed);
        let held = Held::read(session.client().await?, application, met).await?;
        Ok(Drained {
            done: shared.done.load(Ordering::Relaxed),
            failed: shared.failed.load(Ordering::Relaxed),
            held,
        })
    }

    fn worker(
        &self,
        woken: watch::Receiver<()>,
        stop: &CancellationToken,
        shared: &Arc<Shared>,
        floors: &Arc<Floors>,
    ) -> Worker {
        Worker {
            live: self.live.clone(),
            session: Session::new(self.database.clone()),
            woken,
            stop: stop.clone(),
            shared: Arc::clone(shared),
            floors: Arc::clone(floors),
            first: 0,
        }
    }

    /// Whatever we still hold goes back now instead of when its lease ends; what was called last is written down.
    async fn hand_over(&self) {
        let tools = self.live.now();
        let given = async {
            let mut session = Session::new(self.database.clone());
            let client = session.client().await?;
            release::hand_over(client, tools.agent).await?;
            tools.calls.write(client, tools.agent).await
        };
        if let Err(error) = given.await {
            tracing::warn!(%error, "tasks could not be given back: they will be when their leases end");
        }
    }
}

/// One of several loops that claim and do tasks.
struct Worker {
    live: Live,
    session: Session,
    woken: watch::Receiver<()>,
    stop: CancellationToken,
    shared: Arc<Shared>,
    floors: Arc<Floors>,
    /// Which kind is asked for first: each in turn, so that none starves while another has a long queue.
    first: usize,
}

impl Worker {
    /// Works until stopped.
    async fn serve(mut self) {
        let mut failures = 0;
        while !self.stop.is_cancelled() {
            let settings = self.live.now().settings.clone();
            if self.is_surplus(settings.workers) {
                return;
            }
            // Marked as seen before the claim: a notification that comes in between wakes us at once.
            self.woken.mark_unchanged();
            let wait = match self.turn().await {
                Ok(true) => {
                    failures = 0;
                    continue;
                }
                Ok(false) => {
                    failures = 0;
                    self.first = self.shared.turns.first();
                    let poll = Duration::from_secs_f64(settings.poll_interval_seconds);
                    settings.pace().jittered(poll)
                }
                Err(error) => {
                    let wait = settings.pace().back_off(
                        Duration::from_secs(1),
                        Duration::from_secs(30),
                        failures,
                    );
                    failures += 1;
                    tracing::warn!(%error, seconds = wait.as_secs_f64(), "the database cannot be used; trying again");
                    wait
                }
            };
            tokio::select! {
                () = self.stop.cancelled() => {}
                // A listener that is gone wakes nobody: polling remains.
                Ok(()) = self.woken.changed(), if failures == 0 => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Whether there is one worker more than `wanted`: this one then, which counts no more.
    fn is_surplus(&self, wanted: usize) -> bool {
        let fewer = |workers: usize| (workers > wanted).then(|| workers - 1);
        let (set, read) = (Ordering::Relaxed, Ordering::Relaxed);
        self.shared.workers.fetch_update(set, read, fewer).is_ok()
    }

    /// Works until nothing is due.
    async fn drain(mut self) -> Result<(), Closed> {
        while !self.stop.is_cancelled() && self.turn().await? {}
        Ok(())
    }

    /// Claims and does one task; says whether there was one.
    async fn turn(&mut self) -> Result<bool, Closed> {
        progress::beat();
        let tools = self.live.now();
        gate::pass(&mut self.session, &tools.api).await?;
        let kinds = Kind::ALL
            .iter()
            .cycle()
            .skip(self.first)
            .take(Kind::ALL.len());
        let lease = tools.settings.lease();
        for (step, kind) in kinds.enumerate() {
            let client = self.session.client().await?;
            if let Some(claim) = claim(
                client,
                *kind,
                tools.agent,
                tools.budget.application(),
                lease,
                &self.floors,
            )
            .await?
            {
                self.first = (self.first + step + 1) % Kind::ALL.len();
                let (since, span) = (claim.since, claim.span());
                tracing::debug!(parent: &span, lease = claim.lease, "claimed");
                let work = Work::new(&tools, &mut self.session, claim).run();
                let result = work.instrument(span.clone()).await;
                let (duration, _entered) = (since.elapsed(), span.entered());
                let seconds = duration.as_secs_f64();
                let word = match result {
                    Ok(()) => {
                        self.shared.done.fetch_add(1, Ordering::Relaxed);
                        tracing::debug!(seconds, "done");
                        "done"
                    }
                    // Waiting for a permit is no failure.
                    Err(Failure::Queue(_)) => "waiting",
                    Err(Failure::Held { .. }) => {
                        self.shared.held.fetch_add(1, Ordering::Relaxed);
                        "waiting"
                    }
                    Err(error) => {
                        match &error {
                            Failure::Foreign(_) => self.session.dismiss(),
                            Failure::Api(error) if error.concern.is_some() => {
                                self.shared.turns.failed(*kind);
                            }
                            _ => {}
                        }
                        self.shared.failed.fetch_add(1, Ordering::Relaxed);
                        tracing::warn!(seconds, %error, "task failed");
                        "failed"
                    }
                };
                metrics::task_ended(kind.word(), word, duration);
                return Ok(true);
            }
        }
        Ok(false)
    }
}
