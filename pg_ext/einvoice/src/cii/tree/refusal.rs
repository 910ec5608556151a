//! XML: why a file is not read.

use super::Tree;
use super::element::Element;
use crate::Cancelled;
use crate::finding::{Finding, Rule, Severity, Text};

/// Why there is no tree.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is not read; the finding says why, and where.
    #[error("{}", .0.message(crate::finding::Lang::En))]
    Unreadable(Box<Finding>),
    /// The interrupt check said stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// What is wrong at a byte of a text. Behind a pointer, since what is read without fault carries room for it about.
#[derive(Debug)]
pub(in crate::cii) struct Fault(Box<Details>);

#[derive(Debug)]
struct Details {
    rule: &'static Rule,
    at: usize,
    /// What stands there, if it is worth showing.
    found: String,
    /// What should.
    wanted: String,
}

impl Fault {
    #[cold]
    pub(in crate::cii) fn new(rule: &'static Rule, at: usize) -> Self {
        Self(Box::new(Details {
            rule,
            at,
            found: String::new(),
            wanted: String::new(),
        }))
    }

    /// XML's own grammar is broken: these characters, or this thing, should stand there.
    pub(super) fn syntax(at: usize, wanted: &str) -> Self {
        Self::new(&WELL_FORMED, at).wanted(wanted)
    }

    pub(in crate::cii) fn found(mut self, found: impl Into<String>) -> Self {
        self.0.found = found.into();
        self
    }

    pub(in crate::cii) fn wanted(mut self, wanted: impl Into<String>) -> Self {
        self.0.wanted = wanted.into();
        self
    }

    /// The finding: its path is that of the element that is open there.
    pub(super) fn finding(&self, text: &str, tree: &Tree<'_>, open: Option<usize>) -> Finding {
        let path = open.map_or_else(|| "/".to_owned(), |at| Element::new(tree, at).path());
        self.finding_at(text, path)
    }

    /// The finding, about the file.
    pub(in crate::cii) fn finding_at(&self, text: &str, path: String) -> Finding {
        let (line, column) = place(text, self.0.at);
        let mut value = format!("{line}:{column}");
        if !self.0.found.is_empty() {
            value.push_str(", ");
            value.extend(self.0.found.chars().take(60));
        }
        Finding::new(self.0.rule, path)
            .value(value)
            .wanted(&self.0.wanted)
    }
}

/// Line and column of a byte, from 1, counted in characters.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line, column)
}

const XML: Rule = Rule {
    id: "",
    severity: Severity::Fatal,
    terms: &[],
    message: Text { en: "", fr: "" },
    hint: Text {
        en: "Have the file written by a program that writes XML, and do not edit it by hand.",
        fr: "Faites écrire le fichier par un logiciel qui produit du XML, sans le retoucher à la main.",
    },
    source: "W3C XML 1.0, fifth edition",
    same_as: &[],
};

/// There is nothing in the file.
pub(crate) static EMPTY: Rule = Rule {
    id: "XML-EMPTY",
    message: Text {
        en: "The file is empty: there is no invoice in it.",
        fr: "Le fichier est vide : il ne contient aucune facture.",
    },
    hint: Text {
        en: "Give the content of a CII file.",
        fr: "Fournissez le contenu d’un fichier CII.",
    },
    ..XML
};

/// The bytes are not those of the encoding that the file declares.
pub(crate) static ENCODING: Rule = Rule {
    id: "XML-ENCODING",
    message: Text {
        en: "The file does not keep to its encoding: at line and column {value}, the bytes are no {wanted}.",
        fr: "Le fichier ne respecte pas son encodage : à la ligne et à la colonne {value}, les octets ne sont pas du {wanted}.",
    },
    hint: Text {
        en: "Write the file in UTF-8, or declare the encoding in which it is written.",
        fr: "Enregistrez le fichier en UTF-8, ou déclarez l’encodage dans lequel il est écrit.",
    },
    source: "W3C XML 1.0, section 4.3.3",
    ..XML
};

/// The file declares an encoding that is not read.
pub(crate) static ENCODING_UNKNOWN: Rule = Rule {
    id: "XML-ENCODING-UNKNOWN",
    message: Text {
        en: "The file declares the encoding {value}, which is not known; known are {wanted}, among others.",
        fr: "Le fichier déclare l’encodage {value}, qui n’est pas connu ; sont connus notamment {wanted}.",
    },
    hint: Text {
        en: "Write the file in UTF-8.",
        fr: "Enregistrez le fichier en UTF-8.",
    },
    source: "W3C XML 1.0, section 4.3.3",
    ..XML
};

/// The file declares a document type.
pub(crate) static DTD: Rule = Rule {
    id: "XML-DTD",
    message: Text {
        en: "The file declares a document type (line and column {value}); for safety such files are not read.",
        fr: "Le fichier déclare un type de document (ligne et colonne {value}) ; par sécurité, de tels fichiers ne sont pas lus.",
    },
    hint: Text {
        en: "Remove the declaration <!DOCTYPE …>: a CII file needs none.",
        fr: "Retirez la déclaration <!DOCTYPE …> : un fichier CII n’en a pas besoin.",
    },
    source: "W3C XML 1.0, section 2.8",
    ..XML
};

