-- 0005: what an INSERT or a new document does: calculate, validate, find the supplier, queue. All in the caller's transaction.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 4 THEN
        RAISE EXCEPTION 'sql/schema/0005 applies to schema version 4, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

-- Reading the document happens with the rights of whoever inserts it: a supplier that it may not see is to it as if it were not
-- there, and no message tells otherwise. Findings and tasks are SECURITY DEFINER: applications write neither.

-- What chorus.process cannot know, since it is settled per installation and per supplier: in production a supplier's SIRET that
-- fails Luhn is fatal, and a person may have let a supplier use further frameworks. Asked anew at each pass, since both may change.
CREATE FUNCTION chorus.settle_findings(findings jsonb, framework text, allowed text[]) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF findings = '[]' THEN
        RETURN findings;
    END IF;
    RETURN (
        SELECT coalesce(jsonb_agg(
            CASE
                WHEN f ->> 'rule' = 'PGC-CPRO-SIRET' AND f ->> 'path' LIKE '%supplier%'
                    AND (SELECT environment FROM chorus.installation) = 'production'
                    THEN f || '{"severity": "fatal"}'
                WHEN f ->> 'rule' = 'PGC-CPRO-CADRE' AND settle_findings.framework = ANY (settle_findings.allowed)
                    THEN f || '{"severity": "information"}'
                ELSE f
            END ORDER BY n), '[]')
        FROM jsonb_array_elements(settle_findings.findings) WITH ORDINALITY AS t (f, n));
END
$$;
COMMENT ON FUNCTION chorus.settle_findings(jsonb, text, text[]) IS 'Findings with the severities that this installation, and a supplier that is allowed those frameworks, give them';

CREATE FUNCTION chorus.may_arrive(invoice uuid) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM chorus.deposit d
        WHERE d.invoice_id = may_arrive.invoice AND d.state NOT IN ('abandoned', 'refused', 'rejected', 'disowned'))
$$;
COMMENT ON FUNCTION chorus.may_arrive(uuid) IS 'Whether Chorus Pro has a deposit of the invoice, or may still get one';
REVOKE ALL ON FUNCTION chorus.may_arrive(uuid) FROM PUBLIC;

