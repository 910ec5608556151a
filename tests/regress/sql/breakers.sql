-- Breakers: what fails again and again is left alone for a while; one call probes; the rate climbs afterwards. Times are rounded, and
-- moved by hand instead of waited for.
\set SHOW_CONTEXT never
BEGIN;
INSERT INTO chorus.supplier (identifier, name, login, credential, state) VALUES ('73282932000074', 'Atelier Lumen', 'TECH_1', '\x00', 'registered'),
    ('35600000000048', 'La Poste', 'TECH_2', '\x00', 'registered'), ('55203253400646', 'Menuiserie Sud', 'TECH_3', '\x00', 'registered');
CREATE FUNCTION pg_temp.s(name text) RETURNS bigint LANGUAGE sql AS $$ SELECT id FROM chorus.supplier WHERE supplier.name = s.name $$;
-- Permits grow by one in a thousand years here: what a call costs shows.
CREATE FUNCTION pg_temp.take(api text, supplier text, person boolean DEFAULT false) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', CASE WHEN p.wait IS NOT NULL THEN 'call' WHEN p.held IS NOT NULL THEN 'held' ELSE 'queue' END, CASE WHEN p.watched THEN 'watched' END)
    FROM chorus.take_permit('app', api, pg_temp.s(supplier), person, 1e-11, 1000, 20, 300, 70) p
$$;
CREATE FUNCTION pg_temp.cost(api text, supplier text) RETURNS text LANGUAGE sql AS $$
    UPDATE chorus.api_budget SET permits = 100;
    SELECT pg_temp.take(api, supplier);
    SELECT round(100 - permits::numeric, 1)::text FROM chorus.api_budget
$$;
-- Thirty seconds at first, a quarter of an hour at most; shown without its jitter of a fifth.
CREATE FUNCTION pg_temp.fail(api text, supplier text, strikes integer DEFAULT 3, at_least float8 DEFAULT NULL, kind text DEFAULT 'down') RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN f.held IS NULL THEN 'closed' WHEN f.held = at_least THEN 'open as asked' ELSE 'open, at most ' || (30 * 2 ^ ceil(log(2, (f.held / 30)::numeric)))::integer END || CASE WHEN f.alone THEN ', alone' ELSE '' END
    FROM chorus.call_failed('app', api, pg_temp.s(supplier), strikes, 30, 900, at_least, kind, '/cpro: HTTP 503', 'wait', 'attendez') f
$$;
CREATE FUNCTION pg_temp.succeed(api text, supplier text) RETURNS boolean LANGUAGE sql AS $$ SELECT chorus.call_succeeded('app', api, pg_temp.s(supplier), 300) $$;
CREATE FUNCTION pg_temp.pass(seconds integer) RETURNS void LANGUAGE sql AS $$
    UPDATE chorus.api_breaker SET failed_at = failed_at - make_interval(secs => seconds), opened_at = opened_at - make_interval(secs => seconds),
        probe_at = probe_at - make_interval(secs => seconds), closed_at = closed_at - make_interval(secs => seconds)
$$;
CREATE VIEW pg_temp.now AS SELECT name, scope, state, failures FROM chorus.breaker ORDER BY name;

