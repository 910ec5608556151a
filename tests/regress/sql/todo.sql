-- What needs a person, and what ends.
\set SHOW_CONTEXT never
BEGIN;
INSERT INTO chorus.supplier (identifier, name) VALUES ('73282932000074', 'Atelier Lumen'), ('35600000000048', 'Compte Refusé'), ('55210055400021', 'En Pause');
ALTER TABLE chorus.invoice DISABLE TRIGGER read;
CREATE FUNCTION pg_temp.of(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT format('00000000-0000-4000-8000-%s', lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.make(n int, state text) RETURNS uuid LANGUAGE sql AS $$
    INSERT INTO chorus.invoice (id, supplier_id, doc, number, state, framework, type, buyer_id_type, buyer_identifier, buyer_name, issue_date, issuer)
    SELECT pg_temp.of(n), id, '{}', 'F-' || n, make.state, 'A1', 'standard', 'SIRET', '12345678200051', 'Mairie', '2026-01-15', siren
    FROM chorus.supplier WHERE name = 'Atelier Lumen' RETURNING id
$$;
CREATE FUNCTION pg_temp.event(n int, histo int, code text, age interval DEFAULT '2 days', comment text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    INSERT INTO chorus.status_event (invoice_id, histo_statut_id, code, occurred_at, comment) VALUES (pg_temp.of(n), histo, code, now() - age, comment);
    SELECT state FROM chorus.invoice WHERE id = pg_temp.of(n)
$$;
CREATE VIEW pg_temp.todo WITH (security_invoker = true) AS SELECT number, state, status, reason_fr, reason_en, next_action, days_left FROM chorus.todo ORDER BY number, state;
GRANT SELECT ON pg_temp.todo TO chorus_reader;
\x
SELECT pg_temp.make(1, 'invalid'), pg_temp.make(2, 'flux_rejected'), pg_temp.make(3, 'blocked'), pg_temp.make(4, 'integrated'), pg_temp.make(5, 'integrated'),
    pg_temp.make(6, 'integrated'), pg_temp.make(7, 'integrated'), pg_temp.make(8, 'integrated'), pg_temp.make(9, 'ready');
INSERT INTO chorus.finding (invoice_id, origin, rule, severity, message_fr, message_en) VALUES
    (pg_temp.of(1), 'document', 'BR-02', 'fatal', 'Le numéro manque', 'The number is missing'), (pg_temp.of(1), 'document', 'X', 'warning', 'Sans gravité', 'Harmless'),
    (pg_temp.of(2), 'flux', 'PGC-CPRO-FLUX', 'fatal', 'Code service inconnu', NULL);
UPDATE chorus.invoice SET state_reason = 'une autre facture porte ce numéro' WHERE number = 'F-3';
SELECT pg_temp.event(4, 1, 'SUSPENDUE', '2 days', 'Justificatif absent'), pg_temp.event(5, 1, 'A_RECYCLER'), pg_temp.event(6, 1, 'REJETEE', '9 days', 'Doublon'),
    pg_temp.event(7, 1, 'ERREUR_FOURNISSEUR_SUR_VALIDEUR'), pg_temp.event(8, 1, 'REFUSEE_1');
UPDATE chorus.task SET run_at = 'infinity', last_error = 'trop volumineux' WHERE invoice_id = pg_temp.of(9);
UPDATE chorus.supplier SET state = 'error', error = 'mot de passe expiré' WHERE name = 'Compte Refusé';
UPDATE chorus.supplier SET paused = true WHERE name = 'En Pause';
SET ROLE chorus_reader;
SELECT regexp_replace(next_action, 'retry\(\d+\)', 'retry(…)') AS next_action, number, state, status, reason_fr, reason_en, days_left FROM pg_temp.todo;
\x
-- The twin has the supplier, and rows only for those who see it.
SELECT supplier_name, count(*) FROM chorus_report.todo GROUP BY 1 ORDER BY 1;
-- What is being answered, or was, needs nobody.
RESET ROLE;
SET ROLE chorus_admin;
SELECT FROM chorus.complete(pg_temp.of(4), 'ci-joint');
SELECT FROM chorus.recycle(pg_temp.of(5), '12345678200028');
RESET ROLE;
SELECT count(*) FROM pg_temp.todo WHERE number IN ('F-4', 'F-5');
-- Unless it does not get through: after a day, or eight errors.
UPDATE chorus.action SET requested_at = requested_at - interval '25 hours' WHERE kind = 'complete';
UPDATE chorus.task SET attempts = 8, last_error = 'HTTP 503' WHERE kind = 'action' AND invoice_id = pg_temp.of(5);
UPDATE chorus.action SET state = 'sent' WHERE kind = 'recycle';
\x
SELECT number, state, status, reason_fr, reason_en, regexp_replace(next_action, '\([^)]*\)', '(…)', 'g') AS next_action, days_left FROM pg_temp.todo WHERE number IN ('F-4', 'F-5');
\x
UPDATE chorus.action SET requested_at = requested_at + interval '25 hours' WHERE kind = 'complete';
UPDATE chorus.task SET attempts = 0 WHERE kind = 'action';
-- Neither does what goes on for a day without an end hide, once its supplier is registered.
INSERT INTO chorus.task (kind, invoice_id, created_at, attempts, last_error) VALUES
    ('flux', pg_temp.make(10, 'deposited'), now() - interval '25 hours', 0, NULL), ('look_up', pg_temp.make(11, 'uncertain'), now() - interval '25 hours', 0, 'introuvable'),
    ('history', pg_temp.make(12, 'integrated'), now() - interval '25 hours', 8, 'HTTP 503'), ('history', pg_temp.make(13, 'integrated'), now() - interval '25 hours', 7, 'HTTP 503'),
    ('flux', pg_temp.make(14, 'deposited'), now() - interval '23 hours', 0, NULL);
SELECT number, reason_fr FROM pg_temp.todo WHERE reason_fr ~ 'aboutit|statuts|vérifié';
UPDATE chorus.supplier SET state = 'registered', structure_id = 1 WHERE name = 'Atelier Lumen';
SELECT number, reason_fr, reason_en FROM pg_temp.todo WHERE reason_fr ~ 'aboutit|statuts|vérifié';
DELETE FROM chorus.task WHERE kind IN ('flux', 'look_up', 'history');
UPDATE chorus.invoice SET rejection_treated_at = now() WHERE number = 'F-6';
UPDATE chorus.invoice SET supplier_id = (SELECT id FROM chorus.supplier WHERE name = 'En Pause') WHERE number = 'F-9';
SELECT coalesce(number, state) FROM pg_temp.todo;
ROLLBACK;

-- closed: nothing more is expected, or nothing has come for a year; never paid, and never for good.
BEGIN;
INSERT INTO chorus.supplier (identifier, name) VALUES ('73282932000074', 'Atelier Lumen');
ALTER TABLE chorus.invoice DISABLE TRIGGER read;
CREATE FUNCTION pg_temp.of(n int) RETURNS uuid LANGUAGE sql AS $$ SELECT format('00000000-0000-4000-8000-%s', lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.event(n int, histo int, code text, age interval DEFAULT '2 days') RETURNS text LANGUAGE sql AS $$
    INSERT INTO chorus.status_event (invoice_id, histo_statut_id, code, occurred_at) VALUES (pg_temp.of(n), histo, code, now() - age - histo * interval '-1 minute');
    SELECT state || ' ' || status FROM chorus.invoice WHERE id = pg_temp.of(n)
$$;
INSERT INTO chorus.invoice (id, supplier_id, doc, number, state, framework, type, buyer_id_type, buyer_identifier)
SELECT pg_temp.of(n), s.id, '{}', 'F-' || n, 'integrated', framework, type, 'SIRET', buyer
FROM chorus.supplier s, (VALUES (1, 'A1', 'standard', '12345678200051'), (2, 'A1', 'standard', '12345678200028'), (3, 'A1', 'credit-note', '12345678200051'),
    (4, 'A2', 'standard', '12345678200051'), (5, 'A1', 'standard', '12345678200051'), (6, 'A1', 'standard', '12345678200051')) v (n, framework, type, buyer);
SELECT pg_temp.event(1, 1, 'MANDATEE') AS ordinary, pg_temp.event(2, 1, 'MANDATEE') AS unreported, pg_temp.event(3, 1, 'MANDATEE') AS credit_note, pg_temp.event(4, 1, 'COMPTABILISEE') AS already_paid;
-- The buyer's flag is learned later, and may change.
INSERT INTO chorus.structure (identifier, payment_not_reported) VALUES ('12345678200028', true);
SELECT state FROM chorus.invoice WHERE number = 'F-2';
UPDATE chorus.structure SET payment_not_reported = false;
SELECT state FROM chorus.invoice WHERE number = 'F-2';
UPDATE chorus.structure SET payment_not_reported = true;
SELECT state FROM chorus.invoice WHERE number = 'F-2';
-- Reopened.
SELECT pg_temp.event(2, 2, 'SUSPENDUE'), pg_temp.event(3, 2, 'MISE_A_DISPOSITION_COMPTABLE'), pg_temp.event(4, 2, 'MISE_EN_PAIEMENT');
-- A year of silence.
SELECT pg_temp.event(5, 1, 'MISE_A_DISPOSITION', '11 months'), pg_temp.event(6, 1, 'MISE_A_DISPOSITION', '13 months');
ALTER TABLE chorus.status_event DISABLE TRIGGER append_only;
UPDATE chorus.status_event SET occurred_at = now() - interval '13 months' WHERE invoice_id = pg_temp.of(5);
UPDATE chorus.invoice SET status_at = now() - interval '13 months' WHERE number = 'F-5';
SELECT state FROM chorus.invoice WHERE number = 'F-5';
SELECT chorus.close_silent(id), chorus.close_silent(id) FROM chorus.supplier;
SELECT state FROM chorus.invoice WHERE number = 'F-5';
SELECT pg_temp.event(5, 2, 'MISE_EN_PAIEMENT'), pg_temp.event(6, 2, 'MANDATEE');
-- Somebody unanswered for a year still needs a person.
UPDATE chorus.status_event SET occurred_at = now() - interval '14 months' WHERE invoice_id = pg_temp.of(2);
UPDATE chorus.invoice SET status_at = now() - interval '14 months' WHERE number = 'F-2';
SELECT chorus.close_silent(id) FROM chorus.supplier;
SELECT number, state FROM chorus.invoice WHERE number = 'F-2';
-- Which statuses end is the owner's to say.
SET ROLE chorus_admin;
INSERT INTO chorus.last_status VALUES ('credit_note', 'MISE_A_DISPOSITION_COMPTABLE');
RESET ROLE;
SELECT pg_temp.event(3, 3, 'MISE_A_DISPOSITION_COMPTABLE');
ROLLBACK;

-- Remedies can be pasted into a shell, whatever the identifier holds.
SELECT chorus.shell_word(identifier) FROM (VALUES ('73282932000074'), ('DE123+4'), ('CHUhren AG'), ('L''Atelier $HOME'), ('')) AS suppliers (identifier);
