//! The rows: each with its list and its texts.

use super::lists::List;
use crate::codes;
use crate::finding::Term::{self, Bt, BtPart};
use crate::finding::{Rule, Severity, Text};
use crate::rules::row::CEN;

/// A rule, and the list that its codes must be of.
pub(super) struct Coded {
    pub rule: Rule,
    pub list: List,
}

const fn coded(id: &'static str, terms: &'static [Term], list: List) -> Coded {
    Coded {
        rule: Rule { id, terms, ..CEN },
        list,
    }
}

impl Coded {
    const fn says(mut self, en: &'static str, fr: &'static str) -> Self {
        self.rule.message = Text { en, fr };
        self
    }

    const fn hint(mut self, en: &'static str, fr: &'static str) -> Self {
        self.rule.hint = Text { en, fr };
        self
    }

    const fn same_as(mut self, ids: &'static [&'static str]) -> Self {
        self.rule.same_as = ids;
        self
    }

    const fn information(mut self) -> Self {
        self.rule.severity = Severity::Information;
        self
    }
}

pub(super) static DOCUMENT_TYPE: Coded =
    coded("BR-CL-01", &[Bt(3)], List::Set(&codes::UNTDID_1001))
        .says(
            "{value} is no document type of UNTDID 1001 that EN 16931 takes (BT-3).",
            "{value} n’est pas un type de document d’UNTDID 1001 admis par EN 16931 (BT-3).",
        )
        .hint(
            "Give a code in {path}, for instance 380 for an invoice or 381 for a credit note.",
            "Indiquez un code dans {path}, par exemple 380 pour une facture ou 381 pour un avoir.",
        );

pub(super) static TOTAL_CURRENCY: Coded = coded(
    "BR-CL-03",
    &[Bt(110), Bt(111)],
    List::Currencies(&codes::CURRENCIES),
)
.says(
    "{value}, the currency of a total VAT (BT-110, BT-111), is no currency of ISO 4217.",
    "{value}, devise d’un total de TVA (BT-110, BT-111), n’est pas une devise d’ISO 4217.",
)
.hint(CURRENCY.en, CURRENCY.fr);

pub(super) static INVOICE_CURRENCY: Coded =
    coded("BR-CL-04", &[Bt(5)], List::Currencies(&codes::CURRENCIES))
        .says(
            "{value} is no currency of ISO 4217 (BT-5).",
            "{value} n’est pas une devise d’ISO 4217 (BT-5).",
        )
        .hint(CURRENCY.en, CURRENCY.fr)
        .same_as(&["BR-CL-03"]);

pub(super) static TAX_CURRENCY: Coded = coded(
    "BR-CL-05",
    &[Bt(6)],
    List::Currencies(&codes::CURRENCIES),
)
.says(
    "{value}, the currency of VAT accounting (BT-6), is no currency of ISO 4217.",
    "{value}, devise de comptabilisation de la TVA (BT-6), n’est pas une devise d’ISO 4217.",
)
.hint(CURRENCY.en, CURRENCY.fr)
.same_as(&["BR-CL-03"]);

pub(super) static TAX_POINT: Coded = coded("BR-CL-06", &[Bt(8)], List::Set(&codes::UNTDID_2475))
    .says(
        "{value} is no event of UNTDID 2475 that makes VAT due (BT-8); there are {wanted}.",
        "{value} n’est pas un fait générateur d’UNTDID 2475 qui rende la TVA exigible (BT-8) ; il y a {wanted}.",
    )
    .hint(
        "Give 5 (issue of the invoice), 29 (delivery) or 72 (payment) in {path}.",
        "Indiquez 5 (émission de la facture), 29 (livraison) ou 72 (paiement) dans {path}.",
    );

pub(super) static OBJECT_SCHEME: Coded = coded(
    "BR-CL-07",
    &[BtPart(18, 1), BtPart(128, 1)],
    List::Set(&codes::UNTDID_1153),
)
.says(
    "{value} is no scheme of UNTDID 1153 for an invoiced object (BT-18-1, BT-128-1).",
    "{value} n’est pas un schéma d’UNTDID 1153 pour un objet facturé (BT-18-1, BT-128-1).",
)
.hint(
    "Give a code such as AAJ in {path}, or leave the scheme out.",
    "Indiquez un code tel que AAJ dans {path}, ou omettez le schéma.",
);

