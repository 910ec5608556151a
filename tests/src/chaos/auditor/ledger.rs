//! The ledger against deposits and invoices: I1, I2, I3, I7.

use std::collections::{BTreeMap, HashMap};

use chorus_simulator::{InvoiceRecord, Post};

use super::tables::{Deposit, Invoice};
use super::{Invariant, Tables, There, Violation, failed};

/// I1. A flux that failed leaves its number free: it does not count.
pub fn processed_twice(there: &There) -> Vec<Violation> {
    let mut counts: BTreeMap<(&str, i16, &str), usize> = BTreeMap::new();
    for post in there.ledger.posts.iter().filter(|post| !failed(post)) {
        if let (Some(siren), Some(year), Some(number)) = (&post.siren, post.year, &post.number) {
            *counts.entry((siren, year, number)).or_default() += 1;
        }
    }
    let twice = counts.into_iter().filter(|(_, count)| *count > 1);
    let mut found: Vec<Violation> = twice
        .map(|((siren, year, number), count)| {
            Violation::new(
                Invariant::I1,
                format!("{number} of {siren}, {year}, was processed {count} times"),
            )
        })
        .collect();
    for (siren, year, number) in there.ledger.accepted_twice() {
        let what = format!("{number} of {siren}, {year}, was accepted more than once");
        found.push(Violation::new(Invariant::I1, what));
    }
    found
}

/// I2.
pub fn said_to_be_there(tables: &Tables, there: &There) -> Vec<Violation> {
    let fluxes: HashMap<&str, &Post> = there
        .ledger
        .posts
        .iter()
        .filter_map(|post| Some((post.flux_number.as_deref()?, post)))
        .collect();
    let mut found = Vec::new();
    for (file, deposit) in &tables.deposits {
        let Some(number) = &deposit.flux_number else {
            continue;
        };
        match fluxes.get(number.as_str()) {
            Some(post) if post.file_name == *file => {}
            Some(post) => found.push(Violation::new(
                Invariant::I2,
                format!(
                    "{file} is said to be flux {number}, which is {}",
                    post.file_name
                ),
            )),
            None => found.push(Violation::new(
                Invariant::I2,
                format!("{file} is said to be flux {number}, which was never given"),
            )),
        }
    }
    let invoices: HashMap<i64, &InvoiceRecord> = there
        .invoices
        .iter()
        .map(|invoice| (invoice.id, invoice))
        .collect();
    for (id, invoice) in &tables.invoices {
        let Some(chorus_id) = invoice.chorus_id else {
            continue;
        };
        let same = |record: &&InvoiceRecord| {
            record.number.as_ref() == Some(&invoice.number)
                && record.supplier.as_ref() == Some(&invoice.supplier)
        };
        if !invoices.get(&chorus_id).is_some_and(same) {
            let what = format!(
                "{} ({id}) is said to be {chorus_id}, which it is not",
                invoice.number
            );
            found.push(Violation::new(Invariant::I2, what));
        }
    }
    found
}

/// I3. What was accepted is known under its id; what was given a number, by a deposit that may have it.
pub fn linked(tables: &Tables, there: &There) -> Vec<Violation> {
    let mut found = Vec::new();
    for post in there
        .ledger
        .posts
        .iter()
        .filter(|post| post.return_code == 0)
    {
        let flux = post.flux_number.as_deref().unwrap_or_default();
        let mut say = |what: &str| {
            let number = post.number.as_deref().unwrap_or_default();
            found.push(Violation::new(
                Invariant::I3,
                format!("flux {flux} of {number}, {}: {what}", post.file_name),
            ));
        };
        let Some((deposit, invoice)) = row_of(tables, post) else {
            say("no row has sent it");
            continue;
        };
        let never = matches!(deposit.state.as_str(), "abandoned" | "refused");
        if never && !failed(post) {
            say(&format!("its deposit is said to be {}", deposit.state));
        }
        if deposit
            .flux_number
            .as_deref()
            .is_some_and(|known| known != flux)
        {
            say("its deposit has another number");
        }
        if deposit.content_sha256 != post.sha256 || deposit.sha256 != post.sha256 {
            say("other bytes than those stored");
        }
        if post.invoice_id.is_some() && invoice.chorus_id != post.invoice_id {
            say(&format!(
                "accepted as {}, and the row says {:?} in state {}",
                post.invoice_id.unwrap_or_default(),
                invoice.chorus_id,
                invoice.state
            ));
        }
    }
    found
}

/// I7. A row that was corrected after its flux failed asks for something else since.
pub fn amounts(tables: &Tables, there: &There) -> Vec<Violation> {
    let mut found = Vec::new();
    for post in &there.ledger.posts {
        let (Some((deposit, invoice)), Some(totals)) = (row_of(tables, post), &post.totals) else {
            continue;
        };
        let there = [totals.net, totals.tax, totals.gross, totals.due]
            .map(|amount| amount.map(|amount| amount.to_string()));
        if there != deposit.totals {
            found.push(Violation::new(
                Invariant::I7,
                format!(
                    "{}: sent with {there:?}, stored with {:?}",
                    invoice.number, deposit.totals
                ),
            ));
        }
        let [.., due] = &there;
        if !failed(post) && *due != invoice.amount_due {
            found.push(Violation::new(
                Invariant::I7,
                format!(
                    "{}: asks for {due:?}, the row for {:?}",
                    invoice.number, invoice.amount_due
                ),
            ));
        }
    }
    found
}

fn row_of<'a>(tables: &'a Tables, post: &Post) -> Option<(&'a Deposit, &'a Invoice)> {
    let deposit = tables.deposits.get(&post.file_name)?;
    Some((deposit, tables.invoices.get(&deposit.invoice)?))
}
