-- A small and a large document for memory.sql, and their files. Variable `doc` is the invoice.

CREATE TABLE bench_document AS
    SELECT size, calculated AS doc, octet_length(calculated::text) AS bytes, convert_to(chorus.render_cii(calculated, 'en16931')::text, 'UTF8') AS cii
    FROM (VALUES ('small', 1), ('large', 10000)) AS sizes (size, lines), (SELECT :'doc'::jsonb AS doc) AS given,
         LATERAL (SELECT jsonb_agg(line) AS many FROM (SELECT doc #> '{lines,0}' AS line FROM generate_series(1, lines)) AS repeated) AS made,
         LATERAL chorus.build(jsonb_set(doc, '{lines}', many)) AS calculated;
