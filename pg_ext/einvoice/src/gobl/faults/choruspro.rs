//! GOBL-FR-CHORUSPRO: the addon `fr-choruspro-v1`.

use super::kinds::{Invoices, Member, Parties};
use super::row::{Row, found, when};
use crate::chorus::scheme::is_eu_member;
use crate::finding::Term::{Bt, BtPart};
use crate::gobl::addon::{FRAMEWORK, SCHEME};
use crate::gobl::model::Party;

pub(super) static INVOICE: [Row<Invoices>; 7] = [
    Row::new(
        "",
        "GOBL-FR-CHORUSPRO-BILL-INVOICE-07",
        &[Bt(5)],
        [
            "The invoice is in {value}, without an exchange rate to EUR.",
            "La facture est en {value}, sans taux de change vers l’EUR.",
        ],
        [
            "Invoice in EUR, or add a rate to \"exchange_rates\".",
            "Facturez en EUR, ou ajoutez un taux dans « exchange_rates ».",
        ],
        |invoice, _| {
            let converts = invoice
                .exchange_rates
                .iter()
                .any(|rate| rate.from == *invoice.currency && rate.to == "EUR");
            found(
                !invoice.currency.is_empty() && invoice.currency != "EUR" && !converts,
                &invoice.currency,
            )
        },
    ),
    Row::new(
        "customer.ext",
        "GOBL-FR-CHORUSPRO-BILL-INVOICE-01",
        &[BtPart(47, 1)],
        [
            "The customer has the identifier scheme \"{value}\"; a public buyer has a SIRET.",
            "Le client a le type d’identifiant « {value} » ; un acheteur public a un SIRET.",
        ],
        [
            "Give the customer a French VAT number, or none, and its SIRET.",
            "Donnez au client un numéro de TVA français, ou aucun, et son SIRET.",
        ],
        |invoice, _| {
            let scheme = invoice.customer.as_ref()?.ext.get(SCHEME);
            found(!matches!(scheme, "" | "1"), scheme).map(|failure| failure.wanted("1"))
        },
    ),
    Row::new(
        "customer.identities",
        "GOBL-FR-CHORUSPRO-BILL-INVOICE-02",
        &[Bt(47)],
        [
            "The customer has no identifiers.",
            "Le client n’a pas d’identifiants.",
        ],
        [
            "Add its SIRET: an identity of type SIRET.",
            "Ajoutez son SIRET : une identité de type SIRET.",
        ],
        |invoice, _| when(invoice.customer.as_ref()?.identities.is_empty()),
    ),
    Row::new(
        "tax",
        "GOBL-FR-CHORUSPRO-BILL-INVOICE-03",
        &[Bt(23)],
        [
            "The invoice has no tax settings.",
            "La facture n’a pas de paramètres de taxe.",
        ],
        [
            "Add \"tax\"; the calculation fills it in.",
            "Ajoutez « tax » ; le calcul le complète.",
        ],
        |invoice, _| when(invoice.tax.is_none()),
    ),
    Row::new(
        "tax.ext",
        "GOBL-FR-CHORUSPRO-BILL-INVOICE-04",
        &[Bt(23)],
        [
            "The tax settings have no extensions.",
            "Les paramètres de taxe n’ont pas d’extensions.",
        ],
        [
            "Add \"tax.ext\"; the calculation fills it in.",
            "Ajoutez « tax.ext » ; le calcul le complète.",
        ],
        |invoice, _| when(invoice.tax.as_ref()?.ext.is_empty()),
    ),
    Row::new(
        "tax.ext",
        "GOBL-FR-CHORUSPRO-BILL-INVOICE-05",
        &[Bt(23)],
        [
            "The invoice has no framework.",
            "La facture n’a pas de cadre de facturation.",
        ],
        [
            "Set \"fr-choruspro-framework\" in \"tax.ext\", usually to \"A1\".",
            "Renseignez « fr-choruspro-framework » dans « tax.ext », en général « A1 ».",
        ],
        |invoice, _| {
            when(!invoice.tax.as_ref()?.ext.is_empty() && !invoice.tax.as_ref()?.ext.has(FRAMEWORK))
        },
    ),
    Row::new(
        "totals",
        "GOBL-FR-CHORUSPRO-BILL-INVOICE-06",
        &[Bt(115), Bt(113)],
        [
            "Framework A2 is for paid invoices, but {value} is still due.",
            "Le cadre A2 est réservé aux factures acquittées, mais il reste {value} à payer.",
        ],
        [
            "Add \"payment.advances\" for the whole amount payable, or use framework A1.",
            "Ajoutez « payment.advances » pour tout le montant à payer, ou utilisez le cadre A1.",
        ],
        |invoice, _| {
            let is_paid_framework = invoice.tax.as_ref()?.ext.get(FRAMEWORK) == "A2";
            let totals = invoice.totals.as_ref()?;
            let is_paid = totals.due.is_some_and(|due| due.is_zero());
            found(
                is_paid_framework && !is_paid,
                totals.due.unwrap_or(totals.payable),
            )
            .map(|failure| failure.wanted("0.00"))
        },
    ),
];

