-- 0004: the queue: tasks, deposits, agents, the shared budget of calls.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 3 THEN
        RAISE EXCEPTION 'sql/schema/0004 applies to schema version 3, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

-- Grows by one at each claim: a later claim always has the larger token.
CREATE SEQUENCE chorus.lease AS bigint CACHE 1;

CREATE TABLE chorus.task (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('submit', 'directory', 'look_up', 'flux', 'history', 'action', 'follow', 'adopt')),
    invoice_id uuid REFERENCES chorus.invoice (id) ON DELETE CASCADE,
    supplier_id bigint REFERENCES chorus.supplier (id) ON DELETE CASCADE,
    structure_id bigint REFERENCES chorus.structure (id) ON DELETE CASCADE,
    run_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    lease bigint,
    leased_by uuid,
    leased_until timestamptz,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT task_subject_check CHECK (num_nonnulls(invoice_id, supplier_id, structure_id) = 1 AND CASE
        WHEN kind IN ('follow', 'adopt') THEN supplier_id IS NOT NULL WHEN kind = 'directory' THEN structure_id IS NOT NULL ELSE invoice_id IS NOT NULL END),
    CONSTRAINT task_lease_check CHECK ((leased_until IS NULL) = (leased_by IS NULL))
)
-- Narrow and hot: a row is claimed, given back and deleted within minutes. A third of each page is free for the versions between, and
-- vacuum comes after 500 dead rows, however many wait: a claim should not step over yesterday's.
WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000);

CREATE UNIQUE INDEX task_invoice_key ON chorus.task (invoice_id, kind) WHERE invoice_id IS NOT NULL;
CREATE UNIQUE INDEX task_supplier_key ON chorus.task (supplier_id, kind) WHERE supplier_id IS NOT NULL;
CREATE UNIQUE INDEX task_structure_key ON chorus.task (structure_id, kind) WHERE structure_id IS NOT NULL;
-- Exactly what a claim reads, in its order; tasks set aside (run_at infinity) stay at its far end.
CREATE INDEX task_due_idx ON chorus.task (kind, run_at, id) WHERE leased_until IS NULL;
CREATE INDEX task_leased_idx ON chorus.task (leased_until) WHERE leased_until IS NOT NULL;

COMMENT ON TABLE chorus.task IS 'Things for the agent to do; a row is deleted when it is done';
COMMENT ON COLUMN chorus.task.kind IS 'submit (deposit), directory (what Chorus Pro says of a buyer, asked once for all its invoices), look_up (what became of a deposit whose answer was lost), flux (report on the deposit), history (statuses of one invoice), action (what a person asked for: see chorus.action), follow (changed statuses of one supplier), adopt (its invoices deposited elsewhere)';
COMMENT ON COLUMN chorus.task.run_at IS 'Not before; infinity: set aside until chorus.retry(id)';
COMMENT ON COLUMN chorus.task.attempts IS 'Errors so far; claims and waiting do not count';
COMMENT ON COLUMN chorus.task.lease IS 'Fencing token of the last claim: a write with an older one changes nothing';
COMMENT ON COLUMN chorus.task.leased_until IS 'NULL: free';
COMMENT ON COLUMN chorus.task.last_error IS 'What went wrong last, and what to do';

-- Empty and coalesced: a hint, polling is the truth. Off with ALTER TABLE chorus.task DISABLE TRIGGER notify
-- (PREPARE TRANSACTION refuses a transaction that has notified).
CREATE FUNCTION chorus.task_notify() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_catalog.pg_notify('chorus', '');
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION chorus.task_notify() IS 'Wakes the agents';

CREATE TRIGGER notify AFTER INSERT ON chorus.task FOR EACH STATEMENT EXECUTE FUNCTION chorus.task_notify();

