//! What a file does not hold of the items.

use super::LeftOut;
use crate::en16931::from_gobl::party::iso_scheme;
use crate::finding::Term;
use crate::gobl::Item;

/// BT-156 and BT-157 occur once: the first identifier without scheme or list, and the last with a scheme.
pub(super) fn further_ids(item: &Item<'_>, line: usize, out: &mut LeftOut<'_>) {
    if item.identities.len() < 2 {
        return;
    }
    let filled = || {
        let all = item.identities.iter().enumerate();
        all.filter(|(_, identity)| !identity.code.is_empty())
    };
    let plain = filled().filter(|(_, i)| iso_scheme(i).is_none() && i.label.is_empty());
    let schemed = filled().filter(|(_, i)| iso_scheme(i).is_some());
    let further = plain.skip(1).map(|found| (156, found));
    let earlier = schemed.rev().skip(1).map(|found| (157, found));
    for (term, (at, identity)) in further.chain(earlier) {
        let place = item.identities.place(at);
        let path = format!("lines[{line}].item.identities[{place}]");
        out.text(&path, Term::Bt(term), &identity.code);
    }
}