-- All is well: nothing to remember, nothing to tell.
SELECT pg_temp.take('Factures', 'Atelier Lumen');
TABLE pg_temp.now;
-- Two failures are none yet, and a success forgets them.
SELECT pg_temp.fail('Factures', 'Atelier Lumen'), pg_temp.fail('Factures', 'Atelier Lumen');
SELECT pg_temp.take('Factures', 'Atelier Lumen'), pg_temp.succeed('Factures', 'Atelier Lumen');
TABLE pg_temp.now;
-- Three in a row: the supplier's own at first; the others go on, and their success does not vouch for it.
SELECT pg_temp.fail('Factures', 'Atelier Lumen'), pg_temp.fail('Factures', 'Atelier Lumen'), pg_temp.fail('Factures', 'Atelier Lumen');
SELECT pg_temp.take('Factures', 'Atelier Lumen'), pg_temp.take('Factures', 'La Poste'), pg_temp.take('Transverses', 'Atelier Lumen');
SELECT pg_temp.succeed('Factures', 'La Poste');
TABLE pg_temp.now;
-- What it finds from then on is nothing new, and nobody else's.
SELECT pg_temp.fail('Factures', 'Atelier Lumen') FROM generate_series(1, 5);
-- When others fail too, it is everybody's; calls that were under way then change nothing.
SELECT pg_temp.fail('Factures', 'La Poste') FROM generate_series(1, 3);
SELECT pg_temp.fail('Factures', 'Menuiserie Sud') FROM generate_series(1, 2);
SELECT pg_temp.fail('Factures', 'Atelier Lumen'), pg_temp.fail('Factures', 'La Poste');
TABLE pg_temp.now;
SELECT pg_temp.take('Factures', 'La Poste'), pg_temp.take('Transverses', 'La Poste');
-- A person is not kept waiting, and pays like everybody.
SELECT pg_temp.take('Factures', 'La Poste', true);
-- The time has come: one call, the others wait for its outcome.
SELECT pg_temp.pass(31);
SELECT pg_temp.take('Factures', 'La Poste'), pg_temp.take('Factures', 'La Poste'), pg_temp.take('Factures', 'Atelier Lumen');
TABLE pg_temp.now;
-- It fails: for the supplier who was left alone before, twice the time; for everybody that is no news, and another may try at once.
SELECT pg_temp.fail('Factures', 'La Poste');
SELECT pg_temp.take('Factures', 'La Poste'), pg_temp.take('Factures', 'Menuiserie Sud');
-- Twice the time for everybody where others fail, and so on up to a quarter of an hour. An answer that never came is given up.
SELECT pg_temp.fail('Factures', 'Menuiserie Sud');
SELECT n, pg_temp.pass(901), pg_temp.take('Factures', NULL), pg_temp.fail('Factures', NULL) FROM generate_series(1, 5) n;
SELECT pg_temp.pass(901), pg_temp.take('Factures', 'Menuiserie Sud'), pg_temp.pass(71), pg_temp.take('Factures', 'Menuiserie Sud');
-- It succeeds: closed, and ten permits each at first, one after five minutes.
SELECT pg_temp.pass(60), pg_temp.succeed('Factures', 'Menuiserie Sud'), pg_temp.succeed('Factures', 'La Poste');
TABLE pg_temp.now;
SELECT pg_temp.cost('Factures', 'La Poste'), pg_temp.cost('Transverses', 'La Poste');
SELECT pg_temp.pass(150), pg_temp.cost('Factures', 'La Poste');
SELECT pg_temp.pass(150), pg_temp.cost('Factures', 'La Poste'), pg_temp.succeed('Factures', 'La Poste');
TABLE pg_temp.now;
-- PISTE's quota, and whoever says when to come again: at once, and not before.
SELECT pg_temp.fail('Factures', 'La Poste', 1, 1800, 'throttled'), pg_temp.take('Factures', 'La Poste'), pg_temp.take('Transverses', 'La Poste');
SELECT pg_temp.succeed('Factures', 'Atelier Lumen');
-- An empty bucket: nobody takes in advance more than it is worth waiting for, and no probe is spent on that.
UPDATE chorus.api_budget SET permits = -1;
SELECT pg_temp.take('Structures', 'La Poste');
UPDATE chorus.api_budget SET permits = 100;
-- The application as a whole; a supplier's account.
SELECT pg_temp.fail(NULL, NULL, 1, NULL, 'application'), pg_temp.take('Transverses', 'La Poste');
SELECT pg_temp.succeed('Transverses', 'La Poste');
SELECT pg_temp.fail(NULL, 'La Poste', 1, 60, 'account'), pg_temp.take('Transverses', 'La Poste'), pg_temp.take('Transverses', 'Atelier Lumen');
TABLE pg_temp.now;
-- Another account: what was found out with the other says nothing.
UPDATE chorus.supplier SET credential = '\x01' WHERE name = 'La Poste';
TABLE pg_temp.now;
-- One supplier alone was left alone: its own rate climbs afterwards; not where it was refused, for that is no outage.
DELETE FROM chorus.api_breaker;
SELECT count(pg_temp.fail('Factures', 'Menuiserie Sud')) FROM generate_series(1, 3);
SELECT pg_temp.pass(31), pg_temp.take('Factures', 'Menuiserie Sud'), pg_temp.succeed('Factures', 'Menuiserie Sud');
SELECT pg_temp.cost('Factures', 'Menuiserie Sud'), pg_temp.cost('Factures', 'Atelier Lumen');
DELETE FROM chorus.api_breaker;
SELECT count(pg_temp.fail('Factures', 'Menuiserie Sud', 3, NULL, 'not_entitled')) FROM generate_series(1, 3);
SELECT pg_temp.pass(31), pg_temp.take('Factures', 'Menuiserie Sud'), pg_temp.succeed('Factures', 'Menuiserie Sud');
SELECT pg_temp.cost('Factures', 'Menuiserie Sud');

