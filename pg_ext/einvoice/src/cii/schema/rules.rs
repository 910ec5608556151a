//! XSD: the rules on the structure of D16B.

use crate::finding::{Rule, Severity, Text};

const XSD: Rule = Rule {
    id: "",
    severity: Severity::Fatal,
    terms: &[],
    message: Text { en: "", fr: "" },
    hint: Text {
        en: "Have the software that writes the file keep to the schema CrossIndustryInvoice 100.D16B.",
        fr: "Faites respecter le schéma CrossIndustryInvoice 100.D16B par le logiciel qui écrit le fichier.",
    },
    source: "UN/CEFACT CrossIndustryInvoice D16B, schema 100.D16B",
    same_as: &[],
};

/// The document is no Cross Industry Invoice.
pub(super) static ROOT: Rule = Rule {
    id: "XSD-ROOT",
    message: Text {
        en: "The file is no CII invoice: it begins with {value}, where {wanted} of D16B is expected.",
        fr: "Le fichier n’est pas une facture CII : il commence par {value}, alors qu’on attend {wanted} de D16B.",
    },
    hint: Text {
        en: "Give a file in UN/CEFACT CII D16B (a UBL invoice, or CII of another version, is something else).",
        fr: "Fournissez un fichier au format UN/CEFACT CII D16B (une facture UBL, ou une autre version de CII, est autre chose).",
    },
    ..XSD
};

/// An element that does not belong where it stands.
pub(super) static UNKNOWN_ELEMENT: Rule = Rule {
    id: "XSD-UNKNOWN-ELEMENT",
    message: Text {
        en: "{path}: the element {value} is not allowed here; what may stand here is {wanted}.",
        fr: "{path} : l’élément {value} n’est pas admis ici ; peut figurer ici : {wanted}.",
    },
    ..XSD
};

/// An element that stands before or after its place.
pub(super) static ORDER: Rule = Rule {
    id: "XSD-ORDER",
    message: Text {
        en: "{path}: the element {value} is out of place; the order wanted is {wanted}.",
        fr: "{path} : l’élément {value} n’est pas à sa place ; l’ordre voulu est {wanted}.",
    },
    ..XSD
};

/// An element that must be there is not.
pub(super) static MISSING: Rule = Rule {
    id: "XSD-MISSING",
    message: Text {
        en: "{path}: the mandatory element {wanted} is missing.",
        fr: "{path} : l’élément obligatoire {wanted} manque.",
    },
    ..XSD
};

/// An element that may stand there once stands there again.
pub(super) static REPEATED: Rule = Rule {
    id: "XSD-REPEATED",
    message: Text {
        en: "{path}: the element {value} is one too many; only one is allowed here.",
        fr: "{path} : l’élément {value} est en trop ; un seul est admis ici.",
    },
    ..XSD
};

/// A value that its type does not have.
pub(super) static VALUE: Rule = Rule {
    id: "XSD-VALUE",
    message: Text {
        en: "{path}: “{value}” is no value of this element; one would be {wanted}.",
        fr: "{path} : « {value} » n’est pas une valeur de cet élément ; en serait une : {wanted}.",
    },
    hint: Text {
        en: "Write amounts and quantities with a point and nothing else (1324.60), dates as 2026-01-31, yes and no as true and false.",
        fr: "Écrivez les montants et quantités avec un point et rien d’autre (1324.60), les dates sous la forme 2026-01-31, oui et non comme true et false.",
    },
    ..XSD
};

/// An attribute that the element does not have.
pub(super) static ATTRIBUTE: Rule = Rule {
    id: "XSD-ATTRIBUTE",
    message: Text {
        en: "{path}: the attribute {value} is not allowed here; allowed are: {wanted}.",
        fr: "{path} : l’attribut {value} n’est pas admis ici ; sont admis : {wanted}.",
    },
    ..XSD
};

/// An attribute whose value is none of its type, or not the only one allowed.
pub(super) static ATTRIBUTE_VALUE: Rule = Rule {
    id: "XSD-ATTRIBUTE-VALUE",
    message: Text {
        en: "{path}: the attribute {value} has a value that is not allowed; wanted is {wanted}.",
        fr: "{path} : l’attribut {value} a une valeur qui n’est pas admise ; on attend {wanted}.",
    },
    hint: Text {
        en: "Leave the attribute out: it is optional.",
        fr: "Retirez l’attribut : il est facultatif.",
    },
    ..XSD
};

/// Text beside elements.
pub(super) static TEXT: Rule = Rule {
    id: "XSD-TEXT",
    message: Text {
        en: "{path}: the text “{value}” is not allowed here, only elements are.",
        fr: "{path} : le texte « {value} » n’est pas admis ici, seuls des éléments le sont.",
    },
    ..XSD
};

/// All of them.
pub(crate) static ALL: [&Rule; 9] = [
    &ROOT,
    &UNKNOWN_ELEMENT,
    &ORDER,
    &MISSING,
    &REPEATED,
    &VALUE,
    &ATTRIBUTE,
    &ATTRIBUTE_VALUE,
    &TEXT,
];
