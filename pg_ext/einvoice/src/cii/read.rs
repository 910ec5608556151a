//! A CII file as an invoice of the semantic model, whatever its profile, and what of it the model has no place for.

mod agreement;
mod beyond;
mod line;
mod number;
mod parts;
mod party;
mod payment;
mod settlement;

pub(super) use agreement::document_type;
pub(super) use parts::{Kind, kind};
pub(super) use payment::adds_account;

use super::tree::{Element, Tree, name};
use crate::amount::{Amount, Percentage};
use crate::en16931::{Held, Invoice, Note, OddNumber, Site, Text};
use crate::finding::Term;
use crate::{Cancelled, Poll};

/// A file that was read.
#[derive(Debug)]
pub struct Reading<'t, 'x> {
    /// What the model takes of it.
    pub invoice: Invoice<'x>,
    /// Elements with content that no term of EN 16931 is for, or that stand there a second time, or hold no value of their
    /// type; in document order. What is within them was passed over too.
    pub passed_over: Vec<Element<'t, 'x>>,
}

/// Reads any tree: what is missing is missing in the invoice, what is unknown is passed over.
///
/// # Errors
/// The interrupt check said stop; it is asked once a line.
pub fn read<'t, 'x>(tree: &'t Tree<'x>, poll: Poll<'_>) -> Result<Reading<'t, 'x>, Cancelled> {
    let mut reader = Reader {
        odd_numbers: Vec::new(),
        passed_over: Vec::new(),
    };
    let mut invoice = Invoice::default();
    invoice.totals.is_absent = true;
    for part in tree.root().children() {
        match part.name() {
            name::EXCHANGED_DOCUMENT_CONTEXT => reader.context(part, &mut invoice),
            name::EXCHANGED_DOCUMENT => reader.document(part, &mut invoice),
            name::SUPPLY_CHAIN_TRADE_TRANSACTION => reader.transaction(part, &mut invoice, poll)?,
            _ => reader.pass(part),
        }
    }
    reader.odd_numbers.sort_by_key(|odd| odd.site);
    invoice.odd_numbers = reader.odd_numbers;
    for element in &reader.passed_over {
        beyond::collect(*element, &mut invoice);
    }
    Ok(Reading {
        invoice,
        passed_over: reader.passed_over,
    })
}

/// What is noticed on the way.
struct Reader<'t, 'x> {
    odd_numbers: Vec<OddNumber<'x>>,
    passed_over: Vec<Element<'t, 'x>>,
}

impl<'t, 'x> Reader<'t, 'x> {
    fn context(&mut self, context: Element<'t, 'x>, invoice: &mut Invoice<'x>) {
        for child in context.children() {
            match child.name() {
                name::BUSINESS_PROCESS_SPECIFIED_DOCUMENT_CONTEXT_PARAMETER => {
                    self.within(child, name::ID, &mut invoice.process);
                }
                name::GUIDELINE_SPECIFIED_DOCUMENT_CONTEXT_PARAMETER => {
                    self.within(child, name::ID, &mut invoice.specification);
                }
                _ => self.pass(child),
            }
        }
    }

    fn document(&mut self, document: Element<'t, 'x>, invoice: &mut Invoice<'x>) {
        for child in document.children() {
            match child.name() {
                name::ID => self.text(child, &mut invoice.number),
                name::TYPE_CODE => self.text(child, &mut invoice.type_code),
                name::ISSUE_DATE_TIME => self.day(child, &mut invoice.issue_date),
                name::INCLUDED_NOTE => {
                    let (text, subject) = self.note(child);
                    invoice.notes.push(Note {
                        subject,
                        text: text.unwrap_or_default(),
                    });
                }
                _ => self.pass(child),
            }
        }
    }

    fn transaction(
        &mut self,
        transaction: Element<'t, 'x>,
        invoice: &mut Invoice<'x>,
        poll: Poll<'_>,
    ) -> Result<(), Cancelled> {
        for part in transaction.children() {
            match part.name() {
                name::INCLUDED_SUPPLY_CHAIN_TRADE_LINE_ITEM => {
                    poll()?;
                    let line = self.line(part, invoice.lines.len());
                    invoice.lines.push(line);
                }
                name::APPLICABLE_HEADER_TRADE_AGREEMENT => self.agreement(part, invoice),
                name::APPLICABLE_HEADER_TRADE_DELIVERY => self.delivery(part, invoice),
                name::APPLICABLE_HEADER_TRADE_SETTLEMENT => self.settlement(part, invoice),
                _ => self.pass(part),
            }
        }
        Ok(())
    }

    /// BT-22 or BT-127, and BT-21.
    fn note(&mut self, note: Element<'t, 'x>) -> (Option<Text<'x>>, Option<Text<'x>>) {
        let (mut text, mut subject) = (None, None);
        for child in note.children() {
            match child.name() {
                name::CONTENT => self.text(child, &mut text),
                name::SUBJECT_CODE => self.text(child, &mut subject),
                _ => self.pass(child),
            }
        }
        (text, subject)
    }

    /// Takes the text of an element for a field, the first time.
    fn text(&mut self, element: Element<'t, 'x>, field: &mut Option<Text<'x>>) {
        if field.is_none() {
            *field = Some(element.text_cow());
        } else {
            self.pass(element);
        }
    }

    /// Takes the text of the one child that matters.
    fn within(
        &mut self,
        element: Element<'t, 'x>,
        name: super::tree::Name,
        field: &mut Option<Text<'x>>,
    ) {
        for child in element.children() {
            if child.name() == name {
                self.text(child, field);
            } else {
                self.pass(child);
            }
        }
    }

    /// Takes an amount for a field, the first time.
    fn amount(&mut self, element: Element<'t, 'x>, site: Site, field: &mut Option<Amount>) {
        let is_second = self.odd_numbers.last().is_some_and(|odd| odd.site == site);
        if field.is_some() || is_second {
            self.pass(element);
            return;
        }
        let number = number::parse(element.text());
        if !number.is_plain {
            self.odd_numbers.push(OddNumber {
                site,
                text: element.text_cow(),
                decimals: number.decimals,
                held: number.held,
            });
        }
        if number.held == Held::NoNumber {
            self.pass(element);
        }
        *field = number.amount;
    }

    /// Takes a percentage, which CII writes as the number before the sign.
    fn percent(&mut self, element: Element<'t, 'x>, site: Site, field: &mut Option<Percentage>) {
        let mut number = field.map(Percentage::number);
        self.amount(element, site, &mut number);
        *field = field.or(number.map(Percentage::from_percent));
    }

    /// Notes an element that has no place in the model.
    fn pass(&mut self, element: Element<'t, 'x>) {
        let has_content = !element.text().trim().is_empty() || element.children().next().is_some();
        if has_content {
            self.passed_over.push(element);
        }
    }
}

/// A term at an occurrence of the groups around it.
const fn site(term: u16, at: [usize; 2]) -> Site {
    Site {
        term: Term::Bt(term),
        at,
    }
}
