//! GOBL-FR: the French regime.

use super::kinds::{Identities, Invoices, TaxIdentities};
use super::row::{Row, found, when};
use crate::finding::Term::Bt;
use crate::gobl::addon::SCHEME;
use crate::gobl::model::Identity;
use crate::gobl::regime::is_french_tax_code;

pub(super) static INVOICE: [Row<Invoices>; 1] = [Row::new(
    "supplier",
    "GOBL-FR-BILL-INVOICE-01",
    &[Bt(31), Bt(30)],
    [
        "The supplier has neither a VAT number nor a SIREN or SIRET.",
        "Le fournisseur n’a ni numéro de TVA, ni SIREN, ni SIRET.",
    ],
    [
        "Set \"tax_id\" with its code, or add an identity of type SIREN or SIRET.",
        "Renseignez « tax_id » avec son code, ou ajoutez une identité de type SIREN ou SIRET.",
    ],
    |invoice, _| {
        let supplier = invoice.supplier.as_ref()?;
        let has_code = supplier
            .tax_id
            .as_ref()
            .is_some_and(|tax_id| !tax_id.code.is_empty());
        let has_number = supplier
            .identities
            .iter()
            .any(|identity| matches!(identity.kind.as_str(), "SIREN" | "SIRET"));
        // Suppliers of New Caledonia and French Polynesia, and others without, have identifiers of their own.
        let has_other = matches!(supplier.ext.get(SCHEME), "4" | "5" | "6");
        let failure = when(!has_code && !has_number)?;
        Some(if has_other {
            failure.warning()
        } else {
            failure
        })
    },
)];

pub(super) static IDENTITY: [Row<Identities>; 2] = [
    Row::new(
        "code",
        "GOBL-FR-ORG-IDENTITY-01",
        &[Bt(30), Bt(47)],
        [
            "\"{value}\" is not a SIREN.",
            "« {value} » n’est pas un SIREN.",
        ],
        [
            "Write nine digits, without spaces.",
            "Écrivez neuf chiffres, sans espaces.",
        ],
        |identity, _| found(is_malformed(identity, "SIREN", 9), &identity.code),
    ),
    Row::new(
        "code",
        "GOBL-FR-ORG-IDENTITY-02",
        &[Bt(30), Bt(47)],
        [
            "\"{value}\" is not a SIRET.",
            "« {value} » n’est pas un SIRET.",
        ],
        [
            "Write fourteen digits, without spaces.",
            "Écrivez quatorze chiffres, sans espaces.",
        ],
        |identity, _| found(is_malformed(identity, "SIRET", 14), &identity.code),
    ),
];

fn is_malformed(identity: &Identity<'_>, kind: &str, length: usize) -> bool {
    identity.kind == kind
        && (identity.code.len() != length || !identity.code.bytes().all(|b| b.is_ascii_digit()))
}

pub(super) static TAX_IDENTITY: [Row<TaxIdentities>; 1] = [Row::new(
    "code",
    "GOBL-FR-TAX-IDENTITY-01",
    &[Bt(31), Bt(48)],
    [
        "\"{value}\" is not a French VAT number.",
        "« {value} » n’est pas un numéro de TVA français.",
    ],
    [
        "Write the two characters of the key and the nine digits of the SIREN; the SIREN alone is completed.",
        "Écrivez les deux caractères de la clé puis les neuf chiffres du SIREN ; le SIREN seul est complété.",
    ],
    |tax_id, _| {
        let is_wrong =
            tax_id.country == "FR" && !tax_id.code.is_empty() && !is_french_tax_code(&tax_id.code);
        found(is_wrong, &tax_id.code)
    },
)];
