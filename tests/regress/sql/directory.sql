-- What an invoice is held against before it is sent, and what people ask about buyers. The agent's part is done by hand here.
\set SHOW_CONTEXT never
BEGIN;
INSERT INTO chorus.supplier (identifier, name) VALUES ('73282932000074', 'Atelier Lumen');
INSERT INTO chorus.structure (identifier, fetched_at, found, chorus_id, name, status, service_required, commitment_required, service_or_commitment, works_only, services_at) VALUES
    ('35600000000048', now() - interval '1 hour', true, 1, 'MAIRIE DE LYON', 'ACTIVE', true, false, false, false, now()),
    ('12345678200051', now() - interval '1 hour', true, 2, 'PORT DE NANTES', 'INACTIVE', false, false, false, false, now()),
    ('12345678200028', now() - interval '1 hour', false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, now()),
    ('12345678200036', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO chorus.service (structure_id, code, chorus_id, name, active, commitment_required, details_at)
SELECT b.id, s.* FROM chorus.structure b, (VALUES ('DSI', 11, 'Informatique', true, false, now()), ('VOIRIE', 12, 'Voirie', true, true, now()),
    ('ANCIEN', 13, 'Fermé', false, NULL, NULL), ('NOUVEAU', 14, 'Jamais nommé', true, NULL, NULL)) s (code, chorus_id, name, active, commitment, details)
WHERE b.identifier = '35600000000048';
CREATE FUNCTION pg_temp.doc(code text, buyer text, ordering jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('code', code, 'ordering', ordering) || jsonb_set($given$ {
        "$schema": "https://gobl.org/draft-0/bill/invoice", "$addons": ["fr-choruspro-v1"], "series": "F", "issue_date": "2026-01-15",
        "supplier": {"name": "Alpha", "tax_id": {"country": "FR", "code": "44732829320"}, "identities": [{"type": "SIRET", "code": "73282932000074"}],
            "addresses": [{"street": "rue des Forges", "locality": "Lyon", "code": "69002", "country": "FR"}]},
        "customer": {"name": "Acheteur", "identities": [{"type": "SIRET", "code": ""}],
            "addresses": [{"street": "rue du Colonel Pierre Avia", "locality": "Paris", "code": "75015", "country": "FR"}]},
        "lines": [{"quantity": "1", "item": {"name": "Développement", "price": "90.00"}, "taxes": [{"cat": "VAT", "rate": "standard"}]}],
        "payment": {"terms": {"notes": "Paiement à 30 jours"}, "instructions": {"key": "credit-transfer", "credit_transfer": [{"iban": "FR7630006000011234567890189"}]}}
    } $given$, '{customer,identities,0,code}', to_jsonb(buyer))
$$;
CREATE VIEW pg_temp.directory WITH (security_invoker = true) AS
SELECT i.number, i.state, f.rule, f.severity, f.path, f.message_fr, f.hint_fr FROM chorus.invoice i JOIN chorus.finding f ON f.invoice_id = i.id AND f.origin = 'directory' ORDER BY f.id;
GRANT SELECT ON pg_temp.directory TO chorus_writer;

-- A buyer that is known is held against at once, with the application's own rights.
SET ROLE chorus_writer;
INSERT INTO chorus.invoice (doc) SELECT pg_temp.doc(code, buyer, ordering) FROM (VALUES
    ('1', '35600000000048', '{"code": "DSI"}'::jsonb), ('2', '35600000000048', '{}'), ('3', '35600000000048', '{"code": "ANCIEN", "purchases": [{"code": "EJ-1"}]}'),
    ('4', '35600000000048', '{"code": "VOIRIE"}'), ('5', '35600000000048', '{"code": "AUTRE", "purchases": [{"code": "EJ-1"}]}'),
    ('6', '12345678200051', '{}'), ('7', '12345678200028', '{}'),
    -- Not known: a buyer never asked about, one never met, a service never named before.
    ('8', '12345678200036', '{}'), ('9', '12345678200069', '{}'), ('10', '35600000000048', '{"code": "NOUVEAU"}')) v (code, buyer, ordering)
RETURNING number, state, directory_at IS NOT NULL AS judged, state_reason;
\x
SELECT * FROM pg_temp.directory;
SELECT number, reason_fr, reason_en, regexp_replace(next_action, '''[^'']*''', '…', 'g') AS next_action FROM chorus.todo WHERE number IN ('F-2', 'F-6') ORDER BY number;
\x
-- Those that are refused have no task, and their number is free.
SELECT i.number, t.kind FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id ORDER BY i.number;
-- Corrected, it goes on.
UPDATE chorus.invoice SET doc = doc || '{"ordering": {"code": "DSI"}}' WHERE number = 'F-2' RETURNING state, state_reason, directory;
SELECT count(*) FROM pg_temp.directory WHERE number = 'F-2';
-- Paths are those of what was inserted.
INSERT INTO chorus.invoice (doc) SELECT jsonb_build_object('$schema', 'https://gobl.org/draft-0/envelope', 'head', '{}'::jsonb, 'doc', pg_temp.doc('11', '35600000000048', '{}')) RETURNING state;
SELECT path FROM pg_temp.directory WHERE number = 'F-11';
-- Drafts show it too. Who submits a draft, or asks again for what was refused, wants to know what the directory says now.
INSERT INTO chorus.invoice (doc, draft) SELECT pg_temp.doc('12', '35600000000048', '{}'), true RETURNING state;
SELECT rule FROM pg_temp.directory WHERE number = 'F-12';
SELECT chorus.submit(id) FROM chorus.invoice WHERE number = 'F-12';
SELECT chorus.resubmit(id) FROM chorus.invoice WHERE number = 'F-6';
SELECT number, state, state_reason, directory_at IS NULL AS waits, directory_since IS NOT NULL AS anew, (SELECT count(*) FROM pg_temp.directory d WHERE d.number = i.number) AS findings
FROM chorus.invoice i WHERE number IN ('F-6', 'F-12') ORDER BY number;
-- A document that is wrong anyway is not held against anything.
INSERT INTO chorus.invoice (doc) SELECT pg_temp.doc('13', '12345678200051', '{}') - 'lines' RETURNING state, directory;
RESET ROLE;
-- A supplier may want to be warned only.
UPDATE chorus.supplier SET directory = 'warn';
SET ROLE chorus_writer;
INSERT INTO chorus.invoice (doc) SELECT pg_temp.doc('14', '12345678200051', '{}') RETURNING state;
SELECT rule, severity FROM pg_temp.directory WHERE number = 'F-14';
RESET ROLE;
UPDATE chorus.supplier SET directory = 'refuse';
-- An answer is good for a day; after that only where Chorus Pro was asked in vain, within the hour.
UPDATE chorus.structure SET fetched_at = now() - interval '25 hours' WHERE found IS NOT NULL;
INSERT INTO chorus.invoice (doc) SELECT pg_temp.doc('15', '35600000000048', '{"code": "DSI"}') RETURNING state, directory_at, state_reason;
UPDATE chorus.structure SET unanswered_at = now() - interval '61 minutes', error = 'HTTP 503; try later', error_fr = 'HTTP 503 ; plus tard';
INSERT INTO chorus.invoice (doc) SELECT pg_temp.doc('16', '35600000000048', '{"code": "DSI"}') RETURNING state, directory_at, state_reason;
UPDATE chorus.structure SET unanswered_at = now() - interval '1 minute';
INSERT INTO chorus.invoice (doc) SELECT pg_temp.doc(code, buyer, '{"code": "DSI"}') FROM (VALUES ('17', '35600000000048'), ('18', '12345678200036')) v (code, buyer)
RETURNING state, directory_at IS NOT NULL AS judged;
SELECT number, rule, severity, regexp_replace(message_fr, '[0-9]{4}-[0-9-]+ [0-9:]+', '…') AS message_fr, hint_fr FROM pg_temp.directory WHERE number IN ('F-17', 'F-18');

-- Where it is recycled to is held against as well: what is known is said at once.
UPDATE chorus.structure SET fetched_at = now(), unanswered_at = NULL, error = NULL, error_fr = NULL WHERE found IS NOT NULL;
UPDATE chorus.invoice SET state = 'sending' WHERE number = 'F-1';
UPDATE chorus.invoice SET state = 'deposited' WHERE number = 'F-1';
UPDATE chorus.invoice SET state = 'integrated', chorus_id = 1 WHERE number = 'F-1';
INSERT INTO chorus.status_event (invoice_id, histo_statut_id, code, occurred_at) SELECT id, 1, 'A_RECYCLER', now() FROM chorus.invoice WHERE number = 'F-1';
SET ROLE chorus_admin;
CREATE FUNCTION pg_temp.recycle(VARIADIC a text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text;
BEGIN
    PERFORM chorus.recycle(id, a[1], a[2], a[3]) FROM chorus.invoice WHERE number = 'F-1';
    RETURN 'queued';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN regexp_replace(SQLERRM, '[0-9a-f-]{36}', '…') || ' | ' || hint;
END
$$;
\x
SELECT pg_temp.recycle('12345678200051', NULL, NULL) AS closed, pg_temp.recycle('12345678200028', NULL, NULL) AS unknown, pg_temp.recycle(NULL, '', NULL) AS no_service,
    pg_temp.recycle(NULL, 'VOIRIE', NULL) AS no_commitment;
\x
SELECT pg_temp.recycle(NULL, 'VOIRIE', 'EJ-7');
RESET ROLE;

-- A service of its own may be the one that reports no payments.
UPDATE chorus.action SET state = 'withdrawn';
INSERT INTO chorus.status_event (invoice_id, histo_statut_id, code, occurred_at) SELECT id, 2, 'MANDATEE', now() + interval '1 minute' FROM chorus.invoice WHERE number = 'F-1';
SELECT state FROM chorus.invoice WHERE number = 'F-1';
UPDATE chorus.service SET payment_reported = false WHERE code = 'DSI';
SELECT state FROM chorus.invoice WHERE number = 'F-1';
UPDATE chorus.service SET payment_reported = true WHERE code = 'DSI';
SELECT state FROM chorus.invoice WHERE number = 'F-1';

-- What applications and people look up.
SET ROLE chorus_writer;
SELECT identifier, name, active, service_required, note_fr FROM chorus.search_structure('lyon');
SELECT identifier, name, found, active, note_en FROM chorus.search_structure('123 456 782');
SELECT s ->> 'code' AS code, s ->> 'name' AS name, s ->> 'commitment_required' AS commitment FROM chorus.search_structure('35600000000048'), jsonb_array_elements(services) s;
SELECT identifier, note_fr, note_en FROM chorus.search_structure('21 690 123 100 011');
SELECT identifier, note_en FROM chorus.search_structure('21690123100011');
SELECT count(*) FROM chorus.search_structure('nowhere');
SAVEPOINT s;
SELECT * FROM chorus.search_structure(' ');
ROLLBACK TO s;
SELECT chorus.refresh_structure('1234');
ROLLBACK TO s;
SELECT chorus.refresh_structure('356 000 000 00048') = chorus.refresh_structure('35600000000048') AS one_task;
RESET ROLE;
SELECT b.identifier, t.kind, t.run_at <= now() AS due FROM chorus.task t JOIN chorus.structure b ON b.id = t.structure_id ORDER BY 1;
SET ROLE chorus_reader;
SELECT buyer_name, service_code, service_active, service_commitment_required FROM chorus_report.service WHERE service_required ORDER BY service_code;
SELECT chorus.search_structure('lyon');
ROLLBACK;
