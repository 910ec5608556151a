//! BR: who sells, buys, is paid, and where it is delivered.

use super::Check::Invoice;
use super::parts::Parts;
use super::row::Row;
use crate::en16931::{Address, Party, Payee};
use crate::finding::Term::{Bg, Bt, BtPart};

pub(super) static ROWS: &[Row] = &[
    Row::cen(
        "BR-06",
        &[Bt(27)],
        Invoice(|invoice, out| out.require(invoice.seller.as_ref().and_then(|s| s.name.as_ref()), Bt(27))),
    )
    .says("The seller has no name (BT-27).", "Le fournisseur n’a pas de nom (BT-27).")
    .hint(
        "Give the seller and its registered name in {path}.",
        "Indiquez le fournisseur et sa raison sociale dans {path}.",
    )
    .same_as(&["BR-08", "BR-09", "PGC-CPRO-IDENTIFIER", "GOBL-BILL-INVOICE-05", "GOBL-BILL-INVOICE-06"]),
    Row::cen(
        "BR-07",
        &[Bt(44)],
        Invoice(|invoice, out| out.require(invoice.buyer.as_ref().and_then(|b| b.name.as_ref()), Bt(44))),
    )
    .says("The buyer has no name (BT-44).", "L’acheteur n’a pas de nom (BT-44).")
    .hint(
        "Give the buyer and its name in {path}.",
        "Indiquez l’acheteur et son nom dans {path}.",
    )
    .same_as(&["BR-10", "BR-11", "PGC-CPRO-IDENTIFIER", "GOBL-BILL-INVOICE-07"]),
    Row::cen(
        "BR-08",
        &[Bg(5)],
        Invoice(|invoice, out| out.require_some(address(invoice.seller.as_ref()), Bg(5))),
    )
    .says(
        "The seller has no postal address (BG-5).",
        "Le fournisseur n’a pas d’adresse postale (BG-5).",
    )
    .hint(
        "Give the seller's address with its country in {path}.",
        "Indiquez l’adresse du fournisseur, avec son pays, dans {path}.",
    )
    .same_as(&["BR-09", "GOBL-EU-EN16931-BILL-INVOICE-04"]),
    Row::cen(
        "BR-09",
        &[Bt(40)],
        Invoice(|invoice, out| {
            out.require(address(invoice.seller.as_ref()).and_then(|a| a.country.as_ref()), Bt(40));
        }),
    )
    .says(
        "The seller's address has no country (BT-40).",
        "L’adresse du fournisseur n’indique pas de pays (BT-40).",
    )
    .hint(COUNTRY[0], COUNTRY[1])
    .same_as(&["GOBL-EU-EN16931-ORG-ADDRESS-01"]),
    Row::cen(
        "BR-10",
        &[Bg(8)],
        Invoice(|invoice, out| out.require_some(address(invoice.buyer.as_ref()), Bg(8))),
    )
    .says(
        "The buyer has no postal address (BG-8).",
        "L’acheteur n’a pas d’adresse postale (BG-8).",
    )
    .hint(
        "Give the buyer's address with its country in {path}.",
        "Indiquez l’adresse de l’acheteur, avec son pays, dans {path}.",
    )
    .same_as(&["BR-11", "GOBL-EU-EN16931-BILL-INVOICE-05"]),
    Row::cen(
        "BR-11",
        &[Bt(55)],
        Invoice(|invoice, out| {
            out.require(address(invoice.buyer.as_ref()).and_then(|a| a.country.as_ref()), Bt(55));
        }),
    )
    .says(
        "The buyer's address has no country (BT-55).",
        "L’adresse de l’acheteur n’indique pas de pays (BT-55).",
    )
    .hint(COUNTRY[0], COUNTRY[1])
    .same_as(&["GOBL-EU-EN16931-ORG-ADDRESS-01"]),
    Row::cen(
        "BR-17",
        &[Bt(59), Bg(10)],
        Invoice(|invoice, out| {
            let Some(payee) = &invoice.payee else { return };
            if payee.name.is_none() || is_seller(payee, invoice.seller.as_ref()) {
                out.fail(Bt(59), |finding| finding.value(payee.name.as_deref().unwrap_or_default()));
            }
        }),
    )
    .about(Parts::PAYEE)
    .says(
        "The payee (BG-10) has no name (BT-59), or is the seller itself: name {value}, identifier or registration are the same.",
        "Le bénéficiaire (BG-10) n’a pas de nom (BT-59), ou c’est le fournisseur lui-même : le nom {value}, l’identifiant ou l’immatriculation sont les mêmes.",
    )
    .hint(
        "Give the payee's name in {path}; where the seller itself is paid, remove the payee.",
        "Indiquez le nom du bénéficiaire dans {path} ; si le fournisseur lui-même est payé, retirez le bénéficiaire.",
    ),
    Row::cen(
        "BR-18",
        &[Bt(62)],
        Invoice(|invoice, out| {
            if let Some(representative) = &invoice.tax_representative {
                out.require(representative.name.as_ref(), Bt(62));
            }
        }),
    )
    .about(Parts::TAX_REPRESENTATIVE)
    .says(
        "The seller's tax representative has no name (BT-62).",
        "Le représentant fiscal du fournisseur n’a pas de nom (BT-62).",
    )
    .hint(
        "Give the name of the tax representative in {path}.",
        "Indiquez le nom du représentant fiscal dans {path}.",
    )
    .same_as(&["GOBL-BILL-INVOICE-06"]),
    Row::cen(
        "BR-19",
        &[Bg(12)],
        Invoice(|invoice, out| {
            if let Some(representative) = &invoice.tax_representative {
                out.require_some(representative.address.as_ref(), Bg(12));
            }
        }),
    )
    .about(Parts::TAX_REPRESENTATIVE)
    .says(
        "The seller's tax representative has no postal address (BG-12).",
        "Le représentant fiscal du fournisseur n’a pas d’adresse postale (BG-12).",
    )
    .hint(
        "Give the address of the tax representative, with its country, in {path}.",
        "Indiquez l’adresse du représentant fiscal, avec son pays, dans {path}.",
    )
    .same_as(&["BR-20", "GOBL-EU-EN16931-BILL-INVOICE-04"]),
    Row::cen(
        "BR-20",
        &[Bt(69)],
        Invoice(|invoice, out| {
            if let Some(representative) = &invoice.tax_representative {
                let address = representative.address.as_ref();
                out.require(address.and_then(|a| a.country.as_ref()), Bt(69));
            }
        }),
    )
    .about(Parts::TAX_REPRESENTATIVE)
    .says(
        "The address of the seller's tax representative has no country (BT-69).",
        "L’adresse du représentant fiscal du fournisseur n’indique pas de pays (BT-69).",
    )
    .hint(COUNTRY[0], COUNTRY[1])
    .same_as(&["GOBL-EU-EN16931-ORG-ADDRESS-01"]),
    Row::cen(
        "BR-56",
        &[Bt(63)],
        Invoice(|invoice, out| {
            if let Some(representative) = &invoice.tax_representative {
                out.require(representative.vat_id.as_ref(), Bt(63));
            }
        }),
    )
    .about(Parts::TAX_REPRESENTATIVE)
    .says(
        "The seller's tax representative has no VAT number (BT-63).",
        "Le représentant fiscal du fournisseur n’a pas de numéro de TVA (BT-63).",
    )
    .hint(
        "Give the VAT number of the tax representative, with its country, in {path}; in a CII file with schemeID=\"VA\".",
        "Indiquez le numéro de TVA du représentant fiscal, avec son pays, dans {path} ; dans un fichier CII avec schemeID=\"VA\".",
    ),
    Row::cen(
        "BR-57",
        &[Bt(80)],
        Invoice(|invoice, out| {
            if let Some(address) = invoice.delivery.as_ref().and_then(|d| d.address.as_ref()) {
                out.require(address.country.as_ref(), Bt(80));
            }
        }),
    )
    .about(Parts::DELIVERY)
    .says(
        "The address delivered to has no country (BT-80).",
        "L’adresse de livraison n’indique pas de pays (BT-80).",
    )
    .hint(COUNTRY[0], COUNTRY[1])
    .same_as(&["GOBL-EU-EN16931-ORG-ADDRESS-01"]),
    Row::cen(
        "BR-62",
        &[BtPart(34, 1)],
        Invoice(|invoice, out| {
            if let Some(endpoint) = invoice.seller.as_ref().and_then(|s| s.endpoint.as_ref()) {
                out.require(endpoint.scheme.as_ref(), BtPart(34, 1));
            }
        }),
    )
    .says(
        "The seller's electronic address (BT-34) has no scheme (BT-34-1).",
        "L’adresse électronique du fournisseur (BT-34) n’a pas de schéma (BT-34-1).",
    )
    .hint(ENDPOINT[0], ENDPOINT[1])
    .same_as(&["GOBL-EU-EN16931-ORG-INBOX-01"]),
    Row::cen(
        "BR-63",
        &[BtPart(49, 1)],
        Invoice(|invoice, out| {
            if let Some(endpoint) = invoice.buyer.as_ref().and_then(|b| b.endpoint.as_ref()) {
                out.require(endpoint.scheme.as_ref(), BtPart(49, 1));
            }
        }),
    )
    .says(
        "The buyer's electronic address (BT-49) has no scheme (BT-49-1).",
        "L’adresse électronique de l’acheteur (BT-49) n’a pas de schéma (BT-49-1).",
    )
    .hint(ENDPOINT[0], ENDPOINT[1])
    .same_as(&["GOBL-EU-EN16931-ORG-INBOX-01"]),
];

