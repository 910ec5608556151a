-- 0011: what needs a person today.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 10 THEN
        RAISE EXCEPTION 'sql/schema/0011 applies to schema version 10, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

-- Chorus Pro expects suspended and rejected invoices to be acknowledged within seven days.
CREATE FUNCTION chorus.days_left(status text, status_at timestamptz) RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN status IN ('SUSPENDUE', 'REJETEE') THEN
        7 - ((now() AT TIME ZONE 'Europe/Paris')::date - (status_at AT TIME ZONE 'Europe/Paris')::date) END
$$;
COMMENT ON FUNCTION chorus.days_left(text, timestamptz) IS 'Days until Chorus Pro expects an answer to a status; negative when they have passed, NULL where none is set';

CREATE VIEW chorus.todo WITH (security_invoker = true) AS
-- Invoices that came back or do not go out.
SELECT i.supplier_id, i.id AS invoice_id, i.number, i.buyer_name, i.state, i.status, coalesce(i.status_at, i.updated_at) AS since,
    concat_ws(' — ', CASE
        WHEN i.state = 'invalid' AND f.directory THEN 'Refusée d''après l''annuaire de Chorus Pro : ' || f.fr
        WHEN i.state = 'invalid' THEN 'Document à corriger : ' || f.fr
        WHEN i.state = 'flux_rejected' THEN 'Dépôt rejeté par Chorus Pro : ' || f.fr
        WHEN i.state = 'blocked' THEN 'À décider : l''agent ne peut savoir si Chorus Pro a la facture'
        WHEN i.status = 'SUSPENDUE' THEN 'Suspendue par le destinataire, qui attend un complément : ' || coalesce(e.comment, 'sans motif')
        WHEN i.status = 'A_RECYCLER' THEN 'À recycler, destinataire, service ou engagement erroné : ' || coalesce(e.comment, 'sans motif')
        WHEN i.status = 'REJETEE' THEN 'Rejetée par le destinataire (à acquitter sur le portail, puis à refaire sous un autre numéro) : ' || coalesce(e.comment, 'sans motif')
        WHEN i.status LIKE 'ERREUR%SUR\_VALIDEUR' THEN 'Valideur erroné : ' || coalesce(e.comment, 'sans motif')
        WHEN i.status LIKE 'REFUSEE%' THEN 'Refusée par le valideur (à corriger sur le portail, ou à refaire) : ' || coalesce(e.comment, 'sans motif')
    END, CASE WHEN f.directory IS NOT TRUE THEN i.state_reason END) AS reason_fr,
    concat_ws(' — ', CASE
        WHEN i.state = 'invalid' AND f.directory THEN 'Refused by what the directory of Chorus Pro says: ' || coalesce(f.en, f.fr)
        WHEN i.state = 'invalid' THEN 'Document to be corrected: ' || coalesce(f.en, f.fr)
        WHEN i.state = 'flux_rejected' THEN 'Deposit rejected by Chorus Pro: ' || f.fr
        WHEN i.state = 'blocked' THEN 'To be decided: the agent cannot know whether Chorus Pro has the invoice'
        WHEN i.status = 'SUSPENDUE' THEN 'Suspended by the buyer, who waits for more: ' || coalesce(e.comment, 'no reason given')
        WHEN i.status = 'A_RECYCLER' THEN 'To be recycled, wrong buyer, service or commitment: ' || coalesce(e.comment, 'no reason given')
        WHEN i.status = 'REJETEE' THEN 'Rejected by the buyer (to be acknowledged on the portal, and issued anew under another number): ' || coalesce(e.comment, 'no reason given')
        WHEN i.status LIKE 'ERREUR%SUR\_VALIDEUR' THEN 'Wrong validator: ' || coalesce(e.comment, 'no reason given')
        WHEN i.status LIKE 'REFUSEE%' THEN 'Refused by the validator (to be corrected on the portal, or issued anew): ' || coalesce(e.comment, 'no reason given')
    END, CASE WHEN f.directory IS NOT TRUE THEN i.state_reason END) AS reason_en,
    format(CASE
        WHEN i.state = 'invalid' AND f.directory THEN 'UPDATE chorus.invoice SET doc = … WHERE id = %1$L; SELECT chorus.resubmit(%1$L) if the buyer has changed what it asks for'
        WHEN i.state = 'invalid' THEN 'UPDATE chorus.invoice SET doc = … WHERE id = %L'
        WHEN i.state = 'flux_rejected' THEN 'UPDATE chorus.invoice SET doc = … WHERE id = %1$L; SELECT chorus.resubmit(%1$L) if the cause lay elsewhere'
        WHEN i.state = 'blocked' THEN 'SELECT chorus.resolve(%L, outcome, reason)'
        WHEN i.status = 'SUSPENDUE' THEN 'SELECT chorus.complete(%L, comment)'
        WHEN i.status = 'A_RECYCLER' THEN 'SELECT chorus.recycle(%L, buyer, service, commitment)'
        WHEN i.status = 'REJETEE' THEN 'SELECT chorus.treat_rejection(%L)'
        WHEN i.status LIKE 'ERREUR%SUR\_VALIDEUR' THEN 'SELECT chorus.correct_validator(%L, validator)'
        ELSE 'SELECT doc FROM chorus.invoice WHERE id = %L'
    END, i.id) AS next_action,
    chorus.days_left(i.status, i.status_at) AS days_left
