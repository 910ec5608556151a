use super::{Rules, customer_country, refusal};
use crate::Poll;
use crate::amount::{Amount, Percentage};
use crate::gobl::limits;
use crate::gobl::list::List;
use crate::gobl::model::{CategoryTotal, Combo, Invoice, RateTotal, Surcharge, TaxTotal};
use crate::gobl::regime::{french_rate, french_rate_by_law, is_without_percent};
use crate::input::{Error, Refusal};

/// A taxable amount with its taxes: a line, an allowance (negative) or a charge.
struct Row<'r, 'a> {
    total: Amount,
    combos: &'r [Combo<'a>],
}

/// The breakdown of the document's taxes, unrounded. Nothing when there is nothing to tax.
pub(super) fn calculate<'a>(
    invoice: &mut Invoice<'a>,
    rules: &Rules,
    poll: Poll<'_>,
) -> Result<Option<TaxTotal<'a>>, Error> {
    prepare(invoice, rules)?;
    let included = invoice
        .tax
        .as_ref()
        .map_or("", |tax| tax.prices_include.as_str());
    let of_lines = invoice
        .lines
        .iter()
        .filter_map(|line| line.total.map(|total| (total, &line.taxes)));
    let of_discounts = invoice
        .discounts
        .iter()
        .map(|discount| (discount.amount.negate(), &discount.taxes));
    let of_charges = invoice
        .charges
        .iter()
        .map(|charge| (charge.amount, &charge.taxes));
    let mut taxes = None;
    for (total, combos) in of_lines.chain(of_discounts).chain(of_charges) {
        poll()?;
        let taxes = taxes.get_or_insert_with(TaxTotal::default);
        let row = Row {
            total: taxable(total, combos, included, rules),
            combos,
        };
        add(taxes, &row, rules)?;
    }
    if let Some(taxes) = &mut taxes {
        sum(taxes, rules);
    }
    Ok(taxes)
}

/// Settles key and percentage of every combo of a taxable row.
fn prepare(invoice: &mut Invoice<'_>, rules: &Rules) -> Result<(), Refusal> {
    let customer = customer_country(invoice);
    let each =
        |list: &'static str, place: usize, combos: &mut List<Combo<'_>>, is_taxable: bool| {
            for at in 0..combos.len() {
                let own = combos.place(at);
                let Some(combo) = combos.get_mut(at) else {
                    continue;
                };
                if let Some(customer) = &customer {
                    combo.country = customer.to_string().into();
                }
                if is_taxable {
                    settle(combo, rules).map_err(|mut refusal| {
                        refusal.path = format!("$.{list}[{place}].taxes[{own}]{}", refusal.path);
                        refusal
                    })?;
                }
            }
            Ok::<(), Refusal>(())
        };
    for at in 0..invoice.lines.len() {
        let place = invoice.lines.place(at);
        if let Some(line) = invoice.lines.get_mut(at) {
            each("lines", place, &mut line.taxes, line.total.is_some())?;
        }
    }
    for at in 0..invoice.discounts.len() {
        let place = invoice.discounts.place(at);
        if let Some(row) = invoice.discounts.get_mut(at) {
            each("discounts", place, &mut row.taxes, true)?;
        }
    }
    for at in 0..invoice.charges.len() {
        let place = invoice.charges.place(at);
        if let Some(row) = invoice.charges.get_mut(at) {
            each("charges", place, &mut row.taxes, true)?;
        }
    }
    Ok(())
}

fn settle(combo: &mut Combo<'_>, rules: &Rules) -> Result<(), Refusal> {
    if combo.country == rules.country {
        combo.country = Default::default();
    }
    let is_french = if combo.country.is_empty() {
        rules.is_french
    } else {
        combo.country == "FR"
    };
    let is_spanish = match combo.country.as_str() {
        "" => rules.country == "ES",
        country => country == "ES",
    };
    // France has VAT alone, Spain the taxes of the Canary Islands and of Ceuta and Melilla besides; where no rates are known,
    // the two categories that every country may have.
    let is_known = match combo.cat.as_str() {
        "VAT" => true,
        "GST" => !is_french,
        "IGIC" | "IPSI" => is_spanish,
        _ => false,
    };
    if !is_known {
        return Err(refusal(
            ".cat".to_owned(),
            format!("the tax category \"{}\" is not defined", combo.cat),
            "Use \"VAT\".".to_owned(),
        ));
    }
    if combo.key.is_empty() {
        combo.key = "standard".into();
    }
    if is_without_percent(&combo.key) {
        (combo.percent, combo.surcharge) = (None, None);
    } else if !combo.rate.is_empty() {
        combo.percent = Some(percent_of_rate(combo, is_french, rules)?);
        combo.surcharge = None;
    }
    Ok(())
}

fn percent_of_rate(
    combo: &Combo<'_>,
    is_french: bool,
    rules: &Rules,
) -> Result<Percentage, Refusal> {
    let rate = if is_french && combo.key == "standard" {
        french_rate(&combo.rate)
    } else {
        None
    };
    let Some((percent, since)) = rate else {
        return Err(refusal(
            ".rate".to_owned(),
            format!("the rate \"{}\" is not defined for key \"{}\" of {}", combo.rate, combo.key, combo.cat),
            if is_french {
                "Use \"general\", \"intermediate\", \"reduced\" or \"super-reduced\" with key \"standard\", or give \"percent\" in place of \"rate\"."
            } else {
                "Give \"percent\" in place of \"rate\": rates by name are known for France alone, which \"$regime\": \"FR\" selects."
            }
            .to_owned(),
        ));
    };
    match rules.tax_date {
        Some(date) if date < since => Err(refusal(
            ".rate".to_owned(),
            format!(
                "the rate \"{}\" of {} is not known on {date}, only from {since} on",
                combo.rate, combo.cat
            ),
            match french_rate_by_law(&combo.rate, date) {
                Some(lawful) => {
                    format!("Give \"percent\" in place of \"rate\": by law it was {lawful}.")
                }
                None => "Give \"percent\" in place of \"rate\".".to_owned(),
            },
        )),
        _ => Ok(percent),
    }
}

