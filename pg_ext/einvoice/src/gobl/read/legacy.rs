use crate::gobl::model::Invoice;

/// Moves what older documents keep elsewhere to where it belongs today.
pub(super) fn modernise(invoice: &mut Invoice<'_>) {
    if let Some(tax) = &mut invoice.tax {
        for tag in std::mem::take(&mut tax.tags) {
            if !invoice.tags.contains(&tag) {
                invoice.tags.push(tag);
            }
        }
    }
    let of_lines = invoice.lines.iter_mut().map(|line| &mut line.taxes);
    let of_discounts = invoice
        .discounts
        .iter_mut()
        .map(|discount| &mut discount.taxes);
    let of_charges = invoice.charges.iter_mut().map(|charge| &mut charge.taxes);
    for combo in of_lines.chain(of_discounts).chain(of_charges).flatten() {
        let rate = std::mem::take(&mut combo.tags).into_iter().next();
        if let (Some(rate), true) = (rate, combo.rate.is_empty()) {
            combo.rate = rate;
        }
    }
}
