//! The directory, before anything is sent: what a buyer asks for is known, or the invoice says that it is not.
//!
//! | story | where |
//! |---|---|
//! | what a buyer requires keeps back what lacks it, until it is corrected or the buyer has changed | `requirements` |
//! | who is asked, how often, and what waits meanwhile | `questions` |
//! | no answer, an old one, an odd one: the invoice goes out and says so | `answers` |
//! | where a returned invoice is to go; what a service reports; what a history shows without saying it | `afterwards` |

// A test that cannot go on fails, also from a helper.
#![allow(clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

mod afterwards;
mod answers;
mod office;
mod questions;
mod requirements;
