//! A PostgreSQL of a test's own, to be stopped, copied, promoted and killed: it runs from the private cluster's copy of the server.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;
use tokio::process::Child;
use tokio_postgres::{Client, NoTls};

use crate::database::Database;
use crate::environment::Cluster;

/// How long a server may take to start, to stop, or to be copied.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server and its files; stopped and removed when dropped.
#[derive(Debug)]
pub struct Server {
    bin: PathBuf,
    folder: TempDir,
    cluster: Cluster,
    child: Option<Child>,
}

impl Server {
    /// A new cluster, not yet started. `None`, and loud, without the private cluster.
    ///
    /// # Errors
    /// initdb's.
    pub async fn new() -> Result<Option<Self>> {
        let Some(main) = Cluster::find() else {
            return Ok(None);
        };
        let server = Self::place(&main).await?;
        let mut initdb = server.command("initdb");
        initdb
            .arg("--pgdata")
            .arg(server.data())
            .args(["--username", &server.cluster.user])
            .args([
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "--auth=trust",
            ]);
        finish(initdb).await?;
        Ok(Some(server))
    }

    /// Copies the files of this server, which is stopped, into another folder.
    ///
    /// # Errors
    /// They cannot be copied.
    pub async fn copy(&self) -> Result<Self> {
        ensure!(self.child.is_none(), "a running server is not copied");
        let copy = self.beside()?;
        let mut cp = self.command("/bin/cp");
        cp.arg("--archive").arg(self.data()).arg(copy.data());
        finish(cp).await?;
        Ok(copy)
    }

    /// A standby of this server, which is running; not yet started.
    ///
    /// # Errors
    /// `pg_basebackup`'s.
    pub async fn standby(&self) -> Result<Self> {
        let standby = self.beside()?;
        let mut backup = self.command("pg_basebackup");
        backup
            .args([
                "--write-recovery-conf",
                "--checkpoint=fast",
                "--no-sync",
                "--pgdata",
            ])
            .arg(standby.data())
            .arg(format!("--host={}", self.cluster.host.display()))
            .arg(format!("--port={}", self.cluster.port))
            .arg(format!("--username={}", self.cluster.user));
        finish(backup).await?;
        Ok(standby)
    }

