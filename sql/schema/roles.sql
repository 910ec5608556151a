-- The roles of pg_chorus: cluster-wide, all NOLOGIN; grant them to your own login roles.
-- Safe to run twice. When a dump is restored into a new cluster, this file comes first (`chorus-agent migrate --roles`).

DO $$
DECLARE
    wanted CONSTANT text[] := ARRAY['chorus_owner', 'chorus_writer', 'chorus_reader', 'chorus_agent', 'chorus_admin'];
    name text;
BEGIN
    FOREACH name IN ARRAY wanted LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name) THEN
            EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN', name);
        END IF;
    END LOOP;
    -- A DBA who is no superuser applies the schema as a member of its owner.
    IF NOT pg_catalog.pg_has_role(current_user, 'chorus_owner', 'usage') THEN
        EXECUTE pg_catalog.format('GRANT chorus_owner TO %I', current_user);
    END IF;
END
$$;

GRANT chorus_reader TO chorus_admin;

-- Two functions of the schema tell what its owner may see: where the server's files are (a hash of it), how old the oldest snapshot is.
-- Who may not grant these rights does without: the directory is not compared then, and no old snapshot is warned of.
DO $$
DECLARE
    right_needed text;
BEGIN
    FOREACH right_needed IN ARRAY '{pg_read_all_settings,pg_read_all_stats}'::text[] LOOP
        CONTINUE WHEN pg_catalog.pg_has_role('chorus_owner', right_needed, 'usage');
        BEGIN
            EXECUTE pg_catalog.format('GRANT %I TO chorus_owner', right_needed);
        EXCEPTION WHEN insufficient_privilege THEN
            NULL;
        END;
    END LOOP;
END
$$;

COMMENT ON ROLE chorus_owner IS 'pg_chorus: owns every table, view and trigger function; nobody logs in as it';
COMMENT ON ROLE chorus_writer IS 'pg_chorus: applications; insert invoices, correct their documents, read what became of them';
COMMENT ON ROLE chorus_reader IS 'pg_chorus: reporting tools; read the views of schema chorus_report';
COMMENT ON ROLE chorus_agent IS 'pg_chorus: the companion agent';
COMMENT ON ROLE chorus_admin IS 'pg_chorus: people who register suppliers, cancel, retry and resolve';