-- An only supplier is everybody.
DELETE FROM chorus.api_breaker;
UPDATE chorus.supplier SET state = 'processing' WHERE name <> 'La Poste';
UPDATE chorus.supplier SET state = 'registered' WHERE name = 'La Poste';
SELECT pg_temp.fail('Factures', 'La Poste') FROM generate_series(1, 5);
TABLE pg_temp.now;

-- What fails again while it recovers goes on where it was; after five good minutes it begins anew.
DELETE FROM chorus.api_breaker;
SELECT pg_temp.fail('Structures', NULL, 1), pg_temp.pass(31), pg_temp.take('Structures', NULL), pg_temp.succeed('Structures', NULL), pg_temp.fail('Structures', NULL, 1);
SELECT pg_temp.pass(61), pg_temp.take('Structures', NULL), pg_temp.succeed('Structures', NULL), pg_temp.pass(301), pg_temp.succeed('Structures', NULL), pg_temp.fail('Structures', NULL, 1);

-- Who is told: at once where a person must mend it, after an hour where it may come right by itself; each the suppliers that it may see.
DELETE FROM chorus.api_breaker;
UPDATE chorus.supplier SET role = 'postgres', state = 'registered' WHERE name = 'La Poste';
SELECT pg_temp.fail('Factures', 'Atelier Lumen', 1, 60, 'not_entitled'), pg_temp.fail('Structures', NULL, 1, 60, 'down');
INSERT INTO chorus.api_breaker (application, api, supplier_id, strikes, failures, failed_at, kind, reason, remedy, remedy_fr, opened_at, probe_at)
SELECT 'app', 'Transverses', id, 3, 3, now(), 'not_entitled', '/cpro: HTTP 403', 'subscribe', 'abonnez', now(), now() FROM chorus.supplier WHERE name = 'La Poste';
\x
SELECT supplier_id IS NULL AS everybody, state, reason_fr, reason_en, next_action FROM chorus.todo ORDER BY reason_en;
SET ROLE chorus_reader;
SELECT reason_en FROM chorus.todo ORDER BY 1;
RESET ROLE;
SELECT pg_temp.pass(3601);
SELECT reason_en FROM chorus.todo ORDER BY 1;
\x
-- What everybody waits for is said once, however many suppliers have found it out.
SAVEPOINT once;
INSERT INTO chorus.api_breaker (application, api, supplier_id, strikes, failures, failed_at, kind, reason, remedy, remedy_fr, opened_at, probe_at)
SELECT 'app', 'Factures', id, 3, 3, now(), 'not_entitled', '/cpro: HTTP 403', 'subscribe', 'abonnez', now(), now() FROM chorus.supplier;
SELECT reason_en FROM chorus.todo WHERE reason_en LIKE 'API Factures%';
UPDATE chorus.api_breaker SET opened_at = NULL, probe_at = NULL WHERE api = 'Factures' AND supplier_id IS NULL;
SELECT reason_en FROM chorus.todo WHERE reason_en LIKE 'API Factures%' ORDER BY reason_en;
ROLLBACK TO once;
-- What waits says so.
SELECT regexp_replace(chorus.held_note(b), '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d', '…') FROM chorus.api_breaker b ORDER BY b.api;
ROLLBACK;