pub(super) static NOTE_SUBJECT: Coded =
    coded("BR-CL-08", &[Bt(21)], List::Set(&codes::UNTDID_4451))
        .says(
            "{value} is no subject of a note in UNTDID 4451 (BT-21).",
            "{value} n’est pas un objet de note d’UNTDID 4451 (BT-21).",
        )
        .hint(
            "Give a code such as REG in {path}, or leave the subject out.",
            "Indiquez un code tel que REG dans {path}, ou omettez l’objet.",
        );

pub(super) static PARTY_SCHEME: Coded = coded(
    "BR-CL-10",
    &[BtPart(29, 1), BtPart(46, 1), BtPart(60, 1)],
    List::Set(&codes::ISO_6523),
)
.says(
    "{value}, the scheme of a party's identifier (BT-29-1, BT-46-1, BT-60-1), is not in ISO 6523.",
    "{value}, schéma de l’identifiant d’une partie (BT-29-1, BT-46-1, BT-60-1), ne figure pas dans ISO 6523.",
)
.hint(SCHEME.en, SCHEME.fr);

pub(super) static LEGAL_SCHEME: Coded = coded(
    "BR-CL-11",
    &[BtPart(30, 1), BtPart(47, 1), BtPart(61, 1)],
    List::Set(&codes::ISO_6523),
)
.says(
    "{value}, the scheme of a legal registration (BT-30-1, BT-47-1, BT-61-1), is not in ISO 6523.",
    "{value}, schéma d’une immatriculation (BT-30-1, BT-47-1, BT-61-1), ne figure pas dans ISO 6523.",
)
.hint(
    "Give 0002 (SIREN) or 0009 (SIRET) in {path}. The digits 1 to 6 are Chorus Pro's own: files for it are checked in the profile choruspro.",
    "Indiquez 0002 (SIREN) ou 0009 (SIRET) dans {path}. Les chiffres 1 à 6 sont propres à Chorus Pro : les fichiers qui lui sont destinés se contrôlent avec le profil choruspro.",
);

/// The same rule in the profile `choruspro`, of one of Chorus Pro's own digits: nothing to correct.
pub(super) static OWN_SCHEME: Coded = coded(
    "BR-CL-11",
    &[BtPart(30, 1), BtPart(47, 1), BtPart(61, 1)],
    List::Set(&codes::ISO_6523),
)
.says(
    "{value}, the scheme of a legal registration (BT-30-1, BT-47-1, BT-61-1), is one of Chorus Pro's own, not of ISO 6523.",
    "{value}, schéma d’une immatriculation (BT-30-1, BT-47-1, BT-61-1), est propre à Chorus Pro et ne figure pas dans ISO 6523.",
)
.hint(
    "Leave {path} as it is: Chorus Pro asks for the digits 1 to 6. Another recipient would want a scheme of ISO 6523, such as 0009 for a SIRET.",
    "Laissez {path} tel quel : Chorus Pro demande les chiffres 1 à 6. Un autre destinataire voudrait un schéma d’ISO 6523, par exemple 0009 pour un SIRET.",
)
.information();

pub(super) static CLASSIFICATION: Coded = coded(
    "BR-CL-13",
    &[BtPart(158, 1)],
    List::Set(&codes::UNTDID_7143),
)
.says(
    "{value} is no list of item classifications in UNTDID 7143 (BT-158-1).",
    "{value} n’est pas une nomenclature d’articles d’UNTDID 7143 (BT-158-1).",
)
.hint(
    "Give a code in {path}, for instance STI for CPV or TST for UNSPSC.",
    "Indiquez un code dans {path}, par exemple STI pour le CPV ou TST pour l’UNSPSC.",
);

pub(super) static COUNTRY: Coded = coded(
    "BR-CL-14",
    &[Bt(40), Bt(55), Bt(69), Bt(80)],
    List::Set(&codes::COUNTRIES),
)
.says(
    "{value} is no country of ISO 3166-1 (BT-40, BT-55, BT-69, BT-80).",
    "{value} n’est pas un pays d’ISO 3166-1 (BT-40, BT-55, BT-69, BT-80).",
)
.hint(
    "Give the country in {path} by its two letters, for instance FR; Greece is GR in addresses.",
    "Indiquez le pays dans {path} par ses deux lettres, par exemple FR ; la Grèce est GR dans les adresses.",
);