CREATE TABLE chorus.deposit (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    invoice_id uuid NOT NULL REFERENCES chorus.invoice (id),
    content bytea NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    file_name text GENERATED ALWAYS AS (id::text || '.xml') STORED,
    total_without_tax numeric,
    total_tax numeric,
    total_with_tax numeric,
    amount_due numeric,
    lease bigint NOT NULL,
    state text NOT NULL DEFAULT 'sending'
        CHECK (state IN ('sending', 'abandoned', 'refused', 'unknown', 'lost', 'disowned', 'deposited', 'integrated', 'rejected')),
    prepared_at timestamptz NOT NULL DEFAULT now(),
    answered_at timestamptz,
    answer jsonb,
    flux_number text,
    flux_state text,
    flux_state_at timestamptz,
    note text,
    CONSTRAINT deposit_flux_check CHECK (state NOT IN ('deposited', 'integrated', 'rejected') OR flux_number IS NOT NULL)
)
-- The bytes lie apart (TOAST) and are never written again; what is updated, three or four times, is short.
WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

CREATE UNIQUE INDEX deposit_open_key ON chorus.deposit (invoice_id) WHERE state IN ('sending', 'unknown', 'deposited', 'integrated');
CREATE INDEX deposit_invoice_idx ON chorus.deposit (invoice_id);
CREATE UNIQUE INDEX deposit_flux_number_key ON chorus.deposit (flux_number) WHERE flux_number IS NOT NULL;

COMMENT ON TABLE chorus.deposit IS 'Attempts to deposit an invoice: committed before the call, so that no attempt is ever forgotten';
COMMENT ON COLUMN chorus.deposit.content IS 'The exact bytes sent; where the original of a restored database sent them (see note), what the document renders to here';
COMMENT ON COLUMN chorus.deposit.file_name IS 'nomFichier at Chorus Pro: by it a flux is recognised as ours';
COMMENT ON COLUMN chorus.deposit.lease IS 'Token of the task''s claim that made this attempt';
COMMENT ON COLUMN chorus.deposit.state IS 'sending (committed, the call not yet answered), abandoned (never sent), refused (known not processed), unknown (no usable answer), lost (looked for and not found; sent again), disowned (a person said that Chorus Pro does not have it), deposited (flux number given), integrated, rejected (the flux ended in failure)';
COMMENT ON COLUMN chorus.deposit.answer IS 'HTTP status, codeRetour and libelle of the answer; no body';
COMMENT ON COLUMN chorus.deposit.flux_number IS 'numeroFluxDepot';
COMMENT ON COLUMN chorus.deposit.flux_state IS 'etatCourantDepotFlux, verbatim';
COMMENT ON COLUMN chorus.deposit.note IS 'What the person said who decided about it';

