//! GOBL invoices: the document model, its calculation, faults, canonical JSON and digest.
//!
//! The version followed is GOBL v0.502.1.

mod ext;
mod json;
mod list;
mod model;
mod scalar;

pub use ext::Ext;
pub use json::Json;
pub use list::List;
pub use model::*;
pub use scalar::{Degrees, Text};
