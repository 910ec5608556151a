-- How much more memory a fresh session has had resident after one call of a large document than after one of a small one, in KiB. The
-- documents stand in bench_document, so that the session has not made them itself. Variable `call` is the call.

\set ON_ERROR_STOP on
SET jit = off;
SET max_parallel_workers_per_gather = 0;

CREATE FUNCTION pg_temp.most_resident() RETURNS double precision
    RETURN (regexp_match(pg_read_file('/proc/self/status'), 'VmHWM:\s+(\d+) kB'))[1]::double precision;

CREATE FUNCTION pg_temp.call(wanted text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    answer bigint;
BEGIN
    EXECUTE current_setting('bench.call') INTO answer USING wanted;
    RETURN answer;
END
$$;

SELECT set_config('bench.call', :'call', false) \g /dev/null
SELECT pg_temp.call('small') \g /dev/null
SELECT pg_temp.most_resident() AS before \gset
SELECT pg_temp.call('large') \g /dev/null
SELECT jsonb_build_object(
    'value', pg_temp.most_resident() - :before,
    'document', (SELECT bytes / 1024.0 FROM bench_document WHERE size = 'large'),
    'file', (SELECT octet_length(cii) / 1024.0 FROM bench_document WHERE size = 'large'));
