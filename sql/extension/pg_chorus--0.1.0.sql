-- pg_chorus 0.1.0: the functions, and nothing else.
--
-- PostgreSQL makes the schema named in the control file where it is missing, before the extension exists: so the
-- schema is no member, and DROP EXTENSION leaves it and the tables in it alone. Nothing here may create a schema.
-- Nothing here may leave ASCII either: a database of another encoding must hear that it is refused, not that a character is.
--
-- Each function depends on its arguments alone, hence IMMUTABLE and PARALLEL SAFE, and needs no rights: PUBLIC may
-- execute them all (whoever has USAGE on schema chorus). COST is measured on an invoice of one line, in additions of
-- two integers.

\echo Use "CREATE EXTENSION pg_chorus" to load this file. \quit

CREATE FUNCTION chorus.build(doc jsonb)
    RETURNS jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 5000
    AS 'MODULE_PATHNAME', 'build_wrapper';
COMMENT ON FUNCTION chorus.build(jsonb) IS
    'The invoice with its lines, taxes and totals calculated: a bare GOBL invoice for a bare one, an envelope for an envelope. ERROR where it cannot be calculated.';

-- Not STRICT: profile is NULL by default.
CREATE FUNCTION chorus.validate(doc jsonb, lang text DEFAULT 'en', profile text DEFAULT NULL)
    RETURNS TABLE (rule text, severity text, path text, term text, value text, message text, hint text, same_as text[])
    LANGUAGE c IMMUTABLE PARALLEL SAFE COST 6000 ROWS 5
    AS 'MODULE_PATHNAME', 'validate_wrapper';
COMMENT ON FUNCTION chorus.validate(jsonb, text, text) IS
    'Everything wrong with the invoice, ordered by path: one row for each problem and place. lang: en or fr. profile: choruspro or en16931; NULL takes it from the addons of the document. severity is fatal, warning or information; same_as holds the ids of other rules that name the same problem.';

CREATE FUNCTION chorus.is_valid(doc jsonb)
    RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 4000
    AS 'MODULE_PATHNAME', 'is_valid_wrapper';
COMMENT ON FUNCTION chorus.is_valid(jsonb) IS
    'Whether the invoice has no fatal finding. False also for a document that is no GOBL invoice. As a constraint: CHECK (chorus.is_valid(doc)) NOT VALID.';

CREATE FUNCTION chorus.assert_valid(doc jsonb)
    RETURNS jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 4000
    AS 'MODULE_PATHNAME', 'assert_valid_wrapper';
COMMENT ON FUNCTION chorus.assert_valid(jsonb) IS
    'The document as it is, if it has no fatal finding. Otherwise an ERROR (check_violation) with the findings in DETAIL.';

CREATE FUNCTION chorus.process(doc jsonb, today date, id uuid)
    RETURNS TABLE (
        doc jsonb,
        findings jsonb,
        fatal_count integer,
        number text,
        type text,
        document_type text,
        framework text,
        issue_date date,
        currency text,
        total_without_tax numeric,
        total_tax numeric,
        total_with_tax numeric,
        amount_due numeric,
        supplier_id_type text,
        supplier_identifier text,
        supplier_name text,
        buyer_id_type text,
        buyer_identifier text,
        buyer_name text,
        service_code text,
        commitment_number text,
        contract_number text)
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 16000 ROWS 1
    AS 'MODULE_PATHNAME', 'process_wrapper';
COMMENT ON FUNCTION chorus.process(jsonb, date, uuid) IS
    'One row: the calculated bare invoice, its findings, and the plain columns of chorus.invoice. today and id stand in for a missing issue date and uuid. ERROR only where the document is no GOBL invoice at all; a calculation that fails is a finding.';

CREATE FUNCTION chorus.render_cii(
        doc jsonb,
        profile text DEFAULT 'choruspro',
        attachment_names text[] DEFAULT '{}',
        attachment_mimes text[] DEFAULT '{}',
        attachment_contents bytea[] DEFAULT '{}')
    RETURNS xml
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 5000
    AS 'MODULE_PATHNAME', 'render_cii_wrapper';
