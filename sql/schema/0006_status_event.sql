-- 0006: what Chorus Pro says of an invoice.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 5 THEN
        RAISE EXCEPTION 'sql/schema/0006 applies to schema version 5, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

CREATE FUNCTION chorus.status_label(code text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE code
        WHEN 'DEPOSEE' THEN 'Déposée'
        WHEN 'EN_COURS_ACHEMINEMENT' THEN 'En cours d''acheminement'
        WHEN 'MISE_A_DISPOSITION' THEN 'Mise à disposition du destinataire'
        WHEN 'PRISE_EN_COMPTE_DESTINATAIRE' THEN 'Prise en compte par le destinataire'
        WHEN 'A_RECYCLER' THEN 'À recycler'
        WHEN 'SUSPENDUE' THEN 'Suspendue'
        WHEN 'COMPLETEE' THEN 'Complétée'
        WHEN 'REJETEE' THEN 'Rejetée'
        WHEN 'SERVICE_FAIT' THEN 'Service fait'
        WHEN 'MANDATEE' THEN 'Mandatée'
        WHEN 'MISE_A_DISPOSITION_COMPTABLE' THEN 'Mise à disposition du comptable'
        WHEN 'COMPTABILISEE' THEN 'Comptabilisée'
        WHEN 'MISE_EN_PAIEMENT' THEN 'Mise en paiement'
        WHEN 'ABANDONNEE' THEN 'Abandonnée'
        WHEN 'SUPPRIMEE' THEN 'Supprimée'
        ELSE code
    END
$$;
COMMENT ON FUNCTION chorus.status_label(text) IS 'A status of Chorus Pro as a person reads it, in French; the code itself where it has no label here';

CREATE TABLE chorus.status_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id uuid NOT NULL REFERENCES chorus.invoice (id),
    histo_statut_id bigint NOT NULL,
    code text NOT NULL,
    label text GENERATED ALWAYS AS (chorus.status_label(code)) STORED,
    comment text,
    occurred_at timestamptz NOT NULL,
    observed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT status_event_key UNIQUE (invoice_id, histo_statut_id, occurred_at)
);

COMMENT ON TABLE chorus.status_event IS 'Life-cycle events of invoices, each as Chorus Pro''s history has it, each once; append-only';
COMMENT ON COLUMN chorus.status_event.histo_statut_id IS 'histoStatutId';
COMMENT ON COLUMN chorus.status_event.code IS 'histoStatutCode, verbatim';
COMMENT ON COLUMN chorus.status_event.comment IS 'histoStatutCommentaire, verbatim: the buyer''s reason';
COMMENT ON COLUMN chorus.status_event.occurred_at IS 'histoStatutDatePassage, which Chorus Pro gives to the minute in Paris time';
COMMENT ON COLUMN chorus.status_event.observed_at IS 'When the agent read it';

CREATE FUNCTION chorus.refuse_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '% of chorus.% is refused: the table is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = TG_TABLE_NAME, SCHEMA = 'chorus',
              HINT = 'Events are evidence. Retention is a decision of the owner: disable the trigger in a transaction of its own.';
END
$$;
COMMENT ON FUNCTION chorus.refuse_change() IS 'Keeps a table append-only';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON chorus.status_event
    FOR EACH STATEMENT EXECUTE FUNCTION chorus.refuse_change();

CREATE TABLE chorus.last_status (
    applies_to text NOT NULL CHECK (applies_to IN ('payment_not_reported', 'credit_note', 'A2')),
    status text NOT NULL,
    PRIMARY KEY (applies_to, status)
);
COMMENT ON TABLE chorus.last_status IS 'Statuses after which nothing more is expected where no payment is reported. No list is public: change it to what your buyers do';
COMMENT ON COLUMN chorus.last_status.applies_to IS 'payment_not_reported (the flag of the buyer, or of its service, in the directory), credit_note, A2 (already paid)';
INSERT INTO chorus.last_status (applies_to, status)
SELECT a, s FROM unnest('{payment_not_reported,credit_note,A2}'::text[]) a, unnest('{MANDATEE,COMPTABILISEE}'::text[]) s;

