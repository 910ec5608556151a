//! In which language a page is shown: as its address says, else as the browser asks for, else in French.

use axum::http::{HeaderMap, Uri, header::ACCEPT_LANGUAGE};

/// The languages of the page.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lang {
    /// French.
    #[default]
    Fr,
    /// English.
    En,
}

impl Lang {
    /// The language of an answer.
    pub(super) fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        let asked = uri.query().unwrap_or_default().split('&');
        let accepted = headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        asked
            .filter_map(|pair| pair.strip_prefix("lang="))
            .find_map(preferred)
            .or_else(|| accepted.and_then(preferred))
            .unwrap_or_default()
    }

    /// Its tag.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// The other one.
    pub(super) fn other(self) -> Self {
        match self {
            Self::Fr => Self::En,
            Self::En => Self::Fr,
        }
    }
}

/// The first of ours in `Accept-Language`: browsers send the best first.
fn preferred(accepted: &str) -> Option<Lang> {
    accepted.split(',').find_map(|range| {
        let tag = range.split(';').next()?.trim().to_ascii_lowercase();
        match tag.split('-').next()? {
            "fr" => Some(Lang::Fr),
            "en" => Some(Lang::En),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_is_ours_is_taken() {
        assert_eq!(
            preferred("de-DE,de;q=0.9,en-GB;q=0.8,fr;q=0.1"),
            Some(Lang::En)
        );
        assert_eq!(preferred("fr-CA, en"), Some(Lang::Fr));
        assert_eq!(preferred("*"), None);
    }
}
