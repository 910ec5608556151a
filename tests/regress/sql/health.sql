-- What chorus.health says, and when it says nothing.
SET datestyle = ISO;
BEGIN;
-- This database is a copy of a template: nothing is sent from it, and only from the recorded one for its environment.
SELECT chorus.identity_differences(), chorus.may_send('qualification');
SELECT severity, reason_en, remedy_fr FROM chorus.health WHERE subject = 'identity';
UPDATE chorus.installation SET (system_identifier, database_oid, timeline, directory)
    = (SELECT system_identifier, database_oid, timeline, directory FROM chorus.here);
SELECT chorus.identity_differences(), chorus.may_send('qualification'), chorus.may_send(NULL), chorus.may_send('production');
UPDATE chorus.installation SET timeline = timeline + 1, directory = 'elsewhere';
SELECT chorus.identity_differences(), chorus.may_send(NULL);
UPDATE chorus.installation SET timeline = (SELECT timeline FROM chorus.here), directory = NULL;
SELECT chorus.identity_differences() AS "a directory that was not recorded is not compared";
UPDATE chorus.installation SET timeline = NULL;
SELECT chorus.identity_differences(), chorus.may_send(NULL);
UPDATE chorus.installation SET timeline = (SELECT timeline FROM chorus.here);

-- An agent that was heard of just now, and nothing to do: all is well.
SELECT severity, subject, reason_en FROM chorus.health;
INSERT INTO chorus.agent (id, version, host) VALUES ('00000000-0000-4000-8000-000000000001', '0.1.0', 'here');
SELECT count(*) AS problems FROM chorus.health;

-- Everything that can be wrong.
INSERT INTO chorus.supplier (identifier, state, error, error_fr) VALUES ('12345678200010', 'error', 'The account is refused', 'Le compte est refusé');
INSERT INTO chorus.supplier (identifier, state, password_expires_on) VALUES
    ('12345678200028', 'registered', current_date - 2), ('12345678200036', 'registered', current_date + 10), ('12345678200044', 'registered', current_date + 300);
ALTER TABLE chorus.invoice DISABLE TRIGGER read;
INSERT INTO chorus.invoice (doc, number, state, supplier_id)
SELECT '{}', 'H-' || n, s, (SELECT id FROM chorus.supplier WHERE identifier = '12345678200044')
FROM unnest('{ready,ready,uncertain,blocked,integrated}'::text[]) WITH ORDINALITY AS t (s, n);
DELETE FROM chorus.task;
INSERT INTO chorus.task (kind, invoice_id, run_at, last_error)
SELECT 'submit', id, now() - interval '2 hours', NULL FROM chorus.invoice WHERE number = 'H-1' UNION ALL
SELECT 'submit', id, 'infinity', 'refused' FROM chorus.invoice WHERE number = 'H-2' UNION ALL
SELECT 'look_up', id, 'infinity', 'blocked' FROM chorus.invoice WHERE number = 'H-4' UNION ALL
SELECT 'history', id, now() - interval '20 minutes', NULL FROM chorus.invoice WHERE number = 'H-5';
UPDATE chorus.agent SET heartbeat_at = now() - interval '3 minutes';
ALTER TABLE chorus.task DISABLE TRIGGER notify;
SELECT severity, subject, regexp_replace(reason_en, '(since|on) [0-9].*', '\1 …') AS reason_en, remedy_en FROM chorus.health ORDER BY subject;
SELECT subject, regexp_replace(reason_fr, '(depuis|le) [0-9].*', '\1 …') AS reason_fr, remedy_fr FROM chorus.health ORDER BY subject;

-- What a supplier that is paused does not send is not overdue.
UPDATE chorus.supplier SET paused = true;
SELECT subject FROM chorus.health WHERE subject LIKE 'tasks %' ORDER BY subject;

-- While Chorus Pro is left alone nothing is overdue; that has a row of its own.
UPDATE chorus.supplier SET paused = false;
SELECT subject FROM chorus.health WHERE subject LIKE 'tasks %' ORDER BY subject;
SELECT held IS NOT NULL AS held FROM chorus.call_failed('app', 'Factures', NULL, 1, 60, 900, NULL, 'down', '/cpro: HTTP 503', 'wait', 'attendez');
SELECT severity, subject, regexp_replace(reason_en, '(since|at) [0-9][^,:]*(:\d\d)*[^,:]*', '\1 …', 'g') AS reason_en, remedy_fr FROM chorus.health
WHERE subject LIKE 'tasks %' OR subject LIKE 'API %' ORDER BY subject;

-- The agent and people in charge see it.
SET ROLE chorus_agent;
SELECT count(*) > 5 AS seen FROM chorus.health;
SET ROLE chorus_admin;
SELECT count(*) > 5 AS seen FROM chorus.health;
SET ROLE chorus_reader;
SELECT count(*) FROM chorus.health;
ROLLBACK;
