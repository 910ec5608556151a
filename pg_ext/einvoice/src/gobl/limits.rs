//! How much of everything a document may hold. Constants, since what is refused must not depend on settings.

use super::model::Invoice;
use crate::input::{Refusal, RefusalKind};

/// Most invoice lines.
pub const LINES: usize = 100_000;
/// Most parts, allowances, charges and taxes in all lines and the document together.
pub const ROWS: usize = 1_000_000;
/// Most different rates of one tax category.
pub const RATES: usize = 1_000;
/// Most unknown properties that are reported.
pub const UNKNOWN: usize = 1_000;

/// Refuses an invoice that holds more than is allowed; `root` is its path.
pub(crate) fn check(invoice: &Invoice<'_>, root: &str) -> Result<(), Refusal> {
    if invoice.lines.len() > LINES {
        return Err(over(
            &format!("{root}.lines"),
            "lines",
            invoice.lines.len(),
            LINES,
        ));
    }
    let in_lines = invoice.lines.iter().map(|line| {
        let parts = line.breakdown.iter().chain(&line.substituted);
        let in_parts = parts
            .map(|part| 1 + part.discounts.len() + part.charges.len())
            .sum::<usize>();
        in_parts + line.discounts.len() + line.charges.len() + line.taxes.len()
    });
    let of_document = invoice
        .discounts
        .iter()
        .map(|row| 1 + row.taxes.len())
        .sum::<usize>()
        + invoice
            .charges
            .iter()
            .map(|row| 1 + row.taxes.len())
            .sum::<usize>();
    let rows = in_lines.sum::<usize>() + of_document;
    if rows > ROWS {
        return Err(over(
            root,
            "parts, allowances, charges and taxes",
            rows,
            ROWS,
        ));
    }
    Ok(())
}

pub(super) fn over(path: &str, what: &str, found: usize, most: usize) -> Refusal {
    Refusal {
        kind: RefusalKind::Limit,
        path: path.to_owned(),
        message: format!("{path} has {found} {what}, at most {most} are allowed"),
        hint: "Split the invoice.".to_owned(),
    }
}