CREATE FUNCTION chorus.is_last(invoice uuid, status text) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM chorus.last_status l JOIN chorus.invoice i ON i.id = is_last.invoice
            LEFT JOIN chorus.structure b ON b.id_type = i.buyer_id_type AND b.identifier = i.buyer_identifier
            LEFT JOIN chorus.service s ON s.structure_id = b.id AND s.code = btrim(i.service_code)
        WHERE l.status = is_last.status AND CASE l.applies_to
            WHEN 'payment_not_reported' THEN b.payment_not_reported OR NOT s.payment_reported
            WHEN 'credit_note' THEN i.type = 'credit-note' OR i.document_type IN ('381', '261', '396', '502', '503')
            WHEN 'A2' THEN i.framework = 'A2' END)
$$;
COMMENT ON FUNCTION chorus.is_last(uuid, text) IS 'Whether nothing is expected of an invoice after that status: by the flags of its buyer and service, its type, its framework';
REVOKE ALL ON FUNCTION chorus.is_last(uuid, text) FROM PUBLIC;

-- The state that all events of an invoice amount to. Buyers may set any status in any order (AIFE, Dossier de spécifications
-- externes, 3.4), so nothing is final: the last event decides, except that a payment stands until the invoice is returned.
-- Where nothing more is expected, or nothing has come for a year, it is closed, which is never said to be paid; an event reopens it.
CREATE FUNCTION chorus.state_of_events(invoice uuid) RETURNS TABLE (state text, status text, status_at timestamptz)
    LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp
AS $$
    WITH event AS (
        SELECT e.code, e.occurred_at,
               row_number() OVER (ORDER BY e.occurred_at DESC, e.histo_statut_id DESC) AS age,
               e.code IN ('SUSPENDUE', 'A_RECYCLER', 'REJETEE', 'ABANDONNEE', 'SUPPRIMEE')
                   OR e.code LIKE 'REFUSEE%' OR e.code LIKE 'ERREUR%SUR_VALIDEUR' AS returned
        FROM chorus.status_event e WHERE e.invoice_id = state_of_events.invoice
    )
    SELECT CASE
               WHEN l.code IN ('SUSPENDUE', 'A_RECYCLER') OR l.code LIKE 'REFUSEE%' OR l.code LIKE 'ERREUR%SUR_VALIDEUR' THEN 'action_required'
               WHEN l.code LIKE 'A\_VALIDER%' AND l.occurred_at >= now() - interval '12 months' THEN 'awaiting_validator'
               WHEN l.code = 'REJETEE' THEN 'rejected'
               WHEN l.code IN ('ABANDONNEE', 'SUPPRIMEE') THEN 'withdrawn'
               WHEN (SELECT min(e.age) FROM event e WHERE e.code = 'MISE_EN_PAIEMENT')
                    < coalesce((SELECT min(e.age) FROM event e WHERE e.returned), 'infinity'::double precision) THEN 'paid'
               WHEN l.occurred_at < now() - interval '12 months' OR chorus.is_last(state_of_events.invoice, l.code) THEN 'closed'
               ELSE 'integrated'
           END,
           l.code, l.occurred_at
    FROM event l WHERE l.age = 1
$$;
COMMENT ON FUNCTION chorus.state_of_events(uuid) IS 'State, status and its time that follow from all events of an invoice; no row where there are none';
REVOKE ALL ON FUNCTION chorus.state_of_events(uuid) FROM PUBLIC;

CREATE FUNCTION chorus.status_event_inserted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE chorus.invoice i SET state = s.state, status = s.status, status_at = s.status_at
    FROM (SELECT DISTINCT n.invoice_id FROM inserted n) n, LATERAL chorus.state_of_events(n.invoice_id) s
    WHERE i.id = n.invoice_id AND (i.state, i.status, i.status_at) IS DISTINCT FROM (s.state, s.status, s.status_at);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION chorus.status_event_inserted() IS 'Recomputes state and status of the invoices that new events speak of';
