//! Formats of keys and addresses, as loose as the reference takes them.

use unicode_normalization::char::is_combining_mark;

/// Whether a text looks like an e-mail address.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let bytes = text.as_bytes();
    let at = bytes.iter().position(|byte| *byte == b'@');
    at.and_then(|at| bytes.split_at_checked(at))
        .and_then(|(local, rest)| Some((local, rest.split_first()?.1)))
        .is_some_and(|(local, domain)| {
            !local.is_empty()
                && domain.contains(&b'.')
                && domain
                    .split(|byte| *byte == b'.')
                    .all(|part| !part.is_empty())
                && !domain.contains(&b'@')
                && !bytes.contains(&b',')
                && !text.contains(char::is_whitespace)
        })
}

/// Whether a text looks like a URL: a host with a scheme, a point or a port (`FR.123` and `0009:12345` count).
#[must_use]
pub fn is_url(text: &str) -> bool {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, text),
    };
    if scheme.is_some_and(|scheme| {
        !matches!(
            scheme,
            "http" | "https" | "ftp" | "tcp" | "udp" | "ws" | "wss"
        )
    }) {
        return false;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let host_is_one = host.starts_with(char::is_alphanumeric)
        && host
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let port_is_one = port
        .is_none_or(|port| matches!(port.len(), 1..=5) && port.bytes().all(|b| b.is_ascii_digit()));
    let tells = scheme.is_some() || port.is_some() || host.contains('.');
    text.len() >= 3 && host_is_one && port_is_one && tells && !text.contains(char::is_whitespace)
}

/// Whether a text is a key of GOBL: small letters and digits, with `-` and `+` inside.
pub(super) fn is_key(text: &str) -> bool {
    let is_end = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    match text.as_bytes() {
        [only] => only.is_ascii_lowercase(),
        [first, middle @ .., last] => {
            is_end(first)
                && is_end(last)
                && middle
                    .iter()
                    .all(|byte| is_end(byte) || matches!(byte, b'-' | b'+'))
        }
        [] => false,
    }
}

/// Whether a text is a URI with a scheme.
pub(super) fn is_uri(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
            && !rest.is_empty()
            && !rest.contains(char::is_control)
    })
}

/// Whether a text is three words of what3words: each of letters, or each of two to four such words with spaces between.
pub(super) fn is_what3words(text: &str) -> bool {
    const DOTS: &str = ".｡。･・︒។։။۔።।";
    let words: Vec<&str> = text
        .trim_start_matches('/')
        .split(|c| DOTS.contains(c))
        .collect();
    let is_word = |word: &str| {
        word.starts_with(char::is_alphabetic)
            && word
                .chars()
                .all(|c| c.is_alphabetic() || is_combining_mark(c))
    };
    let runs = |words: &str| {
        let runs: Vec<&str> = words.split([' ', '\u{A0}']).collect();
        runs.iter().all(|run| is_word(run)).then_some(runs.len())
    };
    match words.as_slice() {
        [a, b, c] => match [runs(a), runs(b), runs(c)] {
            [Some(a), Some(b), Some(c)] => {
                [a, b, c] == [1; 3] || [a, b, c].iter().all(|count| matches!(count, 2..=4))
            }
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_small_letters_and_digits() {
        for key in ["a", "1a", "credit-transfer+sepa", "a1"] {
            assert!(is_key(key), "{key}");
        }
        for text in ["", "1", "A", "a-", "-a", "a_b", "é"] {
            assert!(!is_key(text), "{text}");
        }
    }

    #[test]
    fn uris_have_a_scheme() {
        for uri in [
            "iso6523-actorid-upis::9930:DE282741168",
            "mailto:a@b.fr",
            "https://b.fr",
        ] {
            assert!(is_uri(uri), "{uri}");
        }
        for text in ["", "a", ":b", "1a:b", "a:"] {
            assert!(!is_uri(text), "{text}");
        }
    }

    #[test]
    fn places_have_three_words() {
        for place in [
            "///filled.count.soap",
            "filled.count.soap",
            "à.b.c",
            "a b.c d.e f",
        ] {
            assert!(is_what3words(place), "{place}");
        }
        for text in ["", "a.b", "a.b.c.d", "a.1.c", "a b.c.d"] {
            assert!(!is_what3words(text), "{text}");
        }
    }
}
