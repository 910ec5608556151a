use super::{Rules, adjustments, refusal};
use crate::Poll;
use crate::amount::Amount;
use crate::gobl::currency;
use crate::gobl::list::List;
use crate::gobl::model::{CurrencyAmount, ExchangeRate, Invoice, Item, Line, SubLine};
use crate::gobl::scalar::Text;
use crate::input::{Error, Refusal};

/// Calculates every line, unrounded, and gives the sum of their totals.
pub(super) fn calculate(
    invoice: &mut Invoice<'_>,
    rules: &Rules,
    poll: Poll<'_>,
) -> Result<Amount, Error> {
    let money = Money {
        currency: &invoice.currency,
        rates: &invoice.exchange_rates,
        rules,
    };
    let mut sum = rules.zero();
    let lines = &mut invoice.lines;
    for (at, index) in (0..lines.len()).zip(1_i64..) {
        poll()?;
        let place = lines.place(at);
        let Some(line) = lines.get_mut(at) else {
            continue;
        };
        line.index = index;
        self::line(line, &money)
            .map_err(|no_rate| no_rate.refusal(&format!("$.lines[{place}]")))?;
        if let Some(total) = line.total {
            sum = sum.match_exp(total).plus(total);
        }
    }
    Ok(sum)
}

/// Rounds what is shown of a line to the decimals of its price. Comes after the taxes, which use the exact amounts.
pub(super) fn round(invoice: &mut Invoice<'_>) {
    for line in &mut invoice.lines {
        let Some(exp) = line
            .item
            .as_ref()
            .and_then(|item| item.price)
            .map(Amount::exp)
        else {
            continue;
        };
        let down = |amount: &mut Amount| *amount = amount.rescale_down(exp);
        line.sum.iter_mut().chain(&mut line.total).for_each(down);
        line.discounts
            .iter_mut()
            .for_each(|discount| down(&mut discount.amount));
        line.charges
            .iter_mut()
            .for_each(|charge| down(&mut charge.amount));
        // The allowances and charges of parts stay exact, as in the reference.
        for part in line.breakdown.iter_mut().chain(&mut line.substituted) {
            part.sum.iter_mut().chain(&mut part.total).for_each(down);
        }
    }
}

/// What prices are converted and rounded by.
struct Money<'m, 'a> {
    currency: &'m Text<'a>,
    rates: &'m [ExchangeRate<'a>],
    rules: &'m Rules,
}

/// No rate to convert a price with: where, below the line, and from which currency.
struct NoRate {
    place: String,
    from: String,
    to: String,
}

impl NoRate {
    fn refusal(self, line: &str) -> Refusal {
        let Self { place, from, to } = self;
        refusal(
            format!("{line}{place}"),
            format!("there is no exchange rate from {from} to {to}"),
            format!(
                "Add one to \"exchange_rates\", or the price in {to} to the item's \"alt_prices\"."
            ),
        )
    }
}

fn line<'a>(line: &mut Line<'a>, money: &Money<'_, 'a>) -> Result<(), NoRate> {
    let Some(item) = &mut line.item else {
        return Ok(());
    };
    parts(&mut line.substituted, "substituted", money)?;
    if let Some(price) = parts(&mut line.breakdown, "breakdown", money)? {
        item.price = Some(price);
        item.currency = money.currency.clone();
        item.alt_prices = List::default();
    }
    (line.sum, line.total) = (None, None);
    let Some(price) = price(item, money)? else {
        return Ok(());
    };
    let rules = money.rules;
    let finer = if rules.rounds_to_currency {
        rules.decimals
    } else {
        rules.decimals + 2
    };
    let sum = rules.round(price.rescale_up(finer).times(line.quantity));
    line.sum = Some(sum);
    line.total = Some(adjustments::of_line(
        sum,
        line.quantity,
        &mut line.discounts,
        &mut line.charges,
        rules,
    ));
    Ok(())
}

/// Calculates the parts of a line and gives their sum as a price, if any has one.
fn parts<'a>(
    parts: &mut List<SubLine<'a>>,
    list: &str,
    money: &Money<'_, 'a>,
) -> Result<Option<Amount>, NoRate> {
    let (mut sum, mut exp) = (money.rules.zero(), None);
    for (at, index) in (0..parts.len()).zip(1_i64..) {
        let own = parts.place(at);
        let Some(part) = parts.get_mut(at) else {
            continue;
        };
        part.index = index;
        let place = |error: NoRate| NoRate {
            place: format!(".{list}[{own}]{}", error.place),
            ..error
        };
        if let Some((price, total)) = sub_line(part, money).map_err(place)? {
            sum = sum.match_exp(total).plus(total);
            exp = exp.max(Some(price.exp()));
        }
    }
    Ok(exp.map(|exp| sum.rescale(exp)))
}

fn sub_line<'a>(
    part: &mut SubLine<'a>,
    money: &Money<'_, 'a>,
) -> Result<Option<(Amount, Amount)>, NoRate> {
    (part.sum, part.total) = (None, None);
    let Some(item) = &mut part.item else {
        return Ok(None);
    };
    let Some(price) = price(item, money)? else {
        return Ok(None);
    };
    let rules = money.rules;
    let fine = if rules.rounds_to_currency {
        price
    } else {
        price.rescale_up(rules.decimals + 2)
    };
    let sum = rules.round(fine.times(part.quantity));
    let total = adjustments::of_line(
        sum,
        part.quantity,
        &mut part.discounts,
        &mut part.charges,
        rules,
    );
    (part.sum, part.total) = (Some(sum), Some(total));
    Ok(Some((price, total)))
}

/// The price in the document currency, converted where it is in another.
fn price<'a>(item: &mut Item<'a>, money: &Money<'_, 'a>) -> Result<Option<Amount>, NoRate> {
    let Some(given) = item.price else {
        return Ok(None);
    };
    let own = if item.currency.is_empty() {
        money.currency
    } else {
        &item.currency
    };
    let price = given.rescale_up(currency::decimals(own).unwrap_or(money.rules.decimals));
    item.price = Some(price);
    if item.currency.is_empty() || item.currency == *money.currency {
        return Ok(item.price);
    }
    let alternative = item
        .alt_prices
        .iter()
        .find(|alternative| alternative.currency == *money.currency);
    let converted = match alternative {
        Some(alternative) => alternative.value.rescale_up(money.rules.decimals),
        None => {
            let rate = money
                .rates
                .iter()
                .find(|rate| rate.from == item.currency && rate.to == *money.currency);
            let rate = rate.ok_or_else(|| NoRate {
                place: ".item.price".to_owned(),
                from: item.currency.to_string(),
                to: money.currency.to_string(),
            })?;
            price.times(rate.amount).rescale(money.rules.decimals)
        }
    };
    let from = std::mem::replace(&mut item.currency, money.currency.clone());
    item.alt_prices = List::from(vec![CurrencyAmount {
        currency: from,
        value: price,
        ..CurrencyAmount::default()
    }]);
    item.price = Some(converted);
    Ok(item.price)
}
