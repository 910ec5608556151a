//! GOBL-ORG and GOBL-CBC: items, notes, references, attachments, codes.

use super::kinds::{Attachments, Codes, DocumentRefs, Items, Keys, Notes, Uris};
use super::org::{NO_URL, URL, URL_HINT};
use super::row::{Row, found, when};
use crate::codes;
use crate::finding::Term::{Bg, Bt};
use crate::gobl::addon::text_subject;
use crate::gobl::formats::{is_key, is_uri, is_url};

pub(super) static ITEM: [Row<Items>; 3] = [
    Row::new(
        "name",
        "GOBL-ORG-ITEM-01",
        &[Bt(153)],
        ["The item has no name.", "L’article n’a pas de nom."],
        [
            "Set the name of the item.",
            "Renseignez le nom de l’article.",
        ],
        |item, _| when(item.name.is_empty()),
    ),
    Row::new(
        "price",
        "GOBL-ORG-ITEM-02",
        &[Bt(146)],
        [
            "The price, {value}, is negative.",
            "Le prix, {value}, est négatif.",
        ],
        [
            "Make the price positive and the quantity negative.",
            "Rendez le prix positif et la quantité négative.",
        ],
        |item, _| {
            item.price
                .and_then(|price| found(price.is_negative(), price))
        },
    ),
    Row::new(
        "unit",
        "GOBL-ORG-UNIT-01",
        &[Bt(130)],
        [
            "\"{value}\" is not a unit.",
            "« {value} » n’est pas une unité.",
        ],
        [
            "Use a unit of GOBL, such as \"h\" or \"piece\", or a code of UN/ECE Recommendation 20, such as \"HUR\".",
            "Utilisez une unité GOBL, comme « h » ou « piece », ou un code de la recommandation 20 de l’UN/ECE, comme « HUR ».",
        ],
        |item, _| {
            let is_code = matches!(item.unit.len(), 2 | 3)
                && item
                    .unit
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
            // Three units of GOBL have no code.
            let is_named = codes::UNITS.contains_key(&item.unit)
                || matches!(item.unit.as_str(), "portion" | "6pack" | "tetrabrik");
            found(!item.unit.is_empty() && !is_code && !is_named, &item.unit)
        },
    ),
];

pub(super) static NOTE: [Row<Notes>; 2] = [
    Row::new(
        "text",
        "GOBL-ORG-NOTE-01",
        &[Bt(22), Bt(127)],
        ["The note has no text.", "La note n’a pas de texte."],
        [
            "Set \"text\", or remove the note.",
            "Renseignez « text », ou retirez la note.",
        ],
        |note, _| when(note.text.is_empty()),
    ),
    Row::new(
        "key",
        "GOBL-ORG-NOTE-02",
        &[Bt(21)],
        [
            "\"{value}\" is not a subject of notes.",
            "« {value} » n’est pas un sujet de note.",
        ],
        [
            "Use a key of GOBL, such as \"general\", \"legal\" or \"payment\".",
            "Utilisez une clé GOBL, comme « general », « legal » ou « payment ».",
        ],
        |note, _| {
            found(
                !note.key.is_empty() && text_subject(&note.key).is_none(),
                &note.key,
            )
        },
    ),
];

pub(super) static DOCUMENT_REF: [Row<DocumentRefs>; 2] = [
    Row::new(
        "code",
        "GOBL-ORG-DOCUMENTREF-01",
        &[Bt(25), Bt(13), Bt(12)],
        [
            "The reference to a document has no number.",
            "La référence à un document n’a pas de numéro.",
        ],
        [
            "Set \"code\", or remove the reference.",
            "Renseignez « code », ou retirez la référence.",
        ],
        |reference, _| when(reference.code.is_empty()),
    ),
    Row::new(
        "url",
        "GOBL-ORG-DOCUMENTREF-03",
        &[Bg(3)],
        URL,
        URL_HINT,
        |reference, _| {
            found(
                !reference.url.is_empty() && !is_url(&reference.url),
                &reference.url,
            )
        },
    ),
];