FROM chorus.invoice i
    LEFT JOIN LATERAL (
        SELECT string_agg(f.message_fr, ' ; ' ORDER BY f.id) AS fr, string_agg(coalesce(f.message_en, f.message_fr), '; ' ORDER BY f.id) AS en,
            i.state = 'invalid' AND bool_and(f.origin = 'directory') AS directory
        FROM (SELECT * FROM chorus.finding f WHERE f.invoice_id = i.id AND f.severity = 'fatal'
                AND (i.state <> 'flux_rejected' OR f.origin = 'flux') ORDER BY f.id LIMIT 3) f
    ) f ON i.state IN ('invalid', 'flux_rejected')
    LEFT JOIN LATERAL (
        SELECT e.comment FROM chorus.status_event e WHERE e.invoice_id = i.id ORDER BY e.occurred_at DESC, e.histo_statut_id DESC LIMIT 1
    ) e ON i.state IN ('action_required', 'rejected')
WHERE (i.state IN ('invalid', 'flux_rejected', 'blocked', 'action_required')
        OR i.state = 'rejected' AND (i.rejection_treated_at IS NULL OR i.rejection_treated_at < i.status_at))
    -- Being answered, or answered and the history not read since.
    AND NOT EXISTS (SELECT FROM chorus.action a
        WHERE a.invoice_id = i.id AND (a.state IN ('queued', 'sent') OR a.state = 'done' AND a.kind <> 'treat_rejection'
            AND a.requested_by <> 'Chorus Pro' AND a.answered_at >= coalesce(i.history_read_at, '-infinity')))
UNION ALL
-- Tasks that the agent has set aside.
SELECT coalesce(t.supplier_id, i.supplier_id), i.id, i.number, i.buyer_name, i.state, i.status, t.created_at,
    'L''agent a renoncé : ' || coalesce(t.last_error, t.kind), 'The agent has given up: ' || coalesce(t.last_error, t.kind),
    format('SELECT chorus.retry(%s) when the cause is gone', t.id), NULL
FROM chorus.task t LEFT JOIN chorus.invoice i ON i.id = t.invoice_id
WHERE t.run_at = 'infinity' AND t.leased_until IS NULL AND i.state IS DISTINCT FROM 'blocked'
UNION ALL
-- Answers to buyers that do not get through: after eight errors, or a day. Meanwhile the invoice itself counts as being answered.
SELECT i.supplier_id, i.id, i.number, i.buyer_name, i.state, i.status, a.requested_at,
    format('La réponse demandée (%s) n''aboutit pas : %s', a.kind, coalesce(t.last_error, 'l''agent ne s''en est pas occupé ; tourne-t-il, et le fournisseur est-il enregistré ?')),
    format('The answer asked for (%s) does not get through: %s', a.kind, coalesce(t.last_error, 'the agent has not come to it; does it run, and is the supplier registered?')),
    concat_ws('; ', 'SELECT chorus.retry(' || t.id || ') when the cause is gone', CASE WHEN a.state = 'queued' THEN format('SELECT chorus.withdraw(%L)', i.id) END),
    chorus.days_left(i.status, i.status_at)
