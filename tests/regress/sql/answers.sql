-- Answers to the buyer: each only in the status that asks for it, one at a time, by those in charge.
\set SHOW_CONTEXT never
SET timezone = 'Europe/Paris';
BEGIN;
ALTER TABLE chorus.action ALTER COLUMN id RESTART;
INSERT INTO chorus.supplier (identifier, name) VALUES ('73282932000074', 'Atelier Lumen');
ALTER TABLE chorus.invoice DISABLE TRIGGER read;
INSERT INTO chorus.invoice (id, supplier_id, doc, number, state, chorus_id, buyer_identifier, buyer_name, service_code)
SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, id, '{}', 'F-' || n, 'integrated', n, '12345678200051', 'Mairie', 'VOIRIE'
FROM chorus.supplier, generate_series(1, 6) n;
ALTER TABLE chorus.invoice ENABLE TRIGGER read;
INSERT INTO chorus.status_event (invoice_id, histo_statut_id, code, occurred_at)
SELECT i.id, 1, v.code, '2026-09-16 10:12+02' FROM chorus.invoice i JOIN (VALUES ('F-1', 'SUSPENDUE'), ('F-2', 'A_RECYCLER'), ('F-3', 'REJETEE'),
    ('F-4', 'ERREUR_FOURNISSEUR_SUR_VALIDEUR'), ('F-5', 'MANDATEE')) v (number, code) USING (number);
CREATE FUNCTION pg_temp.of(n text) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid $$;
CREATE FUNCTION pg_temp.asked(task bigint) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', t.kind, a.kind, a.state, a.requested_by, a.comment, a.buyer_identifier, a.service_code, a.commitment_number, a.earlier,
        a.validator_id_type, a.validator_identifier, (SELECT count(*) || ' files' FROM chorus.action_attachment l WHERE l.action_id = a.id))
    FROM chorus.task t JOIN chorus.action a ON a.invoice_id = t.invoice_id AND a.state = 'queued' WHERE t.id = task
$$;
SET ROLE chorus_writer;
SAVEPOINT s;
SELECT chorus.complete(pg_temp.of('1'), 'ci-joint');
ROLLBACK TO s;
SET ROLE chorus_admin;

-- What the status does not ask for is refused, with what it does ask for.
SAVEPOINT s;
SELECT chorus.complete(pg_temp.of('2'), 'ci-joint');
ROLLBACK TO s;
SELECT chorus.recycle(pg_temp.of('1'), '12345678200028');
ROLLBACK TO s;
SELECT chorus.complete(pg_temp.of('3'), 'ci-joint');
ROLLBACK TO s;
SELECT chorus.treat_rejection(pg_temp.of('5'));
ROLLBACK TO s;
SELECT chorus.correct_validator(pg_temp.of('1'), '12345678200028');
ROLLBACK TO s;
SELECT chorus.complete(pg_temp.of('6'), 'ci-joint');
ROLLBACK TO s;
SELECT chorus.complete(pg_temp.of('4'), 'ci-joint');
ROLLBACK TO s;
SELECT chorus.complete(pg_temp.of('9'), 'ci-joint');
ROLLBACK TO s;

-- complete: a comment, attachments, or both; all complements not yet given unless some are named.
SELECT chorus.complete(pg_temp.of('1'));
ROLLBACK TO s;
SELECT chorus.complete(pg_temp.of('1'), repeat('x', 2001));
ROLLBACK TO s;
SELECT chorus.complete(pg_temp.of('1'), 'ci-joint', '{0}');
ROLLBACK TO s;
SELECT chorus.complete(pg_temp.of('1'), 'ci-joint', ARRAY[NULL]::bigint[]);
ROLLBACK TO s;
INSERT INTO chorus.attachment (invoice_id, name, content, sent_with) VALUES (pg_temp.of('1'), 'pv.pdf', '\x25', 'complement'), (pg_temp.of('1'), 'plan.zip', '\x50', 'complement');
SELECT pg_temp.asked(chorus.complete(pg_temp.of('1'), 'ci-joint'));
SAVEPOINT t;
\set VERBOSITY terse
SELECT chorus.complete(pg_temp.of('1'), 'encore');
ROLLBACK TO t;
-- Promised, a file stays as it is; once the answer is withdrawn it is free, and may be promised anew.
DELETE FROM chorus.attachment WHERE name = 'pv.pdf';
ROLLBACK TO t;
UPDATE chorus.attachment SET content = '\x2526' WHERE name = 'pv.pdf';
ROLLBACK TO t;
SELECT chorus.withdraw(pg_temp.of('1'), 'mauvais fichier');
SELECT state, answer ->> 'libelle' AS answer, answered_at IS NOT NULL AS answered, (SELECT count(*) FROM chorus.task WHERE kind = 'action') AS tasks FROM chorus.action;
UPDATE chorus.attachment SET content = '\x2526' WHERE name = 'pv.pdf';
DELETE FROM chorus.attachment WHERE name = 'plan.zip';
SELECT pg_temp.asked(chorus.complete(pg_temp.of('1'), 'ci-joint'));
-- Once only, and nothing that the agent has in hand, or may have sent.
SAVEPOINT t;
SELECT chorus.withdraw(pg_temp.of('2'));
ROLLBACK TO t;
UPDATE chorus.task SET leased_by = gen_random_uuid(), leased_until = now() + interval '1 min' WHERE kind = 'action';
SELECT chorus.withdraw(pg_temp.of('1'));
ROLLBACK TO t;
UPDATE chorus.action SET state = 'sent' WHERE state = 'queued';
SELECT chorus.withdraw(pg_temp.of('1'));
ROLLBACK TO t;
SELECT chorus.withdraw('00000000-0000-0000-0000-000000000000');
ROLLBACK TO t;
RESET ROLE;
SET ROLE chorus_writer;
SELECT chorus.withdraw(pg_temp.of('1'));
\set VERBOSITY default
ROLLBACK TO s;