/// The amount to tax: at the precision of the taxes, without the tax that it includes.
fn taxable(total: Amount, combos: &[Combo<'_>], included: &str, rules: &Rules) -> Amount {
    if combos.is_empty() {
        return total;
    }
    let total = total.rescale_up(rules.decimals + 2);
    if included.is_empty() {
        return total;
    }
    let percent = combos
        .iter()
        .find(|combo| combo.cat == included)
        .and_then(|combo| combo.percent);
    percent.map_or(total, |percent| total.over(percent.factor()))
}

/// Adds a row to the rates of its combos.
fn add<'a>(taxes: &mut TaxTotal<'a>, row: &Row<'_, 'a>, rules: &Rules) -> Result<(), Refusal> {
    for combo in row.combos {
        let known = taxes
            .categories
            .iter()
            .position(|category| category.code == combo.cat);
        let at = known.unwrap_or(taxes.categories.len());
        if known.is_none() {
            taxes.categories.push(CategoryTotal {
                code: combo.cat.clone(),
                ..CategoryTotal::default()
            });
        }
        let Some(category) = taxes.categories.get_mut(at) else {
            continue;
        };
        let known = category.rates.iter().position(|rate| is_same(rate, combo));
        let at = known.unwrap_or(category.rates.len());
        if known.is_none() {
            if at == limits::RATES {
                return Err(limits::over(
                    "$.totals.taxes",
                    "different tax rates",
                    at + 1,
                    limits::RATES,
                ));
            }
            category.rates.push(RateTotal {
                country: combo.country.clone(),
                key: combo.key.clone(),
                ext: combo.ext.clone(),
                base: rules.zero(),
                percent: combo.percent,
                surcharge: combo.surcharge.map(|percent| Surcharge {
                    percent,
                    amount: rules.zero(),
                }),
                amount: rules.zero(),
            });
        }
        if let Some(rate) = category.rates.get_mut(at) {
            rate.base = rules.ready(rate.base, row.total).plus(row.total);
        }
    }
    Ok(())
}

/// Rates are told apart by all but their key.
fn is_same(rate: &RateTotal<'_>, combo: &Combo<'_>) -> bool {
    rate.percent == combo.percent
        && rate.surcharge.map(|surcharge| surcharge.percent) == combo.surcharge
        && rate.country == combo.country
        && rate.ext == combo.ext
}

/// Calculates a breakdown given by its bases and rates alone, as a reference to another document may hold it.
pub(super) fn recalculate(taxes: &mut TaxTotal<'_>, rules: &Rules) {
    for rate in taxes
        .categories
        .iter_mut()
        .flat_map(|category| &mut category.rates)
    {
        rate.base = rate.base.rescale_up(rules.decimals);
    }
    sum(taxes, rules);
    round(taxes, rules);
}

/// Retained taxes are summed apart, informative ones not at all.
fn sum(taxes: &mut TaxTotal<'_>, rules: &Rules) {
    (taxes.sum, taxes.retained) = (rules.zero(), None);
    for category in &mut taxes.categories {
        (category.amount, category.surcharge) = (rules.zero(), None);
        for rate in &mut category.rates {
            let Some(percent) = rate.percent else {
                rate.amount = rules.zero();
                continue;
            };
            rate.amount = percent.of(rate.base);
            category.amount = rules.ready(category.amount, rate.amount).plus(rate.amount);
            if let Some(surcharge) = &mut rate.surcharge {
                surcharge.amount = surcharge.percent.of(rate.base);
                let so_far = category.surcharge.unwrap_or(rules.zero());
                category.surcharge =
                    Some(rules.ready(so_far, surcharge.amount).plus(surcharge.amount));
            }
        }
        if category.informative {
            continue;
        }
        for amount in [Some(category.amount), category.surcharge]
            .into_iter()
            .flatten()
        {
            if category.retained {
                let so_far = taxes.retained.unwrap_or(rules.zero());
                taxes.retained = Some(rules.ready(so_far, amount).plus(amount));
            } else {
                taxes.sum = rules.ready(taxes.sum, amount).plus(amount);
            }
        }
    }
}

/// Rounds a breakdown to the currency. Comes after the totals, which use the exact amounts.
pub(super) fn round(taxes: &mut TaxTotal<'_>, rules: &Rules) {
    let round = |amount: &mut Amount| *amount = amount.rescale(rules.decimals);
    for category in &mut taxes.categories {
        for rate in &mut category.rates {
            round(&mut rate.base);
            round(&mut rate.amount);
            if let Some(surcharge) = &mut rate.surcharge {
                round(&mut surcharge.amount);
            }
        }
        round(&mut category.amount);
        category.surcharge.iter_mut().for_each(round);
    }
    round(&mut taxes.sum);
    taxes.retained.iter_mut().for_each(round);
}
