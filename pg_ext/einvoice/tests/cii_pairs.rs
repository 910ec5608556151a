//! The GOBL invoices that the reference's converter comes with, and the CII files it makes of them.
//!
//! Ours are the same but for [`CORRECTIONS`]: each names the files, the elements and both values. A difference that is not
//! in the list fails, and so does one in the list that is not there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod cii_canonical;
mod gobl_corpus;

use cii_canonical::{Difference, Node, differences};
use einvoice::entry::{self, Profile};

/// Where a file of ours is not the reference's, and why it should not be.
struct Correction {
    why: &'static str,
    files: &'static [&'static str],
    /// Path, what the reference writes, what we write.
    at: &'static [(&'static str, Option<&'static str>, Option<&'static str>)],
}

const PROCESS: &str =
    "/ExchangedDocumentContext/BusinessProcessSpecifiedDocumentContextParameter/ID";
const GUIDELINE: &str = "/ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID";
const EN16931: Option<&str> = Some("urn:cen.eu:en16931:2017");
const BILLING: Option<&str> = Some("urn:fdc:peppol.eu:2017:poacc:billing:01:1.0");
const PERIOD_START: &str = "/SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/BillingSpecifiedPeriod/StartDateTime/DateTimeString";
const PERIOD_END: &str = "/SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/BillingSpecifiedPeriod/EndDateTime/DateTimeString";
const PERIOD_START_FORMAT: &str = "/SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/BillingSpecifiedPeriod/StartDateTime/DateTimeString/@format";
const PERIOD_END_FORMAT: &str = "/SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/BillingSpecifiedPeriod/EndDateTime/DateTimeString/@format";
const ACCOUNT_NAME: &str = "/SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/AccountName";
const CHARACTERISTICS: &str = "/SpecifiedTradeProduct/ApplicableProductCharacteristic";

