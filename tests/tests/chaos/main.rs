//! The fault harness: storms that must leave no trace, and planted defects that must.

mod defects;
mod storms;
