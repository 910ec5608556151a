//! The fault harness: applications that insert, a nemesis that breaks whatever it can, and an auditor who compares what
//! Chorus Pro has received with what the tables say.
//!
//! [`run`] sets the stage, lets the storm rage, waits until the queue has drained and gives a [`Report`]. All chance comes
//! from one seed. The agents keep to their real rules at a pace of [`TIME_SCALE`]: what takes hours passes in seconds. Leases
//! and time limits of calls are not scaled, so they are set as short as the agent takes them.
//!
//! | module | who |
//! |---|---|
//! | [`scene`] | suppliers, buyers and their habits, the two kinds of run |
//! | [`applications`], [`people`] | who inserts, and who decides what agents cannot |
//! | [`nemesis`] | what goes wrong, and when |
//! | [`fleet`] | the agents that it happens to |
//! | [`auditor`] | I1 to I8 |

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use chorus_simulator::{Handle, Simulator};
use tokio::sync::watch;
use tokio::time::sleep;

pub mod applications;
pub mod auditor;
pub mod dice;
pub mod fleet;
pub mod nemesis;
pub mod people;
pub mod scene;
pub mod session;
pub mod stage;
pub mod tally;

use applications::{Acknowledged, Applications};
use auditor::{Rest, There, Violation};
use dice::Dice;
use nemesis::{Nemesis, Troubles};
use people::People;
use scene::Kind;
use stage::Stage;
use tally::Tally;

pub use stage::TIME_SCALE;

/// When a storm is over.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    /// So many agents were killed, and so many invoices inserted, however long that takes.
    Counts {
        /// Agents killed.
        kills: u64,
        /// Invoices inserted.
        invoices: u64,
    },
    /// So much time has passed.
    Elapsed(Duration),
}

/// A run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// All chance comes from it.
    pub seed: u64,
    /// What the simulator does about a number that it has already.
    pub kind: Kind,
    /// When the storm is over.
    pub until: Until,
    /// What goes wrong, and how often.
    pub troubles: Troubles,
    /// Agents at once.
    pub agents: usize,
    /// Invoices per second.
    pub rate: f64,
    /// A failpoint of the agents: a planted defect.
    pub failpoints: Option<String>,
    /// The queue has not drained when nothing has moved for so long.
    pub patience: Duration,
    /// Where logs are kept.
    pub folder: PathBuf,
}

/// What came of a run.
#[derive(Debug)]
pub struct Report {
    /// The plan's.
    pub seed: u64,
    /// The plan's.
    pub kind: Kind,
    /// What was done.
    pub tally: Arc<Tally>,
    /// Requests that met a fault.
    pub struck: u64,
    /// Rows of `chorus.deposit`.
    pub deposits: i64,
    /// Rows of `chorus.status_event`.
    pub events: i64,
    /// Invoices that Chorus Pro has integrated.
    pub integrated: usize,
    /// How long the storm was.
    pub storm: Duration,
    /// How long everything took.
    pub duration: Duration,
    /// What should not be.
    pub violations: Vec<Violation>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}: {}", self.seed, self.kind.words())?;
        write!(f, "{}", self.tally)?;
        for (name, count) in [
            ("requests that met a fault", self.struck),
            ("deposits", self.deposits.unsigned_abs()),
            ("invoices integrated", self.integrated as u64),
            ("events", self.events.unsigned_abs()),
            ("seconds of storm", self.storm.as_secs()),
            ("seconds in all", self.duration.as_secs()),
            ("VIOLATIONS", self.violations.len() as u64),
        ] {
            writeln!(f, "  {name:<40} {count:>8}")?;
        }
        // A defect shows in many places; the first ones tell.
        for violation in self.violations.iter().take(40) {
            writeln!(f, "  {violation}")?;
        }
        Ok(())
    }
}

