-- 0015: the directory: what an invoice is held against before it is sent, and questions of people about buyers.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 14 THEN
        RAISE EXCEPTION 'sql/schema/0015 applies to schema version 14, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

-- The answers of Chorus Pro as chorus.check_directory reads them, put together again from the tables.
CREATE FUNCTION chorus.structure_answer(structure chorus.structure) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN structure.fetched_at IS NULL THEN NULL
        WHEN NOT structure.found THEN '{"listeStructures": []}'
        ELSE jsonb_build_object(
            'listeStructures', jsonb_build_array(jsonb_build_object('statut', structure.status)),
            'parametres', CASE WHEN num_nonnulls(structure.service_required, structure.commitment_required, structure.service_or_commitment, structure.works_only) > 0
                THEN jsonb_build_object('codeServiceDoitEtreRenseigne', structure.service_required, 'numeroEJDoitEtreRenseigne', structure.commitment_required,
                    'gestionNumeroEJOuCodeService', structure.service_or_commitment, 'estMoaUniquement', structure.works_only) END,
            'staleSince', CASE WHEN structure.fetched_at <= now() - interval '24 hours'
                THEN to_char(structure.fetched_at AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD HH24:MI') END)
    END
$$;
COMMENT ON FUNCTION chorus.structure_answer(chorus.structure) IS 'What the directory says of a buyer, in the shape of its answers; NULL: nothing is known';

CREATE FUNCTION chorus.services_answer(structure bigint, code text DEFAULT NULL) RETURNS jsonb
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('codeService', s.code, 'libelleService', s.name, 'estActif', s.active,
        'parametres', CASE WHEN s.commitment_required IS NOT NULL THEN jsonb_build_object('numeroEngagement', s.commitment_required) END) ORDER BY s.code), '[]')
    FROM chorus.service s
    WHERE s.structure_id = services_answer.structure AND (services_answer.code IS NULL OR s.code = services_answer.code)
$$;
COMMENT ON FUNCTION chorus.services_answer(bigint, text) IS 'The services of a buyer, or the one of that code, in the shape of the directory''s answers';

-- An answer is good for a day. Without one the invoice waits: the agent asks, and says when it goes on without, which lets those of
-- the next hour go on too. What a buyer lacks is judged by chorus.check_directory alone; here is decided which answer counts.
CREATE FUNCTION chorus.hold_against_directory(invoice chorus.invoice, OUT findings jsonb, OUT at timestamptz)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    since CONSTANT timestamptz := coalesce(invoice.directory_since, '-infinity');
    buyer chorus.structure;
    service chorus.service;
    structure jsonb;
    services jsonb;
    vain boolean := false;
BEGIN
    findings := '[]';
    -- Other rules say what is wrong with it.
    IF invoice.buyer_id_type IS NULL OR coalesce(invoice.buyer_identifier, '') = '' THEN
        at := now();
        RETURN;
    END IF;
    SELECT * INTO buyer FROM chorus.structure b WHERE b.id_type = invoice.buyer_id_type AND b.identifier = invoice.buyer_identifier;
    SELECT * INTO service FROM chorus.service s WHERE s.structure_id = buyer.id AND s.code = btrim(invoice.service_code);
    -- What a service requires matters only where nothing else settles it.
    IF buyer.fetched_at >= greatest(since, now() - interval '24 hours')
        AND (service.chorus_id IS NULL OR coalesce(invoice.commitment_number, invoice.contract_number) IS NOT NULL OR buyer.commitment_required
            OR service.active = false OR service.details_at >= greatest(since, now() - interval '24 hours')) THEN
        at := buyer.fetched_at;
    ELSIF buyer.unanswered_at >= greatest(since, now() - interval '1 hour') THEN
        at := now();
        vain := true;
    ELSE
        RETURN;
    END IF;

    IF buyer.fetched_at >= since THEN
        structure := chorus.structure_answer(buyer);
        IF buyer.services_at IS NOT NULL THEN
            services := chorus.services_answer(buyer.id, service.code);
        END IF;
    END IF;
    IF NOT EXISTS (SELECT FROM chorus.check_directory(invoice.doc, structure, services, 'fr')) THEN
        RETURN;
    END IF;
    -- Hints list all services; most invoices need none.
    IF services IS NOT NULL THEN
        services := chorus.services_answer(buyer.id);
    END IF;
    SELECT jsonb_agg(jsonb_build_object('rule', f.rule, 'term', nullif(f.term, ''), 'value', nullif(f.value, ''), 'same_as', f.same_as,
        'severity', CASE WHEN f.severity = 'fatal' AND (SELECT s.directory FROM chorus.supplier s WHERE s.id = invoice.supplier_id) = 'warn'
            THEN 'warning' ELSE f.severity END,
        'path', CASE WHEN invoice.source ? 'doc' THEN '$.doc' || substr(f.path, 2) ELSE f.path END,
        'message_fr', f.message, 'message_en', e.message,
        'hint_fr', concat_ws(' ', f.hint, CASE WHEN said THEN coalesce(buyer.error_fr, buyer.error) END),
        'hint_en', concat_ws(' ', e.hint, CASE WHEN said THEN buyer.error END)) ORDER BY f.ordinality)
    INTO findings
    FROM chorus.check_directory(invoice.doc, structure, services, 'fr') WITH ORDINALITY f
        JOIN chorus.check_directory(invoice.doc, structure, services, 'en') WITH ORDINALITY e ON e.ordinality = f.ordinality,
        -- Why there is no answer, or only a part of it.
        LATERAL (SELECT f.rule LIKE 'PGC-CPRO-DIRECTORY%' AND (f.rule <> 'PGC-CPRO-DIRECTORY-STALE' OR vain) AS said) why;
