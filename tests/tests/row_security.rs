//! Nothing of one supplier shows to another's role: through no view, no function, no error, no notification.
//!
//! Every text of one supplier's rows holds a secret. Whatever the catalogue lists is then tried as the other's
//! application and reporting tool, and all that comes back is searched. What a new release adds is tried as well.

use std::future::poll_fn;

use anyhow::{Context, Result, ensure};
use chorus_tests::{Content, Database, fixture};
use serde_json::json;
use tokio_postgres::{AsyncMessage, Client, NoTls, SimpleQueryMessage};

/// In every text of the supplier that nobody else may see.
const SECRET: &str = "SECRETALPHA";

/// Two suppliers, each with a role, an application and a reporting tool; roles belong to the cluster and stay.
const ROLES: &str = "
DO $$
DECLARE
    r record;
BEGIN
    FOR r IN SELECT n AS name, g AS member FROM (VALUES ('chorus_test_alpha', NULL), ('chorus_test_beta', NULL),
        ('chorus_test_alpha_app', 'chorus_writer, chorus_test_alpha'), ('chorus_test_beta_app', 'chorus_writer, chorus_test_beta'),
        ('chorus_test_alpha_reports', 'chorus_reader, chorus_test_alpha'), ('chorus_test_beta_reports', 'chorus_reader, chorus_test_beta')) v (n, g) LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I ' || coalesce('IN ROLE ' || r.member, ''), r.name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN -- by the test beside, in a database of its own
        END;
    END LOOP;
END
$$;
INSERT INTO chorus.supplier (identifier, name, login, credential, state, structure_id, error, role)
VALUES ('73282932000074', 'SECRETALPHA name', 'SECRETALPHA login', '\\x00', 'error', 1, 'SECRETALPHA error', 'chorus_test_alpha'),
    ('35600000000048', 'Beta', 'beta', '\\x00', 'registered', 2, NULL, 'chorus_test_beta')";

/// Rows of every kind, in every state that a view or a function treats in its own way.
const ROWS: &str = "
ALTER TABLE chorus.invoice DISABLE TRIGGER read;
INSERT INTO chorus.invoice (supplier_id, issuer, source, doc, number, issue_date, state, state_reason, status, status_at, chorus_id, buyer_identifier, buyer_name,
    service_code, commitment_number, contract_number, findings)
SELECT s.id, s.siren, '{\"a\": \"SECRETALPHA source\"}', '{\"a\": \"SECRETALPHA doc\"}', 'SECRETALPHA-' || v.n, '2026-01-15', v.state, 'SECRETALPHA reason', v.status, now(), v.n,
    'SECRETALPHA buyer', 'SECRETALPHA buyer name', 'SECRETALPHA service', 'SECRETALPHA commitment', 'SECRETALPHA contract', '[{\"rule\": \"SECRETALPHA\", \"severity\": \"warning\", \"message_fr\": \"SECRETALPHA\"}]'
FROM chorus.supplier s, (VALUES (1, 'draft', NULL), (2, 'invalid', NULL), (3, 'ready', NULL), (4, 'flux_rejected', NULL), (5, 'blocked', NULL), (6, 'integrated', 'MANDATEE'),
    (7, 'action_required', 'SUSPENDUE'), (8, 'action_required', 'A_RECYCLER'), (9, 'rejected', 'REJETEE'), (10, 'deposited', NULL)) v (n, state, status)
