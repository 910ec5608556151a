//! The few shapes of element that a CII file is made of.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write as _};

use jiff::civil::Date;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};

use crate::en16931::Text;

/// Attributes of an element; one without value is left out.
pub(super) type Attributes<'a> = [(&'a str, Option<&'a str>)];

/// An XML file under construction: two spaces of indentation, no line break at the end.
pub(super) struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    pub fn new(capacity: usize) -> io::Result<Self> {
        let mut writer = Writer::new_with_indent(Vec::with_capacity(capacity), b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self { writer })
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.writer.into_inner()
    }

    /// The root element with its name spaces.
    pub fn root<E: From<io::Error>>(
        &mut self,
        name: &str,
        name_spaces: &[(&str, &str)],
        content: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut start = BytesStart::new(name);
        for name_space in name_spaces {
            start.push_attribute(*name_space);
        }
        self.writer.write_event(Event::Start(start))?;
        content(self)?;
        self.writer.write_event(Event::End(BytesEnd::new(name)))?;
        Ok(())
    }

    /// An element with elements in it.
    pub fn group<E: From<io::Error>>(
        &mut self,
        name: &str,
        content: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.writer
            .write_event(Event::Start(BytesStart::new(name)))?;
        content(self)?;
        self.writer.write_event(Event::End(BytesEnd::new(name)))?;
        Ok(())
    }

    /// An element that the XSD demands, without content.
    pub fn empty(&mut self, name: &str) -> io::Result<()> {
        self.writer.write_event(Event::Empty(BytesStart::new(name)))
    }

    /// An element with a text in it.
    pub fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.qualified(name, &[], text)
    }

    /// An element with a text in it, left out where there is none.
    pub fn optional(&mut self, name: &str, text: Option<&Text<'_>>) -> io::Result<()> {
        text.map_or(Ok(()), |text| self.text(name, text))
    }

    /// An element with a text and attributes; an attribute without value is left out.
    pub fn qualified(
        &mut self,
        name: &str,
        attributes: &Attributes<'_>,
        text: &str,
    ) -> io::Result<()> {
        let out = self.open_leaf(name, attributes)?;
        out.extend_from_slice(escaped(text).as_bytes());
        close_leaf(out, name);
        Ok(())
    }

    /// An element with a number in it, and attributes.
    pub fn number(
        &mut self,
        name: &str,
        attributes: &Attributes<'_>,
        number: impl fmt::Display,
    ) -> io::Result<()> {
        let out = self.open_leaf(name, attributes)?;
        write!(out, "{number}")?;
        close_leaf(out, name);
        Ok(())
    }

    /// An element with a number in it, left out where there is none.
    pub fn optional_number(
        &mut self,
        name: &str,
        number: Option<impl fmt::Display>,
    ) -> io::Result<()> {
        number.map_or(Ok(()), |number| self.number(name, &[], number))
    }

    /// An element with a date in it, in format 102 inside of the data type's own element; left out where there is none.
    pub fn date(&mut self, name: &str, data_type: &str, date: Option<Date>) -> io::Result<()> {
        let Some(date) = date else { return Ok(()) };
        let day = format_args!("{:04}{:02}{:02}", date.year(), date.month(), date.day());
        self.group(name, |xml| {
            xml.number(data_type, &[("format", Some("102"))], day)
        })
    }

    /// Nine elements in ten have a text and nothing else: they are written in one go, past the events.
    fn open_leaf(&mut self, name: &str, attributes: &Attributes<'_>) -> io::Result<&mut Vec<u8>> {
        self.writer.write_indent()?;
        let out = self.writer.get_mut();
        out.push(b'<');
        out.extend_from_slice(name.as_bytes());
        for (key, value) in attributes {
            let Some(value) = value else { continue };
            out.push(b' ');
            out.extend_from_slice(key.as_bytes());
            out.extend_from_slice(b"=\"");
            out.extend_from_slice(attribute(value).as_bytes());
            out.push(b'"');
        }
        out.push(b'>');
        Ok(out)
    }
}

fn close_leaf(out: &mut Vec<u8>, name: &str) {
    out.extend_from_slice(b"</");
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
}

/// Whether XML 1.0 has the character.
const fn is_legal(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// A text with U+FFFD in place of each character that XML 1.0 does not have.
fn legal(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_legal) {
        return Cow::Borrowed(text);
    }
    text.chars()
        .map(|c| {
            if is_legal(c) {
                c
            } else {
                char::REPLACEMENT_CHARACTER
            }
        })
        .collect::<String>()
        .into()
}

/// A text as content of an element: markup escaped, and what XML does not have replaced.
fn escaped(text: &str) -> Cow<'_, str> {
    // 0xEF begins U+FFFE and U+FFFF, among others; the common text has none of these bytes.
    let plain =
        |b: u8| b >= 0x20 && !matches!(b, b'<' | b'>' | b'&' | 0xEF) || matches!(b, b'\t' | b'\n');
    if text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    match legal(text) {
        Cow::Borrowed(text) => quick_xml::escape::partial_escape(text),
        Cow::Owned(text) => Cow::Owned(quick_xml::escape::partial_escape(text).into_owned()),
    }
}

/// A text as value of an attribute: white space other than blanks too, which readers would make blanks of.
fn attribute(text: &str) -> Cow<'_, str> {
    let plain = |b: u8| b >= 0x20 && !matches!(b, b'<' | b'>' | b'&' | b'"' | 0xEF);
    if text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    let escaped = quick_xml::escape::escape(legal(text));
    escaped.replace('\n', "&#10;").replace('\t', "&#9;").into()
}
