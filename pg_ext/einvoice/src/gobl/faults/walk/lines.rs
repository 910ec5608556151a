use super::super::given::Shown;
use super::super::kinds;
use super::super::path::Path;
use super::Walk;
use crate::amount::{Amount, Percentage};
use crate::gobl::list::List;
use crate::gobl::model::{
    Charge, Combo, Discount, Invoice, Item, Line, LineCharge, LineDiscount, SubLine,
};

impl Walk {
    pub(super) fn line(&mut self, line: &Line<'_>, path: &Path<'_>) {
        self.check::<kinds::Lines>(line, path);
        if let Some(identifier) = &line.identifier {
            self.identity(identifier, &path.key("identifier"));
        }
        self.period(line.period.as_deref(), &path.key("period"));
        self.code(&line.order, path, "order");
        self.code(&line.cost, path, "cost");
        self.item(line.item.as_ref(), &path.key("item"));
        self.each(&line.breakdown, &path.key("breakdown"), Self::sub_line);
        self.each(&line.substituted, &path.key("substituted"), Self::sub_line);
        self.line_discounts(&line.discounts, &path.key("discounts"));
        self.line_charges(&line.charges, &path.key("charges"));
        self.taxes(&line.taxes, &path.key("taxes"));
        self.party(line.seller.as_deref(), false, &path.key("seller"));
        self.notes(&line.notes, &path.key("notes"));
        self.ext(&line.ext, path);
    }

    fn sub_line(&mut self, part: &SubLine<'_>, path: &Path<'_>) {
        self.check::<kinds::SubLines>(part, path);
        if let Some(identifier) = &part.identifier {
            self.identity(identifier, &path.key("identifier"));
        }
        self.period(part.period.as_deref(), &path.key("period"));
        self.code(&part.order, path, "order");
        self.code(&part.cost, path, "cost");
        self.item(part.item.as_ref(), &path.key("item"));
        self.line_discounts(&part.discounts, &path.key("discounts"));
        self.line_charges(&part.charges, &path.key("charges"));
        self.notes(&part.notes, &path.key("notes"));
    }

    fn item(&mut self, item: Option<&Item<'_>>, path: &Path<'_>) {
        let Some(item) = item else { return };
        self.check::<kinds::Items>(item, path);
        self.code(&item.reference, path, "ref");
        self.key(&item.key, path, "key");
        self.identities(&item.identities, &path.key("identities"));
        self.each(&item.images, &path.key("images"), Self::image);
        self.currency(&item.currency, path, "currency");
        self.each(
            &item.alt_prices,
            &path.key("alt_prices"),
            |walk, price, path| {
                walk.check::<kinds::CurrencyAmounts>(price, path);
                walk.currency(&price.currency, path, "currency");
            },
        );
        let origin = super::Country {
            code: &item.origin,
            of_tax: false,
        };
        self.check::<kinds::Countries>(origin, &path.key("origin"));
        self.ext(&item.ext, path);
    }

    fn line_discounts(&mut self, discounts: &List<LineDiscount<'_>>, path: &Path<'_>) {
        self.each(discounts, path, |walk, discount, path| {
            walk.check::<kinds::LineDiscounts>(discount, path);
            walk.key(&discount.key, path, "key");
            walk.code(&discount.code, path, "code");
            walk.ext(&discount.ext, path);
        });
    }

    fn line_charges(&mut self, charges: &List<LineCharge<'_>>, path: &Path<'_>) {
        self.each(charges, path, |walk, charge, path| {
            walk.check::<kinds::LineCharges>(charge, path);
            walk.key(&charge.key, path, "key");
            walk.code(&charge.code, path, "code");
            walk.ext(&charge.ext, path);
        });
    }

    pub(super) fn discount(&mut self, discount: &Discount<'_>, path: &Path<'_>) {
        self.check::<kinds::Discounts>(discount, path);
        self.key(&discount.key, path, "key");
        self.code(&discount.code, path, "code");
        self.taxes(&discount.taxes, &path.key("taxes"));
        self.ext(&discount.ext, path);
    }

    pub(super) fn charge(&mut self, charge: &Charge<'_>, path: &Path<'_>) {
        self.check::<kinds::Charges>(charge, path);
        self.key(&charge.key, path, "key");
        self.code(&charge.code, path, "code");
        self.taxes(&charge.taxes, &path.key("taxes"));
        self.ext(&charge.ext, path);
    }

    fn taxes(&mut self, taxes: &List<Combo<'_>>, path: &Path<'_>) {
        self.check::<kinds::Sets>(taxes, path);
        self.each(taxes, path, |walk, combo, path| {
            walk.check::<kinds::Combos>(combo, path);
            walk.code(&combo.cat, path, "cat");
            walk.tax_country(&combo.country, path);
            walk.key(&combo.key, path, "key");
            walk.key(&combo.rate, path, "rate");
            walk.ext(&combo.ext, path);
        });
    }

    /// What the calculation will change without a word.
    pub(in crate::gobl::faults) fn given(&mut self, invoice: &Invoice<'_>, path: &Path<'_>) {
        self.check::<kinds::GivenInvoices>(invoice, path);
        self.each(&invoice.lines, &path.key("lines"), |walk, line, path| {
            walk.given_amounts(line.item.as_ref(), &line.discounts, &line.charges, path);
            let in_parts = |walk: &mut Self, part: &SubLine<'_>, path: &Path<'_>| {
                walk.given_amounts(part.item.as_ref(), &part.discounts, &part.charges, path);
            };
            walk.each(&line.breakdown, &path.key("breakdown"), in_parts);
        });
    }

    fn given_amounts(
        &mut self,
        item: Option<&Item<'_>>,
        discounts: &List<LineDiscount<'_>>,
        charges: &List<LineCharge<'_>>,
        path: &Path<'_>,
    ) {
        let price = item.and_then(|item| item.price).map_or(0, Amount::exp);
        let decimals = price.max(self.facts.decimals);
        let shown = |amount: Amount, percent: Option<Percentage>| {
            percent.is_none().then_some(Shown { amount, decimals })
        };
        self.each(discounts, &path.key("discounts"), |walk, discount, path| {
            if let Some(shown) = shown(discount.amount, discount.percent) {
                walk.check::<kinds::GivenAmounts>(shown, path);
            }
        });
        self.each(charges, &path.key("charges"), |walk, charge, path| {
            walk.check::<kinds::GivenCharges>(charge, path);
            if let Some(shown) =
                shown(charge.amount, charge.percent).filter(|_| charge.rate.is_none())
            {
                walk.check::<kinds::GivenAmounts>(shown, path);
            }
        });
    }
}
