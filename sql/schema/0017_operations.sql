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

-- Which database is this? A copy of the files that runs beside its original has the same identifier, oid and timeline, but another
-- directory. Its path is the superuser's to see: this function gives its hash away and no more. A copy on another machine, under the same
-- path, cannot be told from its original by any fact of PostgreSQL.
ALTER TABLE chorus.installation ADD COLUMN directory text;
COMMENT ON COLUMN chorus.installation.directory IS
    'chorus.data_directory() when recorded: a copy of the files that runs beside its original has another; NULL where it could not be read, and then it is not compared';

CREATE FUNCTION chorus.data_directory() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN pg_has_role('pg_read_all_settings', 'usage') THEN encode(sha256(convert_to(current_setting('data_directory'), 'UTF8')), 'hex') END
$$;
COMMENT ON FUNCTION chorus.data_directory() IS
    'SHA-256 of the path of the server''s files; NULL where chorus_owner is no member of pg_read_all_settings (`chorus-agent migrate --roles`, run by a superuser, sees to that)';

-- The timeline is the one that the WAL is written to: pg_control_checkpoint() still names the old one for a while after a promotion, just
-- when it matters. A standby writes none.
CREATE VIEW chorus.here WITH (security_invoker = true) AS
SELECT s.system_identifier, d.oid AS database_oid,
    CASE WHEN NOT pg_is_in_recovery() THEN ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer END AS timeline,
    chorus.data_directory() AS directory
FROM pg_control_system() s, pg_database d WHERE d.datname = current_database();
COMMENT ON VIEW chorus.here IS 'What this database is now; chorus.installation says what it was when somebody last looked';

CREATE FUNCTION chorus.identity_differences() RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN pg_is_in_recovery() THEN '{standby}'
        WHEN n.system_identifier IS NULL OR n.database_oid IS NULL OR n.timeline IS NULL THEN '{unrecorded}'
        ELSE array_remove(ARRAY[
            CASE WHEN n.system_identifier <> h.system_identifier THEN 'cluster' END,
            CASE WHEN n.database_oid <> h.database_oid THEN 'database' END,
            CASE WHEN n.timeline <> h.timeline THEN 'timeline' END,
            CASE WHEN n.directory <> h.directory THEN 'directory' END], NULL)
    END
    FROM chorus.installation n, chorus.here h
$$;
COMMENT ON FUNCTION chorus.identity_differences() IS
    'In what this database differs from the one that chorus.installation was recorded in: cluster, database, timeline, directory; or {standby}, {unrecorded}; empty: it is the same';

CREATE FUNCTION chorus.may_send(environment text) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT chorus.identity_differences() = '{}' AND coalesce(n.environment = may_send.environment, true) FROM chorus.installation n
$$;
COMMENT ON FUNCTION chorus.may_send(text) IS
    'Whether anything may be sent to Chorus Pro from here: the database is the recorded one, and meant for that environment. Part of the statements that commit a deposit or an answer before it is sent';

-- After a restore, a clone or a promotion: what the original may have sent after the copy was taken is looked for before anything is sent.
CREATE TABLE chorus.recovery (
    invoice_id uuid PRIMARY KEY REFERENCES chorus.invoice (id) ON DELETE CASCADE,
    begun_at timestamptz NOT NULL DEFAULT now(),
    looked_at timestamptz
);
COMMENT ON TABLE chorus.recovery IS 'Invoices that the original of this database may have sent without its being known here: see `chorus-agent recover`';
COMMENT ON COLUMN chorus.recovery.begun_at IS 'When `chorus-agent recover` found the invoice not at rest; older than chorus.installation.recorded_at: of an earlier recovery';
COMMENT ON COLUMN chorus.recovery.looked_at IS 'When Chorus Pro was asked for it first; nothing is sent from here before that';
ALTER TABLE chorus.recovery ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON chorus.recovery TO chorus_agent, chorus_admin USING (true) WITH CHECK (true);

-- An open transaction keeps dead rows of the queue from being removed. Those of other users are not everybody's to see: this function tells their age alone.
CREATE FUNCTION chorus.oldest_snapshot(OUT pid integer, OUT age interval)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT a.pid, now() - a.xact_start FROM pg_stat_activity a
    WHERE a.backend_xmin IS NOT NULL AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
    ORDER BY a.xact_start LIMIT 1