pub(super) static ORIGIN: Coded = coded("BR-CL-15", &[Bt(159)], List::Set(&codes::COUNTRIES))
    .says(
        "{value}, the item's country of origin (BT-159), is no country of ISO 3166-1.",
        "{value}, pays d’origine de l’article (BT-159), n’est pas un pays d’ISO 3166-1.",
    )
    .hint(
        "Give the country in {path} by its two letters, for instance FR.",
        "Indiquez le pays dans {path} par ses deux lettres, par exemple FR.",
    );

pub(super) static PAYMENT_MEANS: Coded =
    coded("BR-CL-16", &[Bt(81)], List::Set(&codes::UNTDID_4461))
        .says(
            "{value} is no means of payment of UNTDID 4461 (BT-81).",
            "{value} n’est pas un moyen de paiement d’UNTDID 4461 (BT-81).",
        )
        .hint(
            "Give a code in {path}, for instance 30 for a credit transfer.",
            "Indiquez un code dans {path}, par exemple 30 pour un virement.",
        );

pub(super) static ADJUSTMENT_CATEGORY: Coded = coded(
    "BR-CL-17",
    &[Bt(95), Bt(102)],
    List::Set(&codes::VAT_CATEGORIES),
)
.says(
    "{value}, the category of a discount or charge (BT-95, BT-102), is no VAT category that EN 16931 knows; there are {wanted}.",
    "{value}, catégorie d’une remise ou d’un supplément (BT-95, BT-102), n’est pas une catégorie de TVA connue d’EN 16931 ; il y a {wanted}.",
)
.hint(CATEGORY.en, CATEGORY.fr);

pub(super) static TAX_CATEGORY: Coded = coded(
    "BR-CL-18",
    &[Bt(151), Bt(118)],
    List::Set(&codes::VAT_CATEGORIES),
)
.says(
    "{value}, the category of a line or of an entry in the VAT breakdown (BT-151, BT-118), is no VAT category that EN 16931 knows; there are {wanted}.",
    "{value}, catégorie d’une ligne ou d’une entrée de la ventilation de la TVA (BT-151, BT-118), n’est pas une catégorie de TVA connue d’EN 16931 ; il y a {wanted}.",
)
.hint(CATEGORY.en, CATEGORY.fr);

pub(super) static ALLOWANCE_REASON: Coded = coded(
    "BR-CL-19",
    &[Bt(98), Bt(140)],
    List::Set(&codes::UNTDID_5189),
)
.says(
    "{value} is no reason of a discount in UNTDID 5189 (BT-98, BT-140); there are {wanted}.",
    "{value} n’est pas un motif de remise d’UNTDID 5189 (BT-98, BT-140) ; il y a {wanted}.",
)
.hint(
    "Give a code in {path}, for instance 95 for a discount, or the reason in words.",
    "Indiquez un code dans {path}, par exemple 95 pour une remise, ou le motif en toutes lettres.",
);

pub(super) static CHARGE_REASON: Coded = coded(
    "BR-CL-20",
    &[Bt(105), Bt(145)],
    List::Set(&codes::UNTDID_7161),
)
.says(
    "{value} is no reason of a charge in UNTDID 7161 (BT-105, BT-145).",
    "{value} n’est pas un motif de supplément d’UNTDID 7161 (BT-105, BT-145).",
)
.hint(
    "Give a code in {path}, for instance FC for freight, or the reason in words.",
    "Indiquez un code dans {path}, par exemple FC pour le transport, ou le motif en toutes lettres.",
);

pub(super) static ITEM_SCHEME: Coded =
    coded("BR-CL-21", &[BtPart(157, 1)], List::Set(&codes::ISO_6523))
        .says(
            "{value}, the scheme of the item's standard identifier (BT-157-1), is not in ISO 6523.",
            "{value}, schéma de l’identifiant standard de l’article (BT-157-1), ne figure pas dans ISO 6523.",
        )
        .hint(
            "Give a code in {path}, for instance 0160 for a GTIN.",
            "Indiquez un code dans {path}, par exemple 0160 pour un GTIN.",
        );

