-- 0017: operations: how an agent and its queue are doing, and which database this is.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 16 THEN
        RAISE EXCEPTION 'sql/schema/0017 applies to schema version 16, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

UPDATE chorus.installation SET schema_version = 17;

RESET ROLE;
