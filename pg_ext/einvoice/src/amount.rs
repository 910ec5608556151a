//! Decimal amounts and percentages with GOBL's exponent rules.
//!
//! An amount is an integer and a number of decimals; the decimals are part of it and survive: `12.50` is not
//! `12.5`. Values are signed 64-bit. Every operation is total: what does not fit loses decimals (rounded half
//! away from zero); when there are none left to lose, the result is none, and so is whatever is made of it.

mod decimal;
mod json;
mod percentage;

pub use decimal::{Amount, BadAmount};
pub use percentage::Percentage;
