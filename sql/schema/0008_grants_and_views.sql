-- 0008: who may do what, and the views of reporting tools.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 7 THEN
        RAISE EXCEPTION 'sql/schema/0008 applies to schema version 7, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

CREATE VIEW chorus_report.invoice WITH (security_invoker = true) AS
SELECT i.id, i.number, i.type, i.document_type, i.framework, i.issue_date, i.currency,
       i.total_without_tax, i.total_tax, i.total_with_tax, i.amount_due,
       s.identifier AS supplier_identifier, s.name AS supplier_name,
       i.buyer_identifier, i.buyer_name, i.service_code, i.commitment_number, i.contract_number,
       i.state, i.state_reason, i.status, chorus.status_label(i.status) AS status_label, i.status_at, i.chorus_id,
       i.created_at, i.updated_at
FROM chorus.invoice i LEFT JOIN chorus.supplier s ON s.id = i.supplier_id;
COMMENT ON VIEW chorus_report.invoice IS 'One row per invoice: what it is, where it stands';

CREATE VIEW chorus_report.status_event WITH (security_invoker = true) AS
SELECT e.id, e.invoice_id, i.number, i.issue_date, i.buyer_identifier, i.buyer_name,
       e.code, e.label, e.comment, e.occurred_at, e.observed_at
FROM chorus.status_event e JOIN chorus.invoice i ON i.id = e.invoice_id;
COMMENT ON VIEW chorus_report.status_event IS 'One row per status that Chorus Pro gave an invoice';

CREATE VIEW chorus_report.finding WITH (security_invoker = true) AS
SELECT f.id, f.invoice_id, i.number, i.state, f.origin, f.rule, f.severity, f.path, f.term, f.value,
       f.message_fr, f.message_en, f.hint_fr, f.hint_en, f.same_as, f.created_at
FROM chorus.finding f JOIN chorus.invoice i ON i.id = f.invoice_id;
COMMENT ON VIEW chorus_report.finding IS 'One row per problem of an invoice';

GRANT USAGE ON SCHEMA chorus TO chorus_writer, chorus_reader, chorus_agent, chorus_admin;
GRANT USAGE ON SCHEMA chorus_report TO chorus_writer, chorus_reader, chorus_admin;

-- Applications.
GRANT INSERT (doc, draft), UPDATE (doc, draft), SELECT ON chorus.invoice TO chorus_writer;
GRANT SELECT ON chorus.finding, chorus.status_event TO chorus_writer;
GRANT SELECT (id, id_type, identifier, siren, name, state) ON chorus.supplier TO chorus_writer;
GRANT EXECUTE ON FUNCTION chorus.submit(uuid) TO chorus_writer;

-- Reporting tools: what the views show, and no document.
GRANT SELECT (id, supplier_id, number, type, document_type, framework, issue_date, currency, total_without_tax, total_tax,
    total_with_tax, amount_due, buyer_identifier, buyer_name, service_code, commitment_number, contract_number,
    state, state_reason, status, status_at, chorus_id, created_at, updated_at) ON chorus.invoice TO chorus_reader;
GRANT SELECT (id, identifier, name) ON chorus.supplier TO chorus_reader;
GRANT SELECT ON chorus.finding, chorus.status_event TO chorus_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA chorus_report TO chorus_reader, chorus_writer, chorus_admin;

-- The agent: it changes states and writes down what it sees; documents and amounts it only reads.
GRANT SELECT ON chorus.installation, chorus.supplier, chorus.invoice, chorus.finding, chorus.task, chorus.deposit,
    chorus.status_event, chorus.agent, chorus.api_budget TO chorus_agent;
GRANT UPDATE (state, state_reason, chorus_id) ON chorus.invoice TO chorus_agent;
GRANT INSERT, UPDATE, DELETE ON chorus.task, chorus.agent TO chorus_agent;
GRANT INSERT, DELETE ON chorus.finding TO chorus_agent;
GRANT INSERT, UPDATE (state, answered_at, answer, flux_number, flux_state, flux_state_at) ON chorus.deposit TO chorus_agent;
GRANT INSERT ON chorus.status_event TO chorus_agent;
GRANT INSERT, UPDATE ON chorus.api_budget TO chorus_agent;
GRANT USAGE ON SEQUENCE chorus.lease TO chorus_agent;
GRANT INSERT (id_type, identifier, name, login, credential, state),
    UPDATE (name, login, credential, state, structure_id, checked_at, error, followed_until) ON chorus.supplier TO chorus_agent;
GRANT SELECT, INSERT, UPDATE, DELETE ON chorus.api_breaker TO chorus_agent;
GRANT EXECUTE ON FUNCTION chorus.take_permit(text, text, bigint, boolean, double precision, double precision, double precision, double precision, double precision),
    chorus.breaker_wait(integer, double precision, double precision, double precision),
    chorus.breaker_failed(timestamptz, text, text, bigint, integer, double precision, double precision, double precision, text, text, text, text),
    chorus.call_failed(text, text, bigint, integer, double precision, double precision, double precision, text, text, text, text),
    chorus.call_succeeded(text, text, bigint, double precision) TO chorus_agent;

-- People in charge.
GRANT SELECT ON chorus.installation, chorus.supplier, chorus.invoice, chorus.finding, chorus.task, chorus.deposit,
    chorus.status_event, chorus.agent, chorus.api_budget, chorus.api_breaker, chorus.breaker TO chorus_admin;
-- Who mends something may say so: the next call is made at once.
GRANT DELETE ON chorus.api_breaker TO chorus_admin;
GRANT INSERT (doc, draft), UPDATE (doc, draft, state, state_reason) ON chorus.invoice TO chorus_admin;
GRANT INSERT (id_type, identifier, name, login, credential, state),
    UPDATE (name, login, credential, state, error, frameworks, paused) ON chorus.supplier TO chorus_admin;
GRANT INSERT, UPDATE, DELETE ON chorus.task TO chorus_admin;
GRANT UPDATE (state, flux_number, note) ON chorus.deposit TO chorus_admin;
GRANT EXECUTE ON FUNCTION chorus.submit(uuid), chorus.cancel(uuid, text), chorus.retry(bigint), chorus.resolve(uuid, text, text, text), chorus.may_arrive(uuid) TO chorus_admin;

UPDATE chorus.installation SET schema_version = 8;

RESET ROLE;