const MIMES: &str = "application/pdf, image/jpeg, image/png, text/csv, \
    application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, application/vnd.oasis.opendocument.spreadsheet";

pub(super) static ATTACHMENT: [Row<Attachments>; 2] = [
    Row::new(
        "url",
        "GOBL-ORG-ATTACHMENT-01",
        &[Bt(124)],
        NO_URL,
        URL_HINT,
        |attachment, _| found(!is_url(&attachment.url), &attachment.url),
    ),
    Row::new(
        "mime",
        "GOBL-ORG-ATTACHMENT-02",
        &[Bt(125)],
        [
            "Documents of type \"{value}\" cannot be attached.",
            "Les documents de type « {value} » ne peuvent pas être joints.",
        ],
        ["Use one of: {wanted}.", "Choisissez parmi : {wanted}."],
        |attachment, _| {
            let is_known =
                attachment.mime.is_empty() || MIMES.split(", ").any(|mime| attachment.mime == mime);
            found(!is_known, &attachment.mime).map(|failure| failure.wanted(MIMES))
        },
    ),
];

pub(super) static CODE: [Row<Codes>; 2] = [
    Row::new(
        "",
        "GOBL-CBC-CODE-01",
        &[],
        [
            "\"{value}\" is longer than 64 bytes.",
            "« {value} » dépasse 64 octets.",
        ],
        ["Shorten it.", "Raccourcissez-le."],
        |code, _| found(code.len() > 64, code),
    ),
    Row::new(
        "",
        "GOBL-CBC-CODE-02",
        &[],
        [
            "\"{value}\" has control characters, or white space around it.",
            "« {value} » contient des caractères de contrôle, ou est entouré d’espaces.",
        ],
        ["Remove them.", "Retirez-les."],
        |code, _| {
            // Nearly every code has nothing but these.
            let is_plain = code.bytes().all(|byte| byte.is_ascii_graphic());
            found(
                !is_plain && (code.chars().any(char::is_control) || code.trim() != code.as_str()),
                code,
            )
        },
    ),
];

pub(super) static KEY: [Row<Keys>; 2] = [
    Row::new(
        "",
        "GOBL-CBC-KEY-01",
        &[],
        [
            "The key \"{value}\" is longer than 64 characters.",
            "La clé « {value} » dépasse 64 caractères.",
        ],
        ["Shorten it.", "Raccourcissez-la."],
        |key, _| found(key.len() > 64, key),
    ),
    Row::new(
        "",
        "GOBL-CBC-KEY-02",
        &[],
        [
            "\"{value}\" is not a key.",
            "« {value} » n’est pas une clé.",
        ],
        [
            "Write small letters and digits, with \"-\" or \"+\" between them.",
            "Écrivez des minuscules et des chiffres, séparés par « - » ou « + ».",
        ],
        |key, _| found(!is_key(key), key),
    ),
];

pub(super) static URI: [Row<Uris>; 2] = [
    Row::new(
        "",
        "GOBL-CBC-URI-01",
        &[],
        [
            "The URI has more than 2048 characters.",
            "L’URI dépasse 2048 caractères.",
        ],
        ["Shorten it.", "Raccourcissez-la."],
        |uri, _| when(uri.len() > 2048 && uri.chars().count() > 2048),
    ),
    Row::new(
        "",
        "GOBL-CBC-URI-02",
        &[],
        [
            "\"{value}\" is not a URI with a scheme.",
            "« {value} » n’est pas une URI avec un schéma.",
        ],
        [
            "Write it as iso6523-actorid-upis::0009:73282932000074 or mailto:name@example.fr.",
            "Écrivez-la sous la forme iso6523-actorid-upis::0009:73282932000074 ou mailto:nom@exemple.fr.",
        ],
        |uri, _| found(!is_uri(uri), uri),
    ),
];
