//! The statuses of one invoice. Only here do events come from.

use std::collections::HashSet;

use jiff::Timestamp;
use tokio_postgres::types::{ToSql, Type};

use super::{Failure, Work, buyer};
use crate::{
    chorus::{
        answer::unreadable,
        error::{ApiError, Operation},
        instant::instant,
        wire::{ConsulterHistorique, HistoStatut, Historique, PageHistorique},
    },
    credential::Account,
    database::DatabaseError,
    failpoint::{self, Defect},
    queue::claim::Subject,
};

const CHORUS_ID: &str = "SELECT chorus_id, now() FROM chorus.invoice WHERE id = $1";

// What cannot be taken in is said beside it, as this reading shows it. A trigger on status_event recomputes state and status from all events. Asked again meanwhile: the task stays.
const APPEND: &str = "
WITH held AS MATERIALIZED (
    SELECT t.id, t.invoice_id, t.run_at > $3 AS again FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id
    WHERE t.id = $1 AND t.lease = $2 FOR UPDATE OF i, t
), event AS (
    INSERT INTO chorus.status_event (invoice_id, histo_statut_id, code, comment, occurred_at)
    SELECT held.invoice_id, e.id, e.code, e.comment, e.at
    FROM held, unnest($4::bigint[], $5::text[], $6::text[], $7::timestamptz[]) AS e (id, code, comment, at)
    ORDER BY e.at, e.id
    ON CONFLICT DO NOTHING
    RETURNING code
), earlier AS (
    DELETE FROM chorus.finding f USING held WHERE f.invoice_id = held.invoice_id AND f.origin = 'history'
), left_out AS (
    INSERT INTO chorus.finding (invoice_id, origin, rule, severity, value, message_en, message_fr, hint_en, hint_fr)
    SELECT held.invoice_id, 'history', 'PGC-CPRO-HISTORY', 'warning', l.value,
        'A status that Chorus Pro shows has no id, code or readable date, and could not be taken in',
        'Un statut affiché par Chorus Pro n''a pas d''identifiant, de code ou de date lisible, et n''a pu être repris',
        'Look the invoice up on the portal: its history there is whole', 'Consultez la facture sur le portail : son historique y est complet'
    FROM held, unnest($9::text[]) AS l (value)
), read AS (
    UPDATE chorus.invoice i SET history_read_at = $8 FROM held WHERE i.id = held.invoice_id
), again AS (
    UPDATE chorus.task t SET attempts = 0, last_error = NULL, lease = NULL, leased_by = NULL, leased_until = NULL
    FROM held WHERE t.id = held.id AND held.again
), done AS (
    DELETE FROM chorus.task t USING held WHERE t.id = held.id AND NOT held.again
)
SELECT (SELECT count(*) FROM held) AS held, (SELECT count(*) FROM event) AS events";

/// Events as columns, for one statement.
#[derive(Default)]
pub(super) struct Events {
    ids: Vec<i64>,
    codes: Vec<String>,
    comments: Vec<Option<String>>,
    times: Vec<Timestamp>,
    known: HashSet<(i64, Timestamp)>,
    /// What could not be taken in, each in a few words.
    left_out: Vec<String>,
}

impl Events {
    /// How many are of one of `codes`.
    pub(super) fn count(&self, codes: &[&str]) -> usize {
        self.codes
            .iter()
            .filter(|code| codes.contains(&code.as_str()))
            .count()
    }

    /// The code of the last one.
    pub(super) fn last(&self) -> Option<&str> {
        let keys = self.times.iter().zip(&self.ids);
        let (_, code) = keys.zip(&self.codes).max_by_key(|(key, _)| *key)?;
        Some(code)
    }

    /// Takes in what can be told apart and dated, once even where pages overlap; the rest is reported, never invented.
    fn take(&mut self, status: HistoStatut) {
        let (id, code, date) = (
            status.histo_statut_id,
            status.histo_statut_code,
            status.histo_statut_date_passage,
        );
        let time = date.as_deref().and_then(instant);
        let (Some(id), Some(code), Some(time)) = (id, code.as_deref(), time) else {
            let word = |said: Option<&str>| said.unwrap_or("–").to_owned();
            self.left_out.push(format!(
                "{}, {}, {}",
                word(id.map(|id| id.to_string()).as_deref()),
                word(code.as_deref()),
                word(date.as_deref())
            ));
            return;
        };
        if !self.known.insert((id, time)) {
            return;
        }
        if failpoint::planted(Defect::DoubleEvent) {
            self.ids.push(id + 1_000_000);
            self.codes.push(code.to_owned());
            self.comments.push(None);
            self.times.push(time);
        }
        self.ids.push(id);
        self.codes.push(code.to_owned());
        self.comments.push(
            status
                .histo_statut_commentaire
                .filter(|comment| !comment.is_empty()),
        );
        self.times.push(time);
    }
}

