//! Chorus Pro's complaints as findings of the invoice, verbatim.

use tokio_postgres::{
    Transaction,
    types::{ToSql, Type},
};

use crate::{chorus::wire::CrDetaille, database::DatabaseError, queue::claim::Subject};

/// The rule under which they are filed.
const RULE: &str = "PGC-CPRO-FLUX";

const HINT_FR: &str = "Corrigez le document (UPDATE chorus.invoice SET doc = …) : il sera déposé de nouveau sous le même numéro";
const HINT_EN: &str = "Correct the document (UPDATE chorus.invoice SET doc = …): it will be deposited again under the same number";

// Those of an earlier deposit are history. A message that names an element of the file is filed at the user's own field; paths
// are those of what was inserted, which may have been an envelope. What was deposited could be rendered, so it can be located in.
const WRITE: &str = "
WITH earlier AS (DELETE FROM chorus.finding WHERE invoice_id = $1 AND origin = 'flux')
INSERT INTO chorus.finding (invoice_id, origin, rule, severity, path, term, value, message_fr, hint_fr, hint_en)
SELECT i.id, 'flux', $2, 'fatal', CASE WHEN i.source ? 'doc' THEN '$.doc' || substr(l.path, 2) ELSE l.path END, l.term, m.code, m.text, $5, $6
FROM chorus.invoice i, unnest($3::text[], $4::text[]) WITH ORDINALITY AS m (text, code, n)
    LEFT JOIN LATERAL chorus.locate(i.doc, m.text) AS l ON true
WHERE i.id = $1 ORDER BY m.n";

/// One complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    /// As Chorus Pro says it, in French.
    pub text: String,
    /// Its code, where it has one.
    pub code: Option<String>,
}

/// Replaces the findings that earlier reports left, in the transaction that moves the invoice: who has lost the lease
/// writes none, and who writes them moves it.
pub(super) async fn write(
    transaction: &Transaction<'_>,
    subject: Subject,
    messages: &[Message],
) -> Result<(), DatabaseError> {
    let Subject::Invoice(invoice) = subject else {
        return Ok(());
    };
    let texts: Vec<&str> = messages
        .iter()
        .map(|message| message.text.as_str())
        .collect();
    let codes: Vec<Option<&str>> = messages
        .iter()
        .map(|message| message.code.as_deref())
        .collect();
    let parameters: [(&(dyn ToSql + Sync), Type); 6] = [
        (&invoice, Type::UUID),
        (&RULE, Type::TEXT),
        (&texts, Type::TEXT_ARRAY),
        (&codes, Type::TEXT_ARRAY),
        (&HINT_FR, Type::TEXT),
        (&HINT_EN, Type::TEXT),
    ];
    transaction.execute_typed(WRITE, &parameters).await?;
    Ok(())
}

/// The complaints of a report. Several come joined by `|`; a report without any still says its state.
pub(super) fn of_report(report: &CrDetaille, state: &str) -> Vec<Message> {
    let invoices = report
        .liste_erreur_dp
        .iter()
        .flatten()
        .map(|error| (error.libelle_erreur_dp.as_deref(), None));
    let file = report.liste_erreur_technique.iter().flatten().map(|error| {
        (
            error.libelle_erreur.as_deref(),
            error.code_erreur.as_deref(),
        )
    });
    let mut messages = Vec::new();
    for (text, code) in invoices.chain(file) {
        let parts = text
            .unwrap_or_default()
            .split('|')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        messages.extend(parts.map(|part| Message {
            text: part.to_owned(),
            code: code.map(str::to_owned),
        }));
    }
    if messages.is_empty() {
        messages.push(Message {
            text: format!("Flux {state}, sans message d'erreur"),
            code: Some(state.to_owned()),
        });
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(json: &str) -> CrDetaille {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn messages_joined_by_a_bar_become_one_finding_each_verbatim() {
        let report = report(
            r#"{"listeErreurDP": [{"numeroDP": "F1", "libelleErreurDP": "Premier message.|Second message"}],
                "listeErreurTechnique": [{"codeErreur": "ERR_XSD_001", "libelleErreur": "cvc-datatype"}]}"#,
        );
        let messages = of_report(&report, "IN_REJETE");
        let texts: Vec<_> = messages
            .iter()
            .map(|message| message.text.as_str())
            .collect();
        assert_eq!(
            texts,
            ["Premier message.", "Second message", "cvc-datatype"]
        );
        assert_eq!(messages[2].code.as_deref(), Some("ERR_XSD_001"));
    }

    #[test]
    fn a_rejection_without_words_still_leaves_a_finding() {
        let messages = of_report(&report("{}"), "QP_IRRECEVABLE");
        assert_eq!(
            messages,
            [Message {
                text: "Flux QP_IRRECEVABLE, sans message d'erreur".into(),
                code: Some("QP_IRRECEVABLE".into())
            }]
        );
    }
}
