//! The auditor must be able to see what it looks for: for each invariant a defect is planted that breaks it.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use chorus_agent::failpoint::Defect;
use chorus_tests::chaos::auditor::Invariant;
use chorus_tests::chaos::nemesis::Troubles;
use chorus_tests::chaos::scene::Kind;
use chorus_tests::chaos::{self, Plan, Until};

/// No troubles but those of Chorus Pro: answers get lost, and the rest is quiet.
const FAULTS_ALONE: Troubles = Troubles {
    kill: Duration::ZERO,
    freeze: Duration::ZERO,
    stop: Duration::ZERO,
    restart: Duration::ZERO,
    cut: Duration::ZERO,
    faults: Duration::from_millis(500),
    jump: Duration::ZERO,
    transaction: Duration::ZERO,
    full_disk: Duration::ZERO,
};

fn plan(failpoints: Option<String>) -> Plan {
    Plan {
        seed: 7,
        kind: Kind::RuleOff,
        until: Until::Counts {
            kills: 0,
            invoices: 40,
        },
        troubles: FAULTS_ALONE,
        agents: 2,
        rate: 5.0,
        failpoints,
        // What never moves again is what is looked for.
        patience: Duration::from_secs(20),
        folder: Path::new(env!("CARGO_TARGET_TMPDIR")).to_owned(),
    }
}

/// Storms that a defect may have to pass by unseen: whether it is met at all depends on which answers get lost, and on when.
const STORMS: u64 = 4;

async fn shows(defect: Defect, broken: Invariant) -> Result<()> {
    let failpoints = format!("{}=return", defect.name());
    let mut last = String::new();
    for storm in 0..STORMS {
        let plan = Plan {
            seed: 7 + storm,
            ..plan(Some(failpoints.clone()))
        };
        let Some(report) = chaos::run(&plan).await? else {
            return Ok(());
        };
        let mut violations = report.violations.iter();
        if violations.any(|violation| violation.invariant == broken) {
            return Ok(());
        }
        last = report.to_string();
    }
    bail!("{defect:?} did not break {broken:?} in {STORMS} storms, the last of them:\n{last}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blind_second_sending_shows() -> Result<()> {
    shows(Defect::BlindResend, Invariant::I1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_that_never_was_shows() -> Result<()> {
    shows(Defect::InventedFlux, Invariant::I2).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_that_is_forgotten_shows() -> Result<()> {
    shows(Defect::ForgottenFlux, Invariant::I3).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_is_stored_twice_shows() -> Result<()> {
    shows(Defect::DoubleEvent, Invariant::I4).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_is_taken_from_the_living_shows() -> Result<()> {
    shows(Defect::LiveLease, Invariant::I5).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_in_the_log_shows() -> Result<()> {
    shows(Defect::LoggedSecret, Invariant::I6).await
}

#[tokio::test(flavor = "multi_thread")]
async fn another_amount_in_the_file_shows() -> Result<()> {
    shows(Defect::OtherAmount, Invariant::I7).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_gets_lost_shows() -> Result<()> {
    shows(Defect::LostTask, Invariant::I8).await
}

/// What the others see is the defects, not the troubles.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_defect_nothing_shows() -> Result<()> {
    let patient = Plan {
        patience: Duration::from_secs(180),
        ..plan(None)
    };
    let Some(report) = chaos::run(&patient).await? else {
        return Ok(());
    };
    ensure!(report.violations.is_empty(), "{report}");
    Ok(())
}
