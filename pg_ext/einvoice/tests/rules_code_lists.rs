//! The code lists: their sizes, and that they are those of CEN's artefact where it is at hand.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeSet;

use einvoice::codes;

/// Each rule with the codes that it knows.
fn lists() -> Vec<(&'static str, usize, Vec<&'static str>)> {
    let currencies: Vec<_> = codes::CURRENCIES.keys().collect();
    let of = |set: &'static codes::Set| set.iter().collect::<Vec<_>>();
    vec![
        ("BR-CL-01", 62, of(&codes::UNTDID_1001)),
        ("BR-CL-03", 178, currencies.clone()),
        ("BR-CL-04", 178, currencies.clone()),
        ("BR-CL-05", 178, currencies),
        ("BR-CL-06", 3, of(&codes::UNTDID_2475)),
        ("BR-CL-07", 818, of(&codes::UNTDID_1153)),
        ("BR-CL-08", 401, of(&codes::UNTDID_4451)),
        ("BR-CL-10", 243, of(&codes::ISO_6523)),
        ("BR-CL-11", 243, of(&codes::ISO_6523)),
        ("BR-CL-13", 185, of(&codes::UNTDID_7143)),
        ("BR-CL-14", 251, of(&codes::COUNTRIES)),
        ("BR-CL-15", 251, of(&codes::COUNTRIES)),
        ("BR-CL-16", 84, of(&codes::UNTDID_4461)),
        ("BR-CL-17", 10, of(&codes::VAT_CATEGORIES)),
        ("BR-CL-18", 10, of(&codes::VAT_CATEGORIES)),
        ("BR-CL-19", 19, of(&codes::UNTDID_5189)),
        ("BR-CL-20", 178, of(&codes::UNTDID_7161)),
        ("BR-CL-21", 243, of(&codes::ISO_6523)),
        ("BR-CL-22", 88, of(&codes::VATEX)),
        ("BR-CL-23", 2162, of(&codes::UNIT_CODES)),
        ("BR-CL-24", 6, of(&codes::MIME)),
        ("BR-CL-25", 104, of(&codes::EAS)),
        ("BR-CL-26", 243, of(&codes::ISO_6523)),
    ]
}

#[test]
fn lists_have_the_sizes_of_the_artefact() {
    for (rule, size, list) in lists() {
        assert_eq!(list.len(), size, "{rule}");
    }
}

#[test]
fn each_code_is_found_and_its_neighbours_are_not() {
    for (rule, _, list) in lists() {
        let codes: BTreeSet<&str> = list.iter().copied().collect();
        assert_eq!(codes.len(), list.len(), "{rule}: a code stands twice");
    }
    for code in codes::UNIT_CODES.iter() {
        assert!(codes::UNIT_CODES.contains(code), "{code}");
        assert!(
            !codes::UNIT_CODES.contains(&code.to_lowercase())
                || code.bytes().all(|b| b.is_ascii_digit()),
            "{code}"
        );
        assert!(!codes::UNIT_CODES.contains(&format!("{code} ")), "{code}");
    }
    for code in codes::VATEX.iter() {
        assert!(codes::VATEX.contains(code), "{code}");
        assert!(!codes::VATEX.contains(&format!("{code}-")), "{code}");
    }
}

/// The artefact as the oracle installs it: `CHORUS_ORACLE` names the folder of its artefacts.
fn artefact() -> Option<String> {
    let folder = std::env::var_os("CHORUS_ORACLE").map(std::path::PathBuf::from);
    let path = folder.map(|folder| folder.join("en16931/EN16931-CII-validation-1.3.16.xslt"));
    let text = path
        .as_ref()
        .and_then(|path| std::fs::read_to_string(path).ok());
    if text.is_none() {
        println!("SKIPPED: no artefact of CEN: CHORUS_ORACLE names no folder that holds it");
    }
    text
}

/// The codes in the test of a rule: the texts in quotes, split at spaces.
fn codes_in_test(artefact: &str, rule: &str) -> BTreeSet<String> {
    let name = format!("<xsl:attribute name=\"id\">{rule}</xsl:attribute>");
    let end = artefact.find(&name).unwrap_or_else(|| panic!("no {rule}"));
    let start = artefact[..end].rfind("<xsl:when test=\"").unwrap() + "<xsl:when test=\"".len();
    let test = &artefact[start..start + artefact[start..].find('"').unwrap()];
    test.split('\'')
        .skip(1)
        .step_by(2)
        .flat_map(str::split_ascii_whitespace)
        .map(ToOwned::to_owned)
        .collect()
}

#[test]
fn lists_are_those_of_the_artefact() {
    let Some(artefact) = artefact() else { return };
    for (rule, _, list) in lists() {
        let ours: BTreeSet<String> = list.into_iter().map(ToOwned::to_owned).collect();
        let theirs = codes_in_test(&artefact, rule);
        assert_eq!(
            ours.symmetric_difference(&theirs).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "{rule}"
        );
    }
}
