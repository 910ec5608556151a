//! The CII files of our own invoices, byte for byte. `UPDATE_GOLDEN=1` writes them anew, to be read before they are kept.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use einvoice::entry::{self, Attachment, Profile};

fn fixture(name: &str) -> String {
    std::fs::read_to_string(format!("../../tests/fixtures/{name}")).unwrap()
}

fn golden(name: &str, profile: Profile, attachments: &[Attachment<'_>], file: &str) {
    let xml =
        entry::render_cii(fixture(name).as_str(), profile, attachments, &mut || Ok(())).unwrap();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(format!("../../tests/fixtures/{file}"), &xml).unwrap();
    }
    assert_eq!(xml, fixture(file), "{file}");
}

#[test]
fn an_invoice_to_be_paid() {
    golden("b2g.json", Profile::ChorusPro, &[], "b2g.xml");
}

#[test]
fn the_same_invoice_in_plain_en_16931() {
    golden("b2g.json", Profile::En16931, &[], "b2g.en16931.xml");
}

#[test]
fn an_invoice_already_paid() {
    golden("b2g-paid.json", Profile::ChorusPro, &[], "b2g-paid.xml");
}

#[test]
fn a_credit_note() {
    golden(
        "credit-note.json",
        Profile::ChorusPro,
        &[],
        "credit-note.xml",
    );
}

#[test]
fn an_invoice_from_abroad() {
    golden(
        "cross-border.json",
        Profile::ChorusPro,
        &[],
        "cross-border.xml",
    );
}

#[test]
fn an_invoice_with_a_supporting_document() {
    let attachment = Attachment {
        name: "bon-de-livraison.csv",
        mime: "text/csv",
        content: "pièces;20\n".as_bytes(),
    };
    golden(
        "credit-note.json",
        Profile::ChorusPro,
        &[attachment],
        "credit-note.attachment.xml",
    );
}

#[test]
fn an_invoice_with_all_that_plain_en_16931_can_say() {
    golden(
        "everything.json",
        Profile::En16931,
        &[],
        "everything.en16931.xml",
    );
}

#[test]
fn an_invoice_with_a_tax_representative_in_another_currency() {
    golden(
        "represented.json",
        Profile::En16931,
        &[],
        "represented.en16931.xml",
    );
}
