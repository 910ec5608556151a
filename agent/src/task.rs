//! What is done for each kind of task. Every one may run twice, and on several agents at once.

use std::{sync::Arc, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use tokio_postgres::Client as Database;
use uuid::Uuid;

use crate::{
    agent::StartError,
    chorus::{
        client::Client,
        error::{ApiError, Kind as ErrorKind, Operation, Retry},
    },
    config::{AgentSection, Config},
    credential::{Account, CredentialError, Keys},
    database::{DatabaseError, Session},
    installation::Foreign,
    queue::{
        Kind,
        claim::Claim,
        permit::{Budget, Permit},
        release::Return,
    },
    supplier::Supplier,
    verify::Problem,
};

mod action;
mod adopt;
mod adoption;
mod buyer;
mod deposit;
mod directory;
mod expiry;
mod findings;
mod flux;
mod follow;
mod history;
mod look_up;
mod search;

/// Everything that all tasks share.
pub struct Tools {
    /// Id of this agent.
    pub agent: Uuid,
    /// Settings.
    pub settings: AgentSection,
    /// Chorus Pro.
    pub chorus: Client,
    /// Where it is.
    pub api: reqwest::Url,
    /// Opens suppliers' accounts.
    pub keys: Keys,
    /// Permits to call.
    pub budget: Budget,
}

impl Tools {
    /// The tools as configured.
    ///
    /// # Errors
    /// A setting is missing or wrong.
    pub fn new(config: &Config) -> Result<Self, StartError> {
        let settings = config.agent.clone().checked()?;
        Ok(Self {
            agent: Uuid::new_v4(),
            chorus: Client::new(&config.piste, &settings)?,
            api: config.piste.api()?,
            keys: Keys::configured(&config.credentials)?,
            budget: Budget::new(config.piste.client_id()?, &settings),
            settings,
        })
    }

    /// Waits for a permit to make one call.
    ///
    /// # Errors
    /// Too many wait already, or the database's.
    pub async fn permit(&self, client: &Database) -> Result<(), Failure> {
        match self.budget.take(client).await? {
            Permit::After(wait) => {
                tokio::time::sleep(wait).await;
                Ok(())
            }
            Permit::Queue(wait) => Err(Failure::Queue(wait)),
        }
    }
}

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
    /// A deposit was sent and its result could not be written down; the reaper makes it uncertain.
    #[error("the result of a deposit could not be recorded; it will be looked for: {0}")]
    Unrecorded(DatabaseError),
    /// Retrying as it is cannot help.
    #[error("{0}")]
    Hopeless(String),
}

impl Failure {
    /// How the task goes back; `None` when it is not ours to give.
    fn returned(&self, claim: &Claim, settings: &AgentSection) -> Option<Return> {
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
            Self::Api(error) => Some(Return {
                wait: wait_after(error, claim.attempts, settings),
                counted: true,
                note: Some(error.to_string()),
            }),
            Self::Database(error) if error.is_transient() => back_off(1, 60),
            Self::Database(_) | Self::Credential(_) => back_off(60, 3600),
            Self::Foreign(_) => back_off(60, 900),
            Self::Hopeless(_) => Some(Return {
                wait: None,
                counted: true,
                note: Some(self.to_string()),
            }),
        }
    }
}

/// When a call that failed may be made again; `None`: not by itself.
fn wait_after(error: &ApiError, attempts: u32, settings: &AgentSection) -> Option<Duration> {
    match error.rule().retry {
        Retry::Aside => None,
        Retry::BackOff { first, cap } => {
            let wait = settings.pace().back_off(first, cap, attempts);
            Some(error.retry_after.map_or(wait, |asked| wait.max(asked)))
        }
    }
}

/// A worker with a task in hand.
pub struct Work<'a> {
    /// What all share.
    pub tools: &'a Arc<Tools>,
    /// The worker's connection.
    pub session: &'a mut Session,
    /// The task.
    pub claim: Claim,
    /// Whose account the calls are made with, as it was when it was opened: another may be stored while they are under way.
    called_as: Option<Supplier>,
}