END
$$;
COMMENT ON FUNCTION chorus.hold_against_directory(chorus.invoice) IS
    'What an invoice lacks of that which its buyer asks for, as findings, and of when that is known; at is NULL where it has to be asked first';

-- The document stays as it was sent: what is asked of the new routing is asked of a document that holds nothing else.
CREATE FUNCTION chorus.hold_recycling_against_directory(invoice uuid, buyer text, service text, commitment text, OUT findings jsonb, OUT at timestamptz)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    it chorus.invoice;
BEGIN
    SELECT * INTO it FROM chorus.invoice i WHERE i.id = hold_recycling_against_directory.invoice;
    it.buyer_id_type := coalesce(CASE WHEN it.buyer_identifier = buyer THEN it.buyer_id_type END, 'SIRET');
    it.buyer_identifier := buyer;
    it.service_code := nullif(service, '');
    it.commitment_number := nullif(commitment, '');
    it.directory_since := NULL;
    it.source := NULL;
    it.doc := jsonb_build_object(
        '$schema', 'https://gobl.org/draft-0/bill/invoice', '$regime', 'FR', '$addons', '["eu-en16931-v2017", "fr-choruspro-v1"]'::jsonb,
        'code', it.number, 'issue_date', it.issue_date, 'currency', 'EUR', 'tax', jsonb_build_object('ext', jsonb_build_object('fr-choruspro-framework', it.framework)),
        'supplier', (SELECT jsonb_build_object('name', s.name, 'ext', '{"fr-choruspro-scheme": "1"}'::jsonb,
                'identities', jsonb_build_array(jsonb_build_object('type', 'SIRET', 'code', s.identifier)))
            FROM chorus.supplier s WHERE s.id = it.supplier_id AND s.id_type = 'SIRET'),
        'customer', jsonb_build_object('name', it.buyer_name, 'ext', '{"fr-choruspro-scheme": "1"}'::jsonb,
            'identities', jsonb_build_array(jsonb_build_object('type', 'SIRET', 'code', buyer))),
        'ordering', jsonb_build_object('code', it.service_code,
            'purchases', CASE WHEN it.commitment_number IS NOT NULL THEN jsonb_build_array(jsonb_build_object('code', it.commitment_number)) END,
            'contracts', CASE WHEN it.contract_number IS NOT NULL THEN jsonb_build_array(jsonb_build_object('code', it.contract_number)) END));
    it.doc := jsonb_strip_nulls(it.doc);
    SELECT h.findings, h.at INTO findings, at FROM chorus.hold_against_directory(it) h;
END
$$;
COMMENT ON FUNCTION chorus.hold_recycling_against_directory(uuid, text, text, text) IS
    'What an invoice would lack at the buyer and service that it is to be recycled to; as chorus.hold_against_directory';

