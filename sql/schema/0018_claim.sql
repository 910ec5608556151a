-- 0018: claims: take one due task, for a while.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 17 THEN
        RAISE EXCEPTION 'sql/schema/0018 applies to schema version 17, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

-- Checked where it is said, not at each claim: every UPDATE reads the expressions of all CHECKs anew, and these two are long.
ALTER TABLE chorus.task DROP CONSTRAINT task_kind_check, DROP CONSTRAINT task_subject_check;

CREATE FUNCTION chorus.task_refused() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'unknown kind of task, or not one about such a subject: "%"', NEW.kind
        USING ERRCODE = 'check_violation', SCHEMA = 'chorus', TABLE = 'task', CONSTRAINT = 'subject',
            HINT = 'submit, look_up, flux, history and action are about an invoice; follow and adopt about a supplier; directory about a structure; nothing else is a kind';
END
$$;
COMMENT ON FUNCTION chorus.task_refused() IS 'Refuses a task of an unknown kind, or whose kind does not go with its subject';

CREATE TRIGGER subject AFTER INSERT OR UPDATE OF kind, invoice_id, supplier_id, structure_id ON chorus.task FOR EACH ROW
    WHEN ((num_nonnulls(NEW.invoice_id, NEW.supplier_id, NEW.structure_id) = 1 AND CASE
        WHEN NEW.kind IN ('submit', 'look_up', 'flux', 'history', 'action') THEN NEW.invoice_id IS NOT NULL
        WHEN NEW.kind IN ('follow', 'adopt') THEN NEW.supplier_id IS NOT NULL
        ELSE NEW.kind = 'directory' AND NEW.structure_id IS NOT NULL END) IS NOT TRUE)
    EXECUTE FUNCTION chorus.task_refused();

-- Procedures, for the sake of their plans: CALL itself is not planned, and what is in them once per connection; planning takes longer than
-- claiming. The plans are pinned to the indexes, since one that was made while the queue was empty is used when it is long.
-- Each CTE is materialized: folded into the UPDATE, the planner may lock more rows than LIMIT says.
-- SKIP LOCKED on both: an application's open UPDATE of an invoice must not stall the queue. Invoice first, then task.
-- Ordered as the index task_due_idx is, and begun at the agent's floor, so that a claim reads one row however many wait or are done.
-- A supplier who is paused or whose account is not verified waits here, unclaimed; so does what an open breaker holds back.
CREATE PROCEDURE chorus.claim(kind text, agent uuid, seconds double precision, floor_run_at timestamptz, floor_id bigint, application text, apis text[],
        OUT id bigint, OUT lease bigint, OUT run_at timestamptz, OUT attempts integer, OUT failed_call boolean,
        OUT invoice_id uuid, OUT supplier_id bigint, OUT structure_id bigint, OUT known boolean)
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
AS $$
DECLARE
    begin_at CONSTANT timestamptz := coalesce(floor_run_at, '-infinity');
    begin_id CONSTANT bigint := coalesce(floor_id, 0);
    all_held boolean;
    held bigint[];