static CORRECTIONS: &[Correction] = &[
    Correction {
        why: "Chorus Pro's framework is the business process (BT-23); the specification (BT-24) stays that of EN 16931.",
        files: &["choruspro/invoice-de-fr-choruspro"],
        at: &[
            (PROCESS, None, Some("A1")),
            (GUIDELINE, Some("A1"), EN16931),
        ],
    },
    Correction {
        why: "The same with another framework.",
        files: &["choruspro/invoice-fr-fr-choruspro"],
        at: &[
            (PROCESS, None, Some("A2")),
            (GUIDELINE, Some("A2"), EN16931),
        ],
    },
    Correction {
        why: "Peppol's own profile is none of ours: the plain one is written.",
        files: &[
            "peppol/correction-invoice",
            "peppol/credit-note",
            "peppol/invoice-complete",
            "peppol/invoice-de-de",
            "peppol/invoice-minimal",
            "peppol/invoice-without-buyers-tax-id",
            "peppol/self-billed-invoice",
        ],
        at: &[
            (PROCESS, BILLING, None),
            (
                GUIDELINE,
                Some("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"),
                EN16931,
            ),
        ],
    },
    Correction {
        why: "Nor is XRechnung's.",
        files: &[
            "xrechnung/invoice-credit",
            "xrechnung/invoice-de-de",
            "xrechnung/invoice-de-es-b2b",
        ],
        at: &[
            (PROCESS, BILLING, None),
            (
                GUIDELINE,
                Some("urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"),
                EN16931,
            ),
        ],
    },
    Correction {
        why: "Nor are those of the French reform.",
        files: &[
            "peppol-france-cius/credit-note",
            "peppol-france-cius/invoice-standard",
        ],
        at: &[(PROCESS, Some("S1"), None)],
    },
    Correction {
        why: "The same, with an extension of EN 16931.",
        files: &[
            "peppol-france-facturx/credit-note",
            "peppol-france-facturx/invoice-standard",
        ],
        at: &[
            (PROCESS, Some("S1"), None),
            (
                GUIDELINE,
                Some("urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"),
                EN16931,
            ),
        ],
    },
    Correction {
        why: "A contact is a person or a department, not both (CII-SR-465).",
        files: &["xrechnung/invoice-de-de"],
        at: &[(
            "/SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/SellerTradeParty/DefinedTradeContact/DepartmentName",
            Some("Sales"),
            None,
        )],
    },
    Correction {
        why: "A seller may have several identifiers (BT-29): all are written, not the first alone.",
        files: &["en16931/invoice-de-de", "facturx/invoice-de-de"],
        at: &[
            (
                "/SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/SellerTradeParty/ID",
                Some("123456789"),
                None,
            ),
            (
                "/SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/SellerTradeParty/ID[1]",
                None,
                Some("123456789"),
            ),
            (
                "/SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/SellerTradeParty/ID[2]",
                None,
                Some("1238764941386"),
            ),
        ],
    },
    Correction {
        why: "The address's own country (BT-40), not that of the tax id.",
        files: &["choruspro/invoice-fr-fr-choruspro"],
        at: &[(
            "/SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/SellerTradeParty/PostalTradeAddress/CountryID",
            Some("FR"),
            Some("ES"),
        )],
    },
    Correction {
        why: "A delivery that the invoice does not speak of is not made up of its buyer.",
        files: &["zugferd/standard-invoice"],
        at: &[
            (
                "/SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery",
                None,
                Some(""),
            ),
            (
                "/SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery/ShipToTradeParty/Name",
                Some("Sample Consumer"),
                None,
            ),
            (
                "/SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery/ShipToTradeParty/PostalTradeAddress/CityName",
                Some("München"),
                None,
            ),
            (
                "/SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery/ShipToTradeParty/PostalTradeAddress/CountryID",
                Some("DE"),
                None,
            ),
            (
                "/SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery/ShipToTradeParty/PostalTradeAddress/LineOne",
                Some("Werner-Heisenberg-Allee 25"),
                None,
            ),
            (
                "/SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery/ShipToTradeParty/PostalTradeAddress/PostcodeCode",
                Some("80939"),
                None,
            ),
        ],
    },
    Correction {
        why: "The invoicing period of the order (BG-14) is written.",
        files: &[
            "en16931/invoice-complete",
            "facturx/invoice-complete",
            "peppol/invoice-complete",
        ],
        at: &[
            (PERIOD_START, None, Some("20130310")),
            (PERIOD_START_FORMAT, None, Some("102")),
            (PERIOD_END, None, Some("20130410")),
            (PERIOD_END_FORMAT, None, Some("102")),
        ],
    },
    Correction {
        why: "The same with other days.",
        files: &["en16931/invoice-exempt", "facturx/invoice-exempt"],
        at: &[
            (PERIOD_START, None, Some("20250410")),
            (PERIOD_START_FORMAT, None, Some("102")),
            (PERIOD_END, None, Some("20250410")),
            (PERIOD_END_FORMAT, None, Some("102")),
        ],
    },
    Correction {
        why: "The same with other days.",
        files: &["xrechnung/invoice-credit"],
        at: &[
            (PERIOD_START, None, Some("20250304")),
            (PERIOD_START_FORMAT, None, Some("102")),
            (PERIOD_END, None, Some("20260304")),
            (PERIOD_END_FORMAT, None, Some("102")),
        ],
    },
    Correction {
        why: "The name of the account (BT-85) is written.",
        files: &["xrechnung/invoice-de-de", "xrechnung/invoice-de-es-b2b"],
        at: &[(ACCOUNT_NAME, None, Some("Random Bank Co."))],
    },
    Correction {
        why: "The same with another name.",
        files: &["xrechnung/invoice-credit"],
        at: &[(ACCOUNT_NAME, None, Some("Random Bank"))],
    },
    Correction {
        why: "The same with another name.",
        files: &[
            "peppol-france-cius/credit-note",
            "peppol-france-cius/invoice-standard",
            "peppol-france-facturx/credit-note",
            "peppol-france-facturx/invoice-standard",
        ],
        at: &[(ACCOUNT_NAME, None, Some("Supplier SARL"))],
    },
    Correction {
        why: "The percentage of an allowance (BT-138) is written where its base is the line's sum, too.",
        files: &[
            "choruspro/invoice-de-fr-choruspro",
            "choruspro/invoice-fr-fr-choruspro",
            "en16931/invoice-complete",
            "facturx/invoice-complete",
            "peppol/invoice-complete",
            "xrechnung/invoice-de-de",
            "xrechnung/invoice-de-es-b2b",
        ],
        at: &[(
            "/SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem/SpecifiedLineTradeSettlement/SpecifiedTradeAllowanceCharge/CalculationPercent",
            None,
            Some("10"),
        )],
    },
];

