//! Where D16B has the terms of EN 16931: from a term to its element, and back.

mod named;
mod step;
mod terms;

use super::tree::{Element, Tree};
use crate::en16931::{Locate, Site};
use crate::finding::Term;

pub use named::{element_at, site_named};
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

fn binding(term: Term) -> Option<&'static Binding> {
    terms::TERMS.iter().find(|binding| binding.term == term)
}
