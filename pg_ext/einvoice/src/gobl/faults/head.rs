//! GOBL-ENVELOPE, GOBL-HEAD and GOBL-DSIG: what an envelope says about its document.

use super::kinds::{Digests, Envelopes, Headers, Links, Stamps};
use super::row::{Row, found, when};
use crate::gobl::canonical;
use crate::gobl::formats::is_url;

pub(super) static ENVELOPE: [Row<Envelopes>; 4] = [
    Row::new(
        "head",
        "GOBL-ENVELOPE-02",
        &[],
        [
            "The envelope has no head.",
            "L’enveloppe n’a pas d’en-tête.",
        ],
        [
            "Add \"head\"; the calculation fills in its digest.",
            "Ajoutez « head » ; le calcul y inscrit l’empreinte.",
        ],
        |envelope, _| when(envelope.head.is_none()),
    ),
    Row::new(
        "",
        "GOBL-ENVELOPE-11",
        &[],
        [
            "The digest of the envelope, {value}, is not that of its document, {wanted}: the document was changed.",
            "L’empreinte de l’enveloppe, {value}, n’est pas celle de son document, {wanted} : le document a été modifié.",
        ],
        [
            "Take the document as it was issued, or calculate the envelope again without \"totals\".",
            "Reprenez le document tel qu’il a été émis, ou recalculez l’enveloppe sans « totals ».",
        ],
        |envelope, _| {
            let digest = envelope.head.as_ref()?.dig.as_ref()?;
            let wanted = canonical::digest(envelope.doc.as_deref()?);
            found(digest.val != *wanted, &digest.val).map(|failure| failure.wanted(wanted))
        },
    ),
    Row::new(
        "",
        "GOBL-ENVELOPE-12",
        &[],
        [
            "The envelope has stamps but no signature.",
            "L’enveloppe porte des cachets mais aucune signature.",
        ],
        [
            "Remove \"head.stamps\", or sign the envelope.",
            "Retirez « head.stamps », ou signez l’enveloppe.",
        ],
        |envelope, _| {
            when(
                envelope.sigs.is_empty()
                    && envelope
                        .head
                        .as_ref()
                        .is_some_and(|head| !head.stamps.is_empty()),
            )
        },
    ),
    Row::new(
        "",
        "GOBL-ENVELOPE-13",
        &[],
        [
            "The envelope is signed, but its invoice has no number.",
            "L’enveloppe est signée, mais sa facture n’a pas de numéro.",
        ],
        [
            "Set \"code\" and sign the envelope again.",
            "Renseignez « code » puis signez de nouveau l’enveloppe.",
        ],
        |envelope, _| {
            when(
                !envelope.sigs.is_empty()
                    && envelope
                        .doc
                        .as_deref()
                        .is_some_and(|doc| doc.code.is_empty()),
            )
        },
    ),
];

pub(super) static HEADER: [Row<Headers>; 4] = [
    Row::new(
        "uuid",
        "GOBL-HEAD-HEADER-01",
        &[],
        [
            "The head of the envelope has no UUID with a time; found \"{value}\".",
            "L’en-tête de l’enveloppe n’a pas d’UUID horodaté ; trouvé « {value} ».",
        ],
        [
            "Set \"head.uuid\" to a UUID of version 1, 6 or 7.",
            "Renseignez « head.uuid » avec un UUID de version 1, 6 ou 7.",
        ],
        |head, _| {
            let version = head.uuid.as_bytes().get(14);
            found(!matches!(version, Some(b'1' | b'6' | b'7')), &head.uuid)
        },
    ),
    Row::new(
        "dig",
        "GOBL-HEAD-HEADER-02",
        &[],
        [
            "The head of the envelope has no digest.",
            "L’en-tête de l’enveloppe n’a pas d’empreinte.",
        ],
        [
            "Calculate the envelope again, without \"totals\".",
            "Recalculez l’enveloppe, sans « totals ».",
        ],
        |head, _| when(head.dig.is_none()),
    ),
    Row::new(
        "stamps",
        "GOBL-HEAD-HEADER-03",
        &[],
        [
            "The provider \"{value}\" has stamped twice.",
            "Le fournisseur « {value} » a apposé deux cachets.",
        ],
        [
            "Keep one stamp of each provider.",
            "Gardez un seul cachet par fournisseur.",
        ],
        |head, _| {
            repeated(head.stamps.iter().map(|stamp| stamp.provider.as_str()))
                .and_then(|provider| found(true, provider))
        },
    ),
    Row::new(
        "links",
        "GOBL-HEAD-HEADER-04",
        &[],
        [
            "The link \"{value}\" is there twice.",
            "Le lien « {value} » y figure deux fois.",
        ],
        [
            "Give each link of a category its own key.",
            "Donnez à chaque lien d’une catégorie sa propre clé.",
        ],
        |head, _| {
            let keys = head
                .links
                .iter()
                .map(|link| (link.category.as_str(), link.key.as_str()));
            repeated(keys).and_then(|(_, key)| found(true, key))
        },
    ),
];

