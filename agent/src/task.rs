//! What is done for each kind of task. Every one may run twice, and on several agents at once.

use std::sync::Arc;

use serde::{Serialize, de::DeserializeOwned};
use tokio_postgres::Client as Database;
use uuid::Uuid;

use crate::{
    agent::StartError,
    calls::{Caller, Calls},
    chorus::{
        answer::unreadable,
        client::Client,
        error::{ApiError, Concern, Kind as ErrorKind, Operation, Scope},
    },
    config::{AgentSection, Config},
    credential::{Account, Keys},
    database::{DatabaseError, Session},
    failpoint,
    queue::{
        Kind,
        claim::{Claim, Subject},
        permit::{Budget, Pass, Permit},
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
mod failure;
mod findings;
mod flux;
mod follow;
mod history;
mod look_up;
mod search;

pub use failure::Failure;
use failure::{is_own, wait_after};

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
    /// What was called.
    pub calls: Arc<Calls>,
}

impl Tools {
    /// The tools as configured.
    ///
    /// # Errors
    /// A setting is missing or wrong.
    pub fn new(config: &Config) -> Result<Self, StartError> {
        Self::of(Uuid::new_v4(), Arc::default(), config)
    }

    /// The same agent with other settings; what it has called is remembered.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn anew(&self, config: &Config) -> Result<Self, StartError> {
        Self::of(self.agent, Arc::clone(&self.calls), config)
    }

    fn of(agent: Uuid, calls: Arc<Calls>, config: &Config) -> Result<Self, StartError> {
        let settings = config.agent.clone().checked()?;
        Ok(Self {
            agent,
            chorus: Client::new(&config.piste, &settings, Arc::clone(&calls))?,
            api: config.piste.api()?,
            keys: Keys::configured(&config.credentials)?,
            budget: Budget::new(config.piste.client_id()?, &settings),
            calls,
            settings,
        })
    }

    /// Waits for a permit to make one call.
    ///
    /// # Errors
    /// Too many wait already, a breaker is open, or the database's.
    pub async fn permit(
        &self,
        client: &Database,
        caller: Caller,
        operation: Operation,
    ) -> Result<Pass, Failure> {
        match self.budget.take(client, caller, operation).await? {
            Permit::After(pass, wait) => {
                tokio::time::sleep(wait).await;
                Ok(pass)
            }
            Permit::Queue(wait) => Err(Failure::Queue(wait)),
            Permit::Held { wait, reason, kind } => Err(Failure::Held { wait, reason, kind }),
        }
    }

    /// Tells the breakers what came of the call that `pass` was for, and what a failure has come to.
    ///
    /// A person's failure tells nothing: it may be the person's. A refused account is told where it is known which one it was. Where
    /// the breakers cannot be told, the answer counts all the same.
    pub async fn told(
        &self,
        client: &Database,
        pass: &Pass,
        failed: Option<&ApiError>,
    ) -> Option<Concern> {
        let told = match failed.map(|error| (error.scope(), error)) {
            None | Some((Scope::Task, _)) => {
                self.budget.succeeded(client, pass).await.map(|()| None)
            }
            Some((Scope::Supplier, _)) => Ok(None),
            Some(_) if pass.caller.is_person() => Ok(None),
            Some((_, error)) => {
                self.budget
                    .failed(client, pass.caller.supplier, error)
                    .await
            }
        };
        told.unwrap_or_else(|error| {
            tracing::warn!(%error, "the breakers could not be told");
            None
        })
    }

    /// Asks Chorus Pro, with a permit.
    ///
    /// # Errors
    /// As [`Self::permit`], and everything but an answer that says yes.
    pub async fn ask<Q: Serialize, A: DeserializeOwned>(
        &self,
        client: &Database,
        caller: Caller,
        operation: Operation,
        account: &Account,
        request: &Q,
    ) -> Result<A, Failure> {
        let pass = self.permit(client, caller, operation).await?;
        self.ask_with(client, pass, operation, account, request)
            .await
    }

    /// Asks Chorus Pro, with the permit in hand.
    ///
    /// # Errors
    /// Everything but an answer that says yes.
    pub async fn ask_with<Q: Serialize, A: DeserializeOwned>(
        &self,
        client: &Database,
        pass: Pass,
        operation: Operation,
        account: &Account,
        request: &Q,
    ) -> Result<A, Failure> {
        let result = self
            .chorus
            .call(pass.caller, operation, account, request)
            .await;
        let concern = self.told(client, &pass, result.as_ref().err()).await;
        Ok(result.map_err(|error| ApiError { concern, ..error })?)
    }

    /// Leaves the account of `supplier` alone for a while: it was refused.
    ///
    /// # Errors
    /// The database's.
    pub async fn account_refused(
        &self,
        client: &Database,
        supplier: i64,
    ) -> Result<(), DatabaseError> {
        let refused = unreadable(Operation::HealthCheck, 401);
        self.budget.failed(client, Some(supplier), &refused).await?;
        Ok(())
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
        failpoint::within(self.claim.kind.word(), async {
            // On the heap: the state of all kinds together is too large for the stacks of everybody who waits for it.
            let result = Box::pin(self.act()).await;
            if let Err(failure) = &result {
                self.consequences(failure).await?;
            }
            result
        })
        .await
    }

    async fn act(&mut self) -> Result<(), Failure> {
        match self.claim.kind {
            Kind::Submit => deposit::submit(self).await,
            Kind::Directory => directory::read(self).await,
            Kind::LookUp => look_up::look_up(self).await,
            Kind::Flux => flux::read_report(self).await,
            Kind::History => history::read_history(self).await,
            Kind::Action => action::act(self).await,
            Kind::Follow => follow::follow(self).await,
            Kind::Adopt => adoption::adopt(self).await,
        }
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

    /// What a refused account means for others: all tasks of its supplier wait until it is good.
    async fn after_error(&mut self, error: &ApiError) -> Result<(), Failure> {
        if error.rule().kind != ErrorKind::Account {
            return Ok(());
        }
        let Some(supplier) = self.called_as.take() else {
            return Ok(());
        };
        let tools = Arc::clone(self.tools);
        let client = self.database().await?;
        let reason = Problem::TechnicalAccount.reason();
        if crate::supplier::failed(client, &supplier, &reason, 0.0).await? {
            tools.account_refused(client, supplier.id).await?;
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
        self.calling_as(supplier)
    }

    /// The account of `supplier`, with which calls are made from here on.
    fn calling_as(&mut self, supplier: Supplier) -> Result<(Supplier, Account), Failure> {
        tracing::Span::current().record("supplier", supplier.id);
        let account = supplier.account(&self.tools.keys)?;
        self.called_as = Some(supplier.clone());
        Ok((supplier, account))
    }

    /// For whom and about what the task calls.
    fn caller(&self) -> Caller {
        let (invoice, supplier) = match self.claim.subject {
            Subject::Invoice(invoice) => (Some(invoice), None),
            Subject::Structure(_) => (None, None),
            Subject::Supplier(supplier) => (None, Some(supplier)),
        };
        Caller {
            supplier: supplier.or(self.called_as.as_ref().map(|supplier| supplier.id)),
            invoice,
            task: Some(self.claim.id),
        }
    }

    /// Waits for a permit to call `operation`.
    async fn permit(&mut self, operation: Operation) -> Result<Pass, Failure> {
        let (tools, caller) = (Arc::clone(self.tools), self.caller());
        tools
            .permit(self.database().await?, caller, operation)
            .await
    }

    /// Tells the breakers what came of the call that `pass` was for, and what a failure has come to.
    async fn told(&mut self, pass: &Pass, failed: Option<&ApiError>) -> Option<Concern> {
        let tools = Arc::clone(self.tools);
        let client = self.database().await.ok()?;
        tools.told(client, pass, failed).await
    }

    /// Asks Chorus Pro, with the permit in hand.
    async fn ask_with<Q: Serialize, A: DeserializeOwned>(
        &mut self,
        pass: Pass,
        operation: Operation,
        account: &Account,
        request: &Q,
    ) -> Result<A, Failure> {
        let tools = Arc::clone(self.tools);
        let client = self.database().await?;
        tools
            .ask_with(client, pass, operation, account, request)
            .await
    }

    /// Asks Chorus Pro, with a permit.
    async fn ask<Q: Serialize, A: DeserializeOwned>(
        &mut self,
        operation: Operation,
        account: &Account,
        request: &Q,
    ) -> Result<A, Failure> {
        let (tools, caller) = (Arc::clone(self.tools), self.caller());
        let client = self.database().await?;
        tools.ask(client, caller, operation, account, request).await
    }
}
