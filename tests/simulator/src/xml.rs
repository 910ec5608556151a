//! A small element tree over quick-xml: local names, attributes, text. Refuses what a CII message may not hold.

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

/// Deepest nesting accepted; CII itself needs 8. Bounds the recursion that drops the tree.
const MAX_DEPTH: usize = 64;

/// Namespaces of a CII message (UN/CEFACT D16B).
const NAMESPACES: [&str; 4] = [
    "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
];

/// An element, its attributes by local name, its direct text and its children.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    pub(crate) text: String,
    children: Vec<Element>,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Children of that name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// First descendant along a path of child names separated by `/`.
    pub(crate) fn at(&self, path: &str) -> Option<&Element> {
        path.split('/').try_fold(self, |element, name| {
            element.children.iter().find(|child| child.name == name)
        })
    }

    /// Text of the first descendant along the path, when it is not blank.
    pub(crate) fn text_at(&self, path: &str) -> Option<&str> {
        self.at(path)
            .map(|element| element.text.trim())
            .filter(|text| !text.is_empty())
    }
}

/// Reads a whole message. The error is one sentence for the technical report.
pub(crate) fn parse(bytes: &[u8]) -> Result<Element, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("Invalid UTF-8 sequence at byte {}.", error.valid_up_to()))?;
    let mut reader = NsReader::from_str(text.trim_start_matches('\u{feff}'));
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        let (namespace, event) = reader
            .read_resolved_event()
            .map_err(|error| format!("Not well-formed: {error}."))?;
        match event {
            Event::Start(start) => {
                if root.is_some() || open.len() == MAX_DEPTH {
                    return Err(
                        "Not well-formed: content after the root element or nesting too deep."
                            .into(),
                    );
                }
                let known = matches!(namespace, ResolveResult::Bound(ns) if NAMESPACES.contains(&ns.into_inner()));
                open.push(element(&start, known)?);
            }
            Event::End(_) => {
                let Some(closed) = open.pop() else {
                    return Err("Not well-formed: unexpected end tag.".into());
                };
                match open.last_mut() {
                    Some(parent) => parent.children.push(closed),
                    None => root = Some(closed),
                }
            }
            Event::Text(part) => append(&mut open, &part.xml10_content())?,
            Event::CData(part) => append(&mut open, &part.into_inner())?,
            Event::GeneralRef(reference) => {
                let name: &str = &reference;
                let character = reference
                    .resolve_char_ref()
                    .map_err(|error| format!("Not well-formed: {error}."))?;
                match (
                    character,
                    quick_xml::escape::resolve_predefined_entity(name),
                ) {
                    (Some(character), _) => append(&mut open, character.encode_utf8(&mut [0; 4]))?,
                    (None, Some(text)) => append(&mut open, text)?,
                    (None, None) => {
                        return Err(format!(
                            "The entity \"{name}\" was referenced, but not declared."
                        ));
                    }
                }
            }
            Event::DocType(_) => return Err("DOCTYPE is disallowed.".into()),
            Event::Eof => break,
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    match (root, open.last()) {
        (_, Some(unclosed)) => Err(format!(
            "Not well-formed: element \"{}\" is not closed.",
            unclosed.name
        )),
        (None, None) => Err("Premature end of file.".into()),
        (Some(root), None) if root.name == "CrossIndustryInvoice" => Ok(root),
        (Some(root), None) => Err(format!(
            "cvc-elt.1: Cannot find the declaration of element '{}'.",
            root.name
        )),
    }
}

fn element(start: &BytesStart<'_>, known_namespace: bool) -> Result<Element, String> {
    let name = start.local_name().into_inner().to_owned();
    if !known_namespace {
        return Err(format!(
            "cvc-elt.1: Cannot find the declaration of element '{name}'."
        ));
    }
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| format!("Not well-formed: {error}."))?;
        let value = quick_xml::escape::unescape(&attribute.value)
            .map_err(|error| format!("Not well-formed: {error}."))?;
        attributes.push((
            attribute.key.local_name().into_inner().to_owned(),
            value.into_owned(),
        ));
    }
    Ok(Element {
        name,
        attributes,
        ..Element::default()
    })
}

fn append(open: &mut [Element], text: &str) -> Result<(), String> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err("Not well-formed: text outside the root element.".into()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSM: &str = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100";

    fn wrapped(body: &str) -> Result<Element, String> {
        parse(
            format!("<x:CrossIndustryInvoice xmlns:x=\"{RSM}\">{body}</x:CrossIndustryInvoice>")
                .as_bytes(),
        )
    }

    #[test]
    fn text_is_joined_over_entities_and_cdata() {
        let root =
            wrapped("<x:ID schemeID=\"&quot;1\">A&amp;B<![CDATA[<C>]]>&#233;</x:ID>").unwrap();
        assert_eq!(root.text_at("ID"), Some("A&B<C>é"));
        assert_eq!(root.at("ID").unwrap().attribute("schemeID"), Some("\"1"));
    }

    #[test]
    fn broken_or_hostile_messages_are_refused() {
        let deep = format!("{}{}", "<x:a>".repeat(5000), "</x:a>".repeat(5000));
        for body in [
            "<x:a>",
            "<x:a></x:b>",
            "&unknown;",
            "<y/>",
            "<a xmlns=\"urn:other\"/>",
            "<x:a b=\"1\" b=\"2\"/>",
            &deep,
        ] {
            assert!(wrapped(body).is_err(), "{body:.40}");
        }
        let dtd = format!(
            "<!DOCTYPE x [<!ENTITY e \"e\">]><CrossIndustryInvoice xmlns=\"{RSM}\">&e;</CrossIndustryInvoice>"
        );
        assert_eq!(parse(dtd.as_bytes()).unwrap_err(), "DOCTYPE is disallowed.");
        assert!(parse(b"").is_err());
        assert!(parse(b"\xff\xfe").is_err());
        assert!(parse(format!("<Invoice xmlns=\"{RSM}\"/>").as_bytes()).is_err());
    }
}
