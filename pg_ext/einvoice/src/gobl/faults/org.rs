//! GOBL-ORG and GOBL-CBC: parties and what belongs to them, items, notes, references, codes.

use super::kinds::{
    Attachments, Codes, DocumentRefs, Emails, Endpoints, Identities, Inboxes, Items, Notes, People,
    Telephones, Websites,
};
use super::row::{Row, found, when};
use crate::codes;
use crate::finding::Term::{Bg, Bt};
use crate::gobl::addon::text_subject;
use crate::gobl::formats::{is_email, is_url};

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

pub(super) static IDENTITY: [Row<Identities>; 3] = [
    Row::new(
        "",
        "GOBL-ORG-IDENTITY-03",
        &[],
        [
            "The identifier has both a key and the type \"{value}\".",
            "L’identifiant a à la fois une clé et le type « {value} ».",
        ],
        [
            "Keep one of \"key\" and \"type\".",
            "Gardez soit « key », soit « type ».",
        ],
        |identity, _| {
            found(
                !identity.key.is_empty() && !identity.kind.is_empty(),
                &identity.kind,
            )
        },
    ),
    Row::new(
        "code",
        "GOBL-ORG-IDENTITY-01",
        &[],
        [
            "The identifier has no code.",
            "L’identifiant n’a pas de code.",
        ],
        [
            "Set \"code\", or remove the identifier.",
            "Renseignez « code », ou retirez l’identifiant.",
        ],
        |identity, _| when(identity.code.is_empty()),
    ),
    Row::new(
        "scope",
        "GOBL-ORG-IDENTITY-02",
        &[],
        [
            "\"{value}\" is not a scope of identifiers.",
            "« {value} » n’est pas une portée d’identifiant.",
        ],
        ["Use one of: {wanted}.", "Choisissez parmi : {wanted}."],
        |identity, _| {
            let is_known = matches!(identity.scope.as_str(), "" | "tax" | "legal");
            found(!is_known, &identity.scope).map(|failure| failure.wanted("tax, legal"))
        },
    ),
];

pub(super) static INBOX: [Row<Inboxes>; 5] = [
    Row::new(
        "",
        "GOBL-ORG-INBOX-01",
        &[Bt(34), Bt(49)],
        [
            "The inbox has no code, URL or e-mail address.",
            "La boîte n’a ni code, ni URL, ni adresse électronique.",
        ],
        ["Set one of them.", "Renseignez l’un des trois."],
        |inbox, _| when(inbox.code.is_empty() && inbox.url.is_empty() && inbox.email.is_empty()),
    ),
    Row::new(
        "",
        "GOBL-ORG-INBOX-02",
        &[Bt(34), Bt(49)],
        [
            "The inbox has the URL \"{value}\" beside a code or an e-mail address.",
            "La boîte a l’URL « {value} » en plus d’un code ou d’une adresse électronique.",
        ],
        ["Keep one of them.", "Gardez l’un des trois."],
        |inbox, _| {
            let is_alone = inbox.code.is_empty() && inbox.email.is_empty();
            found(!inbox.url.is_empty() && !is_alone, &inbox.url)
        },
    ),
    Row::new(
        "",
        "GOBL-ORG-INBOX-03",
        &[Bt(34), Bt(49)],
        [
            "The inbox has the e-mail address \"{value}\" beside a code or a URL.",
            "La boîte a l’adresse « {value} » en plus d’un code ou d’une URL.",
        ],
        ["Keep one of them.", "Gardez l’un des trois."],
        |inbox, _| {
            let is_alone = inbox.code.is_empty() && inbox.url.is_empty();
            found(!inbox.email.is_empty() && !is_alone, &inbox.email)
        },
    ),
    Row::new(
        "url",
        "GOBL-ORG-INBOX-04",
        &[Bt(34), Bt(49)],
        URL,
        URL_HINT,
        |inbox, _| found(!inbox.url.is_empty() && !is_url(&inbox.url), &inbox.url),
    ),
    Row::new(
        "email",
        "GOBL-ORG-INBOX-05",
        &[Bt(34), Bt(49)],
        EMAIL_TEXT,
        EMAIL_HINT,
        |inbox, _| {
            found(
                !inbox.email.is_empty() && !is_email(&inbox.email),
                &inbox.email,
            )
        },
    ),
];

