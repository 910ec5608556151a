-- 0013: who sees whose rows. Grants say which verbs a role has; these policies say on which rows.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 12 THEN
        RAISE EXCEPTION 'sql/schema/0013 applies to schema version 12, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

-- By name and through pg_roles: a dump restores where that role does not exist yet, and a role that was dropped hides the supplier
-- instead of making every query fail.
CREATE FUNCTION chorus.is_mine(role text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT is_mine.role IS NULL
        OR EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = is_mine.role AND pg_catalog.pg_has_role(r.oid, 'member'))
$$;
COMMENT ON FUNCTION chorus.is_mine(text) IS 'Whether the current user is a member of a supplier''s role, or the supplier has none';

-- The agent works for all suppliers, and people in charge answer for all; the owner is bound by no policy.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY '{supplier,invoice,finding,task,deposit,status_event,attachment,action,action_attachment,adoption,api_breaker}'::text[] LOOP
        EXECUTE format('ALTER TABLE chorus.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY everything ON chorus.%I TO chorus_agent, chorus_admin USING (true) WITH CHECK (true)', name);
    END LOOP;
    -- What belongs to an invoice is seen with it.
    FOREACH name IN ARRAY '{finding,deposit,status_event,attachment,action}'::text[] LOOP
        EXECUTE format('CREATE POLICY mine ON chorus.%I TO chorus_writer, chorus_reader
            USING (EXISTS (SELECT FROM chorus.invoice i WHERE i.id = invoice_id))', name);
    END LOOP;
END
$$;

CREATE POLICY mine ON chorus.supplier TO chorus_writer, chorus_reader USING (chorus.is_mine(role));
-- One look at the suppliers per statement, however many invoices it reads.
CREATE POLICY mine ON chorus.invoice TO chorus_writer, chorus_reader
    USING (supplier_id IN (SELECT s.id FROM chorus.supplier s) OR supplier_id IS NULL AND created_by = current_user);
CREATE POLICY mine ON chorus.task TO chorus_writer, chorus_reader
    USING (CASE WHEN invoice_id IS NULL THEN supplier_id IN (SELECT s.id FROM chorus.supplier s)
                ELSE EXISTS (SELECT FROM chorus.invoice i WHERE i.id = invoice_id) END);
CREATE POLICY mine ON chorus.action_attachment TO chorus_writer, chorus_reader
    USING (EXISTS (SELECT FROM chorus.action a WHERE a.id = action_id));

-- Everybody's trouble is seen by all, a supplier's with the supplier.
CREATE POLICY mine ON chorus.api_breaker TO chorus_writer, chorus_reader
    USING (supplier_id IS NULL OR supplier_id IN (SELECT s.id FROM chorus.supplier s));

-- What the insert trigger reads for an application.
GRANT SELECT (frameworks) ON chorus.supplier TO chorus_writer;
GRANT SELECT (environment) ON chorus.installation TO chorus_writer;
-- Whose a supplier is, people in charge say.
GRANT INSERT (role), UPDATE (role) ON chorus.supplier TO chorus_admin;

UPDATE chorus.installation SET schema_version = 13;

RESET ROLE;
