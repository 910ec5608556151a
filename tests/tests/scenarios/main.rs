//! The channel whole, told as the people who use it tell it: an invoice, what its buyer does, what is answered.
//!
//! | story | where |
//! |---|---|
//! | a supplier registers in a browser, its invoice is paid | `registration::browser` |
//! | rejected flux, suspended, to be recycled, rejected by the buyer | `returns` |
//! | a credit note; a supplier of another country | `others` |
//! | a thousand invoices whose statuses come in any order | `volume` |
//! | how often Chorus Pro is asked about a hundred thousand | `calls` |
//! | what ends an invoice, and what reopens it | `ends` |
//! | answers that nobody expected | `answers_unexpected` |
//! | the session of the README, acted | `readme` |

// A test that cannot go on fails, also from a helper.
#![allow(clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

mod answers_unexpected;
mod calls;
mod ends;
mod others;
mod returns;
mod scene;
mod volume;
