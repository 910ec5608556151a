//! What a rule says when it fails: made from its kind and names, unless its row says it.

use std::fmt::Write as _;

use super::{Context, Result, Rule, Target, Vocabulary};

const SOURCE: &str = "CEN/TS 16931-3-3, CII binding; CEN/TC 434 CII artefact 1.3.16";

/// A message and a hint, in English and in French.
type Texts = [String; 4];

/// Writes a rule as Rust.
pub fn write(out: &mut String, rule: &Rule, context: &Context, names: &Vocabulary) -> Result<()> {
    let severity = match rule.severity.as_str() {
        "fatal" => "Fatal",
        "warning" => "Warning",
        other => return Err(format!("{}: no severity {other}", rule.id).into()),
    };
    let terms = rule.terms.split_whitespace().map(term);
    let terms = terms.collect::<Result<Vec<_>>>()?.join(",");
    let texts = if rule.texts.iter().all(String::is_empty) {
        made(rule, context, names)?
    } else {
        rule.texts.clone()
    };
    if texts.iter().any(String::is_empty) {
        return Err(format!("{}: a text is missing", rule.id).into());
    }
    let [en, fr, hint_en, hint_fr] = texts;
    writeln!(
        out,
        "Rule {{ id: {:?}, severity: Severity::{severity}, terms: &[{terms}], \
         message: Text {{ en: {en:?}, fr: {fr:?} }}, hint: Text {{ en: {hint_en:?}, fr: {hint_fr:?} }}, \
         source: {SOURCE:?}, same_as: &[] }},",
        rule.id
    )?;
    Ok(())
}

/// `BT-157-1` as Rust.
fn term(text: &str) -> Result<String> {
    let unknown = || format!("no term {text}");
    let (kind, number) = text.split_once('-').ok_or_else(unknown)?;
    Ok(match (kind, number.split_once('-')) {
        ("BT", Some((number, part))) => format!(
            "Term::BtPart({}, {})",
            number.parse::<u16>()?,
            part.parse::<u8>()?
        ),
        ("BT", None) => format!("Term::Bt({})", number.parse::<u16>()?),
        ("BG", None) => format!("Term::Bg({})", number.parse::<u16>()?),
        _ => return Err(unknown().into()),
    })
}

fn made(rule: &Rule, context: &Context, names: &Vocabulary) -> Result<Texts> {
    let target = Target::parse(&rule.target, names)?;
    let group = target
        .steps
        .last()
        .is_some_and(|last| names.groups.contains(last));
    match (rule.kind.as_str(), &target.attribute) {
        ("unused" | "foreign", Some(attribute)) => Ok(attribute_unused(attribute, rule, context)),
        ("unused" | "foreign", None) => Ok(unused(&rule.target, group, context)),
        ("at-most-one", None) => Ok(repeated(rule, group, context)),
        ("exactly-one", None) => Ok(not_one(rule, context)),
        (kind, _) => Err(format!("{}: {kind} needs texts of its own", rule.id).into()),
    }
}

fn unused(target: &str, group: bool, Context { en, fr, .. }: &Context) -> Texts {
    let (says_en, says_fr) = if group {
        ("", "")
    } else {
        (" (“{value}”)", " (« {value} »)")
    };
    [
        format!("{target}{says_en} {en} is not used in EN 16931; a receiver need not read it."),
        format!(
            "{target}{says_fr} {fr} n’est pas utilisé dans EN 16931 ; le destinataire n’est pas tenu de le lire."
        ),
        format!("Remove {target}, or give what it says in a field of EN 16931."),
        format!("Supprimez {target}, ou donnez son contenu dans un champ d’EN 16931."),
    ]
}

fn attribute_unused(attribute: &str, rule: &Rule, Context { en, fr, .. }: &Context) -> Texts {
    let (of_en, of_fr) = match rule.target.rsplit_once('/') {
        Some((element, _)) => (format!("of {element} {en}"), format!("de {element} {fr}")),
        None => (en.clone(), fr.clone()),
    };
    [
        format!(
            "The attribute {attribute} (“{{value}}”) {of_en} is not used in EN 16931; a receiver need not read it."
        ),
        format!(
            "L’attribut {attribute} (« {{value}} ») {of_fr} n’est pas utilisé dans EN 16931 ; le destinataire n’est pas tenu de le lire."
        ),
        format!("Remove the attribute {attribute}."),
        format!("Supprimez l’attribut {attribute}."),
    ]
}

fn repeated(rule: &Rule, group: bool, Context { en, fr, .. }: &Context) -> Texts {
    let named = with_term(rule);
    let (second_en, second_fr) = if group {
        ("a second", "un second")
    } else {
        ("a second: “{value}”", "un second : « {value} »")
    };
    let target = rule.target.trim_start_matches('/');
    [
        format!("{named} may stand once {en}; there is {second_en}."),
        format!("{named} peut figurer une fois {fr} ; il y en a {second_fr}."),
        format!("Keep one {target}."),
        format!("Gardez un seul élément {target}."),
    ]
}

fn not_one(rule: &Rule, Context { en, fr, .. }: &Context) -> Texts {
    let named = with_term(rule);
    let target = &rule.target;
    [
        format!("{named} must stand once {en}, neither missing nor repeated."),
        format!("{named} doit figurer une fois {fr}, ni absent ni répété."),
        format!("Give one {target}."),
        format!("Donnez un seul élément {target}."),
    ]
}

/// The target with its business term, where it has one.
fn with_term(rule: &Rule) -> String {
    let target = rule.target.trim_start_matches('/');
    match rule.terms.as_str() {
        "" => target.to_owned(),
        term => format!("{target} ({term})"),
    }
}