/// What is said about the items of some files is written as their attributes (BG-32): file, number of lines, last day.
const ATTRIBUTES: [(&str, usize, &str, &str); 3] = [
    ("en16931/invoice-exempt", 1, "2025-04-10", "2025-04-10"),
    ("facturx/invoice-exempt", 1, "2025-04-10", "2025-04-10"),
    (
        "en16931/invoice-prices-include",
        11,
        "2025-09-01",
        "2025-09-30",
    ),
];

/// The differences listed for a file.
fn listed(file: &str) -> Vec<Difference> {
    let own = |value: &Option<&str>| value.map(ToOwned::to_owned);
    let mut out: Vec<Difference> = CORRECTIONS
        .iter()
        .inspect(|correction| assert!(!correction.why.is_empty()))
        .filter(|correction| correction.files.contains(&file))
        .flat_map(|correction| correction.at)
        .map(|(path, theirs, ours)| ((*path).to_owned(), own(theirs), own(ours)))
        .collect();
    for (_, lines, from, to) in ATTRIBUTES.iter().filter(|(name, ..)| *name == file) {
        for line in 1..=*lines {
            let position = if *lines > 1 {
                format!("[{line}]")
            } else {
                String::new()
            };
            let item = format!(
                "/SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem{position}{CHARACTERISTICS}"
            );
            for (at, name, day) in [
                (1, "chargebee-date-from", from),
                (2, "chargebee-date-to", to),
            ] {
                out.push((
                    format!("{item}[{at}]/Description"),
                    None,
                    Some(name.to_owned()),
                ));
                out.push((format!("{item}[{at}]/Value"), None, Some((*day).to_owned())));
            }
        }
    }
    out.sort();
    out
}

#[test]
fn the_references_pairs_are_ours_but_for_listed_corrections() {
    let Some(root) = gobl_corpus::corpus("cii/test/data/convert") else {
        return;
    };
    let mut pairs = Vec::new();
    for folder in std::fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
    {
        for file in std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            if file.extension().is_some_and(|e| e == "json") {
                pairs.push((folder.file_name().unwrap().to_owned(), file));
            }
        }
    }
    pairs.sort();
    assert_eq!(pairs.len(), 35, "all pairs");
    let mut wrong = Vec::new();
    for (folder, file) in &pairs {
        let folder = folder.to_str().unwrap();
        let stem = file.file_stem().unwrap().to_str().unwrap();
        let theirs = file.with_file_name("out").join(format!("{stem}.xml"));
        let theirs = Node::read(&std::fs::read_to_string(theirs).unwrap());
        let profile = match folder {
            "choruspro" => Profile::ChorusPro,
            _ => Profile::En16931,
        };
        let doc = std::fs::read_to_string(file).unwrap();
        let ours = entry::render_cii(doc.as_str(), profile, &[], &mut || Ok(())).unwrap();
        let name = format!("{folder}/{stem}");
        let (found, listed) = (differences(&theirs, &Node::read(&ours)), listed(&name));
        let unlisted = found.iter().filter(|d| !listed.contains(d));
        wrong.extend(unlisted.map(|d| format!("{name}: not listed: {d:?}")));
        let gone = listed.iter().filter(|d| !found.contains(d));
        wrong.extend(gone.map(|d| format!("{name}: listed, but not there: {d:?}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
