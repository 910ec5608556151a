//! The SQL functions as an application meets them: results, NULLs, and the SQLSTATE, DETAIL and HINT of every refusal.

// A test that cannot go on fails, also from a helper.
#![allow(clippy::unwrap_used, clippy::panic)]

mod document;
mod extension;
mod findings;
mod process;
mod refusals;
mod rendering;
mod scene;
