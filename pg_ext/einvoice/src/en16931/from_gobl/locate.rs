//! From a term back to the JSON path of the GOBL document.

use super::role::{Role, buyer_role, seller_role};
use super::{amounts, party};
use crate::chorus::Scheme;
use crate::en16931::{Locate, Site};
use crate::entry::Profile;
use crate::finding::Term::{self, Bg, Bt, BtPart};
use crate::gobl;

/// Where the terms of a mapped invoice stand in the GOBL document.
#[derive(Debug, Clone, Copy)]
pub struct Locator<'m, 'a> {
    doc: &'m gobl::Invoice<'a>,
    profile: Profile,
    root: &'m str,
}

impl<'m, 'a> Locator<'m, 'a> {
    /// For a document mapped for `profile`; `root` is its own path, `$`, or `$.doc` in an envelope.
    #[must_use]
    pub const fn new(doc: &'m gobl::Invoice<'a>, profile: Profile, root: &'m str) -> Self {
        Self { doc, profile, root }
    }
}

impl Locate for Locator<'_, '_> {
    fn path(&self, site: Site) -> String {
        let place = self
            .header(site.term)
            .map(ToOwned::to_owned)
            .or_else(|| self.first(site.term))
            .or_else(|| self.in_party(site.term))
            .or_else(|| self.repeated(site))
            .unwrap_or_default();
        match place.as_str() {
            "" => self.root.to_owned(),
            place => format!("{}.{place}", self.root),
        }
    }
}

