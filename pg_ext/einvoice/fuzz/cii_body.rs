// What is true of every file. Included by the fuzz target, and by a test that runs it on stable.

/// Reads bytes as CII, checks and parses them; whatever they are, nothing panics, the tree hangs together, what is wrong
/// has a rule and a place, and a second reading says the same.
fn survive_file(bytes: &[u8]) {
    let first = judged(bytes);
    assert_eq!(first, judged(bytes), "two readings of one file");
    checked_and_parsed(bytes);
}

/// All that SQL does with a file.
fn checked_and_parsed(bytes: &[u8]) {
    use einvoice::entry::{File, Profile, check_cii, decode_cii, parse_cii};
    use einvoice::finding::Lang;

    for profile in [Profile::En16931, Profile::ChorusPro] {
        let checked = check_cii(File::Bytes(bytes), profile, &mut || Ok(()));
        let findings = checked.unwrap_or_else(|error| unreachable!("nobody cancelled: {error}"));
        assert!(findings.is_sorted_by_key(|finding| finding.position));
        for finding in findings {
            for lang in [Lang::En, Lang::Fr] {
                assert!(!finding.message(lang).is_empty(), "{}", finding.rule.id);
                let _ = finding.hint(lang);
            }
        }
    }
    if let Ok(text) = decode_cii(File::Bytes(bytes))
        && let Ok(invoice) = parse_cii(&text, &mut || Ok(()))
    {
        // A price that is no number leaves an invoice without totals; it has its canonical form all the same.
        assert_eq!(einvoice::gobl::digest(&invoice).len(), 64);
    }
}

/// What is wrong with a file.
fn judged(bytes: &[u8]) -> Vec<einvoice::finding::Finding> {
    use einvoice::cii::decode::decode;
    use einvoice::cii::schema;
    use einvoice::cii::tree::{Error, Tree};
    use einvoice::finding::Lang;

    let mut findings = Vec::new();
    let read = decode(bytes).and_then(|text| {
        let tree = Tree::read(&text, &mut || Ok(()))?;
        hangs_together(&tree);
        schema::check(&tree, &mut findings);
        Ok(())
    });
    match read {
        Ok(()) => assert!(
            findings
                .iter()
                .all(|finding| finding.rule.id.starts_with("XSD-"))
        ),
        Err(Error::Unreadable(finding)) => {
            assert!(finding.rule.id.starts_with("XML-"));
            findings.push(*finding);
        }
        Err(Error::Cancelled(_)) => unreachable!("nobody cancelled"),
    }
    for finding in &findings {
        assert!(finding.path.starts_with('/') && !finding.message(Lang::Fr).is_empty());
    }
    findings
}

/// Each element is among the children of its parent, which stands before it, and has no text that is not in the file's
/// characters.
fn hangs_together(tree: &einvoice::cii::tree::Tree<'_>) {
    let mut children = 0;
    for (at, element) in tree.elements().enumerate() {
        assert_eq!(element.index(), at);
        assert!(element.parent().is_some_and(|parent| parent.index() < at) || at == 0);
        for child in element.children() {
            assert_eq!(child.parent().map(|parent| parent.index()), Some(at));
            children += 1;
        }
        assert_eq!(element.text(), element.text_cow());
        for (name, value) in element.attributes() {
            assert!(!name.is_empty() && element.attribute(name) == Some(value));
        }
    }
    assert_eq!(children + 1, tree.len());
}
