// What is true of every file. Included by the fuzz target, and by a test that runs it on stable.

/// Reads bytes as CII and checks their structure; whatever they are, nothing panics, the tree hangs together, what is wrong
/// has a rule and a place, and a second reading says the same.
fn survive_file(bytes: &[u8]) {
    let first = judged(bytes);
    assert_eq!(first, judged(bytes), "two readings of one file");
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
