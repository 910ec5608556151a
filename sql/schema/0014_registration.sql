-- 0014: registration of suppliers: invitations, what a verification found, revocation.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 13 THEN
        RAISE EXCEPTION 'sql/schema/0014 applies to schema version 13, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

-- SQL makes links, the agent serves them: it says here where people reach its page.
ALTER TABLE chorus.installation ADD COLUMN registration_url text CHECK (registration_url ~ '^https?://[^/]+(/.*)?[^/]$');
COMMENT ON COLUMN chorus.installation.registration_url IS 'Address of the registration page without /register, as suppliers reach it; the agent writes it from registration.public_url';

CREATE TABLE chorus.invitation (
    token_sha256 bytea PRIMARY KEY CHECK (length(token_sha256) = 32),
    supplier_id bigint NOT NULL REFERENCES chorus.supplier (id) ON DELETE CASCADE,
    created_by text NOT NULL DEFAULT current_user,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    error text,
    used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX invitation_supplier_idx ON chorus.invitation (supplier_id);

-- Links are for those in charge: nobody else has any right here.
ALTER TABLE chorus.invitation ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON chorus.invitation TO chorus_agent, chorus_admin USING (true) WITH CHECK (true);

COMMENT ON TABLE chorus.invitation IS 'Registration links: each is good for one registration, for a while';
COMMENT ON COLUMN chorus.invitation.token_sha256 IS 'SHA-256 of the token; the token itself is in the link alone';
COMMENT ON COLUMN chorus.invitation.attempts IS 'Accounts tried through this link; ten at most';
COMMENT ON COLUMN chorus.invitation.error IS 'Why the last one was refused';
COMMENT ON COLUMN chorus.invitation.used_at IS 'When an account was stored through it: it is good no more';
COMMENT ON COLUMN chorus.invitation.revoked_at IS 'When a newer link or chorus.revoke_supplier replaced it';

-- Two UUIDs: 244 bits from the server's strong random numbers.
-- Lock order, here and in the agent: supplier, then invitation.
CREATE FUNCTION chorus.invite_supplier(id bigint, valid_for interval DEFAULT '7 days') RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    base text := (SELECT n.registration_url FROM chorus.installation n);
    token text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
BEGIN
    IF base IS NULL THEN
        RAISE EXCEPTION 'the address of the registration page is not known'
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'Set registration.public_url in the agent''s configuration and start it: it serves the page and writes its address into chorus.installation.';
    END IF;
    IF valid_for IS NULL OR valid_for <= interval '0' OR valid_for > interval '90 days' THEN
        RAISE EXCEPTION 'a link cannot be valid for %', coalesce(valid_for::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Up to 90 days; 7 unless you say otherwise.';
    END IF;
    -- Whoever has a good account keeps it until another one is stored.
    UPDATE chorus.supplier s
    SET state = CASE WHEN s.state IN ('empty', 'error') THEN 'processing' ELSE s.state END,
        error = CASE WHEN s.state = 'registered' THEN s.error END,
        error_fr = CASE WHEN s.state = 'registered' THEN s.error_fr END,
        error_code = CASE WHEN s.state = 'registered' THEN s.error_code END
    WHERE s.id = invite_supplier.id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no supplier %', coalesce(id::text, 'NULL') USING ERRCODE = 'no_data_found', HINT = 'Look for its id in chorus.supplier.';
    END IF;
    UPDATE chorus.invitation i SET revoked_at = now() WHERE i.supplier_id = invite_supplier.id AND i.used_at IS NULL AND i.revoked_at IS NULL;
    INSERT INTO chorus.invitation (token_sha256, supplier_id, expires_at)
    VALUES (sha256(convert_to(token, 'UTF8')), invite_supplier.id, now() + valid_for);
    RETURN base || '/register/' || token;
END
$$;
COMMENT ON FUNCTION chorus.invite_supplier(bigint, interval) IS
    'Makes a registration link for a supplier, good once and for a while; it replaces earlier ones. Send it to the supplier: the token is stored nowhere';

CREATE FUNCTION chorus.revoke_supplier(id bigint) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE chorus.supplier s
    SET login = NULL, credential = NULL, state = 'empty', error = NULL, error_fr = NULL, error_code = NULL,
        password_expires_on = NULL, password_warning = NULL, password_read_at = NULL
    WHERE s.id = revoke_supplier.id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no supplier %', coalesce(id::text, 'NULL') USING ERRCODE = 'no_data_found', HINT = 'Look for its id in chorus.supplier.';
    END IF;
    UPDATE chorus.invitation i SET revoked_at = now() WHERE i.supplier_id = revoke_supplier.id AND i.used_at IS NULL AND i.revoked_at IS NULL;
END
$$;
COMMENT ON FUNCTION chorus.revoke_supplier(bigint) IS
    'Forgets a supplier''s technical account and withdraws its links: nothing more is sent or followed until it registers again';

-- The identifier, from the most to the least exact: SIRET, another identity that Chorus Pro knows, French VAT number, VAT number of another country.
CREATE FUNCTION chorus.add_supplier(party jsonb) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    kinds CONSTANT jsonb := '{"1": "SIRET", "2": "UE_HORS_FRANCE", "3": "HORS_UE", "4": "RIDET", "5": "TAHITI", "6": "AUTRE"}';
    country CONSTANT text := party #>> '{tax_id,country}';
    vat CONSTANT text := upper(regexp_replace(party #>> '{tax_id,code}', '[^0-9A-Za-z]', '', 'g'));
    id_type text;
    identifier text;
    added bigint;
BEGIN
    SELECT 'SIRET', regexp_replace(i ->> 'code', '\s', '', 'g') INTO id_type, identifier
    FROM jsonb_array_elements(CASE jsonb_typeof(party -> 'identities') WHEN 'array' THEN party -> 'identities' ELSE '[]' END) i
    WHERE i ->> 'type' = 'SIRET' LIMIT 1;
    IF NOT FOUND THEN
        SELECT kinds ->> (i #>> '{ext,fr-choruspro-scheme}'), btrim(i ->> 'code') INTO id_type, identifier
        FROM jsonb_array_elements(CASE jsonb_typeof(party -> 'identities') WHEN 'array' THEN party -> 'identities' ELSE '[]' END) i
        WHERE kinds ? (i #>> '{ext,fr-choruspro-scheme}') LIMIT 1;
    END IF;
    IF identifier IS NULL AND vat IS NOT NULL THEN
        id_type := CASE country WHEN 'FR' THEN 'TVA' ELSE 'UE_HORS_FRANCE' END;
        identifier := country || regexp_replace(vat, '^' || country, '');
    END IF;
    IF identifier IS NULL THEN
        RAISE EXCEPTION 'the party has no identifier that Chorus Pro knows'
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'Give identities [{"type": "SIRET", "code": "14 digits"}], or tax_id {"country": "FR", "code": "…"}.';
    END IF;
    INSERT INTO chorus.supplier AS s (id_type, identifier, name, party) VALUES (id_type, identifier, party ->> 'name', party)
    ON CONFLICT ON CONSTRAINT supplier_identifier_key DO UPDATE SET name = coalesce(excluded.name, s.name), party = excluded.party
    RETURNING s.id INTO added;
    RETURN added;
END
$$;
COMMENT ON FUNCTION chorus.add_supplier(jsonb) IS
    'Adds a supplier from a GOBL org/party (its SIRET, another identity with fr-choruspro-scheme, or its VAT number is enough), or updates it; returns its id';

DO $$
DECLARE
    f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['chorus.invite_supplier(bigint, interval)', 'chorus.revoke_supplier(bigint)', 'chorus.add_supplier(jsonb)']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO chorus_admin, chorus_agent', f);
    END LOOP;
END
$$;

CREATE VIEW chorus_report.supplier WITH (security_invoker = true) AS
SELECT s.id, s.id_type, s.identifier, s.name, s.state, s.error, s.error_fr, s.error_code, s.paused, s.checked_at, s.password_expires_on,
       s.password_expires_on - (now() AT TIME ZONE 'Europe/Paris')::date AS password_days_left
FROM chorus.supplier s;
COMMENT ON VIEW chorus_report.supplier IS 'One row per supplier: whether it may invoice, why not, and how long its password is good';

GRANT SELECT ON chorus.invitation TO chorus_admin, chorus_agent;
GRANT INSERT (token_sha256, supplier_id, expires_at), UPDATE (revoked_at) ON chorus.invitation TO chorus_admin;
GRANT INSERT (token_sha256, supplier_id, expires_at), UPDATE (revoked_at, used_at, attempts, error) ON chorus.invitation TO chorus_agent;
GRANT UPDATE (registration_url) ON chorus.installation TO chorus_admin, chorus_agent;
GRANT INSERT (party), UPDATE (id_type, identifier, party, password_expires_on, password_warning, password_read_at, error_code, error_fr) ON chorus.supplier TO chorus_agent;
GRANT INSERT (party), UPDATE (party, password_expires_on, password_warning, password_read_at, error_code, error_fr) ON chorus.supplier TO chorus_admin;
GRANT SELECT (error_code) ON chorus.supplier TO chorus_reader;
GRANT SELECT ON chorus_report.supplier TO chorus_reader, chorus_admin;

UPDATE chorus.installation SET schema_version = 14;

RESET ROLE;
