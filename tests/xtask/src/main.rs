//! `cargo xtask`: builds, tries, tests, measures and packages pg_chorus.

mod account;
mod artefacts;
mod at_end;
mod bench;
mod chaos;
mod cluster;
mod database;
mod demo;
mod oracle;
mod package;
mod packages;
mod place;
mod play;
mod postgres;
mod process;
mod project;
mod regress;
mod server_tree;
mod simulator;
mod suite;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};

use crate::artefacts::{Artefacts, Purpose};
use crate::cluster::{Cluster, DATABASE, SUPERUSER};
use crate::postgres::Postgres;
use crate::project::{Profile, Project};

/// Builds, tries, tests, measures and packages pg_chorus.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds everything and shows an invoice from INSERT to payment, with a local Chorus Pro
    Demo,
    /// psql on a private PostgreSQL, with a local Chorus Pro whose buyer asks questions, and the agent
    Play,
    /// Everything CI runs: format, lints, unit, property, regression, end-to-end and conformance tests
    Test,
    /// The private cluster for playing
    #[command(subcommand)]
    Cluster(ClusterTask),
    /// The local Chorus Pro alone
    Simulator {
        /// Loopback port to listen on; 0 takes a free one
        #[arg(long)]
        port: u16,
    },
    /// Measures the SQL functions against doc::text, and the queue and the agent
    Bench {
        /// Only that part
        #[arg(long)]
        only: Option<bench::Part>,
        /// How long another session holds its snapshot while claims are measured; at least as long as 100,000 completions take
        #[arg(long, value_name = "MINUTES", default_value_t = 0.0)]
        snapshot_minutes: f64,
        /// Also writes the rows to this file
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    },
    /// Storms of faults against agents, PostgreSQL and Chorus Pro, and an auditor of what is left
    Chaos {
        /// Minutes of storm
        #[arg(long, value_name = "N")]
        minutes: f64,
        /// Repeats the decisions of an earlier run
        #[arg(long, value_name = "S")]
        seed: Option<u64>,
    },
    /// Installs for the server that pg_config describes (variables PG_CONFIG, DESTDIR, PREFIX)
    Install,
    /// Packs what `install` would install
    Package,
}

#[derive(Subcommand)]
enum ClusterTask {
    /// Compiles everything, starts the cluster and makes database `chorus`; renews the extension if it runs already
    Start {
        /// Listens on 127.0.0.1 too, on this port, which is then the socket's as well; roles need a password there
        #[arg(long, value_name = "PORT")]
        tcp: Option<u16>,
    },
    /// Stops the cluster
    Stop,
    /// Prints what a shell must export to reach the cluster: eval "$(cargo xtask cluster env)"
    Env,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // The server's account must be able to read what is made for it, whatever the caller's habit.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o022));
    let result = at_end::end_cleanly_on_signals().and_then(|()| run(arguments.task));
    at_end::stay_if_interrupted();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cargo xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    let project = Project::find()?;
    match task {
        Task::Demo => demo::run(&project),
        Task::Play => play::run(&project),
        Task::Test => suite::run(&project),
        Task::Cluster(task) => cluster_task(&project, task),
        Task::Simulator { port } => simulator::run(&project, port),
        Task::Bench {
            only,
            snapshot_minutes,
            json,
        } => bench::run(&project, only, snapshot_minutes, json.as_deref()),
        Task::Chaos { minutes, seed } => chaos::run(&project, minutes, seed),
        Task::Install => package::install(&project),
        Task::Package => package::package(&project),
    }
}

fn cluster_task(project: &Project, task: ClusterTask) -> Result<()> {
    match task {
        ClusterTask::Start { tcp } => {
            packages::ensure()?;
            let postgres = Postgres::find()?;
            let artefacts = Artefacts::compile(project, &postgres, Profile::Dev, Purpose::Test)?;
            let cluster = Cluster::to_stay(project, &postgres, &artefacts.library, tcp)?;
            cluster.make_templates(&artefacts.agent)?;
            cluster.make_database(&artefacts.agent)?;
            println!("running; eval \"$(cargo xtask cluster env)\" and call psql");
            if cluster.place.temporary {
                println!(
                    "user postgres cannot enter the target directory: `cargo xtask cluster stop` removes the data"
                );
            }
            Ok(())
        }
        ClusterTask::Stop => {
            println!("{}", Cluster::stop(project, &Postgres::find()?)?);
            Ok(())
        }
        ClusterTask::Env => {
            let Some(cluster) = Cluster::running(project, &Postgres::find()?)? else {
                bail!("the cluster is not running: cargo xtask cluster start");
            };
            let port = cluster.place.port.to_string();
            let socket = cluster.place.socket.to_string_lossy();
            for (name, value) in [
                ("PGHOST", &*socket),
                ("PGPORT", &port),
                ("PGUSER", SUPERUSER),
                ("PGDATABASE", DATABASE),
            ] {
                println!("export {name}={}", quoted(value));
            }
            for (name, path) in Artefacts::built(project, Profile::Dev).environment() {
                println!("export {name}={}", quoted(&path.to_string_lossy()));
            }
            Ok(())
        }
    }
}

/// One word for the shell.
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_quoted_value_is_one_word_of_the_shell() {
        let value = "it's $HOME \"and\" more";
        let mut shell = process::command("sh");
        shell.args(["-c", &format!("printf %s {}", quoted(value))]);
        assert_eq!(process::output(&mut shell).unwrap(), value);
    }
}
