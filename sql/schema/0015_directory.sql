-- 0015: the directory: public structures and their services, as Chorus Pro describes them.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 14 THEN
        RAISE EXCEPTION 'sql/schema/0015 applies to schema version 14, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

UPDATE chorus.installation SET schema_version = 15;

RESET ROLE;
