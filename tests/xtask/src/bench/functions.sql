-- Measures in one session, in interleaved rounds, by the time that the session's process has had a processor: what else the
-- machine does counts for little, and what is left of it falls on all alike.
-- Each statement reads every row of a table of equal documents, detoasting included; variable `doc` is the invoice.

\set ON_ERROR_STOP on
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET search_path = pg_catalog, pg_temp;
-- All documents stay in memory.
SET temp_buffers = '512MB';

CREATE FUNCTION pg_temp.bench_pgrx_jsonb(doc jsonb) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT AS 'pg_chorus', 'bench_pgrx_jsonb_wrapper';
CREATE FUNCTION pg_temp.bench_read(doc jsonb) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT AS 'pg_chorus', 'bench_read_wrapper';
CREATE FUNCTION pg_temp.bench_peer_receive(cii bytea) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT AS 'pg_chorus', 'bench_peer_receive_wrapper';
CREATE FUNCTION pg_temp.bench_peer_write(cii bytea, times integer) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT AS 'pg_chorus', 'bench_peer_write_wrapper';

-- Microseconds that this process has had a processor: the first number of schedstat, in nanoseconds.
CREATE FUNCTION pg_temp.spent() RETURNS double precision
    RETURN split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::double precision / 1000;

CREATE TEMPORARY TABLE given AS SELECT :'doc'::jsonb AS doc;

-- As many rows of each size as take a few tenths of a second: the processor time of a process is told in steps of up to ten milliseconds.
CREATE TEMPORARY TABLE documents AS
    SELECT lines, calculated AS doc, convert_to(chorus.render_cii(calculated, 'en16931')::text, 'UTF8') AS cii
    FROM (VALUES (1, 20000), (10, 4000), (20, 2000), (100, 400), (1000, 40)) AS sizes (lines, copies),
         given,
         LATERAL (SELECT jsonb_agg(line) AS many
                  FROM (SELECT doc #> '{lines,0}' AS line FROM generate_series(1, lines)) AS repeated) AS made,
         LATERAL chorus.build(jsonb_set(doc, '{lines}', many)) AS calculated,
         generate_series(1, copies);
CREATE TEMPORARY TABLE doc_1 AS SELECT doc, cii FROM documents WHERE lines = 1;
CREATE TEMPORARY TABLE doc_10 AS SELECT doc, cii FROM documents WHERE lines = 10;
CREATE TEMPORARY TABLE doc_20 AS SELECT doc, cii FROM documents WHERE lines = 20;
CREATE TEMPORARY TABLE doc_100 AS SELECT doc, cii FROM documents WHERE lines = 100;
CREATE TEMPORARY TABLE doc_1000 AS SELECT doc, cii FROM documents WHERE lines = 1000;
DROP TABLE documents;
ANALYZE doc_1, doc_10, doc_20, doc_100, doc_1000;

CREATE TEMPORARY TABLE measured (
    name text, baseline text, lines integer, round integer, microseconds double precision);

DO $$
DECLARE
    measure record;
    lines integer;
    rows integer;
    started double precision;
    answer bigint;
BEGIN
    -- Round 0 warms the caches and is not counted.
    FOR round IN 0 .. 9 LOOP
        FOREACH lines IN ARRAY ARRAY[1, 10, 20, 100, 1000] LOOP
            EXECUTE format('SELECT count(*) FROM doc_%s', lines) INTO rows;
            FOR measure IN
                SELECT * FROM (VALUES
                    ('doc::text', 'doc::text', 1,
                     'SELECT sum(octet_length(doc::text)) FROM doc_%s'),
                    ('chorus.validate', 'doc::text', 1,
                     'SELECT count(found.rule) FROM doc_%s, LATERAL chorus.validate(doc) AS found'),
                    ('chorus.is_valid', 'doc::text', 1,
                     'SELECT count(*) FILTER (WHERE chorus.is_valid(doc)) FROM doc_%s'),
                    ('chorus.render_cii', 'doc::text', 1,
                     'SELECT sum(octet_length(chorus.render_cii(doc)::text)) FROM doc_%s'),
                    ('chorus.build', 'doc::text', 1,
                     'SELECT sum(pg_column_size(chorus.build(doc))) FROM doc_%s'),
                    ('chorus.check_cii', 'doc::text', 1,
                     'SELECT count(found.rule) FROM doc_%s, LATERAL chorus.check_cii(cii) AS found'),
                    ('chorus.parse_cii', 'doc::text', 1,
                     'SELECT sum(pg_column_size(chorus.parse_cii(cii))) FROM doc_%s'),
                    ('bench_pgrx_jsonb', 'doc::text', 1,
                     'SELECT sum(pg_temp.bench_pgrx_jsonb(doc)) FROM doc_%s'),
                    ('bench_read', 'doc::text', 1,
                     'SELECT sum(pg_temp.bench_read(doc)) FROM doc_%s'),
                    ('en16931-formats receive', 'chorus.check_cii', 1,
                     'SELECT sum(pg_temp.bench_peer_receive(cii)) FROM doc_%s'),
                    -- It writes a model in memory, where ours reads the document first: so many times for one reading.
                    ('en16931-formats write', 'chorus.render_cii', greatest(100, 20000 / lines),
                     'SELECT sum(pg_temp.bench_peer_write(cii, %2$s)) FROM (SELECT cii FROM doc_%1$s LIMIT 1) AS one')
                ) AS list (name, baseline, times, query)
            LOOP
                started := pg_temp.spent();
                EXECUTE format(measure.query, lines, measure.times) INTO answer;
                INSERT INTO measured VALUES (measure.name, measure.baseline, lines, round,
                    (pg_temp.spent() - started)
                        / CASE measure.times WHEN 1 THEN rows ELSE measure.times END);
            END LOOP;
        END LOOP;
    END LOOP;
END
$$;

-- The ratio is the median of the rounds' ratios, not the ratio of medians: both terms then knew the same weather.
SELECT jsonb_build_object(
    'rows', (
        SELECT jsonb_agg(jsonb_build_object(
                   'name', name, 'variant', lines || CASE lines WHEN 1 THEN ' line' ELSE ' lines' END,
                   'value', value, 'unit', 'us', 'baseline', baseline, 'ratio', ratio)
                   ORDER BY lines, first)
        FROM (
            SELECT name, baseline, lines, min(place) AS first,
                   round((percentile_cont(0.5) WITHIN GROUP (ORDER BY microseconds))::numeric, 2) AS value,
                   round((percentile_cont(0.5) WITHIN GROUP (ORDER BY microseconds / compared_with))::numeric, 3) AS ratio
            FROM (
                SELECT measured.*, row_number() OVER (PARTITION BY measured.round, measured.lines) AS place,
                       of_baseline.microseconds AS compared_with
                FROM measured
                JOIN measured AS of_baseline
                    ON of_baseline.name = measured.baseline AND of_baseline.lines = measured.lines
                    AND of_baseline.round = measured.round
                WHERE measured.round > 0
            ) AS compared
            GROUP BY name, baseline, lines
        ) AS summary),
    'files', jsonb_build_object(
        '1 line', (SELECT convert_from(cii, 'UTF8') FROM doc_1 LIMIT 1),
        '10 lines', (SELECT convert_from(cii, 'UTF8') FROM doc_10 LIMIT 1),
        '20 lines', (SELECT convert_from(cii, 'UTF8') FROM doc_20 LIMIT 1),
        '100 lines', (SELECT convert_from(cii, 'UTF8') FROM doc_100 LIMIT 1),
        '1000 lines', (SELECT convert_from(cii, 'UTF8') FROM doc_1000 LIMIT 1)));
