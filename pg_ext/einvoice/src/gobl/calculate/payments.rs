use super::Rules;
use crate::amount::Percentage;
use crate::gobl::model::Invoice;

/// Calculates advances and instalments. Both are shares of the amount payable, each rounded by itself.
pub(super) fn calculate(invoice: &mut Invoice<'_>, rules: &Rules) {
    let (Some(payment), Some(totals)) = (&mut invoice.payment, &mut invoice.totals) else {
        return;
    };
    let payable = totals.payable;
    let mut paid = None;
    for advance in &mut payment.advances {
        if let Some(percent) = advance.percent {
            advance.amount = percent.of(payable);
        }
        advance.amount = advance.amount.rescale(rules.decimals);
        paid = Some(paid.unwrap_or(rules.zero()).plus(advance.amount));
    }
    totals.advance = paid;
    totals.due = paid.map(|paid| payable.minus(paid));
    let due_dates = payment
        .terms
        .iter_mut()
        .flat_map(|terms| &mut terms.due_dates);
    for due in due_dates {
        if let Some(percent) = due.percent.filter(|percent| !Percentage::is_zero(*percent)) {
            due.amount = percent.of(payable);
        }
        due.amount = due.amount.rescale(rules.decimals);
    }
}
