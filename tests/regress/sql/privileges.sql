-- Who may do what with which object: SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER; in small letters where on some columns only.
CREATE FUNCTION pg_temp.verbs(who name, what oid) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(CASE WHEN has_table_privilege(who, what, v) THEN left(v, 1)
        WHEN v IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege(who, what, v) THEN lower(left(v, 1)) ELSE '-' END, '' ORDER BY n)
    FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) WITH ORDINALITY AS t (v, n)
$$;
CREATE ROLE chorus_test_nobody;
-- Partitions are named after months, and nobody but their owner has any right on them.
SELECT c.oid::regclass AS object, pg_temp.verbs('chorus_writer', c.oid) AS writer, pg_temp.verbs('chorus_reader', c.oid) AS reader,
    pg_temp.verbs('chorus_agent', c.oid) AS agent, pg_temp.verbs('chorus_admin', c.oid) AS admin, pg_temp.verbs('chorus_test_nobody', c.oid) AS "public"
FROM pg_class c WHERE c.relnamespace IN ('chorus'::regnamespace, 'chorus_report'::regnamespace) AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition ORDER BY c.oid::regclass::text COLLATE "C";
-- And who may call which function of the tables; those of the extension are everybody's.
SELECT p.oid::regprocedure AS function, has_function_privilege('chorus_writer', p.oid, 'execute') AS writer, has_function_privilege('chorus_reader', p.oid, 'execute') AS reader,
    has_function_privilege('chorus_agent', p.oid, 'execute') AS agent, has_function_privilege('chorus_admin', p.oid, 'execute') AS admin,
    has_function_privilege('chorus_test_nobody', p.oid, 'execute') AS "public"
FROM pg_proc p WHERE p.pronamespace IN ('chorus'::regnamespace, 'chorus_report'::regnamespace) AND p.prorettype <> 'trigger'::regtype
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY p.oid::regprocedure::text COLLATE "C";
DROP ROLE chorus_test_nobody;
-- Column by column: a change of grants must show here.
SELECT grantee, table_schema AS schema, table_name AS "table", string_agg(privilege_type, ' ' ORDER BY privilege_type) AS privileges
FROM information_schema.role_table_grants
WHERE table_schema IN ('chorus', 'chorus_report') AND grantee <> 'chorus_owner'
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT g.grantee, g.table_name AS "table", g.privilege_type AS privilege, string_agg(g.column_name, ' ' ORDER BY g.column_name) AS columns
FROM information_schema.column_privileges g
WHERE g.table_schema = 'chorus' AND g.grantee <> 'chorus_owner' AND NOT EXISTS (
    SELECT FROM information_schema.role_table_grants t
    WHERE t.table_schema = 'chorus' AND t.grantee = g.grantee AND t.table_name = g.table_name AND t.privilege_type = g.privilege_type)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
-- Every function that runs with its owner's rights fixes its search path and is nobody's to call.
SELECT p.oid::regprocedure AS function, p.proconfig, has_function_privilege('public', p.oid, 'execute') AS "public"
FROM pg_proc p WHERE p.pronamespace IN ('chorus'::regnamespace, 'chorus_report'::regnamespace) AND p.prosecdef ORDER BY p.oid::regprocedure::text COLLATE "C";
-- Everything outside the extension belongs to chorus_owner.
SELECT c.oid::regclass FROM pg_class c
WHERE c.relnamespace IN ('chorus'::regnamespace, 'chorus_report'::regnamespace) AND c.relowner <> 'chorus_owner'::regrole;
-- Everything is described.
SELECT c.oid::regclass FROM pg_class c
WHERE c.relnamespace IN ('chorus'::regnamespace, 'chorus_report'::regnamespace) AND c.relkind IN ('r', 'p', 'v') AND obj_description(c.oid, 'pg_class') IS NULL;
-- A partition is nobody's: what it holds is reached through its table.
SELECT c.oid::regclass, c.relacl FROM pg_class c WHERE c.relnamespace = 'chorus'::regnamespace AND c.relispartition AND c.relacl IS NOT NULL;
SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'chorus'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL;
