//! What goes wrong, when, and for how long.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use chorus_simulator::{Fault, Handle, Operation};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use super::dice::Dice;
use super::fleet::Fleet;
use super::session::Session;
use super::stage::SERVER;
use super::tally::Tally;
use crate::database::Database;
use crate::server::Server;

/// What PISTE gives, in seconds.
const TOKEN_LIFETIME: u32 = 3600;

/// Troubles that could not come for longer than this do not come later.
const ARREARS: Duration = Duration::from_secs(5);

/// How often each kind of trouble comes; zero: never.
#[derive(Debug, Clone, Copy)]
pub struct Troubles {
    /// Between two kills of an agent.
    pub kill: Duration,
    /// Between two freezes of an agent.
    pub freeze: Duration,
    /// Between two stops by SIGTERM.
    pub stop: Duration,
    /// Between two restarts of PostgreSQL.
    pub restart: Duration,
    /// Between two cuts of all connections of all agents.
    pub cut: Duration,
    /// Between two changes of the faults of Chorus Pro.
    pub faults: Duration,
    /// Between two jumps of its clock.
    pub jump: Duration,
    /// Between two long transactions.
    pub transaction: Duration,
    /// Between two agents with a full disk.
    pub full_disk: Duration,
}

/// How long a freeze lasts: longer than the lease, and shorter than the agents wait before they send again.
#[derive(Debug, Clone, Copy)]
pub struct Freeze {
    /// At least.
    pub least: Duration,
    /// At most.
    pub most: Duration,
}

/// What the nemesis lays hands on.
pub struct Nemesis {
    pub(super) dice: Dice,
    pub(super) troubles: Troubles,
    pub(super) freeze: Freeze,
    pub(super) server: Option<Server>,
    pub(super) fleet: Fleet,
    pub(super) simulator: Arc<Handle>,
    pub(super) database: Arc<Database>,
    pub(super) tally: Arc<Tally>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Kill,
    Freeze,
    Stop,
    Restart,
    Cut,
    Faults,
    Jump,
    Transaction,
    FullDisk,
}

/// When each comes next.
struct Schedule(Vec<(Trouble, Duration, Instant)>);

impl Schedule {
    fn new(troubles: &Troubles, dice: &mut Dice) -> Self {
        let all = [
            (Trouble::Kill, troubles.kill),
            (Trouble::Freeze, troubles.freeze),
            (Trouble::Stop, troubles.stop),
            (Trouble::Restart, troubles.restart),
            (Trouble::Cut, troubles.cut),
            (Trouble::Faults, troubles.faults),
            (Trouble::Jump, troubles.jump),
            (Trouble::Transaction, troubles.transaction),
            (Trouble::FullDisk, troubles.full_disk),
        ];
        let wanted = all.into_iter().filter(|(_, mean)| !mean.is_zero());
        Self(
            wanted
                .map(|(trouble, mean)| (trouble, mean, Instant::now() + dice.around(mean)))
                .collect(),
        )
    }

    /// The one whose time has come; it comes again later.
    fn due(&mut self, dice: &mut Dice) -> Option<Trouble> {
        let now = Instant::now();
        let (trouble, mean, next) = self.0.iter_mut().find(|(_, _, next)| *next <= now)?;
        // What was missed meanwhile is made up for, but not all of it at once: a slow machine gets no storm of its own.
        let arrears = now.checked_sub(ARREARS).unwrap_or(now);
        *next = (*next).max(arrears) + dice.around(*mean);
        Some(*trouble)
    }
}

impl Nemesis {
    /// Makes trouble until told to stop; then everything is put right again.
    ///
    /// # Errors
    /// An agent ended by itself, or the server does not come back.
    pub async fn rage(&mut self, stop: watch::Receiver<bool>) -> Result<()> {
        let mut schedule = Schedule::new(&self.troubles, &mut self.dice);
        self.fleet.complete()?;
        while !*stop.borrow() {
            match schedule.due(&mut self.dice) {
                Some(trouble) => self.make(trouble).await?,
                None => sleep_until(Instant::now() + Duration::from_millis(20)).await,
            }
            let thawed = self.fleet.thaw(self.freeze.least, self.freeze.most).await?;
            self.tally.freezes.add(thawed);
            self.fleet.take_leave()?;
            self.fleet.complete()?;
        }
        self.simulator.clear_faults();
        self.simulator
            .configure(|settings| settings.token_ttl_s = TOKEN_LIFETIME);
        self.fleet.thaw(Duration::ZERO, self.freeze.most).await?;
        self.fleet.complete()
    }

