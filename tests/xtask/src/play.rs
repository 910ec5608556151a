//! `cargo xtask play`: psql on a private PostgreSQL, with a local Chorus Pro and the agent beside it.

use std::net::TcpListener;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use crate::artefacts::{Artefacts, Purpose};
use crate::cluster::{Cluster, DATABASE};
use crate::demo::{Agent, Logs, say};
use crate::packages;
use crate::postgres::Postgres;
use crate::process::Child;
use crate::project::{Profile, Project};
use crate::simulator::{self, Simulator};

/// How long the agent may take to serve its page.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs psql; whatever was started is stopped when it ends.
pub fn run(project: &Project) -> Result<()> {
    packages::ensure()?;
    let postgres = Postgres::find()?;
    say("compiling the extension, the agent and the simulator (the first time takes minutes)");
    let artefacts = Artefacts::compile(project, &postgres, Profile::Dev, Purpose::Use)?;
    let folder = project.folder("play")?;

    say("starting a private PostgreSQL, a local Chorus Pro and the agent");
    let mut cluster = Cluster::for_now(project, &postgres, &artefacts.library, "session")?;
    cluster.make_database(&artefacts.agent)?;
    let logs = Logs::new(&folder);
    let simulator =
        Simulator::start(simulator::for_playing(&artefacts.simulator).stderr(logs.simulator()?))?;
    let agent = Agent::new(&artefacts.agent, &cluster, &simulator)?;
    let page = format!("127.0.0.1:{}", free_port()?);
    let mut running = Child::start(
        agent
            .command("run")
            .env("CHORUS_REGISTRATION_LISTEN", &page)
            .env("CHORUS_REGISTRATION_PUBLIC_URL", format!("http://{page}"))
            .stdout(logs.agent()?)
            .stderr(logs.agent()?),
        Signal::TERM,
    )?;
    wait_for_page(&mut cluster, &mut running).inspect_err(|_| logs.show_ends())?;

    let access = &simulator.access;
    say(&format!(
        "psql: supplier {}, account {} / {}; \\q or Ctrl-C ends everything",
        access.supplier_siret, access.login, access.password
    ));
    // A child like any other, but in our own process group: it reads from the terminal.
    let status = cluster
        .client("psql")
        .args(["--dbname", DATABASE])
        .stdin(Stdio::inherit())
        .status()
        .context("cannot start psql")?;
    if !status.success() {
        bail!("psql ended with {status}");
    }
    Ok(())
}

/// A port of the loopback interface that nobody listens on.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("cannot find a free port")?;
    Ok(listener.local_addr()?.port())
}

/// Links can be made once the agent has said where its page is.
fn wait_for_page(cluster: &mut Cluster, agent: &mut Child) -> Result<()> {
    const SERVED: &str =
        "SELECT count(*) FROM chorus.installation WHERE registration_url IS NOT NULL;";
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if cluster.script(DATABASE, SERVED, &[])? == "1" {
            return Ok(());
        }
        cluster.still_runs()?;
        agent.still_runs()?;
        thread::sleep(Duration::from_millis(100));
    }
    bail!(
        "the agent has not served its registration page within {} s",
        PATIENCE.as_secs()
    )
}
