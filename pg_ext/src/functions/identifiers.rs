//! Functions on identifiers: `siren_is_valid`, `siret_is_valid`, `vat_id_is_valid`, `iban_is_valid`.

use einvoice::chorus::identifiers;
use pgrx::pg_extern;

#[pg_extern]
fn siren_is_valid(siren: &str) -> bool {
    identifiers::siren_is_valid(siren)
}

#[pg_extern]
fn siret_is_valid(siret: &str) -> bool {
    identifiers::siret_is_valid(siret)
}

#[pg_extern]
fn vat_id_is_valid(vat_id: &str) -> bool {
    identifiers::vat_id_is_valid(vat_id)
}

#[pg_extern]
fn iban_is_valid(iban: &str) -> bool {
    identifiers::iban_is_valid(iban)
}