CREATE TABLE chorus.agent (
    id uuid PRIMARY KEY,
    version text NOT NULL,
    host text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    heartbeat_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE chorus.agent IS 'Running agents, and those that ran in the last week';

CREATE TABLE chorus.api_budget (
    application text PRIMARY KEY,
    permits double precision NOT NULL,
    refilled_at timestamptz NOT NULL
)
-- One row per application, updated before each call: its versions stay in its page.
WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

COMMENT ON TABLE chorus.api_budget IS 'Calls that a PISTE application may still make: several agents share one quota';
COMMENT ON COLUMN chorus.api_budget.application IS 'SHA-256 of the client id';
COMMENT ON COLUMN chorus.api_budget.permits IS 'Permits left; below zero: taken in advance, their takers wait';

-- Breakers. A row exists while there is something to remember: failures in a row, an open breaker, a recovery. Usually there is none, and
-- then no call writes here. NULL in api or supplier_id: all of them.
CREATE TABLE chorus.api_breaker (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    application text NOT NULL,
    api text CHECK (api IN ('Factures', 'Structures', 'Transverses', 'Utilisateurs')),
    supplier_id bigint REFERENCES chorus.supplier (id) ON DELETE CASCADE,
    strikes integer NOT NULL CHECK (strikes > 0),
    failures integer NOT NULL,
    rounds integer NOT NULL DEFAULT 0,
    failed_at timestamptz NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    remedy text NOT NULL,
    remedy_fr text NOT NULL,
    opened_at timestamptz,
    probe_at timestamptz,
    probing boolean NOT NULL DEFAULT false,
    closed_at timestamptz,
    CONSTRAINT api_breaker_key UNIQUE NULLS NOT DISTINCT (application, api, supplier_id),
    CONSTRAINT api_breaker_open_check CHECK ((opened_at IS NULL) = (probe_at IS NULL) AND (opened_at IS NOT NULL OR NOT probing))
) WITH (fillfactor = 50);

COMMENT ON TABLE chorus.api_breaker IS 'Trouble with Chorus Pro, shared by all agents: what fails again and again is left alone for a while. chorus.breaker shows it';
COMMENT ON COLUMN chorus.api_breaker.application IS 'SHA-256 of the client id of the PISTE application';
COMMENT ON COLUMN chorus.api_breaker.api IS 'API of Chorus Pro; NULL: the application as a whole, or a supplier''s account';
COMMENT ON COLUMN chorus.api_breaker.supplier_id IS 'Supplier whose calls fail; NULL: everybody''s';
COMMENT ON COLUMN chorus.api_breaker.strikes IS 'Failures in a row that open it';
COMMENT ON COLUMN chorus.api_breaker.failures IS 'Failures in a row so far, failed probes included';
COMMENT ON COLUMN chorus.api_breaker.rounds IS 'Waits so far, each twice as long as the one before, until it has worked for a while';
COMMENT ON COLUMN chorus.api_breaker.kind IS 'Kind of the last failure: unreachable, no_answer, application, account, not_entitled, throttled, down, unreadable';
COMMENT ON COLUMN chorus.api_breaker.reason IS 'The last failure: which call, what came back';
COMMENT ON COLUMN chorus.api_breaker.remedy IS 'What the operator can do';
COMMENT ON COLUMN chorus.api_breaker.remedy_fr IS 'The same in French';
COMMENT ON COLUMN chorus.api_breaker.opened_at IS 'Open since; NULL: closed';
COMMENT ON COLUMN chorus.api_breaker.probe_at IS 'Not before this time is another call made; while a probe is under way, when it is given up';
COMMENT ON COLUMN chorus.api_breaker.probing IS 'Half-open: one call is under way, and decides';
COMMENT ON COLUMN chorus.api_breaker.closed_at IS 'Works again since: the rate climbs from a tenth to the whole';

-- A token bucket in one UPDATE. A taker that finds it empty takes all the same and waits until its permit would have grown:
-- first come, first served, and nobody has to ask again. Before that, so that no permit is spent in vain: is the queue too long, or a
-- breaker open? Of those who find one due, the first gets the probe, the others wait for its outcome. A person's question is asked
-- whatever the breakers say: they may have opened for what the person has just mended.
-- After an outage each call costs more than one permit: at first ten, after slow_start seconds one.
CREATE FUNCTION chorus.take_permit(application text, api text, supplier bigint, person boolean, rate double precision, burst double precision,
        patience double precision, slow_start double precision, probe double precision,
        OUT wait double precision, OUT queue double precision, OUT held double precision, OUT reason text, OUT kind text, OUT watched boolean, OUT probing boolean)
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moment CONSTANT timestamptz := clock_timestamp();
    due integer;
    taken bigint[];
    cost double precision;
BEGIN
    SELECT count(*) > 0, count(*) FILTER (WHERE b.probe_at <= moment), extract(epoch FROM max(b.probe_at) FILTER (WHERE b.probe_at > moment) - moment),
        (array_agg(chorus.held_note(b) ORDER BY b.probe_at DESC NULLS LAST))[1], (array_agg(b.kind ORDER BY b.probe_at DESC NULLS LAST))[1],
        coalesce(max(1 / least(1, 0.1 + 0.9 * greatest(0, extract(epoch FROM moment - b.closed_at)) / take_permit.slow_start))
            FILTER (WHERE b.supplier_id IS NULL OR b.api IS NOT NULL AND b.kind <> 'not_entitled'), 1)
    INTO watched, due, held, reason, kind, cost
    FROM chorus.api_breaker b
    WHERE b.application = take_permit.application AND (b.api IS NULL OR b.api = take_permit.api) AND (b.supplier_id IS NULL OR b.supplier_id = take_permit.supplier);
    IF held IS NOT NULL AND NOT person THEN
        RETURN;
    END IF;
    held := NULL;
    probing := due > 0 AND NOT person;

    SELECT -(b.permits + take_permit.rate * greatest(0, extract(epoch FROM moment - b.refilled_at)::double precision)) / take_permit.rate INTO queue
    FROM chorus.api_budget b WHERE b.application = take_permit.application;
    IF queue > patience THEN
        RETURN;
    END IF;

    IF probing THEN
        WITH concerned AS MATERIALIZED (
            SELECT b.id FROM chorus.api_breaker b
            WHERE b.application = take_permit.application AND (b.api IS NULL OR b.api = take_permit.api)
                AND (b.supplier_id IS NULL OR b.supplier_id = take_permit.supplier) AND b.probe_at <= moment
            ORDER BY b.supplier_id NULLS LAST, b.api NULLS LAST FOR UPDATE
        ), marked AS (
            UPDATE chorus.api_breaker b SET probing = true, probe_at = moment + make_interval(secs => take_permit.probe)
            FROM concerned c WHERE b.id = c.id RETURNING b.id
        )
        SELECT coalesce(array_agg(marked.id), '{}') INTO taken FROM marked;
        IF cardinality(taken) < due THEN
            UPDATE chorus.api_breaker b SET probing = false, probe_at = moment WHERE b.id = ANY (taken);
            held := 0;
            RETURN;
        END IF;
    END IF;

    INSERT INTO chorus.api_budget AS b (application, permits, refilled_at)
    VALUES (take_permit.application, take_permit.burst - cost, moment)
    ON CONFLICT ON CONSTRAINT api_budget_pkey DO UPDATE
    SET permits = least(take_permit.burst,
                        b.permits + take_permit.rate * greatest(0, extract(epoch FROM excluded.refilled_at - b.refilled_at)::double precision)) - cost,
        refilled_at = greatest(b.refilled_at, excluded.refilled_at)
    RETURNING greatest(0, -permits / take_permit.rate) INTO wait;
    reason := NULL;
END
$$;
COMMENT ON FUNCTION chorus.take_permit(text, text, bigint, boolean, double precision, double precision, double precision, double precision, double precision) IS
    'Takes one permit of rate per second and at most burst at once: wait is the seconds until the call. Without one: queue (so long is it, more than patience), or held (seconds until a breaker lets a probe through) with the reason and kind of its last failure. watched: what comes of the call is to be told to call_succeeded; probing: on it depends whether a breaker closes';

-- Seconds, doubled per wait before, jittered so that agents and suppliers do not march in step.
CREATE FUNCTION chorus.breaker_wait(rounds integer, first double precision, cap double precision, at_least double precision) RETURNS interval
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT make_interval(secs => greatest(coalesce(at_least, 0), least(cap, first * 2 ^ least(rounds, 20)) * (0.8 + 0.2 * random())))
$$;
COMMENT ON FUNCTION chorus.breaker_wait(integer, double precision, double precision, double precision) IS 'How long a breaker stays open';

-- One breaker more has failed, or the same again. Calls that were under way when it opened change nothing any more; only the probe does.
-- Says whether it was open before.
CREATE FUNCTION chorus.breaker_failed(moment timestamptz, application text, api text, supplier bigint, strikes integer, first double precision, cap double precision,
        at_least double precision, kind text, reason text, remedy text, remedy_fr text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    opens CONSTANT boolean := breaker_failed.strikes = 1;
    opened timestamptz;
BEGIN
    INSERT INTO chorus.api_breaker AS b (application, api, supplier_id, strikes, failures, rounds, failed_at, kind, reason, remedy, remedy_fr, opened_at, probe_at)
    VALUES (breaker_failed.application, breaker_failed.api, breaker_failed.supplier, breaker_failed.strikes, 1, opens::integer, moment,
        breaker_failed.kind, breaker_failed.reason, breaker_failed.remedy, breaker_failed.remedy_fr,
        CASE WHEN opens THEN moment END, CASE WHEN opens THEN moment + chorus.breaker_wait(0, breaker_failed.first, breaker_failed.cap, breaker_failed.at_least) END)
    ON CONFLICT ON CONSTRAINT api_breaker_key DO UPDATE
    SET failures = b.failures + 1, strikes = excluded.strikes, failed_at = moment, probing = false,
        kind = excluded.kind, reason = excluded.reason, remedy = excluded.remedy, remedy_fr = excluded.remedy_fr,
        opened_at = CASE WHEN b.opened_at IS NOT NULL THEN b.opened_at WHEN b.failures + 1 >= excluded.strikes THEN moment END,
        closed_at = CASE WHEN b.failures + 1 < excluded.strikes THEN b.closed_at END,
        rounds = CASE WHEN b.opened_at IS NOT NULL OR b.failures + 1 >= excluded.strikes THEN b.rounds + 1 ELSE b.rounds END,
        probe_at = CASE WHEN b.opened_at IS NOT NULL OR b.failures + 1 >= excluded.strikes
            THEN moment + chorus.breaker_wait(b.rounds, breaker_failed.first, breaker_failed.cap, breaker_failed.at_least) END
    WHERE b.opened_at IS NULL OR b.probing
    RETURNING b.opened_at INTO opened;
    RETURN NOT FOUND OR coalesce(opened < moment, false);
END
$$;
COMMENT ON FUNCTION chorus.breaker_failed(timestamptz, text, text, bigint, integer, double precision, double precision, double precision, text, text, text, text) IS
    'Counts a failure of an API, an account or the application: after strikes of them in a row its breaker is open. Says whether it was before';

-- A failure of an API is the supplier's own first, who may not be entitled to it; when so many follow each other that it can hardly be one
-- supplier alone, it is everybody's. What a supplier finds who is left alone already is nothing new: it is not counted as everybody's, and
-- if it was everybody's probe, another may try at once; else those who are refused for good would keep closed, in turn, what is open to the
-- rest. An only supplier is everybody.
CREATE FUNCTION chorus.call_failed(application text, api text, supplier bigint, strikes integer, first double precision, cap double precision,
        at_least double precision, kind text, reason text, remedy text, remedy_fr text, OUT held double precision, OUT alone boolean)
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moment CONSTANT timestamptz := clock_timestamp();
    known boolean := false;
BEGIN
    -- The supplier's first, here and wherever several are locked.
    IF supplier IS NOT NULL AND (api IS NULL OR strikes > 1) THEN
        known := chorus.breaker_failed(moment, application, api, supplier, strikes, first, cap, at_least, kind, reason, remedy, remedy_fr);
    END IF;
    IF api IS NULL AND supplier IS NULL THEN
        PERFORM chorus.breaker_failed(moment, application, NULL, NULL, strikes, first, cap, at_least, kind, reason, remedy, remedy_fr);
    ELSIF api IS NOT NULL AND known AND EXISTS (SELECT FROM chorus.supplier s WHERE s.state = 'registered' AND s.id <> call_failed.supplier) THEN
        UPDATE chorus.api_breaker b SET probing = false, probe_at = moment
        WHERE b.application = call_failed.application AND b.api = call_failed.api AND b.supplier_id IS NULL AND b.probing;
    ELSIF api IS NOT NULL THEN
        PERFORM chorus.breaker_failed(moment, application, api, NULL, 2 * strikes - 1, first, cap, at_least, kind, reason, remedy, remedy_fr);
    END IF;

    SELECT extract(epoch FROM max(b.probe_at) - moment), bool_and(b.failures = 1)
    INTO held, alone
    FROM chorus.api_breaker b
    WHERE b.application = call_failed.application AND b.api IS NOT DISTINCT FROM call_failed.api
        AND (b.supplier_id = call_failed.supplier OR b.supplier_id IS NULL AND (call_failed.api IS NOT NULL OR call_failed.supplier IS NULL));
END
$$;
COMMENT ON FUNCTION chorus.call_failed(text, text, bigint, integer, double precision, double precision, double precision, text, text, text, text) IS
    'A call failed for a reason that concerns more than its task. held: seconds until the next probe, NULL while the breaker is closed; alone: calls have succeeded since the failure before';

-- Remembered for a while: what fails again soon waits longer than the first time, and everybody's rate climbs. An account that is good is good.
CREATE FUNCTION chorus.call_succeeded(application text, api text, supplier bigint, slow_start double precision) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    was_open boolean;
BEGIN
    WITH concerned AS MATERIALIZED (
        SELECT b.id, (b.supplier_id IS NULL OR b.api IS NOT NULL)
                AND (b.opened_at IS NOT NULL OR coalesce(b.closed_at > clock_timestamp() - make_interval(secs => slow_start), false)) AS remembered,
            b.opened_at IS NOT NULL AS open
        FROM chorus.api_breaker b
        WHERE b.application = call_succeeded.application AND (b.api IS NULL OR b.api = call_succeeded.api)
            AND (b.supplier_id IS NULL OR b.supplier_id = call_succeeded.supplier)
        ORDER BY b.supplier_id NULLS LAST, b.api NULLS LAST FOR UPDATE
    ), closed AS (
        UPDATE chorus.api_breaker b
        SET failures = 0, opened_at = NULL, probe_at = NULL, probing = false, closed_at = CASE WHEN c.open THEN clock_timestamp() ELSE b.closed_at END
        FROM concerned c WHERE b.id = c.id AND c.remembered AND (c.open OR b.failures > 0)
    ), forgotten AS (
        DELETE FROM chorus.api_breaker b USING concerned c WHERE b.id = c.id AND NOT c.remembered
    )
    SELECT bool_or(c.open) INTO was_open FROM concerned c;
    IF was_open THEN
        PERFORM pg_notify('chorus', '');
    END IF;
    RETURN coalesce(was_open, false);
END
$$;
COMMENT ON FUNCTION chorus.call_succeeded(text, text, bigint, double precision) IS
    'A call succeeded: closes the breakers that concern it, and wakes the agents; says whether one was open';

CREATE FUNCTION chorus.breaker_name(api text, supplier bigint) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(nullif(concat_ws(', ', 'API ' || breaker_name.api,
        CASE WHEN breaker_name.supplier IS NOT NULL THEN 'supplier ' || coalesce((SELECT s.identifier FROM chorus.supplier s WHERE s.id = breaker_name.supplier), '?') END), ''), 'Chorus Pro')
$$;
COMMENT ON FUNCTION chorus.breaker_name(text, bigint) IS 'What a breaker is about, in words';

-- No time of the next try: what is written beside a task should not be wrong a minute later.
CREATE FUNCTION chorus.held_note(b chorus.api_breaker) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('Held back since %s (Paris), and goes on by itself: %s fails (%s); %s; chorus.breaker shows those in charge when it is tried again',
        to_char(b.opened_at AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD HH24:MI:SS'), chorus.breaker_name(b.api, b.supplier_id), b.reason, b.remedy)
$$;
COMMENT ON FUNCTION chorus.held_note(chorus.api_breaker) IS 'What is said of a task that an open breaker holds back';

CREATE VIEW chorus.breaker WITH (security_invoker = true) AS
SELECT chorus.breaker_name(b.api, b.supplier_id) AS name,
    CASE WHEN b.api IS NULL AND b.supplier_id IS NULL THEN 'application' WHEN b.supplier_id IS NULL THEN 'api' WHEN b.api IS NULL THEN 'supplier' ELSE 'api of supplier' END AS scope,
    CASE WHEN b.probing AND b.probe_at > now() THEN 'half-open' WHEN b.opened_at IS NOT NULL THEN 'open' WHEN b.failures = 0 THEN 'recovering' ELSE 'closed' END AS state,
    coalesce(b.opened_at, CASE WHEN b.failures = 0 THEN b.closed_at END, b.failed_at) AS since,
    b.probe_at AS next_probe_at, b.failures, b.kind, b.reason, b.remedy, b.remedy_fr, b.api, b.supplier_id, b.application
FROM chorus.api_breaker b;
COMMENT ON VIEW chorus.breaker IS 'What fails at Chorus Pro and is therefore left alone for a while: empty when all is well';
COMMENT ON COLUMN chorus.breaker.scope IS 'What else is affected: application (every call), api (its calls), supplier (the account''s calls), api of supplier';
COMMENT ON COLUMN chorus.breaker.state IS 'open (nothing is called), half-open (one call is under way and decides), recovering (works again, the rate climbs), closed (has failed, not often enough)';
COMMENT ON COLUMN chorus.breaker.next_probe_at IS 'When the next call is made';

DO $$
DECLARE
    f regprocedure;
BEGIN
    FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'chorus'::regnamespace AND p.proname IN ('take_permit', 'breaker_wait', 'breaker_failed', 'call_failed', 'call_succeeded') LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END
$$;

UPDATE chorus.installation SET schema_version = 4;

RESET ROLE;
