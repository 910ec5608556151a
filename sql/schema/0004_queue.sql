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
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
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
);

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
) WITH (fillfactor = 50);

COMMENT ON TABLE chorus.api_budget IS 'Calls that a PISTE application may still make: several agents share one quota';
COMMENT ON COLUMN chorus.api_budget.application IS 'SHA-256 of the client id';
COMMENT ON COLUMN chorus.api_budget.permits IS 'Permits left; below zero: taken in advance, their takers wait';

-- A token bucket in one UPDATE. A taker that finds it empty takes all the same and waits until its permit would have grown:
-- first come, first served, and nobody has to ask again.
CREATE FUNCTION chorus.take_permit(application text, rate double precision, burst double precision) RETURNS double precision
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO chorus.api_budget AS b (application, permits, refilled_at)
    VALUES (take_permit.application, take_permit.burst - 1, pg_catalog.clock_timestamp())
    ON CONFLICT (application) DO UPDATE
    SET permits = least(take_permit.burst,
                        b.permits + take_permit.rate * greatest(0, extract(epoch FROM excluded.refilled_at - b.refilled_at)::double precision)) - 1,
        refilled_at = greatest(b.refilled_at, excluded.refilled_at)
    RETURNING greatest(0, -permits / take_permit.rate)
$$;
COMMENT ON FUNCTION chorus.take_permit(text, double precision, double precision) IS
    'Takes one permit of rate per second and at most burst at once; returns the seconds to wait before the call';
REVOKE ALL ON FUNCTION chorus.take_permit(text, double precision, double precision) FROM PUBLIC;

UPDATE chorus.installation SET schema_version = 4;

RESET ROLE;
