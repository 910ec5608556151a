//! BR-CL: codes of closed lists.

use super::Check::{Invoice, Line};
use super::{CEN, Row};
use crate::codes;
use crate::finding::Term::{self, Bt};
use crate::finding::{Rule, Text};

pub(super) static ROWS: &[Row] = &[
    Row {
        rule: Rule {
            id: "BR-CL-04",
            terms: &[Bt(5)],
            message: Text {
                en: "{value} is no currency of ISO 4217 (BT-5).",
                fr: "{value} n’est pas une devise d’ISO 4217 (BT-5).",
            },
            hint: Text {
                en: "Give the currency in {path} by its three letters, for instance EUR.",
                fr: "Indiquez la devise dans {path} par ses trois lettres, par exemple EUR.",
            },
            ..CEN
        },
        check: Invoice(|invoice, out| {
            if let Some(currency) = invoice
                .currency
                .as_deref()
                .filter(|c| !codes::CURRENCIES.contains_key(c))
            {
                out.fail(Bt(5), |finding| finding.value(currency));
            }
        }),
    },
    Row {
        rule: Rule {
            id: "BR-CL-14",
            terms: &[Bt(40), Bt(55), Bt(69), Bt(80)],
            message: Text {
                en: "{value} is no country of ISO 3166-1 (BT-40, BT-55, BT-69, BT-80).",
                fr: "{value} n’est pas un pays d’ISO 3166-1 (BT-40, BT-55, BT-69, BT-80).",
            },
            hint: Text {
                en: "Give the country in {path} by its two letters, for instance FR; Greece is GR in addresses.",
                fr: "Indiquez le pays dans {path} par ses deux lettres, par exemple FR ; la Grèce est GR dans les adresses.",
            },
            ..CEN
        },
        check: Invoice(|invoice, out| {
            let seller = invoice.seller.as_ref().and_then(|p| p.address.as_ref());
            let buyer = invoice.buyer.as_ref().and_then(|p| p.address.as_ref());
            let representative = invoice
                .tax_representative
                .as_ref()
                .and_then(|p| p.address.as_ref());
            let delivery = invoice.delivery.as_ref().and_then(|d| d.address.as_ref());
            let places: [(_, Term); 4] = [
                (seller, Bt(40)),
                (buyer, Bt(55)),
                (representative, Bt(69)),
                (delivery, Bt(80)),
            ];
            for (address, term) in places {
                let country = address.and_then(|a| a.country.as_deref());
                if let Some(country) = country.filter(|c| !codes::COUNTRIES.contains(c)) {
                    out.fail(term, |finding| finding.value(country));
                }
            }
        }),
    },
    Row {
        rule: Rule {
            id: "BR-CL-18",
            terms: &[Bt(151), Bt(118)],
            message: Text {
                en: "{value} is no VAT category of UNTDID 5305 that EN 16931 knows (BT-151).",
                fr: "{value} n’est pas une catégorie de TVA d’UNTDID 5305 connue d’EN 16931 (BT-151).",
            },
            hint: Text {
                en: "Give the tax a key such as standard or exempt in {path}, and build the document again.",
                fr: "Donnez à la taxe une clé telle que standard ou exempt dans {path}, puis recalculez le document.",
            },
            ..CEN
        },
        check: Line(|line, out| {
            let category = line.vat.as_ref().and_then(|v| v.category.as_deref());
            if let Some(category) = category.filter(|c| !codes::VAT_CATEGORIES.contains(c)) {
                out.fail(Bt(151), |finding| finding.value(category));
            }
        }),
    },
];
