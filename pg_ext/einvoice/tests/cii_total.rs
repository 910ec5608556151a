//! Nothing panics, whatever the file.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use einvoice::cii::schema::MAX_FINDINGS;
use proptest::prelude::*;

include!("../fuzz/cii_body.rs");

/// As many cases as PROPTEST_CASES says, for a longer run; else the usual number.
fn cases(usual: u32) -> u32 {
    let wanted = std::env::var("PROPTEST_CASES");
    wanted
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(usual)
}

/// One of our own files.
fn fixture() -> Vec<u8> {
    std::fs::read("../../tests/fixtures/credit-note.attachment.xml").unwrap()
}

/// Pieces that mean something to a reader.
const PIECES: [&str; 48] = [
    "<",
    ">",
    "&",
    "\"",
    "'",
    "/",
    "=",
    " ",
    "\n",
    "\r",
    ":",
    "]]>",
    "--",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?",
    "?>",
    "<!DOCTYPE a>",
    "&amp;",
    "&nbsp;",
    "&#0;",
    "&#x1F600;",
    "&#99999999999;",
    "<a>",
    "</a>",
    "<a/>",
    "<ram:ID>",
    "</ram:ID>",
    "<ram:ID/>",
    " schemeID=\"1\"",
    " xsi:nil=\"true\"",
    " xmlns=\"\"",
    " xmlns:ram=\"urn:x\"",
    " xml:lang=\"fr\"",
    "<?xml version=\"1.0\"?>",
    "encoding=\"UTF-16\"",
    "encoding=\"ISO-8859-1\"",
    "encoding=\"klingon\"",
    "é",
    "\u{FEFF}",
    "\u{FFFE}",
    "\u{1}",
    "\0",
    "1e5",
    "-1 324,60",
    "NaN",
    "</rsm:CrossIndustryInvoice>",
];

/// A change at a place, which is a share of the file.
#[derive(Debug, Clone)]
enum Change {
    Insert(u16, usize),
    Byte(u16, u8),
    Delete(u16, u8),
    Repeat(u16, u16),
    Cut(u16),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (any::<u16>(), 0..PIECES.len()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        2 => (any::<u16>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        3 => (any::<u16>(), 1..40_u8).prop_map(|(at, length)| Change::Delete(at, length)),
        2 => (any::<u16>(), 1..400_u16).prop_map(|(at, length)| Change::Repeat(at, length)),
        1 => any::<u16>().prop_map(Change::Cut),
    ]
}

/// Where a share of a file is.
fn place(file: &[u8], share: u16) -> usize {
    file.len() * usize::from(share) / (usize::from(u16::MAX) + 1)
}

fn changed(mut file: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let (Change::Insert(share, _)
        | Change::Byte(share, _)
        | Change::Delete(share, _)
        | Change::Repeat(share, _)
        | Change::Cut(share)) = *change;
        let at = place(&file, share);
        let end = |length: usize| (at + length).min(file.len());
        match *change {
            Change::Insert(_, piece) => drop(file.splice(at..at, PIECES[piece].bytes())),
            Change::Byte(_, byte) => drop(file.splice(at..end(1), [byte])),
            Change::Delete(_, length) => drop(file.drain(at..end(usize::from(length)))),
            Change::Repeat(_, length) => {
                let piece = file[at..end(usize::from(length))].to_vec();
                drop(file.splice(at..at, piece));
            }
            Change::Cut(_) => file.truncate(at),
        }
    }
    file
}

/// A file whose tags are whole but no longer where they belong.
fn shuffled(file: &[u8], moves: &[(u16, u16)]) -> Vec<u8> {
    let text = String::from_utf8_lossy(file);
    let mut parts: Vec<&str> = text.split_inclusive('>').collect();
    for (from, to) in moves {
        let at = |share: u16| parts.len() * usize::from(share) / (usize::from(u16::MAX) + 1);
        let (from, to) = (at(*from), at(*to));
        let part = parts.remove(from);
        parts.insert(to.min(parts.len()), part);
    }
    parts.concat().into_bytes()
}

#[test]
fn the_file_that_is_changed_is_good() {
    assert_eq!(judged(&fixture()), []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(300), failure_persistence: None, ..ProptestConfig::default() })]

    /// What the fuzz target proves, of a file that has been damaged.
    #[test]
    fn every_damaged_file_is_survived(changes in prop::collection::vec(change(), 1..6)) {
        survive_file(&changed(fixture(), &changes));
    }

    /// The same, of one whose tags have been moved about.
    #[test]
    fn every_shuffled_file_is_survived(moves in prop::collection::vec((any::<u16>(), any::<u16>()), 1..4)) {
        survive_file(&shuffled(&fixture(), &moves));
    }

    /// The same, of a few pieces in any order.
    #[test]
    fn every_handful_of_pieces_is_survived(pieces in prop::collection::vec(0..PIECES.len(), 0..8), whole in any::<bool>()) {
        let inner: String = pieces.iter().map(|piece| PIECES[*piece]).collect();
        let file = if whole { format!("<a>{inner}</a>") } else { inner };
        survive_file(file.as_bytes());
    }

    /// The same, of bytes.
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        survive_file(&bytes);
    }
}

/// Long files of one piece: work that grew faster than the file would not end here.
#[test]
fn long_files_are_read_to_their_end() {
    for piece in [
        "<b/>",
        "&amp;",
        "x<b/>",
        "<b c='1' d='2'/>",
        "<![CDATA[x]]>",
        "<!---->",
        "]",
        "<b xmlns:c='u'/>",
        "&#10;<b/>",
    ] {
        let file = format!("<a>{}</a>", piece.repeat(200_000));
        let rules: Vec<&str> = judged(file.as_bytes()).iter().map(|f| f.rule.id).collect();
        assert_eq!(rules, ["XSD-ROOT"], "{piece}");
    }
    let good = String::from_utf8(fixture()).unwrap();
    let end = "</rsm:ExchangedDocument>";
    for piece in [
        "<ram:IncludedNote><ram:ID/><ram:ContentCode/></ram:IncludedNote>",
        "<ram:IncludedNote/><ram:ID/><ram:IncludedNote/>",
        "<ram:TypeCode/>",
        "<ram:LanguageID/><ram:IncludedNote/>",
        "<x/>",
    ] {
        let file = good.replacen(end, &(piece.repeat(50_000) + end), 1);
        assert!(file.len() > good.len());
        assert_eq!(judged(file.as_bytes()).len(), MAX_FINDINGS, "{piece}");
    }
}
