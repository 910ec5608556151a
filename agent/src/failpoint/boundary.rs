//! Commits and calls, at which tests strike.

use std::future::Future;

use crate::chorus::error::{ApiError, Operation};

/// Runs `task`, whose boundaries are those of a task of that kind.
#[cfg(not(feature = "failpoints"))]
pub async fn within<T>(_kind: &'static str, task: impl Future<Output = T>) -> T {
    task.await
}

/// Runs a statement that commits.
///
/// # Errors
/// The statement's.
#[cfg(not(feature = "failpoints"))]
pub async fn commit<T>(
    _step: &str,
    statement: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, tokio_postgres::Error> {
    statement.await
}

/// Makes a call.
///
/// # Errors
/// The call's.
#[cfg(not(feature = "failpoints"))]
pub async fn call<T>(
    _operation: Operation,
    call: impl Future<Output = Result<T, ApiError>>,
) -> Result<T, ApiError> {
    call.await
}

#[cfg(feature = "failpoints")]
pub use with_failpoints::{call, commit, within};

#[cfg(feature = "failpoints")]
mod with_failpoints {
    use super::{ApiError, Future, Operation};
    use crate::{chorus::error::Symptom, failpoint::STEPS};

    const TOKEN: &str = "token";

    tokio::task_local! {
        static KIND: &'static str;
    }

    /// An error in place of the step's result was asked for.
    struct Struck(String);

    /// Runs `task`, whose boundaries are those of a task of that kind.
    pub async fn within<T>(kind: &'static str, task: impl Future<Output = T>) -> T {
        KIND.scope(kind, task).await
    }

    /// Runs a statement that commits.
    ///
    /// # Errors
    /// The statement's, or the one that a test asked for.
    pub async fn commit<T>(
        step: &str,
        statement: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, tokio_postgres::Error> {
        reach(step, "before").map_err(lost_connection)?;
        let done = statement.await?;
        reach(step, "after").map_err(lost_connection)?;
        Ok(done)
    }

    /// Makes a call.
    ///
    /// # Errors
    /// The call's, or the one that a test asked for.
    pub async fn call<T>(
        operation: Operation,
        call: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<T, ApiError> {
        reach(name(operation), "before")
            .map_err(|struck| failed(operation, Symptom::NotConnected, struck))?;
        let answer = call.await?;
        reach(name(operation), "after")
            .map_err(|struck| failed(operation, Symptom::NoAnswer, struck))?;
        Ok(answer)
    }

    /// The words of its path that tell it from the others.
    fn name(operation: Operation) -> &'static str {
        match operation {
            Operation::Token => TOKEN,
            Operation::StructuresActives => "structures/actives/fournisseur",
            Operation::RechercherStructure => "structures/rechercher",
            Operation::ConsulterStructure => "structures/consulter",
            _ => {
                let path = operation.path();
                path.rsplit_once("/v1/").map_or(path, |(_, last)| last)
            }
        }
    }

    /// The agent gets to `side` of `step`: whatever a test wants to happen there, happens. Outside of tasks nothing does.
    fn reach(step: &str, side: &str) -> Result<(), Struck> {
        let Ok(kind) = KIND.try_with(|kind| *kind) else {
            return Ok(());
        };
        // The same for all kinds: whichever task needs the token first asks for it.
        let boundary = match step {
            TOKEN | "permit" | "succeeded" | "failed" => step.to_owned(),
            _ => format!("{kind}.{step}"),
        };
        if !STEPS.contains(&boundary.as_str()) {
            tracing::error!(boundary, "this boundary is not listed in failpoint::STEPS");
        }
        let point = format!("{boundary}.{side}");
        fail::fail_point!(&point, |what| strike(what.as_deref(), point.clone()));
        Ok(())
    }

    fn strike(what: Option<&str>, point: String) -> Result<(), Struck> {
        tracing::warn!(point, what, "struck by a test");
        match what {
            Some("freeze") => {
                // The process stops inside this call, as a suspended machine does, and goes on where it was.
                let itself = rustix::process::getpid();
                let _stopped = rustix::process::kill_process(itself, rustix::process::Signal::STOP);
                Ok(())
            }
            Some("fail") => Err(Struck(point)),
            _ => std::process::abort(),
        }
    }

    /// An error of the database without a SQLSTATE, as a lost connection gives. Only parsing makes one without a server.
    #[allow(clippy::panic, reason = "compiled for tests only")]
    fn lost_connection(struck: Struck) -> tokio_postgres::Error {
        match format!("struck={}", struck.0).parse::<tokio_postgres::Config>() {
            Err(error) => error,
            Ok(_) => panic!("\"struck\" has become an option of connection strings"),
        }
    }

    fn failed(operation: Operation, symptom: Symptom, struck: Struck) -> ApiError {
        ApiError {
            operation,
            symptom,
            http: None,
            text: Some(struck.0),
            retry_after: None,
            concern: None,
        }
    }
}