-- recycle: what is not given stays; something must change.
SELECT chorus.recycle(pg_temp.of('2'));
ROLLBACK TO s;
SELECT chorus.recycle(pg_temp.of('2'), '12345678200051', 'VOIRIE');
ROLLBACK TO s;
SELECT chorus.recycle(pg_temp.of('2'), '123 456 782 00028');
ROLLBACK TO s;
SELECT chorus.recycle(pg_temp.of('2'), commitment => repeat('1', 51));
ROLLBACK TO s;
-- Services are a buyer's own; an empty text removes.
SELECT pg_temp.asked(chorus.recycle(pg_temp.of('2'), '12345678200028'));
ROLLBACK TO s;
SELECT pg_temp.asked(chorus.recycle(pg_temp.of('2'), service => ''));
ROLLBACK TO s;
SELECT pg_temp.asked(chorus.recycle(pg_temp.of('2'), service => 'PROPRETE', commitment => 'EJ-1', comment => 'Service corrigé'));

SELECT pg_temp.asked(chorus.treat_rejection(pg_temp.of('3')));
SELECT chorus.correct_validator(pg_temp.of('4'), '123');
ROLLBACK TO s;
SELECT pg_temp.asked(chorus.correct_validator(pg_temp.of('4'), '12345678200028'));
ROLLBACK TO s;
SELECT pg_temp.asked(chorus.correct_validator(pg_temp.of('4'), 'DE136695976', 'UE_HORS_FRANCE'));
ROLLBACK TO s;

-- A rejection is treated once.
RESET ROLE;
UPDATE chorus.invoice SET rejection_treated_at = now() WHERE number = 'F-3';
SET ROLE chorus_admin;
SELECT chorus.treat_rejection(pg_temp.of('3'));
ROLLBACK TO s;

-- What has just been answered is asked again only after the history was read.
RESET ROLE;
INSERT INTO chorus.action (invoice_id, kind, state, answered_at) SELECT id, 'complete', 'done', now() FROM chorus.invoice WHERE number = 'F-1';
SELECT count(*) FROM chorus.todo WHERE number = 'F-1';
SET ROLE chorus_admin;
SAVEPOINT t;
\set VERBOSITY terse
SELECT chorus.complete(pg_temp.of('1'), 'encore');
\set VERBOSITY default
ROLLBACK TO t;
RESET ROLE;
UPDATE chorus.invoice SET history_read_at = now() + interval '1 s' WHERE number = 'F-1';
SELECT count(*) FROM chorus.todo WHERE number = 'F-1';
SET ROLE chorus_admin;
SELECT pg_temp.asked(chorus.complete(pg_temp.of('1'), 'encore'));
ROLLBACK TO s;

-- resubmit: only what has failed.
SELECT chorus.resubmit(pg_temp.of('5'));
ROLLBACK TO s;
SELECT chorus.resubmit(pg_temp.of('9'));
ROLLBACK TO s;

-- pause, resume.
SELECT chorus.pause(id) FROM chorus.supplier;
SELECT paused FROM chorus.supplier;
SELECT chorus.resume(id) FROM chorus.supplier;
SELECT paused FROM chorus.supplier;
SELECT chorus.pause(0);
ROLLBACK;

-- A flux that was rejected for a cause outside the document goes out again as it is.
BEGIN;
INSERT INTO chorus.supplier (identifier, name) VALUES ('73282932000074', 'Atelier Lumen');
INSERT INTO chorus.invoice (id, doc) VALUES ('00000000-0000-4000-8000-000000000001', $$ {
    "$schema": "https://gobl.org/draft-0/bill/invoice", "$addons": ["fr-choruspro-v1"],
    "series": "F", "code": "1", "issue_date": "2026-01-15",
    "supplier": {"name": "Atelier Lumen", "tax_id": {"country": "FR", "code": "44732829320"},
        "identities": [{"type": "SIRET", "code": "73282932000074"}],
        "addresses": [{"street": "rue des Forges", "locality": "Lyon", "code": "69002", "country": "FR"}]},
    "customer": {"name": "La Poste", "identities": [{"type": "SIRET", "code": "35600000000048"}],
        "addresses": [{"street": "rue du Colonel Pierre Avia", "locality": "Paris", "code": "75015", "country": "FR"}]},
    "lines": [{"quantity": "1", "item": {"name": "Développement", "price": "90.00"}, "taxes": [{"cat": "VAT", "rate": "standard"}]}],
    "payment": {"terms": {"notes": "Paiement à 30 jours"},
        "instructions": {"key": "credit-transfer", "credit_transfer": [{"iban": "FR7630006000011234567890189"}]}}
} $$);
SET ROLE chorus_writer;
SAVEPOINT s;
SELECT chorus.resubmit('00000000-0000-4000-8000-000000000001');
ROLLBACK TO s;
RESET ROLE;
UPDATE chorus.invoice SET state = 'sending';
UPDATE chorus.invoice SET state = 'deposited';
UPDATE chorus.invoice SET state = 'flux_rejected';
DELETE FROM chorus.task;
INSERT INTO chorus.finding (invoice_id, origin, rule, severity, message_fr) SELECT id, 'flux', 'PGC-CPRO-FLUX', 'fatal', 'fournisseur inconnu' FROM chorus.invoice;
SET ROLE chorus_writer;
SELECT chorus.resubmit('00000000-0000-4000-8000-000000000001');
RESET ROLE;
SELECT kind FROM chorus.task;
SELECT count(*) FROM chorus.finding WHERE origin = 'flux';
ROLLBACK;
