//! UN/CEFACT Cross Industry Invoice, D16B.

pub mod binding;
pub mod decode;
pub mod read;
pub mod schema;
pub mod structure;
pub mod tree;
mod uri;
mod write;

pub(crate) use write::is_legal;
pub use write::write;

/// The rules on files as such: XML, and the structure of D16B.
pub(crate) fn rules() -> impl Iterator<Item = &'static crate::finding::Rule> {
    tree::refusal::ALL.into_iter().chain(schema::ALL)
}
