//! Any bytes at all, as a CII file.
#![no_main]

include!("../cii_body.rs");

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| survive_file(bytes));
