-- States move only along the life cycle, and only where nothing is on its way.
\set VERBOSITY terse
BEGIN;
ALTER TABLE chorus.invoice DISABLE TRIGGER read;
INSERT INTO chorus.supplier (identifier, name) VALUES ('73282932000074', 'Atelier Lumen');
CREATE FUNCTION pg_temp.try(old text, new text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    made uuid;
BEGIN
    INSERT INTO chorus.invoice (doc, state) VALUES ('{}', old) RETURNING id INTO made;
    UPDATE chorus.invoice i SET state = new WHERE i.id = made;
    RETURN true;
EXCEPTION WHEN check_violation THEN
    RETURN false;
END
$$;
CREATE TEMPORARY TABLE state (n int GENERATED ALWAYS AS IDENTITY, name text);
INSERT INTO state (name) VALUES ('draft'), ('invalid'), ('ready'), ('sending'), ('uncertain'), ('deposited'), ('integrated'), ('flux_rejected'),
    ('blocked'), ('cancelled'), ('action_required'), ('awaiting_validator'), ('rejected'), ('paid'), ('withdrawn'), ('closed');
SELECT o.name AS "from", string_agg(n.name, ' ' ORDER BY n.n) FILTER (WHERE pg_temp.try(o.name, n.name)) AS "to"
FROM state o JOIN state n ON n.name <> o.name GROUP BY o.n, o.name ORDER BY o.n;
DELETE FROM chorus.invoice;

-- Events decide the state, in whatever order they arrive and whatever the buyer does.
INSERT INTO chorus.invoice (id, doc, number, state) VALUES ('00000000-0000-4000-8000-000000000001', '{}', 'F-1', 'integrated');
CREATE FUNCTION pg_temp.event(n int, code text) RETURNS text LANGUAGE sql AS $$
    INSERT INTO chorus.status_event (invoice_id, histo_statut_id, code, occurred_at)
    SELECT id, n, code, '2026-01-15 10:00+01'::timestamptz + n * interval '1 hour' FROM chorus.invoice;
    SELECT state || ' ' || status FROM chorus.invoice;
$$;
SELECT pg_temp.event(1, 'DEPOSEE');
SELECT pg_temp.event(3, 'MISE_A_DISPOSITION');
SELECT pg_temp.event(2, 'EN_COURS_ACHEMINEMENT');
SELECT pg_temp.event(4, 'SUSPENDUE');
SELECT pg_temp.event(5, 'COMPLETEE');
SELECT pg_temp.event(6, 'A_VALIDER_1');
SELECT pg_temp.event(7, 'MISE_EN_PAIEMENT');
SELECT pg_temp.event(8, 'MANDATEE');
SELECT pg_temp.event(9, 'REJETEE');
SELECT pg_temp.event(10, 'SUPPRIMEE');
SELECT code, label FROM chorus.status_event ORDER BY occurred_at;

-- Each once, and for good.
SAVEPOINT s;
SELECT pg_temp.event(1, 'DEPOSEE');
ROLLBACK TO s;
UPDATE chorus.status_event SET comment = 'x';
ROLLBACK TO s;
DELETE FROM chorus.status_event;
ROLLBACK TO s;
TRUNCATE chorus.status_event;
ROLLBACK TO s;

-- A document with a deposit under way stands; what Chorus Pro may have cannot be cancelled.
ALTER TABLE chorus.invoice ENABLE TRIGGER read;
UPDATE chorus.invoice SET doc = '{"a": 1}';
ROLLBACK TO s;
SELECT chorus.cancel(id) FROM chorus.invoice;
ROLLBACK TO s;
SELECT chorus.resolve(id, 'maybe', 'asked the buyer') FROM chorus.invoice;
ROLLBACK TO s;
SELECT chorus.retry(0);
ROLLBACK TO s;

-- A task is about what its kind says.
INSERT INTO chorus.task (kind, invoice_id) SELECT 'follow', id FROM chorus.invoice LIMIT 1;
ROLLBACK TO s;
INSERT INTO chorus.task (kind, invoice_id) SELECT 'telex', id FROM chorus.invoice LIMIT 1;
ROLLBACK TO s;
INSERT INTO chorus.task (kind) VALUES ('submit');
ROLLBACK TO s;
INSERT INTO chorus.task (kind, invoice_id) SELECT 'flux', id FROM chorus.invoice LIMIT 1;
UPDATE chorus.task SET kind = 'adopt' WHERE kind = 'flux';
ROLLBACK;
