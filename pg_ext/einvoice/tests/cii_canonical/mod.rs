//! What two CII files have in common: prefixes, indentation and the order of attributes are no difference.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests, of which each file uses a part"
)]

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

/// An element.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Node {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub text: String,
    pub children: Vec<Node>,
}

impl Node {
    /// The root of a file.
    pub fn read(xml: &str) -> Self {
        let mut reader = Reader::from_str(xml);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().expect("well-formed") {
                Event::Start(start) => open.push(Self::of(&start)),
                Event::Empty(start) => {
                    let node = Self::of(&start);
                    open.last_mut().unwrap().children.push(node);
                }
                Event::End(_) => {
                    let mut node = open.pop().unwrap();
                    if !node.children.is_empty() {
                        node.text.clear();
                    }
                    open.last_mut().unwrap().children.push(node);
                }
                Event::Text(text) => open
                    .last_mut()
                    .unwrap()
                    .text
                    .push_str(&unescape(&text).unwrap()),
                Event::CData(text) => open.last_mut().unwrap().text.push_str(&text),
                Event::GeneralRef(name) => {
                    let text = format!("&{};", &*name);
                    open.last_mut()
                        .unwrap()
                        .text
                        .push_str(&unescape(&text).unwrap());
                }
                Event::Eof => return open.pop().unwrap().children.pop().expect("a root"),
                _ => {}
            }
        }
    }

    fn of(start: &BytesStart<'_>) -> Self {
        let attributes = start.attributes().map(|attribute| attribute.unwrap());
        Self {
            name: start.local_name().into_inner().to_owned(),
            attributes: attributes
                .filter(|a| !a.key.0.starts_with("xmlns") && !a.key.0.contains("schemaLocation"))
                .map(|a| (a.key.0.to_owned(), unescape(&a.value).unwrap().into_owned()))
                .collect(),
            ..Self::default()
        }
    }

    /// Texts and attributes by path, in document order. `[2]` is the second of several of one name; an element
    /// with nothing in it has an empty text.
    pub fn values(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        self.collect(String::new(), &mut out);
        out
    }

    fn collect(&self, path: String, out: &mut Vec<(String, String)>) {
        for (key, value) in &self.attributes {
            out.push((format!("{path}/@{key}"), value.clone()));
        }
        if self.children.is_empty() {
            out.push((path, self.text.clone()));
            return;
        }
        let mut seen = BTreeMap::new();
        for child in &self.children {
            let several = self
                .children
                .iter()
                .filter(|c| c.name == child.name)
                .count()
                > 1;
            let count = seen.entry(&child.name).or_insert(0);
            *count += 1;
            let position = if several {
                format!("[{count}]")
            } else {
                String::new()
            };
            child.collect(format!("{path}/{}{position}", child.name), out);
        }
    }
}

/// One place where two files differ: the path, what the one has there, what the other has.
pub type Difference = (String, Option<String>, Option<String>);

/// Where two files differ. What both have stands in the same order in both.
pub fn differences(one: &Node, other: &Node) -> Vec<Difference> {
    let (a, b) = (one.values(), other.values());
    let (in_a, in_b): (BTreeMap<_, _>, BTreeMap<_, _>) =
        (a.iter().cloned().collect(), b.iter().cloned().collect());
    let order = |values: &[(String, String)], of: &BTreeMap<String, String>| -> Vec<String> {
        let common = values.iter().filter(|(path, _)| of.contains_key(path));
        common.map(|(path, _)| path.clone()).collect()
    };
    assert_eq!(order(&a, &in_b), order(&b, &in_a), "the same order");
    let mut paths: Vec<&String> = in_a.keys().chain(in_b.keys()).collect();
    paths.sort();
    paths.dedup();
    paths
        .into_iter()
        .filter(|path| in_a.get(*path) != in_b.get(*path))
        .map(|path| {
            (
                path.clone(),
                in_a.get(path).cloned(),
                in_b.get(path).cloned(),
            )
        })
        .collect()
}
