-- 0016: the record of the calls made to Chorus Pro, a partition per month.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 15 THEN
        RAISE EXCEPTION 'sql/schema/0016 applies to schema version 15, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

-- What the agent wrote down of a call is of its moment: no foreign keys, so that a row is never in the way of anything.
CREATE TABLE chorus.api_call (
    started_at timestamptz NOT NULL,
    seconds real NOT NULL,
    operation text NOT NULL,
    http smallint,
    code_retour bigint,
    error text,
    supplier_id bigint,
    invoice_id uuid,
    task_id bigint,
    agent uuid NOT NULL
) PARTITION BY RANGE (started_at);

-- Rows come in the order of time: a summary per block finds a day. The other answers what was asked about one invoice.
CREATE INDEX api_call_started_idx ON chorus.api_call USING brin (started_at);
CREATE INDEX api_call_invoice_idx ON chorus.api_call (invoice_id) WHERE invoice_id IS NOT NULL;

COMMENT ON TABLE chorus.api_call IS 'Calls made to PISTE and Chorus Pro, one row each: no bodies, no secrets. Written within seconds, a batch at a time; an agent that is killed outright takes the last second''s rows with it';
COMMENT ON COLUMN chorus.api_call.started_at IS 'When the request left, by the database''s clock';
COMMENT ON COLUMN chorus.api_call.seconds IS 'From there to the end of the answer, or to its failure';
COMMENT ON COLUMN chorus.api_call.operation IS 'Path of the operation';
COMMENT ON COLUMN chorus.api_call.http IS 'HTTP status; NULL: no answer';
COMMENT ON COLUMN chorus.api_call.code_retour IS 'codeRetour of the answer; NULL: none was read';
COMMENT ON COLUMN chorus.api_call.error IS 'Kind of error, as in chorus.breaker; NULL: it succeeded';
COMMENT ON COLUMN chorus.api_call.supplier_id IS 'Supplier for whom it was made; NULL: none in particular, or one that is registering';
COMMENT ON COLUMN chorus.api_call.invoice_id IS 'Invoice that it was about, where it was one';
COMMENT ON COLUMN chorus.api_call.task_id IS 'Task; NULL: a person asked';
COMMENT ON COLUMN chorus.api_call.agent IS 'Agent that made it: chorus.agent, or a command of that moment';

ALTER TABLE chorus.installation ADD COLUMN api_calls_kept interval DEFAULT '13 months'
    CONSTRAINT installation_api_calls_kept_check CHECK (api_calls_kept >= interval '1 month');
COMMENT ON COLUMN chorus.installation.api_calls_kept IS 'How long rows of chorus.api_call are kept: months wholly older are dropped; NULL: for ever. No invoice, event, deposit or finding is ever deleted by age';

-- The agent may do this and nothing else to tables. Made apart and attached, since that locks out no reader; checked before, so that it
-- need not be scanned. Whoever reads for long delays it, and it comes again: the next month's partition is made a month ahead.
CREATE FUNCTION chorus.keep_api_calls() RETURNS integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' SET timezone = 'UTC'
AS $$
DECLARE
    kept CONSTANT interval := (SELECT n.api_calls_kept FROM chorus.installation n);
    month timestamptz;
    old record;
    changed integer := 0;
BEGIN
    -- One agent at a time; what it does is enough for all.
    IF NOT pg_try_advisory_xact_lock('chorus.api_call'::regclass::oid::bigint) THEN
        RETURN 0;
    END IF;
    -- From yesterday's month: at the first second of one, rows of the last are still being written.
    FOR month IN SELECT generate_series(date_trunc('month', now() - interval '1 day'), date_trunc('month', now() + interval '1 month'), interval '1 month') LOOP
        IF to_regclass(format('chorus.%I', 'api_call_' || to_char(month, 'YYYY_MM'))) IS NULL THEN
            EXECUTE format('CREATE TABLE chorus.%I (LIKE chorus.api_call INCLUDING COMMENTS, CONSTRAINT month CHECK (started_at >= %L AND started_at < %L))',
                'api_call_' || to_char(month, 'YYYY_MM'), month, month + interval '1 month');
            EXECUTE format('COMMENT ON TABLE chorus.%I IS %L', 'api_call_' || to_char(month, 'YYYY_MM'), 'Calls of ' || to_char(month, 'YYYY-MM') || ', UTC');
            EXECUTE format('ALTER TABLE chorus.api_call ATTACH PARTITION chorus.%I FOR VALUES FROM (%L) TO (%L)',
                'api_call_' || to_char(month, 'YYYY_MM'), month, month + interval '1 month');
            changed := changed + 1;
        END IF;
    END LOOP;
    -- By its name, which is made above and ends where its month does.
    FOR old IN
        SELECT c.oid::regclass AS partition FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid
        WHERE h.inhparent = 'chorus.api_call'::regclass AND c.relname ~ '^api_call_[0-9]{4}_[0-9]{2}$'
            AND to_date(right(c.relname, 7), 'YYYY_MM')::timestamptz + interval '1 month' <= now() - kept
    LOOP
        EXECUTE format('DROP TABLE %s', old.partition);
        changed := changed + 1;
    END LOOP;
    RETURN changed;
END
$$;
COMMENT ON FUNCTION chorus.keep_api_calls() IS
    'Makes the partitions of chorus.api_call for this month and the next, and drops those older than installation.api_calls_kept; returns how many it made or dropped';
REVOKE ALL ON FUNCTION chorus.keep_api_calls() FROM PUBLIC;

DO $$ BEGIN PERFORM chorus.keep_api_calls(); END $$;

-- People in charge alone: calls say when whose account was used for what.
ALTER TABLE chorus.api_call ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON chorus.api_call TO chorus_agent, chorus_admin USING (true) WITH CHECK (true);

GRANT EXECUTE ON FUNCTION chorus.keep_api_calls() TO chorus_agent, chorus_admin;
GRANT INSERT, SELECT ON chorus.api_call TO chorus_agent;
GRANT SELECT ON chorus.api_call TO chorus_admin;
GRANT UPDATE (api_calls_kept) ON chorus.installation TO chorus_admin;

UPDATE chorus.installation SET schema_version = 16;

RESET ROLE;