    async fn make(&mut self, trouble: Trouble) -> Result<()> {
        let choice = self.dice.below(u64::from(u32::MAX));
        match trouble {
            Trouble::Kill => {
                if self.fleet.kill(choice).await? {
                    self.tally.kills.add(1);
                }
            }
            // One at a time: the others have to get on.
            Trouble::Freeze => {
                self.fleet.freeze(choice).await?;
            }
            Trouble::Stop => {
                if self.fleet.stop(choice).await? {
                    self.tally.stops.add(1);
                }
            }
            Trouble::Restart => {
                if let Some(server) = &mut self.server {
                    server.crash_and_start(&SERVER).await?;
                    self.tally.restarts.add(1);
                }
            }
            Trouble::Cut => self.cut().await,
            Trouble::Faults => self.strike()?,
            Trouble::Jump => {
                // Mostly minutes; now and then past the life of a token.
                let minutes = if self.dice.chance(10) {
                    61
                } else {
                    1 + self.dice.below(5)
                };
                self.simulator.advance(Duration::from_secs(60 * minutes));
                self.tally.jumps.add(1);
            }
            Trouble::Transaction => self.hold(),
            Trouble::FullDisk => {
                self.fleet.add_with_full_disk()?;
                self.tally.full_disks.add(1);
            }
        }
        Ok(())
    }

    async fn cut(&mut self) {
        const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name LIKE 'agent-%'";
        if let Ok(client) = self.database.connect().await
            && client.execute(CUT, &[]).await.is_ok()
        {
            self.tally.cuts.add(1);
        }
    }

    /// A transaction elsewhere keeps its snapshot, and an application keeps some invoices locked.
    fn hold(&mut self) {
        const SNAPSHOT: &str =
            "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM chorus.invoice";
        const LOCK: &str = "SELECT count(*) FROM (SELECT FROM chorus.invoice WHERE state IN ('ready', 'deposited', 'uncertain') LIMIT 5 FOR UPDATE SKIP LOCKED) i";
        let database = self.database.clone();
        let (snapshot, lock) = (
            self.dice.around(Duration::from_secs(10)),
            self.dice.around(Duration::from_secs(2)),
        );
        self.tally.transactions.add(1);
        tokio::spawn(async move {
            let mut reader = Session::new(&database, "none");
            let mut writer = Session::new(&database, "none");
            // Should the server go away meanwhile, the transactions have ended.
            if let Ok(client) = reader.client().await {
                let _held = client.batch_execute(SNAPSHOT).await;
            }
            if let Ok(client) = writer.client().await {
                let _held = client.batch_execute(&format!("BEGIN; {LOCK}")).await;
            }
            sleep(lock).await;
            drop(writer);
            sleep(snapshot.saturating_sub(lock)).await;
        });
    }

    /// Other faults than before; now and then none.
    fn strike(&mut self) -> Result<()> {
        let count = self.dice.below(4);
        let mut faults = Vec::new();
        for _ in 0..count {
            let (name, fault) = any(&mut self.dice);
            self.tally.fault(name);
            faults.push(fault);
        }
        let lifetime = match self.dice.below(6) {
            0 => 5,
            1 => 90,
            _ => TOKEN_LIFETIME,
        };
        if lifetime < TOKEN_LIFETIME {
            self.tally.fault("tokens that expire soon");
        }
        self.simulator
            .configure(|settings| settings.token_ttl_s = lifetime);
        self.simulator.set_faults(faults)
    }
}

/// One of all kinds of faults, on one operation or on all.
fn any(dice: &mut Dice) -> (&'static str, Fault) {
    const GARBLED: &str = "{\"codeRetour\": 0, \"numeroFluxDepot\": ";
    let body = |fault: Fault, body: &str| Fault {
        body: body.to_owned(),
        content_type: Some("application/json".into()),
        ..fault
    };
    let long = 500 + dice.below(2500);
    let (name, fault, most) = match dice.below(17) {
        0 => ("closed before processing", Fault::refuse(), 20),
        1 => ("closed after processing", Fault::drop_after(), 20),
        2 => ("hangs before processing", Fault::hang(), 2),
        3 => ("hangs after processing", Fault::hang_after(), 2),
        4 => (
            "late by milliseconds",
            Fault::latency_ms(10 + dice.below(100)),
            200,
        ),
        5 => (
            "late by seconds, processed all the same",
            Fault::latency_ms(long),
            4,
        ),
        6 => ("401", Fault::status(401), 3),
        7 => ("403 with an empty body", Fault::status(403), 5),
        8 => ("429", Fault::status(429), 5),
        9 => (
            "429 with Retry-After",
            Fault::status(429).retry_after_s(1),
            2,
        ),
        10 => ("500", Fault::status(500), 10),
        11 => ("502 though processed", Fault::html(502).but_processed(), 10),
        12 => ("503 in HTML", Fault::html(503), 10),
        13 => (
            "504 though processed",
            Fault::status(504).but_processed(),
            10,
        ),
        14 => (
            "200 in HTML though processed",
            Fault::html(200).but_processed(),
            10,
        ),
        15 => (
            "200 cut short though processed",
            body(Fault::status(200).but_processed(), GARBLED),
            10,
        ),
        _ => ("400", Fault::status(400), 3),
    };
    let chance = dice.pick(&[0.05, 0.2, 0.5, 1.0]).copied().unwrap_or(1.0);
    let fault = fault.times(1 + dice.below(most)).with_probability(chance);
    let operation = match dice.below(10) {
        0..4 => Some(Operation::DeposerFlux),
        4..8 => dice.pick(Operation::ALL).copied(),
        _ => None,
    };
    match operation {
        Some(operation) => (name, fault.on(operation)),
        None => (name, fault),
    }
}
