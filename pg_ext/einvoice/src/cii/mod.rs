//! UN/CEFACT Cross Industry Invoice, D16B.

mod write;

pub use write::write;
