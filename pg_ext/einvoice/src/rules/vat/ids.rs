//! Which identifiers the parties have (x-02 to x-04).

use super::category;
use crate::en16931::Invoice;

/// Identifiers of the parties; an empty one is one.
pub(super) struct Ids<'m> {
    seller_vat: Option<&'m str>,
    seller_tax: bool,
    representative_vat: Option<&'m str>,
    buyer_vat: Option<&'m str>,
    buyer_legal: bool,
}

impl<'m> Ids<'m> {
    pub(super) fn of(invoice: &'m Invoice<'_>) -> Self {
        let seller = invoice.seller.as_ref();
        let buyer = invoice.buyer.as_ref();
        let representative = invoice.tax_representative.as_ref();
        Self {
            seller_vat: seller.and_then(|p| p.vat_id.as_deref()),
            seller_tax: seller.is_some_and(|p| p.tax_number.is_some()),
            representative_vat: representative.and_then(|p| p.vat_id.as_deref()),
            buyer_vat: buyer.and_then(|p| p.vat_id.as_deref()),
            buyer_legal: buyer.is_some_and(|p| p.legal_id.is_some()),
        }
    }

    /// What keeps them from being what a category asks: the number that should not be there, and the terms that lack one.
    pub(super) fn fail(&self, asked: category::Ids) -> Option<(&'m str, &'static str)> {
        let seller_vat = self.seller_vat.is_some() || self.representative_vat.is_some();
        let seller = seller_vat || self.seller_tax;
        let missing =
            match asked {
                category::Ids::Seller => lacking(seller, "BT-31, BT-32, BT-63"),
                category::Ids::SellerVat => lacking(seller_vat, "BT-31, BT-63"),
                category::Ids::SellerAndBuyer => lacking(seller, "BT-31, BT-32, BT-63").or(
                    lacking(self.buyer_vat.is_some() || self.buyer_legal, "BT-48, BT-47"),
                ),
                category::Ids::BothVat => lacking(seller_vat, "BT-31, BT-63")
                    .or(lacking(self.buyer_vat.is_some(), "BT-48")),
                category::Ids::NoVat => {
                    let unwanted = self.seller_vat.or(self.representative_vat);
                    return Some((unwanted.or(self.buyer_vat)?, ""));
                }
            };
        Some(("", missing?))
    }
}

fn lacking(is_there: bool, terms: &'static str) -> Option<&'static str> {
    (!is_there).then_some(terms)
}