impl Locator<'_, '_> {
    /// Terms that stand in one place.
    fn header(&self, term: Term) -> Option<&'static str> {
        Some(match term {
            Bt(1) => "code",
            Bt(2) => "issue_date",
            Bt(3) => "tax.ext.untdid-document-type",
            Bt(5) => "currency",
            Bt(6) => "exchange_rates",
            Bt(7) => "value_date",
            Bt(8) => "tax.point",
            Bt(10) => "ordering.code",
            Bt(19) => "ordering.cost",
            Bt(20) => "payment.terms",
            Bt(23) => "tax.ext.fr-choruspro-framework",
            Bg(3) => "preceding",
            Bg(16) => "payment.instructions",
            Bt(81) if self.instructions().is_none() => "payment.instructions",
            Bt(81) => "payment.instructions.key",
            Bt(82) => "payment.instructions.detail",
            Bt(83) => "payment.instructions.ref",
            Bg(18) | Bt(87 | 88) => "payment.instructions.card",
            Bg(19) | Bt(89..=91) => "payment.instructions.direct_debit",
            Bg(22) => "totals",
            Bt(_) if self.doc.totals.is_none() && is_total(term) => "totals",
            Bt(106) => "totals.sum",
            Bt(107) => "totals.discount",
            Bt(108) => "totals.charge",
            Bt(109) => "totals.total",
            // The second total is computed from the first.
            Bt(110 | 111) => "totals.tax",
            Bt(112) => "totals.total_with_tax",
            Bt(113) => "totals.advance",
            Bt(114) => "totals.rounding",
            Bt(115) if self.doc.totals.as_ref().is_some_and(|t| t.due.is_some()) => "totals.due",
            Bt(115) => "totals.payable",
            Bg(23) => "totals.taxes",
            Bg(25) => "lines",
            _ => return None,
        })
    }

    /// Terms that occur once, of lists whose first element is the one rendered: not always the first of the user's own.
    fn first(&self, term: Term) -> Option<String> {
        let doc = self.doc;
        let (list, at, field) = match term {
            Bt(9) => {
                let terms = doc.payment.as_ref().and_then(|p| p.terms.as_ref());
                let at = terms.map_or(0, |terms| terms.due_dates.place(0));
                ("payment.terms.due_dates", at, "date")
            }
            Bt(n @ 11..=18) => {
                let (list, at) = self.first_of_ordering(n)?;
                (list, at, "code")
            }
            Bt(71) | BtPart(71, _) => {
                let at = doc.delivery.as_ref().map_or(0, |d| d.identities.place(0));
                return Some(format!("delivery.identities[{at}]"));
            }
            _ => return None,
        };
        Some(format!("{list}[{at}].{field}"))
    }

    /// The list of references that a term is of, and where the first of them stood.
    fn first_of_ordering(&self, term: u16) -> Option<(&'static str, usize)> {
        let ordering = self.doc.ordering.as_deref();
        let place = |list: fn(&gobl::Ordering<'_>) -> usize| ordering.map_or(0, list);
        Some(match term {
            11 => ("ordering.projects", place(|o| o.projects.place(0))),
            12 => ("ordering.contracts", place(|o| o.contracts.place(0))),
            13 => ("ordering.purchases", place(|o| o.purchases.place(0))),
            14 => ("ordering.sales", place(|o| o.sales.place(0))),
            15 => ("ordering.receiving", place(|o| o.receiving.place(0))),
            16 => ("ordering.despatch", place(|o| o.despatch.place(0))),
            17 => ("ordering.tender", place(|o| o.tender.place(0))),
            18 => ("ordering.identities", place(|o| o.identities.place(0))),
            _ => return None,
        })
    }

    fn instructions(&self) -> Option<&gobl::Instructions<'_>> {
        self.doc
            .payment
            .as_ref()
            .and_then(|p| p.instructions.as_deref())
    }

    /// Terms of the parties. Where a party is missing altogether, that is the place.
    fn in_party(&self, term: Term) -> Option<String> {
        let ordering_seller = self.doc.ordering.as_ref().and_then(|o| o.seller.as_ref());
        let supplier = self.doc.supplier.as_ref();
        let delivery = self.doc.delivery.as_ref();
        let (party, prefix, role) = match term {
            Bg(4..=6) | Bt(27..=43 | 162) | BtPart(29..=34, _) => match ordering_seller {
                Some(seller) => (Some(seller), "ordering.seller", seller_role(term)?),
                None => (supplier, "supplier", seller_role(term)?),
            },
            Bg(7..=9) | Bt(44..=58 | 163) | BtPart(46..=49, _) => {
                (self.doc.customer.as_ref(), "customer", buyer_role(term)?)
            }
            Bg(10) | Bt(59..=61) => {
                let payee = self.doc.payment.as_ref().and_then(|p| p.payee.as_ref());
                let role = match term {
                    Bt(59) => Role::Name,
                    Bt(60) => Role::Identifier,
                    Bt(61) => Role::LegalId,
                    _ => Role::Whole,
                };
                (payee, "payment.payee", role)
            }
            Bg(11 | 12) | Bt(62..=69 | 164) => {
                let role = match term {
                    Bt(62) => Role::Name,
                    Bt(63) => Role::VatId,
                    Bt(69) => Role::Country,
                    Bg(11) => Role::Whole,
                    _ => Role::Address,
                };
                (supplier, "supplier", role)
            }
            Bt(72) => return Some("delivery.date".to_owned()),
            Bg(14) | Bt(73 | 74) => {
                let of_delivery = delivery.is_some_and(|d| d.period.is_some());
                return Some(
                    if of_delivery {
                        "delivery.period"
                    } else {
                        "ordering.period"
                    }
                    .to_owned(),
                );
            }
            Bg(13 | 15) | Bt(70 | 75..=80 | 165) => {
                let role = match term {
                    Bt(70) => Role::Name,
                    Bt(80) => Role::Country,
                    Bg(13) => Role::Whole,
                    _ => Role::Address,
                };
                (
                    delivery.and_then(|d| d.receiver.as_ref()),
                    "delivery.receiver",
                    role,
                )
            }
            _ => return None,
        };
        let Some(party) = party else {
            return Some(prefix.to_owned());
        };
        Some(match self.within(party, role).as_str() {
            "" => prefix.to_owned(),
            place => format!("{prefix}.{place}"),
        })
    }

    fn within(&self, party: &gobl::Party<'_>, role: Role) -> String {
        let at = |identity: Option<&gobl::Identity<'_>>| {
            identity
                .and_then(|found| party.identities.iter().position(|i| std::ptr::eq(i, found)))
                .map_or_else(
                    || "identities".to_owned(),
                    |at| format!("identities[{}].code", party.identities.place(at)),
                )
        };
        match role {
            Role::Whole => String::new(),
            Role::Name => "name".to_owned(),
            Role::TradingName => "alias".to_owned(),
            Role::Identifier => "identities".to_owned(),
            Role::LegalId => {
                let identity = party::legal_identity(party, self.profile);
                match (self.profile, party::scheme(party)) {
                    _ if identity.is_some() => at(identity),
                    (Profile::ChorusPro, Some(Scheme::EuOutsideFrance)) => "tax_id.code".to_owned(),
                    (Profile::ChorusPro, Some(Scheme::OutsideEu | Scheme::Other)) => {
                        "name".to_owned()
                    }
                    _ => at(None),
                }
            }
            Role::LegalScheme => "ext.fr-choruspro-scheme".to_owned(),
            Role::VatId => "tax_id.code".to_owned(),
            Role::TaxNumber => at(party.identities.iter().find(|i| i.scope == "tax")),
            Role::Registration => "registration".to_owned(),
            Role::Endpoint => format!("inboxes[{}]", party.inboxes.place(0)),
            Role::Contact => format!("people[{}]", party.people.place(0)),
            Role::Address if party.addresses.is_empty() => "addresses".to_owned(),
            Role::Address => format!("addresses[{}]", party.addresses.place(0)),
            Role::Country if party.addresses.is_empty() => "addresses".to_owned(),
            Role::Country => format!("addresses[{}].country", party.addresses.place(0)),
        }
    }

    /// Terms inside of repeated groups.
    fn repeated(&self, site: Site) -> Option<String> {
        let [outer, inner] = site.at;
        let doc = self.doc;
        // The user's own places, which count what was dropped.
        let line = doc.lines.place(outer);
        let of_line = doc.lines.get(outer);
        let of_line_discount = of_line.map_or(inner, |line| line.discounts.place(inner));
        let of_line_charge = of_line.map_or(inner, |line| line.charges.place(inner));
        let note = doc.notes.place(outer);
        let preceding = doc.preceding.place(outer);
        let discount = doc.discounts.place(outer);
        let charge = doc.charges.place(outer);
        let attachment = doc.attachments.place(outer);
        let account = self
            .instructions()
            .map_or(outer, |i| i.credit_transfer.place(outer));
        Some(match site.term {
            Bg(1) | Bt(21 | 22) => format!("notes[{note}]"),
            Bt(25) => format!("preceding[{preceding}].code"),
            Bt(26) => format!("preceding[{preceding}].issue_date"),
            Bg(17)
                if self
                    .instructions()
                    .is_none_or(|i| i.credit_transfer.is_empty()) =>
            {
                "payment.instructions.credit_transfer".to_owned()
            }
            Bg(17) => format!("payment.instructions.credit_transfer[{account}]"),
            Bt(84) => format!("payment.instructions.credit_transfer[{account}].iban"),
            Bt(85) => format!("payment.instructions.credit_transfer[{account}].name"),
            Bt(86) => format!("payment.instructions.credit_transfer[{account}].bic"),
            Bt(n @ (95 | 96)) => {
                let taxes = doc.discounts.get(outer).map(|d| &d.taxes);
                format!("discounts[{discount}].{}", tax_field(taxes, n == 96))
            }
            Bt(n @ (102 | 103)) => {
                let taxes = doc.charges.get(outer).map(|c| &c.taxes);
                format!("charges[{charge}].{}", tax_field(taxes, n == 103))
            }
            Bt(n @ (151 | 152)) => {
                let taxes = of_line.map(|line| &line.taxes);
                format!("lines[{line}].{}", tax_field(taxes, n == 152))
            }
            Bg(20) => format!("discounts[{discount}]"),
            Bt(n @ 92..=98) => format!(
                "discounts[{discount}].{}",
                amount_field(n - 92, "ext.untdid-allowance")
            ),
            Bg(21) => format!("charges[{charge}]"),
            Bt(n @ 99..=105) => format!(
                "charges[{charge}].{}",
                amount_field(n - 99, "ext.untdid-charge")
            ),
            Bt(n @ 116..=121) => {
                let (category, rate) = amounts::rates(self.doc)
                    .nth(outer)
                    .map_or((0, 0), |(c, r, _, _)| (c, r));
                let field = match n {
                    116 => "base",
                    117 => "amount",
                    119 => "percent",
                    _ => "ext",
                };
                let taxes = doc.totals.as_ref().and_then(|totals| totals.taxes.as_ref());
                let (category, rate) = taxes.map_or((category, rate), |taxes| {
                    let rates = taxes.categories.get(category).map(|c| &c.rates);
                    (
                        taxes.categories.place(category),
                        rates.map_or(rate, |rates| rates.place(rate)),
                    )
                });
                format!("totals.taxes.categories[{category}].rates[{rate}].{field}")
            }
            Bg(24) => format!("attachments[{attachment}]"),
            Bt(122) => format!("attachments[{attachment}].code"),
            Bt(123) => format!("attachments[{attachment}].description"),
            Bt(124) => format!("attachments[{attachment}].url"),
            Bg(27) => format!("lines[{line}].discounts[{of_line_discount}]"),
            Bt(136) => format!("lines[{line}].discounts[{of_line_discount}].amount"),
            Bt(137) => format!("lines[{line}].discounts[{of_line_discount}].base"),
            Bt(138) => format!("lines[{line}].discounts[{of_line_discount}].percent"),
            Bt(139) => format!("lines[{line}].discounts[{of_line_discount}].reason"),
            Bt(140) => format!("lines[{line}].discounts[{of_line_discount}].ext.untdid-allowance"),
            Bg(28) => format!("lines[{line}].charges[{of_line_charge}]"),
            Bt(141) => format!("lines[{line}].charges[{of_line_charge}].amount"),
            Bt(142) => format!("lines[{line}].charges[{of_line_charge}].base"),
            Bt(143) => format!("lines[{line}].charges[{of_line_charge}].percent"),
            Bt(144) => format!("lines[{line}].charges[{of_line_charge}].reason"),
            Bt(145) => format!("lines[{line}].charges[{of_line_charge}].ext.untdid-charge"),
            term => format!("lines[{line}].{}", line_field(term)?),
        })
    }
}

