//! The private cluster: a PostgreSQL of our own, reachable through a socket in a temporary folder.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use crate::account::Account;
use crate::artefacts::{self, below};
use crate::at_end::AtEnd;
use crate::place::{Place, Record};
use crate::postgres::Postgres;
use crate::process::{self, Child};
use crate::project::Project;
use crate::server_tree;

/// The port of the socket. Each cluster has a socket folder of its own, so they never meet.
const PORT: u16 = 5432;

/// Name of the cluster that people start and stop.
const TO_STAY: &str = "play";

/// How long the server may take to start or stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// The superuser, trusted on the socket, whose folder only the server's account and root can enter.
pub const SUPERUSER: &str = "postgres";

/// The database made for playing, and the one of the demonstration.
pub const DATABASE: &str = "chorus";

/// A running private cluster.
pub struct Cluster {
    /// Where it lives.
    pub place: Place,
    postgres: Postgres,
    // Dropped in this order: first the server, then its folders, then the claim to the name.
    server: Option<Child>,
    _folders: Option<AtEnd>,
    _record: Option<Record>,
}

impl Cluster {
    /// Starts a fresh cluster that ends with this process and leaves nothing.
    pub fn for_now(
        project: &Project,
        postgres: &Postgres,
        library: &Path,
        name: &str,
    ) -> Result<Self> {
        let record = Record::lock(project, name)?;
        let account = Account::for_caller()?;
        if let Some(left) = record.read()? {
            // Whoever made it was killed outright.
            if is_running(postgres, account, &left) {
                process::run(pg_ctl(postgres, account, &left, "stop").arg("--mode=immediate"))?;
            }
            left.remove(true);
        }
        let place = Place::make(project, account, name, PORT)?;
        record.write(&place)?;
        let folders = AtEnd::run({
            let place = place.clone();
            move || place.remove(true)
        });
        set_up(project, postgres, account, &place, library, false)?;
        let log = File::create(place.log()).context("cannot write the server's log")?;
        let mut command = account.command(program(postgres, &place, "postgres"), "INT");
        command
            .arg("-D")
            .arg(place.data())
            .stdout(log.try_clone()?)
            .stderr(log);
        let mut server = Child::start(&mut command, Signal::INT)?;
        wait_until_ready(postgres, &place, &mut server)?;
        Ok(Self {
            place,
            postgres: postgres.clone(),
            server: Some(server),
            _folders: Some(folders),
            _record: Some(record),
        })
    }

    /// Starts the cluster that stays until `stop`, or finds it running. The extension's files are renewed either way.
    pub fn to_stay(
        project: &Project,
        postgres: &Postgres,
        library: &Path,
        tcp: Option<u16>,
    ) -> Result<Self> {
        let record = Record::lock(project, TO_STAY)?;
        let account = Account::for_caller()?;
        let place = match record.read()? {
            Some(place) if is_running(postgres, account, &place) => {
                artefacts::install(project, postgres, library, &place.server())?;
                if tcp.is_some_and(|port| port != place.port) {
                    bail!(
                        "the cluster runs already, without that port: `cargo xtask cluster stop` first"
                    );
                }
                place
            }
            left => {
                if let Some(left) = left {
                    left.remove(false);
                }
                let place = Place::make(project, account, TO_STAY, tcp.unwrap_or(PORT))?;
                record.write(&place)?;
                set_up(project, postgres, account, &place, library, tcp.is_some())?;
                process::run(
                    pg_ctl(postgres, account, &place, "start")
                        .arg("--log")
                        .arg(place.log()),
                )
                .with_context(|| {
                    format!("the server did not start; it says:\n{}", end_of_log(&place))
                })?;
                place
            }
        };
        Ok(Self {
            place,
            postgres: postgres.clone(),
            server: None,
            _folders: None,
            _record: Some(record),
        })
    }

    /// The cluster that stays, if it is running.
    pub fn running(project: &Project, postgres: &Postgres) -> Result<Option<Self>> {
        let record = Record::lock(project, TO_STAY)?;
        let account = Account::for_caller()?;
        let running = record
            .read()?
            .filter(|place| is_running(postgres, account, place));
        Ok(running.map(|place| Self {
            place,
            postgres: postgres.clone(),
            server: None,
            _folders: None,
            _record: Some(record),
        }))
    }

    /// Stops the cluster that stays, and says what became of its data. A temporary one is removed.
    pub fn stop(project: &Project, postgres: &Postgres) -> Result<String> {
        let record = Record::lock(project, TO_STAY)?;
        let account = Account::for_caller()?;
        let Some(place) = record.read()? else {
            return Ok("the cluster is not running".to_owned());
        };
        if is_running(postgres, account, &place) {
            process::run(pg_ctl(postgres, account, &place, "stop").arg("--mode=fast"))?;
        }
        place.remove(false);
        record.clear()?;
        Ok(match place.temporary {
            true => "stopped and removed".to_owned(),
            false => format!("stopped; the data stay in {}", place.data().display()),
        })
    }

