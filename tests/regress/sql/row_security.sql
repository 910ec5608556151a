-- Each supplier's rows are seen by the members of its role, and by nobody else's applications and reports.
\set SHOW_CONTEXT never
-- Every table of suppliers' rows has row-level security, and every table with it a policy for applications or none of their grants.
SELECT c.relname AS unprotected FROM pg_class c
WHERE c.relnamespace = 'chorus'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT c.relrowsecurity
    AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('supplier_id', 'invoice_id', 'action_id'));
SELECT tablename AS "table", policyname AS policy, roles, cmd, qual FROM pg_policies WHERE schemaname = 'chorus' ORDER BY 1, 2;
SELECT c.oid::regclass AS "not as invoker" FROM pg_class c
WHERE c.relnamespace IN ('chorus'::regnamespace, 'chorus_report'::regnamespace) AND c.relkind = 'v' AND NOT coalesce(c.reloptions @> '{security_invoker=true}', false);

BEGIN;
CREATE ROLE alpha; CREATE ROLE beta;
CREATE ROLE alpha_app IN ROLE chorus_writer, alpha; CREATE ROLE beta_app IN ROLE chorus_writer, beta;
CREATE ROLE beta_reports IN ROLE chorus_reader, beta; CREATE ROLE reports_on_both IN ROLE chorus_reader, alpha, beta;
CREATE ROLE no_ones_app IN ROLE chorus_writer;
SET ROLE chorus_admin;
INSERT INTO chorus.supplier (identifier, name, role) VALUES ('73282932000074', 'Alpha', 'alpha'), ('35600000000048', 'Beta', 'beta');
INSERT INTO chorus.supplier (id_type, identifier, name) VALUES ('UE_HORS_FRANCE', 'DE136695976', 'Everybody''s');
RESET ROLE;
CREATE TEMPORARY TABLE given (doc jsonb);
GRANT SELECT ON given TO PUBLIC;
INSERT INTO given VALUES ($$ {
    "$schema": "https://gobl.org/draft-0/bill/invoice", "$addons": ["fr-choruspro-v1"], "series": "F", "code": "1", "issue_date": "2026-01-15",
    "supplier": {"name": "Alpha", "tax_id": {"country": "FR", "code": "44732829320"}, "identities": [{"type": "SIRET", "code": "73282932000074"}],
        "addresses": [{"street": "rue des Forges", "locality": "Lyon", "code": "69002", "country": "FR"}]},
    "customer": {"name": "La Poste", "identities": [{"type": "SIRET", "code": "35600000000048"}],
        "addresses": [{"street": "rue du Colonel Pierre Avia", "locality": "Paris", "code": "75015", "country": "FR"}]},
    "lines": [{"quantity": "1", "item": {"name": "Développement", "price": "90.00"}, "taxes": [{"cat": "VAT", "rate": "standard"}]}],
    "payment": {"terms": {"notes": "Paiement à 30 jours"}, "instructions": {"key": "credit-transfer", "credit_transfer": [{"iban": "FR7630006000011234567890189"}]}}
} $$);
SET ROLE alpha_app;
INSERT INTO chorus.invoice (doc) SELECT doc FROM given RETURNING number, state, created_by;
SELECT name FROM chorus.supplier ORDER BY 1;
-- Correcting and submitting, as before.
UPDATE chorus.invoice SET doc = doc RETURNING number, state;
INSERT INTO chorus.invoice (doc, draft) SELECT doc || '{"code": "2"}', true FROM given;
SELECT chorus.submit(id) FROM chorus.invoice WHERE number = 'F-2';
INSERT INTO chorus.attachment (invoice_id, name, content) SELECT id, 'pv.pdf', '\x25' FROM chorus.invoice WHERE number = 'F-2';

-- To others, the supplier is not there; nor do the duplicates among its numbers show.
SET ROLE beta_app;
SAVEPOINT s;
INSERT INTO chorus.invoice (doc) SELECT doc FROM given;
ROLLBACK TO s;
SELECT name FROM chorus.supplier ORDER BY 1;
SELECT (SELECT count(*) FROM chorus.invoice) AS invoices, (SELECT count(*) FROM chorus.finding) AS findings, (SELECT count(*) FROM chorus.task) AS tasks,
    (SELECT count(*) FROM chorus.attachment) AS attachments, (SELECT count(*) FROM chorus_report.invoice) AS reported, (SELECT count(*) FROM chorus.todo) AS todo;
UPDATE chorus.invoice SET doc = doc;
DELETE FROM chorus.attachment;
-- A document without a supplier is its inserter's.
INSERT INTO chorus.invoice (doc) SELECT doc #- '{supplier,identities}' FROM given RETURNING supplier_id, state;
SELECT count(*) FROM chorus.invoice;
SET ROLE no_ones_app;
SELECT count(*) FROM chorus.invoice;
SELECT name FROM chorus.supplier;
SET ROLE beta_reports;
SELECT count(*) FROM chorus_report.invoice;
SET ROLE reports_on_both;
SELECT number FROM chorus_report.invoice ORDER BY 1;
-- People in charge and the agent see all.
SET ROLE chorus_admin;
SELECT count(*) FROM chorus.invoice;
SET ROLE chorus_agent;
SELECT count(*) FROM chorus.invoice;
-- A role that is gone hides its supplier and breaks nothing.
RESET ROLE;
REVOKE alpha FROM alpha_app, reports_on_both;
DROP ROLE alpha;
SET ROLE alpha_app;
SELECT count(*) FROM chorus.invoice;
ROLLBACK;
