//! Stories that lead through all steps: what happens at Chorus Pro, what people do, and how it has to end.

use anyhow::{Result, ensure};
use chorus_simulator::{
    Delays, Fault, ForcedOutcome, IdType, InvoiceSpec, Operation, Role, ServiceSpec, Settings,
    StructureSpec,
};
use chorus_tests::fixture;
use serde_json::json;
use std::time::Duration;
use tokio_postgres::Client;

use crate::common::Stage;

/// The number of the fixture.
const NUMBER: &str = "FA2026-0042";

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Story {
    /// Deposited, suspended, completed with a file, ordered to be paid.
    Suspended,
    /// Sent on to another service.
    SentOn,
    /// Rejected by its buyer, and marked as treated.
    Treated,
    /// The same, and the answer to the mark is lost.
    MarkLost,
    /// Its validator is corrected.
    Validated,
    /// The first completion is refused for the time being.
    Throttled,
    /// The answer to the completion is lost.
    CompletionLost,
    /// PISTE has no token, and no history can be had, the first time.
    Down,
    /// The answer to the deposit is lost.
    AnswerLost,
    /// The deposit is lost.
    DepositLost,
    /// The flux is rejected, and the invoice corrected.
    FluxRejected,
    /// The deposit is lost, and Chorus Pro has another invoice under the number.
    Blocked,
    /// So many calls are to be made that the deposit is put off; the last ones failed, so that a question goes before it.
    Queued,
    /// Invoices that came another way are taken in; the first search fails.
    Elsewhere,
}

impl Story {
    pub const ALL: [Self; 14] = [
        Self::Suspended,
        Self::SentOn,
        Self::Treated,
        Self::MarkLost,
        Self::Validated,
        Self::Throttled,
        Self::CompletionLost,
        Self::Down,
        Self::AnswerLost,
        Self::DepositLost,
        Self::FluxRejected,
        Self::Blocked,
        Self::Queued,
        Self::Elsewhere,
    ];

    /// The story that leads through `step`.
    pub fn through(step: &str) -> Self {
        match step {
            "submit.give_back" | "submit.rechercher/fournisseur" => Self::Queued,
            "look_up.claim"
            | "look_up.rechercher/fournisseur"
            | "look_up.consulterCRDetaille"
            | "look_up.adopt"
            | "look_up.sooner" => Self::AnswerLost,
            "look_up.block" => Self::Blocked,
            "flux.move" => Self::FluxRejected,
            "action.recycler"
            | "action.structures/rechercher"
            | "action.structures/consulter"
            | "action.rechercher/services"
            | "action.structure"
            | "action.consulter/service"
            | "action.details" => Self::SentOn,
            "history.give_back"
            | "directory.give_back"
            | "directory.unanswered"
            | "succeeded"
            | "failed" => Self::Down,
            "history.structures/rechercher"
            | "history.structures/consulter"
            | "history.rechercher/services"
            | "history.structure"
            | "history.consulter/service"
            | "history.details" => Self::Elsewhere,
            "action.traiterRejet" => Self::Treated,
            "action.rechercher/fournisseur" => Self::MarkLost,
            "action.corriger/valideur/facture" => Self::Validated,
            "action.not_sent" => Self::Throttled,
            "action.give_back" => Self::CompletionLost,
            step if step.starts_with("look_up.") => Self::DepositLost,
            "follow.expiry" => Self::Elsewhere,
            step if step.starts_with("adopt.") => Self::Elsewhere,
            _ => Self::Suspended,
        }
    }

    /// How Chorus Pro and its buyer behave.
    pub fn settings(self, settings: &mut Settings) {
        let script: &[&str] = match self {
            // One after which no payment may follow, so that the buyer's flags are asked for.
            Self::Suspended => &["SUSPENDUE=Bon de livraison absent", "MANDATEE"],
            Self::Throttled | Self::CompletionLost => {
                &["SUSPENDUE=Bon de livraison absent", "MISE_EN_PAIEMENT"]
            }
            Self::SentOn => &["A_RECYCLER=Mauvais service", "MISE_EN_PAIEMENT"],
            Self::Treated | Self::MarkLost => &["REJETEE=Prix conteste"],
            Self::Validated | Self::Elsewhere => &[],
            _ => &["MISE_EN_PAIEMENT"],
        };
        settings.buyer_script = script.iter().map(|&status| status.to_owned()).collect();
        settings.duplicate_rule = false;
        if self == Self::Suspended {
            // The first look at the report comes before that.
            settings.delays.states = [("IN_INTEGRE".to_owned(), 1500)].into();
        } else {
            settings.delays = Delays::all(Duration::from_millis(5));
        }
    }

