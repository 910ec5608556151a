//! Running other programs so that none of them outlives this one.
//!
//! Each child leads a process group of its own and is stopped when its guard is dropped or when a signal ends
//! this process; should this process be killed outright, the kernel signals the child (`setpriv --pdeathsig`).

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{self, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use rustix::process::{Pid, Signal, WaitOptions};

use crate::at_end::{AtEnd, stay_if_interrupted};

/// How long a child may take to stop before it is killed.
const PATIENCE: Duration = Duration::from_secs(15);

/// A program that runs until it is dropped.
pub struct Child {
    name: String,
    process: process::Child,
    at_end: AtEnd,
}

impl Child {
    /// Starts `command`, to be stopped with `signal`.
    pub fn start(command: &mut Command, signal: Signal) -> Result<Self> {
        let name = name(command);
        let process = command
            .process_group(0)
            .spawn()
            .map_err(|error| cannot_start(&name, error))?;
        let pid = Pid::from_child(&process);
        let at_end = AtEnd::run(move || stop_group(pid, signal));
        Ok(Self {
            name,
            process,
            at_end,
        })
    }

    /// The child's standard output, where the command asked for a pipe. `None` from the second call on.
    pub fn stdout(&mut self) -> Option<process::ChildStdout> {
        self.process.stdout.take()
    }

    /// An error if the child has ended by itself.
    pub fn still_runs(&mut self) -> Result<()> {
        match self
            .process
            .try_wait()
            .context("cannot ask after a child process")?
        {
            None => Ok(()),
            Some(status) => {
                self.at_end.cancel();
                stay_if_interrupted();
                bail!("`{}` has ended ({status})", self.name)
            }
        }
    }

    fn wait(mut self) -> Result<ExitStatus> {
        let status = self
            .process
            .wait()
            .context("cannot wait for a child process")?;
        stay_if_interrupted();
        self.at_end.cancel();
        Ok(status)
    }
}

/// A call of `program` that the kernel ends with this process. To be started on the main thread: the kernel looks
/// at the thread that started it.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    with_privileges(program, "TERM", &[])
}

/// The same, with the death signal and more options of `setpriv`: one call of it does both, since a change of
/// user forgets the death signal.
pub fn with_privileges(program: impl AsRef<OsStr>, death: &str, options: &[&str]) -> Command {
    let mut command = Command::new("setpriv");
    command
        .arg(format!("--pdeathsig={death}"))
        .args(options)
        .arg("--")
        .arg(program);
    command.stdin(Stdio::null());
    command
}

/// Runs to the end; anything but success is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let name = name(command);
    let status = Child::start(command, Signal::TERM)?.wait()?;
    if !status.success() {
        bail!("`{name}` failed ({status})");
    }
    Ok(())
}

/// Runs to the end with `input` on standard input.
pub fn run_with_input(command: &mut Command, input: &str) -> Result<()> {
    feed(command, input, |_| Ok(()))
}

/// Runs to the end with `input` on standard input and gives what it wrote on standard output.
pub fn output_with_input(command: &mut Command, input: &str) -> Result<String> {
    feed(command.stdout(Stdio::piped()), input, |child| {
        let mut output = String::new();
        if let Some(mut stdout) = child.stdout() {
            stdout.read_to_string(&mut output)?;
        }
        Ok(output)
    })
}

fn feed<T>(
    command: &mut Command,
    input: &str,
    read: impl FnOnce(&mut Child) -> Result<T>,
) -> Result<T> {
    let name = name(command);
    let mut child = Child::start(command.stdin(Stdio::piped()), Signal::TERM)?;
    let stdin = child.process.stdin.take();
    let input = input.to_owned();
    // On a thread of its own: a child that writes before it has read everything must not wait for us.
    let writer =
        thread::spawn(move || stdin.map_or(Ok(()), |mut stdin| stdin.write_all(input.as_bytes())));
    let answer = read(&mut child).with_context(|| format!("cannot read the answer of `{name}`"));
    let status = child.wait()?;
    if !status.success() {
        bail!("`{name}` failed ({status})");
    }
    match writer.join() {
        Ok(written) => written.with_context(|| format!("`{name}` did not read its input"))?,
        Err(_) => bail!("the thread that fed `{name}` has failed"),
    }
    answer
}

/// Runs to the end and gives what it wrote on standard output.
pub fn output(command: &mut Command) -> Result<String> {
    let name = name(command);
    let output = command
        .output()
        .map_err(|error| cannot_start(&name, error))?;
    stay_if_interrupted();
    if !output.status.success() {
        bail!(
            "`{name}` failed ({}): {}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("the answer of `{name}` is not UTF-8"))
}

/// Whether the command runs and succeeds; silent.
pub fn succeeds(command: &mut Command) -> bool {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The command as a person would type it, without the `setpriv` in front.
fn name(command: &Command) -> String {
    let words: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect();
    let start = match words.first().is_some_and(|program| program == "setpriv") {
        true => words
            .iter()
            .position(|word| word == "--")
            .map_or(0, |dashes| dashes + 1),
        false => 0,
    };
    let words: Vec<_> = words
        .iter()
        .skip(start)
        .take(6)
        .map(AsRef::as_ref)
        .collect();
    words.join(" ")
}

fn cannot_start(name: &str, error: std::io::Error) -> anyhow::Error {
    anyhow!(error).context(format!(
        "cannot start `{name}` (it is run through `setpriv`, package util-linux: is that installed?)"
    ))
}

/// Signals a process group, waits for its leader, and in the end kills what is left.
fn stop_group(leader: Pid, signal: Signal) {
    // A failure means that the group is gone already, which is what is wanted.
    let _gone = rustix::process::kill_process_group(leader, signal);
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        match rustix::process::waitpid(Some(leader), WaitOptions::NOHANG) {
            Ok(None) => thread::sleep(Duration::from_millis(10)),
            Ok(Some(_)) | Err(_) => break,
        }
    }
    let _gone = rustix::process::kill_process_group(leader, Signal::KILL);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_program_not_the_wrapper() {
        let error = run(command("false").arg("--really")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`false --really` failed (exit status: 1)"
        );
        let error = output(command("sh").args(["-c", "echo because >&2; exit 3"])).unwrap_err();
        assert!(
            error.to_string().ends_with("(exit status: 3): because"),
            "{error}"
        );
    }

    #[test]
    fn a_program_that_writes_before_it_has_read_everything_does_not_wait_for_us() {
        let input = "line\n".repeat(200_000);
        assert_eq!(
            output_with_input(&mut command("cat"), &input).unwrap(),
            input
        );
    }

    #[test]
    fn a_dropped_child_is_gone_with_its_own_children() {
        // The shell names a child of its own, which only the signal to the whole group reaches.
        let mut shell = command("sh");
        shell
            .args(["-c", "sleep 300 & echo $!; wait"])
            .stdout(Stdio::piped());
        let mut child = Child::start(&mut shell, Signal::TERM).unwrap();
        let mut line = String::new();
        std::io::BufRead::read_line(
            &mut std::io::BufReader::new(child.stdout().unwrap()),
            &mut line,
        )
        .unwrap();
        let status = format!("/proc/{}/stat", line.trim());
        assert!(std::fs::exists(&status).unwrap());
        drop(child);
        let start = Instant::now();
        // Gone, or a zombie where nobody reaps orphans.
        while std::fs::read_to_string(&status).is_ok_and(|stat| !stat.contains(") Z ")) {
            assert!(start.elapsed() < PATIENCE, "still there");
            thread::yield_now();
        }
    }
}