$$;
COMMENT ON FUNCTION chorus.oldest_snapshot() IS
    'The session that has held a snapshot longest, and for how long; NULL where there is none, or chorus_owner is no member of pg_read_all_stats';

CREATE VIEW chorus.health WITH (security_invoker = true) AS
WITH identity AS MATERIALIZED (
    SELECT chorus.identity_differences() AS differs
), due AS MATERIALIZED (
    -- What an agent could claim now.
    SELECT t.kind, count(*) AS tasks, min(t.run_at) AS since
    FROM chorus.task t LEFT JOIN chorus.invoice i ON i.id = t.invoice_id LEFT JOIN chorus.supplier s ON s.id = coalesce(t.supplier_id, i.supplier_id)
    WHERE t.leased_until IS NULL AND t.run_at <= now() AND CASE
        WHEN t.invoice_id IS NOT NULL THEN s.state = 'registered' AND i.state <> 'blocked' AND NOT (t.kind = 'submit' AND s.paused)
        WHEN t.supplier_id IS NOT NULL THEN s.credential IS NOT NULL
        ELSE EXISTS (SELECT FROM chorus.supplier r WHERE r.state = 'registered') END
        -- While Chorus Pro is left alone nothing is late: that has a row of its own.
        AND NOT EXISTS (SELECT FROM chorus.api_breaker b WHERE b.probe_at > now() AND (b.supplier_id IS NULL OR b.supplier_id = s.id))
    GROUP BY t.kind
), seen AS MATERIALIZED (
    SELECT max(a.heartbeat_at) AS heartbeat FROM chorus.agent a
)
SELECT 'error' AS severity, 'identity' AS subject,
    'This is not the database that chorus.installation was recorded in (' || array_to_string(identity.differs, ', ') || '): nothing is sent to Chorus Pro' AS reason_en,
    'Cette base n''est pas celle que décrit chorus.installation (' || array_to_string(identity.differs, ', ') || ') : rien n''est envoyé à Chorus Pro' AS reason_fr,
    CASE identity.differs[1]
        WHEN 'standby' THEN 'Connect the agent to the primary server'
        WHEN 'unrecorded' THEN 'chorus-agent migrate'
        ELSE 'If the original is gone for good: chorus-agent recover. A copy for tests stays as it is' END AS remedy_en,
    CASE identity.differs[1]
        WHEN 'standby' THEN 'Connectez l''agent au serveur primaire'
        WHEN 'unrecorded' THEN 'chorus-agent migrate'
        ELSE 'Si l''original est définitivement arrêté : chorus-agent recover. Une copie de test reste en l''état' END AS remedy_fr
FROM identity WHERE identity.differs <> '{}'
UNION ALL
SELECT CASE WHEN EXISTS (SELECT FROM due) THEN 'error' ELSE 'warning' END, 'agent',
    CASE WHEN seen.heartbeat IS NULL THEN 'No agent has ever run' ELSE format('No agent has been heard of since %s', seen.heartbeat) END,
    CASE WHEN seen.heartbeat IS NULL THEN 'Aucun agent n''a jamais fonctionné' ELSE format('Aucun agent ne s''est manifesté depuis %s', seen.heartbeat) END,
    'Start chorus-agent run; its log says what it waits for', 'Démarrez chorus-agent run ; son journal dit ce qu''il attend'
FROM seen WHERE coalesce(seen.heartbeat < now() - interval '2 minutes', true)
UNION ALL
SELECT CASE WHEN due.since < now() - interval '1 hour' THEN 'error' ELSE 'warning' END, 'tasks ' || due.kind,
    format('Tasks of kind %s are overdue: %s, the oldest since %s', due.kind, due.tasks, due.since),
    format('Tâches de type %s en retard : %s, la plus ancienne depuis %s', due.kind, due.tasks, due.since),
    'See that an agent runs (chorus-agent status, its log) and that agent.requests_per_second is enough',
    'Vérifiez qu''un agent fonctionne (chorus-agent status, son journal) et qu''agent.requests_per_second suffit'
