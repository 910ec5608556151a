-- What INSERT INTO chorus.invoice (doc) does, in one transaction.
\set VERBOSITY default
\set SHOW_CONTEXT never
BEGIN;
INSERT INTO chorus.supplier (identifier, name, login, credential, state)
VALUES ('73282932000074', 'Atelier Lumen', 'TECH_1_73282932000074@cpro.fr', '\x00', 'registered');
CREATE TEMPORARY TABLE given (doc jsonb);
INSERT INTO given VALUES ($$ {
    "$schema": "https://gobl.org/draft-0/bill/invoice",
    "$addons": ["fr-choruspro-v1"],
    "series": "F", "code": "1", "issue_date": "2026-01-15",
    "supplier": {"name": "Atelier Lumen", "tax_id": {"country": "FR", "code": "44732829320"},
        "identities": [{"type": "SIRET", "code": "73282932000074"}],
        "addresses": [{"num": "12", "street": "rue des Forges", "locality": "Lyon", "code": "69002", "country": "FR"}]},
    "customer": {"name": "La Poste",
        "identities": [{"type": "SIRET", "code": "35600000000048"}],
        "addresses": [{"num": "9", "street": "rue du Colonel Pierre Avia", "locality": "Paris", "code": "75015", "country": "FR"}]},
    "lines": [{"quantity": "20", "item": {"name": "Développement", "price": "90.00", "unit": "h"},
        "discounts": [{"reason": "Remise", "percent": "10%"}],
        "taxes": [{"cat": "VAT", "rate": "standard"}]}],
    "ordering": {"code": "FACTURES-DSI", "purchases": [{"code": "EJ-2026-0042"}]},
    "payment": {"terms": {"notes": "Paiement à 30 jours", "due_dates": [{"date": "2026-02-14", "percent": "100%"}]},
        "instructions": {"key": "credit-transfer", "credit_transfer": [{"iban": "FR7630006000011234567890189"}]}}
} $$);

-- Calculated, validated, queued; the input is kept beside the calculated document.
INSERT INTO chorus.invoice (id, doc) SELECT '00000000-0000-4000-8000-000000000001', doc FROM given
RETURNING number, type, document_type, framework, issue_date, currency, total_without_tax, total_tax, total_with_tax, amount_due, state;
SELECT buyer_id_type, buyer_identifier, buyer_name, service_code, commitment_number, contract_number, issuer,
       doc -> 'totals' ->> 'payable' AS payable, doc ->> 'uuid' = id::text AS own_uuid, source = (SELECT doc FROM given) AS source_kept
FROM chorus.invoice;
SELECT rule, severity, path, term FROM chorus.finding ORDER BY rule, path;
SELECT t.kind, i.number, t.attempts, t.leased_until FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id;

-- The same number a second time.
SAVEPOINT s;
INSERT INTO chorus.invoice (doc) SELECT doc FROM given;
ROLLBACK TO s;

-- A supplier nobody knows.
INSERT INTO chorus.invoice (doc) SELECT jsonb_set(doc, '{supplier,identities,0,code}', '"41816609600069"') || '{"code": "2"}' FROM given;
ROLLBACK TO s;

-- Not GOBL, wrong type, no object: an ERROR with the path, nothing stored.
INSERT INTO chorus.invoice (doc) VALUES ('[]');
ROLLBACK TO s;
INSERT INTO chorus.invoice (doc) VALUES ('{"hello": "world"}');
ROLLBACK TO s;
INSERT INTO chorus.invoice (doc) SELECT jsonb_set(doc, '{lines,0,quantity}', '{"a": 1}') FROM given;
ROLLBACK TO s;
SELECT count(*) FROM chorus.invoice;

-- GOBL but wrong: stored as invalid, with findings, and nothing queued.
INSERT INTO chorus.invoice (doc) SELECT doc || '{"code": "3"}' #- '{supplier,name}' FROM given RETURNING number, state;
SELECT f.rule, f.severity, f.path, f.term FROM chorus.finding f JOIN chorus.invoice i ON i.id = f.invoice_id WHERE i.number = 'F-3' ORDER BY f.rule, f.path;
SELECT count(*) FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id WHERE i.number = 'F-3';

-- Corrected, it is queued.
UPDATE chorus.invoice SET doc = (SELECT doc || '{"code": "3"}' FROM given) WHERE number = 'F-3' RETURNING number, state;
SELECT count(*) FROM chorus.finding f JOIN chorus.invoice i ON i.id = f.invoice_id WHERE i.number = 'F-3' AND f.severity = 'fatal';
SELECT t.kind, i.number FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id ORDER BY t.id;

-- A draft waits for chorus.submit, once.
INSERT INTO chorus.invoice (id, doc, draft) SELECT '00000000-0000-4000-8000-000000000004', doc || '{"code": "4"}', true FROM given RETURNING number, state;
SELECT count(*) FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id WHERE i.number = 'F-4';
SELECT chorus.submit(id) FROM chorus.invoice WHERE number = 'F-4';
SAVEPOINT s;
SELECT chorus.submit(id) FROM chorus.invoice WHERE number = 'F-4';
ROLLBACK TO s;

-- Today's date and the row's id fill in.
INSERT INTO chorus.invoice (doc) SELECT doc - 'issue_date' || '{"code": "5"}' FROM given
RETURNING number, issue_date = (now() AT TIME ZONE 'Europe/Paris')::date AS today, state;
ROLLBACK;
