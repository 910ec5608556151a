-- 0001: the schemas, the extension, and the row that says what this database is.

DO $$
BEGIN
    IF pg_catalog.to_regclass('chorus.installation') IS NOT NULL THEN
        RAISE EXCEPTION 'sql/schema/0001 has already been applied'
            USING HINT = 'Apply only the files above chorus.installation.schema_version, or let `chorus-agent migrate` choose them.';
    END IF;
    IF pg_catalog.getdatabaseencoding() <> 'UTF8' THEN
        RAISE EXCEPTION 'pg_chorus needs a database in UTF8, this one is in %', pg_catalog.getdatabaseencoding()
            USING HINT = 'Create the database with ENCODING ''UTF8'' TEMPLATE template0.';
    END IF;
    -- Whoever owns a schema needs this right on the database.
    EXECUTE format('GRANT CREATE ON DATABASE %I TO chorus_owner', current_database());
END
$$;

CREATE SCHEMA IF NOT EXISTS chorus;
ALTER SCHEMA chorus OWNER TO chorus_owner;
COMMENT ON SCHEMA chorus IS 'pg_chorus: French public-sector invoicing';

CREATE SCHEMA IF NOT EXISTS chorus_report;
ALTER SCHEMA chorus_report OWNER TO chorus_owner;
COMMENT ON SCHEMA chorus_report IS 'pg_chorus: flat views for reporting tools';

-- Into schema chorus, as its control file says; here because the triggers below call its functions.
CREATE EXTENSION IF NOT EXISTS pg_chorus;

SET ROLE chorus_owner;

CREATE TABLE chorus.installation (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    environment text NOT NULL DEFAULT 'qualification' CHECK (environment IN ('qualification', 'production')),
    schema_version integer NOT NULL,
    system_identifier bigint,
    database_oid oid,
    timeline integer,
    recorded_at timestamptz
);

COMMENT ON TABLE chorus.installation IS 'The one row that says what this database is: one database, one environment of Chorus Pro';
COMMENT ON COLUMN chorus.installation.environment IS 'Which Chorus Pro this database speaks to: qualification (the test platform) or production';
COMMENT ON COLUMN chorus.installation.schema_version IS 'Number of the last file of sql/schema applied';
COMMENT ON COLUMN chorus.installation.system_identifier IS 'pg_control_system().system_identifier when recorded: a restored or cloned database has another, and deposits nothing';
COMMENT ON COLUMN chorus.installation.database_oid IS 'oid in pg_database when recorded: a copy by CREATE DATABASE … TEMPLATE has another';
COMMENT ON COLUMN chorus.installation.timeline IS 'Timeline of the WAL when recorded: a promoted standby has a later one';
COMMENT ON COLUMN chorus.installation.recorded_at IS 'When the three above were recorded';

INSERT INTO chorus.installation (schema_version) VALUES (1);

RESET ROLE;