-- Bodies that are bound here, whatever the search_path of whoever calls: so they can be inlined.
CREATE FUNCTION chorus.is_refused(findings jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN is_refused.findings OPERATOR(pg_catalog.@?) '$[*] ? (@.severity == "fatal")';
COMMENT ON FUNCTION chorus.is_refused(jsonb) IS 'Whether one of the findings is fatal';

-- What an invoice is held back by, for people who look at it.
CREATE FUNCTION chorus.directory_reason(directory jsonb, buyer text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(pg_catalog.jsonb_path_query_first(directory_reason.directory, '$[*] ? (@.severity == "fatal")') OPERATOR(pg_catalog.->>) 'message_en',
        'Waits for what the directory of Chorus Pro says of its buyer, ' OPERATOR(pg_catalog.||) directory_reason.buyer);
COMMENT ON FUNCTION chorus.directory_reason(jsonb, text) IS 'Why an invoice is not sent that the directory refuses, or has not been asked about';

CREATE FUNCTION chorus.invoice_read() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    p record;
    supplier record;
    other record;
    given jsonb := NEW.doc;
    refused boolean;
BEGIN
    IF given IS NULL THEN
        RAISE EXCEPTION 'an invoice needs its document'
            USING ERRCODE = 'not_null_violation', TABLE = 'invoice', SCHEMA = 'chorus', COLUMN = 'doc', HINT = 'Give a GOBL invoice.';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state NOT IN ('draft', 'invalid', 'ready', 'flux_rejected') THEN
            RAISE EXCEPTION 'invoice % (%) is % and its document cannot change', OLD.number, OLD.id, OLD.state
                USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = 'invoice', SCHEMA = 'chorus', COLUMN = 'doc',
                      HINT = CASE
                          WHEN OLD.state = 'cancelled' THEN 'Insert the corrected invoice as a new row.'
                          WHEN OLD.state IN ('sending', 'uncertain', 'deposited', 'blocked')
                              THEN 'It is on its way to Chorus Pro. It can be corrected when the deposit has failed; otherwise issue a credit note.'
                          ELSE 'Chorus Pro has it: issue a credit note or a corrective invoice under a new number.'
                      END;
        END IF;
        IF chorus.may_arrive(OLD.id) THEN
            RAISE EXCEPTION 'invoice % (%) has a deposit that may still arrive, its document cannot change', OLD.number, OLD.id
                USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = 'invoice', SCHEMA = 'chorus', COLUMN = 'doc',
                      HINT = 'Wait until the agent knows what became of it.';
        END IF;
        IF NEW.draft AND NOT OLD.draft THEN
            RAISE EXCEPTION 'invoice % (%) was submitted and does not become a draft again', OLD.number, OLD.id
                USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = 'invoice', SCHEMA = 'chorus', COLUMN = 'draft',
                      HINT = 'To keep it from being sent: SELECT chorus.cancel(id).';
        END IF;
    END IF;

    IF TG_OP = 'INSERT' OR NEW.doc IS DISTINCT FROM OLD.doc THEN
        SELECT * INTO STRICT p FROM chorus.process(given, (now() AT TIME ZONE 'Europe/Paris')::date, NEW.id);

        SELECT s.id, s.siren, s.identifier, s.frameworks INTO supplier FROM chorus.supplier s
        WHERE s.id_type = p.supplier_id_type AND s.identifier = p.supplier_identifier;
        IF supplier.id IS NULL AND p.supplier_identifier IS NOT NULL THEN
            RAISE EXCEPTION 'supplier % % of invoice % is not registered here', p.supplier_id_type, p.supplier_identifier, p.number
                USING ERRCODE = 'foreign_key_violation', TABLE = 'supplier', SCHEMA = 'chorus',
                      DETAIL = 'The identifier stands in $.supplier of the document.',
                      HINT = format('Register it with: chorus-agent supplier add --id-type %s --identifier %s --login LOGIN', p.supplier_id_type,
                          chorus.shell_word(p.supplier_identifier));
        END IF;

        NEW.doc := p.doc;
        NEW.source := CASE WHEN p.doc IS DISTINCT FROM given THEN given END;
        NEW.supplier_id := supplier.id;
        NEW.issuer := coalesce(supplier.siren, supplier.identifier);
        NEW.findings := p.findings;
        NEW.number := p.number;
        NEW.type := p.type;
        NEW.document_type := p.document_type;
        NEW.framework := p.framework;
        NEW.issue_date := p.issue_date;
        NEW.currency := p.currency;
        NEW.total_without_tax := p.total_without_tax;
        NEW.total_tax := p.total_tax;
        NEW.total_with_tax := p.total_with_tax;
        NEW.amount_due := p.amount_due;
        NEW.buyer_id_type := p.buyer_id_type;
        NEW.buyer_identifier := p.buyer_identifier;
        NEW.buyer_name := p.buyer_name;
        NEW.service_code := p.service_code;
        NEW.commitment_number := p.commitment_number;
        NEW.contract_number := p.contract_number;
    ELSE
        SELECT s.id, s.siren, s.identifier, s.frameworks INTO supplier FROM chorus.supplier s WHERE s.id = NEW.supplier_id;
    END IF;

    refused := chorus.is_refused(chorus.settle_findings(NEW.findings, NEW.framework, supplier.frameworks));
    NEW.directory := '[]';
    NEW.directory_at := NULL;
    NEW.directory_since := NULL;
    -- What is refused anyway may not even be a document that can be calculated.
    IF NOT refused THEN
        -- Whoever asks again for what was refused wants to know what the directory says now.
        IF TG_OP = 'UPDATE' AND NEW.doc IS NOT DISTINCT FROM OLD.doc AND OLD.state IN ('invalid', 'flux_rejected') THEN
            NEW.directory_since := clock_timestamp();
        END IF;
        SELECT h.findings, h.at INTO NEW.directory, NEW.directory_at FROM chorus.hold_against_directory(NEW) h;
        -- Nor is a draft refused for what was known when it was written.
        IF TG_OP = 'UPDATE' AND OLD.draft AND NOT NEW.draft AND chorus.is_refused(NEW.directory) THEN
            NEW.directory := '[]';
            NEW.directory_at := NULL;
            NEW.directory_since := clock_timestamp();
        END IF;
    END IF;

    NEW.state := CASE WHEN NEW.draft THEN 'draft' WHEN refused OR chorus.is_refused(NEW.directory) THEN 'invalid' ELSE 'ready' END;
    NEW.state_reason := CASE
        WHEN NEW.state = 'invalid' AND NOT refused OR NEW.state = 'ready' AND NEW.directory_at IS NULL
            THEN chorus.directory_reason(NEW.directory, NEW.buyer_identifier)
    END;
    NEW.updated_at := now();

    IF NEW.state = 'ready' THEN
        IF NEW.supplier_id IS NULL OR NEW.number IS NULL OR NEW.issue_date IS NULL THEN
            RAISE EXCEPTION 'invoice % has no supplier, number or issue date, and no finding says so', NEW.id
                USING ERRCODE = 'internal_error', HINT = 'This is a defect of pg_chorus: please report it with the document.';
        END IF;
        -- The unique index decides; this says it better. Where two sessions race, the index still holds.
        SELECT i.id, i.state INTO other FROM chorus.invoice i
        WHERE i.issuer = NEW.issuer AND extract(year FROM i.issue_date) = extract(year FROM NEW.issue_date) AND i.number = NEW.number
            AND i.state NOT IN ('draft', 'invalid', 'flux_rejected', 'cancelled') AND i.id <> NEW.id;
        IF FOUND THEN
            RAISE EXCEPTION 'invoice % of % was already issued by % in this database', NEW.number, extract(year FROM NEW.issue_date), NEW.issuer
                USING ERRCODE = 'unique_violation', TABLE = 'invoice', SCHEMA = 'chorus', CONSTRAINT = 'invoice_number_key',
                      DETAIL = 'Chorus Pro takes a number once per SIREN and year of issue.',
                      HINT = format('It is invoice %s, in state %s. Give this one another number.', other.id, other.state);
        END IF;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION chorus.invoice_read() IS 'Calculates and validates the document, finds the supplier, fills the columns';
REVOKE ALL ON FUNCTION chorus.invoice_read() FROM PUBLIC;

-- An adopted invoice has no document and is known by Chorus Pro's id.
CREATE TRIGGER read BEFORE INSERT OR UPDATE OF doc, draft ON chorus.invoice
    FOR EACH ROW WHEN (NEW.doc IS NOT NULL OR NEW.chorus_id IS NULL) EXECUTE FUNCTION chorus.invoice_read();

-- Writes the rows that follow from the invoices' columns: findings, and the task of those that are ready. PL/pgSQL, since that keeps its
-- plans, and made once for any number of invoices, by the indexes however few rows there are as yet: planning takes several times
-- as long as the statements.
CREATE FUNCTION chorus.queue_invoices(ids uuid[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
AS $$
BEGIN
    DELETE FROM chorus.finding f WHERE f.invoice_id = ANY (queue_invoices.ids) AND f.origin IN ('document', 'directory', 'flux');

    INSERT INTO chorus.finding (invoice_id, origin, rule, severity, path, term, value, message_en, message_fr, hint_en, hint_fr, same_as)
    SELECT i.id, 'document', f.rule, f.severity, nullif(f.path, ''), nullif(f.term, ''), nullif(f.value, ''),
           f.message_en, f.message_fr, nullif(f.hint_en, ''), nullif(f.hint_fr, ''),
           coalesce(f.same_as, '{}')
    FROM chorus.invoice i LEFT JOIN chorus.supplier s ON s.id = i.supplier_id,
         jsonb_to_recordset(chorus.settle_findings(i.findings, i.framework, s.frameworks)) AS f (rule text, severity text, path text, term text, value text,
             message_en text, message_fr text, hint_en text, hint_fr text, same_as text[])
    WHERE i.id = ANY (queue_invoices.ids) AND i.findings <> '[]';

    INSERT INTO chorus.finding (invoice_id, origin, rule, severity, path, term, value, message_en, message_fr, hint_en, hint_fr, same_as)
    SELECT i.id, 'directory', f.rule, f.severity, f.path, f.term, f.value, f.message_en, f.message_fr, f.hint_en, f.hint_fr, f.same_as
    FROM chorus.invoice i, jsonb_to_recordset(i.directory) AS f (rule text, severity text, path text, term text, value text,
        message_en text, message_fr text, hint_en text, hint_fr text, same_as text[])
    WHERE i.id = ANY (queue_invoices.ids) AND i.directory <> '[]';

    DELETE FROM chorus.task t USING chorus.invoice i
    WHERE t.invoice_id = i.id AND i.id = ANY (queue_invoices.ids) AND i.state <> 'ready';

    INSERT INTO chorus.task (kind, invoice_id)
    SELECT 'submit', i.id FROM chorus.invoice i WHERE i.id = ANY (queue_invoices.ids) AND i.state = 'ready'
    ON CONFLICT (invoice_id, kind) WHERE invoice_id IS NOT NULL
    DO UPDATE SET run_at = excluded.run_at, attempts = 0, last_error = NULL;
END
$$;
COMMENT ON FUNCTION chorus.queue_invoices(uuid[]) IS 'Findings and tasks that follow from the invoices'' documents';
REVOKE ALL ON FUNCTION chorus.queue_invoices(uuid[]) FROM PUBLIC;

CREATE FUNCTION chorus.invoice_inserted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM chorus.queue_invoices(ARRAY(SELECT n.id FROM inserted n));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION chorus.invoice_inserted() IS 'Findings and tasks of all invoices of one INSERT';
REVOKE ALL ON FUNCTION chorus.invoice_inserted() FROM PUBLIC;

CREATE TRIGGER inserted AFTER INSERT ON chorus.invoice REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION chorus.invoice_inserted();

CREATE FUNCTION chorus.invoice_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM chorus.queue_invoices(ARRAY[NEW.id]);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION chorus.invoice_changed() IS 'Findings and task of an invoice whose document or draft flag changed';
REVOKE ALL ON FUNCTION chorus.invoice_changed() FROM PUBLIC;

-- By row: a statement trigger with transition tables cannot be bound to columns, and would run at every step of the agent.
CREATE TRIGGER changed AFTER UPDATE OF doc, draft ON chorus.invoice
    FOR EACH ROW EXECUTE FUNCTION chorus.invoice_changed();

-- Every other change of state: by the agent, by a person, by an event. Only those of the design's table are possible.
CREATE FUNCTION chorus.invoice_transition() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    life CONSTANT text[] := '{integrated,action_required,awaiting_validator,rejected,paid,withdrawn,closed}';
BEGIN
    NEW.updated_at := now();
    IF NEW.state = OLD.state OR (CASE OLD.state
            WHEN 'draft' THEN NEW.state = 'cancelled'
            WHEN 'invalid' THEN NEW.state = 'cancelled'
            WHEN 'ready' THEN NEW.state IN ('sending', 'uncertain', 'invalid', 'cancelled')
            WHEN 'flux_rejected' THEN NEW.state = 'cancelled'
            WHEN 'sending' THEN NEW.state IN ('ready', 'deposited', 'uncertain')
            WHEN 'uncertain' THEN NEW.state IN ('deposited', 'integrated', 'sending', 'blocked')
            WHEN 'deposited' THEN NEW.state IN ('integrated', 'flux_rejected', 'uncertain')
            WHEN 'blocked' THEN NEW.state IN ('ready', 'uncertain', 'deposited', 'integrated', 'flux_rejected', 'cancelled')
            ELSE OLD.state = ANY (life) AND NEW.state = ANY (life)
        END)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'invoice % (%) cannot go from % to %', OLD.number, OLD.id, OLD.state, NEW.state
        USING ERRCODE = 'check_violation', TABLE = 'invoice', SCHEMA = 'chorus', COLUMN = 'state',
              HINT = 'Do not set the state: use chorus.submit, chorus.cancel, chorus.retry, chorus.resolve, or change doc.';
END
$$;
COMMENT ON FUNCTION chorus.invoice_transition() IS 'Refuses changes of state that the life cycle does not know';

CREATE TRIGGER transition BEFORE UPDATE OF state ON chorus.invoice
    FOR EACH ROW EXECUTE FUNCTION chorus.invoice_transition();

-- An application that listens need not poll. The payload is the id alone: whoever listens reads the row under its own rights.
-- AFTER and on every UPDATE: with a new document it is the BEFORE trigger that sets the state. Off with
-- ALTER TABLE chorus.invoice DISABLE TRIGGER notify_status (PREPARE TRANSACTION refuses a transaction that has notified).
CREATE FUNCTION chorus.status_notify() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_catalog.pg_notify('chorus_status', NEW.id::text);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION chorus.status_notify() IS 'NOTIFY chorus_status with the id of an invoice whose state or status changed; once per transaction';

CREATE TRIGGER notify_status AFTER UPDATE ON chorus.invoice FOR EACH ROW
    WHEN ((OLD.state, OLD.status, OLD.status_at) IS DISTINCT FROM (NEW.state, NEW.status, NEW.status_at))
    EXECUTE FUNCTION chorus.status_notify();

-- A supplier whose account is known is followed.
CREATE FUNCTION chorus.supplier_followed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO chorus.task (kind, supplier_id) VALUES ('follow', NEW.id)
    ON CONFLICT (supplier_id, kind) WHERE supplier_id IS NOT NULL
    DO UPDATE SET run_at = excluded.run_at, attempts = 0, last_error = NULL;
    -- What was found out with another account says nothing about this one.
    DELETE FROM chorus.api_breaker b WHERE b.supplier_id = NEW.id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION chorus.supplier_followed() IS 'Queues the first search of statuses, which also verifies the account';
REVOKE ALL ON FUNCTION chorus.supplier_followed() FROM PUBLIC;

CREATE TRIGGER followed AFTER INSERT OR UPDATE OF credential ON chorus.supplier
    FOR EACH ROW WHEN (NEW.credential IS NOT NULL) EXECUTE FUNCTION chorus.supplier_followed();

UPDATE chorus.installation SET schema_version = 5;

RESET ROLE;