pub(super) static EXEMPTION: Coded = coded("BR-CL-22", &[Bt(121)], List::AnyCase(&codes::VATEX))
    .says(
        "{value} is no reason of exemption of the VATEX list (BT-121).",
        "{value} n’est pas un motif d’exonération de la liste VATEX (BT-121).",
    )
    .hint(
        "Give a code in {path}, for instance VATEX-EU-AE for reverse charge, or the reason in words.",
        "Indiquez un code dans {path}, par exemple VATEX-EU-AE pour l’autoliquidation, ou le motif en toutes lettres.",
    );

pub(super) static UNIT: Coded = coded(
    "BR-CL-23",
    &[Bt(130), Bt(150)],
    List::Set(&codes::UNIT_CODES),
)
.says(
    "{value} is no unit of UN/ECE Recommendations 20 and 21 (BT-130, BT-150).",
    "{value} n’est pas une unité des recommandations 20 et 21 de la CEE-ONU (BT-130, BT-150).",
)
.hint(
    "Give a code in {path}, for instance C62 for one, HUR for an hour, KGM for a kilogram.",
    "Indiquez un code dans {path}, par exemple C62 pour une unité, HUR pour une heure, KGM pour un kilogramme.",
);

pub(super) static MEDIA_TYPE: Coded = coded(
    "BR-CL-24",
    &[BtPart(125, 1)],
    List::Exact(&codes::MIME),
)
.says(
    "{value} is no media type that an embedded document may have (BT-125-1); there are {wanted}.",
    "{value} n’est pas un type de média admis pour un document joint (BT-125-1) ; il y a {wanted}.",
)
.hint(
    "Embed the document in another format, PDF for instance, or send it apart.",
    "Joignez le document dans un autre format, PDF par exemple, ou transmettez-le à part.",
);

pub(super) static ADDRESS_SCHEME: Coded = coded(
    "BR-CL-25",
    &[BtPart(34, 1), BtPart(49, 1)],
    List::Set(&codes::EAS),
)
.says(
    "{value} is no scheme of electronic addresses in the EAS list (BT-34-1, BT-49-1).",
    "{value} n’est pas un schéma d’adresse électronique de la liste EAS (BT-34-1, BT-49-1).",
)
.hint(
    "Give a code in {path}, for instance 0009 for a SIRET, 0225 for the French directory, EM for an e-mail address.",
    "Indiquez un code dans {path}, par exemple 0009 pour un SIRET, 0225 pour l’annuaire français, EM pour une adresse électronique.",
);

pub(super) static PLACE_SCHEME: Coded =
    coded("BR-CL-26", &[BtPart(71, 1)], List::Set(&codes::ISO_6523))
        .says(
            "{value}, the scheme of the place of delivery (BT-71-1), is not in ISO 6523.",
            "{value}, schéma du lieu de livraison (BT-71-1), ne figure pas dans ISO 6523.",
        )
        .hint(SCHEME.en, SCHEME.fr);

const CURRENCY: Text = Text {
    en: "Give the currency in {path} by its three letters, for instance EUR.",
    fr: "Indiquez la devise dans {path} par ses trois lettres, par exemple EUR.",
};
const SCHEME: Text = Text {
    en: "Give a code in {path}, for instance 0009 for a SIRET or 0088 for a GLN.",
    fr: "Indiquez un code dans {path}, par exemple 0009 pour un SIRET ou 0088 pour un GLN.",
};
const CATEGORY: Text = Text {
    en: "Correct the category in {path}; in GOBL, give the tax a key such as standard or exempt, and build the document again.",
    fr: "Corrigez la catégorie dans {path} ; dans GOBL, donnez à la taxe une clé telle que standard ou exempt, puis recalculez le document.",
};

/// All of them.
pub(super) static ALL: [&Coded; 23] = [
    &DOCUMENT_TYPE,
    &TOTAL_CURRENCY,
    &INVOICE_CURRENCY,
    &TAX_CURRENCY,
    &TAX_POINT,
    &OBJECT_SCHEME,
    &NOTE_SUBJECT,
    &PARTY_SCHEME,
    &LEGAL_SCHEME,
    &CLASSIFICATION,
    &COUNTRY,
    &ORIGIN,
    &PAYMENT_MEANS,
    &ADJUSTMENT_CATEGORY,
    &TAX_CATEGORY,
    &ALLOWANCE_REASON,
    &CHARGE_REASON,
    &ITEM_SCHEME,
    &EXEMPTION,
    &UNIT,
    &MEDIA_TYPE,
    &ADDRESS_SCHEME,
    &PLACE_SCHEME,
];
