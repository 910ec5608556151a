//! From bytes to characters: which encoding a file is in, and whether it keeps to it.
//!
//! A byte order mark decides; then the first bytes, where they are UTF-16; then the declaration; else it is UTF-8
//! (XML 1.0, appendix F). A file in UTF-8, as nearly all are, is borrowed, not copied.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::tree::refusal::{EMPTY, ENCODING, ENCODING_UNKNOWN, Error, Fault, LIMIT};
use crate::finding::Finding;

/// Most bytes of a file: what Chorus Pro takes of an invoice with all its attachments is 120 MB.
pub const MAX_BYTES: usize = 128 << 20;

/// How the characters are written.
enum Charset {
    /// One of the encodings of the web.
    Web(&'static Encoding),
    /// ISO 8859-1 proper, of which the web makes Windows-1252.
    Latin1,
    Ascii,
    /// Windows-1252 less what the web adds to it.
    Windows1252,
}

impl Charset {
    fn name(&self) -> &'static str {
        match self {
            Self::Web(encoding) => encoding.name(),
            Self::Latin1 => "ISO-8859-1",
            Self::Ascii => "US-ASCII",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// The characters of a file, without its byte order mark.
///
/// # Errors
/// The file is empty, larger than [`MAX_BYTES`], in an encoding that is not known, or not in the encoding it declares: one
/// finding, `XML-…`.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    if bytes.is_empty() {
        return Err(unreadable(&Fault::new(&EMPTY, 0), ""));
    }
    if bytes.len() > MAX_BYTES {
        return Err(unreadable(&Fault::new(&LIMIT, 0).wanted("128 MiB"), ""));
    }
    let (charset, bytes) = charset(bytes)?;
    let decoded = match charset {
        Charset::Web(encoding) if encoding == UTF_8 => {
            std::str::from_utf8(bytes).ok().map(Cow::Borrowed)
        }
        Charset::Web(encoding) => {
            encoding.decode_without_bom_handling_and_without_replacement(bytes)
        }
        Charset::Latin1 => Some(encoding_rs::mem::decode_latin1(bytes)),
        Charset::Ascii => std::str::from_utf8(bytes)
            .ok()
            .filter(|text| text.is_ascii())
            .map(Cow::Borrowed),
        Charset::Windows1252 => {
            let unassigned = |byte: &u8| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D);
            let all = !bytes.iter().any(unassigned);
            all.then(|| WINDOWS_1252.decode_without_bom_handling(bytes).0)
        }
    };
    decoded.ok_or_else(|| contradicted(&charset, bytes))
}

/// Whether a text may name an encoding (XML 1.0, EncName).
pub(super) fn is_encoding_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic());
    first && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// The encoding of a file, and its bytes behind the byte order mark.
fn charset(bytes: &[u8]) -> Result<(Charset, &[u8]), Error> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return Ok((
            Charset::Web(encoding),
            bytes.get(length..).unwrap_or_default(),
        ));
    }
    let encoding = match bytes {
        [b'<', 0, b'?', 0, ..] => UTF_16LE,
        [0, b'<', 0, b'?', ..] => UTF_16BE,
        _ => return Ok((declared(bytes)?, bytes)),
    };
    Ok((Charset::Web(encoding), bytes))
}

/// The encoding that the declaration names; UTF-8 if there is none.
fn declared(bytes: &[u8]) -> Result<Charset, Error> {
    let Some(name) = declared_name(bytes) else {
        return Ok(Charset::Web(UTF_8));
    };
    let known = match name.to_ascii_lowercase().as_str() {
        "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "iso88591" | "latin1" | "latin-1" | "l1" => {
            Some(Charset::Latin1)
        }
        "us-ascii" | "ascii" => Some(Charset::Ascii),
        "windows-1252" | "cp1252" => Some(Charset::Windows1252),
        "utf-16le" | "utf-16be" => Some(Charset::Web(UTF_16LE)),
        lower => Encoding::for_label_no_replacement(lower.as_bytes()).map(Charset::Web),
    };
    let wanted = "UTF-8, UTF-16, ISO-8859-1, ISO-8859-15, Windows-1252, US-ASCII";
    let Some(charset) = known else {
        return Err(Error::Unreadable(Box::new(
            Finding::new(&ENCODING_UNKNOWN, "/")
                .value(name)
                .wanted(wanted),
        )));
    };
    match charset {
        // The declaration was read byte by byte: these are not two bytes a character.
        Charset::Web(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => {
            Err(unreadable(&Fault::new(&ENCODING, 0).wanted("UTF-16"), ""))
        }
        charset => Ok(charset),
    }
}

/// The name in `encoding="…"` of a declaration, as far as it can be made out; what is wrong with it the reader will say.
fn declared_name(bytes: &[u8]) -> Option<&str> {
    let declaration = bytes.strip_prefix(b"<?xml")?;
    let end = declaration
        .iter()
        .take(256)
        .position(|byte| *byte == b'>')?;
    let declaration = std::str::from_utf8(declaration.get(..end)?).ok()?;
    let (_, after) = declaration.split_once("encoding")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = value
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    let (name, _) = value.strip_prefix(quote)?.split_once(quote)?;
    is_encoding_name(name).then_some(name)
}

/// The bytes are not in their encoding.
fn contradicted(charset: &Charset, bytes: &[u8]) -> Error {
    let wrong = match (charset, std::str::from_utf8(bytes)) {
        (Charset::Web(encoding), Err(error)) if *encoding == UTF_8 => error.valid_up_to(),
        (Charset::Ascii, _) => bytes
            .iter()
            .position(|byte| !byte.is_ascii())
            .unwrap_or_default(),
        _ => 0,
    };
    let before = String::from_utf8_lossy(bytes.get(..wrong).unwrap_or_default());
    let found = bytes
        .get(wrong)
        .filter(|_| wrong > 0)
        .map(|byte| format!("0x{byte:02X}"));
    let fault = Fault::new(&ENCODING, before.len()).found(found.unwrap_or_default());
    unreadable(&fault.wanted(charset.name()), &before)
}

fn unreadable(fault: &Fault, text: &str) -> Error {
    Error::Unreadable(Box::new(fault.finding_at(text, "/".to_owned())))
}