FROM chorus.action a JOIN chorus.invoice i ON i.id = a.invoice_id LEFT JOIN chorus.task t ON t.invoice_id = a.invoice_id AND t.kind = 'action'
WHERE a.state IN ('queued', 'sent') AND (t.attempts >= 8 OR a.requested_at < now() - interval '1 day')
    AND (t.run_at = 'infinity' AND t.leased_until IS NULL) IS NOT TRUE
UNION ALL
-- What the agent has tried for a day without coming to an end; it goes on trying.
SELECT coalesce(t.supplier_id, i.supplier_id), i.id, i.number, i.buyer_name, i.state, i.status, t.created_at,
    CASE WHEN t.kind IN ('follow', 'history') THEN 'Les statuts ne peuvent être lus : ' ELSE 'Le dépôt n''aboutit pas : ' END
        || coalesce(t.last_error, 'Chorus Pro le traite encore'),
    CASE WHEN t.kind IN ('follow', 'history') THEN 'The statuses cannot be read: ' ELSE 'The deposit does not get through: ' END
        || coalesce(t.last_error, 'Chorus Pro is still working on it'),
    format('SELECT chorus.retry(%s) when the cause is gone', t.id), chorus.days_left(i.status, i.status_at)
FROM chorus.task t LEFT JOIN chorus.invoice i ON i.id = t.invoice_id JOIN chorus.supplier s ON s.id = coalesce(t.supplier_id, i.supplier_id)
WHERE t.created_at < now() - interval '1 day' AND t.run_at < 'infinity' AND s.state = 'registered'
    AND (t.kind IN ('look_up', 'flux') OR t.kind IN ('submit', 'history', 'follow') AND t.attempts >= 8)
UNION ALL
-- Suppliers whose account does not work, or whose invoices wait.
SELECT s.id, NULL, NULL, NULL, CASE WHEN s.paused AND s.state <> 'error' THEN 'paused' ELSE s.state END, NULL, NULL,
    CASE WHEN s.state = 'error' THEN format('Compte du fournisseur %s refusé : %s', s.identifier, coalesce(s.error_fr, s.error, 'cause inconnue'))
         WHEN s.paused THEN format('Fournisseur %s en pause : ses factures attendent', s.identifier)
         ELSE format('Fournisseur %s sans compte technique vérifié : ses factures attendent', s.identifier) END,
    CASE WHEN s.state = 'error' THEN format('Account of supplier %s refused: %s', s.identifier, coalesce(s.error, 'cause unknown'))
         WHEN s.paused THEN format('Supplier %s is paused: its invoices wait', s.identifier)
         ELSE format('Supplier %s has no technical account that was verified: its invoices wait', s.identifier) END,
    CASE WHEN s.paused AND s.state <> 'error' THEN format('SELECT chorus.resume(%s)', s.id)
         ELSE format('chorus-agent supplier invite %s', chorus.shell_word(s.identifier)) END, NULL
FROM chorus.supplier s
WHERE s.state = 'error'
    OR (s.paused OR s.state <> 'registered') AND EXISTS (SELECT FROM chorus.invoice i WHERE i.supplier_id = s.id AND i.state = 'ready')
UNION ALL
-- Chorus Pro is left alone: at once where a person must mend it, after an hour where it may come right by itself. Refused accounts are above.
SELECT b.supplier_id, NULL, NULL, NULL, 'held', NULL, b.opened_at,
    format('%s ne répond pas comme il faut, ce qui en dépend attend : %s ; %s',
        replace(chorus.breaker_name(b.api, b.supplier_id), 'supplier', 'fournisseur'), b.reason, b.remedy_fr),
    format('%s does not answer as it should, what depends on it waits: %s; %s', chorus.breaker_name(b.api, b.supplier_id), b.reason, b.remedy),
    'chorus-agent check', NULL
