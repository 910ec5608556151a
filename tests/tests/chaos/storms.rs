//! Storms with all kinds of faults. They end when enough has happened, however slow the machine is.

use std::env;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Result, ensure};
use chorus_tests::chaos::nemesis::Troubles;
use chorus_tests::chaos::scene::Kind;
use chorus_tests::chaos::{self, Plan, Until};

/// Both storms together kill at least twice as many.
const KILLS: u64 = 55;

const INVOICES: u64 = 250;

/// The seed that `CHAOS_SEED` gives, else another one each time. It is printed with what came of it.
fn seed() -> u64 {
    let given = env::var("CHAOS_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        now.map_or(1, |now| now.as_secs())
    })
}

async fn storm(kind: Kind) -> Result<()> {
    let plan = Plan {
        seed: seed(),
        kind,
        until: Until::Counts {
            kills: KILLS,
            invoices: INVOICES,
        },
        troubles: Troubles {
            kill: Duration::from_millis(800),
            freeze: Duration::from_secs(15),
            stop: Duration::from_secs(10),
            restart: Duration::from_secs(12),
            cut: Duration::from_secs(7),
            faults: Duration::from_secs(2),
            jump: Duration::from_secs(5),
            transaction: Duration::from_secs(10),
            full_disk: Duration::from_secs(15),
        },
        agents: 3,
        rate: 6.0,
        failpoints: None,
        patience: Duration::from_secs(180),
        folder: Path::new(env!("CARGO_TARGET_TMPDIR")).to_owned(),
    };
    let Some(report) = chaos::run(&plan).await? else {
        return Ok(());
    };
    println!("{report}");
    ensure!(report.violations.is_empty(), "{report}");
    ensure!(
        report.tally.kills.get() >= KILLS && report.tally.restarts.get() > 0,
        "{report}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_duplicate_rule_nothing_is_sent_twice_and_nothing_is_lost() -> Result<()> {
    storm(Kind::RuleOff).await
}

#[tokio::test(flavor = "multi_thread")]
async fn under_the_duplicate_rule_second_sendings_are_recognised_as_our_own() -> Result<()> {
    storm(Kind::RuleOn).await
}
