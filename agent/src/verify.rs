//! Verification of a technical account: token, account, structure, API, and until when its password is good.

use jiff::civil::Date;
use serde::{Serialize, de::DeserializeOwned};
use tokio_postgres::{Client as Database, types::Type};

mod problem;
mod wire;

pub use problem::{Establishment, Problem, Reason};
use wire::{Found, Own};

use crate::{
    calls::Caller,
    chorus::{
        error::{ApiError, Operation},
        instant::{day, instant, paris_day},
        wire::{
            ConsulterStructure, CritereStructure, FacturesTrouvees, Nothing, RechercherFournisseur,
            RechercherStructure, Structure, StructuresActives,
        },
    },
    credential::{Account, Owner},
    database::DatabaseError,
    task::{Failure, Tools},
};

const KNOWN: &str =
    "SELECT EXISTS (SELECT FROM chorus.supplier WHERE id_type = 'SIRET' AND identifier = $1)";

/// What a verification found.
#[derive(Debug)]
pub enum Outcome {
    /// All is well.
    Registered(Registration),
    /// It is not, and asking again changes nothing.
    Refused(Problem),
}

/// What is known of a good account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Chorus Pro's id of the structure.
    pub structure: i64,
    /// Who the supplier is: as before, or the SIRET that was found for a VAT number.
    pub owner: Owner,
    /// Last day of its password, where Chorus Pro says it.
    pub password_expires_on: Option<Date>,
}

/// Verifies `account` for `owner`. `choice` is the SIRET that a person chose among several.
///
/// # Errors
/// The database's, or what may come right by itself: network, maintenance, quota.
pub async fn verify(
    tools: &Tools,
    client: &Database,
    caller: Caller,
    owner: &Owner,
    account: &Account,
    choice: Option<&str>,
) -> Result<Outcome, Failure> {
    let verification = Verification {
        tools,
        client,
        caller,
        owner,
        account,
    };
    match verification.run(choice).await {
        Err(Failure::Api(error)) => match Problem::of(&error) {
            Some(problem) => Ok(Outcome::Refused(problem)),
            None => Err(error.into()),
        },
        result => result,
    }
}

struct Verification<'a> {
    tools: &'a Tools,
    client: &'a Database,
    caller: Caller,
    owner: &'a Owner,
    account: &'a Account,
}

