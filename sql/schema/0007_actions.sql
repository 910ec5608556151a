-- 0007: what people do.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 6 THEN
        RAISE EXCEPTION 'sql/schema/0007 applies to schema version 6, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

CREATE FUNCTION chorus.submit(id uuid) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    state text;
BEGIN
    UPDATE chorus.invoice i SET draft = false WHERE i.id = submit.id AND i.draft RETURNING i.state INTO state;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'invoice % is no draft', submit.id
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'Only drafts are submitted; SELECT state FROM chorus.invoice shows where it stands.';
    END IF;
    RETURN state;
END
$$;
COMMENT ON FUNCTION chorus.submit(uuid) IS 'Sends a draft; returns its state: ready, or invalid (see chorus.finding)';

CREATE FUNCTION chorus.cancel(id uuid, reason text DEFAULT NULL) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    was text;
BEGIN
    SELECT i.state INTO was FROM chorus.invoice i WHERE i.id = cancel.id FOR UPDATE;
    IF was IS NULL OR was NOT IN ('draft', 'invalid', 'ready', 'flux_rejected') THEN
        RAISE EXCEPTION 'invoice % cannot be cancelled: %', cancel.id, coalesce('it is ' || was, 'there is no such invoice')
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = CASE WHEN was IS NULL THEN 'Look for its id in chorus.invoice.'
                              ELSE 'Chorus Pro has it or may have it: issue a credit note instead.' END;
    END IF;
    IF chorus.may_arrive(cancel.id) THEN
        RAISE EXCEPTION 'invoice % cannot be cancelled: one of its deposits may still arrive', cancel.id
            USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = 'deposit', SCHEMA = 'chorus',
                  HINT = 'Wait until the agent knows what became of it.';
    END IF;
    UPDATE chorus.invoice i SET state = 'cancelled', state_reason = cancel.reason WHERE i.id = cancel.id;
    DELETE FROM chorus.task t WHERE t.invoice_id = cancel.id;
    RETURN 'cancelled';
END
$$;
COMMENT ON FUNCTION chorus.cancel(uuid, text) IS 'Gives up an invoice that Chorus Pro has never accepted; its number is free again';

CREATE FUNCTION chorus.retry(task bigint) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM chorus.task t JOIN chorus.invoice i ON i.id = t.invoice_id WHERE t.id = retry.task AND i.state = 'blocked') THEN
        RAISE EXCEPTION 'task % belongs to a blocked invoice', retry.task
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Decide about the invoice: SELECT chorus.resolve(invoice, outcome, reason).';
    END IF;
    UPDATE chorus.task t SET run_at = now(), attempts = 0 WHERE t.id = retry.task AND t.leased_until IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'task % is not waiting', retry.task
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'It is done, or an agent works on it; SELECT * FROM chorus.task shows what is queued.';
    END IF;
    PERFORM pg_catalog.pg_notify('chorus', '');
END
$$;
COMMENT ON FUNCTION chorus.retry(bigint) IS 'Lets a task that waits or was set aside run now';

-- A deposit that a person declares not to be there is disowned, not forgotten: should it turn up after all, it is recognised.
CREATE FUNCTION chorus.resolve(invoice uuid, outcome text, reason text, flux_number text DEFAULT NULL) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    was text;
    settled uuid;