pub(super) static PARTY: [Row<Parties>; 7] = [
    Row::new(
        "ext",
        "GOBL-FR-CHORUSPRO-ORG-PARTY-01",
        &[BtPart(30, 1), BtPart(47, 1)],
        [
            "Nothing says how Chorus Pro identifies this party.",
            "Rien n’indique comment Chorus Pro identifie ce tiers.",
        ],
        [
            "Add an identity of type SIRET, or a foreign VAT number, or set \"fr-choruspro-scheme\" in \"ext\".",
            "Ajoutez une identité de type SIRET, ou un numéro de TVA étranger, ou renseignez « fr-choruspro-scheme » dans « ext ».",
        ],
        |Member { party, is_main }, _| {
            let failure = when(!party.ext.has(SCHEME))?;
            Some(if is_main { failure } else { failure.warning() })
        },
    ),
    Row::new(
        "identities",
        "GOBL-FR-CHORUSPRO-ORG-PARTY-02",
        &[Bt(30), Bt(47)],
        [
            "The party is identified by its SIRET (scheme 1) but has none.",
            "Le tiers est identifié par son SIRET (type 1) mais n’en a pas.",
        ],
        [
            "Add an identity of type SIRET.",
            "Ajoutez une identité de type SIRET.",
        ],
        |Member { party, .. }, _| when(party.ext.get(SCHEME) == "1" && !has_siret(party)),
    ),
    Row::new(
        "tax_id.country",
        "GOBL-FR-CHORUSPRO-ORG-PARTY-03",
        &[Bt(31), Bt(48)],
        [
            "The party is identified by its SIRET (scheme 1) but has a VAT number of {value}.",
            "Le tiers est identifié par son SIRET (type 1) mais a un numéro de TVA du pays {value}.",
        ],
        [
            "Correct the country, or the scheme: 2 in the EU, 3 outside.",
            "Corrigez le pays, ou le type : 2 dans l’UE, 3 en dehors.",
        ],
        |Member { party, .. }, _| {
            let country = country(party)?;
            found(party.ext.get(SCHEME) == "1" && country != "FR", country)
                .map(|failure| failure.wanted("FR"))
        },
    ),
    Row::new(
        "identities",
        "GOBL-FR-CHORUSPRO-ORG-PARTY-04",
        &[Bt(30), Bt(47)],
        [
            "The party has a SIRET but is identified by scheme {value}.",
            "Le tiers a un SIRET mais est identifié par le type {value}.",
        ],
        [
            "Remove the SIRET, or set the scheme to 1.",
            "Retirez le SIRET, ou mettez le type à 1.",
        ],
        |Member { party, .. }, _| {
            let scheme = party.ext.get(SCHEME);
            found(!matches!(scheme, "" | "1") && has_siret(party), scheme)
        },
    ),
    Row::new(
        "tax_id.country",
        "GOBL-FR-CHORUSPRO-ORG-PARTY-05",
        &[Bt(31), Bt(48)],
        [
            "Scheme 2 is for companies of the EU outside France.",
            "Le type 2 est réservé aux entreprises de l’UE hors de France.",
        ],
        [
            "Set the scheme to 1 and add the SIRET.",
            "Mettez le type à 1 et ajoutez le SIRET.",
        ],
        |Member { party, .. }, _| when(party.ext.get(SCHEME) == "2" && country(party)? == "FR"),
    ),
    Row::new(
        "tax_id.country",
        "GOBL-FR-CHORUSPRO-ORG-PARTY-06",
        &[Bt(31), Bt(48)],
        [
            "Scheme 2 is for companies of the EU; {value} is no member.",
            "Le type 2 est réservé aux entreprises de l’UE ; {value} n’en est pas membre.",
        ],
        ["Set the scheme to 3.", "Mettez le type à 3."],
        |Member { party, .. }, _| {
            let country = country(party)?;
            found(
                party.ext.get(SCHEME) == "2" && !is_eu_member(country),
                country,
            )
        },
    ),
    Row::new(
        "tax_id.country",
        "GOBL-FR-CHORUSPRO-ORG-PARTY-07",
        &[Bt(31), Bt(48)],
        [
            "Scheme 3 is for companies outside the EU; {value} is a member.",
            "Le type 3 est réservé aux entreprises hors de l’UE ; {value} en est membre.",
        ],
        [
            "Set the scheme to 2, or 1 in France.",
            "Mettez le type à 2, ou 1 en France.",
        ],
        |Member { party, .. }, _| {
            let country = country(party)?;
            found(
                party.ext.get(SCHEME) == "3" && is_eu_member(country),
                country,
            )
        },
    ),
];

fn has_siret(party: &Party<'_>) -> bool {
    party
        .identities
        .iter()
        .any(|identity| identity.kind == "SIRET")
}

fn country<'n>(party: &'n Party<'_>) -> Option<&'n str> {
    party.tax_id.as_ref().map(|tax_id| tax_id.country.as_str())
}
