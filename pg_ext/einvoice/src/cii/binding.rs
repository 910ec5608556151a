//! Where D16B has the terms of EN 16931: from a term to its element, and back.

mod step;
mod terms;

use super::tree::{Element, Tree};
use crate::en16931::{Locate, Site};
use crate::finding::Term;

use step::{Occurrences, Path, Step};

/// A term with its place in a file.
struct Binding {
    term: Term,
    place: Path,
}

/// Where the terms of a file that was read stand in it.
#[derive(Debug)]
pub struct Locator<'t, 'x> {
    tree: &'t Tree<'x>,
    known: Occurrences<'t, 'x>,
}

impl<'t, 'x> Locator<'t, 'x> {
    /// For an invoice that was [read](super::read::read) from this tree.
    #[must_use]
    pub fn new(tree: &'t Tree<'x>) -> Self {
        Self {
            tree,
            known: Occurrences::default(),
        }
    }

    /// The element of a term; where it is missing the nearest one around it, and what is missing in that.
    fn find(&self, site: Site) -> (Element<'t, 'x>, Option<Step>) {
        let root = self.tree.root();
        match binding(site.term) {
            Some(binding) => binding.place.walk(root, site.at, &self.known),
            None => (root, None),
        }
    }
}

impl Locate for Locator<'_, '_> {
    fn path(&self, site: Site) -> String {
        let (element, missing) = self.find(site);
        let mut path = element.path();
        if let Some(missing) = missing {
            path.push('/');
            path.push_str(&missing.shown());
        }
        path
    }

    fn position(&self, site: Site) -> usize {
        self.find(site).0.index()
    }

    fn file(&self) -> Option<&Tree<'_>> {
        Some(self.tree)
    }
}

/// The term that an element is for, and which occurrence of the groups around it.
#[must_use]
pub fn site_of(element: Element<'_, '_>) -> Option<Site> {
    let mut bindings = terms::TERMS.iter();
    bindings.find_map(|binding| {
        let at = binding.place.occurrence(element)?;
        Some(Site {
            term: binding.term,
            at,
        })
    })
}

/// The element of a path such as `/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:ID`, whatever its prefixes; the first one
/// where the path does not say which.
#[must_use]
pub fn element_at<'t, 'x>(tree: &'t Tree<'x>, path: &str) -> Option<Element<'t, 'x>> {
    let mut steps = path.trim().trim_start_matches('/').split('/').map(|step| {
        let (name, at) = match step.split_once('[') {
            Some((name, at)) => (name, at.trim_end_matches(']').trim().parse().ok()?),
            None => (step, 1_usize),
        };
        let local = name.rsplit_once(':').map_or(name, |(_, local)| local);
        Some((local.trim(), at.checked_sub(1)?))
    });
    let (root, _) = steps.next()??;
    let start = Some(tree.root()).filter(|element| element.local_name() == root)?;
    steps.try_fold(start, |element, step| {
        let (local, at) = step?;
        let mut same = element
            .children()
            .filter(|child| child.local_name() == local);
        same.nth(at)
    })
}

fn binding(term: Term) -> Option<&'static Binding> {
    terms::TERMS.iter().find(|binding| binding.term == term)
}