COMMENT ON FUNCTION chorus.render_cii(jsonb, text, text[], text[], bytea[]) IS
    'The invoice as UN/CEFACT Cross Industry Invoice D16B. profile: choruspro or en16931. The three arrays hold name, MIME code and content of each embedded attachment. The bytes to send are convert_to(render_cii(doc)::text, ''UTF8'').';

-- Not STRICT: code, series and reason are NULL by default.
CREATE FUNCTION chorus.correct(
        doc jsonb,
        type text,
        issue_date date,
        code text DEFAULT NULL,
        series text DEFAULT NULL,
        reason text DEFAULT NULL,
        copy_tax boolean DEFAULT false)
    RETURNS jsonb
    LANGUAGE c IMMUTABLE PARALLEL SAFE COST 7000
    AS 'MODULE_PATHNAME', 'correct_wrapper';
COMMENT ON FUNCTION chorus.correct(jsonb, text, date, text, text, text, boolean) IS
    'The correction of an issued invoice, calculated: type credit-note or corrective, with the invoice as its preceding document. A bare invoice, also for an envelope. Advances and due dates before issue_date are left out. Without code it still lacks its number; series is not taken over. copy_tax shows the taxes of the invoice in the reference to it.';

CREATE FUNCTION chorus.siren_is_valid(siren text)
    RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10
    AS 'MODULE_PATHNAME', 'siren_is_valid_wrapper';
COMMENT ON FUNCTION chorus.siren_is_valid(text) IS
    'Whether the text is a SIREN: nine digits, spaces between them allowed, the last one a key of Luhn. Whether SIRENE knows it is not asked.';

CREATE FUNCTION chorus.siret_is_valid(siret text)
    RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10
    AS 'MODULE_PATHNAME', 'siret_is_valid_wrapper';
COMMENT ON FUNCTION chorus.siret_is_valid(text) IS
    'Whether the text is a SIRET: fourteen digits, spaces between them allowed, the last one a key of Luhn, or the sum that establishments of La Poste have.';

CREATE FUNCTION chorus.vat_id_is_valid(vat_id text)
    RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20
    AS 'MODULE_PATHNAME', 'vat_id_is_valid_wrapper';
COMMENT ON FUNCTION chorus.vat_id_is_valid(text) IS
    'Whether the text is the VAT number of a member of the EU, with its country code and the key of that country. Whether VIES knows it is not asked.';

CREATE FUNCTION chorus.iban_is_valid(iban text)
    RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20
    AS 'MODULE_PATHNAME', 'iban_is_valid_wrapper';
COMMENT ON FUNCTION chorus.iban_is_valid(text) IS
    'Whether the text is an IBAN, spaces between its groups allowed, with the length and the key of ISO 13616.';

CREATE FUNCTION chorus.digest(doc jsonb)
    RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 8000
    AS 'MODULE_PATHNAME', 'digest_wrapper';
COMMENT ON FUNCTION chorus.digest(jsonb) IS
    'SHA-256, in hexadecimal, of the canonical JSON of the document: what the header of a GOBL envelope holds as dig.val.';

CREATE FUNCTION chorus.check_cii(cii bytea, profile text DEFAULT 'en16931', lang text DEFAULT 'en')
    RETURNS TABLE (rule text, severity text, path text, term text, value text, message text, hint text, same_as text[])
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 5000 ROWS 5
    AS 'MODULE_PATHNAME', 'check_cii_bytes_wrapper';
COMMENT ON FUNCTION chorus.check_cii(bytea, text, text) IS
    'Everything wrong with a CII file, in the order of the file: what is no XML (XML-), no D16B (XSD-), and what breaks the rules of EN 16931 (BR-, CII-). profile: en16931 or choruspro. lang: en or fr.';

