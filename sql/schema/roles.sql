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

COMMENT ON ROLE chorus_owner IS 'pg_chorus: owns every table, view and trigger function; nobody logs in as it';
COMMENT ON ROLE chorus_writer IS 'pg_chorus: applications; insert invoices, correct their documents, read what became of them';
COMMENT ON ROLE chorus_reader IS 'pg_chorus: reporting tools; read the views of schema chorus_report';
COMMENT ON ROLE chorus_agent IS 'pg_chorus: the companion agent';
COMMENT ON ROLE chorus_admin IS 'pg_chorus: people who register suppliers, cancel, retry and resolve';
