//! Tells a story with blows in it, and sees to it that it ends well.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chorus_tests::Agent;
use tokio::time::sleep;
use tokio_postgres::Client;

use crate::common::{PATIENCE, Stage, eventually};
use crate::story::Story;

/// As short as an agent takes it; it is not waited for where somebody died, since that is what SQL can say as well.
const LEASE: Duration = Duration::from_millis(12_200);

/// What strikes the agent at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blow {
    /// An error instead of the step, or instead of its result.
    Error,
    /// The end, without a word.
    Death,
    /// A standstill for longer than the lease, while another agent goes on.
    Frost,
}

impl Blow {
    /// Where it is struck: who freezes after a step is frozen before the next.
    pub fn sides(self) -> &'static [&'static str] {
        match self {
            Self::Error | Self::Death => &["before", "after"],
            Self::Frost => &["before"],
        }
    }

    /// Frozen agents pile up, with their connections; the others' stories are told in parts that take about as long as each other.
    pub fn most_at_once(self) -> usize {
        match self {
            Self::Error | Self::Death => 24,
            Self::Frost => 4,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Error => "fail",
            Self::Death => "kill",
            Self::Frost => "freeze",
        }
    }
}

/// Tells `story` with `blow` at each of `armed`, once; gives the points at which it was struck. `None` without a cluster.
pub async fn tell(
    story: Story,
    blow: Blow,
    armed: &BTreeSet<String>,
) -> Result<Option<BTreeSet<String>>> {
    let Some(mut stage) = Stage::set("boundary", |settings| story.settings(settings)).await? else {
        return Ok(None);
    };
    let lease = LEASE.as_secs_f64().to_string();
    for (name, value) in [
        ("CHORUS_AGENT_LEASE_SECONDS", lease.as_str()),
        ("CHORUS_AGENT_DEPOSIT_TIMEOUT_SECONDS", "1"),
        ("CHORUS_AGENT_TIMEOUT_SECONDS", "2"),
        ("CHORUS_AGENT_UNCERTAIN_WINDOW_SECONDS", "10"),
        ("CHORUS_AGENT_WORKERS", "2"),
    ] {
        stage.agent = stage.agent.set(name, value);
    }
    story.begin(&stage).await?;
    let client = stage.database.connect().await?;
    let mut telling = Telling {
        agent: start(&stage, blow, armed)?,
        stage,
        client,
        blow,
        armed: armed.clone(),
        struck: BTreeSet::new(),
        frozen: Vec::new(),
    };
    let told = telling.until_the_end(story).await;
    told.with_context(|| {
        let logs = telling.logs().join("\n\n");
        format!("{story:?}, {blow:?} at {armed:?}; the agents logged:\n{logs}")
    })?;
    Ok(Some(telling.struck))
}

struct Telling {
    stage: Stage,
    client: Client,
    blow: Blow,
    agent: Agent,
    armed: BTreeSet<String>,
    struck: BTreeSet<String>,
    frozen: Vec<(Agent, Instant)>,
}

impl Telling {
    async fn until_the_end(&mut self, story: Story) -> Result<()> {
        let start = Instant::now();
        let (end, rest) = (story.end(), story.rest());
        while !(self.holds(&end).await? && self.holds(rest).await?) {
            story.people(&self.stage, &self.client).await?;
            self.look_after_the_agent().await?;
            ensure!(
                start.elapsed() < PATIENCE,
                "not at its end after {} s:\n{}\n{}",
                PATIENCE.as_secs(),
                self.standing().await?,
                self.agent.log()
            );
            sleep(Duration::from_millis(40)).await;
        }
        // The last step may have been the last of the agent, too.
        self.look_after_the_agent().await?;
        for (agent, since) in &mut self.frozen {
            sleep(LEASE.saturating_sub(since.elapsed()) + Duration::from_millis(200)).await;
            thaw(agent).await?;
        }
        self.end_the_agent().await?;
        story.audit(&self.stage)?;
        if story != Story::Elsewhere && story != Story::Blocked {
            self.stage.audit().await?;
        }
        ensure!(self.holds(&end).await?, "somebody did something late");
        Ok(())
    }