BEGIN
    SELECT coalesce(bool_or(b.supplier_id IS NULL), false), coalesce(array_agg(b.supplier_id) FILTER (WHERE b.supplier_id IS NOT NULL), '{}') INTO all_held, held
    FROM chorus.api_breaker b
    WHERE b.application = claim.application AND (b.api IS NULL OR b.api = ANY (claim.apis)) AND b.probe_at > now();
    IF all_held THEN
        RETURN;
    END IF;

    IF claim.kind = 'submit' THEN
        -- The invoice goes from ready to sending in the same statement: from here on its document is fixed. One whose buyer is not known,
        -- or not of late, stays as it is.
        WITH due AS MATERIALIZED (
            SELECT t.id, t.invoice_id, coalesce(i.directory_at > now() - interval '24 hours', false)
                OR i.buyer_id_type IS NULL OR coalesce(i.buyer_identifier, '') = '' AS known
            FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id JOIN chorus.supplier s ON s.id = i.supplier_id
            WHERE t.kind = 'submit' AND t.leased_until IS NULL AND t.run_at <= now() AND (t.run_at, t.id) >= (begin_at, begin_id)
                AND i.state = 'ready' AND s.state = 'registered' AND NOT s.paused AND s.id <> ALL (held)
            ORDER BY t.run_at, t.id LIMIT 1
            FOR UPDATE OF i, t SKIP LOCKED
        ), sending AS (
            UPDATE chorus.invoice i SET state = 'sending', state_reason = NULL FROM due WHERE i.id = due.invoice_id AND due.known
        )
        UPDATE chorus.task t
        SET lease = nextval('chorus.lease'), leased_by = claim.agent, leased_until = now() + make_interval(secs => claim.seconds)
        FROM due WHERE t.id = due.id
        RETURNING t.id, t.lease, t.run_at, t.attempts, coalesce(t.last_error LIKE '/%', false), t.invoice_id, due.known
        INTO id, lease, run_at, attempts, failed_call, invoice_id, known;
    ELSIF claim.kind IN ('follow', 'adopt') THEN
        -- Following also verifies the account, so it is claimed whatever the supplier's state.
        WITH due AS MATERIALIZED (
            SELECT t.id
            FROM chorus.task t JOIN chorus.supplier s ON s.id = t.supplier_id
            WHERE t.kind = claim.kind AND t.leased_until IS NULL AND t.run_at <= now() AND (t.run_at, t.id) >= (begin_at, begin_id)
                AND s.credential IS NOT NULL AND s.id <> ALL (held)
            ORDER BY t.run_at, t.id LIMIT 1
            FOR UPDATE OF t SKIP LOCKED
        )
        UPDATE chorus.task t
        SET lease = nextval('chorus.lease'), leased_by = claim.agent, leased_until = now() + make_interval(secs => claim.seconds)
        FROM due WHERE t.id = due.id
        RETURNING t.id, t.lease, t.run_at, t.attempts, coalesce(t.last_error LIKE '/%', false), t.supplier_id
        INTO id, lease, run_at, attempts, failed_call, supplier_id;
    ELSIF claim.kind = 'directory' THEN
        -- Any account may ask about any buyer: claimed as soon as there is one.
        WITH due AS MATERIALIZED (
            SELECT t.id
            FROM chorus.task t
            WHERE t.kind = 'directory' AND t.leased_until IS NULL AND t.run_at <= now() AND (t.run_at, t.id) >= (begin_at, begin_id)
                AND EXISTS (SELECT FROM chorus.supplier s WHERE s.state = 'registered')
            ORDER BY t.run_at, t.id LIMIT 1
            FOR UPDATE OF t SKIP LOCKED
        )
        UPDATE chorus.task t
        SET lease = nextval('chorus.lease'), leased_by = claim.agent, leased_until = now() + make_interval(secs => claim.seconds)
        FROM due WHERE t.id = due.id
        RETURNING t.id, t.lease, t.run_at, t.attempts, coalesce(t.last_error LIKE '/%', false), t.structure_id
        INTO id, lease, run_at, attempts, failed_call, structure_id;
    ELSE
        -- A blocked invoice is a person's affair, whatever became of its task's run_at.
        WITH due AS MATERIALIZED (
            SELECT t.id
            FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id JOIN chorus.supplier s ON s.id = i.supplier_id
            WHERE t.kind = claim.kind AND t.leased_until IS NULL AND t.run_at <= now() AND (t.run_at, t.id) >= (begin_at, begin_id)
                AND s.state = 'registered' AND s.id <> ALL (held) AND i.state <> 'blocked'
            ORDER BY t.run_at, t.id LIMIT 1
            FOR UPDATE OF i, t SKIP LOCKED
        )
        UPDATE chorus.task t
        SET lease = nextval('chorus.lease'), leased_by = claim.agent, leased_until = now() + make_interval(secs => claim.seconds)
        FROM due WHERE t.id = due.id
        RETURNING t.id, t.lease, t.run_at, t.attempts, coalesce(t.last_error LIKE '/%', false), t.invoice_id
        INTO id, lease, run_at, attempts, failed_call, invoice_id;
    END IF;
END
$$;
COMMENT ON PROCEDURE chorus.claim(text, uuid, double precision, timestamptz, bigint, text, text[]) IS
    'Takes one due task of a kind for an agent, at or after (floor_run_at, floor_id): its lease lasts so many seconds. All NULL where there is none. known: an invoice whose buyer is known is now being sent';
REVOKE ALL ON PROCEDURE chorus.claim(text, uuid, double precision, timestamptz, bigint, text, text[]) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE chorus.claim(text, uuid, double precision, timestamptz, bigint, text, text[]) TO chorus_agent;

CREATE PROCEDURE chorus.done(task bigint, lease bigint, OUT ours boolean)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
AS $$
BEGIN
    DELETE FROM chorus.task t WHERE t.id = done.task AND t.lease = done.lease;
    ours := FOUND;
END
$$;
COMMENT ON PROCEDURE chorus.done(bigint, bigint) IS 'Ends a task that is still held with that lease; says whether it was';
REVOKE ALL ON PROCEDURE chorus.done(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE chorus.done(bigint, bigint) TO chorus_agent;

UPDATE chorus.installation SET schema_version = 18;

RESET ROLE;
