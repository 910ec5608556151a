//! Attributes of elements.

use super::types::{AttributeType, type_name};
use super::{Checker, lexical, rules, shortened};
use crate::cii::tree::{Element, Namespace};

impl Checker<'_> {
    /// Checks the attributes of an element of a type: those of the type, and those of XML Schema itself.
    pub(super) fn attributes(
        &mut self,
        element: Element<'_, '_>,
        of: u16,
        allowed: &'static [AttributeType],
    ) {
        for (namespace, name, value) in element.qualified_attributes() {
            match namespace {
                Namespace::NONE => self.plain(element, name, value, allowed),
                // Where a schema is to be found is for the writer's own tools.
                Namespace::XSI
                    if matches!(name, "schemaLocation" | "noNamespaceSchemaLocation") => {}
                // No type of D16B has a subtype: only the type itself may be named.
                Namespace::XSI if name == "type" && is_type(element, value, of) => {}
                _ => {
                    let shown = shown_attribute(namespace, name);
                    self.report(&rules::ATTRIBUTE, element, |finding| {
                        finding.value(shown).wanted(list(allowed))
                    });
                }
            }
        }
    }

    fn plain(
        &mut self,
        element: Element<'_, '_>,
        name: &str,
        value: &str,
        allowed: &'static [AttributeType],
    ) {
        let Some(attribute) = allowed.iter().find(|attribute| attribute.name == name) else {
            self.report(&rules::ATTRIBUTE, element, |finding| {
                finding.value(name).wanted(list(allowed))
            });
            return;
        };
        let fits =
            |(least, most): (usize, usize)| (least..=most).contains(&lexical::token_length(value));
        let good = lexical::is_valid(attribute.base, value)
            && attribute.length.is_none_or(fits)
            && attribute
                .fixed
                .is_none_or(|fixed| lexical::is_same_token(value, fixed));
        if good {
            return;
        }
        let wanted = match (attribute.fixed, attribute.length) {
            (Some(fixed), _) => fixed.to_owned(),
            (None, Some((least, most))) => format!("{least}–{most} × A-Z"),
            (None, None) => attribute.base.example().to_owned(),
        };
        self.report(&rules::ATTRIBUTE_VALUE, element, |finding| {
            finding
                .value(format!("{name}=\"{}\"", shortened(value)))
                .wanted(wanted)
        });
    }
}

/// Whether `xsi:type` names the type that the element has anyway.
fn is_type(element: Element<'_, '_>, value: &str, of: u16) -> bool {
    let local = value.rsplit_once(':').map_or(value, |(_, local)| local);
    element
        .type_namespace()
        .is_some_and(|namespace| type_name(of) == Some((namespace, local)))
}

fn shown_attribute(namespace: Namespace, name: &str) -> String {
    let prefix = match namespace {
        Namespace::XSI => Some("xsi"),
        Namespace::XML => Some("xml"),
        other => other.prefix(),
    };
    prefix.map_or_else(|| name.to_owned(), |prefix| format!("{prefix}:{name}"))
}

/// The attributes that a type has.
fn list(allowed: &[AttributeType]) -> String {
    if allowed.is_empty() {
        return "–".to_owned();
    }
    allowed
        .iter()
        .map(|attribute| attribute.name)
        .collect::<Vec<_>>()
        .join(", ")
}
