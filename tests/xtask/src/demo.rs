//! `cargo xtask demo`: a real invoice from INSERT to payment, everything on this machine.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::artefacts::{Artefacts, Purpose};
use crate::cluster::{Cluster, DATABASE};
use crate::packages;
use crate::postgres::Postgres;
use crate::process::{self, Child};
use crate::project::{Profile, Project};
use crate::simulator::{self, Simulator};

/// An invoice that a public buyer can pay.
pub const FIXTURE: &str = "tests/fixtures/b2g.json";

/// The status that ends the demonstration.
const LAST: &str = "MISE_EN_PAIEMENT";

/// How long the invoice may take to get there.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs everything; whatever was started is stopped on return.
pub fn run(project: &Project) -> Result<()> {
    packages::ensure()?;
    let postgres = Postgres::find()?;
    say("compiling the extension, the agent and the simulator (the first time takes minutes)");
    let artefacts = Artefacts::compile(project, &postgres, Profile::Dev, Purpose::Use)?;
    let folder = project.folder("demo")?;

    say("starting a private PostgreSQL, with extension and tables");
    let mut cluster = Cluster::for_now(project, &postgres, &artefacts.library, "demo")?;
    cluster.make_database(&artefacts.agent)?;

    say("starting a local Chorus Pro and the agent, and registering the supplier");
    let logs = Logs::new(&folder);
    let mut simulator =
        Simulator::start(simulator::for_watching(&artefacts.simulator).stderr(logs.simulator()?))?;
    let agent = Agent::new(&artefacts.agent, &cluster, &simulator)?;
    agent.add_supplier(&simulator)?;
    let mut running = Child::start(
        agent
            .command("run")
            .stdout(logs.agent()?)
            .stderr(logs.agent()?),
        Signal::TERM,
    )?;

    let statuses = show_invoice(project, &cluster, &folder)
        .and_then(|invoice| follow(&mut cluster, &mut simulator, &mut running, &invoice));
    statuses.inspect_err(|_| logs.show_ends())
}

/// Inserts the fixture as an application would, and prints what became of it. Gives the invoice's id.
fn show_invoice(project: &Project, cluster: &Cluster, folder: &Path) -> Result<String> {
    let fixture = project.file(FIXTURE);
    let document = fs::read_to_string(&fixture)
        .with_context(|| format!("cannot read {}", fixture.display()))?;
    say("psql: INSERT INTO chorus.invoice (doc) VALUES (…)");
    let insert = "INSERT INTO chorus.invoice (doc) VALUES (:'doc'::jsonb) RETURNING id;";
    let invoice = cluster.script(DATABASE, insert, &[("doc", &document)])?;
    cluster.psql(
        DATABASE,
        &format!(
            "\\pset expanded on\n\
             SELECT id, number, type, framework, issue_date, total_without_tax, total_tax, total_with_tax, amount_due,\n\
                    currency, issuer, buyer_identifier, buyer_name, service_code, state\n\
             FROM chorus.invoice WHERE id = '{invoice}';\n\
             \\pset expanded off\n\\pset title Findings\n\
             SELECT rule, severity, path, message_en FROM chorus.finding WHERE invoice_id = '{invoice}';"
        ),
    )?;
    let render =
        format!("SELECT chorus.render_cii(doc)::text FROM chorus.invoice WHERE id = '{invoice}';");
    let cii = cluster.script(DATABASE, &render, &[])?;
    let file = folder.join("invoice.xml");
    fs::write(&file, &cii).with_context(|| format!("cannot write {}", file.display()))?;
    say(&format!("its UN/CEFACT CII, also in {}", file.display()));
    println!("{cii}");
    Ok(invoice)
}