const fn is_total(term: Term) -> bool {
    matches!(term, Bt(106..=115))
}

/// Field of a discount or charge of the document, by the distance of its term from that of the amount.
const fn amount_field(distance: u16, code: &'static str) -> &'static str {
    match distance {
        0 => "amount",
        1 => "base",
        2 => "percent",
        5 => "reason",
        _ => code,
    }
}

/// Field of the tax that is category and rate of a line, discount or charge.
fn tax_field(taxes: Option<&gobl::List<gobl::Combo<'_>>>, is_rate: bool) -> String {
    let Some(taxes) = taxes.filter(|taxes| !taxes.is_empty()) else {
        return "taxes".to_owned();
    };
    let at = amounts::combo(taxes);
    let field = if is_rate {
        "percent"
    } else if taxes
        .get(at)
        .is_some_and(|combo| combo.ext.has(gobl::TAX_CATEGORY))
    {
        "ext.untdid-tax-category"
    } else {
        "key"
    };
    format!("taxes[{}].{field}", taxes.place(at))
}

/// Field of a line.
fn line_field(term: Term) -> Option<&'static str> {
    Some(match term {
        Bt(126) => "i",
        Bt(127) => "notes",
        Bt(128) => "identifier",
        Bt(129) => "quantity",
        Bt(130) => "item.unit",
        Bt(131) => "total",
        Bt(132) => "order",
        Bt(133) => "cost",
        Bg(26) | Bt(134 | 135) => "period",
        Bg(29) | Bt(146..=150) => "item.price",
        Bg(30) => "taxes",
        Bg(31) => "item",
        Bt(153) => "item.name",
        Bt(154) => "item.description",
        Bt(155) => "item.ref",
        Bt(156..=158) | BtPart(157 | 158, _) => "item.identities",
        Bt(159) => "item.origin",
        Bg(32) | Bt(160 | 161) => "item.meta",
        _ => return None,
    })
}
