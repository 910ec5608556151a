//! Text in HTML: what others wrote can never become markup.

/// `text` as the content of an element or of a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stays_that_markup_is_made_of() {
        assert_eq!(
            escape(r#"<script>alert("l'été & co")</script>"#),
            "&lt;script&gt;alert(&quot;l&#39;été &amp; co&quot;)&lt;/script&gt;"
        );
    }
}
