-- 0016: calls to Chorus Pro: their record, and the breakers that hold them back.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 15 THEN
        RAISE EXCEPTION 'sql/schema/0016 applies to schema version 15, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

UPDATE chorus.installation SET schema_version = 16;

RESET ROLE;