FROM due WHERE due.since < now() - interval '15 minutes'
UNION ALL
SELECT CASE WHEN b.kind IN ('application', 'not_entitled') OR b.opened_at < now() - interval '1 hour' THEN 'error' ELSE 'warning' END, b.name,
    format('%s is left alone since %s, tried again at %s: %s', b.name, b.opened_at, b.probe_at, b.reason),
    format('%s n''est pas appelé depuis %s, nouvel essai à %s : %s', replace(b.name, 'supplier', 'fournisseur'), b.opened_at, b.probe_at, b.reason),
    b.remedy, b.remedy_fr
FROM (SELECT b.*, chorus.breaker_name(b.api, b.supplier_id) AS name FROM chorus.api_breaker b) b
WHERE b.opened_at IS NOT NULL AND (b.api IS NOT NULL OR b.supplier_id IS NULL)
UNION ALL
SELECT 'warning', 'tasks set aside',
    format('Tasks of kind %s were set aside: %s, e.g. because of: %s', t.kind, count(*), coalesce(min(t.last_error), 'no reason given')),
    format('Tâches de type %s mises de côté : %s, par exemple : %s', t.kind, count(*), coalesce(min(t.last_error), 'sans motif')),
    'SELECT * FROM chorus.todo; then SELECT chorus.retry(task)', 'SELECT * FROM chorus.todo ; puis SELECT chorus.retry(task)'
FROM chorus.task t LEFT JOIN chorus.invoice i ON i.id = t.invoice_id
WHERE t.run_at = 'infinity' AND t.leased_until IS NULL AND i.state IS DISTINCT FROM 'blocked' GROUP BY t.kind
UNION ALL
SELECT 'error', 'invoices blocked',
    format('Blocked invoices: %s. The agent cannot know whether Chorus Pro has them', count(*)),
    format('Factures bloquées : %s. L''agent ne peut savoir si Chorus Pro les a', count(*)),
    'SELECT * FROM chorus.todo WHERE state = ''blocked''; then SELECT chorus.resolve(invoice, outcome, reason)',
    'SELECT * FROM chorus.todo WHERE state = ''blocked'' ; puis SELECT chorus.resolve(invoice, outcome, reason)'
FROM chorus.invoice i WHERE i.state = 'blocked' HAVING count(*) > 0
UNION ALL
SELECT 'warning', 'invoices uncertain',
    format('Invoices being looked for at Chorus Pro: %s, the first since %s', count(*), min(i.updated_at)),
    format('Factures recherchées dans Chorus Pro : %s, la première depuis %s', count(*), min(i.updated_at)),
    'Wait: they are looked for until the window has passed, then sent again (agent.uncertain_window_seconds)',
    'Attendez : elles sont recherchées jusqu''à la fin du délai, puis envoyées de nouveau (agent.uncertain_window_seconds)'
FROM chorus.invoice i WHERE i.state = 'uncertain' HAVING count(*) > 0
UNION ALL
SELECT 'error', 'supplier ' || s.identifier,
    format('The account of supplier %s does not work: %s', s.identifier, coalesce(s.error, 'cause unknown')),
    format('Le compte du fournisseur %s ne fonctionne pas : %s', s.identifier, coalesce(s.error_fr, s.error, 'cause inconnue')),
    'chorus-agent supplier invite ' || chorus.shell_word(s.identifier), 'chorus-agent supplier invite ' || chorus.shell_word(s.identifier)
FROM chorus.supplier s WHERE s.state = 'error'
UNION ALL
SELECT CASE WHEN p.days < 0 THEN 'error' ELSE 'warning' END, 'supplier ' || p.identifier,
    format('The password of supplier %s''s technical account %s on %s', p.identifier, CASE WHEN p.days < 0 THEN 'ended' ELSE 'ends' END, p.until),
    format('Le mot de passe du compte technique du fournisseur %s %s le %s', p.identifier, CASE WHEN p.days < 0 THEN 'a expiré' ELSE 'expire' END, to_char(p.until, 'DD/MM/YYYY')),
    'Renew it in Chorus Pro, then chorus-agent supplier invite ' || chorus.shell_word(p.identifier),
    'Renouvelez-le dans Chorus Pro, puis chorus-agent supplier invite ' || chorus.shell_word(p.identifier)
FROM (SELECT s.identifier, s.password_expires_on AS until, s.password_expires_on - (now() AT TIME ZONE 'Europe/Paris')::date AS days
      FROM chorus.supplier s WHERE s.state = 'registered') p
