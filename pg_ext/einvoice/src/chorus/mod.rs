//! What Chorus Pro asks beyond EN 16931: frameworks, identifier schemes, keys of French identifiers, lengths, the buyers' requirements.

pub mod directory;
pub mod framework;
pub mod identifiers;
pub mod keys;
pub mod limits;
pub mod scheme;

pub use framework::Framework;
pub use scheme::Scheme;
