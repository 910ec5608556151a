//! Tax regimes. France is known in full; of the other countries of GOBL only currency and rounding are, so that
//! their documents need explicit percentages.

use jiff::civil::{Date, date};

use crate::amount::{Amount, Percentage};

/// A country with a regime in GOBL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Regime {
    /// Country code, as `$regime` says it.
    pub country: &'static str,
    /// Currency of documents that name none.
    pub currency: &'static str,
    /// Whether amounts are rounded to the currency at every step unless the document says otherwise.
    pub rounds_to_currency: bool,
}

impl Regime {
    /// The regime of a country code; `GR`, `XI` and `XU` stand for others.
    pub(super) fn of(country: &str) -> Option<Self> {
        let country = match country {
            "GR" => "EL",
            "XI" | "XU" => "GB",
            other => other,
        };
        let at = REGIMES
            .binary_search_by(|(code, _)| (*code).cmp(country))
            .ok()?;
        let (country, currency) = *REGIMES.get(at)?;
        Some(Self {
            country,
            currency,
            rounds_to_currency: country == "EL",
        })
    }
}

/// The regime of a country, as `$regime` names it; empty where GOBL has none.
#[must_use]
pub fn regime_of(country: &str) -> &'static str {
    Regime::of(country).map_or("", |regime| regime.country)
}

const REGIMES: [(&str, &str); 27] = [
    ("AE", "AED"),
    ("AR", "ARS"),
    ("AT", "EUR"),
    ("BE", "EUR"),
    ("BR", "BRL"),
    ("CA", "CAD"),
    ("CH", "CHF"),
    ("CO", "COP"),
    ("DE", "EUR"),
    ("DK", "DKK"),
    ("EL", "EUR"),
    ("ES", "EUR"),
    ("FI", "EUR"),
    ("FR", "EUR"),
    ("GB", "GBP"),
    ("IE", "EUR"),
    ("IN", "INR"),
    ("IT", "EUR"),
    ("MX", "MXN"),
    ("NL", "EUR"),
    ("NO", "NOK"),
    ("PL", "PLN"),
    ("PT", "EUR"),
    ("SA", "SAR"),
    ("SE", "SEK"),
    ("SG", "SGD"),
    ("US", "USD"),
];

/// A French VAT rate by its GOBL name, and the first day on which GOBL knows it.
///
/// The last part of a name with `+` may be the user's own.
pub(super) fn french_rate(name: &str) -> Option<(Percentage, Date)> {
    let (tenths, since) = match name.split('+').next()? {
        "general" => (200, date(2011, 1, 4)),
        "intermediate" => (100, date(2014, 1, 1)),
        "reduced" => (55, date(2014, 1, 1)),
        "super-reduced" => (21, date(2014, 1, 1)),
        _ => return None,
    };
    Some((tenths_of_percent(tenths), since))
}

/// What a French VAT rate was by law on a day, where GOBL's table says otherwise or nothing; `reduced` and `super-reduced`
/// have been the same since long before.
pub(super) fn french_rate_by_law(name: &str, day: Date) -> Option<Percentage> {
    let tenths = match name.split('+').next()? {
        "general" if day >= date(2014, 1, 1) => 200,
        "general" if day >= date(2000, 4, 1) => 196,
        "general" if day >= date(1995, 8, 1) => 206,
        "intermediate" if day >= date(2014, 1, 1) => 100,
        "intermediate" if day >= date(2012, 1, 1) => 70,
        "reduced" => 55,
        "super-reduced" => 21,
        _ => return None,
    };
    Some(tenths_of_percent(tenths))
}

fn tenths_of_percent(tenths: i64) -> Percentage {
    let exact = if tenths % 10 == 0 {
        Amount::new(tenths / 10, 0)
    } else {
        Amount::new(tenths, 1)
    };
    Percentage::from_percent(exact)
}

/// Keys of VAT whose rows carry no percentage.
pub(super) fn is_without_percent(key: &str) -> bool {
    matches!(
        key,
        "reverse-charge" | "exempt" | "export" | "intra-community" | "outside-scope"
    )
}

/// Keys that VAT knows.
pub(super) fn is_vat_key(key: &str) -> bool {
    matches!(key, "standard" | "zero") || is_without_percent(key)
}

/// Normalises the code of a French VAT number: a bare SIREN gets its key in front.
pub(super) fn french_tax_code(code: &str) -> Option<String> {
    if !crate::chorus::keys::siren_is_valid(code) {
        return None;
    }
    let siren = code.parse::<u64>().ok()?;
    Some(format!("{:02}{code}", (siren * 100 + 12) % 97))
}

/// Whether GOBL takes the code of a French VAT number. Any key goes with the SIREN of La Poste.
pub(super) fn is_french_tax_code(code: &str) -> bool {
    let Some((key, siren)) = code.split_at_checked(2) else {
        return false;
    };
    let well_formed = key
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let is_la_poste = siren == "356000000" && well_formed;
    is_la_poste || crate::chorus::keys::french_vat_is_valid(code)
}
