//! The life cycle of an integrated invoice.

use jiff::Timestamp;

use crate::routing::Routing;

/// Statuses a buyer may set through `traiter/recue`. Chorus Pro imposes no order among them.
pub(crate) const BY_BUYER: [&str; 10] = [
    "MISE_A_DISPOSITION",
    "PRISE_EN_COMPTE_DESTINATAIRE",
    "A_RECYCLER",
    "SUSPENDUE",
    "REJETEE",
    "SERVICE_FAIT",
    "MANDATEE",
    "MISE_A_DISPOSITION_COMPTABLE",
    "COMPTABILISEE",
    "MISE_EN_PAIEMENT",
];

/// Statuses of those that a buyer has to give a reason for.
pub(crate) const WITH_REASON: [&str; 2] = ["SUSPENDUE", "REJETEE"];

/// Statuses of an invoice that a buyer does not hold: at its validators, or withdrawn.
pub(crate) const NOT_AT_BUYER: [&str; 13] = [
    "BROUILLON",
    "A_VALIDER_1",
    "A_VALIDER_2",
    "VALIDEE_1",
    "VALIDEE_2",
    "REFUSEE_1",
    "REFUSEE_2",
    "ABSENCE_VALIDATION_1_HORS_DELAI",
    "ABSENCE_VALIDATION_2_HORS_DELAI",
    WRONG_VALIDATOR[0],
    WRONG_VALIDATOR[1],
    "ABANDONNEE",
    "SUPPRIMEE",
];

/// The first and the second validator say that the invoice is not theirs.
pub(crate) const WRONG_VALIDATOR: [&str; 2] = [
    "ERREUR_FOURNISSEUR_SUR_VALIDEUR",
    "ERREUR_COTRAITANT_SUR_VALIDEUR",
];

/// Waiting for the first and the second validator.
pub(crate) const TO_VALIDATE: [&str; 2] = ["A_VALIDER_1", "A_VALIDER_2"];

/// Frameworks whose invoices go to validators first: subcontractor, co-contractor.
pub(crate) const VALIDATED_FRAMEWORKS: [&str; 2] = ["A9", "A12"];

/// `modeDepot` of what came by the API.
pub(crate) const BY_API: &str = "UPLOAD_API";

/// First name, last name, e-mail and telephone of the public agent behind every status of a buyer. Personal data
/// that a client has no reason to keep: tests look for them where they must not be.
pub const BUYER_AGENT: [&str; 4] = [
    "Capucine",
    "Delagrange-Vauquelin",
    "capucine.delagrange@example.org",
    "0199009917",
];

/// A buyer who takes delivery, orders the payment, books it and pays: a script for [`crate::Settings::buyer_script`].
pub const PAYING_BUYER: [&str; 5] = [
    "SERVICE_FAIT",
    "MANDATEE",
    "MISE_A_DISPOSITION_COMPTABLE",
    "COMPTABILISEE",
    "MISE_EN_PAIEMENT",
];

/// Who moved an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Author {
    /// Chorus Pro itself, or the supplier's technical account.
    System,
    /// An agent of the buyer.
    Buyer,
}

/// One passage of a status.
#[derive(Debug, Clone)]
pub(crate) struct Passage {
    /// `histoStatutId`: 1, 2, 3… within the invoice.
    pub(crate) id: i64,
    pub(crate) status: String,
    pub(crate) at: Timestamp,
    pub(crate) comment: Option<String>,
    pub(crate) by: Author,
}

/// Something that a user of the supplier did with the invoice.
#[derive(Debug, Clone)]
pub(crate) struct UserAction {
    /// `histoActionId`: 1, 2, 3… within the invoice.
    pub(crate) id: i64,
    pub(crate) code: String,
    pub(crate) at: Timestamp,
}

/// An integrated invoice. Its content is that of its flux.
#[derive(Debug)]
pub(crate) struct Invoice {
    /// `identifiantFactureCPP`.
    pub(crate) id: i64,
    /// Index of the flux it came with.
    pub(crate) flux: usize,
    /// Structure numbers; `None` when a forced integration named an unknown structure.
    pub(crate) supplier: Option<i64>,
    pub(crate) buyer: Option<i64>,
    pub(crate) routing: Routing,
    /// `modeDepot`.
    pub(crate) deposit_mode: String,
    /// `rejetTraite`.
    pub(crate) rejection_treated: bool,
    /// Structure numbers of the validators that the supplier named in a correction.
    pub(crate) validators: [Option<i64>; 2],
    /// Statuses of the buyer's and of the validator's script already set.
    pub(crate) scripted: Scripted,
    actions: Vec<UserAction>,
    /// Never empty.
    history: Vec<Passage>,
}

/// How far the automatic buyer and the automatic validator have come.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Scripted {
    pub(crate) buyer: usize,
    pub(crate) validator: usize,
}

impl Invoice {
    pub(crate) fn new(id: i64, flux: usize, routing: Routing) -> Self {
        Self {
            id,
            flux,
            supplier: None,
            buyer: None,
            routing,
            deposit_mode: BY_API.into(),
            rejection_treated: false,
            validators: [None; 2],
            scripted: Scripted::default(),
            actions: Vec::new(),
            history: Vec::new(),
        }
    }

    /// Adds a passage; the same status may come again.
    pub(crate) fn pass(
        &mut self,
        status: &str,
        at: Timestamp,
        comment: Option<String>,
        by: Author,
    ) {
        let id = self.last_id() + 1;
        self.history.push(Passage {
            id,
            status: status.into(),
            at,
            comment,
            by,
        });
    }

    /// Adds a user's action.
    pub(crate) fn act(&mut self, code: &str, at: Timestamp) {
        let id = self.actions.last().map_or(1, |last| last.id + 1);
        self.actions.push(UserAction {
            id,
            code: code.into(),
            at,
        });
    }

    /// Oldest first.
    pub(crate) fn history(&self) -> &[Passage] {
        &self.history
    }

    /// Oldest first.
    pub(crate) fn actions(&self) -> &[UserAction] {
        &self.actions
    }

    /// The current one; `None` only before the first passage.
    pub(crate) fn current(&self) -> Option<&Passage> {
        self.history.last()
    }

    /// Number of the current passage.
    pub(crate) fn last_id(&self) -> i64 {
        self.current().map_or(0, |passage| passage.id)
    }

    /// Code of the current status.
    pub(crate) fn status(&self) -> &str {
        self.current().map_or("", |passage| passage.status.as_str())
    }
}
