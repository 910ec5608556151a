//! Codes of closed lists, wherever the document holds one: extensions and countries (`PGC-`).

mod nearest;

use std::collections::HashSet;
use std::fmt::Write as _;

use super::kinds::{Countries, Extensions};
use super::row::{Failure, Row, found};
use crate::codes;
use crate::finding::Finding;
use crate::finding::Term::{self, Bt, BtPart};
use crate::gobl::addon::{
    ALLOWANCE, CHARGE, DOCUMENT_TYPE, FRAMEWORK, ISO_SCHEME, PAYMENT_MEANS, REFERENCE, SCHEME,
    TAX_CATEGORY, TEXT_SUBJECT, VATEX,
};

const VALUE_ID: &str = "PGC-EXT-VALUE";
const COUNTRY_ID: &str = "PGC-COUNTRY";

/// UNTDID 7143 scheme of a classification, on identifiers of items.
const ITEM_TYPE: &str = "untdid-item-type";

/// One extension of an object.
#[derive(Clone, Copy)]
pub(in crate::gobl::faults) struct Extension<'n> {
    pub key: &'n str,
    pub value: &'n str,
}

/// A list that an extension takes its values from.
struct List {
    key: &'static str,
    name: &'static str,
    term: Term,
    /// Whether a wrong value makes the invoice unusable under EN 16931 or Chorus Pro.
    is_fatal: bool,
    /// Rules of theirs that say the same, where the value becomes a term.
    also: &'static [&'static str],
    codes: Codes,
}

enum Codes {
    Set(&'static codes::Set),
    Few(&'static [&'static str]),
}

impl Codes {
    fn has(&self, code: &str) -> bool {
        match self {
            Self::Set(set) => set.contains(code),
            Self::Few(few) => few.contains(&code),
        }
    }

    fn iter(&self) -> Box<dyn Iterator<Item = &'static str> + '_> {
        match self {
            Self::Set(set) => Box::new(set.iter()),
            Self::Few(few) => Box::new(few.iter().copied()),
        }
    }
}

const fn list(
    key: &'static str,
    name: &'static str,
    term: Term,
    also: &'static [&'static str],
    codes: &'static codes::Set,
) -> List {
    List {
        key,
        name,
        term,
        is_fatal: true,
        also,
        codes: Codes::Set(codes),
    }
}

/// There is no A11.
const FRAMEWORKS: [&str; 24] = [
    "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10", "A12", "A13", "A14", "A15", "A16",
    "A17", "A18", "A19", "A20", "A21", "A22", "A23", "A24", "A25",
];

static LISTS: [List; 12] = [
    list(
        TAX_CATEGORY,
        "UNTDID 5305",
        Bt(151),
        &["BR-CL-17", "BR-CL-18"],
        &codes::VAT_CATEGORIES,
    ),
    list(VATEX, "CEF VATEX", Bt(121), &["BR-CL-22"], &codes::VATEX),
    list(
        DOCUMENT_TYPE,
        "UNTDID 1001",
        Bt(3),
        &["BR-CL-01"],
        &codes::UNTDID_1001,
    ),
    list(
        PAYMENT_MEANS,
        "UNTDID 4461",
        Bt(81),
        &["BR-CL-16", "PGC-CPRO-PAYMENT-MEANS"],
        &codes::UNTDID_4461,
    ),
    list(
        ALLOWANCE,
        "UNTDID 5189",
        Bt(98),
        &["BR-CL-19"],
        &codes::UNTDID_5189,
    ),
    list(
        CHARGE,
        "UNTDID 7161",
        Bt(105),
        &["BR-CL-20"],
        &codes::UNTDID_7161,
    ),
    list(
        TEXT_SUBJECT,
        "UNTDID 4451",
        Bt(21),
        &["BR-CL-08"],
        &codes::UNTDID_4451,
    ),
    list(
        REFERENCE,
        "UNTDID 1153",
        BtPart(18, 1),
        &["BR-CL-07"],
        &codes::UNTDID_1153,
    ),
    List {
        is_fatal: false,
        ..list(
            ITEM_TYPE,
            "UNTDID 7143",
            BtPart(158, 1),
            &["BR-CL-13"],
            &codes::UNTDID_7143,
        )
    },
    // Chorus Pro has schemes of its own, and does not look at these.
    List {
        is_fatal: false,
        ..list(
            ISO_SCHEME,
            "ISO 6523",
            BtPart(29, 1),
            &["BR-CL-10", "BR-CL-11", "BR-CL-21", "BR-CL-26"],
            &codes::ISO_6523,
        )
    },
    List {
        key: FRAMEWORK,
        name: "Chorus Pro, cadres de facturation",
        term: Bt(23),
        is_fatal: true,
        also: &["PGC-CPRO-CADRE"],
        codes: Codes::Few(&FRAMEWORKS),
    },
    List {
        key: SCHEME,
        name: "Chorus Pro, types d’identifiant",
        term: BtPart(30, 1),
        is_fatal: true,
        also: &[],
        codes: Codes::Few(&["1", "2", "3", "4", "5", "6"]),
    },
];

