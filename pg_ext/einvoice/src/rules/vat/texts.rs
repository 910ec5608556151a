//! Sentences that rows of several categories share. `$en` and `$fr` name the category in words.

/// x-01 where lines, and allowances and charges, want an entry.
macro_rules! two_together {
    ($en:literal, $fr:literal) => {
        Text {
            en: concat!(
                "There are lines, discounts or charges ",
                $en,
                ", but no entry ",
                $en,
                " in the VAT breakdown (BG-23)."
            ),
            fr: concat!(
                "Des lignes, remises ou frais ",
                $fr,
                " existent, mais la ventilation de la TVA (BG-23) n’a aucune entrée ",
                $fr,
                "."
            ),
        }
    };
}

/// x-01 where there is one entry or none.
macro_rules! one {
    ($en:literal, $fr:literal) => {
        Text {
            en: concat!(
                "The VAT breakdown (BG-23) has this many entries ",
                $en,
                ": {value}; its lines, discounts and charges ",
                $en,
                " want {wanted}."
            ),
            fr: concat!(
                "La ventilation de la TVA (BG-23) a ce nombre d’entrées ",
                $fr,
                " : {value} ; les lignes, remises et frais ",
                $fr,
                " en demandent {wanted}."
            ),
        }
    };
}

/// x-02 to x-04, after the words for a line, a discount or a charge.
macro_rules! seller_ids {
    ($en:expr, $fr:expr) => {
        Text {
            en: concat!($en, " asks for the seller's VAT number (BT-31) or tax number (BT-32), or the VAT number of its tax representative (BT-63); there is none."),
            fr: concat!($fr, " suppose le numéro de TVA (BT-31) ou le numéro fiscal (BT-32) du fournisseur, ou le numéro de TVA de son représentant fiscal (BT-63) ; il n’y en a aucun."),
        }
    };
}

macro_rules! seller_and_buyer_ids {
    ($en:expr, $fr:expr) => {
        Text {
            en: concat!($en, " asks for a VAT or tax number of the seller or its representative (BT-31, BT-32, BT-63), and for the VAT number or the legal registration of the buyer (BT-48, BT-47); one of them is missing: {wanted}."),
            fr: concat!($fr, " suppose un numéro de TVA ou fiscal du fournisseur ou de son représentant (BT-31, BT-32, BT-63), ainsi que le numéro de TVA ou l’immatriculation de l’acheteur (BT-48, BT-47) ; il en manque un : {wanted}."),
        }
    };
}

macro_rules! both_vat_ids {
    ($en:expr, $fr:expr) => {
        Text {
            en: concat!($en, " asks for the VAT number of the seller or its representative (BT-31, BT-63), and for that of the buyer (BT-48); one of them is missing: {wanted}."),
            fr: concat!($fr, " suppose le numéro de TVA du fournisseur ou de son représentant (BT-31, BT-63), ainsi que celui de l’acheteur (BT-48) ; il en manque un : {wanted}."),
        }
    };
}

macro_rules! seller_vat_id {
    ($en:expr, $fr:expr) => {
        Text {
            en: concat!($en, " asks for the VAT number of the seller (BT-31) or its tax representative (BT-63); there is none."),
            fr: concat!($fr, " suppose le numéro de TVA du fournisseur (BT-31) ou de son représentant fiscal (BT-63) ; il n’y en a aucun."),
        }
    };
}

macro_rules! no_vat_id {
    ($en:expr, $fr:expr) => {
        Text {
            en: concat!($en, " goes without VAT numbers of seller, tax representative and buyer (BT-31, BT-63, BT-48), but there is one: {value}."),
            fr: concat!($fr, " exclut tout numéro de TVA du fournisseur, de son représentant fiscal et de l’acheteur (BT-31, BT-63, BT-48), or il y en a un : {value}."),
        }
    };
}

/// x-05 to x-07, after the words for a line, a discount or a charge.
macro_rules! rate {
    ($en:expr, $fr:expr, $bt:literal, $wanted_en:literal, $wanted_fr:literal) => {
        Text {
            en: concat!(
                $en,
                " has the VAT rate {value} (",
                $bt,
                "); it must be ",
                $wanted_en,
                "."
            ),
            fr: concat!(
                $fr,
                " a pour taux de TVA {value} (",
                $bt,
                ") ; il doit être ",
                $wanted_fr,
                "."
            ),
        }
    };
}

macro_rules! no_rate {
    ($en:expr, $fr:expr, $bt:literal) => {
        Text {
            en: concat!(
                $en,
                " has a VAT rate, {value} (",
                $bt,
                "); there must be none."
            ),
            fr: concat!(
                $fr,
                " a un taux de TVA, {value} (",
                $bt,
                ") ; il n’en faut aucun."
            ),
        }
    };
}

/// x-08.
macro_rules! taxable_of_rate {
    ($en:literal, $fr:literal) => {
        Text {
            en: concat!("The taxable amount ", $en, " is {value} (BT-116), but the lines of this rate less its discounts plus its charges make {wanted}."),
            fr: concat!("La base d’imposition ", $fr, " vaut {value} (BT-116), mais les lignes à ce taux, moins les remises et plus les frais, font {wanted}."),
        }
    };
}

macro_rules! taxable {
    ($en:literal, $fr:literal) => {
        Text {
            en: concat!("The taxable amount ", $en, " is {value} (BT-116), but the lines of this category less its discounts plus its charges make {wanted}."),
            fr: concat!("La base d’imposition ", $fr, " vaut {value} (BT-116), mais les lignes de cette catégorie, moins les remises et plus les frais, font {wanted}."),
        }
    };
}

/// x-09.
macro_rules! tax_of_rate {
    ($en:literal, $fr:literal) => {
        Text {
            en: concat!("The tax ", $en, " is {value} (BT-117), but the taxable amount times the rate makes {wanted}."),
            fr: concat!("La taxe ", $fr, " vaut {value} (BT-117), mais la base d’imposition multipliée par le taux donne {wanted}."),
        }
    };
}

macro_rules! no_tax {
    ($en:literal, $fr:literal) => {
        Text {
            en: concat!("The entry ", $en, " in the VAT breakdown has a tax amount of {value} (BT-117); it must be {wanted}."),
            fr: concat!("L’entrée ", $fr, " de la ventilation de la TVA a un montant de taxe de {value} (BT-117) ; il doit être {wanted}."),
        }
    };
}

/// x-10.
macro_rules! reason {
    ($en:literal, $fr:literal) => {
        Text {
            en: concat!("The entry ", $en, " in the VAT breakdown has no reason of exemption, neither as text (BT-120) nor as code (BT-121)."),
            fr: concat!("L’entrée ", $fr, " de la ventilation de la TVA n’a pas de motif d’exonération, ni en texte (BT-120) ni en code (BT-121)."),
        }
    };
}

macro_rules! no_reason {
    ($en:literal, $fr:literal) => {
        Text {
            en: concat!("The entry ", $en, " in the VAT breakdown has a reason of exemption, {value} (BT-120, BT-121); it takes none."),
            fr: concat!("L’entrée ", $fr, " de la ventilation de la TVA a un motif d’exonération, {value} (BT-120, BT-121) ; elle n’en admet pas."),
        }
    };
}

pub(super) use {
    both_vat_ids, no_rate, no_reason, no_tax, no_vat_id, one, rate, reason, seller_and_buyer_ids,
    seller_ids, seller_vat_id, tax_of_rate, taxable, taxable_of_rate, two_together,
};