    /// A call of a client program, set up to reach this cluster.
    pub fn client(&self, program: &str) -> Command {
        let mut command = process::command(self.postgres.bin.join(program));
        self.reach(&mut command);
        command
    }

    /// Puts the way to this cluster into the command's environment.
    pub fn reach(&self, command: &mut Command) {
        command
            .env("PGHOST", &self.place.socket)
            .env("PGPORT", self.place.port.to_string())
            .env("PGUSER", SUPERUSER)
            .env("PGCLIENTENCODING", "UTF8");
    }

    /// An error, with the end of the log, if the server has ended by itself.
    pub fn still_runs(&mut self) -> Result<()> {
        match &mut self.server {
            Some(server) => server.still_runs().with_context(|| end_of_log(&self.place)),
            None => Ok(()),
        }
    }
}

/// Copies the server, installs the extension, and makes the data directory if there is none.
fn set_up(
    project: &Project,
    postgres: &Postgres,
    account: Account,
    place: &Place,
    library: &Path,
    tcp: bool,
) -> Result<()> {
    server_tree::copy(postgres, &place.server())?;
    artefacts::install(project, postgres, library, &place.server())?;
    account.own_folder(&place.own())?;
    if !place.data().join("PG_VERSION").exists() {
        let mut initdb = account.command(program(postgres, place, "initdb"), "TERM");
        initdb
            .arg("--pgdata")
            .arg(place.data())
            .args([
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "--auth-local=trust",
            ])
            .args([
                "--auth-host=scram-sha-256",
                &format!("--username={SUPERUSER}"),
            ]);
        process::output(&mut initdb)?;
        let mut configuration = File::options()
            .append(true)
            .open(place.data().join("postgresql.conf"))?;
        configuration.write_all(b"include_if_exists 'private.conf'\n")?;
    }
    let settings = settings(place, tcp);
    fs::write(place.data().join("private.conf"), settings)
        .context("cannot write the server's settings")
}

/// Durable as any server (tests pull plugs), small, and silent about nothing.
fn settings(place: &Place, tcp: bool) -> String {
    format!(
        "listen_addresses = '{addresses}'\n\
         port = {port}\n\
         unix_socket_directories = '{socket}'\n\
         unix_socket_permissions = 0700\n\
         max_connections = 400\n\
         shared_buffers = 128MB\n\
         jit = off\n\
         timezone = 'UTC'\n\
         log_timezone = 'UTC'\n\
         log_line_prefix = '%m [%p] %d '\n",
        addresses = if tcp { "127.0.0.1" } else { "" },
        port = place.port,
        socket = place.socket.display().to_string().replace('\'', "''"),
    )
}

fn program(postgres: &Postgres, place: &Place, name: &str) -> std::path::PathBuf {
    below(&place.server(), &postgres.bin).join(name)
}

fn pg_ctl(postgres: &Postgres, account: Account, place: &Place, action: &str) -> Command {
    let mut command = account.command(program(postgres, place, "pg_ctl"), "TERM");
    command
        .args([action, "--wait", "--silent"])
        .arg(format!("--timeout={}", PATIENCE.as_secs()))
        .arg("--pgdata")
        .arg(place.data());
    command
}

fn is_running(postgres: &Postgres, account: Account, place: &Place) -> bool {
    let mut status = account.command(program(postgres, place, "pg_ctl"), "TERM");
    process::succeeds(status.arg("status").arg("--pgdata").arg(place.data()))
}

fn wait_until_ready(postgres: &Postgres, place: &Place, server: &mut Child) -> Result<()> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        let mut ready = process::command(postgres.bin.join("pg_isready"));
        ready
            .args(["--quiet", "--dbname=postgres", "--host"])
            .arg(&place.socket);
        if process::succeeds(ready.arg(format!("--port={}", place.port))) {
            return Ok(());
        }
        server.still_runs().with_context(|| end_of_log(place))?;
        thread::sleep(Duration::from_millis(50));
    }
    bail!(
        "the server did not start within {} s; it says:\n{}",
        PATIENCE.as_secs(),
        end_of_log(place)
    )
}

fn end_of_log(place: &Place) -> String {
    let log = fs::read_to_string(place.log()).unwrap_or_default();
    let lines: Vec<_> = log.lines().collect();
    lines
        .iter()
        .skip(lines.len().saturating_sub(20))
        .fold(String::new(), |text, line| text + line + "\n")
}