const EMAIL_TEXT: [&str; 2] = [
    "\"{value}\" is not an e-mail address.",
    "« {value} » n’est pas une adresse électronique.",
];
const EMAIL_HINT: [&str; 2] = [
    "Write it as name@example.fr.",
    "Écrivez-la sous la forme nom@exemple.fr.",
];
const URL: [&str; 2] = [
    "\"{value}\" is not a URL.",
    "« {value} » n’est pas une URL.",
];
const URL_HINT: [&str; 2] = [
    "Write it as https://example.fr/path.",
    "Écrivez-la sous la forme https://exemple.fr/chemin.",
];
const NO_URL: [&str; 2] = [
    "There is no URL, or \"{value}\" is none.",
    "Il n’y a pas d’URL, ou « {value} » n’en est pas une.",
];

pub(super) static PERSON: [Row<People>; 3] = [
    Row::new(
        "name",
        "GOBL-ORG-PERSON-01",
        &[Bt(41), Bt(56)],
        ["The person has no name.", "La personne n’a pas de nom."],
        [
            "Set the name, or remove the person.",
            "Renseignez le nom, ou retirez la personne.",
        ],
        |person, _| when(person.name.is_none()),
    ),
    Row::new(
        "name.given",
        "GOBL-ORG-NAME-01",
        &[Bt(41), Bt(56)],
        [
            "The person has neither given name nor surname.",
            "La personne n’a ni prénom ni nom.",
        ],
        [
            "Set \"given\" or \"surname\".",
            "Renseignez « given » ou « surname ».",
        ],
        |person, _| when(is_nameless(person)),
    ),
    Row::new(
        "name.surname",
        "GOBL-ORG-NAME-02",
        &[Bt(41), Bt(56)],
        [
            "The person has neither given name nor surname.",
            "La personne n’a ni prénom ni nom.",
        ],
        [
            "Set \"given\" or \"surname\".",
            "Renseignez « given » ou « surname ».",
        ],
        |person, _| when(is_nameless(person)),
    ),
];

fn is_nameless(person: &crate::gobl::model::Person<'_>) -> bool {
    person
        .name
        .as_ref()
        .is_some_and(|name| name.given.is_empty() && name.surname.is_empty())
}

pub(super) static EMAIL: [Row<Emails>; 2] = [
    Row::new(
        "addr",
        "GOBL-ORG-EMAIL-01",
        &[Bt(43), Bt(58)],
        [
            "The e-mail address is empty.",
            "L’adresse électronique est vide.",
        ],
        [
            "Set \"addr\", or remove the entry.",
            "Renseignez « addr », ou retirez l’entrée.",
        ],
        |email, _| when(email.addr.is_empty()),
    ),
    Row::new(
        "addr",
        "GOBL-ORG-EMAIL-02",
        &[Bt(43), Bt(58)],
        EMAIL_TEXT,
        EMAIL_HINT,
        |email, _| {
            found(
                !email.addr.is_empty() && !is_email(&email.addr),
                &email.addr,
            )
        },
    ),
];

pub(super) static TELEPHONE: [Row<Telephones>; 1] = [Row::new(
    "num",
    "GOBL-ORG-TELEPHONE-01",
    &[Bt(42), Bt(57)],
    [
        "The telephone number is empty.",
        "Le numéro de téléphone est vide.",
    ],
    [
        "Set \"num\", or remove the entry.",
        "Renseignez « num », ou retirez l’entrée.",
    ],
    |telephone, _| when(telephone.num.is_empty()),
)];

pub(super) static WEBSITE: [Row<Websites>; 1] = [Row::new(
    "url",
    "GOBL-ORG-WEBSITE-01",
    &[],
    NO_URL,
    URL_HINT,
    |website, _| found(!is_url(&website.url), &website.url),
)];

pub(super) static ENDPOINT: [Row<Endpoints>; 1] = [Row::new(
    "uri",
    "GOBL-ORG-ENDPOINT-01",
    &[Bt(34), Bt(49)],
    [
        "The endpoint has no URI.",
        "Le point d’accès n’a pas d’URI.",
    ],
    [
        "Set \"uri\", or remove the entry.",
        "Renseignez « uri », ou retirez l’entrée.",
    ],
    |endpoint, _| when(endpoint.uri.is_empty()),
)];

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
            found(
                code.chars().any(char::is_control) || code.trim() != code.as_str(),
                code,
            )
        },
    ),
];
