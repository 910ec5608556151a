//! Reading characters: names, white space, references, white space in attributes, line ends.

use std::borrow::Cow;

use super::chars::{
    is_beyond_ascii, is_char, is_name, is_name_byte, is_name_start, is_name_start_byte, is_space,
};
use super::refusal::{CHARACTER, Fault, LIMIT, NAMESPACE, REFERENCE, TRUNCATED};
use super::words;

/// Most bytes of a name.
const MAX_NAME: usize = 1_000;

/// A place in a text.
#[derive(Debug)]
pub(super) struct Scanner<'x> {
    pub(super) text: &'x str,
    bytes: &'x [u8],
    pub(super) at: usize,
    /// Whether line ends must be made those of XML.
    returns: bool,
}

/// A name with its prefix.
#[derive(Clone, Copy, Debug)]
pub(super) struct QName<'x> {
    pub(super) whole: &'x str,
    /// Where the local name begins: 0 without a prefix.
    pub(super) local: u16,
}

impl<'x> QName<'x> {
    pub(super) fn prefix(self) -> &'x str {
        let colon = usize::from(self.local).saturating_sub(1);
        self.whole.get(..colon).unwrap_or_default()
    }

    pub(super) fn local(self) -> &'x str {
        self.whole
            .get(usize::from(self.local)..)
            .unwrap_or_default()
    }
}

impl<'x> Scanner<'x> {
    pub(super) fn new(text: &'x str) -> Self {
        let bytes = text.as_bytes();
        let returns = memchr::memchr(b'\r', bytes).is_some();
        Self {
            text,
            bytes,
            at: 0,
            returns,
        }
    }

    /// The byte `ahead` of the place; 0, which no text holds, at its end.
    #[inline(always)]
    pub(super) fn peek(&self, ahead: usize) -> u8 {
        self.byte(self.at + ahead)
    }

    pub(super) fn at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// What comes next.
    pub(super) fn rest(&self) -> &'x [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Takes these characters if they come next.
    pub(super) fn take(&mut self, wanted: &str) -> bool {
        let here = self.rest().starts_with(wanted.as_bytes());
        if here {
            self.at += wanted.len();
        }
        here
    }

    /// Takes these characters, or says that they should stand here.
    pub(super) fn expect(&mut self, wanted: &str) -> Result<(), Fault> {
        if self.take(wanted) {
            Ok(())
        } else {
            Err(self.missing(wanted))
        }
    }

    /// What should stand here does not.
    #[cold]
    pub(super) fn missing(&self, wanted: &str) -> Fault {
        if self.at_end() {
            return Fault::new(&TRUNCATED, self.at).wanted(wanted);
        }
        Fault::syntax(self.at, wanted)
    }

    /// Passes over white space; whether there was any.
    #[inline(always)]
    pub(super) fn skip_space(&mut self) -> bool {
        if !is_space(self.peek(0)) {
            return false;
        }
        self.at = words::after_space(self.bytes, self.at);
        true
    }

    /// Where the white space ends that comes next.
    #[inline(always)]
    pub(super) fn after_space(&self) -> usize {
        words::after_space(self.bytes, self.at)
    }

    /// Passes on to the next `<`, `&` or `]`.
    #[inline(always)]
    pub(super) fn skip_to_markup(&mut self) {
        self.at = words::markup(self.bytes, self.at);
    }

