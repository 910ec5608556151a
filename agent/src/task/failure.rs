//! Why a task was not done, and how it goes back: when it is tried again, and whether that was an error of its own.

use std::time::Duration;

use crate::{
    chorus::error::{ApiError, Retry, Scope, Symptom},
    config::AgentSection,
    credential::CredentialError,
    database::DatabaseError,
    installation::Foreign,
    queue::{
        claim::{Claim, Subject},
        release::Return,
    },
};

/// After so many errors of its own an invoice is set aside: what is wrong with it does not come right by trying again.
const MOST_ATTEMPTS: u32 = 8;

/// Where nobody was reached a second time, the next try waits as after so many errors, though none is counted.
const UNREACHED: u32 = 4;

/// A task that a breaker holds back looks again after this time at the latest: the breaker may have closed.
const HELD_LONGEST: Duration = Duration::from_secs(30);

/// Why a task was not done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Chorus Pro or PISTE.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// PostgreSQL.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The supplier's account cannot be opened.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// This database must not deposit.
    #[error(transparent)]
    Foreign(#[from] Foreign),
    /// The task belongs to somebody else by now: what we found out is dropped.
    #[error("the task was taken over: its lease ended before it was done")]
    LeaseLost,
    /// Many calls wait for a permit: this one comes back later.
    #[error("waiting for a permit to call Chorus Pro")]
    Queue(Duration),
    /// What must not be done late would have been: nothing was sent.
    #[error(
        "too late to be sent safely: more than 5 s after its commit, or too near the end of the lease; the agent's machine \
         or the database is overloaded, or was suspended"
    )]
    Late,
    /// A breaker is open: Chorus Pro is not called now.
    #[error("{reason}")]
    Held {
        /// Until it lets a call through.
        wait: Duration,
        /// Why.
        reason: String,
        /// Kind of the failure before.
        kind: String,
    },
    /// A deposit was sent and its result could not be written down; the reaper makes it uncertain.
    #[error("the result of a deposit could not be recorded; it will be looked for: {0}")]
    Unrecorded(DatabaseError),
    /// Retrying as it is cannot help.
    #[error("{0}")]
    Hopeless(String),
}

impl Failure {
    /// How the task goes back; `None` when it is not ours to give.
    pub(super) fn returned(&self, claim: &Claim, settings: &AgentSection) -> Option<Return> {
        let pace = settings.pace();
        let back_off = |first, cap| {
            let wait = pace.back_off(
                Duration::from_secs(first),
                Duration::from_secs(cap),
                claim.attempts,
            );
            Some(Return {
                wait: Some(wait),
                counted: true,
                note: Some(self.to_string()),
            })
        };
        match self {
            Self::LeaseLost | Self::Unrecorded(_) => None,
            Self::Queue(wait) => Some(Return::later(pace.jittered(Duration::ZERO) + *wait)),
            Self::Held { wait, reason, .. } => Some(Return {
                note: Some(reason.clone()),
                ..Return::later(
                    pace.jittered(Duration::ZERO) + (*wait).min(pace.interval(HELD_LONGEST)),
                )
            }),
            Self::Api(error) => Some(Return {
                wait: wait_after(error, claim, settings),
                counted: is_own(error, claim),
                note: Some(error.to_string()),
            }),
            // PostgreSQL being away is no task's error.
            Self::Database(error) if error.is_transient() => back_off(1, 60).map(|back| Return {
                counted: false,
                ..back
            }),
            Self::Database(_) | Self::Credential(_) => back_off(60, 3600),
            Self::Foreign(_) => back_off(60, 900),
            // After so many it is a person's affair: each deposit leaves a row behind, and each answer to a buyer asks first.
            Self::Late if claim.attempts + 1 >= MOST_ATTEMPTS => Some(Return {
                wait: None,
                counted: true,
                note: Some(format!(
                    "{self}; not tried again by itself: see to that, then SELECT chorus.retry(task)"
                )),
            }),
            Self::Late => back_off(1, 300),
            Self::Hopeless(_) => Some(Return {
                wait: None,
                counted: true,
                note: Some(self.to_string()),
            }),
        }
    }
}

/// Whether an error is the task's own. One that concerns others is not, unless calls succeed all the time and this one has failed before;
/// and no document keeps a connection from coming about.
pub(super) fn is_own(error: &ApiError, claim: &Claim) -> bool {
    if error.symptom == Symptom::NotConnected {
        return false;
    }
    match (error.scope(), error.concern) {
        (Scope::Supplier, _) => false,
        (Scope::Task, _) | (_, None) => true,
        (_, Some(concern)) => concern.alone && claim.failed_call,
    }
}

/// When a call that failed may be made again; `None`: not by itself.
///
/// Who has failed comes later than those who only wait for a breaker: of them, one that can succeed will try it.
pub(super) fn wait_after(
    error: &ApiError,
    claim: &Claim,
    settings: &AgentSection,
) -> Option<Duration> {
    let gives_up = is_own(error, claim)
        && claim.attempts + 1 >= MOST_ATTEMPTS
        && matches!(claim.subject, Subject::Invoice(_));
    match error.rule().retry {
        Retry::BackOff { first, cap } if !gives_up => {
            let attempts = match error.symptom {
                Symptom::NotConnected if claim.failed_call => claim.attempts.max(UNREACHED),
                _ => claim.attempts,
            };
            let wait = settings.pace().back_off(first, cap, attempts);
            let held = error.concern.and_then(|concern| concern.held);
            let asked = held.max(error.retry_after).unwrap_or_default();
            Some(wait + asked)
        }
        _ => None,
    }
}
