-- Measures in one session, in interleaved rounds, so that whatever else the machine does falls on all alike.
-- Each statement reads every row of a table of equal documents, detoasting included; variable `doc` is the invoice.

\set ON_ERROR_STOP on
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET search_path = pg_catalog, pg_temp;

CREATE FUNCTION pg_temp.bench_pgrx_jsonb(doc jsonb) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT AS 'pg_chorus', 'bench_pgrx_jsonb_wrapper';
CREATE FUNCTION pg_temp.bench_read(doc jsonb) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT AS 'pg_chorus', 'bench_read_wrapper';

CREATE TEMPORARY TABLE given AS SELECT :'doc'::jsonb AS doc;

-- As many rows of each size as take a few hundredths of a second.
CREATE TEMPORARY TABLE documents AS
    SELECT lines, chorus.build(jsonb_set(doc, '{lines}', many)) AS doc
    FROM (VALUES (1, 4000), (10, 800), (100, 80), (1000, 8)) AS sizes (lines, copies),
         given,
         LATERAL (SELECT jsonb_agg(line) AS many
                  FROM (SELECT doc #> '{lines,0}' AS line FROM generate_series(1, lines)) AS repeated) AS made,
         generate_series(1, copies);
CREATE TEMPORARY TABLE doc_1 AS SELECT doc FROM documents WHERE lines = 1;
CREATE TEMPORARY TABLE doc_10 AS SELECT doc FROM documents WHERE lines = 10;
CREATE TEMPORARY TABLE doc_100 AS SELECT doc FROM documents WHERE lines = 100;
CREATE TEMPORARY TABLE doc_1000 AS SELECT doc FROM documents WHERE lines = 1000;
DROP TABLE documents;
ANALYZE doc_1, doc_10, doc_100, doc_1000;

CREATE TEMPORARY TABLE measured (name text, lines integer, round integer, microseconds double precision);

DO $$
DECLARE
    measure record;
    lines integer;
    rows integer;
    started timestamptz;
    answer bigint;
BEGIN
    -- Round 0 warms the caches and is not counted.
    FOR round IN 0 .. 15 LOOP
        FOREACH lines IN ARRAY ARRAY[1, 10, 100, 1000] LOOP
            EXECUTE format('SELECT count(*) FROM doc_%s', lines) INTO rows;
            FOR measure IN
                SELECT * FROM (VALUES
                    ('doc::text', 'SELECT sum(octet_length(doc::text)) FROM doc_%s'),
                    ('chorus.validate', 'SELECT count(found.rule) FROM doc_%s, LATERAL chorus.validate(doc) AS found'),
                    ('chorus.is_valid', 'SELECT count(*) FILTER (WHERE chorus.is_valid(doc)) FROM doc_%s'),
                    ('chorus.render_cii', 'SELECT sum(octet_length(chorus.render_cii(doc)::text)) FROM doc_%s'),
                    ('chorus.build', 'SELECT sum(pg_column_size(chorus.build(doc))) FROM doc_%s'),
                    ('bench_pgrx_jsonb', 'SELECT sum(pg_temp.bench_pgrx_jsonb(doc)) FROM doc_%s'),
                    ('bench_read', 'SELECT sum(pg_temp.bench_read(doc)) FROM doc_%s')
                ) AS list (name, query)
            LOOP
                started := clock_timestamp();
                EXECUTE format(measure.query, lines) INTO answer;
                INSERT INTO measured VALUES (measure.name, lines, round,
                    1e6 * extract(epoch FROM clock_timestamp() - started) / rows);
            END LOOP;
        END LOOP;
    END LOOP;
END
$$;

-- The ratio is the median of the rounds' ratios, not the ratio of medians: both terms then knew the same weather.
SELECT jsonb_agg(jsonb_build_object(
           'name', name, 'variant', lines || CASE lines WHEN 1 THEN ' line' ELSE ' lines' END,
           'value', value, 'unit', 'us', 'baseline', 'doc::text', 'ratio', ratio)
           ORDER BY lines, first)
FROM (
    SELECT name, lines, min(place) AS first,
           round((percentile_cont(0.5) WITHIN GROUP (ORDER BY microseconds))::numeric, 2) AS value,
           round((percentile_cont(0.5) WITHIN GROUP (ORDER BY microseconds / baseline))::numeric, 3) AS ratio
    FROM (
        SELECT *, row_number() OVER (PARTITION BY round, lines) AS place,
               max(microseconds) FILTER (WHERE name = 'doc::text') OVER (PARTITION BY round, lines) AS baseline
        FROM measured
        WHERE round > 0
    ) AS compared
    GROUP BY name, lines
) AS summary;
