-- The record of calls: a partition per month, made ahead, dropped whole when it is older than it is to be kept.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET timezone = 'UTC';
BEGIN;
CREATE VIEW pg_temp.months AS
SELECT to_char(to_date(right(c.relname, 7), 'YYYY_MM'), 'YYYY-MM') AS month, to_date(right(c.relname, 7), 'YYYY_MM') - date_trunc('month', now() AT TIME ZONE 'UTC')::date AS away
FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid WHERE h.inhparent = 'chorus.api_call'::regclass;
-- This month and the next are there, whoever looked last.
SELECT chorus.keep_api_calls() IS NOT NULL AS kept, bool_or(away = 0) AS this, bool_or(away BETWEEN 28 AND 31) AS next FROM pg_temp.months;
SELECT chorus.keep_api_calls();
-- Old ones, as the function itself once made them.
DO $$
BEGIN
    FOR n IN 12..15 LOOP
        EXECUTE format('CREATE TABLE chorus.api_call_%s PARTITION OF chorus.api_call FOR VALUES FROM (%L) TO (%L)',
            to_char(date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => n), 'YYYY_MM'),
            (date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => n)) AT TIME ZONE 'UTC',
            (date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => n - 1)) AT TIME ZONE 'UTC');
        EXECUTE format('ALTER TABLE chorus.api_call_%s OWNER TO chorus_owner', to_char(date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => n), 'YYYY_MM'));
    END LOOP;
END
$$;
INSERT INTO chorus.api_call (started_at, seconds, operation, agent) SELECT now() - make_interval(months => n), 1, '/cpro', gen_random_uuid() FROM generate_series(12, 15) n;
-- Kept for ever, where the DBA says so; the agent may not say it.
UPDATE chorus.installation SET api_calls_kept = NULL;
SET ROLE chorus_agent;
SELECT chorus.keep_api_calls();
SAVEPOINT s;
UPDATE chorus.installation SET api_calls_kept = '1 month';
ROLLBACK TO s;
DELETE FROM chorus.api_call;
ROLLBACK TO s;
RESET ROLE;
-- Thirteen months: of the four, those of fourteen and fifteen months ago end before that day.
SET ROLE chorus_admin;
UPDATE chorus.installation SET api_calls_kept = '13 months';
RESET ROLE;
SET ROLE chorus_agent;
SELECT chorus.keep_api_calls();
SELECT count(*) FROM chorus.api_call;
RESET ROLE;
SELECT count(*) FROM pg_temp.months WHERE away < -200;
SAVEPOINT s;
UPDATE chorus.installation SET api_calls_kept = '1 day';
ROLLBACK TO s;
-- Applications and reports see none of it.
SET ROLE chorus_writer;
SELECT count(*) FROM chorus.api_call;
ROLLBACK;
