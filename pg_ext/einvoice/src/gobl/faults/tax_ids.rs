//! GOBL's checks of tax numbers of other countries than France, in any document.

use super::kinds::TaxIdentities;
use super::row::{Failure, Row, found};
use crate::finding::Term::Bt;
use crate::gobl::model::TaxIdentity;
use crate::gobl::tax_id;

/// Countries that have rules of their own here or in [`super::france`].
pub(super) const GOBL_CHECKS: [&str; 17] = [
    "FR", "GB", "AT", "BE", "CH", "DE", "DK", "ES", "FI", "EL", "IE", "IT", "NL", "NO", "PL", "PT",
    "SE",
];

const HINT: [&str; 2] = [
    "Check the number, and write it without the letters of the country.",
    "Vérifiez le numéro, et écrivez-le sans les lettres du pays.",
];

/// A row for one country: its code in GOBL, its own code, its adjective in English and French.
macro_rules! rows {
    ($($id:literal $country:literal $en:literal $fr:literal;)*) => {
        [$(
            Row::<TaxIdentities>::new(
                "code",
                $id,
                &[Bt(31), Bt(48)],
                [
                    concat!("\"{value}\" is no ", $en, " VAT number: those have {wanted}."),
                    concat!("« {value} » n’est pas un numéro de TVA ", $fr, ", dont la forme est : {wanted}."),
                ],
                HINT,
                |tax_id, _| malformed(tax_id, $country),
            )
        ),*]
    };
}

pub(super) static FOREIGN: [Row<TaxIdentities>; 15] = rows! {
    "GOBL-AT-TAX-IDENTITY-01" "AT" "Austrian" "autrichien";
    "GOBL-BE-TAX-IDENTITY-01" "BE" "Belgian" "belge";
    "GOBL-CH-TAX-IDENTITY-01" "CH" "Swiss" "suisse";
    "GOBL-DE-TAX-IDENTITY-01" "DE" "German" "allemand";
    "GOBL-DK-TAX-IDENTITY-01" "DK" "Danish" "danois";
    "GOBL-ES-TAX-IDENTITY-01" "ES" "Spanish" "espagnol";
    "GOBL-FI-TAX-IDENTITY-01" "FI" "Finnish" "finlandais";
    "GOBL-GR-TAX-IDENTITY-01" "EL" "Greek" "grec";
    "GOBL-IE-TAX-IDENTITY-01" "IE" "Irish" "irlandais";
    "GOBL-IT-TAX-IDENTITY-01" "IT" "Italian" "italien";
    "GOBL-NL-TAX-IDENTITY-01" "NL" "Dutch" "néerlandais";
    "GOBL-NO-TAX-IDENTITY-01" "NO" "Norwegian" "norvégien";
    "GOBL-PL-TAX-IDENTITY-01" "PL" "Polish" "polonais";
    "GOBL-PT-TAX-IDENTITY-01" "PT" "Portuguese" "portugais";
    "GOBL-SE-TAX-IDENTITY-01" "SE" "Swedish" "suédois";
};

#[inline]
fn malformed(tax_id: &TaxIdentity<'_>, country: &str) -> Option<Failure> {
    if tax_id.country == country && !tax_id.code.is_empty() {
        of_country(tax_id, country)
    } else {
        None
    }
}

fn of_country(tax_id: &TaxIdentity<'_>, country: &str) -> Option<Failure> {
    let form = tax_id::wanted(country, &tax_id.code)?;
    found(true, &tax_id.code).map(|failure| failure.wanted(form))
}

const BRITISH: [&str; 2] = [
    "\"{value}\" is no British VAT number: those have {wanted}.",
    "« {value} » n’est pas un numéro de TVA britannique, dont la forme est : {wanted}.",
];

pub(super) static BRITISH_ROWS: [Row<TaxIdentities>; 3] = [
    Row::new(
        "code",
        "GOBL-GB-TAX-IDENTITY-01",
        &[Bt(31), Bt(48)],
        BRITISH,
        HINT,
        |tax_id, _| malformed(tax_id, "GB").filter(|_| !is_british_form(&tax_id.code)),
    ),
    Row::new(
        "code",
        "GOBL-GB-TAX-IDENTITY-02",
        &[Bt(31), Bt(48)],
        BRITISH,
        HINT,
        |tax_id, _| {
            malformed(tax_id, "GB")
                .filter(|_| is_british_form(&tax_id.code) && is_zero(&tax_id.code))
        },
    ),
    Row::new(
        "code",
        "GOBL-GB-TAX-IDENTITY-03",
        &[Bt(31), Bt(48)],
        BRITISH,
        HINT,
        |tax_id, _| {
            malformed(tax_id, "GB")
                .filter(|_| is_british_form(&tax_id.code) && !is_zero(&tax_id.code))
        },
    ),
];

/// Nine or twelve digits. Departments (GD) and health authorities (HA) have no key, and so never fail.
fn is_british_form(code: &str) -> bool {
    matches!(code.len(), 9 | 12) && code.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_zero(code: &str) -> bool {
    code.bytes().all(|byte| byte == b'0')
}
