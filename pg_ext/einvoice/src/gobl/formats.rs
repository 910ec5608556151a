//! Formats of addresses, as loose as the reference takes them.

/// Whether a text looks like an e-mail address.
pub(super) fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && domain.split('.').all(|part| !part.is_empty())
            && !domain.contains('@')
            && !text.contains(|c: char| c.is_whitespace() || c == ',')
    })
}

/// Whether a text looks like a URL: a host with a scheme, a point or a port (`FR.123` and `0009:12345` count).
pub(super) fn is_url(text: &str) -> bool {
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
