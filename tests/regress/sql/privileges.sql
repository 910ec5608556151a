-- Who may do what, column by column: a change of grants must show here.
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
FROM pg_proc p WHERE p.pronamespace IN ('chorus'::regnamespace, 'chorus_report'::regnamespace) AND p.prosecdef ORDER BY 1;
-- Everything outside the extension belongs to chorus_owner.
SELECT c.oid::regclass FROM pg_class c
WHERE c.relnamespace IN ('chorus'::regnamespace, 'chorus_report'::regnamespace) AND c.relowner <> 'chorus_owner'::regrole;
-- Everything is described.
SELECT c.oid::regclass FROM pg_class c
WHERE c.relnamespace IN ('chorus'::regnamespace, 'chorus_report'::regnamespace) AND c.relkind IN ('r', 'v') AND obj_description(c.oid, 'pg_class') IS NULL;
SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'chorus'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL;
