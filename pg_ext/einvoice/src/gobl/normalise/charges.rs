use super::{Addons, tax};
use crate::amount::{Amount, Percentage};
use crate::gobl::addon::{self, ALLOWANCE, CHARGE};
use crate::gobl::clean;
use crate::gobl::ext::Ext;
use crate::gobl::list::List;
use crate::gobl::model::{Charge, Discount, LineCharge, LineDiscount};
use crate::gobl::scalar::Text;

/// The allowances and charges of a line, less those that say nothing.
pub(super) fn of_line(
    discounts: &mut List<LineDiscount<'_>>,
    charges: &mut List<LineCharge<'_>>,
    addons: Addons,
) {
    for discount in discounts.iter_mut() {
        clean::code(&mut discount.code);
        clean::nul(&mut discount.reason);
        clean::ext(&mut discount.ext);
        reason_code(
            &discount.key,
            &mut discount.ext,
            ALLOWANCE,
            addon::allowance,
            addons,
        );
    }
    for charge in charges.iter_mut() {
        clean::code(&mut charge.code);
        clean::nul(&mut charge.reason);
        clean::ext(&mut charge.ext);
        reason_code(&charge.key, &mut charge.ext, CHARGE, addon::charge, addons);
    }
    discounts.retain(|d| !says_nothing([&d.key, &d.code, &d.reason], &d.ext, d.percent, d.amount));
    // A charge that has but a `rate` goes as well: the reference does not look at it.
    charges.retain(|c| !says_nothing([&c.key, &c.code, &c.reason], &c.ext, c.percent, c.amount));
}

/// Whether a charge or allowance is taken for empty; neither `base`, `rate` nor `quantity` counts.
pub(in crate::gobl) fn says_nothing(
    texts: [&Text<'_>; 3],
    ext: &Ext<'_>,
    percent: Option<Percentage>,
    amount: Amount,
) -> bool {
    texts.iter().all(|text| text.is_empty())
        && ext.is_empty()
        && percent.is_none_or(Percentage::is_zero)
        && amount.is_zero()
}

pub(super) fn discount(discount: &mut Discount<'_>, addons: Addons) {
    clean::code(&mut discount.code);
    clean::nul(&mut discount.reason);
    discount
        .taxes
        .iter_mut()
        .for_each(|combo| tax::combo(combo, addons));
    clean::ext(&mut discount.ext);
    reason_code(
        &discount.key,
        &mut discount.ext,
        ALLOWANCE,
        addon::allowance,
        addons,
    );
}

pub(super) fn charge(charge: &mut Charge<'_>, addons: Addons) {
    clean::code(&mut charge.code);
    clean::nul(&mut charge.reason);
    charge
        .taxes
        .iter_mut()
        .for_each(|combo| tax::combo(combo, addons));
    clean::ext(&mut charge.ext);
    reason_code(&charge.key, &mut charge.ext, CHARGE, addon::charge, addons);
}

fn reason_code(
    key: &str,
    ext: &mut Ext<'_>,
    name: &'static str,
    code: fn(&str) -> Option<&'static str>,
    addons: Addons,
) {
    if let (true, Some(code)) = (addons.en16931, code(key)) {
        ext.set(name, code);
    }
}
