-- 0012: invoices that were deposited elsewhere.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 11 THEN
        RAISE EXCEPTION 'sql/schema/0012 applies to schema version 11, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

CREATE TABLE chorus.adoption (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    supplier_id bigint NOT NULL REFERENCES chorus.supplier (id) ON DELETE CASCADE,
    since date,
    number text,
    requested_by text NOT NULL DEFAULT current_user,
    requested_at timestamptz NOT NULL DEFAULT now(),
    found bigint,
    adopted bigint,
    done_at timestamptz
);
CREATE UNIQUE INDEX adoption_open_key ON chorus.adoption (supplier_id) WHERE done_at IS NULL;

COMMENT ON TABLE chorus.adoption IS 'Requests to take in invoices of a supplier that came to Chorus Pro another way, and what came of them';
COMMENT ON COLUMN chorus.adoption.since IS 'Deposited on that day or later; NULL: whenever';
COMMENT ON COLUMN chorus.adoption.number IS 'Only this number; NULL: all';
COMMENT ON COLUMN chorus.adoption.found IS 'Invoices that Chorus Pro showed';
COMMENT ON COLUMN chorus.adoption.adopted IS 'How many of them were not known here';

CREATE FUNCTION chorus.adopt(supplier bigint, since date DEFAULT NULL, number text DEFAULT NULL) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    it record;
    task bigint;
BEGIN
    SELECT s.identifier, s.state, s.structure_id INTO it FROM chorus.supplier s WHERE s.id = adopt.supplier FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no supplier %', adopt.supplier USING ERRCODE = 'no_data_found', HINT = 'Look for its id in chorus.supplier.';
    END IF;
    IF it.state <> 'registered' OR it.structure_id IS NULL THEN
        RAISE EXCEPTION 'supplier % is not registered at Chorus Pro', it.identifier
            USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = 'supplier', SCHEMA = 'chorus', COLUMN = 'state',
                  DETAIL = format('It is in state %s.', it.state), HINT = 'Store its technical account, and let the agent verify it.';
    END IF;
    IF EXISTS (SELECT FROM chorus.adoption a WHERE a.supplier_id = adopt.supplier AND a.done_at IS NULL) THEN
        RAISE EXCEPTION 'invoices of supplier % are being adopted already', it.identifier
            USING ERRCODE = 'object_in_use', TABLE = 'adoption', SCHEMA = 'chorus', HINT = 'Wait for it; SELECT * FROM chorus.adoption shows what came of it.';
    END IF;
    INSERT INTO chorus.adoption (supplier_id, since, number) VALUES (adopt.supplier, adopt.since, nullif(adopt.number, ''));
    INSERT INTO chorus.task (kind, supplier_id) VALUES ('adopt', adopt.supplier) RETURNING id INTO task;
    RETURN task;
END
$$;
COMMENT ON FUNCTION chorus.adopt(bigint, date, text) IS
    'Takes in invoices of a supplier that were deposited elsewhere (on the portal, by other software), to follow and answer them here: those deposited since a day, or one number. They have no document. Returns the task';
REVOKE ALL ON FUNCTION chorus.adopt(bigint, date, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION chorus.adopt(bigint, date, text) TO chorus_admin;

GRANT SELECT ON chorus.adoption TO chorus_agent, chorus_admin;
GRANT INSERT (supplier_id, since, number) ON chorus.adoption TO chorus_admin;
GRANT UPDATE (found, adopted, done_at) ON chorus.adoption TO chorus_agent;
GRANT INSERT (supplier_id, issuer, number, type, document_type, issue_date, currency, total_without_tax, total_tax, total_with_tax, amount_due,
    buyer_id_type, buyer_identifier, buyer_name, service_code, commitment_number, contract_number, state, state_reason, chorus_id) ON chorus.invoice TO chorus_agent;

UPDATE chorus.installation SET schema_version = 12;

RESET ROLE;
