//! The agents of a run: several at once, killed, frozen and replaced, and everything they log looked through.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::auditor::Canary;
use crate::agent::{Agent, AgentSettings};

/// The agents.
pub struct Fleet {
    settings: AgentSettings,
    url: String,
    size: usize,
    members: Vec<Member>,
    launched: u64,
    canary: Canary,
    log: PathBuf,
}

struct Member {
    agent: Agent,
    frozen: Option<Instant>,
    /// It was told to end, and lets its calls finish.
    ending: bool,
}

impl Member {
    fn new(agent: Agent) -> Self {
        Self {
            agent,
            frozen: None,
            ending: false,
        }
    }

    fn is_awake(&self) -> bool {
        self.frozen.is_none() && !self.ending
    }
}

impl Fleet {
    /// A fleet of `size`, still in port. What they log is added to the file `log`.
    ///
    /// # Errors
    /// The settings name no database.
    pub fn new(settings: AgentSettings, size: usize, canary: Canary, log: &Path) -> Result<Self> {
        let url = settings
            .setting("CHORUS_DATABASE_URL")
            .context("the agent has no database")?
            .to_owned();
        Ok(Self {
            settings,
            url,
            size,
            members: Vec::new(),
            launched: 0,
            canary,
            log: log.to_owned(),
        })
    }

    /// How many run or are frozen.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether none runs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Starts agents until the fleet is complete again; frozen ones do not count.
    ///
    /// # Errors
    /// One cannot be started.
    pub fn complete(&mut self) -> Result<()> {
        while self.awake().len() < self.size {
            let agent = self.named().run()?;
            self.members.push(Member::new(agent));
        }
        Ok(())
    }

    /// Starts one more, whose log goes to a full disk.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn add_with_full_disk(&mut self) -> Result<()> {
        let agent = self.named().run_without_log()?;
        self.members.push(Member::new(agent));
        Ok(())
    }

    /// Kills the agent that `choice` falls on among those awake.
    ///
    /// # Errors
    /// It has ended by itself, or cannot be killed.
    pub async fn kill(&mut self, choice: u64) -> Result<bool> {
        let Some(member) = self.take(choice) else {
            return Ok(false);
        };
        self.end(member).await?;
        Ok(true)
    }

    /// Tells one to end. It lets its calls finish first, while others go on.
    ///
    /// # Errors
    /// It cannot be signalled.
    pub async fn stop(&mut self, choice: u64) -> Result<bool> {
        let Some(mut member) = self.take(choice) else {
            return Ok(false);
        };
        member.agent.signal("TERM").await?;
        member.ending = true;
        self.members.push(member);
        Ok(true)
    }

    /// Takes leave of those that have ended as they were told.
    ///
    /// # Errors
    /// The kernel cannot be asked.
    pub fn take_leave(&mut self) -> Result<()> {
        let (mut gone, mut place) = (Vec::new(), 0);
        while let Some(member) = self.members.get_mut(place) {
            match member.ending && member.agent.has_ended()? {
                true => gone.push(self.members.swap_remove(place)),
                false => place += 1,
            }
        }
        for member in gone {
            self.keep(&member.agent);
        }
        Ok(())
    }

    /// Freezes one.
    ///
    /// # Errors
    /// It cannot be signalled.
    pub async fn freeze(&mut self, choice: u64) -> Result<bool> {
        let Some(mut member) = self.take(choice) else {
            return Ok(false);
        };
        member.agent.signal("STOP").await?;
        member.frozen = Some(Instant::now());
        self.members.push(member);
        Ok(true)
    }

    /// Thaws those that have been frozen for `least`. One that was forgotten for longer than `most` is killed instead: what it
    /// has half sent would arrive later than anything can in earnest. Says how many went on.
    ///
    /// # Errors
    /// One cannot be signalled.
    pub async fn thaw(&mut self, least: Duration, most: Duration) -> Result<u64> {
        let (mut thawed, mut forgotten) = (0, Vec::new());
        let mut place = 0;
        while let Some(member) = self.members.get_mut(place) {
            match member.frozen.map(|since| since.elapsed()) {
                Some(frozen) if frozen > most => {
                    forgotten.push(self.members.swap_remove(place));
                    continue;
                }
                Some(frozen) if frozen >= least => {
                    member.agent.signal("CONT").await?;
                    member.frozen = None;
                    thawed += 1;
                }
                _ => {}
            }
            place += 1;
        }
        for member in forgotten {
            self.end(member).await?;
        }
        // More than a complete fleet is awake now.
        while self.awake().len() > self.size {
            self.kill(0).await?;
        }
        Ok(thawed)
    }

    /// Ends all of them, and gives what was found in their logs.
    ///
    /// # Errors
    /// One cannot be ended.
    pub async fn disband(mut self) -> Result<Canary> {
        while let Some(mut member) = self.members.pop() {
            if member.frozen.is_some() {
                self.end(member).await?;
                continue;
            }
            match member.ending {
                true => member.agent.wait().await?,
                false => member.agent.terminate().await?,
            };
            self.keep(&member.agent);
        }
        Ok(self.canary)
    }

    fn named(&mut self) -> AgentSettings {
        self.launched += 1;
        let url = format!("{} application_name=agent-{}", self.url, self.launched);
        self.settings.clone().set("CHORUS_DATABASE_URL", &url)
    }

    fn awake(&self) -> Vec<usize> {
        let places = self.members.iter().enumerate();
        places
            .filter(|(_, member)| member.is_awake())
            .map(|(place, _)| place)
            .collect()
    }

    fn take(&mut self, choice: u64) -> Option<Member> {
        let awake = self.awake();
        let place = choice.checked_rem(awake.len() as u64)?;
        let place = awake.get(usize::try_from(place).ok()?)?;
        Some(self.members.swap_remove(*place))
    }

    async fn end(&mut self, mut member: Member) -> Result<()> {
        member.agent.kill().await?;
        self.keep(&member.agent);
        Ok(())
    }

    fn keep(&mut self, agent: &Agent) {
        let log = agent.log();
        self.canary.look_at("an agent's log", &log);
        let file = File::options().create(true).append(true).open(&self.log);
        // Kept for whoever looks into a failure; the run does not depend on it.
        let _kept = file.and_then(|mut file| file.write_all(log.as_bytes()));
    }
}