-- Questions of people and applications. What was fetched before the task was made does not count for it.
CREATE FUNCTION chorus.refresh_structure(identifier text, id_type text DEFAULT 'SIRET') RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted CONSTANT text := CASE id_type WHEN 'SIRET' THEN regexp_replace(identifier, '[\s.]', '', 'g') ELSE btrim(identifier) END;
    buyer bigint;
    task bigint;
BEGIN
    IF id_type IS NULL OR id_type NOT IN ('SIRET', 'UE_HORS_FRANCE', 'HORS_UE', 'RIDET', 'TAHITI', 'AUTRE', 'PARTICULIER')
        OR coalesce(wanted, '') = '' OR length(wanted) > 80 OR id_type = 'SIRET' AND wanted !~ '^[0-9]{14}$' THEN
        RAISE EXCEPTION '% is no %', coalesce('"' || identifier || '"', 'NULL'), coalesce(id_type, 'identifier')
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the 14 digits of a SIRET, or another identifier and its id_type: UE_HORS_FRANCE, HORS_UE, RIDET, TAHITI, AUTRE.';
    END IF;
    INSERT INTO chorus.structure (id_type, identifier) VALUES (refresh_structure.id_type, wanted)
    ON CONFLICT ON CONSTRAINT structure_identifier_key DO NOTHING RETURNING id INTO buyer;
    IF buyer IS NULL THEN
        SELECT b.id INTO buyer FROM chorus.structure b WHERE b.id_type = refresh_structure.id_type AND b.identifier = wanted;
    END IF;
    INSERT INTO chorus.task AS t (kind, structure_id) VALUES ('directory', buyer)
    ON CONFLICT (structure_id, kind) WHERE structure_id IS NOT NULL
    DO UPDATE SET run_at = now(), created_at = clock_timestamp(), attempts = 0, last_error = NULL
    RETURNING t.id INTO task;
    PERFORM pg_catalog.pg_notify('chorus', '');
    RETURN task;
END
$$;
COMMENT ON FUNCTION chorus.refresh_structure(text, text) IS
    'Has Chorus Pro''s directory asked about a buyer now, whatever is known of it; chorus.structure and chorus.service hold the answer. Returns the task';

CREATE FUNCTION chorus.search_structure(text text) RETURNS TABLE (id_type text, identifier text, name text, found boolean, active boolean,
        service_required boolean, commitment_required boolean, service_or_commitment boolean, works_only boolean, payment_not_reported boolean,
        services jsonb, fetched_at timestamptz, note_fr text, note_en text)
    LANGUAGE plpgsql SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted CONSTANT text := btrim(search_structure.text);
    digits CONSTANT text := regexp_replace(wanted, '[\s.]', '', 'g');
    asked boolean := false;
