//! URI references (RFC 3986), exactly as wide as libxml2 takes them.

use super::tree::trim;

/// Whether a text is a URI reference: a namespace's name must be one.
pub(super) fn is_reference(text: &str) -> bool {
    let text = text.as_bytes();
    is_absolute(text) || relative_part(text).is_some_and(is_query_and_fragment)
}

/// Whether a text is an `anyURI`: a reference once its white space is collapsed and what URIs never have is escaped.
pub(super) fn is_any_uri(text: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b'!'..=b'~') && !b"<>\"{}|\\^`".contains(&byte);
    if text.bytes().all(plain) {
        return is_reference(text);
    }
    let trimmed = trim(text);
    let escaped: String = trimmed
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte) } else { '_' })
        .collect();
    is_reference(&escaped)
}

/// Takes a path's character, an escaped one included.
fn pchar(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b':' | b'@', rest @ ..] => Some(rest),
        _ => plain_or_escaped(text),
    }
}

/// Takes what may stand in every part: an unreserved character, a delimiter within parts, an escaped character.
fn plain_or_escaped(text: &[u8]) -> Option<&[u8]> {
    match text {
        [byte, rest @ ..] if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(byte) => {
            Some(rest)
        }
        [b'%', high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
            Some(rest)
        }
        _ => None,
    }
}

/// Takes as much as there is.
fn many(mut text: &[u8], one: impl Fn(&[u8]) -> Option<&[u8]>) -> &[u8] {
    while let Some(rest) = one(text) {
        text = rest;
    }
    text
}

fn path(text: &[u8]) -> &[u8] {
    many(text, |text| text.strip_prefix(b"/").or_else(|| pchar(text)))
}

fn is_absolute(text: &[u8]) -> bool {
    let Some(colon) = text.iter().position(|byte| *byte == b':') else {
        return false;
    };
    let (scheme, rest) = text.split_at(colon);
    let [first, others @ ..] = scheme else {
        return false;
    };
    let good = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
    if !first.is_ascii_alphabetic() || !others.iter().all(good) {
        return false;
    }
    let rest = rest.strip_prefix(b":").unwrap_or_default();
    hierarchy(rest).is_some_and(is_query_and_fragment)
}

/// Takes an authority with a path, or a path.
fn hierarchy(text: &[u8]) -> Option<&[u8]> {
    match text.strip_prefix(b"//") {
        Some(authority) => rest_of_authority(authority),
        None => Some(path(text)),
    }
}

/// Takes the same of a reference without a scheme: its first segment has no colon.
fn relative_part(text: &[u8]) -> Option<&[u8]> {
    if text.starts_with(b"/") {
        return hierarchy(text);
    }
    let segment = many(text, |text| match text {
        [b':', ..] => None,
        _ => pchar(text),
    });
    // What comes after a segment is the rest of the path, or no path.
    if segment.starts_with(b"/") {
        Some(path(segment))
    } else {
        Some(segment)
    }
}

/// Takes `user@host:port/path`.
fn rest_of_authority(text: &[u8]) -> Option<&[u8]> {
    let user = many(text, |text| match text {
        [b':', rest @ ..] => Some(rest),
        _ => plain_or_escaped(text),
    });
    let host = user.strip_prefix(b"@").unwrap_or(text);
    let after = if host.starts_with(b"[") {
        let end = host.iter().position(|byte| *byte == b']')?;
        host.get(end + 1..)?
    } else {
        many(host, plain_or_escaped)
    };
    let after = match after.strip_prefix(b":") {
        None => after,
        Some(port) => {
            let rest = many(port, |text| match text {
                [b'0'..=b'9', rest @ ..] => Some(rest),
                _ => None,
            });
            let digits = port.strip_suffix(rest)?;
            std::str::from_utf8(digits)
                .ok()?
                .parse::<u32>()
                .ok()
                .filter(|port| *port <= 99_999_999)?;
            rest
        }
    };
    // A path behind an authority begins with a slash.
    if after.starts_with(b"/") {
        Some(path(after))
    } else {
        Some(after)
    }
}

fn is_query_and_fragment(text: &[u8]) -> bool {
    let more = |text| {
        many(text, |text| {
            text.strip_prefix(b"/")
                .or_else(|| text.strip_prefix(b"?"))
                .or_else(|| pchar(text))
        })
    };
    let text = text.strip_prefix(b"?").map_or(text, more);
    let bracket = |text: &'_ [u8]| matches!(text, [b'[' | b']', ..]);
    let Some(mut fragment) = text.strip_prefix(b"#") else {
        return text.is_empty();
    };
    loop {
        fragment = more(fragment);
        if !bracket(fragment) {
            return fragment.is_empty();
        }
        fragment = fragment.get(1..).unwrap_or_default();
    }
}