/// The first value that was there before.
fn repeated<T: PartialEq>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut seen = Vec::new();
    for value in values {
        if seen.contains(&value) {
            return Some(value);
        }
        seen.push(value);
    }
    None
}

pub(super) static STAMP: [Row<Stamps>; 2] = [
    Row::new(
        "prv",
        "GOBL-HEAD-STAMP-01",
        &[],
        [
            "The stamp does not say who gave it.",
            "Le cachet n’indique pas qui l’a apposé.",
        ],
        [
            "Set \"prv\", or remove the stamp.",
            "Renseignez « prv », ou retirez le cachet.",
        ],
        |stamp, _| when(stamp.provider.is_empty()),
    ),
    Row::new(
        "val",
        "GOBL-HEAD-STAMP-02",
        &[],
        ["The stamp has no value.", "Le cachet n’a pas de valeur."],
        [
            "Set \"val\", or remove the stamp.",
            "Renseignez « val », ou retirez le cachet.",
        ],
        |stamp, _| when(stamp.value.is_empty()),
    ),
];

const CATEGORIES: &str = "format, portal, request, response, agreement, verification, attachment";
const MIMES: &str = "application/pdf, image/jpeg, image/png, text/csv, \
    application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, application/vnd.oasis.opendocument.spreadsheet, \
    application/xml";

pub(super) static LINK: [Row<Links>; 6] = [
    Row::new(
        "",
        "GOBL-HEAD-LINK-06",
        &[],
        [
            "The link has a digest but no MIME type.",
            "Le lien a une empreinte mais pas de type MIME.",
        ],
        [
            "Set \"mime\", or remove \"digest\".",
            "Renseignez « mime », ou retirez « digest ».",
        ],
        |link, _| when(link.mime.is_empty() && link.digest.is_some()),
    ),
    Row::new(
        "key",
        "GOBL-HEAD-LINK-01",
        &[],
        ["The link has no key.", "Le lien n’a pas de clé."],
        ["Set \"key\".", "Renseignez « key »."],
        |link, _| when(link.key.is_empty()),
    ),
    Row::new(
        "category",
        "GOBL-HEAD-LINK-02",
        &[],
        [
            "\"{value}\" is not a category of links.",
            "« {value} » n’est pas une catégorie de liens.",
        ],
        ["Use one of: {wanted}.", "Choisissez parmi : {wanted}."],
        |link, _| {
            let is_known = link.category.is_empty()
                || CATEGORIES.split(", ").any(|known| link.category == known);
            found(!is_known, &link.category).map(|failure| failure.wanted(CATEGORIES))
        },
    ),
    Row::new(
        "url",
        "GOBL-HEAD-LINK-03",
        &[],
        ["The link has no URL.", "Le lien n’a pas d’URL."],
        [
            "Set \"url\", or remove the link.",
            "Renseignez « url », ou retirez le lien.",
        ],
        |link, _| when(link.url.is_empty()),
    ),
    Row::new(
        "url",
        "GOBL-HEAD-LINK-04",
        &[],
        [
            "\"{value}\" is not a URL.",
            "« {value} » n’est pas une URL.",
        ],
        [
            "Write it as https://example.fr/path.",
            "Écrivez-la sous la forme https://exemple.fr/chemin.",
        ],
        |link, _| found(!link.url.is_empty() && !is_url(&link.url), &link.url),
    ),
    Row::new(
        "mime",
        "GOBL-HEAD-LINK-05",
        &[],
        [
            "Documents of type \"{value}\" cannot be linked.",
            "Les documents de type « {value} » ne peuvent pas être liés.",
        ],
        ["Use one of: {wanted}.", "Choisissez parmi : {wanted}."],
        |link, _| {
            let is_known = link.mime.is_empty() || MIMES.split(", ").any(|mime| link.mime == mime);
            found(!is_known, &link.mime).map(|failure| failure.wanted(MIMES))
        },
    ),
];

pub(super) static DIGEST: [Row<Digests>; 2] = [
    Row::new(
        "alg",
        "GOBL-DSIG-DIGEST-01",
        &[],
        [
            "The digest has no algorithm.",
            "L’empreinte n’a pas d’algorithme.",
        ],
        [
            "Set \"alg\" to \"sha256\".",
            "Renseignez « alg » avec « sha256 ».",
        ],
        |digest, _| when(digest.alg.is_empty()),
    ),
    Row::new(
        "val",
        "GOBL-DSIG-DIGEST-02",
        &[],
        ["The digest has no value.", "L’empreinte n’a pas de valeur."],
        [
            "Set \"val\", or remove the digest.",
            "Renseignez « val », ou retirez l’empreinte.",
        ],
        |digest, _| when(digest.val.is_empty()),
    ),
];