impl<'a> Work<'a> {
    /// A task just claimed.
    pub fn new(tools: &'a Arc<Tools>, session: &'a mut Session, claim: Claim) -> Self {
        Self {
            tools,
            session,
            claim,
            called_as: None,
        }
    }

    /// Does the task. On failure it is given back, unless it is not ours any more.
    ///
    /// # Errors
    /// Why it was not done.
    pub async fn run(mut self) -> Result<(), Failure> {
        let result = match self.claim.kind {
            Kind::Submit => deposit::submit(&mut self).await,
            Kind::Directory => directory::read(&mut self).await,
            Kind::LookUp => look_up::look_up(&mut self).await,
            Kind::Flux => flux::read_report(&mut self).await,
            Kind::History => history::read_history(&mut self).await,
            Kind::Action => action::act(&mut self).await,
            Kind::Follow => follow::follow(&mut self).await,
            Kind::Adopt => adoption::adopt(&mut self).await,
        };
        if let Err(failure) = &result {
            self.consequences(failure).await?;
        }
        result
    }

    async fn consequences(&mut self, failure: &Failure) -> Result<(), Failure> {
        if let Failure::Api(error) = failure {
            self.after_error(error).await?;
        }
        match failure.returned(&self.claim, &self.tools.settings) {
            Some(how) => self.give_back(&how).await,
            None => Ok(()),
        }
    }

    /// What an error means for others: a quota is shared by all, an account by all tasks of its supplier.
    async fn after_error(&mut self, error: &ApiError) -> Result<(), Failure> {
        let wait = wait_after(error, self.claim.attempts, &self.tools.settings).unwrap_or_default();
        match error.rule().kind {
            ErrorKind::Throttled => {
                self.tools
                    .budget
                    .stop(self.session.client().await?, wait)
                    .await?
            }
            ErrorKind::Account => {
                if let Some(supplier) = self.called_as.take() {
                    let client = self.database().await?;
                    let reason = Problem::TechnicalAccount.reason();
                    crate::supplier::failed(client, &supplier, &reason, wait.as_secs_f64()).await?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    async fn give_back(&mut self, how: &Return) -> Result<(), Failure> {
        Ok(
            crate::queue::release::give_back(self.session.client().await?, &self.claim, how)
                .await?,
        )
    }

    /// Ends the task: what it was about was settled by other means.
    async fn nothing_to_do(&mut self) -> Result<(), Failure> {
        crate::queue::release::done(self.session.client().await?, &self.claim).await?;
        Ok(())
    }

    /// Keeps the task for another lease: long work says after each part that it is still going on.
    async fn extend(&mut self) -> Result<(), Failure> {
        let lease = self.tools.settings.lease();
        crate::progress::beat();
        if crate::queue::claim::extend(self.session.client().await?, &self.claim, lease).await? {
            Ok(())
        } else {
            Err(Failure::LeaseLost)
        }
    }

    async fn database(&mut self) -> Result<&mut Database, Failure> {
        Ok(self.session.client().await?)
    }

    /// The supplier of the task, and its account.
    async fn supplier(&mut self) -> Result<(Supplier, Account), Failure> {
        let subject = self.claim.subject;
        let supplier = Supplier::of(self.database().await?, subject).await?;
        tracing::Span::current().record("supplier", supplier.id);
        let account = supplier.account(&self.tools.keys)?;
        self.called_as = Some(supplier.clone());
        Ok((supplier, account))
    }

    /// Waits for a permit to make one call.
    async fn permit(&mut self) -> Result<(), Failure> {
        let tools = Arc::clone(self.tools);
        tools.permit(self.database().await?).await
    }

    /// Asks Chorus Pro, with a permit.
    async fn ask<Q: Serialize, A: DeserializeOwned>(
        &mut self,
        operation: Operation,
        account: &Account,
        request: &Q,
    ) -> Result<A, Failure> {
        self.permit().await?;
        Ok(self.tools.chorus.call(operation, account, request).await?)
    }
}
