//! The life cycle of an integrated invoice.

use jiff::Timestamp;

/// Statuses that come by themselves, in order.
pub(crate) const AUTOMATIC: [&str; 3] = ["DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"];

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

/// A buyer who takes delivery, orders the payment, books it and pays: a script for [`crate::Settings::buyer_script`].
pub const PAYING_BUYER: [&str; 5] = [
    "SERVICE_FAIT",
    "MANDATEE",
    "MISE_A_DISPOSITION_COMPTABLE",
    "COMPTABILISEE",
    "MISE_EN_PAIEMENT",
];

/// One passage of a status.
#[derive(Debug, Clone)]
pub(crate) struct Passage {
    /// `histoStatutId`: 1, 2, 3… within the invoice.
    pub(crate) id: i64,
    pub(crate) status: String,
    pub(crate) at: Timestamp,
    pub(crate) comment: Option<String>,
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
    /// Never empty.
    history: Vec<Passage>,
}

impl Invoice {
    pub(crate) fn new(id: i64, flux: usize, supplier: Option<i64>, buyer: Option<i64>) -> Self {
        Self {
            id,
            flux,
            supplier,
            buyer,
            history: Vec::new(),
        }
    }

    /// Adds a passage; the same status may come again.
    pub(crate) fn pass(&mut self, status: &str, at: Timestamp, comment: Option<String>) {
        let id = self.history.last().map_or(1, |last| last.id + 1);
        self.history.push(Passage {
            id,
            status: status.into(),
            at,
            comment,
        });
    }

    /// Oldest first.
    pub(crate) fn history(&self) -> &[Passage] {
        &self.history
    }

    /// The current one; `None` only before the first passage.
    pub(crate) fn current(&self) -> Option<&Passage> {
        self.history.last()
    }

    /// Code of the current status.
    pub(crate) fn status(&self) -> &str {
        self.current().map_or("", |passage| passage.status.as_str())
    }
}
