//! XSD: whether a file has the structure of D16B, with the verdict that libxml2 gives on the schema of UN/CEFACT.
//!
//! One walk over the tree. What is in order costs a comparison or two an element; why something is not is found out only
//! then (`order`).

mod attributes;
mod lexical;
mod order;
mod rules;
mod types;

use super::tree::{Element, Tree, is_blank, name};
use crate::finding::{Finding, Rule};
pub(crate) use rules::ALL;
use types::{Base, Particle, Type, content};

/// Most findings of a file: more would help nobody.
pub const MAX_FINDINGS: usize = 1_000;

/// Adds what is wrong with the structure of a file, up to [`MAX_FINDINGS`].
pub fn check(tree: &Tree<'_>, findings: &mut Vec<Finding>) {
    let mut checker = Checker {
        findings,
        left: MAX_FINDINGS,
    };
    let root = tree.root();
    if root.name() == name::CROSS_INDUSTRY_INVOICE {
        checker.element(root, types::DOCUMENT);
    } else {
        checker.report(&rules::ROOT, root, |finding| {
            finding
                .value(root.shown_name())
                .wanted("rsm:CrossIndustryInvoice")
        });
    }
}

struct Checker<'f> {
    findings: &'f mut Vec<Finding>,
    /// How many findings may still be added.
    left: usize,
}

impl Checker<'_> {
    /// Checks an element against its type, and all that it holds. Trees are a hundred levels deep at most.
    fn element(&mut self, element: Element<'_, '_>, of: u16) {
        let Some(content) = content(of) else { return };
        match *content {
            Type::Group { choice, particles } => {
                self.attributes(element, of, &[]);
                if !is_blank(element.text()) {
                    self.report(&rules::TEXT, element, |finding| {
                        finding.value(shortened(element.text()))
                    });
                }
                self.group(element, choice, particles);
            }
            Type::Value { base, attributes } => {
                self.attributes(element, of, attributes);
                self.value(element, base);
            }
        }
    }

    /// Checks what an element holds: in the order of its type, or one of a choice.
    fn group(&mut self, element: Element<'_, '_>, choice: bool, particles: &'static [Particle]) {
        let mut good = true;
        // The particle that the last child matched, and those after it.
        let mut at = 0;
        let mut taken = false;
        for child in element.children() {
            let mut found = None;
            for (ahead, particle) in particles.iter().enumerate().skip(at) {
                let again = taken && ahead == at;
                if particle.is(child) {
                    good &= !again || particle.repeats;
                    found = Some((ahead, particle));
                    break;
                }
                good &= again || !particle.required || choice;
            }
            if let Some((ahead, particle)) = found {
                good &= !choice || !taken;
                at = ahead;
                taken = true;
                self.element(child, particle.content);
            } else {
                good = false;
                if let Some(particle) = particles.iter().find(|particle| particle.is(child)) {
                    self.element(child, particle.content);
                }
            }
        }
        let rest = particles.iter().skip(if taken { at + 1 } else { 0 });
        good &= if choice {
            taken
        } else {
            !rest.into_iter().any(|particle| particle.required)
        };
        if !good {
            self.explain(element, choice, particles);
        }
    }

    fn value(&mut self, element: Element<'_, '_>, base: Base) {
        if let Some(child) = element.children().next() {
            self.report(&rules::UNKNOWN_ELEMENT, child, |finding| {
                finding.value(child.shown_name()).wanted(base.example())
            });
        } else if !lexical::is_valid(base, element.text()) {
            self.report(&rules::VALUE, element, |finding| {
                finding
                    .value(shortened(element.text()))
                    .wanted(base.example())
            });
        }
    }

    fn report(
        &mut self,
        rule: &'static Rule,
        element: Element<'_, '_>,
        say: impl FnOnce(Finding) -> Finding,
    ) {
        if self.left > 0 {
            self.left -= 1;
            let finding = Finding::new(rule, element.path()).at(element.index());
            self.findings.push(say(finding));
        }
    }
}

/// As much of a text as a message shows.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 60;
    let text = text.trim();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
