-- 0003: invoices and what is wrong with them.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 2 THEN
        RAISE EXCEPTION 'sql/schema/0003 applies to schema version 2, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

CREATE TABLE chorus.invoice (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    supplier_id bigint REFERENCES chorus.supplier (id),
    source jsonb,
    doc jsonb,
    draft boolean NOT NULL DEFAULT false,
    number text,
    type text,
    document_type text,
    framework text,
    issue_date date,
    currency text,
    total_without_tax numeric,
    total_tax numeric,
    total_with_tax numeric,
    amount_due numeric,
    issuer text,
    buyer_id_type text,
    buyer_identifier text,
    buyer_name text,
    service_code text,
    commitment_number text,
    contract_number text,
    findings jsonb NOT NULL DEFAULT '[]',
    directory jsonb NOT NULL DEFAULT '[]',
    directory_at timestamptz,
    directory_since timestamptz,
    state text NOT NULL CHECK (state IN ('draft', 'invalid', 'ready', 'sending', 'uncertain', 'deposited', 'integrated',
        'flux_rejected', 'blocked', 'cancelled', 'action_required', 'awaiting_validator', 'rejected', 'paid', 'withdrawn', 'closed')),
    state_reason text,
    status text,
    status_at timestamptz,
    chorus_id bigint,
    rejection_treated_at timestamptz,
    seen_status text,
    seen_at timestamptz,
    history_read_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL DEFAULT current_user,
    CONSTRAINT invoice_doc_check CHECK (doc IS NOT NULL OR chorus_id IS NOT NULL)
)
-- Updated some ten times in their life, mostly in columns that no index has (reasons, what searches and histories show): those versions
-- find room in their page, and leave the indexes alone. Vacuum and statistics after 2 % of changes: a fifth of a large table takes months.
WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.02);

-- Chorus Pro's own rule: one invoice per issuer (SIREN or foreign identifier), year of issue and number.
-- Rows that Chorus Pro has never accepted, and will not be asked to, do not take the number.
CREATE UNIQUE INDEX invoice_number_key ON chorus.invoice (issuer, (extract(year FROM issue_date)), number)
    WHERE state NOT IN ('draft', 'invalid', 'flux_rejected', 'cancelled');
CREATE INDEX invoice_supplier_idx ON chorus.invoice (supplier_id, issue_date);
CREATE UNIQUE INDEX invoice_chorus_id_key ON chorus.invoice (chorus_id) WHERE chorus_id IS NOT NULL;
CREATE INDEX invoice_open_idx ON chorus.invoice (state) 
    WHERE state IN ('invalid', 'flux_rejected', 'sending', 'uncertain', 'deposited', 'blocked', 'action_required', 'rejected');
-- How long a supplier has been silent, and which invoices have been for a year.
CREATE INDEX invoice_silent_idx ON chorus.invoice (supplier_id, status_at) WHERE state IN ('integrated', 'awaiting_validator', 'action_required');

-- What waits for an answer about its buyer; which buyers are invoiced at present.
CREATE INDEX invoice_ready_idx ON chorus.invoice (buyer_identifier) WHERE state = 'ready';
CREATE INDEX invoice_buyer_idx ON chorus.invoice (buyer_identifier, created_at);