CREATE FUNCTION chorus.check_cii(cii text, profile text DEFAULT 'en16931', lang text DEFAULT 'en')
    RETURNS TABLE (rule text, severity text, path text, term text, value text, message text, hint text, same_as text[])
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 5000 ROWS 5
    AS 'MODULE_PATHNAME', 'check_cii_text_wrapper';
COMMENT ON FUNCTION chorus.check_cii(text, text, text) IS
    'As check_cii of the bytes, for a file that is text already: the encoding it declares is not looked at.';

CREATE FUNCTION chorus.parse_cii(cii bytea)
    RETURNS jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 8000
    AS 'MODULE_PATHNAME', 'parse_cii_bytes_wrapper';
COMMENT ON FUNCTION chorus.parse_cii(bytea) IS
    'The invoice of a CII file as a calculated GOBL document; chorus.check_cii tells where the totals of the file differ from what they are made of. ERROR where the file is no CII.';

CREATE FUNCTION chorus.parse_cii(cii text)
    RETURNS jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 8000
    AS 'MODULE_PATHNAME', 'parse_cii_text_wrapper';
COMMENT ON FUNCTION chorus.parse_cii(text) IS
    'As parse_cii of the bytes, for a file that is text already: the encoding it declares is not looked at.';

-- Not STRICT: what is not known of the buyer is NULL.
CREATE FUNCTION chorus.check_directory(doc jsonb, structure jsonb, services jsonb, lang text DEFAULT 'en')
    RETURNS TABLE (rule text, severity text, path text, term text, value text, message text, hint text, same_as text[])
    LANGUAGE c IMMUTABLE PARALLEL SAFE COST 5000 ROWS 2
    AS 'MODULE_PATHNAME', 'check_directory_wrapper';
COMMENT ON FUNCTION chorus.check_directory(jsonb, jsonb, jsonb, text) IS
    'What the invoice lacks of that which its buyer asks for, ordered by path; what is not known of the buyer is a warning or an information, never no row. structure: the answers of structures/v1/rechercher and structures/v1/consulter in one object (listeStructures empty: no such structure; staleSince: when it was asked, where that is long ago); services: that of structures/v1/rechercher/services, each service with the parametres of structures/v1/consulter/service where known; NULL: not asked. lang: en or fr.';

CREATE FUNCTION chorus.locate(doc jsonb, cii_path text)
    RETURNS TABLE (path text, term text)
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 9000 ROWS 1
    AS 'MODULE_PATHNAME', 'locate_wrapper';
COMMENT ON FUNCTION chorus.locate(jsonb, text) IS
    'The field of the document, and its term, that an element of the CII file comes from. cii_path: the path of the element, or a message of Chorus Pro that names it (FichierXml. and so on). No row where it names none that a term of EN 16931 is for.';

CREATE FUNCTION chorus.rules()
    RETURNS TABLE (rule text, severity text, terms text[], en text, fr text, source text)
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 300
    AS 'MODULE_PATHNAME', 'rules_wrapper';
COMMENT ON FUNCTION chorus.rules() IS
    'The catalogue of rules, ordered by id: severity, EN 16931 terms, message in English and French ({value}, {wanted} and {path} stand for those of the finding), and source.';

CREATE FUNCTION chorus.explain(id text)
    RETURNS TABLE (rule text, severity text, terms text[], en text, fr text, source text, hint_en text, hint_fr text, same_as text[])
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 1
    AS 'MODULE_PATHNAME', 'explain_wrapper';
COMMENT ON FUNCTION chorus.explain(text) IS
    'One rule of the catalogue, with its remedy in English and French, and the ids of the rules that name the same problem.';

CREATE FUNCTION chorus.library_version()
    RETURNS text
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
    AS 'MODULE_PATHNAME', 'library_version_wrapper';
COMMENT ON FUNCTION chorus.library_version() IS
    'Version of the library in use. STABLE, not IMMUTABLE: it changes when the library is replaced.';
