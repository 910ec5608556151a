//! Cleaning of texts and codes, as the reference does it before anything is calculated.

use unicode_normalization::UnicodeNormalization;

use super::ext::Ext;
use super::scalar::Text;

/// Free text: no NUL, no white space around it.
pub(super) fn text(text: &mut Text<'_>) {
    nul(text);
    text.trim_in_place();
}

/// Text without NUL, which neither JSONB nor XML can hold; the reference leaves it in reasons.
pub(super) fn nul(text: &mut Text<'_>) {
    if text.contains('\0') {
        *text = text.replace('\0', "").into();
    }
}

/// Codes: composed (NFC), printable characters only, no white space around them.
pub(super) fn code(code: &mut Text<'_>) {
    if !code.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        *code = code
            .nfc()
            .filter(|c| is_print(*c))
            .collect::<String>()
            .into();
    }
    code.trim_in_place();
}

/// Extensions hold codes; empty ones say nothing.
pub(super) fn ext(ext: &mut Ext<'_>) {
    ext.clean(code);
}

/// What a page can show: no controls, no formats, no separator but the space, nothing private.
fn is_print(c: char) -> bool {
    let is_format = matches!(
        c,
        '\u{AD}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}'
    );
    let is_private = matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}');
    c == ' ' || !(c.is_control() || c.is_whitespace() || is_format || is_private)
}

/// The letters and digits of a code, in upper case (tax identifiers: `Ñ` and `&` count as letters).
pub(super) fn tax_code(code: &str) -> String {
    code.chars()
        .flat_map(char::to_uppercase)
        .filter(|c| matches!(c, 'A'..='Z' | '0'..='9' | 'Ñ' | '&'))
        .collect()
}

/// Whether the code of an inbox stays as it is: letters and digits, with single separators between them.
#[must_use]
pub fn is_strict(code: &str) -> bool {
    let mut cleaned = Text::from(code);
    strict(&mut cleaned);
    cleaned == code
}

/// A strict code: runs of letters and digits, joined by the first separator between them.
pub(super) fn strict(code: &mut Text<'_>) {
    let is_separator = |c: char| matches!(c, '.' | '-' | ':' | '/' | ',' | '_' | '&' | ' ');
    let mut out = String::with_capacity(code.len());
    let mut between = None;
    for c in code.chars() {
        if c.is_ascii_alphanumeric() {
            if let (Some(separator), false) = (between.take(), out.is_empty()) {
                out.push(separator);
            }
            out.push(c);
        } else if is_separator(c) && between.is_none() {
            between = Some(c);
        }
    }
    if *code != *out {
        *code = out.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_composed_printable_and_trimmed() {
        let mut value = Text::from(" e\u{301}\u{200B}1\t");
        code(&mut value);
        assert_eq!(value, "é1");
    }

    #[test]
    fn strict_codes_keep_one_separator_between_runs() {
        let mut value = Text::from("-12. 34/é5-");
        strict(&mut value);
        assert_eq!(value, "12.34/5");
    }
}