/// The file is larger than what is read.
pub(crate) static LIMIT: Rule = Rule {
    id: "XML-LIMIT",
    message: Text {
        en: "The file is larger than what is read: at line and column {value} it goes beyond {wanted}. Limits: 128 MiB, 4,000,000 elements, 100 levels, 256 attributes on an element, 256 namespaces, names of 1,000 characters.",
        fr: "Le fichier est plus grand que ce qui est lu : à la ligne et à la colonne {value}, il dépasse {wanted}. Limites : 128 Mio, 4 000 000 éléments, 100 niveaux, 256 attributs par élément, 256 espaces de noms, noms de 1 000 caractères.",
    },
    hint: Text {
        en: "Split the invoice, or send its attachments beside it.",
        fr: "Scindez la facture, ou transmettez ses pièces jointes à part.",
    },
    source: "pg_chorus",
    ..XML
};

/// Anything else that is not XML.
pub(crate) static WELL_FORMED: Rule = Rule {
    id: "XML-WELL-FORMED",
    message: Text {
        en: "The file is no well-formed XML: at line and column {value}, what should stand there is {wanted}.",
        fr: "Le fichier n’est pas du XML bien formé : à la ligne et à la colonne {value}, il faudrait {wanted}.",
    },
    ..XML
};

/// The file ends before its last element does.
pub(crate) static TRUNCATED: Rule = Rule {
    id: "XML-TRUNCATED",
    message: Text {
        en: "The file ends too early, at line and column {value}: {wanted} is missing.",
        fr: "Le fichier se termine trop tôt, à la ligne et à la colonne {value} : il manque {wanted}.",
    },
    hint: Text {
        en: "Transmit the whole file again.",
        fr: "Transmettez de nouveau le fichier entier.",
    },
    ..XML
};

/// An end tag that does not belong to the element that is open.
pub(crate) static TAG: Rule = Rule {
    id: "XML-TAG",
    message: Text {
        en: "At line and column {value}, the end tag is not that of the element which is open: {wanted} is expected.",
        fr: "À la ligne et à la colonne {value}, la balise de fin n’est pas celle de l’élément ouvert : on attend {wanted}.",
    },
    ..XML
};

/// Something beside the one element of the document.
pub(crate) static ONE_ROOT: Rule = Rule {
    id: "XML-ONE-ROOT",
    message: Text {
        en: "The file holds something after the end of the invoice, at line and column {value}.",
        fr: "Le fichier contient autre chose après la fin de la facture, à la ligne et à la colonne {value}.",
    },
    hint: Text {
        en: "Put one invoice into one file.",
        fr: "Mettez une seule facture par fichier.",
    },
    ..XML
};

/// A character that XML does not have.
pub(crate) static CHARACTER: Rule = Rule {
    id: "XML-CHARACTER",
    message: Text {
        en: "The file holds a character that XML does not allow (line and column {value}).",
        fr: "Le fichier contient un caractère que XML n’admet pas (ligne et colonne {value}).",
    },
    hint: Text {
        en: "Remove the character from the field it was typed or pasted into.",
        fr: "Retirez ce caractère du champ où il a été saisi ou collé.",
    },
    source: "W3C XML 1.0, section 2.2",
    ..XML
};

/// A reference to nothing.
pub(crate) static REFERENCE: Rule = Rule {
    id: "XML-REFERENCE",
    message: Text {
        en: "At line and column {value} stands an & that begins no known character; write &amp; for the sign itself.",
        fr: "À la ligne et à la colonne {value} se trouve un & qui n’introduit aucun caractère connu ; écrivez &amp; pour le signe lui-même.",
    },
    source: "W3C XML 1.0, section 4.1",
    ..XML
};

/// One attribute twice.
pub(crate) static ATTRIBUTE_TWICE: Rule = Rule {
    id: "XML-ATTRIBUTE-TWICE",
    message: Text {
        en: "An element carries the same attribute twice (line and column {value}).",
        fr: "Un élément porte deux fois le même attribut (ligne et colonne {value}).",
    },
    source: "W3C XML 1.0, section 3.1",
    ..XML
};

/// A prefix without a namespace, or a declaration that Namespaces in XML forbids.
pub(crate) static NAMESPACE: Rule = Rule {
    id: "XML-NAMESPACE",
    message: Text {
        en: "A prefix stands for no namespace, or a namespace is declared in a way that is not allowed (line and column {value}).",
        fr: "Un préfixe ne désigne aucun espace de noms, ou un espace de noms est déclaré d’une manière interdite (ligne et colonne {value}).",
    },
    source: "W3C Namespaces in XML 1.0",
    ..XML
};

/// All of them.
pub(crate) static ALL: [&Rule; 13] = [
    &EMPTY,
    &ENCODING,
    &ENCODING_UNKNOWN,
    &DTD,
    &LIMIT,
    &WELL_FORMED,
    &TRUNCATED,
    &TAG,
    &ONE_ROOT,
    &CHARACTER,
    &REFERENCE,
    &ATTRIBUTE_TWICE,
    &NAMESPACE,
];
