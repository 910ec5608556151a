//! What a link allows, and what becomes of the account typed there.

use tokio_postgres::Client;

use super::{Site, answer::Answer, fields::Fields};
use crate::{
    calls::Caller,
    credential::{self, Account, Owner},
    invitation::{self, Invitation, Standing, Token},
    supplier,
    task::Failure,
    verify::{self, Outcome, Problem, Reason, Registration},
};

/// The link, if it may be used.
pub(super) async fn open(
    site: &Site,
    client: &Client,
    token: &Token,
) -> Result<Invitation, Answer> {
    match invitation::find(client, token).await.map_err(away)? {
        Some(invitation) if invitation.standing == Standing::Open => Ok(invitation),
        Some(invitation) => Err(Answer::Closed(invitation.standing)),
        None if site.strangers.take() => Err(Answer::Unknown),
        None => Err(Answer::TooMany),
    }
}

/// Verifies an account and stores it.
pub(super) async fn register(
    site: &Site,
    client: &Client,
    token: &Token,
    fields: &Fields,
) -> Result<Answer, Answer> {
    let invitation = open(site, client, token).await?;
    let login = fields.login().to_owned();
    let flaws = fields.flaws();
    if !flaws.is_empty() {
        return Ok(Answer::Flawed {
            invitation,
            login,
            flaws,
        });
    }
    if !invitation::attempt(client, token).await.map_err(away)? {
        // Somebody else was faster, or tried for the last time.
        return Err(open(site, client, token)
            .await
            .err()
            .unwrap_or(Answer::Away));
    }
    let account = Account::new(&login, &fields.password);
    let owner = &invitation.owner;
    let (tools, caller) = (site.live.now(), Caller::person(Some(invitation.supplier)));
    let verified = verify::verify(&tools, client, caller, owner, &account, fields.choice()).await;
    let candidate = Candidate {
        site,
        client,
        token,
        fields,
    };
    match verified {
        Ok(Outcome::Registered(registration)) => {
            candidate
                .store(&registration.owner, Some(&registration), None)
                .await?;
            supplier::release_waiting(client, invitation.supplier)
                .await
                .map_err(away)?;
            tracing::info!(
                supplier = invitation.supplier,
                "registered through its link"
            );
            Ok(Answer::Registered)
        }
        Ok(Outcome::Refused(problem)) => candidate.refused(invitation, login, problem).await,
        Err(Failure::Api(_) | Failure::Queue(_)) => {
            candidate.store(owner, None, None).await?;
            Ok(Answer::Later)
        }
        Err(failure) => Err(away(failure)),
    }
}

struct Candidate<'a> {
    site: &'a Site,
    client: &'a Client,
    token: &'a Token,
    fields: &'a Fields,
}

impl Candidate<'_> {
    async fn refused(
        &self,
        invitation: Invitation,
        login: String,
        problem: Problem,
    ) -> Result<Answer, Answer> {
        let reason = problem.reason();
        tracing::warn!(
            supplier = invitation.supplier,
            reason = reason.en,
            "an account was refused"
        );
        if problem.is_the_suppliers() {
            invitation::failed(self.client, self.token, &reason)
                .await
                .map_err(away)?;
            return Ok(Answer::Refused {
                invitation,
                login,
                problem,
            });
        }
        self.store(&invitation.owner, None, Some(&reason)).await?;
        Ok(Answer::Operator)
    }

    /// Seals the account and uses the link up, unless it is not verified and the supplier has a good one.
    async fn store(
        &self,
        owner: &Owner,
        registration: Option<&Registration>,
        reason: Option<&Reason>,
    ) -> Result<(), Answer> {
        let login = self.fields.login();
        let public = self.site.live.now().keys.public();
        let sealed =
            credential::seal(&public, owner, login, &self.fields.password).map_err(away)?;
        let account = invitation::Account {
            owner,
            login,
            sealed: &sealed,
            registration,
            reason,
        };
        if invitation::redeem(self.client, self.token, &account)
            .await
            .map_err(away)?
        {
            return Ok(());
        }
        if registration.is_none() {
            invitation::undo_attempt(self.client, self.token)
                .await
                .map_err(away)?;
        }
        Err(match open(self.site, self.client, self.token).await {
            Err(closed) => closed,
            // The link is good: it is the supplier's present account that stays.
            Ok(_) if registration.is_none() => Answer::Kept,
            Ok(_) => Answer::Away,
        })
    }
}

/// A connection, for one request.
pub(super) async fn connect(site: &Site) -> Result<Client, Answer> {
    site.database.connect().await.map_err(away)
}

fn away(error: impl std::fmt::Display) -> Answer {
    tracing::warn!(%error, "the registration page could not answer");
    Answer::Away
}
