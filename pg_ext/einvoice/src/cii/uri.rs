//! URI references, RFC 3986.

/// Whether a text is a URI reference: a namespace's name must be one.
pub(super) fn is_reference(text: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    text.bytes().all(allowed)
}
