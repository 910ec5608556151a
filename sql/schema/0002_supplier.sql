-- 0002: suppliers.

DO $$
BEGIN
    IF (SELECT schema_version FROM chorus.installation) IS DISTINCT FROM 1 THEN
        RAISE EXCEPTION 'sql/schema/0002 applies to schema version 1, this database has %', (SELECT schema_version FROM chorus.installation)
            USING HINT = 'Apply the files of sql/schema in order, each once, or let `chorus-agent migrate` do it.';
    END IF;
END
$$;

SET ROLE chorus_owner;

CREATE TABLE chorus.supplier (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id_type text NOT NULL DEFAULT 'SIRET'
        CHECK (id_type IN ('SIRET', 'UE_HORS_FRANCE', 'HORS_UE', 'RIDET', 'TAHITI', 'AUTRE', 'TVA')),
    identifier text NOT NULL CHECK (identifier <> '' AND (id_type <> 'SIRET' OR identifier ~ '^[0-9]{14}$')
        AND (id_type <> 'TVA' OR identifier ~ '^FR[0-9A-Z]{2}[0-9]{9}$')),
    siren text GENERATED ALWAYS AS (CASE WHEN id_type = 'SIRET' THEN left(identifier, 9) END) STORED,
    name text,
    party jsonb,
    login text,
    credential bytea,
    state text NOT NULL DEFAULT 'empty' CHECK (state IN ('empty', 'processing', 'registered', 'error')),
    structure_id bigint,
    frameworks text[] NOT NULL DEFAULT '{A1,A2}',
    paused boolean NOT NULL DEFAULT false,
    checked_at timestamptz,
    error text,
    error_fr text,
    error_code text,
    password_expires_on date,
    password_warning smallint,
    password_read_at timestamptz,
    followed_until timestamptz,
    role text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT supplier_identifier_key UNIQUE (id_type, identifier),
    CONSTRAINT supplier_credential_check CHECK ((login IS NULL) = (credential IS NULL))
);

COMMENT ON TABLE chorus.supplier IS 'Suppliers who invoice through this database';
COMMENT ON COLUMN chorus.supplier.id_type IS 'Kind of identifier, in Chorus Pro''s words (typeIdentifiantStructure); TVA: a French VAT number, until the account has shown which SIRET it is';
COMMENT ON COLUMN chorus.supplier.identifier IS 'The identifier under which Chorus Pro knows the supplier: SIRET (14 digits), VAT number with its country, …';
COMMENT ON COLUMN chorus.supplier.siren IS 'First nine digits of the SIRET: Chorus Pro''s duplicate rule is per SIREN';
COMMENT ON COLUMN chorus.supplier.party IS 'GOBL org/party that the supplier was made from';
COMMENT ON COLUMN chorus.supplier.login IS 'Login of the technical account at Chorus Pro';
COMMENT ON COLUMN chorus.supplier.credential IS 'The technical account, sealed with the agent''s public key; only the agent opens it';
COMMENT ON COLUMN chorus.supplier.state IS 'empty (no account), processing (invited, or account stored and not yet verified), registered (verified at Chorus Pro), error (see columns error, error_fr)';
COMMENT ON COLUMN chorus.supplier.structure_id IS 'idStructureCPP of the supplier at Chorus Pro';
COMMENT ON COLUMN chorus.supplier.frameworks IS 'Cadres de facturation that may be sent: A1 and A2 unless a person adds others';
COMMENT ON COLUMN chorus.supplier.paused IS 'true: nothing of this supplier is deposited';
COMMENT ON COLUMN chorus.supplier.error IS 'Why the supplier is in state error, and what to do';
COMMENT ON COLUMN chorus.supplier.role IS 'Only members of this role see the supplier, its invoices and all that belongs to them; NULL: every application and report does';
COMMENT ON COLUMN chorus.supplier.error_fr IS 'The same in French';
COMMENT ON COLUMN chorus.supplier.error_code IS 'What kind of trouble: piste_client, technical_account, not_subscribed, not_attached, unknown_identifier, inactive, several_sirets, known_already, refused, credential';
COMMENT ON COLUMN chorus.supplier.password_expires_on IS 'Last day of the technical account''s password (dateExpirationMotPasseCompteTech), as read when the account was verified, and once a day since';
COMMENT ON COLUMN chorus.supplier.password_warning IS 'The agent has warned that the password ends within so many days: 30, 15, 5';
COMMENT ON COLUMN chorus.supplier.password_read_at IS 'When Chorus Pro was asked for that day last';
COMMENT ON COLUMN chorus.supplier.followed_until IS 'Statuses are known up to this time; the next search begins two days before';

UPDATE chorus.installation SET schema_version = 2;

RESET ROLE;