BEGIN
    IF coalesce(wanted, '') = '' THEN
        RAISE EXCEPTION 'there is nothing to search for'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Give a SIRET, the beginning of one, or a part of the buyer''s name.';
    END IF;
    -- A whole SIRET that is not known, nor asked for, is asked for now.
    IF digits ~ '^[0-9]{14}$' AND NOT EXISTS (SELECT FROM chorus.structure b LEFT JOIN chorus.task t ON t.structure_id = b.id
            WHERE b.id_type = 'SIRET' AND b.identifier = digits AND (b.fetched_at IS NOT NULL OR t.id IS NOT NULL)) THEN
        asked := current_setting('transaction_read_only') = 'off';
        IF asked THEN
            PERFORM chorus.refresh_structure(digits);
        ELSE
            RETURN QUERY SELECT 'SIRET', digits, NULL::text, NULL::boolean, NULL::boolean, NULL::boolean, NULL::boolean, NULL::boolean, NULL::boolean,
                NULL::boolean, NULL::jsonb, NULL::timestamptz,
                'Inconnu ici, et cette transaction ne peut interroger Chorus Pro : elle est en lecture seule',
                'Not known here, and this transaction cannot have Chorus Pro asked: it is read-only';
        END IF;
    END IF;
    RETURN QUERY
    SELECT b.id_type, b.identifier, b.name, b.found, b.active, b.service_required, b.commitment_required, b.service_or_commitment, b.works_only,
        CASE WHEN b.found THEN b.payment_not_reported END,
        (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('code', s.code, 'name', s.name, 'commitment_required', s.commitment_required)) ORDER BY s.code)
         FROM chorus.service s WHERE s.structure_id = b.id AND s.active IS NOT FALSE),
        b.fetched_at,
        CASE WHEN asked AND b.identifier = digits THEN 'Inconnu ici : Chorus Pro est interrogé ; cherchez de nouveau dans quelques instants'
             WHEN b.fetched_at IS NULL THEN concat_ws(' ', 'Chorus Pro est interrogé, et n''a pas encore répondu.', coalesce(b.error_fr, b.error))
             WHEN NOT b.found THEN 'Chorus Pro ne connaît aucune structure de ce nom'
             WHEN NOT b.active THEN 'Ne reçoit plus de factures'
             WHEN b.fetched_at <= now() - interval '24 hours' THEN 'Réponse de plus d''un jour : chorus.refresh_structure(identifier) la renouvelle' END,
        CASE WHEN asked AND b.identifier = digits THEN 'Not known here: Chorus Pro is being asked; search again in a moment'
             WHEN b.fetched_at IS NULL THEN concat_ws(' ', 'Chorus Pro is being asked and has not answered yet.', b.error)
             WHEN NOT b.found THEN 'Chorus Pro knows no such structure'
             WHEN NOT b.active THEN 'Receives no invoices any more'
             WHEN b.fetched_at <= now() - interval '24 hours' THEN 'An answer more than a day old: chorus.refresh_structure(identifier) renews it' END
    FROM chorus.structure b
    WHERE CASE WHEN digits ~ '^[0-9]{3,14}$' THEN starts_with(b.identifier, digits) ELSE b.identifier = wanted OR position(lower(wanted) IN lower(b.name)) > 0 END
    ORDER BY b.active DESC NULLS LAST, b.name, b.identifier LIMIT 50;
END
$$;
COMMENT ON FUNCTION chorus.search_structure(text) IS
    'Buyers by SIRET, by the beginning of one, or by a part of their name, with what they ask for, as far as they are known here (50 at most); a whole SIRET that is not known has Chorus Pro asked, and a note says so';

DO $$
DECLARE
    f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['chorus.structure_answer(chorus.structure)', 'chorus.services_answer(bigint, text)', 'chorus.hold_against_directory(chorus.invoice)',
        'chorus.hold_recycling_against_directory(uuid, text, text, text)', 'chorus.refresh_structure(text, text)', 'chorus.search_structure(text)']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO chorus_writer, chorus_admin', f);
    END LOOP;
    FOREACH f IN ARRAY ARRAY['chorus.structure_answer(chorus.structure)', 'chorus.services_answer(bigint, text)', 'chorus.hold_against_directory(chorus.invoice)',
        'chorus.hold_recycling_against_directory(uuid, text, text, text)']::regprocedure[] LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO chorus_agent', f);
    END LOOP;
END
$$;

CREATE VIEW chorus_report.service WITH (security_invoker = true) AS
SELECT b.id_type, b.identifier AS buyer_identifier, b.name AS buyer_name, b.active AS buyer_active, b.service_required, b.commitment_required, b.service_or_commitment,
       b.works_only, b.payment_not_reported, s.code AS service_code, s.name AS service_name, s.active AS service_active,
       s.commitment_required AS service_commitment_required, s.payment_reported AS service_payment_reported, b.fetched_at
FROM chorus.structure b LEFT JOIN chorus.service s ON s.structure_id = b.id WHERE b.found;
COMMENT ON VIEW chorus_report.service IS 'One row per service of a known buyer, or per buyer without services: what they ask for';

GRANT SELECT ON chorus.structure, chorus.service TO chorus_writer, chorus_reader, chorus_agent, chorus_admin;
GRANT INSERT, UPDATE ON chorus.structure TO chorus_agent;
GRANT INSERT, UPDATE, DELETE ON chorus.service TO chorus_agent;
GRANT UPDATE (directory, directory_at) ON chorus.invoice TO chorus_agent;
-- What the insert trigger reads for an application.
GRANT SELECT (directory) ON chorus.supplier TO chorus_writer;
GRANT INSERT (directory), UPDATE (directory) ON chorus.supplier TO chorus_admin;
GRANT SELECT ON chorus_report.service TO chorus_reader, chorus_writer, chorus_admin;

UPDATE chorus.installation SET schema_version = 15;

RESET ROLE;