WHERE s.identifier = '73282932000074';
ALTER TABLE chorus.invoice ENABLE TRIGGER read;
INSERT INTO chorus.finding (invoice_id, origin, rule, severity, path, term, value, message_en, message_fr, hint_en, hint_fr)
SELECT id, 'flux', 'SECRETALPHA rule', 'fatal', 'SECRETALPHA path', 'SECRETALPHA term', 'SECRETALPHA value', 'SECRETALPHA en', 'SECRETALPHA fr', 'SECRETALPHA hint', 'SECRETALPHA hint'
FROM chorus.invoice;
INSERT INTO chorus.deposit (invoice_id, content, sha256, lease, state, answer, flux_number, flux_state, note)
SELECT id, convert_to('SECRETALPHA', 'UTF8'), encode(sha256('a'), 'hex'), 1, 'deposited', '{\"a\": \"SECRETALPHA answer\"}', 'SECRETALPHA' || number, 'SECRETALPHA state', 'SECRETALPHA note'
FROM chorus.invoice WHERE state = 'deposited';
INSERT INTO chorus.attachment (invoice_id, name, designation, type, content)
SELECT id, 'SECRETALPHA.pdf', 'SECRETALPHA designation', 'SECRETALPHA', convert_to('SECRETALPHA', 'UTF8') FROM chorus.invoice WHERE state IN ('draft', 'invalid');
INSERT INTO chorus.attachment (invoice_id, name, content, sent_with)
SELECT id, 'SECRETALPHA.zip', convert_to('SECRETALPHA', 'UTF8'), 'complement' FROM chorus.invoice WHERE status = 'SUSPENDUE';
UPDATE chorus.task SET run_at = 'infinity', last_error = 'SECRETALPHA task'
WHERE invoice_id IS NOT NULL OR supplier_id = (SELECT id FROM chorus.supplier WHERE identifier = '73282932000074');
INSERT INTO chorus.task (kind, invoice_id, run_at, last_error) SELECT 'look_up', id, 'infinity', 'SECRETALPHA look-up' FROM chorus.invoice WHERE state = 'ready';
INSERT INTO chorus.action (invoice_id, kind, comment, buyer_identifier, requested_by, answer, state)
SELECT id, 'complete', 'SECRETALPHA comment', 'SECRETALPHA', 'SECRETALPHA', '{\"libelle\": \"SECRETALPHA\"}', 'refused' FROM chorus.invoice WHERE status = 'SUSPENDUE';
INSERT INTO chorus.action_attachment SELECT a.id, f.id FROM chorus.action a JOIN chorus.attachment f USING (invoice_id);
INSERT INTO chorus.adoption (supplier_id, number, requested_by) SELECT id, 'SECRETALPHA', 'SECRETALPHA' FROM chorus.supplier WHERE identifier = '73282932000074'";

