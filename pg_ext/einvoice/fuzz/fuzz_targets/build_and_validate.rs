//! Any text at all, as a document.
#![no_main]

include!("../body.rs");

libfuzzer_sys::fuzz_target!(|text: &str| survive(text));
