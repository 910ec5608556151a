-- 0002: suppliers, and the public buyers as the directory of Chorus Pro has them.

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
    directory text NOT NULL DEFAULT 'refuse' CHECK (directory IN ('refuse', 'warn')),
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
COMMENT ON COLUMN chorus.supplier.directory IS 'What becomes of an invoice that lacks what its buyer asks for in the directory: refuse (invalid, until it is corrected), or warn (a finding, and it is sent)';
COMMENT ON COLUMN chorus.supplier.error IS 'Why the supplier is in state error, and what to do';
COMMENT ON COLUMN chorus.supplier.role IS 'Only members of this role see the supplier, its invoices and all that belongs to them; NULL: every application and report does';
COMMENT ON COLUMN chorus.supplier.error_fr IS 'The same in French';
COMMENT ON COLUMN chorus.supplier.error_code IS 'What kind of trouble: piste_client, technical_account, not_subscribed, not_attached, unknown_identifier, inactive, several_sirets, known_already, refused, credential';
COMMENT ON COLUMN chorus.supplier.password_expires_on IS 'Last day of the technical account''s password (dateExpirationMotPasseCompteTech), as read when the account was verified, and once a day since';
COMMENT ON COLUMN chorus.supplier.password_warning IS 'The agent has warned that the password ends within so many days: 30, 15, 5';
COMMENT ON COLUMN chorus.supplier.password_read_at IS 'When Chorus Pro was asked for that day last';
COMMENT ON COLUMN chorus.supplier.followed_until IS 'Statuses are known up to this time; the next search begins two days before';

-- The directory is public, and so is its copy: every application may read it. Every field that Chorus Pro may leave out is NULL where it
-- did: what is not known is never taken for a no.
CREATE TABLE chorus.structure (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id_type text NOT NULL DEFAULT 'SIRET',
    identifier text NOT NULL CHECK (identifier <> ''),
    found boolean,
    chorus_id bigint,
    name text,
    status text,
    active boolean GENERATED ALWAYS AS (CASE WHEN status IN ('ACTIVE', 'ACTIF') THEN true WHEN status IN ('INACTIVE', 'INACTIF') THEN false END) STORED,
    service_required boolean,
    commitment_required boolean,
    service_or_commitment boolean,
    works_only boolean,
    payment_not_reported boolean NOT NULL DEFAULT false,
    fetched_at timestamptz,
    services_at timestamptz,
    failing_since timestamptz,
    unanswered_at timestamptz,
    error text,
    error_fr text,
    CONSTRAINT structure_identifier_key UNIQUE (id_type, identifier)
);

COMMENT ON TABLE chorus.structure IS 'Public buyers, as the directory of Chorus Pro has them: those that invoices go to, and those that were searched for';
COMMENT ON COLUMN chorus.structure.id_type IS 'Kind of identifier, in Chorus Pro''s words (typeIdentifiantStructure)';
COMMENT ON COLUMN chorus.structure.found IS 'Whether Chorus Pro knows it; NULL: there has been no answer yet';
COMMENT ON COLUMN chorus.structure.chorus_id IS 'idStructureCPP';
COMMENT ON COLUMN chorus.structure.status IS 'statut, verbatim: ACTIVE, INACTIVE';
COMMENT ON COLUMN chorus.structure.active IS 'Whether it receives invoices, by its status; NULL: not said';
COMMENT ON COLUMN chorus.structure.service_required IS 'codeServiceDoitEtreRenseigne: an invoice must name a service (BT-10)';
COMMENT ON COLUMN chorus.structure.commitment_required IS 'numeroEJDoitEtreRenseigne: an invoice must name a commitment (BT-13)';
COMMENT ON COLUMN chorus.structure.service_or_commitment IS 'gestionNumeroEJOuCodeService: one of the two';
COMMENT ON COLUMN chorus.structure.works_only IS 'estMoaUniquement: invoices of works alone';
COMMENT ON COLUMN chorus.structure.payment_not_reported IS 'statutMiseEnPaiementNestPasRemonte: MISE_EN_PAIEMENT will never come';
COMMENT ON COLUMN chorus.structure.fetched_at IS 'When the question was asked whose answer this is; good for a day';
COMMENT ON COLUMN chorus.structure.services_at IS 'When the list of its services was asked for; NULL: not known';
COMMENT ON COLUMN chorus.structure.failing_since IS 'Since when Chorus Pro gives no answer; NULL: the last question was answered';
COMMENT ON COLUMN chorus.structure.unanswered_at IS 'When it was asked in vain and invoices went on without an answer, as those of the next hour do';
COMMENT ON COLUMN chorus.structure.error IS 'Why there is no answer, or only a part of it, and what to do';
COMMENT ON COLUMN chorus.structure.error_fr IS 'The same in French, where that is known';

CREATE TABLE chorus.service (
    structure_id bigint NOT NULL REFERENCES chorus.structure (id) ON DELETE CASCADE,
    code text NOT NULL CHECK (code <> ''),
    chorus_id bigint,
    name text,
    active boolean,
    commitment_required boolean,
    payment_reported boolean,
    details_at timestamptz,
    PRIMARY KEY (structure_id, code)
);

COMMENT ON TABLE chorus.service IS 'Services of public buyers, as the directory of Chorus Pro lists them';
COMMENT ON COLUMN chorus.service.structure_id IS 'Its buyer: chorus.structure (id)';
COMMENT ON COLUMN chorus.service.code IS 'codeService: what BT-10 names';
COMMENT ON COLUMN chorus.service.chorus_id IS 'idService';
COMMENT ON COLUMN chorus.service.active IS 'estActif: false where it takes no invoices any more';
COMMENT ON COLUMN chorus.service.commitment_required IS 'numeroEngagement: an invoice to it must name a commitment (BT-13)';
COMMENT ON COLUMN chorus.service.payment_reported IS 'miseEnPaiement: false where MISE_EN_PAIEMENT will never come';
COMMENT ON COLUMN chorus.service.details_at IS 'When the two above were asked for, which happens for services that invoices name';

-- Remedies are commands to be copied: identifiers of suppliers from outside the EU hold spaces.
CREATE FUNCTION chorus.shell_word(word text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN shell_word.word ~ '^[A-Za-z0-9._@:/+-]+$' THEN shell_word.word
        ELSE '''' || replace(shell_word.word, '''', '''\''''') || '''' END
$$;
COMMENT ON FUNCTION chorus.shell_word(text) IS 'A text as a shell takes it for one word: as it is, or in quotes where it has to be';

UPDATE chorus.installation SET schema_version = 2;

RESET ROLE;
