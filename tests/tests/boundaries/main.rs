//! At every boundary of every kind of task (`chorus_agent::failpoint::STEPS`) an agent gets an error, dies, or freezes until its
//! lease is over; each time before the step and after it. Whatever was asked for is done once all the same.
//!
//! An error after a step that was done, and a second agent after one that froze before it, make the step run twice.
//!
//! A *story* leads through some of the steps. All that it has not yet been struck at is armed, and strikes change its course:
//! so it is told again until it has been struck everywhere, and fails where a step is never reached.

// A test that cannot go on fails, also from a helper.
#![allow(clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

mod story;
mod telling;

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Result, bail};
use chorus_agent::failpoint::STEPS;
use story::Story;
use telling::Blow;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Stories told at once: each has agents, and frozen ones keep their connections.
const AT_ONCE: usize = 5;

/// The points of a story that `blow` is struck at.
fn points(story: Story, blow: Blow) -> BTreeSet<String> {
    // `recover` runs alone, by hand, and has its own tests.
    let steps = STEPS.iter().filter(|step| !step.starts_with("recover."));
    let steps = steps.filter(|step| Story::through(step) == story);
    steps
        .flat_map(|step| {
            blow.sides()
                .iter()
                .map(move |side| format!("{step}.{side}"))
        })
        .collect()
}

/// Tells all stories, in parts, each until it has been struck at all of its points.
async fn strike_everywhere(blow: Blow) -> Result<()> {
    let (mut stories, turns) = (JoinSet::new(), Arc::new(Semaphore::new(AT_ONCE)));
    for story in Story::ALL {
        let points: Vec<String> = points(story, blow).into_iter().collect();
        for part in points.chunks(blow.most_at_once()) {
            let mut left: BTreeSet<String> = part.iter().cloned().collect();
            let turns = turns.clone();
            stories.spawn(async move {
                let _turn = turns.acquire().await?;
                while !left.is_empty() {
                    let Some(struck) = telling::tell(story, blow, &left).await? else {
                        return Ok(());
                    };
                    if struck.is_empty() {
                        bail!("{story:?}: never got to {left:?}");
                    }
                    left.retain(|point| !struck.contains(point));
                }
                Ok(())
            });
        }
    }
    let mut failures = Vec::new();
    while let Some(told) = stories.join_next().await {
        if let Err(error) = told? {
            failures.push(format!("{error:#}"));
        }
    }
    if !failures.is_empty() {
        bail!("{}", failures.join("\n\n"));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_at_any_step_loses_nothing_and_doubles_nothing() -> Result<()> {
    strike_everywhere(Blow::Error).await
}

#[tokio::test(flavor = "multi_thread")]
async fn death_at_any_step_loses_nothing_and_doubles_nothing() -> Result<()> {
    strike_everywhere(Blow::Death).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_frozen_at_any_step_for_longer_than_its_lease_does_nothing_late() -> Result<()> {
    strike_everywhere(Blow::Frost).await
}