REVOKE ALL ON FUNCTION chorus.status_event_inserted() FROM PUBLIC;

CREATE TRIGGER inserted AFTER INSERT ON chorus.status_event REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION chorus.status_event_inserted();

-- What a buyer reports is learned late, or changes.
CREATE FUNCTION chorus.structure_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE chorus.invoice i SET state = s.state
    FROM chorus.invoice o, LATERAL chorus.state_of_events(o.id) s
    WHERE o.id = i.id AND i.buyer_id_type = NEW.id_type AND i.buyer_identifier = NEW.identifier AND i.state IN ('integrated', 'closed')
        AND i.status IN (SELECT l.status FROM chorus.last_status l WHERE l.applies_to = 'payment_not_reported') AND s.state <> i.state;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION chorus.structure_changed() IS 'Closes or reopens the invoices of a buyer that does not report payments, or does now';
REVOKE ALL ON FUNCTION chorus.structure_changed() FROM PUBLIC;

CREATE TRIGGER learned AFTER INSERT ON chorus.structure
    FOR EACH ROW WHEN (NEW.payment_not_reported) EXECUTE FUNCTION chorus.structure_changed();
CREATE TRIGGER changed AFTER UPDATE ON chorus.structure
    FOR EACH ROW WHEN (OLD.payment_not_reported <> NEW.payment_not_reported) EXECUTE FUNCTION chorus.structure_changed();

-- A service of its own may be the one that reports no payments.
CREATE FUNCTION chorus.service_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE chorus.invoice i SET state = s.state
    FROM chorus.structure b, chorus.invoice o, LATERAL chorus.state_of_events(o.id) s
    WHERE b.id = NEW.structure_id AND o.id = i.id AND i.buyer_id_type = b.id_type AND i.buyer_identifier = b.identifier
        AND btrim(i.service_code) = NEW.code AND i.state IN ('integrated', 'closed')
        AND i.status IN (SELECT l.status FROM chorus.last_status l WHERE l.applies_to = 'payment_not_reported') AND s.state <> i.state;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION chorus.service_changed() IS 'Closes or reopens the invoices of a service that does not report payments, or does now';
REVOKE ALL ON FUNCTION chorus.service_changed() FROM PUBLIC;

CREATE TRIGGER learned AFTER INSERT ON chorus.service
    FOR EACH ROW WHEN (NEW.payment_reported = false) EXECUTE FUNCTION chorus.service_changed();
CREATE TRIGGER changed AFTER UPDATE ON chorus.service
    FOR EACH ROW WHEN (coalesce(OLD.payment_reported, true) <> coalesce(NEW.payment_reported, true)) EXECUTE FUNCTION chorus.service_changed();

-- Time alone closes too: the agent looks once per supplier and poll.
CREATE FUNCTION chorus.close_silent(supplier bigint) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH silent AS MATERIALIZED (
        SELECT i.id, s.state FROM chorus.invoice i, LATERAL chorus.state_of_events(i.id) s
        WHERE i.supplier_id = close_silent.supplier AND i.state IN ('integrated', 'awaiting_validator')
            AND i.status_at < now() - interval '12 months' AND s.state = 'closed'
        LIMIT 1000
    ), closed AS (
        UPDATE chorus.invoice i SET state = silent.state FROM silent
        WHERE i.id = silent.id AND i.state IN ('integrated', 'awaiting_validator') RETURNING i.id
    )
    SELECT count(*) FROM closed
$$;
COMMENT ON FUNCTION chorus.close_silent(bigint) IS 'Closes the invoices of a supplier of which nothing has been heard for 12 months; returns how many';
REVOKE ALL ON FUNCTION chorus.close_silent(bigint) FROM PUBLIC;

UPDATE chorus.installation SET schema_version = 6;

RESET ROLE;