    /// Starts it with further settings (`name=value`), and waits until it takes connections.
    ///
    /// # Errors
    /// It does not start; the error holds its log.
    pub async fn start(&mut self, settings: &[&str]) -> Result<()> {
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.data());
        let socket = format!("unix_socket_directories={}", self.cluster.host.display());
        let usual = ["listen_addresses=", &*socket, "fsync=off", "timezone=UTC"];
        for setting in usual.iter().chain(settings) {
            command.args(["-c", setting]);
        }
        command.stdout(log.try_clone()?).stderr(log);
        self.child = Some(tokio::process::Command::from(command).spawn()?);
        let start = Instant::now();
        while self.connect("postgres").await.is_err() {
            let ended = self.child.as_mut().map(Child::try_wait).transpose()?;
            if ended.flatten().is_some() || start.elapsed() > PATIENCE {
                bail!(
                    "the server does not start:\n{}",
                    fs::read_to_string(self.log())?
                );
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Stops it at once, as a crash would (`pg_ctl stop -m immediate`): nothing is written any more.
    ///
    /// # Errors
    /// It does not end.
    pub async fn crash(&mut self) -> Result<()> {
        self.stop("QUIT").await
    }

    /// Crashes it and starts it again, with those settings.
    ///
    /// # Errors
    /// It does not come back.
    pub async fn crash_and_start(&mut self, settings: &[&str]) -> Result<()> {
        self.crash().await?;
        let start = Instant::now();
        // Processes of the one before may hold its memory for a moment longer: then it does not start yet.
        while let Err(error) = self.start(settings).await {
            if start.elapsed() > PATIENCE {
                return Err(error);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    /// What it has logged.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn said(&self) -> Result<String> {
        Ok(String::from_utf8_lossy(&fs::read(self.log())?).into_owned())
    }

    /// Stops it properly (`pg_ctl stop -m fast`).
    ///
    /// # Errors
    /// It does not end.
    pub async fn shut_down(&mut self) -> Result<()> {
        self.stop("INT").await
    }

    /// Makes a primary of a standby.
    ///
    /// # Errors
    /// It is none.
    pub async fn promote(&self) -> Result<()> {
        let client = self.connect("postgres").await?;
        client.execute("SELECT pg_promote()", &[]).await?;
        Ok(())
    }

    /// A new database of that name with the tables, as `chorus-agent migrate` makes them.
    ///
    /// # Errors
    /// The agent's.
    pub async fn migrated(&self, name: &str) -> Result<Database> {
        let database = self.empty(name).await?;
        self.agent(&["migrate"], &database).await?;
        Ok(database)
    }

    /// A new, empty database.
    ///
    /// # Errors
    /// The server's.
    pub async fn empty(&self, name: &str) -> Result<Database> {
        let client = self.connect("postgres").await?;
        client
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .await?;
        Ok(self.database(name))
    }

    /// A database that is there.
    #[must_use]
    pub fn database(&self, name: &str) -> Database {
        Database::existing(self.cluster.clone(), name)
    }

    /// Calls the agent as superuser.
    ///
    /// # Errors
    /// It fails.
    pub async fn agent(&self, arguments: &[&str], database: &Database) -> Result<()> {
        let mut command = Command::new(&self.cluster.agent);
        command
            .args(arguments)
            .env("CHORUS_DATABASE_URL", database.url());
        finish(command).await
    }

    /// A client program (`pg_dump`, `pg_restore`) that reaches the server of `database`.
    #[must_use]
    pub fn client(&self, program: &str, database: &Database) -> Command {
        let cluster = database.cluster();
        let mut command = Command::new(self.bin.join(program));
        command
            .env("PGHOST", &cluster.host)
            .env("PGPORT", cluster.port.to_string())
            .env("PGUSER", &cluster.user);
        command
    }

    /// A folder that the server's account can write to, for what has to run under it.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn folder(&self) -> Result<TempDir> {
        owned_folder()
    }

    /// A call of another program under the server's account.
    #[must_use]
    pub fn command_as_server(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = self.command(program);
        command.args(arguments);
        command
    }

    /// Where it is, as the tests' other parts take it.
    #[must_use]
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// A connection as superuser.
    ///
    /// # Errors
    /// It cannot be reached.
    pub async fn connect(&self, database: &str) -> Result<Client> {
        let (client, connection) = tokio_postgres::Config::new()
            .host_path(&self.cluster.host)
            .port(self.cluster.port)
            .user(&self.cluster.user)
            .dbname(database)
            .connect(NoTls)
            .await?;
        tokio::spawn(connection);
        Ok(client)
    }

    async fn place(main: &Cluster) -> Result<Self> {
        let database = Database::existing(main.clone(), "postgres");
        let client = database.connect().await?;
        let bin: String = client
            .query_one("SELECT setting FROM pg_config WHERE name = 'BINDIR'", &[])
            .await?
            .get(0);
        Self::make(bin.into(), main)
    }

    fn beside(&self) -> Result<Self> {
        Self::make(self.bin.clone(), &self.cluster)
    }

    fn make(bin: PathBuf, like: &Cluster) -> Result<Self> {
        let folder = owned_folder()?;
        let cluster = Cluster {
            host: folder.path().to_owned(),
            port: 5432,
            ..like.clone()
        };
        Ok(Self {
            bin,
            folder,
            cluster,
            child: None,
        })
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    async fn stop(&mut self, signal: &str) -> Result<()> {
        let Some(mut child) = self.child.take() else {
            return Ok(());
        };
        let id = child.id().context("the server has ended by itself")?;
        let sent = Command::new("kill")
            .arg(format!("-{signal}"))
            .arg(id.to_string())
            .status()?;
        ensure!(sent.success(), "cannot signal the server");
        tokio::time::timeout(PATIENCE, child.wait()).await??;
        Ok(())
    }

    /// A program of the server, or another, under the server's account: PostgreSQL refuses root. The kernel ends it with this thread.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        command.arg("--pdeathsig=QUIT");
        if is_root() {
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
        }
        command
            .arg("--")
            .arg(self.bin.join(Path::new(program)))
            .current_dir("/")
            .stdin(Stdio::null());
        for name in [
            "PGDATA",
            "PGHOST",
            "PGPORT",
            "PGUSER",
            "PGDATABASE",
            "PGOPTIONS",
        ] {
            command.env_remove(name);
        }
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child
            && let Some(id) = child.id()
        {
            // The folder goes next: nothing of it is needed any more.
            let _gone = Command::new("kill")
                .args(["-QUIT", &id.to_string()])
                .status();
            let start = Instant::now();
            while matches!(child.try_wait(), Ok(None)) && start.elapsed() < Duration::from_secs(10)
            {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

/// In /tmp: a socket's path may have 107 bytes.
fn owned_folder() -> Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("pgc-").tempdir_in("/tmp")?;
    fs::set_permissions(folder.path(), Permissions::from_mode(0o700))?;
    if is_root() {
        let owned = Command::new("chown")
            .arg("postgres:")
            .arg(folder.path())
            .status()?;
        ensure!(owned.success(), "cannot give a folder to user postgres");
    }
    Ok(folder)
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

/// Runs to the end; an error holds what it said.
///
/// # Errors
/// It cannot be started, does not end, or fails.
pub async fn finish(command: Command) -> Result<()> {
    let name = format!("{command:?}");
    let output = tokio::process::Command::from(command)
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(PATIENCE, output)
        .await
        .with_context(|| format!("{name} does not end"))??;
    ensure!(
        output.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}
