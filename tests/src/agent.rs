//! The agent as users run it: a program of its own, configured by its environment.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use chorus_simulator::Handle;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::database::Database;

/// How long a call that should end may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How much of its log is shown when a test fails.
const LAST_LINES: usize = 200;

/// What the agent is told.
#[derive(Debug, Clone)]
pub struct AgentSettings {
    program: PathBuf,
    variables: Vec<(String, String)>,
    keys: Arc<TempDir>,
}

impl AgentSettings {
    /// An agent of `database` that deposits at `simulator`, with a key of its own and no reason to wait.
    ///
    /// # Errors
    /// The agent's program cannot make a key.
    pub async fn new(database: &Database, simulator: &Handle) -> Result<Self> {
        let mut settings = Self {
            program: database.cluster().agent.clone(),
            variables: Vec::new(),
            keys: Arc::new(
                tempfile::tempdir().context("cannot make a folder for the agent's key")?,
            ),
        };
        let file = settings.keys.path().join("agent.key").display().to_string();
        let key = settings
            .call(&["keygen", "--private-key", &file], "")
            .await?;
        if !key.status.success() {
            bail!(
                "chorus-agent keygen: {}",
                String::from_utf8_lossy(&key.stderr)
            );
        }
        let credentials = simulator.credentials();
        for (name, value) in [
            ("CHORUS_DATABASE_URL", database.url()),
            ("CHORUS_PISTE_API_URL", simulator.url().to_owned()),
            ("CHORUS_PISTE_CLIENT_ID", credentials.client_id.clone()),
            (
                "CHORUS_PISTE_CLIENT_SECRET",
                credentials.client_secret.clone(),
            ),
            ("CHORUS_CREDENTIALS_PRIVATE_KEY_FILE", file),
            ("CHORUS_AGENT_REQUESTS_PER_SECOND", "10000".to_owned()),
            ("CHORUS_AGENT_BURST", "10000".to_owned()),
            // Any free port: agents run side by side. The log says which.
            ("CHORUS_OPERATIONS_LISTEN", "127.0.0.1:0".to_owned()),
        ] {
            settings = settings.set(name, &value);
        }
        Ok(settings)
    }

    /// Adds or replaces an environment variable: a setting (`CHORUS_AGENT_WORKERS`) or `FAILPOINTS`.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes an environment variable away.
    #[must_use]
    pub fn unset(mut self, name: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self
    }

    /// The value of an environment variable that was set.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&str> {
        let mut all = self.variables.iter();
        all.find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Stores the supplier's technical account, as `chorus-agent supplier add` does.
    ///
    /// # Errors
    /// The call fails; the error says what the agent said.
    pub async fn add_supplier(&self, siret: &str, login: &str, password: &str) -> Result<()> {
        let call = ["supplier", "add", "--identifier", siret, "--login", login];
        let output = self.call(&call, password).await?;
        if !output.status.success() {
            bail!(
                "chorus-agent supplier add: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(())
    }

    /// Calls the agent with `input` on standard input and waits for its end.
    ///
    /// # Errors
    /// It cannot be started or does not end.
    pub async fn call(&self, arguments: &[&str], input: &str) -> Result<Output> {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start the agent (it is run through `setpriv`, package util-linux)")?;
        if let Some(mut stdin) = child.stdin.take() {
            // An agent that ends without reading says why on its standard error.
            let _unread = stdin.write_all(input.as_bytes()).await;
        }
        timeout(PATIENCE, child.wait_with_output())
            .await
            .with_context(|| format!("chorus-agent {} does not end", arguments.join(" ")))?
            .context("cannot wait for the agent")
    }

    /// Starts `chorus-agent run`.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn run(&self) -> Result<Agent> {
        let folder = tempfile::tempdir().context("cannot make a folder for the agent's log")?;
        let log =
            File::create(Agent::log_in(folder.path())).context("cannot write the agent's log")?;
        self.run_logging_to(folder, log)
    }

    /// Starts `chorus-agent run` on a full disk: nothing that it logs can be written.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn run_without_log(&self) -> Result<Agent> {
        let folder = tempfile::tempdir().context("cannot make a folder for the agent")?;
        let full = File::options()
            .write(true)
            .open("/dev/full")
            .context("/dev/full")?;
        self.run_logging_to(folder, full)
    }

