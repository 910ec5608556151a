-- 0009: supporting documents: in the invoice's own XML (BG-24), or given to Chorus Pro when the buyer asks for more.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 8 THEN
        RAISE EXCEPTION 'sql/schema/0009 applies to schema version 8, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

-- The list is rule G4.03 of Chorus Pro; the MIME codes are those registered at IANA, or in use where none is.
CREATE FUNCTION chorus.mime_of(name text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE lower(substring(mime_of.name FROM '\.([^.]+)$'))
        WHEN 'pdf' THEN 'application/pdf'
        WHEN 'png' THEN 'image/png'
        WHEN 'jpg' THEN 'image/jpeg'
        WHEN 'jpeg' THEN 'image/jpeg'
        WHEN 'csv' THEN 'text/csv'
        WHEN 'xlsx' THEN 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
        WHEN 'ods' THEN 'application/vnd.oasis.opendocument.spreadsheet'
        WHEN 'bmp' THEN 'image/bmp'
        WHEN 'bz2' THEN 'application/x-bzip2'
        WHEN 'doc' THEN 'application/msword'
        WHEN 'docx' THEN 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
        WHEN 'fax' THEN 'image/g3fax'
        WHEN 'gif' THEN 'image/gif'
        WHEN 'gz' THEN 'application/gzip'
        WHEN 'gzip' THEN 'application/gzip'
        WHEN 'htm' THEN 'text/html'
        WHEN 'html' THEN 'text/html'
        WHEN 'odp' THEN 'application/vnd.oasis.opendocument.presentation'
        WHEN 'odt' THEN 'application/vnd.oasis.opendocument.text'
        WHEN 'p7s' THEN 'application/pkcs7-signature'
        WHEN 'pps' THEN 'application/vnd.ms-powerpoint'
        WHEN 'ppt' THEN 'application/vnd.ms-powerpoint'
        WHEN 'pptx' THEN 'application/vnd.openxmlformats-officedocument.presentationml.presentation'
        WHEN 'rtf' THEN 'application/rtf'
        WHEN 'svg' THEN 'image/svg+xml'
        WHEN 'tgz' THEN 'application/gzip'
        WHEN 'tif' THEN 'image/tiff'
        WHEN 'tiff' THEN 'image/tiff'
        WHEN 'txt' THEN 'text/plain'
        WHEN 'xhtml' THEN 'application/xhtml+xml'
        WHEN 'xlc' THEN 'application/vnd.ms-excel'
        WHEN 'xlm' THEN 'application/vnd.ms-excel'
        WHEN 'xls' THEN 'application/vnd.ms-excel'
        WHEN 'xml' THEN 'application/xml'
        WHEN 'zip' THEN 'application/zip'
    END
$$;
COMMENT ON FUNCTION chorus.mime_of(text) IS 'MIME code that goes with the extension of a file name; NULL where Chorus Pro does not take files of that extension';

CREATE FUNCTION chorus.is_embeddable(mime text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT is_embeddable.mime IN ('application/pdf', 'image/png', 'image/jpeg', 'text/csv',
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/vnd.oasis.opendocument.spreadsheet')
$$;
COMMENT ON FUNCTION chorus.is_embeddable(text) IS 'Whether EN 16931 lets a file of this MIME code travel in an invoice (BT-125-1, BR-CL-24)';

CREATE TABLE chorus.attachment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id uuid NOT NULL REFERENCES chorus.invoice (id) ON DELETE CASCADE,
    name text NOT NULL,
    mime text NOT NULL,
    designation text CHECK (length(designation) <= 100),
    type text NOT NULL DEFAULT '02' CHECK (length(type) BETWEEN 1 AND 30),
    content bytea NOT NULL,
    size integer NOT NULL GENERATED ALWAYS AS (octet_length(content)) STORED,
    sha256 text NOT NULL GENERATED ALWAYS AS (encode(sha256(content), 'hex')) STORED,
    sent_with text NOT NULL DEFAULT 'invoice' CHECK (sent_with IN ('invoice', 'complement')),
    chorus_id bigint,
    uploaded_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT attachment_name_key UNIQUE (invoice_id, name),
    CONSTRAINT attachment_embeddable_check CHECK (sent_with = 'complement' OR chorus.is_embeddable(mime))
);
-- PDF and images do not shrink: no time is spent on trying.
ALTER TABLE chorus.attachment ALTER COLUMN content SET STORAGE EXTERNAL;

COMMENT ON TABLE chorus.attachment IS 'Supporting documents of invoices';
COMMENT ON COLUMN chorus.attachment.name IS 'File name (BT-125-2): at most 50 characters, its extension one of those that Chorus Pro takes';
COMMENT ON COLUMN chorus.attachment.mime IS 'MIME code (BT-125-1); where none is given, that of the extension';
COMMENT ON COLUMN chorus.attachment.designation IS 'What it is, in words (pieceJointeComplementaireDesignation)';
COMMENT ON COLUMN chorus.attachment.type IS 'Kind, in Chorus Pro''s codes (typespj): 02, a supporting document';
COMMENT ON COLUMN chorus.attachment.size IS 'Bytes';
COMMENT ON COLUMN chorus.attachment.sent_with IS 'invoice: in the invoice''s own XML (BG-24); complement: through chorus.complete, when the buyer has suspended the invoice';
COMMENT ON COLUMN chorus.attachment.chorus_id IS 'pieceJointeId, once a complement is at Chorus Pro';

-- Refuses before anything is sent what Chorus Pro would refuse after. The invoice is locked: it cannot leave meanwhile.
CREATE FUNCTION chorus.attachment_check() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    largest CONSTANT integer := 10 * 1024 * 1024;
    largest_file CONSTANT bigint := 120 * 1024 * 1024;
    most CONSTANT integer := 100;
    target uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.invoice_id ELSE NEW.invoice_id END;
    invoice record;
    has_left boolean;
    others record;
BEGIN
    SELECT i.number, i.state INTO invoice FROM chorus.invoice i WHERE i.id = target FOR UPDATE;
    IF NOT FOUND THEN
        -- Deleted together with its invoice.
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'there is no invoice %', target
            USING ERRCODE = 'foreign_key_violation', TABLE = 'attachment', SCHEMA = 'chorus', COLUMN = 'invoice_id',
                  HINT = 'Insert the invoice first, in the same transaction.';
    END IF;
    has_left := invoice.state NOT IN ('draft', 'invalid', 'ready', 'flux_rejected') OR chorus.may_arrive(target);

    IF TG_OP <> 'INSERT' AND (OLD.chorus_id IS NOT NULL OR OLD.sent_with = 'invoice' AND has_left) THEN
        RAISE EXCEPTION 'attachment "%" of invoice % was sent to Chorus Pro and stays as it is', OLD.name, coalesce(invoice.number, target::text)
            USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = 'attachment', SCHEMA = 'chorus',
                  DETAIL = format('The invoice is in state %s.', invoice.state),
                  HINT = 'If the buyer suspends the invoice, add the right file with sent_with = ''complement'' and call chorus.complete.';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.sent_with = 'invoice' AND has_left THEN
        RAISE EXCEPTION 'invoice % was sent without attachment "%"', coalesce(invoice.number, target::text), NEW.name
            USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = 'attachment', SCHEMA = 'chorus', COLUMN = 'sent_with',
                  DETAIL = format('The invoice is in state %s.', invoice.state),
                  HINT = 'Insert invoice and attachments in one transaction, or the invoice as a draft. Now: sent_with = ''complement'', and chorus.complete if the buyer suspends it.';
    END IF;
    IF NEW.invoice_id IS DISTINCT FROM target OR TG_OP = 'UPDATE' AND NEW.invoice_id <> OLD.invoice_id THEN
        RAISE EXCEPTION 'attachment "%" does not move to another invoice', OLD.name
            USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = 'attachment', SCHEMA = 'chorus', COLUMN = 'invoice_id',
                  HINT = 'Delete it there and insert it here.';
    END IF;

    IF length(NEW.name) > 50 OR NEW.name !~ '^[^/\\:*?"<>|[:cntrl:]]+$' OR NEW.name ~ '^\s|\s$' THEN
        RAISE EXCEPTION 'attachment name "%" is not one that Chorus Pro takes', NEW.name
            USING ERRCODE = 'check_violation', TABLE = 'attachment', SCHEMA = 'chorus', COLUMN = 'name',
                  DETAIL = format('It has %s characters; 50 may be, with the extension, and none of / \ : * ? " < > |.', length(NEW.name)),
                  HINT = 'Shorten it.';
    END IF;
    IF chorus.mime_of(NEW.name) IS NULL THEN
        RAISE EXCEPTION 'Chorus Pro does not take files like "%"', NEW.name
            USING ERRCODE = 'check_violation', TABLE = 'attachment', SCHEMA = 'chorus', COLUMN = 'name',
                  DETAIL = 'Its extension is not on the list of Chorus Pro (rule G4.03).', HINT = 'Make a PDF of it.';
    END IF;
    NEW.mime := coalesce(NEW.mime, chorus.mime_of(NEW.name));
    IF NEW.sent_with = 'invoice' AND NOT chorus.is_embeddable(NEW.mime) THEN
        RAISE EXCEPTION 'attachment "%" (%) cannot travel in an invoice', NEW.name, NEW.mime
            USING ERRCODE = 'check_violation', TABLE = 'attachment', SCHEMA = 'chorus', COLUMN = 'mime',
                  DETAIL = 'EN 16931 (BR-CL-24) knows PDF, PNG, JPEG, CSV, XLSX and ODS.',
                  HINT = 'Make a PDF of it; or say sent_with = ''complement'' and keep it for chorus.complete.';
    END IF;
    IF octet_length(NEW.content) NOT BETWEEN 1 AND largest THEN
        RAISE EXCEPTION 'attachment "%" has % bytes', NEW.name, octet_length(NEW.content)
            USING ERRCODE = 'check_violation', TABLE = 'attachment', SCHEMA = 'chorus', COLUMN = 'content',
                  DETAIL = format('Chorus Pro takes 1 to %s bytes (10 MiB).', largest), HINT = 'Shrink it, or split it.';
    END IF;

    -- Base64 makes four bytes of three.
    SELECT count(*) AS number, coalesce(sum(a.size), 0) AS bytes,
           coalesce(sum((a.size + 2) / 3 * 4) FILTER (WHERE a.sent_with = 'invoice'), 0) AS embedded
    INTO others FROM chorus.attachment a WHERE a.invoice_id = target AND a.id <> NEW.id;
    IF others.number >= most OR others.bytes + octet_length(NEW.content) > largest_file THEN
        RAISE EXCEPTION 'invoice % has too many attachments', coalesce(invoice.number, target::text)
            USING ERRCODE = 'program_limit_exceeded', TABLE = 'attachment', SCHEMA = 'chorus',
                  DETAIL = format('%s of them, %s bytes, before "%s"; %s files and %s bytes (120 MiB) may be.',
                      others.number, others.bytes, NEW.name, most, largest_file),
                  HINT = 'Put several into one PDF.';
    END IF;
    IF NEW.sent_with = 'invoice' AND others.embedded + (octet_length(NEW.content) + 2) / 3 * 4 > largest THEN
        RAISE EXCEPTION 'with attachment "%", invoice % is larger than Chorus Pro takes', NEW.name, coalesce(invoice.number, target::text)
            USING ERRCODE = 'program_limit_exceeded', TABLE = 'attachment', SCHEMA = 'chorus', COLUMN = 'content',
                  DETAIL = format('In Base64 the attachments would have %s bytes; the whole XML may have %s (10 MiB).',
                      others.embedded + (octet_length(NEW.content) + 2) / 3 * 4, largest),
                  HINT = 'Shrink them, or say sent_with = ''complement'' for those that the buyer may ask for later.';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION chorus.attachment_check() IS 'Name, extension, size and number as Chorus Pro takes them; what was sent stays as it is';

CREATE TRIGGER checked BEFORE INSERT OR DELETE OR UPDATE OF invoice_id, name, mime, designation, type, content, sent_with ON chorus.attachment
    FOR EACH ROW EXECUTE FUNCTION chorus.attachment_check();

-- An invoice that was too large with its attachments may fit now.
CREATE FUNCTION chorus.attachment_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    target uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.invoice_id ELSE NEW.invoice_id END;
BEGIN
    UPDATE chorus.task t SET run_at = now(), attempts = 0, last_error = NULL
    WHERE t.invoice_id = target AND t.kind = 'submit' AND t.leased_until IS NULL AND t.last_error IS NOT NULL;
    IF FOUND THEN
        DELETE FROM chorus.finding f WHERE f.invoice_id = target AND f.rule = 'PGC-CPRO-SIZE';
        UPDATE chorus.invoice i SET state_reason = NULL WHERE i.id = target;
        PERFORM pg_catalog.pg_notify('chorus', '');
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION chorus.attachment_changed() IS 'Lets an invoice that waits be sent with its new attachments';
REVOKE ALL ON FUNCTION chorus.attachment_changed() FROM PUBLIC;

CREATE TRIGGER changed AFTER INSERT OR DELETE OR UPDATE OF name, mime, content, sent_with ON chorus.attachment
    FOR EACH ROW EXECUTE FUNCTION chorus.attachment_changed();

CREATE VIEW chorus_report.attachment WITH (security_invoker = true) AS
SELECT a.id, a.invoice_id, i.number, a.name, a.mime, a.designation, a.type, a.size, a.sha256, a.sent_with, a.uploaded_at, a.created_at
FROM chorus.attachment a JOIN chorus.invoice i ON i.id = a.invoice_id;
COMMENT ON VIEW chorus_report.attachment IS 'One row per supporting document, without its content';

GRANT SELECT, INSERT (invoice_id, name, mime, designation, type, content, sent_with),
    UPDATE (name, mime, designation, type, content, sent_with), DELETE ON chorus.attachment TO chorus_writer, chorus_admin;
GRANT SELECT (id, invoice_id, name, mime, designation, type, size, sha256, sent_with, uploaded_at, created_at) ON chorus.attachment TO chorus_reader;
GRANT SELECT, UPDATE (chorus_id, uploaded_at) ON chorus.attachment TO chorus_agent;
-- Applications learn from it whether an invoice has left.
GRANT SELECT (id, invoice_id, state) ON chorus.deposit TO chorus_writer;
GRANT EXECUTE ON FUNCTION chorus.may_arrive(uuid) TO chorus_writer;
GRANT SELECT ON chorus_report.attachment TO chorus_reader, chorus_writer, chorus_admin;

UPDATE chorus.installation SET schema_version = 9;

RESET ROLE;
