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

-- The state that all events of an invoice amount to. Buyers may set any status in any order (AIFE, Dossier de spécifications
-- externes, 3.4), so nothing is final: the last event decides, except that a payment stands until the invoice is returned.
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
               WHEN l.code LIKE 'A\_VALIDER%' THEN 'awaiting_validator'
               WHEN l.code = 'REJETEE' THEN 'rejected'
               WHEN l.code IN ('ABANDONNEE', 'SUPPRIMEE') THEN 'withdrawn'
               WHEN (SELECT min(e.age) FROM event e WHERE e.code = 'MISE_EN_PAIEMENT')
                    < coalesce((SELECT min(e.age) FROM event e WHERE e.returned), 'infinity'::double precision) THEN 'paid'
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

UPDATE chorus.installation SET schema_version = 6;

RESET ROLE;