    fn run_logging_to(&self, folder: TempDir, log: File) -> Result<Agent> {
        let child = self
            .command(&["run"])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("cannot start the agent (it is run through `setpriv`, package util-linux)")?;
        Ok(Agent {
            child,
            folder,
            ended: false,
        })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        // The kernel ends the agent with the thread that started it, so that no test leaves one behind.
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig=KILL", "--"])
            .arg(&self.program)
            .args(arguments)
            .kill_on_drop(true);
        for (name, _) in
            env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CHORUS_"))
        {
            command.env_remove(name);
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// A running agent; killed when dropped. What one logged that nobody ended before is shown when the test fails.
#[derive(Debug)]
pub struct Agent {
    child: Child,
    folder: TempDir,
    /// Somebody killed it, or has seen it ended.
    ended: bool,
}

impl Agent {
    /// SIGKILL: no time for anything.
    ///
    /// # Errors
    /// It has ended before by itself.
    pub async fn kill(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the agent has ended by itself ({status}):\n{}", self.log());
        }
        self.child.kill().await.context("cannot kill the agent")?;
        self.ended = true;
        Ok(())
    }

    /// SIGTERM: asks it to stop, and waits until it has.
    ///
    /// # Errors
    /// It has ended before, or does not end.
    pub async fn terminate(&mut self) -> Result<ExitStatus> {
        self.signal("TERM").await?;
        self.wait().await
    }

    /// Sends it a signal: `HUP`, `TERM`, ….
    ///
    /// # Errors
    /// It has ended before.
    pub async fn signal(&self, name: &str) -> Result<()> {
        let id = self.child.id().context("the agent has ended already")?;
        let mut kill = Command::new("kill");
        let sent = kill.args(["-s", name, &id.to_string()]).status().await?;
        if !sent.success() {
            bail!("cannot signal the agent");
        }
        Ok(())
    }

    /// Whether it has ended.
    ///
    /// # Errors
    /// The kernel cannot be asked.
    pub fn has_ended(&mut self) -> Result<bool> {
        self.ended |= self.child.try_wait()?.is_some();
        Ok(self.ended)
    }

    /// Whether it stands still, as after SIGSTOP.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        let stat = self
            .child
            .id()
            .map(|id| fs::read_to_string(format!("/proc/{id}/stat")));
        stat.is_some_and(|stat| stat.is_ok_and(|stat| stat.contains(") T ")))
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// It does not.
    pub async fn wait(&mut self) -> Result<ExitStatus> {
        let status = timeout(PATIENCE, self.child.wait())
            .await
            .context("the agent does not end")?
            .context("cannot wait for the agent")?;
        self.ended = true;
        Ok(status)
    }

    /// Where it serves `/livez`, `/readyz` and `/metrics`, once it does: the base of their addresses.
    #[must_use]
    pub fn operations(&self) -> Option<String> {
        let log = self.log();
        let line = log
            .lines()
            .find(|line| line.contains("operations are served"))?;
        let (_, address) = line.split_once("listen=")?;
        Some(format!("http://{}", address.split_whitespace().next()?))
    }

    /// The most memory that it has had resident so far, in MiB.
    ///
    /// # Errors
    /// It has ended, or the kernel does not say.
    pub fn peak_memory(&self) -> Result<f64> {
        let id = self.child.id().context("the agent has ended already")?;
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
        let kib: f64 = kib.context("no VmHWM")?.trim().parse()?;
        Ok(kib / 1024.0)
    }

    /// What it has logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(Self::log_in(self.folder.path())).unwrap_or_default()
    }

    fn log_in(folder: &Path) -> PathBuf {
        folder.join("agent.log")
    }
}

impl Drop for Agent {
    /// The harness shows what a test printed only when it fails, by a panic or by an error.
    fn drop(&mut self) {
        if self.ended && !std::thread::panicking() {
            return;
        }
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        let last = lines.len().saturating_sub(LAST_LINES);
        eprintln!("the agent logged ({last} lines before these):");
        for line in lines.iter().skip(last) {
            eprintln!("{line}");
        }
    }
}
