//! What can be asked for, in which status, and the trace that it leaves.

use crate::chorus::error::Operation;

/// What a person can ask for about an invoice at Chorus Pro.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Give the buyer what is missing.
    Complete,
    /// Send it to another recipient.
    Recycle,
    /// Mark the buyer's rejection as treated.
    TreatRejection,
    /// Name another validator.
    CorrectValidator,
}

impl Kind {
    /// The kind of that word in `chorus.action.kind`.
    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "complete" => Self::Complete,
            "recycle" => Self::Recycle,
            "treat_rejection" => Self::TreatRejection,
            "correct_validator" => Self::CorrectValidator,
            _ => return None,
        })
    }

    /// The call that does it.
    pub(super) fn operation(self) -> Operation {
        match self {
            Self::Complete => Operation::Completer,
            Self::Recycle => Operation::Recycler,
            Self::TreatRejection => Operation::TraiterRejet,
            Self::CorrectValidator => Operation::CorrigerValideur,
        }
    }

    /// Whether Chorus Pro takes it in `status`.
    pub(super) fn is_allowed_in(self, status: &str) -> bool {
        match self {
            Self::Complete => status == "SUSPENDUE",
            Self::Recycle => status == "A_RECYCLER",
            Self::TreatRejection => status == "REJETEE",
            Self::CorrectValidator => {
                status.starts_with("ERREUR_") && status.ends_with("_SUR_VALIDEUR")
            }
        }
    }

    /// The statuses of which it sets one. Marking a rejection sets none: searches show the mark.
    pub(super) fn traces(self) -> &'static [&'static str] {
        match self {
            Self::Complete => &["COMPLETEE"],
            Self::Recycle => &["DEPOSEE", "EN_COURS_ACHEMINEMENT"],
            Self::TreatRejection => &[],
            Self::CorrectValidator => &["A_VALIDER_1", "A_VALIDER_2"],
        }
    }
}