COMMENT ON TABLE chorus.invoice IS 'Invoices: INSERT INTO chorus.invoice (doc) VALUES (…) calculates, validates and queues';
COMMENT ON COLUMN chorus.invoice.id IS 'Also the document''s uuid where it has none';
COMMENT ON COLUMN chorus.invoice.supplier_id IS 'Found by the identifier in the document; NULL only where the document has none';
COMMENT ON COLUMN chorus.invoice.source IS 'What was inserted, where it differs from doc; paths in findings refer to it';
COMMENT ON COLUMN chorus.invoice.doc IS 'GOBL invoice: give what you have, the row holds the calculated document. NULL only where it was adopted: deposited elsewhere';
COMMENT ON COLUMN chorus.invoice.draft IS 'true: keep, do not send; chorus.submit(id) sends it';
COMMENT ON COLUMN chorus.invoice.number IS 'Invoice number (BT-1): series and code';
COMMENT ON COLUMN chorus.invoice.type IS 'GOBL type: standard, credit-note, corrective, …';
COMMENT ON COLUMN chorus.invoice.document_type IS 'UNTDID 1001 code (BT-3): 380, 381, …';
COMMENT ON COLUMN chorus.invoice.framework IS 'Cadre de facturation (BT-23): A1 (to be paid), A2 (already paid), …';
COMMENT ON COLUMN chorus.invoice.issue_date IS 'Issue date (BT-2)';
COMMENT ON COLUMN chorus.invoice.currency IS 'Currency (BT-5), ISO 4217';
COMMENT ON COLUMN chorus.invoice.total_without_tax IS 'Total without VAT (BT-109)';
COMMENT ON COLUMN chorus.invoice.total_tax IS 'Total VAT (BT-110)';
COMMENT ON COLUMN chorus.invoice.total_with_tax IS 'Total with VAT (BT-112)';
COMMENT ON COLUMN chorus.invoice.amount_due IS 'Amount due for payment (BT-115)';
COMMENT ON COLUMN chorus.invoice.issuer IS 'SIREN of the supplier, or its foreign identifier: the first part of Chorus Pro''s duplicate key';
COMMENT ON COLUMN chorus.invoice.buyer_id_type IS 'Kind of buyer_identifier, in Chorus Pro''s words';
COMMENT ON COLUMN chorus.invoice.buyer_identifier IS 'Identifier of the public buyer (BT-47): a SIRET';
COMMENT ON COLUMN chorus.invoice.buyer_name IS 'Name of the buyer (BT-44)';
COMMENT ON COLUMN chorus.invoice.service_code IS 'Code service exécutant (BT-10)';
COMMENT ON COLUMN chorus.invoice.commitment_number IS 'Numéro d''engagement (BT-13)';
COMMENT ON COLUMN chorus.invoice.contract_number IS 'Numéro de marché (BT-12)';
COMMENT ON COLUMN chorus.invoice.findings IS 'Findings of the document as chorus.process gave them; chorus.finding has them with the severities that installation and supplier give them';
COMMENT ON COLUMN chorus.invoice.directory IS 'Findings of the document held against what the directory says of its buyer';
COMMENT ON COLUMN chorus.invoice.directory_at IS 'Of when that is; NULL: an invoice that is ready waits for the directory''s answer';
COMMENT ON COLUMN chorus.invoice.directory_since IS 'Somebody asked again: what the directory said before does not count';
COMMENT ON COLUMN chorus.invoice.state IS 'Where pg_chorus stands with the invoice';
COMMENT ON COLUMN chorus.invoice.state_reason IS 'Why the invoice is blocked, uncertain, waiting or cancelled, and what to do';
COMMENT ON COLUMN chorus.invoice.status IS 'Chorus Pro''s own word, verbatim: DEPOSEE, MISE_A_DISPOSITION, …';
COMMENT ON COLUMN chorus.invoice.status_at IS 'When Chorus Pro set that status';
COMMENT ON COLUMN chorus.invoice.created_by IS 'Role that inserted it: the one that sees it where its document names no supplier';
COMMENT ON COLUMN chorus.invoice.chorus_id IS 'identifiantFactureCPP';
COMMENT ON COLUMN chorus.invoice.seen_status IS 'Status in the last search that showed another than the one before (statut)';
COMMENT ON COLUMN chorus.invoice.seen_at IS 'Its time, to the millisecond (dateHeureEtatCourant): histories give minutes only';
COMMENT ON COLUMN chorus.invoice.history_read_at IS 'When its history was last asked for';
COMMENT ON COLUMN chorus.invoice.rejection_treated_at IS 'When the buyer''s rejection was marked as treated at Chorus Pro (traiterRejet)';

CREATE TABLE chorus.finding (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id uuid NOT NULL REFERENCES chorus.invoice (id) ON DELETE CASCADE,
    origin text NOT NULL DEFAULT 'document' CHECK (origin IN ('document', 'directory', 'flux', 'history')),
    rule text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('fatal', 'warning', 'information')),
    path text,
    term text,
    value text,
    message_en text,
    message_fr text NOT NULL,
    hint_en text,
    hint_fr text,
    same_as text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX finding_invoice_idx ON chorus.finding (invoice_id);

COMMENT ON TABLE chorus.finding IS 'What is wrong with an invoice: with its document, at the buyer''s, or in a report of Chorus Pro';
COMMENT ON COLUMN chorus.finding.origin IS 'document (our rules), directory (what the buyer asks for), flux (Chorus Pro''s report on the deposit), history (a status that could not be taken in)';
COMMENT ON COLUMN chorus.finding.rule IS 'Rule id; SELECT * FROM chorus.rules() shows them';
COMMENT ON COLUMN chorus.finding.path IS 'JSON path of the field in what was inserted';
COMMENT ON COLUMN chorus.finding.term IS 'Business term of EN 16931: BT-1, BG-25, …';
COMMENT ON COLUMN chorus.finding.same_as IS 'Other ids of the same problem';

UPDATE chorus.installation SET schema_version = 3;

RESET ROLE;