    /// Sets what goes wrong at Chorus Pro, and asks for what is to be done.
    pub async fn begin(self, stage: &Stage) -> Result<()> {
        if matches!(self, Self::Elsewhere | Self::Down | Self::Queued) {
            self.before(stage).await?;
        }
        let refused = Fault::refuse().on(Operation::DeposerFlux).times(1);
        let faults = match self {
            Self::Throttled => vec![Fault::status(403).on(Operation::Completer).times(1)],
            Self::CompletionLost => vec![Fault::drop_after().on(Operation::Completer).times(1)],
            Self::MarkLost => vec![Fault::drop_after().on(Operation::TraiterRejet).times(1)],
            Self::Down => vec![
                Fault::status(503).on(Operation::Token).times(6),
                Fault::status(503)
                    .on(Operation::RechercherStructure)
                    .times(2),
                Fault::status(503)
                    .on(Operation::ConsulterHistorique)
                    .times(2),
            ],
            Self::Elsewhere => vec![
                Fault::status(503)
                    .on(Operation::RechercherFournisseur)
                    .times(3),
            ],
            Self::AnswerLost => vec![Fault::drop_after().on(Operation::DeposerFlux).times(1)],
            Self::DepositLost | Self::Blocked => vec![refused],
            _ => Vec::new(),
        };
        stage.simulator.set_faults(faults)?;
        match self {
            Self::FluxRejected => stage.simulator.force_outcome(ForcedOutcome {
                number: NUMBER.into(),
                state: "IN_REJETE".into(),
                message: None,
                count: 1,
            }),
            Self::Blocked => {
                let other = InvoiceSpec {
                    service_code: Some("FACTURES-DSI".into()),
                    ..InvoiceSpec::new(NUMBER)
                };
                stage.simulator.put_invoices(vec![other])?;
            }
            Self::SentOn => {
                let (id_type, siret) = (IdType::Siret, "13002526500013");
                let mut buyer = StructureSpec::new(Role::Buyer, id_type, siret, "COMMUNE");
                buyer.services = vec![
                    ServiceSpec::new("FACTURES-DSI", "Informatique"),
                    ServiceSpec::new("VOIRIE", "Voirie"),
                ];
                stage.simulator.put_structure(buyer);
            }
            Self::Validated => {
                let (id_type, siret) = (IdType::Siret, "12345678200036");
                let validator = StructureSpec::new(Role::Supplier, id_type, siret, "TITULAIRE");
                stage.simulator.put_structure(validator);
            }
            Self::Elsewhere => {
                let siret = stage.simulator.supplier_siret();
                let mut supplier =
                    StructureSpec::new(Role::Supplier, IdType::Siret, siret, "FOURNISSEUR");
                supplier.password_expires = Some("2099-12-31".into());
                stage.simulator.put_structure(supplier);
                let specs = (1..=15).map(|n| InvoiceSpec {
                    service_code: Some("FACTURES-DSI".into()),
                    status: Some("MANDATEE".into()),
                    ..InvoiceSpec::new(&format!("P-{n}"))
                });
                stage.simulator.put_invoices(specs.collect())?;
                let client = stage.database.connect().await?;
                client
                    .batch_execute(
                        "SELECT chorus.adopt(id, current_date - 7) FROM chorus.supplier;
                         UPDATE chorus.supplier SET password_read_at = NULL",
                    )
                    .await?;
                return Ok(());
            }
            _ => {}
        }
        let mut invoice = fixture("b2g.json")?;
        invoice["series"] = json!("FA2026");
        stage.insert(&invoice).await?;
        let client = stage.database.connect().await?;
        if self == Self::Queued {
            // Ten seconds' worth of calls at the rate of tests. Following would ask first.
            client
                .batch_execute(
                    "UPDATE chorus.api_budget SET permits = -1e7, refilled_at = now();
                     INSERT INTO chorus.api_breaker (application, api, strikes, failures, failed_at, kind, reason, remedy, remedy_fr, opened_at, probe_at)
                     SELECT application, 'Factures', 5, 5, now(), 'down', 'HTTP 503', 'wait', 'attendez', now(), now() FROM chorus.api_budget;
                     UPDATE chorus.task SET run_at = now() + interval '1 hour' WHERE kind = 'follow'",
                )
                .await?;
        }
        if self == Self::Suspended {
            client
                .batch_execute(
                    "INSERT INTO chorus.attachment (invoice_id, name, content, sent_with)
                     SELECT id, 'bl.pdf', '\\x255044462d', 'complement' FROM chorus.invoice",
                )
                .await?;
        }
        Ok(())
    }

    /// An agent without blows makes ready what the story takes for granted.
    async fn before(self, stage: &Stage) -> Result<()> {
        let mut agent = stage.agent.run()?;
        let registered = "SELECT bool_and(state = 'registered') FROM chorus.supplier";
        stage.until(registered).await?;
        if self == Self::Queued {
            let client = stage.database.connect().await?;
            let buyer = stage.simulator.buyer_siret();
            client
                .execute("SELECT chorus.refresh_structure($1)", &[&buyer])
                .await?;
            let known =
                "SELECT count(*) = 1 AND bool_and(fetched_at IS NOT NULL) FROM chorus.structure";
            stage.until(known).await?;
        }
        ensure!(agent.terminate().await?.success(), "{}", agent.log());
        Ok(())
    }