FROM chorus.api_breaker b
WHERE b.opened_at IS NOT NULL AND (b.api IS NOT NULL OR b.supplier_id IS NULL)
    AND (b.kind IN ('application', 'not_entitled') OR b.opened_at < now() - interval '1 hour')
    -- What everybody waits for is said once.
    AND NOT EXISTS (SELECT FROM chorus.api_breaker e WHERE b.supplier_id IS NOT NULL AND e.supplier_id IS NULL AND e.api = b.api AND e.kind = b.kind
        AND (e.kind = 'not_entitled' AND e.opened_at IS NOT NULL OR e.opened_at < now() - interval '1 hour'))
UNION ALL
-- Passwords of technical accounts end after 14 months.
SELECT s.id, NULL, NULL, NULL, s.state, NULL, s.checked_at,
    format('Le mot de passe du compte technique du fournisseur %s expire le %s : à renouveler dans Chorus Pro, puis à saisir de nouveau', s.identifier, to_char(s.password_expires_on, 'DD/MM/YYYY')),
    format('The password of the technical account of supplier %s ends on %s: to be renewed in Chorus Pro and typed again', s.identifier, s.password_expires_on),
    format('chorus-agent supplier invite %s', chorus.shell_word(s.identifier)), s.password_expires_on - (now() AT TIME ZONE 'Europe/Paris')::date
FROM chorus.supplier s
WHERE s.state = 'registered' AND s.password_expires_on <= (now() AT TIME ZONE 'Europe/Paris')::date + 30;

COMMENT ON VIEW chorus.todo IS 'What needs a person today: one row per invoice, task or supplier, with the reason, what to do, and the days left';
COMMENT ON COLUMN chorus.todo.reason_fr IS 'Why, in French; the buyer''s and Chorus Pro''s own words stay French in both languages';
COMMENT ON COLUMN chorus.todo.next_action IS 'The call to make';
COMMENT ON COLUMN chorus.todo.days_left IS 'Until Chorus Pro expects an answer; negative when late, NULL where no time is set';

CREATE VIEW chorus_report.todo WITH (security_invoker = true) AS
SELECT s.identifier AS supplier_identifier, s.name AS supplier_name, t.invoice_id, t.number, t.buyer_name, t.state, t.status,
       chorus.status_label(t.status) AS status_label, t.since, t.reason_fr, t.reason_en, t.next_action, t.days_left
FROM chorus.todo t LEFT JOIN chorus.supplier s ON s.id = t.supplier_id;
COMMENT ON VIEW chorus_report.todo IS 'One row per thing that needs a person, with the supplier''s name';

GRANT SELECT ON chorus.todo TO chorus_writer, chorus_reader, chorus_admin;
GRANT SELECT ON chorus_report.todo TO chorus_reader, chorus_writer, chorus_admin;
-- What the views read.
GRANT SELECT (id, kind, invoice_id, supplier_id, run_at, attempts, leased_until, last_error, created_at) ON chorus.task TO chorus_writer, chorus_reader;
GRANT SELECT (api, supplier_id, kind, reason, remedy, remedy_fr, opened_at) ON chorus.api_breaker TO chorus_writer, chorus_reader;
GRANT SELECT (history_read_at) ON chorus.invoice TO chorus_reader;
GRANT SELECT (id_type, state, paused, error, error_fr, password_expires_on, checked_at) ON chorus.supplier TO chorus_writer, chorus_reader;
GRANT SELECT ON chorus.last_status TO chorus_writer, chorus_reader, chorus_agent, chorus_admin;
GRANT INSERT, UPDATE, DELETE ON chorus.last_status TO chorus_admin;
GRANT UPDATE (seen_status, seen_at, history_read_at) ON chorus.invoice TO chorus_agent;
GRANT EXECUTE ON FUNCTION chorus.close_silent(bigint) TO chorus_agent;

UPDATE chorus.installation SET schema_version = 11;

RESET ROLE;
