//! The few shapes of element that a CII file is made of.

use std::char::REPLACEMENT_CHARACTER;
use std::fmt::{self, Write as _};

use quick_xml::escape::{escape, partial_escape};

use crate::amount::Amount;
use crate::en16931::Text;

/// A line break and the deepest indentation that a CII file reaches: two blanks a level.
const INDENTATION: &str = "\n                                ";

/// Attributes of an element; one without value is left out.
pub(super) type Attributes<'a> = [(&'a str, Option<&'a str>)];

/// An XML file under construction: two blanks of indentation a level, no line break at the end.
pub(super) struct Xml {
    out: String,
    /// How much of [`INDENTATION`] begins the next element.
    indentation: usize,
}

impl Xml {
    /// An empty file with room for so many bytes.
    pub fn new(capacity: usize) -> Self {
        let mut out = String::with_capacity(capacity);
        out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        Self {
            out,
            indentation: 1,
        }
    }

    pub fn finish(self) -> String {
        self.out
    }

    /// An element with elements in it.
    pub fn group<R>(&mut self, name: &str, content: impl FnOnce(&mut Self) -> R) -> R {
        self.group_with(name, &[], content)
    }

    /// An element with attributes and elements in it; closed at once where it turns out to have no content.
    pub fn group_with<R>(
        &mut self,
        name: &str,
        attributes: &Attributes<'_>,
        content: impl FnOnce(&mut Self) -> R,
    ) -> R {
        self.open(name, attributes);
        let start = self.out.len();
        self.indentation += 2;
        let result = content(self);
        self.indentation -= 2;
        if self.out.len() == start {
            self.out.pop();
            self.out.push_str("/>");
        } else {
            self.indent();
            self.close(name);
        }
        result
    }

    /// An element with a text in it.
    pub fn text(&mut self, name: &str, text: &str) {
        self.qualified(name, &[], text);
    }

    /// An element with a text in it, left out where there is none.
    pub fn optional(&mut self, name: &str, text: Option<&Text<'_>>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// An element with a text and attributes.
    pub fn qualified(&mut self, name: &str, attributes: &Attributes<'_>, text: &str) {
        self.open(name, attributes);
        self.escape::<false>(text);
        self.close(name);
    }

    /// An element with something of letters, digits and points alone in it, and attributes.
    pub fn plain(&mut self, name: &str, attributes: &Attributes<'_>, content: impl fmt::Display) {
        self.open(name, attributes);
        // Writing to a String cannot fail.
        let _ = write!(self.out, "{content}");
        self.close(name);
    }

    /// An element with an amount, a quantity or a rate in it, and attributes.
    pub fn amount(&mut self, name: &str, attributes: &Attributes<'_>, amount: Amount) {
        self.open(name, attributes);
        amount.write_to(&mut self.out);
        self.close(name);
    }

    /// An element with such a number in it, left out where there is none.
    pub fn number(&mut self, name: &str, number: Option<Amount>) {
        if let Some(number) = number {
            self.amount(name, &[], number);
        }
    }

    fn open(&mut self, name: &str, attributes: &Attributes<'_>) {
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            let Some(value) = value else { continue };
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            self.escape::<true>(value);
            self.out.push('"');
        }
        self.out.push('>');
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn indent(&mut self) {
        self.out
            .push_str(INDENTATION.get(..self.indentation).unwrap_or(INDENTATION));
    }

    /// The text with markup escaped, and U+FFFD in place of each character that XML 1.0 does not have.
    fn escape<const IN_ATTRIBUTE: bool>(&mut self, text: &str) {
        if text.bytes().all(is_plain::<IN_ATTRIBUTE>) {
            self.out.push_str(text);
            return;
        }
        let legal: String = text
            .chars()
            .map(|c| {
                if is_legal(c) {
                    c
                } else {
                    REPLACEMENT_CHARACTER
                }
            })
            .collect();
        let escaped = if IN_ATTRIBUTE {
            escape(legal)
        } else {
            partial_escape(legal)
        };
        for character in escaped.chars() {
            match character {
                // Readers make a blank of white space in an attribute, and a line feed of a bare carriage return.
                '\t' if IN_ATTRIBUTE => self.out.push_str("&#9;"),
                '\n' if IN_ATTRIBUTE => self.out.push_str("&#10;"),
                '\r' => self.out.push_str("&#13;"),
                other => self.out.push(other),
            }
        }
    }
}

/// Whether a byte stands for itself. 0xEF begins U+FFFE and U+FFFF, among others.
const fn is_plain<const IN_ATTRIBUTE: bool>(byte: u8) -> bool {
    match byte {
        b'<' | b'>' | b'&' | 0xEF => false,
        b'"' => !IN_ATTRIBUTE,
        b'\t' | b'\n' => !IN_ATTRIBUTE,
        _ => byte >= 0x20,
    }
}

/// Whether XML 1.0 has the character.
pub(crate) const fn is_legal(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}
