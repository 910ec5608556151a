//! Was it done, the call whose answer was lost? Chorus Pro is asked before it is made again; and before the first time,
//! so that it is known what was there already.

use super::{Failure, Work, kind::Kind, request::Asked};
use crate::{
    chorus::wire::RechercherFournisseur,
    credential::Account,
    task::{history, search},
};

/// What a look shows.
pub(super) struct Seen {
    pub trace: Trace,
    /// Events of the kind that the action causes.
    pub traces: i64,
}

/// What Chorus Pro shows of an action.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trace {
    /// It was done.
    Done,
    /// It was not, and the status has become another in which it is not taken.
    Overtaken(String),
    /// It was not.
    None,
}

/// Looks for the trace of `asked`.
pub(super) async fn look(
    work: &mut Work<'_>,
    account: &Account,
    asked: &Asked,
) -> Result<Seen, Failure> {
    let events = history::read(work, account, asked.chorus_id).await?;
    work.extend().await?;
    let traces = i64::try_from(events.count(asked.kind.traces())).unwrap_or(i64::MAX);
    let mut trace = judge(asked, traces, events.last());
    if asked.was_sent && asked.kind == Kind::TreatRejection && marked(work, account, asked).await? {
        trace = Trace::Done;
    }
    Ok(Seen { trace, traces })
}

fn judge(asked: &Asked, traces: i64, status: Option<&str>) -> Trace {
    if asked.events_before.is_some_and(|before| traces > before) {
        return Trace::Done;
    }
    match status {
        Some(status) if !asked.kind.is_allowed_in(status) => Trace::Overtaken(status.to_owned()),
        _ => Trace::None,
    }
}

/// Whether the rejection is marked as treated.
async fn marked(work: &mut Work<'_>, account: &Account, asked: &Asked) -> Result<bool, Failure> {
    let criteria = RechercherFournisseur {
        numero_facture: Some(&asked.number),
        ..RechercherFournisseur::default()
    };
    let found = search::all(work, account, &criteria).await?;
    Ok(found.iter().any(|invoice| {
        invoice.identifiant_facture_cpp == Some(asked.chorus_id)
            && invoice.rejet_traite == Some(true)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(word: &str, events_before: i64) -> Asked {
        Asked::sample(Kind::of(word).unwrap(), Some(events_before))
    }

    #[test]
    fn before_the_first_call_earlier_traces_say_nothing_and_the_status_decides() {
        let asked = Asked::sample(Kind::Complete, None);
        assert_eq!(judge(&asked, 3, Some("SUSPENDUE")), Trace::None);
        assert_eq!(
            judge(&asked, 3, Some("COMPLETEE")),
            Trace::Overtaken("COMPLETEE".into())
        );
    }

    #[test]
    fn one_trace_more_than_before_the_call_means_done_whatever_came_after() {
        let asked = asked("complete", 1);
        for status in ["COMPLETEE", "SUSPENDUE", "MANDATEE"] {
            assert_eq!(judge(&asked, 2, Some(status)), Trace::Done, "{status}");
        }
    }

    #[test]
    fn without_a_trace_it_is_repeated_only_while_the_status_allows_it() {
        for (word, allowed) in [
            ("complete", "SUSPENDUE"),
            ("recycle", "A_RECYCLER"),
            ("treat_rejection", "REJETEE"),
            ("correct_validator", "ERREUR_FOURNISSEUR_SUR_VALIDEUR"),
        ] {
            let asked = asked(word, 1);
            let traces = i64::from(!asked.kind.traces().is_empty());
            assert_eq!(judge(&asked, traces, Some(allowed)), Trace::None, "{word}");
            assert_eq!(
                judge(&asked, traces, Some("MANDATEE")),
                Trace::Overtaken("MANDATEE".into()),
                "{word}"
            );
            assert_eq!(judge(&asked, traces, None), Trace::None, "{word}");
        }
    }
}
