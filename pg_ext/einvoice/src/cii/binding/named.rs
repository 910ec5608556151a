//! Elements that somebody names: by the path of an element, or in a message of Chorus Pro.

use super::{site_of, terms};
use crate::cii::tree::{Element, Tree, name};
use crate::en16931::Site;

/// How Chorus Pro calls the root.
const FILE: &str = "FichierXml";
/// What it writes after an element of whose content it speaks.
const CONTENT: &str = ".value";

/// The element of a path such as `/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:ID`, whatever its prefixes; the first one
/// where the path does not say which.
#[must_use]
pub fn element_at<'t, 'x>(tree: &'t Tree<'x>, path: &str) -> Option<Element<'t, 'x>> {
    let steps = slashed(path)?;
    let element = deepest(tree, &steps)?;
    (depth(element) == steps.len()).then_some(element)
}

/// The term of an element that is named, whether the file has that element or not; where no term is for it alone, the term
/// around it.
///
/// An element is named by its path, or as the messages of Chorus Pro do:
/// `FichierXml.SupplyChainTradeTransaction.ApplicableHeaderTradeAgreement.BuyerReference.value`, with other words before and after
/// it. Of repeated elements it is the first one, where the name does not say which. `None` where no term is meant.
#[must_use]
pub fn site_named(tree: Option<&Tree<'_>>, text: &str) -> Option<Site> {
    let all = match text.find(FILE).and_then(|at| text.get(at..)) {
        Some(named) => dotted(named),
        None => slashed(text),
    }?;
    let mut steps = all.as_slice();
    loop {
        if let Some(site) = site(tree, steps) {
            return Some(site);
        }
        (_, steps) = steps.split_last()?;
    }
}

/// A step down: a local name, and which of the elements of that name, from 0.
type Step<'p> = (&'p str, usize);

fn site(tree: Option<&Tree<'_>>, steps: &[Step<'_>]) -> Option<Site> {
    let known = tree.and_then(|tree| deepest(tree, steps));
    if let Some(element) = known.filter(|element| depth(*element) == steps.len())
        && let Some(site) = site_of(element)
    {
        return Some(site);
    }
    let (_, below_root) = steps.split_first()?;
    let names: Vec<&str> = below_root.iter().map(|(name, _)| *name).collect();
    let named = terms::TERMS
        .iter()
        .find(|binding| binding.place.is_named(&names))?;
    // What is missing is missing in the groups that are there.
    let around = known.into_iter().flat_map(up).find_map(site_of);
    Some(Site {
        term: named.term,
        at: around.map_or([0, 0], |site| site.at),
    })
}

/// The steps of a path with slashes.
fn slashed(path: &str) -> Option<Vec<Step<'_>>> {
    path.trim()
        .trim_start_matches('/')
        .split('/')
        .map(step)
        .collect()
}

/// The steps of a path with dots, which begins a text.
fn dotted(text: &str) -> Option<Vec<Step<'_>>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '[' | ']' | ':' | '_');
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let path = text.get(..end)?.trim_end_matches('.');
    let path = path.strip_suffix(CONTENT).unwrap_or(path);
    let below = path.split('.').skip(1).map(step);
    let root = Some((name::CROSS_INDUSTRY_INVOICE.as_str(), 0));
    std::iter::once(root).chain(below).collect()
}

fn step(step: &str) -> Option<Step<'_>> {
    let (name, at) = match step.split_once('[') {
        Some((name, at)) => (name, at.trim_end_matches(']').trim().parse().ok()?),
        None => (step, 1_usize),
    };
    let local = name.rsplit_once(':').map_or(name, |(_, local)| local);
    Some((local.trim(), at.checked_sub(1)?))
}

/// The last element on the way that the file has; `None` where already the root is another.
fn deepest<'t, 'x>(tree: &'t Tree<'x>, steps: &[Step<'_>]) -> Option<Element<'t, 'x>> {
    let (root, rest) = steps.split_first()?;
    let mut element = tree.root();
    if (element.local_name(), 0) != *root {
        return None;
    }
    for (local, at) in rest {
        let mut same = element
            .children()
            .filter(|child| child.local_name() == *local);
        let Some(next) = same.nth(*at) else { break };
        element = next;
    }
    Some(element)
}

/// The element and those around it, outwards.
fn up<'t, 'x>(element: Element<'t, 'x>) -> impl Iterator<Item = Element<'t, 'x>> {
    std::iter::successors(Some(element), |element| element.parent())
}

/// Steps from nowhere: 1 for the root.
fn depth(element: Element<'_, '_>) -> usize {
    up(element).count()
}