    /// While it ends it may be struck once more.
    async fn end_the_agent(&mut self) -> Result<()> {
        // One that has just taken over must be able to hear it.
        eventually(|| self.agent.log().contains("started"), PATIENCE).await?;
        self.agent.signal("TERM").await?;
        let start = Instant::now();
        while !self.agent.has_ended()? && !self.agent.is_stopped() {
            ensure!(start.elapsed() < PATIENCE, "the agent does not end");
            sleep(Duration::from_millis(20)).await;
        }
        let log = self.agent.log();
        ensure!(!log.contains("not listed in failpoint::STEPS"), "{log}");
        let struck = struck_at(&log);
        if self.blow == Blow::Error || struck.is_empty() {
            let ended = self.agent.wait().await?;
            ensure!(ended.success(), "the agent ended badly ({ended}):\n{log}");
        }
        self.struck.extend(struck);
        Ok(())
    }

    /// What the agents logged, in the order in which they were started.
    fn logs(&self) -> Vec<String> {
        let struck = self.frozen.iter().map(|(agent, _)| agent);
        struck.chain([&self.agent]).map(Agent::log).collect()
    }

    async fn holds(&self, query: &str) -> Result<bool> {
        let row = self.client.query_one(query, &[]).await?;
        Ok(row.get::<_, Option<bool>>(0) == Some(true))
    }

    /// Whoever was struck is replaced by one that is not struck there again.
    async fn look_after_the_agent(&mut self) -> Result<()> {
        let gone = match self.blow {
            Blow::Error => return Ok(()),
            Blow::Death => self.agent.has_ended()?,
            Blow::Frost => self.agent.is_stopped(),
        };
        if !gone {
            return Ok(());
        }
        let log = self.agent.log();
        let point = struck_at(&log).last().cloned();
        let point = point.with_context(|| format!("the agent ended by itself:\n{log}"))?;
        self.armed.remove(&point);
        self.struck.insert(point);
        // As if the time had passed for everybody but the one that was struck.
        let expired = "UPDATE chorus.task SET leased_until = now() - interval '1 second' WHERE leased_until IS NOT NULL";
        self.client.execute(expired, &[]).await?;
        let next = start(&self.stage, self.blow, &self.armed)?;
        let struck = std::mem::replace(&mut self.agent, next);
        if self.blow == Blow::Frost {
            self.frozen.push((struck, Instant::now()));
        }
        Ok(())
    }

    async fn standing(&self) -> Result<String> {
        let query = "SELECT concat_ws(' ', i.number, i.state, i.status, i.state_reason, t.kind, t.run_at, t.leased_until, t.attempts, t.last_error)
            FROM chorus.invoice i FULL JOIN chorus.task t ON t.invoice_id = i.id";
        let rows = self.client.query(query, &[]).await?;
        let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        Ok(lines.join("\n"))
    }
}

/// It finishes what it was at, if it may, and ends. Where it is frozen once more on its way, it goes on at once.
async fn thaw(agent: &mut Agent) -> Result<()> {
    agent.signal("CONT").await?;
    agent.signal("TERM").await?;
    let start = Instant::now();
    while !agent.has_ended()? {
        ensure!(
            start.elapsed() < PATIENCE,
            "the thawed agent does not end:\n{}",
            agent.log()
        );
        if agent.is_stopped() {
            agent.signal("CONT").await?;
        }
        sleep(Duration::from_millis(20)).await;
    }
    let ended = agent.wait().await?;
    ensure!(
        ended.success(),
        "the thawed agent ended badly ({ended}):\n{}",
        agent.log()
    );
    Ok(())
}

fn start(stage: &Stage, blow: Blow, armed: &BTreeSet<String>) -> Result<Agent> {
    let points: Vec<String> = armed
        .iter()
        .map(|point| format!("{point}=1*return({})", blow.word()))
        .collect();
    stage
        .agent
        .clone()
        .set("FAILPOINTS", &points.join(";"))
        .run()
}

/// The points that the log speaks of, in order.
fn struck_at(log: &str) -> Vec<String> {
    let lines = log.lines().filter(|line| line.contains("struck by a test"));
    lines
        .filter_map(|line| {
            let (_, rest) = line.split_once("point=\"")?;
            Some(rest.split_once('"')?.0.to_owned())
        })
        .collect()
}
