//! What a CII file made of the document would fail besides: on GOBL input there is no file yet whose structure could be
//! looked at, but an element that is missing for want of its term is missing there.

use crate::finding::Finding;

/// A rule on a term, and the rule on the structure that asks for the term's element.
const IMPLIED: [(&str, &str); 2] = [("BR-04", "CII-SR-014"), ("BR-26", "CII-SR-439")];

/// Adds the rules on the structure to the findings on the terms.
pub fn add_implied(findings: &mut [Finding]) {
    for finding in findings {
        let implied = IMPLIED.iter().filter(|(of, _)| finding.rule.id == *of);
        finding.same_as.extend(implied.map(|(_, id)| *id));
    }
}
