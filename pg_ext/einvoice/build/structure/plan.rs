//! What each rule looks for, and what is done where it is found.

use super::paths::Target;
use super::{Result, Rule, Vocabulary};

/// What a rule looks for, and what it does at its context and where it finds it.
pub struct Plan {
    pub targets: Vec<Target>,
    pub at_context: Option<String>,
    pub at_target: Option<String>,
}

/// Memory that rules need while a file is walked.
#[derive(Default)]
pub struct Slots {
    pub once: usize,
    pub same: usize,
    /// Conditions on the type of a document, each once.
    conditions: Vec<String>,
}

impl Slots {
    fn memo(&mut self, condition: &str) -> usize {
        let known = self.conditions.iter().position(|known| known == condition);
        known.unwrap_or_else(|| {
            self.conditions.push(condition.to_owned());
            self.conditions.len() - 1
        })
    }
}

/// The plan of the rule of that number. `UP` stands for the number of steps up to its context.
pub fn plan(at: usize, rule: &Rule, names: &Vocabulary, slots: &mut Slots) -> Result<Plan> {
    let target = || Target::parse(&rule.target, names);
    let condition = |slots: &mut Slots| condition(&rule.condition, names, slots);
    let once = |slots: &mut Slots| -> Result<String> {
        let of = condition(slots)?;
        slots.once += 1;
        Ok(format!(
            "Action::Once {{ rule: {at}, up: UP, slot: {}, of: {} }}",
            slots.once - 1,
            of
        ))
    };
    let (targets, at_context, at_target) = match rule.kind.as_str() {
        "foreign" => (vec![], None, None),
        "unused" | "unused-unless" => (
            vec![target()?],
            None,
            Some(format!(
                "Action::Unused {{ rule: {at}, up: UP, unless: {} }}",
                condition(slots)?
            )),
        ),
        "at-most-one" => (vec![target()?], None, Some(once(slots)?)),
        "exactly-one" | "one-if-given" => {
            let target = target()?;
            let missing = format!(
                "Action::Required {{ rule: {at}, path: &{}, if_given: {} }}",
                path(&target),
                rule.kind == "one-if-given"
            );
            (vec![target], Some(missing), Some(once(slots)?))
        }
        "required" => {
            let path = path(&target()?);
            let missing =
                format!("Action::Required {{ rule: {at}, path: &{path}, if_given: false }}");
            (vec![], Some(missing), None)
        }
        "not-both" => {
            let (first, second) = rule
                .target
                .split_once(' ')
                .ok_or("not-both wants two paths")?;
            let first = path(&Target::parse(first, names)?);
            let second = path(&Target::parse(second, names)?);
            let both =
                format!("Action::NotBoth {{ rule: {at}, first: &{first}, second: &{second} }}");
            (vec![], Some(both), None)
        }
        "same" => {
            slots.same += 1;
            let same = format!(
                "Action::Same {{ rule: {at}, slot: {}, trimmed: {} }}",
                slots.same - 1,
                rule.condition == "trimmed"
            );
            (vec![target()?], None, Some(same))
        }
        "check" => {
            let check = format!(
                "Action::Check {{ rule: {at}, check: checks::{} }}",
                rule.target
            );
            (vec![], Some(check), None)
        }
        other => return Err(format!("{}: no kind {other}", rule.id).into()),
    };
    Ok(Plan {
        targets,
        at_context,
        at_target,
    })
}

fn path(target: &Target) -> String {
    let names: Vec<String> = target
        .steps
        .iter()
        .map(|name| format!("Name::at({name})"))
        .collect();
    format!("[{}]", names.join(", "))
}

/// `document AdditionalReferencedDocument 50 130`, `within ApplicableHeaderTradeSettlement`, or nothing.
fn condition(text: &str, names: &Vocabulary, slots: &mut Slots) -> Result<String> {
    let mut words = text.split(' ');
    let kind = words.next().unwrap_or_default();
    if kind.is_empty() {
        return Ok("None".to_owned());
    }
    let name = names.number(words.next().ok_or("a condition without a name")?)?;
    let words: Vec<&str> = words.collect();
    let (trimmed, codes) = match words.split_first() {
        Some((&"trimmed", codes)) => (true, codes),
        _ => (false, words.as_slice()),
    };
    Ok(match kind {
        "within" => format!("Some(&Condition::Within(Name::at({name})))"),
        "document" if codes.is_empty() => {
            format!("Some(&Condition::Document(Name::at({name})))")
        }
        "document" => {
            let memo = slots.memo(text);
            format!(
                "Some(&Condition::DocumentOfType {{ name: Name::at({name}), codes: &{codes:?}, \
                 trimmed: {trimmed}, memo: {memo} }})"
            )
        }
        _ => return Err(format!("no condition {text}").into()),
    })
}
