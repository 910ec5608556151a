// What is true of every text. Included by the fuzz target, and by a test that runs it on stable.

/// Reads, builds, validates and renders a text; whatever it is, nothing panics, and what was built can be read again.
fn survive(text: &str) {
    use einvoice::entry::{self, Profile};
    use einvoice::finding::Lang;

    let mut poll = || Ok(());
    if let Ok(built) = entry::build(text, &mut poll) {
        let written = serde_json::to_string(&built).expect("a document has no number out of range");
        // A sum may come to nineteen digits: GOBL writes them, and reads eighteen.
        let too_long = |digits: &str| digits.len() > 18;
        let readable = !written.split(|c: char| !c.is_ascii_digit()).any(too_long);
        if let Err(refusal) = einvoice::gobl::read(written.as_str()) {
            assert!(!readable, "what was built is no document: {refusal}");
        }
    }
    for profile in [None, Some(Profile::ChorusPro), Some(Profile::En16931)] {
        for finding in entry::validate(text, profile, &mut poll).unwrap_or_default() {
            assert!(finding.path.starts_with('$') && !finding.message(Lang::Fr).is_empty());
        }
    }
    let _ = entry::render_cii(text, Profile::ChorusPro, &[], &mut poll);
    let _ = entry::digest(text, &mut poll);
}
