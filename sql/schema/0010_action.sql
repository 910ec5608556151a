-- 0010: answers to the buyer: complete, recycle, treat a rejection, correct a validator; and what else people ask for.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 9 THEN
        RAISE EXCEPTION 'sql/schema/0010 applies to schema version 9, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

CREATE TABLE chorus.action (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id uuid NOT NULL REFERENCES chorus.invoice (id),
    kind text NOT NULL CHECK (kind IN ('complete', 'recycle', 'treat_rejection', 'correct_validator')),
    comment text CHECK (length(comment) <= 2000),
    buyer_identifier text,
    service_code text CHECK (length(service_code) <= 100),
    commitment_number text CHECK (length(commitment_number) <= 50),
    validator_id_type text,
    validator_identifier text,
    earlier jsonb,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'done', 'refused', 'withdrawn')),
    requested_by text NOT NULL DEFAULT current_user,
    requested_at timestamptz NOT NULL DEFAULT now(),
    events_before bigint,
    sent_at timestamptz,
    answered_at timestamptz,
    answer jsonb
);
-- One at a time: each waits for what the one before has changed.
CREATE UNIQUE INDEX action_open_key ON chorus.action (invoice_id) WHERE state IN ('queued', 'sent');
CREATE INDEX action_invoice_idx ON chorus.action (invoice_id);

COMMENT ON TABLE chorus.action IS 'What was asked of Chorus Pro about an invoice after its deposit, by whom, and what came of it';
COMMENT ON COLUMN chorus.action.kind IS 'complete (a suspended invoice), recycle (give it another recipient), treat_rejection, correct_validator';
COMMENT ON COLUMN chorus.action.comment IS 'What the buyer reads';
COMMENT ON COLUMN chorus.action.buyer_identifier IS 'recycle: the buyer it is to go to';
COMMENT ON COLUMN chorus.action.service_code IS 'recycle: the service it is to go to; empty removes it';
COMMENT ON COLUMN chorus.action.commitment_number IS 'recycle: the commitment it is to name; empty removes it';
COMMENT ON COLUMN chorus.action.earlier IS 'recycle: the routing before';
COMMENT ON COLUMN chorus.action.state IS 'queued, sent (the call was begun and its answer is not known: the agent looks at the history before it repeats it), done, refused, withdrawn (chorus.withdraw)';
COMMENT ON COLUMN chorus.action.requested_by IS 'Role that asked; "Chorus Pro" for what was done over there, on its portal';
COMMENT ON COLUMN chorus.action.events_before IS 'Events of the kind that this action causes, known before the call: one more afterwards is its trace';
COMMENT ON COLUMN chorus.action.answer IS 'HTTP status, codeRetour and libelle of the answer; no body';

CREATE TABLE chorus.action_attachment (
    action_id bigint NOT NULL REFERENCES chorus.action (id) ON DELETE CASCADE,
    attachment_id bigint NOT NULL REFERENCES chorus.attachment (id),
    PRIMARY KEY (action_id, attachment_id)
);
CREATE INDEX action_attachment_attachment_idx ON chorus.action_attachment (attachment_id);
COMMENT ON TABLE chorus.action_attachment IS 'The attachments that complete an invoice';

-- What the agent uploads is what the row says: it stays as it is from the moment it is promised. The trigger `checked` has locked the
-- invoice before, as chorus.complete does: what was promised meanwhile is seen here.
CREATE FUNCTION chorus.attachment_promised() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    promise record;
BEGIN
    SELECT a.id, a.kind, a.requested_by, a.requested_at INTO promise
    FROM chorus.action_attachment l JOIN chorus.action a ON a.id = l.action_id
    WHERE l.attachment_id = OLD.id AND a.state IN ('queued', 'sent');
    IF FOUND THEN
        RAISE EXCEPTION 'attachment "%" goes to the buyer with an answer under way and stays as it is', OLD.name
            USING ERRCODE = 'object_in_use', TABLE = 'attachment', SCHEMA = 'chorus',
                  DETAIL = format('%s asked for %s at %s: action %s.', promise.requested_by, promise.kind, promise.requested_at, promise.id),
                  HINT = format('SELECT chorus.withdraw(%L) takes the answer back while it has not been sent; else insert the right file beside it, and complete the invoice again.', OLD.invoice_id);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION chorus.attachment_promised() IS 'Keeps attachments of an answer under way as they are';

