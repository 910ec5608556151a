//! PGC-CPRO: longest texts that Chorus Pro takes, beside those of names, notes and references.

use super::Failures;
use super::chorus::{longest, row};
use super::parts::Parts;
use super::row::Check::{Invoice, Line};
use super::row::Row;
use crate::chorus::limits;
use crate::en16931::Address;
use crate::finding::Severity::{Fatal, Warning};
use crate::finding::Term::{self, Bt, BtPart};

const AFNOR: &str = "AFNOR XP Z12-012, BR-FR-CPRO-29 to 33, 38, 39, 41";

pub(super) static ROWS: &[Row] = &[
    row(
        "PGC-CPRO-ACCOUNT",
        Warning,
        &[Bt(84)],
        AFNOR,
        Invoice(|invoice, out| {
            let accounts = invoice.payments().flat_map(|p| &p.credit_transfers);
            for (at, account) in accounts.enumerate() {
                let number = account.iban.as_ref().or(account.number.as_ref());
                // Without its spaces it is no longer than with them.
                let suspect = number.filter(|number| number.len() > limits::ACCOUNT);
                let compact = suspect.map(|number| number.replace(' ', ""));
                longest(out, Bt(84), at, compact.as_deref(), limits::ACCOUNT);
            }
        }),
    )
    .says(
        "The account {value} (BT-84) is longer than {wanted} characters; Chorus Pro may not take it.",
        "Le compte {value} (BT-84) dépasse {wanted} caractères ; Chorus Pro risque de ne pas l’accepter.",
    )
    .hint(
        "Give an account with a French IBAN in {path}, or ask the buyer.",
        "Indiquez un compte à IBAN français dans {path}, ou interrogez l’acheteur.",
    ),
    row(
        "PGC-CPRO-ATTACHMENT",
        Fatal,
        &[BtPart(125, 2), Bt(122)],
        AFNOR,
        Invoice(|invoice, out| {
            for (at, attachment) in invoice.attachments.iter().enumerate() {
                let name = attachment.file_name.as_deref();
                longest(out, BtPart(125, 2), at, name, limits::FILE_NAME);
                let reference = attachment.reference.as_deref().filter(|_| name.is_none());
                longest(out, Bt(122), at, reference, limits::FILE_NAME);
            }
        }),
    )
    .about(Parts::ATTACHMENTS)
    .says(
        "The name {value} of a supporting document (BT-125-2, BT-122) is longer than {wanted} characters; Chorus Pro refuses it.",
        "Le nom {value} d’une pièce jointe (BT-125-2, BT-122) dépasse {wanted} caractères ; Chorus Pro la refuse.",
    )
    .hint(
        "Shorten the name in {path}.",
        "Raccourcissez le nom dans {path}.",
    ),
    row(
        "PGC-CPRO-PLACE",
        Warning,
        &[Bt(71)],
        AFNOR,
        Invoice(|invoice, out| {
            let place = invoice.delivery.as_ref().and_then(|d| d.location.as_ref());
            longest(out, Bt(71), 0, place.map(|p| &*p.value), limits::PLACE);
        }),
    )
    .about(Parts::DELIVERY)
    .says(
        "The identifier {value} of the place of delivery (BT-71) is longer than {wanted} characters; Chorus Pro may cut it.",
        "L’identifiant {value} du lieu de livraison (BT-71) dépasse {wanted} caractères ; Chorus Pro peut le tronquer.",
    )
    .hint(
        "Shorten the identifier in {path}.",
        "Raccourcissez l’identifiant dans {path}.",
    ),
    row(
        "PGC-CPRO-TEXT",
        Warning,
        &[Bt(120), Bt(35), Bt(37), Bt(50), Bt(52)],
        AFNOR,
        Invoice(|invoice, out| {
            for (at, entry) in invoice.vat.iter().enumerate() {
                longest(out, Bt(120), at, entry.exemption_reason.as_deref(), limits::NOTE);
            }
            let seller = invoice.seller.as_ref().and_then(|p| p.address.as_ref());
            let buyer = invoice.buyer.as_ref().and_then(|p| p.address.as_ref());
            address(out, seller, [Bt(35), Bt(37)]);
            address(out, buyer, [Bt(50), Bt(52)]);
        }),
    )
    .says(TOO_LONG[0], TOO_LONG[1])
    .hint(SHORTEN[0], SHORTEN[1]),
    row(
        "PGC-CPRO-ITEM",
        Warning,
        &[Bt(154)],
        AFNOR,
        Line(|line, out| {
            let at = out.at;
            longest(out, Bt(154), at, line.item.description.as_deref(), limits::NOTE);
        }),
    )
    .says(
        "The description of the item (BT-154) is longer than {wanted} characters; Chorus Pro may cut it.",
        "La description de l’article (BT-154) dépasse {wanted} caractères ; Chorus Pro peut la tronquer.",
    )
    .hint(SHORTEN[0], SHORTEN[1]),
    row(
        "PGC-CPRO-SERVICE-NAME",
        Warning,
        &[Bt(56)],
        "Chorus Pro, nomService",
        Invoice(|invoice, out| {
            let contact = invoice.buyer.as_ref().and_then(|p| p.contact.as_ref());
            let name = contact.and_then(|c| c.department.as_deref());
            longest(out, Bt(56), 0, name, limits::SERVICE_NAME);
        }),
    )
    .says(
        "The name of the buyer's service (BT-56) is longer than {wanted} characters; Chorus Pro may cut it.",
        "Le nom du service de l’acheteur (BT-56) dépasse {wanted} caractères ; Chorus Pro peut le tronquer.",
    )
    .hint(SHORTEN[0], SHORTEN[1]),
];

const TOO_LONG: [&str; 2] = [
    "The text is longer than {wanted} characters; Chorus Pro may cut it.",
    "Le texte dépasse {wanted} caractères ; Chorus Pro peut le tronquer.",
];
const SHORTEN: [&str; 2] = [
    "Shorten the text in {path}.",
    "Raccourcissez le texte dans {path}.",
];

fn address(out: &mut Failures<'_>, address: Option<&Address<'_>>, terms: [Term; 2]) {
    let Some(address) = address else { return };
    let [line, city] = terms;
    longest(out, line, 0, address.line_one.as_deref(), limits::ADDRESS);
    longest(out, city, 0, address.city.as_deref(), limits::ADDRESS);
}