impl Verification<'_> {
    async fn run(&self, choice: Option<&str>) -> Result<Outcome, Failure> {
        self.is_up().await?;
        let actives: StructuresActives =
            self.ask(Operation::StructuresActives, &Nothing {}).await?;
        let actives = actives.liste_structures.unwrap_or_default();
        let (structure, owner) = match self.mine(&actives, choice) {
            Ok(found) => found,
            Err(problem) => return self.refused(problem).await,
        };
        if owner != *self.owner && self.is_known(&owner.identifier).await? {
            return Ok(Outcome::Refused(Problem::KnownAlready(owner.identifier)));
        }
        self.may_search(structure).await?;
        Ok(Outcome::Registered(Registration {
            structure,
            owner,
            password_expires_on: password_expires_on(
                self.tools,
                self.client,
                self.caller,
                self.account,
                structure,
            )
            .await?,
        }))
    }

    /// Is Chorus Pro up, and is the account good?
    async fn is_up(&self) -> Result<(), Failure> {
        let (tools, client, caller) = (self.tools, self.client, self.caller);
        let pass = tools.permit(client, caller, Operation::HealthCheck).await?;
        let result = tools.chorus.health_check(caller, self.account).await;
        let concern = tools.told(client, &pass, result.as_ref().err()).await;
        Ok(result.map_err(|error| ApiError { concern, ..error })?)
    }

    /// The supplier's structure among those of the account, and the supplier's name by it.
    fn mine(&self, actives: &[Structure], choice: Option<&str>) -> Result<(i64, Owner), Problem> {
        let candidates: Vec<(i64, &Structure, &str)> = actives
            .iter()
            .filter_map(|active| {
                let identifier = active.identifiant.as_deref()?;
                Some((active.id_structure_cpp?, active, identifier))
            })
            .filter(|(_, _, identifier)| self.may_be(identifier, choice))
            .collect();
        match candidates.as_slice() {
            [] => Err(Problem::not_attached(self.owner)),
            [(structure, _, identifier)] => Ok((*structure, self.named(identifier))),
            several => Err(Problem::SeveralSirets(
                several
                    .iter()
                    .map(|(_, active, siret)| Establishment {
                        siret: (*siret).to_owned(),
                        name: active.designation_structure.clone().unwrap_or_default(),
                    })
                    .collect(),
            )),
        }
    }

    fn may_be(&self, identifier: &str, choice: Option<&str>) -> bool {
        match self.vat_siren() {
            None => identifier == self.owner.identifier,
            Some(siren) => {
                identifier.len() == 14
                    && identifier.starts_with(siren)
                    && choice.is_none_or(|choice| choice == identifier)
            }
        }
    }

    /// The SIREN in a French VAT number, where that is all that is known of the supplier.
    fn vat_siren(&self) -> Option<&str> {
        (self.owner.id_type == "TVA")
            .then(|| self.owner.identifier.get(4..))
            .flatten()
    }

    fn named(&self, identifier: &str) -> Owner {
        match self.vat_siren() {
            None => self.owner.clone(),
            Some(_) => Owner {
                id_type: "SIRET".into(),
                identifier: identifier.into(),
                ..self.owner.clone()
            },
        }
    }

    /// Not attached: because Chorus Pro does not know it, because it is closed, or for no better reason.
    async fn refused(&self, problem: Problem) -> Result<Outcome, Failure> {
        let Problem::NotAttached(identifier) = &problem else {
            return Ok(Outcome::Refused(problem));
        };
        if self.vat_siren().is_some() {
            return Ok(Outcome::Refused(problem));
        }
        let request = RechercherStructure {
            structure: CritereStructure {
                identifiant_structure: identifier,
                type_identifiant_structure: &self.owner.id_type,
            },
        };
        let found: Found = match self.ask(Operation::RechercherStructure, &request).await {
            Ok(found) => found,
            // The better reason cannot be had; the good one stands.
            Err(Failure::Api(error)) if Problem::of(&error).is_some() => {
                return Ok(Outcome::Refused(problem));
            }
            Err(Failure::Held { .. }) => return Ok(Outcome::Refused(problem)),
            Err(failure) => return Err(failure),
        };
        let found = found.liste_structures.unwrap_or_default();
        let problem = match found.first() {
            None => Problem::UnknownIdentifier(identifier.clone()),
            Some(known) if known.statut.as_deref() == Some("INACTIVE") => {
                Problem::Inactive(identifier.clone())
            }
            Some(_) => problem,
        };
        Ok(Outcome::Refused(problem))
    }

    async fn is_known(&self, siret: &str) -> Result<bool, DatabaseError> {
        let row = self
            .client
            .query_typed_one(KNOWN, &[(&siret, Type::TEXT)])
            .await?;
        Ok(row.try_get(0)?)
    }

    /// The API of invoices has a subscription and conditions of its own: the smallest search shows whether it is open.
    async fn may_search(&self, structure: i64) -> Result<(), Failure> {
        let request = RechercherFournisseur::smallest(Some(structure));
        let _found: FacturesTrouvees = self.ask(Operation::RechercherFournisseur, &request).await?;
        Ok(())
    }

    async fn ask<Q: Serialize, A: DeserializeOwned>(
        &self,
        operation: Operation,
        request: &Q,
    ) -> Result<A, Failure> {
        self.tools
            .ask(self.client, self.caller, operation, self.account, request)
            .await
    }
}

/// Last day of the password of `account`, as Chorus Pro says it of the account's own `structure`.
///
/// Nothing depends on it but a warning: where the API of structures is closed, the date is not known.
///
/// # Errors
/// The database's, or what may come right by itself: network, maintenance, quota.
pub async fn password_expires_on(
    tools: &Tools,
    client: &Database,
    caller: Caller,
    account: &Account,
    structure: i64,
) -> Result<Option<Date>, Failure> {
    let request = ConsulterStructure {
        code_langue: "fr",
        id_structure_cpp: structure,
    };
    let operation = Operation::ConsulterStructure;
    let own: Own = match tools
        .ask(client, caller, operation, account, &request)
        .await
    {
        Ok(own) => own,
        Err(Failure::Held { reason, .. }) => {
            tracing::warn!(structure, reason, "the password's last day cannot be read");
            return Ok(None);
        }
        Err(Failure::Api(error)) if Problem::of(&error).is_some() => {
            tracing::warn!(structure, %error, "the password's last day cannot be read");
            return Ok(None);
        }
        Err(failure) => return Err(failure),
    };
    let text = own
        .information_generales
        .and_then(|general| general.date_expiration_mot_passe_compte_tech);
    Ok(text.as_deref().and_then(last_day))
}

/// Asks the directory about `owner`: whether it answers at all, which no registration needs and every check of a buyer does.
///
/// # Errors
/// It does not, or the database's.
pub async fn directory(
    tools: &Tools,
    client: &Database,
    caller: Caller,
    owner: &Owner,
    account: &Account,
) -> Result<(), Failure> {
    let request = RechercherStructure {
        structure: CritereStructure {
            identifiant_structure: &owner.identifier,
            type_identifiant_structure: &owner.id_type,
        },
    };
    let operation = Operation::RechercherStructure;
    let _found: Found = tools
        .ask(client, caller, operation, account, &request)
        .await?;
    Ok(())
}

/// A date alone, or the day in Paris of an instant.
fn last_day(text: &str) -> Option<Date> {
    match text.trim().len() {
        10 => day(text),
        _ => instant(text).and_then(paris_day).or_else(|| day(text)),
    }
}
