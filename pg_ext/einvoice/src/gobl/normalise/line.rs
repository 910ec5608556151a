use super::{Addons, charges, note, party, period, tax};
use crate::amount::Amount;
use crate::gobl::clean;
use crate::gobl::model::{Item, Line, SubLine};
use crate::gobl::scalar::Text;

/// Decimals that Chorus Pro takes in a quantity.
const CHORUS_PRO_QUANTITY: u32 = 4;

pub(super) fn line(line: &mut Line<'_>, addons: Addons) {
    if let Some(identifier) = &mut line.identifier {
        party::identity(identifier, addons);
    }
    period(line.period.as_deref_mut());
    clean::code(&mut line.order);
    clean::code(&mut line.cost);
    if let Some(item) = &mut line.item {
        self::item(item, addons);
    }
    line.breakdown
        .iter_mut()
        .chain(&mut line.substituted)
        .for_each(|part| sub_line(part, addons));
    charges::of_line(&mut line.discounts, &mut line.charges, addons);
    line.taxes
        .iter_mut()
        .for_each(|combo| tax::combo(combo, addons));
    if let Some(seller) = &mut line.seller {
        party::party(seller, addons);
    }
    line.notes
        .iter_mut()
        .for_each(|line_note| note(line_note, addons));
    clean::ext(&mut line.ext);
    positive_price(&mut line.item, &mut line.quantity);
    if addons.chorus_pro {
        line.quantity = line.quantity.rescale_down(CHORUS_PRO_QUANTITY);
    }
}

fn sub_line(part: &mut SubLine<'_>, addons: Addons) {
    if let Some(identifier) = &mut part.identifier {
        party::identity(identifier, addons);
    }
    period(part.period.as_deref_mut());
    clean::code(&mut part.order);
    clean::code(&mut part.cost);
    if let Some(item) = &mut part.item {
        self::item(item, addons);
    }
    charges::of_line(&mut part.discounts, &mut part.charges, addons);
    part.notes
        .iter_mut()
        .for_each(|part_note| note(part_note, addons));
    positive_price(&mut part.item, &mut part.quantity);
}

/// A price is never negative (BR-27): its sign moves to the quantity.
fn positive_price(item: &mut Option<Item<'_>>, quantity: &mut Amount) {
    if let Some(price) = item
        .as_mut()
        .and_then(|item| item.price.as_mut())
        .filter(|price| price.is_negative())
    {
        *price = price.negate();
        *quantity = quantity.negate();
    }
}

fn item(item: &mut Item<'_>, addons: Addons) {
    clean::code(&mut item.reference);
    clean::text(&mut item.name);
    item.identities
        .iter_mut()
        .for_each(|identity| party::identity(identity, addons));
    clean::text(&mut item.description);
    clean::ext(&mut item.ext);
    if addons.en16931 && item.unit.is_empty() {
        item.unit = Text::from("one");
    }
}