    /// The byte at a place; 0 beyond the end.
    #[inline(always)]
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or_default()
    }

    /// Takes a byte if it comes next.
    #[inline(always)]
    pub(super) fn take_byte(&mut self, wanted: u8) -> bool {
        let here = self.peek(0) == wanted;
        self.at += usize::from(here);
        here
    }

    /// Takes a name that is known if it comes next.
    #[inline(always)]
    pub(super) fn take_name(&mut self, name: &str) -> bool {
        let end = self.at + name.len();
        let here = self.bytes.get(self.at..end);
        let here = here.is_some_and(|here| words::same(here, name.as_bytes()));
        if here {
            self.at = end;
        }
        here
    }

    /// Passes on to just behind the next `end`, and gives what stands before it.
    pub(super) fn until(&mut self, end: &str) -> Result<&'x str, Fault> {
        let Some(length) = memchr::memmem::find(self.rest(), end.as_bytes()) else {
            self.at = self.bytes.len();
            return Err(self.missing(end));
        };
        let inner = self.slice(self.at, self.at + length);
        self.at += length + end.len();
        Ok(inner)
    }

    #[inline(always)]
    pub(super) fn slice(&self, from: usize, to: usize) -> &'x str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// What may be a name of nothing but letters with its prefix, and where it ends. It may hold what is no letter.
    #[inline(always)]
    pub(super) fn name_of_letters(&self) -> Option<(QName<'x>, usize)> {
        let mut end = words::after_letters_or_worse(self.bytes, self.at);
        let mut local = 0;
        if self.byte(end) == b':' && end > self.at {
            local = u16::try_from(end + 1 - self.at).ok()?;
            end = words::after_letters_or_worse(self.bytes, end + 1);
        }
        let whole = self.text.get(self.at..end)?;
        Some((QName { whole, local }, end))
    }

    /// Takes a name, of which Namespaces in XML makes a prefix and a local name.
    #[inline(always)]
    pub(super) fn qname(&mut self) -> Result<QName<'x>, Fault> {
        let begin = self.at;
        self.ncname()?;
        let mut local = 0;
        if self.peek(0) == b':' {
            self.at += 1;
            local = self.at - begin;
            self.ncname()?;
            if self.peek(0) == b':' {
                return Err(self.bad_name(begin));
            }
        }
        let whole = self.slice(begin, self.at);
        match u16::try_from(local) {
            Ok(local) if whole.len() <= MAX_NAME => Ok(QName { whole, local }),
            _ => Err(Fault::new(&LIMIT, begin).wanted(MAX_NAME.to_string())),
        }
    }

    #[cold]
    fn bad_name(&self, begin: usize) -> Fault {
        let found: String = self
            .slice(begin, self.text.len())
            .chars()
            .take(30)
            .collect();
        Fault::new(&NAMESPACE, begin).found(found)
    }

    /// Takes a name without a colon.
    #[inline(always)]
    pub(super) fn ncname(&mut self) -> Result<&'x str, Fault> {
        let begin = self.at;
        let first = self.peek(0);
        let good = is_name_start_byte(first)
            || (is_beyond_ascii(first) && self.next_char().is_some_and(is_name_start));
        if !good {
            return Err(if first == b':' {
                self.bad_name(begin)
            } else {
                self.missing("a name")
            });
        }
        loop {
            self.at = words::after_letters(self.bytes, self.at);
            let byte = self.peek(0);
            if is_name_byte(byte) {
                self.at += 1;
            } else if is_beyond_ascii(byte) {
                let Some(c) = self.next_char().filter(|c| is_name(*c)) else {
                    break;
                };
                self.at += c.len_utf8();
            } else {
                break;
            }
        }
        Ok(self.slice(begin, self.at))
    }

    fn next_char(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    /// Takes a reference, from its `&` on.
    pub(super) fn reference(&mut self) -> Result<char, Fault> {
        let begin = self.at;
        let window: &[u8] = self.rest().get(1..).unwrap_or_default();
        let end = window
            .iter()
            .take(64)
            .position(|byte| matches!(byte, b';' | b'<' | b'&' | b' ' | b'\n'));
        let end = end.filter(|end| window.get(*end) == Some(&b';'));
        let Some(end) = end else {
            let found: String = self
                .slice(begin, self.text.len())
                .chars()
                .take(10)
                .collect();
            return Err(Fault::new(&REFERENCE, begin).found(found));
        };
        let name = self.slice(begin + 1, begin + 1 + end);
        self.at = begin + end + 2;
        let found = || format!("&{name};");
        let c = match name {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let digits = name
                    .strip_prefix('#')
                    .ok_or_else(|| Fault::new(&REFERENCE, begin).found(found()))?;
                let number = code_point(digits)
                    .ok_or_else(|| Fault::new(&REFERENCE, begin).found(found()))?;
                let c = char::from_u32(number).filter(|c| is_char(*c));
                c.ok_or_else(|| Fault::new(&CHARACTER, begin).found(found()))?
            }
        };
        Ok(c)
    }

    /// Takes an attribute's value with its quotes.
    pub(super) fn attribute_value(&mut self) -> Result<Cow<'x, str>, Fault> {
        let quote = self.peek(0);
        if !matches!(quote, b'"' | b'\'') {
            return Err(self.missing("\" or '"));
        }
        self.at += 1;
        let mut begin = self.at;
        let mut value = Cow::Borrowed("");
        loop {
            let special =
                |byte: &u8| *byte == quote || matches!(*byte, b'<' | b'&' | b'\t' | b'\n' | b'\r');
            let Some(length) = self.rest().iter().position(special) else {
                self.at = self.bytes.len();
                return Err(self.missing(if quote == b'"' { "\"" } else { "'" }));
            };
            self.at += length;
            let piece = self.slice(begin, self.at);
            let byte = self.peek(0);
            if byte == quote {
                self.at += 1;
                if value.is_empty() {
                    return Ok(Cow::Borrowed(piece));
                }
                value.to_mut().push_str(piece);
                return Ok(value);
            }
            value.to_mut().push_str(piece);
            match byte {
                b'<' => return Err(Fault::syntax(self.at, "&lt;")),
                b'&' => {
                    let c = self.reference()?;
                    value.to_mut().push(c);
                }
                _ => {
                    // A line end of two characters is one.
                    self.at += if byte == b'\r' && self.peek(1) == b'\n' {
                        2
                    } else {
                        1
                    };
                    value.to_mut().push(' ');
                }
            }
            begin = self.at;
        }
    }

    /// Character data as XML hands it on: with `\n` for each line end.
    #[inline(always)]
    pub(super) fn with_line_ends(&self, raw: &'x str) -> Cow<'x, str> {
        if self.returns && raw.contains('\r') {
            Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"))
        } else {
            Cow::Borrowed(raw)
        }
    }
}

/// The number of a character reference: `65`, `x41`.
fn code_point(digits: &str) -> Option<u32> {
    let (digits, radix) = digits
        .strip_prefix('x')
        .map_or((digits, 10), |hex| (hex, 16));
    let plain = !digits.is_empty() && digits.bytes().all(|byte| char::from(byte).is_digit(radix));
    let digits = digits.trim_start_matches('0');
    match (plain, digits) {
        (false, _) => None,
        (true, "") => Some(0),
        // More digits than a number of 32 bits are beyond every character.
        (true, digits) => Some(u32::from_str_radix(digits, radix).unwrap_or(u32::MAX)),
    }
}
