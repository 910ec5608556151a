//! Characters as XML 1.0 (fifth edition) sorts them.

/// May stand in a name.
const NAME: u8 = 1;
/// May begin a name.
const START: u8 = 2;
/// Part of a character beyond ASCII.
const BEYOND: u8 = 4;

static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    loop {
        let class = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => NAME | START,
            b'0'..=b'9' | b'-' | b'.' => NAME,
            0x80.. => BEYOND,
            _ => 0,
        };
        #[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
        {
            table[byte as usize] = class;
        }
        if byte == u8::MAX {
            return table;
        }
        byte += 1;
    }
}

fn class(byte: u8) -> u8 {
    CLASS.get(usize::from(byte)).copied().unwrap_or_default()
}

/// Whether an ASCII character other than the colon may stand in a name.
pub(super) fn is_name_byte(byte: u8) -> bool {
    class(byte) & NAME != 0
}

/// Whether an ASCII character other than the colon may begin a name.
pub(super) fn is_name_start_byte(byte: u8) -> bool {
    class(byte) & START != 0
}

/// Whether a byte belongs to a character beyond ASCII.
pub(super) fn is_beyond_ascii(byte: u8) -> bool {
    class(byte) & BEYOND != 0
}

/// NameStartChar, less the colon.
pub(super) fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '_' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}' | '\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

/// NameChar, less the colon.
pub(super) fn is_name(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '0'..='9' | '-' | '.' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}' | '\u{2040}')
}

/// Char: what may stand in a document at all.
pub(super) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// White space as XML has it.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether a text is nothing but white space.
pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes().all(is_space)
}

/// A text less the white space that XML knows around it.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r'])
}

/// Where the first character stands that may not be in a document, if there is one.
pub(super) fn illegal(text: &str) -> Option<usize> {
    // The two of them that are no control characters, U+FFFE and U+FFFF, begin with 0xEF.
    let suspect = |byte: &u8| (*byte < 0x20 && !is_space(*byte)) || *byte == 0xEF;
    let chunk = |bytes: &[u8]| bytes.iter().fold(false, |any, byte| any | suspect(byte));
    if !text.as_bytes().chunks(256).any(chunk) {
        return None;
    }
    text.char_indices()
        .find(|(_, c)| !is_char(*c))
        .map(|(at, _)| at)
}