/// Appends the events that were not known yet.
pub(super) async fn read_history(work: &mut Work<'_>) -> Result<(), Failure> {
    let Subject::Invoice(invoice) = work.claim.subject else {
        return Ok(());
    };
    let row = work
        .database()
        .await?
        .query_typed_one(CHORUS_ID, &[(&invoice, Type::UUID)])
        .await
        .map_err(DatabaseError::from)?;
    let chorus_id: Option<i64> = row.try_get(0).map_err(DatabaseError::from)?;
    let asked_at: Timestamp = row.try_get(1).map_err(DatabaseError::from)?;
    let events = match chorus_id {
        None => Events::default(),
        Some(chorus_id) => {
            let (_, account) = work.supplier().await?;
            let events = read(work, &account, chorus_id).await?;
            if let Some(status) = events.last() {
                buyer::know(work, &account, invoice, status).await?;
            }
            events
        }
    };
    append(work, &events, asked_at).await
}

/// All statuses of Chorus Pro's invoice `chorus_id`, as they are now.
pub(super) async fn read(
    work: &mut Work<'_>,
    account: &Account,
    chorus_id: i64,
) -> Result<Events, Failure> {
    let size = work.tools.settings.page_size;
    let (mut events, mut page) = (Events::default(), 1);
    loop {
        let request = ConsulterHistorique {
            id_facture: chorus_id,
            param_recherche_histo_statuts: PageHistorique {
                page_resultat_demandee_liste_histo_statut: page,
                nb_resultats_par_page_liste_histo_statut: size,
                tri_sens_liste_histo_statut: "Ascendant",
                tri_colonne_liste_histo_statut: "HistoStatutDatePassage",
            },
        };
        let answer: Historique = work
            .ask(Operation::ConsulterHistorique, account, &request)
            .await?;
        let statuses = answer.historiques_des_statuts.unwrap_or_default();
        let listed = statuses.histo_statut.unwrap_or_default();
        // Every invoice has been DEPOSEE: without any status it is no history, and its silence no proof.
        if page == 1 && listed.is_empty() {
            return Err(ApiError {
                text: Some("it has no status at all".into()),
                ..unreadable(Operation::ConsulterHistorique, 200)
            }
            .into());
        }
        let more = match statuses.pages_histo_statut {
            Some(pages) => page < pages,
            None => listed.len() >= size as usize,
        };
        listed.into_iter().for_each(|status| events.take(status));
        if !more {
            return Ok(events);
        }
        page += 1;
    }
}

async fn append(work: &mut Work<'_>, events: &Events, asked_at: Timestamp) -> Result<(), Failure> {
    let (task, lease, run_at) = (work.claim.id, work.claim.lease, work.claim.run_at);
    let parameters: [(&(dyn ToSql + Sync), Type); 9] = [
        (&task, Type::INT8),
        (&lease, Type::INT8),
        (&run_at, Type::TIMESTAMPTZ),
        (&events.ids, Type::INT8_ARRAY),
        (&events.codes, Type::TEXT_ARRAY),
        (&events.comments, Type::TEXT_ARRAY),
        (&events.times, Type::TIMESTAMPTZ_ARRAY),
        (&asked_at, Type::TIMESTAMPTZ),
        (&events.left_out, Type::TEXT_ARRAY),
    ];
    let client = work.database().await?;
    let row = failpoint::commit("append", client.query_typed_one(APPEND, &parameters))
        .await
        .map_err(DatabaseError::from)?;
    let count = |column| row.try_get::<_, i64>(column).map_err(DatabaseError::from);
    if count("held")? == 0 {
        return Err(Failure::LeaseLost);
    }
    tracing::info!(
        events = count("events")?,
        of = events.ids.len(),
        left_out = events.left_out.len(),
        "history read"
    );
    Ok(())
}