BEGIN
    IF outcome IS NULL OR outcome NOT IN ('not_deposited', 'deposited', 'look_again', 'cancelled') THEN
        RAISE EXCEPTION 'unknown outcome %', coalesce('"' || outcome || '"', 'NULL')
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'One of: not_deposited (Chorus Pro does not have it: it is sent again, or corrected where its last flux was rejected), deposited (it is there, under flux_number), look_again, cancelled (not there, and given up).';
    END IF;
    IF coalesce(reason, '') = '' THEN
        RAISE EXCEPTION 'a reason is missing'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Say how you know, for whoever asks later: it is kept with the deposit.';
    END IF;
    IF (outcome = 'deposited') <> (coalesce(flux_number, '') <> '') THEN
        RAISE EXCEPTION 'a flux number goes with outcome deposited, and with no other'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'The portal shows it (numéro de flux dépôt): CPP…, 25 characters.';
    END IF;
    SELECT i.state INTO was FROM chorus.invoice i WHERE i.id = resolve.invoice FOR UPDATE;
    IF was IS DISTINCT FROM 'blocked' THEN
        RAISE EXCEPTION 'invoice % is not blocked: %', resolve.invoice, coalesce('it is ' || was, 'there is no such invoice')
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Only what the agent could not decide is resolved by a person.';
    END IF;
    DELETE FROM chorus.task t WHERE t.invoice_id = resolve.invoice;
    IF outcome = 'look_again' THEN
        UPDATE chorus.invoice i SET state = 'uncertain', state_reason = resolve.reason WHERE i.id = resolve.invoice;
        INSERT INTO chorus.task (kind, invoice_id) VALUES ('look_up', resolve.invoice);
        RETURN 'uncertain';
    END IF;
    IF outcome = 'deposited' THEN
        -- The one that has that flux, else the last that may have arrived: not one that was refused, rejected or never sent.
        SELECT d.id INTO settled FROM chorus.deposit d WHERE d.invoice_id = resolve.invoice
        ORDER BY d.flux_number IS NOT DISTINCT FROM resolve.flux_number DESC, d.state IN ('abandoned', 'refused', 'rejected'), d.prepared_at DESC
        LIMIT 1;
        -- At most one deposit is open: the others give way first.
        UPDATE chorus.deposit d SET state = 'lost'
        WHERE d.invoice_id = resolve.invoice AND d.id <> settled AND d.state IN ('sending', 'unknown', 'deposited');
        UPDATE chorus.deposit d SET state = 'deposited', flux_number = resolve.flux_number, note = resolve.reason WHERE d.id = settled;
        UPDATE chorus.invoice i SET state = 'deposited', state_reason = resolve.reason WHERE i.id = resolve.invoice;
        INSERT INTO chorus.task (kind, invoice_id) VALUES ('flux', resolve.invoice);
        RETURN 'deposited';
    END IF;
    UPDATE chorus.deposit d SET state = 'disowned', note = resolve.reason
    WHERE d.invoice_id = resolve.invoice AND d.state IN ('sending', 'unknown', 'lost');
    IF outcome = 'cancelled' THEN
        UPDATE chorus.invoice i SET state = 'cancelled', state_reason = resolve.reason WHERE i.id = resolve.invoice;
        RETURN 'cancelled';
    END IF;
    -- What Chorus Pro rejected was no duplicate then, and would be rejected for its content again: it is corrected first. With a new
    -- document the findings of the flux are gone: then it has been.
    IF EXISTS (SELECT FROM chorus.finding f WHERE f.invoice_id = resolve.invoice AND f.origin = 'flux')
        AND (SELECT d.state = 'rejected' FROM chorus.deposit d
            WHERE d.invoice_id = resolve.invoice AND d.state NOT IN ('abandoned', 'refused') ORDER BY d.prepared_at DESC LIMIT 1) THEN
        UPDATE chorus.invoice i SET state = 'flux_rejected', state_reason = resolve.reason WHERE i.id = resolve.invoice;
        RETURN 'flux_rejected';
    END IF;
    UPDATE chorus.invoice i SET state = 'ready', state_reason = resolve.reason WHERE i.id = resolve.invoice;
    INSERT INTO chorus.task (kind, invoice_id) VALUES ('submit', resolve.invoice);
    RETURN 'ready';
END
$$;
COMMENT ON FUNCTION chorus.resolve(uuid, text, text, text) IS
    'A person decides what the agent could not: outcome not_deposited, deposited (with the flux number), look_again or cancelled; the reason is kept with the deposit';

DO $$
DECLARE
    f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['chorus.submit(uuid)', 'chorus.cancel(uuid, text)', 'chorus.retry(bigint)', 'chorus.resolve(uuid, text, text, text)']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END
$$;

UPDATE chorus.installation SET schema_version = 7;

RESET ROLE;