    /// What people do when they see that it is their turn.
    pub async fn people(self, stage: &Stage, client: &Client) -> Result<()> {
        let row = client
            .query_opt(
                "SELECT state, coalesce(status, '') FROM chorus.invoice WHERE number = $1",
                &[&NUMBER],
            )
            .await?;
        let Some(row) = row else { return Ok(()) };
        let (state, status): (&str, &str) = (row.get(0), row.get(1));
        let act = match (self, state, status) {
            (_, "action_required", "SUSPENDUE") => {
                "SELECT chorus.complete(id, 'Voici') FROM chorus.invoice"
            }
            (_, "action_required", "A_RECYCLER") => {
                "SELECT chorus.recycle(id, '13002526500013', 'VOIRIE') FROM chorus.invoice"
            }
            (_, "action_required", "ERREUR_FOURNISSEUR_SUR_VALIDEUR") => {
                "SELECT chorus.correct_validator(id, '12345678200036') FROM chorus.invoice"
            }
            (Self::Validated, "integrated", "MISE_A_DISPOSITION") => {
                // Once: what is known here may be older than what is so there.
                let there = stage.simulator.invoices();
                if there.iter().all(|invoice| invoice.status == status) {
                    stage
                        .simulator
                        .set_status(NUMBER, "ERREUR_FOURNISSEUR_SUR_VALIDEUR", None)?;
                }
                return Ok(());
            }
            (_, "rejected", _) => {
                "SELECT chorus.treat_rejection(id) FROM chorus.invoice WHERE rejection_treated_at IS NULL"
            }
            (_, "flux_rejected", _) => {
                "UPDATE chorus.invoice SET doc = doc #- '{ordering,purchases}'"
            }
            // Sent too often without a trace, since agents died on the way: it is not there, as anybody can see on the portal.
            (story, "blocked", _)
                if story != Self::Blocked && stage.simulator.ledger().posts.is_empty() =>
            {
                "SELECT chorus.resolve(id, 'not_deposited', 'not on the portal') FROM chorus.invoice"
            }
            _ => return Ok(()),
        };
        match client.batch_execute(act).await {
            // An agent was faster, or the status has not been read since the last answer.
            Err(error)
                if error
                    .code()
                    .is_some_and(|state| state.code().starts_with("55")) =>
            {
                Ok(())
            }
            result => Ok(result?),
        }
    }

    /// The query that is true once it has come to its end, and then for good.
    pub fn end(self) -> String {
        let reached = match self {
            Self::Suspended => "bool_and(status = 'MANDATEE')",
            Self::Treated | Self::MarkLost => {
                "bool_and(state = 'rejected' AND rejection_treated_at IS NOT NULL)"
            }
            Self::Validated => "bool_and(state = 'awaiting_validator')",
            Self::Blocked => "bool_and(state = 'blocked')",
            // Nobody asks what came after.
            Self::Queued => "bool_and(state IN ('integrated', 'paid'))",
            Self::Elsewhere => "count(*) = 15 AND bool_and(status = 'MANDATEE')",
            _ => "bool_and(state = 'paid')",
        };
        format!("SELECT {reached} FROM chorus.invoice")
    }

    /// The query that is true when nothing is left to do, now: what is followed may be asked for again at any time.
    pub fn rest(self) -> &'static str {
        match self {
            Self::Elsewhere => {
                "SELECT NOT EXISTS (SELECT FROM chorus.task WHERE kind NOT IN ('follow', 'directory'))
                     AND (SELECT bool_and(password_read_at IS NOT NULL) FROM chorus.supplier)"
            }
            Self::Blocked => {
                "SELECT bool_and(run_at = 'infinity') FROM chorus.task WHERE kind NOT IN ('follow', 'directory')"
            }
            _ => {
                "SELECT NOT EXISTS (SELECT FROM chorus.task WHERE kind NOT IN ('follow', 'directory'))
                     AND NOT EXISTS (SELECT FROM chorus.action WHERE state IN ('queued', 'sent'))"
            }
        }
    }

    /// What Chorus Pro has to have received in the end: everything once.
    pub fn audit(self, stage: &Stage) -> Result<()> {
        let ledger = stage.simulator.ledger();
        let good = ledger
            .posts
            .iter()
            .filter(|post| post.state.as_deref() != Some("IN_REJETE"))
            .count();
        let expected = usize::from(!matches!(self, Self::Blocked | Self::Elsewhere));
        ensure!(
            good == expected,
            "{good} deposits arrived instead of {expected}"
        );
        let answers = [
            Operation::Completer,
            Operation::Recycler,
            Operation::TraiterRejet,
            Operation::CorrigerValideur,
        ];
        let done: usize = answers
            .iter()
            .map(|operation| {
                ledger
                    .actions_of(*operation)
                    .filter(|action| action.return_code == 0)
                    .count()
            })
            .sum();
        let asked = usize::from(matches!(
            self,
            Self::Suspended
                | Self::SentOn
                | Self::Treated
                | Self::MarkLost
                | Self::Validated
                | Self::Throttled
                | Self::CompletionLost
        ));
        ensure!(
            done == asked,
            "{done} answers arrived instead of {asked}: {:?}",
            ledger.actions
        );
        Ok(())
    }
}
