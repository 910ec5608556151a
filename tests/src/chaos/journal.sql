-- What the auditor writes down by itself, beside the tables it audits. Agents name themselves by application_name.

CREATE SCHEMA journal;

CREATE TABLE journal.holder (leased_by uuid PRIMARY KEY, agent text NOT NULL);
CREATE TABLE journal.stale (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text NOT NULL);
CREATE TABLE journal.event (invoice_id uuid, histo_statut_id bigint, occurred_at timestamptz, code text);

CREATE FUNCTION journal.me() RETURNS text LANGUAGE sql AS $$ SELECT current_setting('application_name') $$;

-- While a lease lives, nobody but its holder takes, gives back, changes or ends its task. That somebody asks for it to run again
-- (run_at) is no such change. A free task is claimed with a larger token, and not otherwise moved by an agent.
CREATE FUNCTION journal.task_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me text := journal.me();
    holder text;
    found text;
BEGIN
    IF me NOT LIKE 'agent-%' THEN
        RETURN NULL;
    END IF;
    SELECT h.agent INTO holder FROM journal.holder h WHERE h.leased_by = OLD.leased_by;
    IF TG_OP = 'UPDATE' AND OLD.leased_by IS NULL AND NEW.leased_by IS NOT NULL THEN
        INSERT INTO journal.holder VALUES (NEW.leased_by, me) ON CONFLICT DO NOTHING;
        IF NEW.lease <= OLD.lease THEN
            found := format('a claim with token %s after %s', NEW.lease, OLD.lease);
        END IF;
    ELSIF OLD.leased_by IS NOT NULL AND OLD.leased_until >= now() AND holder IS DISTINCT FROM me THEN
        IF TG_OP = 'DELETE' OR (OLD.kind, OLD.attempts, OLD.lease, OLD.leased_by, OLD.leased_until)
            IS DISTINCT FROM (NEW.kind, NEW.attempts, NEW.lease, NEW.leased_by, NEW.leased_until) THEN
            found := format('%s by %s while %s has it until %s', TG_OP, me, holder, OLD.leased_until);
        END IF;
    ELSIF OLD.leased_by IS NULL AND (TG_OP = 'DELETE' OR OLD.kind <> NEW.kind) THEN
        found := format('%s by %s of a task that nobody has', TG_OP, me);
    END IF;
    IF found IS NOT NULL THEN
        INSERT INTO journal.stale (what) VALUES (format('task %s (%s): %s', OLD.id, OLD.kind, found));
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER journal AFTER UPDATE OR DELETE ON chorus.task FOR EACH ROW EXECUTE FUNCTION journal.task_changed();

-- A deposit is committed under the token that its task has just then.
CREATE FUNCTION journal.deposit_prepared() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM chorus.task t JOIN journal.holder h ON h.leased_by = t.leased_by
        WHERE t.invoice_id = NEW.invoice_id AND t.lease = NEW.lease AND t.leased_until >= now() AND h.agent = journal.me())
    THEN
        INSERT INTO journal.stale (what) VALUES (format('deposit %s of invoice %s by %s with token %s, which is not the live one',
            NEW.id, NEW.invoice_id, journal.me(), NEW.lease));
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER journal AFTER INSERT ON chorus.deposit FOR EACH ROW EXECUTE FUNCTION journal.deposit_prepared();

-- Every event as it was when it came.
CREATE FUNCTION journal.event_came() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO journal.event VALUES (NEW.invoice_id, NEW.histo_statut_id, NEW.occurred_at, NEW.code);
    RETURN NULL;
END
$$;
CREATE TRIGGER journal AFTER INSERT ON chorus.status_event FOR EACH ROW EXECUTE FUNCTION journal.event_came();
