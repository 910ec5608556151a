-- What people do, as the roles that may do it.
\set VERBOSITY default
\set SHOW_CONTEXT never
BEGIN;
CREATE TEMPORARY TABLE given (doc jsonb);
GRANT SELECT ON given TO chorus_writer, chorus_admin;
INSERT INTO given VALUES ($$ {
    "$schema": "https://gobl.org/draft-0/bill/invoice",
    "$addons": ["fr-choruspro-v1"],
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

-- People in charge register suppliers; applications insert, correct and submit.
SET ROLE chorus_admin;
INSERT INTO chorus.supplier (identifier, name, login, credential, state)
VALUES ('73282932000074', 'Atelier Lumen', 'TECH_1_73282932000074@cpro.fr', '\x00', 'processing');
UPDATE chorus.supplier SET login = 'TECH_2_73282932000074@cpro.fr', credential = '\x01', state = 'processing', error = NULL;
RESET ROLE;
INSERT INTO chorus.invoice (id, doc, draft) SELECT '00000000-0000-4000-8000-000000000001', doc, true FROM given RETURNING number, state;
SET ROLE chorus_writer;
SELECT chorus.submit(id) FROM chorus.invoice;
SAVEPOINT s;
UPDATE chorus.invoice SET state = 'paid';
ROLLBACK TO s;
UPDATE chorus.invoice SET draft = true;
ROLLBACK TO s;
SELECT chorus.cancel(id) FROM chorus.invoice;
ROLLBACK TO s;
TABLE chorus.task;
ROLLBACK TO s;
SELECT number, state FROM chorus_report.invoice;

-- A cadre that the portal asks for waits until a person allows it for the supplier, and no longer than that.
INSERT INTO chorus.invoice (doc, draft)
SELECT doc || '{"code": "2", "tax": {"ext": {"fr-choruspro-framework": "A9"}}}', true FROM given;
SELECT chorus.submit(id) FROM chorus.invoice WHERE number = 'F-2';
SELECT f.rule, f.severity FROM chorus.finding f JOIN chorus.invoice i ON i.id = f.invoice_id WHERE i.number = 'F-2' AND f.rule = 'PGC-CPRO-CADRE';
SET ROLE chorus_admin;
UPDATE chorus.supplier SET frameworks = '{A1,A2,A9}';
SET ROLE chorus_writer;
UPDATE chorus.invoice SET doc = doc WHERE number = 'F-2' RETURNING state;
SELECT f.rule, f.severity FROM chorus.finding f JOIN chorus.invoice i ON i.id = f.invoice_id WHERE i.number = 'F-2' AND f.rule = 'PGC-CPRO-CADRE';

-- Cancelled, its number is free again.
SET ROLE chorus_admin;
SELECT chorus.cancel(id, 'inserted by mistake') FROM chorus.invoice WHERE number = 'F-2';
SELECT state, state_reason FROM chorus.invoice WHERE number = 'F-2';
SET ROLE chorus_writer;
INSERT INTO chorus.invoice (doc) SELECT doc || '{"code": "2"}' FROM given RETURNING number, state;

-- What the agent could not decide.
RESET ROLE;
CREATE FUNCTION pg_temp.block(name text) RETURNS void LANGUAGE sql AS $$
    UPDATE chorus.invoice SET state = 'sending' WHERE number = name;
    INSERT INTO chorus.deposit (invoice_id, content, sha256, lease, state)
    SELECT id, '\x00', encode(sha256('\x00'), 'hex'), 1, 'unknown' FROM chorus.invoice WHERE number = name AND state = 'sending';
    UPDATE chorus.invoice SET state = 'uncertain' WHERE number = name AND state = 'sending';
    UPDATE chorus.invoice SET state = 'blocked' WHERE number = name AND state = 'uncertain';
    UPDATE chorus.task SET kind = 'look_up', run_at = 'infinity'
    FROM chorus.invoice i WHERE i.id = invoice_id AND i.number = name;
$$;
CREATE FUNCTION pg_temp.standing() RETURNS TABLE (invoice text, reason text, deposit text, note text, task text) LANGUAGE sql AS $$
    SELECT i.state, i.state_reason, d.state, d.note, t.kind
    FROM chorus.invoice i LEFT JOIN chorus.deposit d ON d.invoice_id = i.id LEFT JOIN chorus.task t ON t.invoice_id = i.id
    WHERE i.number = 'F-1'
$$;
GRANT EXECUTE ON FUNCTION pg_temp.standing() TO chorus_admin;
SELECT pg_temp.block('F-1');
SET ROLE chorus_admin;
SAVEPOINT s;
SELECT chorus.cancel(id) FROM chorus.invoice WHERE number = 'F-1';
ROLLBACK TO s;
SELECT chorus.resolve(id, NULL, 'asked') FROM chorus.invoice WHERE number = 'F-1';
ROLLBACK TO s;
SELECT chorus.resolve(id, 'not_deposited', '') FROM chorus.invoice WHERE number = 'F-1';
ROLLBACK TO s;
SELECT chorus.resolve(id, 'deposited', 'seen on the portal') FROM chorus.invoice WHERE number = 'F-1';
ROLLBACK TO s;
\set VERBOSITY sqlstate
SELECT count(chorus.retry(t.id)) FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id WHERE i.state = 'blocked';
\set VERBOSITY default
ROLLBACK TO s;
SELECT chorus.resolve(id, 'look_again', 'the portal was down') FROM chorus.invoice WHERE number = 'F-1';
SELECT * FROM pg_temp.standing();
ROLLBACK TO s;
SELECT chorus.resolve(id, 'deposited', 'seen on the portal', 'CPP0011106000000000000001') FROM chorus.invoice WHERE number = 'F-1';
SELECT * FROM pg_temp.standing();
ROLLBACK TO s;
-- What was refused afterwards is not what is there.
RESET ROLE;
INSERT INTO chorus.deposit (invoice_id, content, sha256, lease, state, prepared_at)
SELECT id, '\x01', encode(sha256('\x01'), 'hex'), 2, 'refused', now() + interval '1 min' FROM chorus.invoice WHERE number = 'F-1';
SET ROLE chorus_admin;
SELECT chorus.resolve(id, 'deposited', 'seen on the portal', 'CPP0011106000000000000001') FROM chorus.invoice WHERE number = 'F-1';
SELECT d.content, d.state, d.flux_number FROM chorus.deposit d JOIN chorus.invoice i ON i.id = d.invoice_id WHERE i.number = 'F-1' ORDER BY d.prepared_at;
ROLLBACK TO s;
SELECT chorus.resolve(id, 'cancelled', 'the customer withdrew') FROM chorus.invoice WHERE number = 'F-1';
SELECT * FROM pg_temp.standing();
ROLLBACK TO s;
SELECT chorus.resolve(id, 'not_deposited', 'support says so, ticket 42') FROM chorus.invoice WHERE number = 'F-1';
SELECT * FROM pg_temp.standing();
-- It may be corrected now: nothing of it can arrive any more, as far as people know.
SET ROLE chorus_writer;
UPDATE chorus.invoice SET doc = (SELECT doc || '{"notes": [{"text": "Bon de commande joint"}]}' FROM given) WHERE number = 'F-1' RETURNING number, state;
ROLLBACK;
