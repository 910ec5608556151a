//! The fault harness for as long as one likes: `cargo xtask chaos` calls it with minutes and seed.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use chorus_tests::chaos::nemesis::Troubles;
use chorus_tests::chaos::scene::Kind;
use chorus_tests::chaos::{self, Plan, Until};

/// For 30 minutes: more than 1,000 kills of agents, more than 50 of PostgreSQL.
const TROUBLES: Troubles = Troubles {
    kill: Duration::from_millis(1350),
    freeze: Duration::from_secs(30),
    stop: Duration::from_secs(20),
    restart: Duration::from_secs(26),
    cut: Duration::from_secs(11),
    faults: Duration::from_secs(3),
    jump: Duration::from_secs(17),
    transaction: Duration::from_secs(15),
    full_disk: Duration::from_secs(40),
};

#[tokio::main]
async fn main() -> ExitCode {
    match storms().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("chorus-chaos: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Both kinds of run, one after the other, each for half of the time; whether nothing was violated.
async fn storms() -> Result<bool> {
    let mut arguments = env::args().skip(1);
    let (Some(minutes), Some(seed), Some(folder)) =
        (arguments.next(), arguments.next(), arguments.next())
    else {
        bail!("call it by `cargo xtask chaos --minutes N [--seed S]`");
    };
    let minutes: f64 = minutes.parse().context("the minutes are no number")?;
    let seed: u64 = seed.parse().context("the seed is no number")?;
    let folder = PathBuf::from(folder);
    let mut clean = true;
    for kind in [Kind::RuleOff, Kind::RuleOn] {
        let plan = Plan {
            seed,
            kind,
            until: Until::Elapsed(Duration::try_from_secs_f64(minutes * 60.0 / 2.0)?),
            troubles: TROUBLES,
            agents: 4,
            rate: 8.0,
            failpoints: None,
            patience: Duration::from_secs(300),
            folder: folder.clone(),
        };
        let Some(report) = chaos::run(&plan).await? else {
            bail!("no cluster: call it by `cargo xtask chaos`");
        };
        println!("{report}");
        clean &= report.violations.is_empty();
    }
    Ok(clean)
}
