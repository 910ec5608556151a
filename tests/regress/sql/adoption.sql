-- Invoices deposited elsewhere: asked for by those in charge, of a registered supplier, one request at a time.
\set SHOW_CONTEXT never
BEGIN;
INSERT INTO chorus.supplier (identifier, name) VALUES ('73282932000074', 'Atelier Lumen');
SET ROLE chorus_writer;
SAVEPOINT s;
SELECT chorus.adopt(id) FROM chorus.supplier;
ROLLBACK TO s;
SET ROLE chorus_admin;
SAVEPOINT s;
SELECT chorus.adopt(0);
ROLLBACK TO s;
SELECT chorus.adopt(id) FROM chorus.supplier;
ROLLBACK TO s;
RESET ROLE;
UPDATE chorus.supplier SET state = 'registered', structure_id = 26300989;
SET ROLE chorus_admin;
SELECT chorus.adopt(id, '2026-01-01') IS NOT NULL AS task FROM chorus.supplier;
SELECT t.kind, a.since, a.number, a.requested_by FROM chorus.task t JOIN chorus.adoption a USING (supplier_id) WHERE t.kind = 'adopt';
SAVEPOINT s;
SELECT chorus.adopt(id, number => 'F-1') FROM chorus.supplier;
ROLLBACK TO s;
-- Without a document, an invoice is one that Chorus Pro has.
SET ROLE chorus_writer;
SAVEPOINT s;
INSERT INTO chorus.invoice (doc) VALUES (NULL);
ROLLBACK TO s;
RESET ROLE;
INSERT INTO chorus.invoice (id, supplier_id, issuer, number, issue_date, chorus_id, state) SELECT '00000000-0000-4000-8000-000000000001', id, siren, 'P-1', '2026-01-15', 8316845, 'integrated' FROM chorus.supplier;
SELECT number, state, (SELECT count(*) FROM chorus.task WHERE kind = 'submit') AS submit FROM chorus.invoice;
SET ROLE chorus_writer;
SAVEPOINT s;
UPDATE chorus.invoice SET doc = '{}';
ROLLBACK TO s;
ROLLBACK;