WHERE p.days <= 30
UNION ALL
SELECT 'warning', 'notify', 'The trigger that wakes the agents is off: invoices leave when agents poll',
    'Le déclencheur qui réveille les agents est désactivé : les factures partent au rythme des interrogations',
    'ALTER TABLE chorus.task ENABLE TRIGGER notify; leave it off where PREPARE TRANSACTION is used',
    'ALTER TABLE chorus.task ENABLE TRIGGER notify ; laissez-le désactivé si PREPARE TRANSACTION est utilisé'
FROM pg_trigger g WHERE g.tgrelid = 'chorus.task'::regclass AND g.tgname = 'notify' AND g.tgenabled = 'D'
UNION ALL
-- Four times what autovacuum waits for, by the settings of the table itself.
SELECT 'warning', 'autovacuum',
    format('The queue has %s dead rows, last vacuumed %s: claims get slow', v.n_dead_tup, coalesce(greatest(v.last_vacuum, v.last_autovacuum)::text, 'never')),
    format('La file contient %s lignes mortes, dernier vacuum : %s ; les prises de tâches ralentissent', v.n_dead_tup, coalesce(greatest(v.last_vacuum, v.last_autovacuum)::text, 'jamais')),
    'VACUUM chorus.task; see that autovacuum is on and no transaction stays open', 'VACUUM chorus.task ; vérifiez qu''autovacuum est actif et qu''aucune transaction ne reste ouverte'
FROM pg_stat_all_tables v
WHERE v.relid = 'chorus.task'::regclass AND (v.n_dead_tup > 2000 + v.n_live_tup OR v.n_dead_tup > 500 AND current_setting('autovacuum') = 'off')
UNION ALL
SELECT 'warning', 'old snapshot', format('Session %s has held a snapshot for %s: dead rows of the queue stay', o.pid, date_trunc('second', o.age)),
    format('La session %s garde un instantané depuis %s : les lignes mortes de la file restent', o.pid, date_trunc('second', o.age)),
    format('End that transaction; SELECT pg_terminate_backend(%s) if nobody does', o.pid),
    format('Terminez cette transaction ; SELECT pg_terminate_backend(%s) si personne ne le fait', o.pid)
FROM chorus.oldest_snapshot() o WHERE o.age > interval '10 minutes'
UNION ALL
SELECT 'warning', 'prepared transaction', format('Transaction %s has been prepared for %s: dead rows of the queue stay', p.gid, date_trunc('second', now() - p.prepared)),
    format('La transaction préparée %s date de %s : les lignes mortes de la file restent', p.gid, date_trunc('second', now() - p.prepared)),
    'COMMIT PREPARED or ROLLBACK PREPARED', 'COMMIT PREPARED ou ROLLBACK PREPARED'
FROM pg_prepared_xacts p WHERE p.database = current_database() AND p.prepared < now() - interval '10 minutes';

COMMENT ON VIEW chorus.health IS 'What is wrong with the installation now: one row per problem, none when all is well. What single invoices and suppliers need is in chorus.todo';
COMMENT ON COLUMN chorus.health.severity IS 'error (invoices do not get through) or warning (they will not, or slowly, if it goes on)';
COMMENT ON COLUMN chorus.health.subject IS 'What it is about: a part of the installation, a kind of task, a supplier';
COMMENT ON COLUMN chorus.health.remedy_en IS 'What to do';

DO $$
DECLARE
    f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['chorus.data_directory()', 'chorus.identity_differences()', 'chorus.may_send(text)', 'chorus.oldest_snapshot()']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO chorus_agent, chorus_admin', f);
    END LOOP;
END
$$;

GRANT SELECT ON chorus.here, chorus.health, chorus.recovery TO chorus_agent, chorus_admin;
GRANT SELECT ON chorus.breaker TO chorus_agent;
-- For `chorus-agent recover`.
GRANT INSERT (invoice_id), UPDATE (begun_at, looked_at) ON chorus.recovery TO chorus_agent;
GRANT UPDATE (system_identifier, database_oid, timeline, directory, recorded_at) ON chorus.installation TO chorus_agent;

UPDATE chorus.installation SET schema_version = 17;

RESET ROLE;
