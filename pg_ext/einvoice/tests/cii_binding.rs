//! Where a file has the terms of EN 16931: from terms to elements and back.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeSet;

use einvoice::cii::binding::{Locator, element_at, site_of};
use einvoice::cii::tree::Tree;
use einvoice::en16931::{Locate, Site};
use einvoice::finding::Term::{Bg, Bt, BtPart};

fn fixture(name: &str) -> String {
    std::fs::read_to_string(format!("../../tests/fixtures/{name}.xml")).unwrap()
}

fn never_stop() -> Result<(), einvoice::Cancelled> {
    Ok(())
}

#[test]
fn an_element_leads_to_its_term_and_back_to_itself() {
    let mut terms = BTreeSet::new();
    for name in ["b2g", "b2g-paid", "credit-note", "cross-border"] {
        let text = fixture(name);
        let tree = Tree::read(&text, &mut never_stop).unwrap();
        let locator = Locator::new(&tree);
        for element in tree.elements() {
            let found = element_at(&tree, &element.path()).unwrap();
            assert_eq!(found.index(), element.index(), "{}", element.path());
            let Some(site) = site_of(element) else {
                continue;
            };
            terms.insert(site.term.to_string());
            assert_eq!(locator.path(site), element.path(), "{site:?}");
            assert_eq!(locator.position(site), element.index(), "{site:?}");
        }
    }
    assert!(terms.len() > 50, "{terms:?}");
}

#[test]
fn repeated_groups_are_counted() {
    let text = fixture("b2g");
    let tree = Tree::read(&text, &mut never_stop).unwrap();
    let locator = Locator::new(&tree);
    let second = Site {
        term: Bt(153),
        at: [1, 0],
    };
    assert!(
        locator.path(second).ends_with(
            "ram:IncludedSupplyChainTradeLineItem[2]/ram:SpecifiedTradeProduct/ram:Name"
        )
    );
}

#[test]
fn what_is_missing_is_named_where_it_would_stand() {
    let text = "<rsm:CrossIndustryInvoice \
        xmlns:rsm=\"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100\" \
        xmlns:ram=\"urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100\">\
        <rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty>\
        <ram:URIUniversalCommunication><ram:URIID>x</ram:URIID></ram:URIUniversalCommunication>\
        </ram:SellerTradeParty></ram:ApplicableHeaderTradeAgreement></rsm:SupplyChainTradeTransaction>\
        </rsm:CrossIndustryInvoice>";
    let tree = Tree::read(text, &mut never_stop).unwrap();
    let locator = Locator::new(&tree);
    let trade = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction";
    let agreement = format!("{trade}/ram:ApplicableHeaderTradeAgreement");
    for (term, path) in [
        (
            Bt(1),
            "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument".to_owned(),
        ),
        (Bt(27), format!("{agreement}/ram:SellerTradeParty/ram:Name")),
        // Address and country are one problem where the address is missing, and a buyer with all that it has another.
        (
            Bg(5),
            format!("{agreement}/ram:SellerTradeParty/ram:PostalTradeAddress"),
        ),
        (
            Bt(40),
            format!("{agreement}/ram:SellerTradeParty/ram:PostalTradeAddress"),
        ),
        (Bt(55), format!("{agreement}/ram:BuyerTradeParty")),
        (
            BtPart(34, 1),
            format!("{agreement}/ram:SellerTradeParty/ram:URIUniversalCommunication/ram:URIID"),
        ),
        (
            Bg(25),
            format!("{trade}/ram:IncludedSupplyChainTradeLineItem"),
        ),
    ] {
        assert_eq!(locator.path(Site::of(term)), path, "{term}");
    }
}

#[test]
fn paths_are_read_whatever_their_prefixes() {
    let text = fixture("b2g");
    let tree = Tree::read(&text, &mut never_stop).unwrap();
    let number = element_at(&tree, "/CrossIndustryInvoice/a:ExchangedDocument/b:ID").unwrap();
    assert_eq!(site_of(number).unwrap(), Site::of(Bt(1)));
    for wrong in [
        "",
        "/",
        "/rsm:Invoice",
        "/rsm:CrossIndustryInvoice/x",
        "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument[2]",
        "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument[0]",
        "/rsm:CrossIndustryInvoice[x]",
    ] {
        assert!(element_at(&tree, wrong).is_none(), "{wrong}");
    }
}
