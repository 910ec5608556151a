//! Files uploaded through `ajouter/fichier`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Longest name in characters, extension included.
pub(crate) const LONGEST_NAME: usize = 50;
/// Number of the first attachment; the value has no meaning.
pub(crate) const FIRST_ID: i64 = 10_000_001;

/// Extensions that Chorus Pro takes (its rule G4.03).
const EXTENSIONS: [&str; 35] = [
    "BMP", "BZ2", "CSV", "DOC", "DOCX", "FAX", "GIF", "GZ", "GZIP", "HTM", "HTML", "JPEG", "JPG",
    "ODP", "ODS", "ODT", "P7S", "PDF", "PNG", "PPS", "PPT", "PPTX", "RTF", "SVG", "TGZ", "TIF",
    "TIFF", "TXT", "XHTML", "XLC", "XLM", "XLS", "XLSX", "XML", "ZIP",
];

/// A file that was taken.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) id: i64,
    pub(crate) at: Timestamp,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) mime_type: String,
    pub(crate) size: usize,
    pub(crate) sha256: String,
}

/// An uploaded file as the control API shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// `pieceJointeId`.
    pub id: i64,
    /// Time of processing, ISO 8601 in Paris.
    pub at: String,
    /// Technical account.
    pub login: String,
    /// Name as stored.
    pub name: String,
    /// `pieceJointeTypeMime`.
    pub mime_type: String,
    /// Length in bytes.
    pub size: usize,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
}

/// Whether files of that extension are taken, whatever its case.
pub(crate) fn extension_is_taken(extension: &str) -> bool {
    EXTENSIONS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(extension))
}

/// The name cut to its longest length, with its extension.
pub(crate) fn cut(name: &str) -> String {
    let extension = name
        .rfind('.')
        .map_or("", |dot| name.get(dot..).unwrap_or(""));
    let stem = name.strip_suffix(extension).unwrap_or(name);
    let kept = LONGEST_NAME.saturating_sub(extension.chars().count());
    stem.chars()
        .take(kept)
        .chain(extension.chars())
        .take(LONGEST_NAME)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_name_keeps_its_extension() {
        assert_eq!(cut(&format!("{}.pdf", "é".repeat(60))).chars().count(), 50);
        assert!(cut(&format!("{}.pdf", "a".repeat(60))).ends_with("a.pdf"));
        assert_eq!(cut(&format!("a.{}", "x".repeat(60))).chars().count(), 50);
        assert_eq!(cut("short.pdf"), "short.pdf");
    }

    #[test]
    fn extensions_are_compared_without_case() {
        assert!(extension_is_taken("pdf") && extension_is_taken("XLSX"));
        assert!(!extension_is_taken("exe") && !extension_is_taken(""));
    }
}
