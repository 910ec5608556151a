//! The two addons that are known, and the codes that they give to GOBL's keys.

use super::list::List;
use super::scalar::Text;

/// Key of the EN 16931 addon.
pub const EN16931: &str = "eu-en16931-v2017";
/// Key of the Chorus Pro addon, which brings the other along.
pub const CHORUS_PRO: &str = "fr-choruspro-v1";

/// UNTDID 1001 document type (BT-3), on `tax`.
pub const DOCUMENT_TYPE: &str = "untdid-document-type";
/// UNTDID 5305 VAT category (BT-118, BT-151), on taxes.
pub const TAX_CATEGORY: &str = "untdid-tax-category";
/// VATEX code (BT-121), on taxes.
pub const VATEX: &str = "cef-vatex";
/// UNTDID 4461 payment means (BT-81), on payment instructions.
pub const PAYMENT_MEANS: &str = "untdid-payment-means";
/// UNTDID 5189 reason of an allowance (BT-98, BT-140).
pub const ALLOWANCE: &str = "untdid-allowance";
/// UNTDID 7161 reason of a charge (BT-105, BT-145).
pub const CHARGE: &str = "untdid-charge";
/// UNTDID 4451 subject of a note (BT-21).
pub const TEXT_SUBJECT: &str = "untdid-text-subject";
/// UNTDID 1153 qualifier of an invoiced object (BT-18-1, BT-128-1).
pub const REFERENCE: &str = "untdid-reference";
/// ISO 6523 scheme of an identifier.
pub const ISO_SCHEME: &str = "iso-scheme-id";
/// Chorus Pro framework (BT-23), on `tax`.
pub const FRAMEWORK: &str = "fr-choruspro-framework";
/// Chorus Pro identifier scheme, on parties.
pub const SCHEME: &str = "fr-choruspro-scheme";

/// Puts the dependencies of addons in front of them and drops repetitions.
///
/// The reference also drops addons that it does not know; here they stay, to be reported.
pub(super) fn expand(addons: &mut List<Text<'_>>) {
    let is_settled = addons.iter().enumerate().all(|(at, addon)| {
        let before = addons.get(..at).unwrap_or_default();
        !before.contains(addon)
            && (*addon != CHORUS_PRO || before.iter().any(|known| *known == EN16931))
    });
    if is_settled {
        return;
    }
    let given = std::mem::take(addons);
    for (at, addon) in given.iter().enumerate() {
        let place = given.place(at);
        if *addon == CHORUS_PRO && !addons.iter().any(|known| *known == EN16931) {
            addons.push_for(EN16931.into(), place);
        }
        if !addons.contains(addon) {
            addons.push_for(addon.clone(), place);
        }
    }
}

/// The UNTDID 5305 category of a VAT key.
pub(super) fn category_of_key(key: &str) -> Option<&'static str> {
    CATEGORIES
        .iter()
        .find(|(known, _)| *known == key)
        .map(|(_, category)| *category)
}

/// The VAT key of a UNTDID 5305 category.
#[must_use]
pub fn key_of_category(category: &str) -> Option<&'static str> {
    CATEGORIES
        .iter()
        .find(|(_, known)| *known == category)
        .map(|(key, _)| *key)
}

const CATEGORIES: [(&str, &str); 7] = [
    ("standard", "S"),
    ("zero", "Z"),
    ("exempt", "E"),
    ("reverse-charge", "AE"),
    ("intra-community", "K"),
    ("export", "G"),
    ("outside-scope", "O"),
];

/// UNTDID 5189 code of an allowance key.
pub(super) fn allowance(key: &str) -> Option<&'static str> {
    Some(match key {
        "early-completion" => "41",
        "military" => "62",
        "work-accident" => "63",
        "special-agreement" => "64",
        "production-error" => "65",
        "new-outlet" => "66",
        "sample" => "67",
        "end-of-range" => "68",
        "incoterm" => "70",
        "pos-threshold" => "71",
        "special-rebate" => "100",
        "temporary" => "103",
        "standard" => "104",
        "yearly-turnover" => "105",
        _ => return None,
    })
}

/// UNTDID 7161 code of a charge key.
pub(super) fn charge(key: &str) -> Option<&'static str> {
    Some(match key {
        "stamp-duty" => "ST",
        "outlay" => "AAE",
        "tax" => "TX",
        "customs" => "ABW",
        "delivery" => "DL",
        "packing" => "PC",
        "handling" => "HD",
        "insurance" => "IN",
        "storage" => "ABA",
        "admin" => "AEM",
        "cleaning" => "CG",
        _ => return None,
    })
}

/// UNTDID 4461 code of a key of payment instructions; the last part after `+` may be the user's own.
pub(super) fn payment_means(key: &str) -> Option<&'static str> {
    let mut key = key;
    loop {
        if let Some(code) = exact_payment_means(key) {
            return Some(code);
        }
        key = key.rsplit_once('+')?.0;
    }
}

fn exact_payment_means(key: &str) -> Option<&'static str> {
    PAYMENT_MEANS_KEYS
        .iter()
        .find(|(known, _)| *known == key)
        .map(|(_, code)| *code)
}

/// The key of payment instructions that stands for a UNTDID 4461 code.
#[must_use]
pub fn key_of_payment_means(code: &str) -> Option<&'static str> {
    PAYMENT_MEANS_KEYS
        .iter()
        .find(|(_, known)| *known == code)
        .map(|(key, _)| *key)
}

const PAYMENT_MEANS_KEYS: [(&str, &str); 14] = [
    ("any", "1"),
    ("card", "48"),
    ("card+debit", "55"),
    ("credit-transfer", "30"),
    ("credit-transfer+sepa", "58"),
    ("debit-transfer", "31"),
    ("cash", "10"),
    ("cheque", "20"),
    ("bank-draft", "21"),
    ("direct-debit", "49"),
    ("direct-debit+sepa", "59"),
    ("online", "68"),
    ("promissory-note", "60"),
    ("netting", "97"),
];

/// Whether payment instructions may have the key.
pub(super) fn is_payment_means(key: &str) -> bool {
    payment_means(key).is_some() || key.split('+').next() == Some("other")
}

/// UNTDID 4451 code of a note key: the closed list of keys that a note may have.
pub(super) fn text_subject(key: &str) -> Option<&'static str> {
    Some(match key {
        "goods" => "AAA",
        "payment" => "PMT",
        "payment-method" => "PMD",
        "payment-term" => "AAB",
        "general" => "AAI",
        "legal" => "ABL",
        "dangerous-goods" => "AAC",
        "ack" => "AAE",
        "rate" => "AAF",
        "reason" => "ACD",
        "dispute" => "ACE",
        "customer" => "CUR",
        "glossary" => "ACZ",
        "customs" => "CUS",
        "handling" => "HAN",
        "packaging" => "PKG",
        "loading" => "LOI",
        "price" => "AAK",
        "priority" => "PRI",
        "regulatory" => "REG",
        "safety" => "SAF",
        "ship-line" => "SLR",
        "supplier" => "SUR",
        "transport" => "TRA",
        "delivery" => "DEL",
        "quarantine" => "QIN",
        "tax" => "TXD",
        "other" => "ZZZ",
        _ => return None,
    })
}

/// ISO 6523 scheme of an identity by its key or type.
pub(super) fn iso_scheme(key: &str, kind: &str) -> Option<&'static str> {
    match (key, kind) {
        ("gln", _) => Some("0088"),
        ("gtin", _) => Some("0160"),
        (_, "SIREN") => Some("0002"),
        (_, "SIRET") => Some("0009"),
        (_, "CVR") => Some("0184"),
        _ => None,
    }
}