/// Everything that can be read, changed or called, as statements; arguments are the ids of the secret rows.
const ATTEMPTS: &str = r"
WITH relation AS (
    SELECT c.oid, c.oid::regclass::text AS name FROM pg_class c
    WHERE c.relnamespace IN ('chorus'::regnamespace, 'chorus_report'::regnamespace) AND c.relkind IN ('r', 'v', 'm')
), field AS (
    SELECT r.name, quote_ident(a.attname) AS field FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
), value AS (
    SELECT 'uuid'::regtype AS type, quote_literal(id) || '::uuid' AS literal FROM chorus.invoice
    UNION ALL SELECT 'uuid[]', format('ARRAY(SELECT unnest(%L::uuid[]))', array_agg(id)) FROM chorus.invoice
    UNION ALL SELECT 'int8', n || '::bigint' FROM generate_series(1, 12) n
    UNION ALL SELECT 'int8[]', 'ARRAY[1, 2, 3]::bigint[]'
    UNION ALL SELECT 'text', v FROM unnest('{''x''::text,''12345678200028''::text,''deposited''::text}'::text[]) v
    UNION ALL SELECT 'text[]', '''{A1}''::text[]'
    UNION ALL SELECT 'jsonb', '''[]''::jsonb'
    UNION ALL SELECT 'date', '''2026-01-15''::date'
    UNION ALL SELECT 'timestamptz', 'now()'
    UNION ALL SELECT 'float8', '1::float8'
), call AS (
    SELECT p.oid::regprocedure AS function, v.literal AS first, format('SELECT %s(%s)::text', p.oid::regproc,
        concat_ws(', ', v.literal, (SELECT string_agg(w.literal, ', ' ORDER BY t.n)
            FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY t (type, n)
                JOIN LATERAL (SELECT w.literal FROM value w WHERE w.type = t.type LIMIT 1) w ON true WHERE t.n > 1))) AS statement
    FROM pg_proc p LEFT JOIN value v ON v.type = p.proargtypes[0]
    WHERE p.pronamespace IN ('chorus'::regnamespace, 'chorus_report'::regnamespace) AND p.prorettype <> 'trigger'::regtype
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
)
SELECT format('SELECT %s::text FROM %s', field, name) FROM field
UNION ALL SELECT format('SELECT encode(%s, ''escape'') FROM %s', field, name) FROM field WHERE field = 'content'
UNION ALL SELECT format('UPDATE %s SET %s = %s', name, field, field) FROM field
UNION ALL SELECT format('UPDATE %s SET %s = NULL', name, field) FROM field
UNION ALL SELECT format('DELETE FROM %s', name) FROM relation
UNION ALL SELECT format('SELECT count(*)::text FROM %s FOR UPDATE', name) FROM relation
UNION ALL SELECT statement FROM call
UNION ALL SELECT format('INSERT INTO chorus.attachment (invoice_id, name, content) VALUES (%L, ''x.pdf'', ''\x25'')', id) FROM chorus.invoice
UNION ALL SELECT format('INSERT INTO chorus.attachment (invoice_id, name, content, sent_with) VALUES (%L, ''SECRETALPH.zip'', ''\x25'', ''complement'')', id) FROM chorus.invoice";

/// All that the server says to `statement`, tried by `role` and undone: values, or the error with all its fields.
async fn said(client: &Client, role: &str, statement: &str) -> Result<String> {
    client
        .batch_execute(&format!("BEGIN; SET LOCAL ROLE {role}"))
        .await?;
    let said = match client.simple_query(statement).await {
        Ok(messages) => messages
            .iter()
            .filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => row.try_get(0).ok().flatten().map(str::to_owned),
                _ => None,
            })
            .collect::<Vec<_>>()
            .join("\n"),
        Err(error) => {
            let error = error.as_db_error().context("no answer")?;
            format!("{error:?}")
        }
    };
    client.batch_execute("ROLLBACK").await?;
    Ok(said)
}

/// The statements whose answers hold the secret, of all that can be tried.
async fn leaks(client: &Client, role: &str, attempts: &[String]) -> Result<Vec<String>> {
    let mut leaks = Vec::new();
    for attempt in attempts {
        let said = said(client, role, attempt).await?;
        if said.contains(SECRET) {
            leaks.push(format!("{role}: {attempt}\n  {said}"));
        }
    }
    Ok(leaks)
}

async fn set(label: &str) -> Result<Option<(Database, Client, Vec<String>)>> {
    let Some(database) = Database::create(label, Content::Schema).await? else {
        return Ok(None);
    };
    let client = database.connect().await?;
    client.batch_execute(ROLES).await?;
    client.batch_execute(ROWS).await?;
    let mut attempts: Vec<String> = client
        .query(ATTEMPTS, &[])
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    // Documents that claim to be the secret supplier's, under numbers that are taken.
    let mut doc = fixture("b2g.json")?;
    let fields = doc.as_object_mut().context("an object")?;
    fields.insert("series".into(), json!("SECRETALPH"));
    let mut documents = Vec::new();
    for code in ["1", "6"] {
        fields.insert("code".into(), json!(code));
        documents.push(json!(fields).to_string());
    }
    attempts.extend(documents.iter().map(|doc| {
        format!("INSERT INTO chorus.invoice (doc) VALUES ($doc${doc}$doc$) RETURNING id::text")
    }));
    Ok(Some((database, client, attempts)))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_view_function_or_error_shows_another_suppliers_rows() -> Result<()> {
    let Some((_database, client, attempts)) = set("rows").await? else {
        return Ok(());
    };
    ensure!(attempts.len() > 300, "{} attempts", attempts.len());
    let mut found = Vec::new();
    for role in ["chorus_test_beta_app", "chorus_test_beta_reports"] {
        found.extend(leaks(&client, role, &attempts).await?);
    }
    ensure!(
        found.is_empty(),
        "{} leaks:\n{}",
        found.len(),
        found.join("\n")
    );
    // The secret can be found where it may be: else this test would prove nothing.
    for (role, least) in [
        ("chorus_test_alpha_app", 60),
        ("chorus_test_alpha_reports", 50),
    ] {
        let seen = leaks(&client, role, &attempts).await?.len();
        ensure!(seen >= least, "{role} sees the secret in {seen} ways only");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_hold_an_id_and_nothing_else() -> Result<()> {
    let Some((database, client, _)) = set("heard").await? else {
        return Ok(());
    };
    let (listener, mut connection) = tokio_postgres::connect(&database.url(), NoTls).await?;
    let (send, mut heard) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(notification) = message {
                let _nobody_listens_any_more = send.send((
                    notification.channel().to_owned(),
                    notification.payload().to_owned(),
                ));
            }
        }
    });
    listener
        .batch_execute("SET ROLE chorus_test_beta_app; LISTEN chorus; LISTEN chorus_status; LISTEN end_of_test")
        .await?;
    client
        .batch_execute("UPDATE chorus.invoice SET state = 'sending' WHERE state = 'ready'; UPDATE chorus.invoice SET status_at = now() WHERE status IS NOT NULL;
            INSERT INTO chorus.task (kind, invoice_id) SELECT 'history', id FROM chorus.invoice; NOTIFY end_of_test")
        .await?;
    let mut count = 0;
    while let Some((channel, payload)) = heard.recv().await {
        match channel.as_str() {
            "end_of_test" => break,
            "chorus" => ensure!(payload.is_empty(), "{payload}"),
            _ => {
                payload.parse::<uuid::Uuid>().context(payload)?;
                count += 1;
            }
        }
    }
    ensure!(count == 5, "{count} changes heard");
    Ok(())
}