CREATE TRIGGER promised BEFORE DELETE OR UPDATE OF name, mime, designation, type, content, sent_with ON chorus.attachment
    FOR EACH ROW EXECUTE FUNCTION chorus.attachment_promised();

-- What the status asks for; said wherever something else is asked.
CREATE FUNCTION chorus.next_step(state text, status text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN status = 'SUSPENDUE' THEN 'The buyer asks for more: SELECT chorus.complete(invoice, comment, attachments).'
        WHEN status = 'A_RECYCLER' THEN 'The routing is wrong: SELECT chorus.recycle(invoice, buyer, service, commitment).'
        WHEN status = 'REJETEE' THEN 'The buyer refuses it: issue another invoice under a new number, and SELECT chorus.treat_rejection(invoice).'
        WHEN status LIKE 'ERREUR%SUR\_VALIDEUR' THEN 'The validator is wrong: SELECT chorus.correct_validator(invoice, validator).'
        WHEN status LIKE 'REFUSEE%' THEN 'The validator refuses it: correct it on the portal, or issue another invoice.'
        WHEN state IN ('draft', 'invalid', 'ready', 'flux_rejected') THEN 'Chorus Pro does not have it: change doc instead.'
        WHEN state IN ('sending', 'uncertain', 'deposited') THEN 'Wait until Chorus Pro has taken it in.'
        WHEN state = 'blocked' THEN 'Decide about it first: SELECT chorus.resolve(invoice, outcome, reason).'
        WHEN state = 'cancelled' THEN 'It was given up: insert it anew.'
        ELSE 'Nothing is asked of the supplier at present.'
    END
$$;
COMMENT ON FUNCTION chorus.next_step(text, text) IS 'What a person can do about an invoice of this state and status';

-- Locks the invoice, so that two who ask at once take turns.
CREATE FUNCTION chorus.refuse_unless(invoice uuid, done text, wanted text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    it record;
    pending record;
BEGIN
    SELECT i.number, i.state, i.status, i.status_at, i.history_read_at INTO it FROM chorus.invoice i WHERE i.id = invoice FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no invoice %', invoice
            USING ERRCODE = 'no_data_found', HINT = 'Look for its id in chorus.invoice.';
    END IF;
    IF it.status IS NULL OR it.status NOT LIKE wanted THEN
        RAISE EXCEPTION 'invoice % cannot be %: Chorus Pro takes that in status % only', it.number, done, replace(replace(wanted, '\', ''), '%', '…')
            USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = 'invoice', SCHEMA = 'chorus', COLUMN = 'status',
                  DETAIL = CASE WHEN it.status IS NULL THEN format('It is in state %s and has no status.', it.state)
                                ELSE format('It has been %s since %s.', it.status, it.status_at) END,
                  HINT = chorus.next_step(it.state, it.status);
    END IF;
    SELECT a.id, a.kind, a.requested_by, a.requested_at, t.id AS task INTO pending
    FROM chorus.action a LEFT JOIN chorus.task t ON t.invoice_id = a.invoice_id AND t.kind = 'action'
    WHERE a.invoice_id = invoice AND a.state IN ('queued', 'sent');
    IF FOUND THEN
        RAISE EXCEPTION 'invoice % is being answered already', it.number
            USING ERRCODE = 'object_in_use', TABLE = 'action', SCHEMA = 'chorus',
                  DETAIL = format('%s asked for %s at %s: task %s.', pending.requested_by, pending.kind, pending.requested_at, pending.task),
                  HINT = format('Wait for it: SELECT * FROM chorus.action shows what came of it; SELECT chorus.withdraw(%L) takes it back while it has not been sent.', invoice);
    END IF;
    -- The status is still the one that was answered. Marking a rejection sets none, and what was done over there is no answer of ours.
    SELECT a.kind, a.requested_by, a.answered_at INTO pending
    FROM chorus.action a
    WHERE a.invoice_id = invoice AND a.state = 'done' AND a.kind <> 'treat_rejection' AND a.requested_by <> 'Chorus Pro'
        AND a.answered_at >= coalesce(it.history_read_at, '-infinity')
    ORDER BY a.answered_at DESC LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'invoice % has just been answered', it.number
            USING ERRCODE = 'object_in_use', TABLE = 'action', SCHEMA = 'chorus',
                  DETAIL = format('%s asked for %s, done at %s; the history has not been read since.', pending.requested_by, pending.kind, pending.answered_at),
                  HINT = 'Wait until the agent has read the status that followed; then ask again if it still applies.';
    END IF;
END
$$;
COMMENT ON FUNCTION chorus.refuse_unless(uuid, text, text) IS 'ERROR unless the status of the invoice is like the one wanted, was read after the last answer, and nothing else is under way';

CREATE FUNCTION chorus.queue_action(invoice uuid) RETURNS bigint
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE chorus.invoice i SET state_reason = NULL WHERE i.id = queue_action.invoice;
    INSERT INTO chorus.task (kind, invoice_id) VALUES ('action', queue_action.invoice) RETURNING id
$$;
COMMENT ON FUNCTION chorus.queue_action(uuid) IS 'The task of the action just recorded';

CREATE FUNCTION chorus.complete(invoice uuid, comment text DEFAULT NULL, attachments bigint[] DEFAULT NULL) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    files bigint[];
    wrong bigint;
    made bigint;
BEGIN
    PERFORM chorus.refuse_unless(invoice, 'completed', 'SUSPENDUE');
    files := coalesce(complete.attachments, ARRAY(
        SELECT a.id FROM chorus.attachment a
        WHERE a.invoice_id = complete.invoice AND a.sent_with = 'complement' AND NOT EXISTS (
            SELECT FROM chorus.action_attachment l JOIN chorus.action o ON o.id = l.action_id WHERE l.attachment_id = a.id AND o.state = 'done')
        ORDER BY a.id));
    SELECT f INTO wrong FROM unnest(files) f
    WHERE NOT EXISTS (SELECT FROM chorus.attachment a WHERE a.id = f AND a.invoice_id = complete.invoice AND a.sent_with = 'complement') LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'attachment % is no complement of invoice %', coalesce(wrong::text, 'NULL'), invoice
            USING ERRCODE = 'invalid_parameter_value', TABLE = 'attachment', SCHEMA = 'chorus',
                  HINT = 'INSERT INTO chorus.attachment (invoice_id, name, content, sent_with) VALUES (…, ''complement'') RETURNING id.';
    END IF;
    IF coalesce(complete.comment, '') = '' AND cardinality(files) = 0 THEN
        RAISE EXCEPTION 'there is nothing to complete invoice % with', invoice
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'Give a comment; or insert what the buyer asks for into chorus.attachment, with sent_with = ''complement''.';
    END IF;
    IF length(complete.comment) > 2000 THEN
        RAISE EXCEPTION 'the comment has % characters', length(complete.comment)
            USING ERRCODE = 'string_data_right_truncation', DETAIL = 'Chorus Pro takes 2000.', HINT = 'Shorten it, or attach it as a PDF.';
    END IF;
    INSERT INTO chorus.action (invoice_id, kind, comment) VALUES (complete.invoice, 'complete', nullif(complete.comment, '')) RETURNING id INTO made;
    INSERT INTO chorus.action_attachment (action_id, attachment_id) SELECT DISTINCT made, f FROM unnest(files) f;
    RETURN chorus.queue_action(invoice);
END
$$;
COMMENT ON FUNCTION chorus.complete(uuid, text, bigint[]) IS
    'Gives the buyer of a suspended invoice (SUSPENDUE) what is missing: a comment, and attachments (their ids; without: all complements not yet given). Returns the task';

CREATE FUNCTION chorus.recycle(invoice uuid, buyer text DEFAULT NULL, service text DEFAULT NULL, commitment text DEFAULT NULL, comment text DEFAULT NULL)
    RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    now_at record;
    wanted record;
    refusal record;
BEGIN
    PERFORM chorus.refuse_unless(invoice, 'recycled', 'A\_RECYCLER');
    IF recycle.buyer !~ '^[0-9]{14}$' THEN
        RAISE EXCEPTION 'buyer "%" is no SIRET', recycle.buyer
            USING ERRCODE = 'invalid_parameter_value', DETAIL = 'Public buyers are known by 14 digits.', HINT = 'Without spaces.';
    END IF;
    IF length(recycle.service) > 100 OR length(recycle.commitment) > 50 OR length(recycle.comment) > 2000 THEN
        RAISE EXCEPTION 'service, commitment or comment is too long'
            USING ERRCODE = 'string_data_right_truncation',
                  DETAIL = format('They have %s, %s and %s characters.', coalesce(length(recycle.service), 0),
                      coalesce(length(recycle.commitment), 0), coalesce(length(recycle.comment), 0)),
                  HINT = 'Chorus Pro takes 100, 50 and 2000.';
    END IF;
    SELECT i.buyer_identifier, i.service_code, i.commitment_number INTO now_at FROM chorus.invoice i WHERE i.id = recycle.invoice;
    -- Services are a buyer's own: another buyer does not inherit the code.
    SELECT coalesce(recycle.buyer, now_at.buyer_identifier) AS buyer, coalesce(recycle.commitment, now_at.commitment_number) AS commitment,
        CASE WHEN recycle.buyer IS DISTINCT FROM now_at.buyer_identifier AND recycle.buyer IS NOT NULL THEN recycle.service
             ELSE coalesce(recycle.service, now_at.service_code) END AS service
    INTO wanted;
    IF (wanted.buyer, nullif(wanted.service, ''), nullif(wanted.commitment, ''))
        IS NOT DISTINCT FROM (now_at.buyer_identifier, now_at.service_code, now_at.commitment_number) THEN
        RAISE EXCEPTION 'nothing would change'
            USING ERRCODE = 'invalid_parameter_value',
                  DETAIL = format('Buyer %s, service %s, commitment %s are what the invoice has.', now_at.buyer_identifier,
                      coalesce(now_at.service_code, 'none'), coalesce(now_at.commitment_number, 'none')),
                  HINT = 'Give the buyer, service or commitment that it should have; the buyer''s comment is in chorus.status_event.';
    END IF;
    -- What is known already is said at once; else the agent asks before it sends the invoice there.
    SELECT f ->> 'message_en' AS message, h.at,
        replace(f ->> 'hint_en', f ->> 'path', CASE f ->> 'term' WHEN 'BT-10' THEN 'service' WHEN 'BT-13' THEN 'commitment' ELSE 'buyer' END) AS hint
    INTO refusal
    FROM chorus.hold_recycling_against_directory(recycle.invoice, wanted.buyer, wanted.service, wanted.commitment) h, jsonb_array_elements(h.findings) f
    WHERE f ->> 'severity' = 'fatal' LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'invoice % would not be taken there: %', invoice, refusal.message
            USING ERRCODE = 'invalid_parameter_value', TABLE = 'structure', SCHEMA = 'chorus',
                  DETAIL = format('So said the directory of Chorus Pro at %s.', refusal.at),
                  HINT = format('%s If the buyer has changed that: SELECT chorus.refresh_structure(%L), and ask again in a moment.', refusal.hint, wanted.buyer);
    END IF;
    INSERT INTO chorus.action (invoice_id, kind, comment, buyer_identifier, service_code, commitment_number, earlier)
    VALUES (recycle.invoice, 'recycle', nullif(recycle.comment, ''), wanted.buyer, wanted.service, wanted.commitment, to_jsonb(now_at));
    RETURN chorus.queue_action(invoice);
END
$$;
COMMENT ON FUNCTION chorus.recycle(uuid, text, text, text, text) IS
    'Sends an invoice that the buyer returned (A_RECYCLER) to another buyer, service or commitment; what is not given stays, an empty text removes, and another buyer has services of its own. Returns the task';

CREATE FUNCTION chorus.treat_rejection(invoice uuid) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM chorus.refuse_unless(invoice, 'marked as treated', 'REJETEE');
    IF EXISTS (SELECT FROM chorus.invoice i WHERE i.id = treat_rejection.invoice AND i.rejection_treated_at >= i.status_at) THEN
        RAISE EXCEPTION 'the rejection of invoice % is marked as treated already', invoice
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Acknowledging it (acquitter) is another act: only the portal has it.';
    END IF;
    INSERT INTO chorus.action (invoice_id, kind) VALUES (treat_rejection.invoice, 'treat_rejection');
    RETURN chorus.queue_action(invoice);
END
$$;
COMMENT ON FUNCTION chorus.treat_rejection(uuid) IS
    'Marks a rejected invoice (REJETEE) as treated (traiterRejet), once another has been issued. Acknowledging it is done on the portal. Returns the task';

CREATE FUNCTION chorus.correct_validator(invoice uuid, validator text, id_type text DEFAULT 'SIRET') RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM chorus.refuse_unless(invoice, 'given another validator', 'ERREUR%SUR\_VALIDEUR');
    IF correct_validator.id_type NOT IN ('SIRET', 'UE_HORS_FRANCE', 'HORS_UE', 'RIDET', 'TAHITI', 'AUTRE')
        OR correct_validator.id_type IS NULL OR coalesce(correct_validator.validator, '') = ''
        OR (correct_validator.id_type = 'SIRET' AND correct_validator.validator !~ '^[0-9]{14}$') THEN
        RAISE EXCEPTION 'validator "%" is no %', correct_validator.validator, coalesce(correct_validator.id_type, 'identifier')
            USING ERRCODE = 'invalid_parameter_value', HINT = 'A SIRET of 14 digits, or another identifier with its id_type: UE_HORS_FRANCE, HORS_UE, RIDET, TAHITI, AUTRE.';
    END IF;
    INSERT INTO chorus.action (invoice_id, kind, validator_id_type, validator_identifier)
    VALUES (correct_validator.invoice, 'correct_validator', correct_validator.id_type, correct_validator.validator);
    RETURN chorus.queue_action(invoice);
END
$$;
COMMENT ON FUNCTION chorus.correct_validator(uuid, text, text) IS
    'Names another validator for an invoice whose validator says that it is not his (ERREUR_…_SUR_VALIDEUR). Returns the task';

-- Lock order: invoice, then task, as a claim has it.
CREATE FUNCTION chorus.withdraw(invoice uuid, reason text DEFAULT NULL) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    invoice_number text;
    task record;
    it record;
BEGIN
    SELECT i.number INTO invoice_number FROM chorus.invoice i WHERE i.id = withdraw.invoice FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no invoice %', coalesce(withdraw.invoice::text, 'NULL')
            USING ERRCODE = 'no_data_found', HINT = 'Look for its id in chorus.invoice.';
    END IF;
    SELECT t.id, t.leased_until INTO task FROM chorus.task t WHERE t.invoice_id = withdraw.invoice AND t.kind = 'action' FOR UPDATE;
    SELECT a.id, a.kind, a.state, a.sent_at INTO it FROM chorus.action a
    WHERE a.invoice_id = withdraw.invoice AND a.state IN ('queued', 'sent');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no answer of invoice % is under way', invoice_number
            USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = 'action', SCHEMA = 'chorus', COLUMN = 'state',
                  HINT = 'SELECT * FROM chorus.action shows what became of earlier ones.';
    END IF;
    IF it.state = 'sent' THEN
        RAISE EXCEPTION 'the answer of invoice % may have been done', invoice_number
            USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = 'action', SCHEMA = 'chorus', COLUMN = 'state',
                  DETAIL = format('The call of %s was begun at %s, and its outcome is not known.', it.kind, it.sent_at),
                  HINT = 'Wait: the agent looks into the history at Chorus Pro before it repeats anything.';
    END IF;
    IF task.leased_until IS NOT NULL THEN
        RAISE EXCEPTION 'the answer of invoice % is in hand', invoice_number
            USING ERRCODE = 'object_in_use', TABLE = 'task', SCHEMA = 'chorus',
                  DETAIL = format('An agent has task %s until %s.', task.id, task.leased_until), HINT = 'Try again in a moment.';
    END IF;
    DELETE FROM chorus.task t WHERE t.id = task.id;
    -- Its attachments are promised to nobody any more.
    DELETE FROM chorus.action_attachment l WHERE l.action_id = it.id;
    UPDATE chorus.action a
    SET state = 'withdrawn', answered_at = now(), answer = jsonb_build_object('libelle', coalesce(withdraw.reason, 'withdrawn by ' || current_user))
    WHERE a.id = it.id;
    RETURN 'withdrawn';
END
$$;
COMMENT ON FUNCTION chorus.withdraw(uuid, text) IS
    'Takes back the answer to a buyer that is under way, while it has not been sent; refused once its call was begun. Returns its state';

CREATE FUNCTION chorus.resubmit(invoice uuid) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    now_at text;
    it record;
BEGIN
    UPDATE chorus.invoice i SET doc = i.doc WHERE i.id = resubmit.invoice AND i.state IN ('invalid', 'flux_rejected') RETURNING i.state INTO now_at;
    IF NOT FOUND THEN
        SELECT i.state, i.status INTO it FROM chorus.invoice i WHERE i.id = resubmit.invoice;
        RAISE EXCEPTION 'invoice % cannot be submitted again: %', invoice, coalesce('it is ' || it.state, 'there is no such invoice')
            USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = 'Only what is invalid or flux_rejected goes out again as it is.',
                  HINT = CASE WHEN it.state IS NULL THEN 'Look for its id in chorus.invoice.'
                              WHEN it.state = 'draft' THEN 'SELECT chorus.submit(invoice).'
                              WHEN it.state = 'ready' THEN 'It is about to be sent; SELECT chorus.retry(task) if its task is set aside.'
                              ELSE chorus.next_step(it.state, it.status) END;
    END IF;
    RETURN now_at;
END
$$;
COMMENT ON FUNCTION chorus.resubmit(uuid) IS
    'Validates an unchanged document anew and sends it, after the cause of its rejection was removed elsewhere: attachments, the supplier''s account, the buyer''s directory. Returns its state';

CREATE FUNCTION chorus.pause(supplier bigint) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE chorus.supplier s SET paused = true WHERE s.id = pause.supplier;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no supplier %', supplier USING ERRCODE = 'no_data_found', HINT = 'Look for its id in chorus.supplier.';
    END IF;
END
$$;
COMMENT ON FUNCTION chorus.pause(bigint) IS 'Deposits nothing more of a supplier until chorus.resume; what is at Chorus Pro is followed all the same';

CREATE FUNCTION chorus.resume(supplier bigint) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE chorus.supplier s SET paused = false WHERE s.id = resume.supplier;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no supplier %', supplier USING ERRCODE = 'no_data_found', HINT = 'Look for its id in chorus.supplier.';
    END IF;
    PERFORM pg_catalog.pg_notify('chorus', '');
END
$$;
COMMENT ON FUNCTION chorus.resume(bigint) IS 'Deposits the invoices of a supplier again';

DO $$
DECLARE
    f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['chorus.complete(uuid, text, bigint[])', 'chorus.recycle(uuid, text, text, text, text)', 'chorus.treat_rejection(uuid)',
        'chorus.correct_validator(uuid, text, text)', 'chorus.withdraw(uuid, text)', 'chorus.resubmit(uuid)', 'chorus.pause(bigint)', 'chorus.resume(bigint)',
        'chorus.refuse_unless(uuid, text, text)', 'chorus.queue_action(uuid)']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO chorus_admin', f);
    END LOOP;
    GRANT EXECUTE ON FUNCTION chorus.resubmit(uuid) TO chorus_writer;
END
$$;

CREATE VIEW chorus_report.action WITH (security_invoker = true) AS
SELECT a.id, a.invoice_id, i.number, a.kind, a.comment, a.buyer_identifier, a.service_code, a.commitment_number, a.earlier,
       a.validator_id_type, a.validator_identifier, a.state, a.requested_by, a.requested_at, a.sent_at, a.answered_at,
       a.answer ->> 'libelle' AS answer
FROM chorus.action a JOIN chorus.invoice i ON i.id = a.invoice_id;
COMMENT ON VIEW chorus_report.action IS 'One row per answer to a buyer: completed, recycled, rejection treated, validator corrected';

GRANT SELECT ON chorus.action, chorus.action_attachment TO chorus_writer, chorus_reader, chorus_agent, chorus_admin;
GRANT INSERT (invoice_id, kind, comment, buyer_identifier, service_code, commitment_number, validator_id_type, validator_identifier, earlier)
    ON chorus.action TO chorus_admin;
GRANT UPDATE (state, answered_at, answer) ON chorus.action TO chorus_admin;
GRANT INSERT, DELETE ON chorus.action_attachment TO chorus_admin;
GRANT INSERT (invoice_id, kind, buyer_identifier, service_code, commitment_number, earlier, state, requested_by, answered_at),
    UPDATE (state, events_before, sent_at, answered_at, answer) ON chorus.action TO chorus_agent;
GRANT UPDATE (rejection_treated_at, buyer_identifier, buyer_name, service_code, commitment_number, contract_number) ON chorus.invoice TO chorus_agent;
GRANT SELECT (rejection_treated_at) ON chorus.invoice TO chorus_reader;
GRANT SELECT ON chorus_report.action TO chorus_reader, chorus_writer, chorus_admin;

UPDATE chorus.installation SET schema_version = 10;

RESET ROLE;