/// Prints each state and each status as it arrives.
fn follow(
    cluster: &mut Cluster,
    simulator: &mut Simulator,
    agent: &mut Child,
    invoice: &str,
) -> Result<()> {
    say("its states here, and its statuses at Chorus Pro");
    let start = Instant::now();
    let (mut last_state, mut seen) = (String::new(), 0_usize);
    while start.elapsed() < PATIENCE {
        let elapsed = start.elapsed().as_secs_f64();
        let events = format!(
            "SELECT concat_ws('  ', code, label, comment) FROM chorus.status_event
             WHERE invoice_id = '{invoice}' ORDER BY occurred_at, histo_statut_id OFFSET {seen};"
        );
        let events = cluster.script(DATABASE, &events, &[])?;
        for event in events.lines() {
            println!("{elapsed:>6.1} s  status  {event}");
            seen += 1;
        }
        let state = format!(
            "SELECT concat_ws(': ', state, state_reason) FROM chorus.invoice WHERE id = '{invoice}';"
        );
        let state = cluster.script(DATABASE, &state, &[])?;
        if state != last_state {
            println!("{elapsed:>6.1} s  state   {state}");
            last_state = state;
        }
        if events.lines().any(|event| event.starts_with(LAST)) {
            say("done: the invoice is on its way to be paid");
            return Ok(());
        }
        cluster.still_runs()?;
        simulator.child.still_runs()?;
        agent.still_runs()?;
        thread::sleep(Duration::from_millis(200));
    }
    cluster.psql(
        DATABASE,
        "TABLE chorus.task; SELECT rule, severity, message_en FROM chorus.finding;",
    )?;
    bail!(
        "the invoice has not come to {LAST} within {} s",
        PATIENCE.as_secs()
    )
}

/// The agent's program with its configuration.
pub struct Agent {
    program: PathBuf,
    environment: Vec<(&'static str, String)>,
    _key: TempDir,
}

impl Agent {
    /// The agent of `cluster` and `simulator`, with a key of its own.
    pub fn new(program: &Path, cluster: &Cluster, simulator: &Simulator) -> Result<Self> {
        let folder = TempDir::new().context("cannot make a folder for the agent's key")?;
        let key = folder.path().join("agent.key");
        process::output(
            process::command(program)
                .args(["keygen", "--private-key"])
                .arg(&key),
        )?;
        let access = &simulator.access;
        Ok(Self {
            program: program.to_owned(),
            environment: vec![
                ("CHORUS_DATABASE_URL", cluster.url(DATABASE)),
                ("CHORUS_PISTE_API_URL", access.url.clone()),
                ("CHORUS_PISTE_CLIENT_ID", access.client_id.clone()),
                ("CHORUS_PISTE_CLIENT_SECRET", access.client_secret.clone()),
                (
                    "CHORUS_CREDENTIALS_PRIVATE_KEY_FILE",
                    key.display().to_string(),
                ),
                // Chorus Pro is asked once an hour and reports are read after a minute; here somebody is watching.
                ("CHORUS_AGENT_TIME_SCALE", "0.02".to_owned()),
                ("CHORUS_AGENT_FOLLOW_INTERVAL_SECONDS", "50".to_owned()),
                ("CHORUS_AGENT_POLL_INTERVAL_SECONDS", "25".to_owned()),
                ("CHORUS_AGENT_REQUESTS_PER_SECOND", "50".to_owned()),
            ],
            _key: folder,
        })
    }

    /// A call of the agent.
    pub fn command(&self, subcommand: &str) -> Command {
        let mut command = process::command(&self.program);
        command
            .arg(subcommand)
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    fn add_supplier(&self, simulator: &Simulator) -> Result<()> {
        let access = &simulator.access;
        let mut command = self.command("supplier");
        command.args([
            "add",
            "--siret",
            &access.supplier_siret,
            "--login",
            &access.login,
        ]);
        process::run_with_input(&mut command, &access.password)
    }
}

/// What the two programs in the background say.
pub struct Logs {
    agent: PathBuf,
    simulator: PathBuf,
}

impl Logs {
    /// Where they are written.
    pub fn new(folder: &Path) -> Self {
        Self {
            agent: folder.join("agent.log"),
            simulator: folder.join("simulator.log"),
        }
    }

    /// The agent's; several calls of it write there.
    pub fn agent(&self) -> Result<File> {
        File::options()
            .create(true)
            .append(true)
            .open(&self.agent)
            .with_context(|| format!("cannot write {}", self.agent.display()))
    }

    /// The simulator's, begun anew.
    pub fn simulator(&self) -> Result<File> {
        File::create(&self.simulator)
            .with_context(|| format!("cannot write {}", self.simulator.display()))
    }

    /// Prints how both end.
    pub fn show_ends(&self) {
        for log in [&self.agent, &self.simulator] {
            let text = fs::read_to_string(log).unwrap_or_default();
            let lines: Vec<_> = text.lines().collect();
            eprintln!("\nthe end of {}:", log.display());
            for line in lines.iter().skip(lines.len().saturating_sub(30)) {
                eprintln!("{line}");
            }
        }
    }
}

/// A heading.
pub fn say(what: &str) {
    println!("\n== {what}");
}
