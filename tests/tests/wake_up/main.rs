//! What wakes an agent, and what it does when the way to PostgreSQL breaks: it recovers by itself, whatever broke.

#[path = "../common/mod.rs"]
mod common;

mod broken;
mod half_open;
mod polling;
mod proxy;

/// Every invoice has arrived.
const ALL_ARRIVED: &str =
    "SELECT bool_and(coalesce(status, '') = 'MISE_A_DISPOSITION') FROM chorus.invoice";

/// The agent is connected and has nothing to do.
const AT_REST: &str = "SELECT EXISTS (SELECT FROM chorus.agent)
    AND NOT EXISTS (SELECT FROM chorus.supplier WHERE state <> 'registered')
    AND NOT EXISTS (SELECT FROM chorus.task WHERE leased_until IS NOT NULL OR run_at <= now())";
