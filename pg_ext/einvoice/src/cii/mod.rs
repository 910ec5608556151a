//! UN/CEFACT Cross Industry Invoice, D16B.

mod line;
mod parts;
mod transaction;
mod write;
mod xml;

pub use write::write;