const COUNTRY: [&str; 2] = [
    "Give the country in {path} by its two letters, for instance FR.",
    "Indiquez le pays dans {path} par ses deux lettres, par exemple FR.",
];

const ENDPOINT: [&str; 2] = [
    "Give the scheme of the address in {path}, for instance 0009 for a SIRET, EM for an e-mail address.",
    "Indiquez le schéma de l’adresse dans {path}, par exemple 0009 pour un SIRET, EM pour une adresse électronique de messagerie.",
];

fn address<'p, 'a>(party: Option<&'p Party<'a>>) -> Option<&'p Address<'a>> {
    party.and_then(|party| party.address.as_ref())
}

/// Whether one of the payee's name, identifier and legal registration is the seller's, to the letter.
fn is_seller(payee: &Payee<'_>, seller: Option<&Party<'_>>) -> bool {
    let Some(seller) = seller else { return false };
    let same_name = payee.name.is_some() && payee.name == seller.name;
    let plain = payee.identifier.as_ref().filter(|id| !id.is_global);
    let same_id = plain.is_some_and(|id| {
        let mut own = seller.identifiers.iter().filter(|own| !own.is_global);
        own.any(|own| own.value == id.value)
    });
    let same_legal_id = payee
        .legal_id
        .as_ref()
        .zip(seller.legal_id.as_ref())
        .is_some_and(|(a, b)| a.value == b.value);
    same_name || same_id || same_legal_id
}