pub(super) static EXTENSION: [Row<Extensions>; 2] = [
    Row::<Extensions>::new(
        "",
        VALUE_ID,
        &[],
        [
            "\"{value}\" is not in the list {wanted}.",
            "« {value} » ne figure pas dans la liste {wanted}.",
        ],
        [
            "Correct the code; where a \"key\" stands for it, give the key and leave the code out.",
            "Corrigez le code ; s’il existe une « key » équivalente, donnez-la et omettez le code.",
        ],
        |extension, facts| {
            let list = LISTS.iter().find(|list| list.key == extension.key)?;
            // Chorus Pro knows the first of its payment means by "01" as well.
            let code = match list.key {
                PAYMENT_MEANS => extension.value.trim_start_matches('0'),
                _ => extension.value,
            };
            if list.codes.has(code) {
                return None;
            }
            let mut failure = found(true, extension.value)?.wanted(acceptable(list, extension.value));
            failure.term = Some(list.term);
            Some(if list.is_fatal && facts.is_en16931() { failure } else { failure.warning() })
        },
    )
    .ours(&[]),
    Row::<Extensions>::new(
        "",
        "PGC-EXT-KEY",
        &[],
        [
            "The extension {path} is not known: its value \"{value}\" is kept, but nothing reads it.",
            "L’extension {path} n’est pas connue : sa valeur « {value} » est conservée, mais rien ne la lit.",
        ],
        [
            "Correct the spelling, or keep it in \"meta\".",
            "Corrigez l’orthographe, ou conservez-la dans « meta ».",
        ],
        |extension, _| {
            let is_known = LISTS.iter().any(|list| list.key == extension.key);
            found(!is_known, extension.value)
        },
    )
    .ours(&[])
    .warning(),
];

/// The list and what it has instead: the whole of a short one, else the code that resembles most.
fn acceptable(list: &List, value: &str) -> String {
    const SHORT: usize = 25;
    let mut codes: Vec<&str> = list.codes.iter().collect();
    codes.sort_unstable_by_key(|code| (code.len(), *code));
    let mut out = list.name.to_owned();
    if codes.len() <= SHORT {
        // Writing to a String cannot fail.
        let _ = write!(out, " ({})", codes.join(", "));
    } else if let Some(nearest) = codes
        .into_iter()
        .min_by_key(|code| nearest::distance(value, code))
    {
        let _ = write!(out, " ({nearest}, …)");
    }
    out
}

/// Drops what a rule of EN 16931 or Chorus Pro says of the same code: one problem, one finding.
pub fn drop_repeated(findings: &mut Vec<Finding>) {
    if !findings
        .iter()
        .any(|finding| matches!(finding.rule.id, VALUE_ID | COUNTRY_ID))
    {
        return;
    }
    let also = |finding: &Finding| -> &'static [&'static str] {
        match finding.rule.id {
            COUNTRY_ID => &["BR-CL-14", "BR-CL-15"],
            VALUE_ID => {
                let key = finding.path.rsplit('.').next().unwrap_or_default();
                LISTS
                    .iter()
                    .find(|list| list.key == key)
                    .map_or(&[], |list| list.also)
            }
            _ => &[],
        }
    };
    let said: HashSet<(&str, &str)> = findings
        .iter()
        .map(|finding| (finding.rule.id, finding.value.as_str()))
        .collect();
    let repeated: Vec<bool> = findings
        .iter()
        .map(|finding| {
            also(finding)
                .iter()
                .any(|id| said.contains(&(*id, finding.value.as_str())))
        })
        .collect();
    let mut repeated = repeated.into_iter();
    findings.retain(|_| !repeated.next().unwrap_or_default());
}

pub(super) static COUNTRY: [Row<Countries>; 1] = [Row::<Countries>::new(
    "",
    COUNTRY_ID,
    &[],
    [
        "\"{value}\" is no country.",
        "« {value} » n’est pas un pays.",
    ],
    [
        "Give it by the two letters of ISO 3166-1, for instance FR; Greece is EL in tax numbers and GR elsewhere.",
        "Indiquez-le par les deux lettres d’ISO 3166-1, par exemple FR ; la Grèce est EL dans les numéros fiscaux et GR ailleurs.",
    ],
    |country, _| country.fails(),
)
.ours(&[])
.warning()];

/// A country of an address, or of a tax number.
#[derive(Clone, Copy)]
pub(in crate::gobl::faults) struct Country<'n> {
    pub code: &'n str,
    pub of_tax: bool,
}

impl Country<'_> {
    fn fails(self) -> Option<Failure> {
        let is_one =
            codes::COUNTRIES.contains(self.code) || self.of_tax && matches!(self.code, "EL" | "XU");
        found(!self.code.is_empty() && !is_one, self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chorus::{Framework, Scheme};

    #[test]
    fn frameworks_and_schemes_are_those_of_chorus_pro() {
        assert!(
            FRAMEWORKS
                .iter()
                .all(|code| Framework::parse(code).is_some())
        );
        let digits = Scheme::ALL.map(Scheme::digit);
        assert!(
            LISTS
                .iter()
                .any(|list| list.key == SCHEME && digits.iter().all(|digit| list.codes.has(digit)))
        );
    }
}
