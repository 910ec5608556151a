//! Suppliers registered: links, the page, what Chorus Pro says of an account, keys, and secrets that stay where they are.

#[path = "../common/mod.rs"]
mod common;

mod account;
mod browser;
mod canary;
mod keys;
mod page;
mod renewal;
mod town;
mod webdriver;
