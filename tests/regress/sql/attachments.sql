-- Supporting documents: what Chorus Pro would refuse is refused here, with the remedy; what was sent stays as it is.
\set SHOW_CONTEXT never
BEGIN;
INSERT INTO chorus.supplier (identifier, name) VALUES ('73282932000074', 'Atelier Lumen');
INSERT INTO chorus.invoice (id, draft, doc) VALUES ('00000000-0000-4000-8000-000000000001', true, $$ {
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
CREATE FUNCTION pg_temp.attach(name text, size int DEFAULT 3, sent_with text DEFAULT 'invoice', mime text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    INSERT INTO chorus.attachment (invoice_id, name, mime, content, sent_with)
    VALUES ('00000000-0000-4000-8000-000000000001', name, mime, decode(repeat('41', size), 'hex'), sent_with)
    RETURNING mime || ' ' || size || ' ' || sent_with
$$;
SELECT pg_temp.attach('Bon de commande.PDF');
SELECT pg_temp.attach('mesures.csv', 3, 'complement');
SELECT pg_temp.attach('plans.zip', 3, 'complement');
SAVEPOINT s;
SELECT pg_temp.attach('plans2.zip');
ROLLBACK TO s;
SELECT pg_temp.attach('virus.exe', 3, 'complement');
ROLLBACK TO s;
SELECT pg_temp.attach('sans-extension');
ROLLBACK TO s;
SELECT pg_temp.attach(repeat('a', 47) || '.pdf');
ROLLBACK TO s;
SELECT pg_temp.attach(repeat('é', 46) || '.pdf');
ROLLBACK TO s;
SELECT pg_temp.attach('../etc.pdf');
ROLLBACK TO s;
SELECT pg_temp.attach('vide.pdf', 0);
ROLLBACK TO s;
SELECT pg_temp.attach('grand.pdf', 10485761);
ROLLBACK TO s;
SELECT pg_temp.attach('en-base64.pdf', 9 * 1024 * 1024);
ROLLBACK TO s;
SELECT pg_temp.attach('en-base64.pdf', 9 * 1024 * 1024, 'complement');
ROLLBACK TO s;
SELECT pg_temp.attach('a' || n || '.pdf', 1, 'complement') FROM generate_series(1, 98) n OFFSET 97;
ROLLBACK TO s;
SELECT pg_temp.attach('Bon de commande.PDF');
ROLLBACK TO s;
INSERT INTO chorus.attachment (invoice_id, name, content) VALUES ('00000000-0000-4000-8000-00000000000f', 'x.pdf', '\x00');
ROLLBACK TO s;
-- States and ids of Chorus Pro are not the application's to write.
UPDATE chorus.attachment SET chorus_id = 1;
ROLLBACK TO s;

-- Embedded, it is in the invoice that is sent.
SELECT chorus.submit('00000000-0000-4000-8000-000000000001');
UPDATE chorus.attachment SET designation = 'Bon de commande signé' WHERE name LIKE 'Bon%';
SELECT id IS NOT NULL AS id, number, name, mime, designation, type, size, sent_with FROM chorus_report.attachment ORDER BY name;

-- Sent, it stays.
RESET ROLE;
UPDATE chorus.invoice SET state = 'sending';
SET ROLE chorus_writer;
SAVEPOINT s;
UPDATE chorus.attachment SET content = '\x00' WHERE name LIKE 'Bon%';
ROLLBACK TO s;
DELETE FROM chorus.attachment WHERE name LIKE 'Bon%';
ROLLBACK TO s;
SELECT pg_temp.attach('oubli.pdf');
ROLLBACK TO s;
SELECT pg_temp.attach('oubli.pdf', 3, 'complement');
DELETE FROM chorus.attachment WHERE name = 'mesures.csv';
-- A complement that Chorus Pro has stays too.
RESET ROLE;
UPDATE chorus.attachment SET chorus_id = 10321512, uploaded_at = now() WHERE name = 'plans.zip';
SET ROLE chorus_writer;
DELETE FROM chorus.attachment WHERE name = 'plans.zip';
ROLLBACK;

-- Every extension of Chorus Pro's list has a MIME code, and only the six of EN 16931 travel in an invoice.
SELECT e AS extension, chorus.mime_of('x.' || e) AS mime, chorus.is_embeddable(chorus.mime_of('x.' || e)) AS embeddable
FROM unnest('{BMP,GIF,FAX,ODT,PPT,TIFF,XLS,BZ2,GZ,JPEG,P7S,RTF,TXT,XML,CSV,GZIP,JPG,PDF,SVG,XHTML,XLSX,DOC,HTM,ODP,PNG,TGZ,XLC,ZIP,DOCX,HTML,ODS,PPS,TIF,XLM,PPTX}'::text[]) e
WHERE chorus.mime_of('x.' || e) IS NULL OR chorus.is_embeddable(chorus.mime_of('x.' || e)) ORDER BY 1;
