//! UN/CEFACT Cross Industry Invoice, D16B.

pub mod decode;
pub mod structure;
pub mod tree;
mod uri;
mod write;

pub use write::write;
