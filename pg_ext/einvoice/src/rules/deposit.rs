//! PGC-CPRO-FLUX, PGC-CPRO-SIZE, PGC-CPRO-HISTORY: what shows only when an invoice is deposited, or followed. The agent writes these
//! findings; the catalogue explains them.

use crate::finding::Term::Bg;
use crate::finding::{Rule, Severity, Text};

/// Chorus Pro refuses the file, or an invoice in it.
static FLUX: Rule = Rule {
    id: "PGC-CPRO-FLUX",
    severity: Severity::Fatal,
    terms: &[],
    message: Text {
        en: "Chorus Pro refuses the deposited file; its own message, in French, is the text of the finding.",
        fr: "Chorus Pro refuse le fichier déposé ; son message, tel quel, est le texte de l’anomalie.",
    },
    hint: Text {
        en: "Correct the document: it is deposited again under the same number. If the cause lay elsewhere, SELECT chorus.resubmit(invoice).",
        fr: "Corrigez le document : il sera déposé de nouveau sous le même numéro. Si la cause est ailleurs, SELECT chorus.resubmit(invoice).",
    },
    source: "Chorus Pro, compte rendu détaillé du flux (consulterCRDetaille)",
    same_as: &[],
};

/// The file would be larger than Chorus Pro takes.
static SIZE: Rule = Rule {
    id: "PGC-CPRO-SIZE",
    severity: Severity::Fatal,
    terms: &[Bg(24)],
    message: Text {
        en: "The invoice with its attachments is larger than the 10 MiB that Chorus Pro takes.",
        fr: "La facture avec ses pièces jointes dépasse les 10 Mio que Chorus Pro accepte.",
    },
    hint: Text {
        en: "Shrink or remove attachments (chorus.attachment), or keep them for chorus.complete: sent_with = 'complement'.",
        fr: "Réduisez ou retirez des pièces jointes (chorus.attachment), ou gardez-les pour chorus.complete : sent_with = 'complement'.",
    },
    source: "Chorus Pro, limites de taille du dépôt par API",
    same_as: &[],
};

/// A row of a history that is no event.
static HISTORY: Rule = Rule {
    id: "PGC-CPRO-HISTORY",
    severity: Severity::Warning,
    terms: &[],
    message: Text {
        en: "A status that Chorus Pro shows has no id, code or readable date, and could not be taken in.",
        fr: "Un statut affiché par Chorus Pro n’a pas d’identifiant, de code ou de date lisible, et n’a pu être repris.",
    },
    hint: Text {
        en: "Look the invoice up on the portal: its history there is whole.",
        fr: "Consultez la facture sur le portail : son historique y est complet.",
    },
    source: "Chorus Pro, historique d’une facture (consulterHistorique)",
    same_as: &[],
};

/// All of them.
pub(super) static ALL: [&Rule; 3] = [&FLUX, &SIZE, &HISTORY];
