//! GOBL-ORG: parties and what belongs to them.

use super::kinds::{Emails, Endpoints, Identities, Inboxes, People, Telephones, Websites};
use super::row::{Row, found, when};
use crate::finding::Term::Bt;
use crate::gobl::formats::{is_email, is_url};
use crate::gobl::model::Person;

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
/// What is said of a URL that is none.
pub(super) const URL: [&str; 2] = [
    "\"{value}\" is not a URL.",
    "« {value} » n’est pas une URL.",
];
/// What to do about it.
pub(super) const URL_HINT: [&str; 2] = [
    "Write it as https://example.fr/path.",
    "Écrivez-la sous la forme https://exemple.fr/chemin.",
];
/// What is said where a URL must be.
pub(super) const NO_URL: [&str; 2] = [
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

fn is_nameless(person: &Person<'_>) -> bool {
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