/// Runs `plan`. `None`, and loud, without a cluster.
///
/// # Errors
/// Something outside of what is tested fails: the server does not come back, an agent ends by itself.
pub async fn run(plan: &Plan) -> Result<Option<Report>> {
    let start = Instant::now();
    let Some(mut stage) = Stage::set(plan).await? else {
        return Ok(None);
    };
    let dice = Dice::new(plan.seed);
    let tally = Arc::new(Tally::default());
    let applications = Applications::new(&stage.database, &stage.simulator, &tally, &dice)?;
    let acknowledged = applications.acknowledged();
    let people = People::new(&stage.database, &stage.simulator, &tally, &dice);
    let mut nemesis = Nemesis {
        dice: dice.of_their_own("nemesis"),
        troubles: plan.troubles,
        freeze: stage::FREEZE,
        server: stage.server.take(),
        fleet: stage.fleet(plan)?,
        simulator: stage.simulator.clone(),
        database: stage.database.clone(),
        tally: tally.clone(),
    };

    let (storm_over, storm) = watch::channel(false);
    let (all_over, all) = watch::channel(false);
    let inserting = tokio::spawn(applications.work(plan.rate, stage::BACKLOG, storm.clone()));
    let deciding = tokio::spawn(people.work(all));
    let until = plan.until;
    let counted = tally.clone();
    tokio::spawn(async move {
        while !is_over(until, start, &counted) {
            sleep(Duration::from_millis(50)).await;
        }
        // Whoever rages may have failed meanwhile, and hears nothing any more.
        let _heard = storm_over.send(true);
    });
    nemesis.rage(storm).await?;
    inserting.await.context("the applications broke down")??;
    let raged = start.elapsed();

    let rest = drain(&stage, &acknowledged, plan.patience).await?;
    all_over.send_replace(true);
    deciding.await.context("the people broke down")??;
    let Nemesis { server, fleet, .. } = nemesis;
    let mut canary = fleet.disband().await?;
    if let Some(server) = &server {
        canary.look_at("the server's log", &server.said()?);
    }
    let client = stage.database.connect().await?;
    canary.look_into(&client).await?;
    let there = there(&stage.simulator);
    let mut violations = auditor::compare(&client, &there).await?;
    violations.extend(canary.found().iter().cloned());
    violations.extend(rest.violations());
    violations.sort_by_key(|violation| violation.invariant);
    let row = client
        .query_one(
            "SELECT (SELECT count(*) FROM chorus.deposit), (SELECT count(*) FROM chorus.status_event)",
            &[],
        )
        .await?;
    let report = Report {
        seed: plan.seed,
        kind: plan.kind,
        tally,
        struck: there
            .ledger
            .operations
            .values()
            .map(|count| count.faulted)
            .sum(),
        deposits: row.get(0),
        events: row.get(1),
        integrated: there.invoices.len(),
        storm: raged,
        duration: start.elapsed(),
        violations,
    };
    Ok(Some(report))
}

fn is_over(until: Until, start: Instant, tally: &Tally) -> bool {
    match until {
        Until::Counts { kills, invoices } => {
            tally.kills.get() >= kills && tally.invoices.get() >= invoices
        }
        Until::Elapsed(limit) => start.elapsed() >= limit,
    }
}

/// So many times its patience a queue may go on moving before it has to be empty.
const ROUNDS: u32 = 6;

/// Waits until everything is at rest, or nothing has moved for `patience`.
async fn drain(stage: &Stage, acknowledged: &Acknowledged, patience: Duration) -> Result<Rest> {
    let client = stage.database.connect().await?;
    let acknowledged = acknowledged
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let start = Instant::now();
    let (mut mark, mut moved) = (String::new(), start);
    loop {
        let rest = auditor::at_rest(&client, &there(&stage.simulator), &acknowledged).await?;
        // What moves in a circle does not drain either.
        let in_vain = moved.elapsed() > patience || start.elapsed() > ROUNDS * patience;
        if rest.left.is_empty() || in_vain {
            return Ok(rest);
        }
        if rest.mark != mark {
            (mark, moved) = (rest.mark, Instant::now());
        }
        sleep(Duration::from_millis(500)).await;
    }
}

fn there(simulator: &Handle) -> There {
    There {
        ledger: simulator.ledger(),
        invoices: simulator.invoices(),
    }
}

/// A simulator for `plan`.
async fn simulator(plan: &Plan) -> Result<Handle> {
    Simulator::start(scene::config(plan.kind, stage::SLOW_INTEGRATION, plan.seed)).await
}
