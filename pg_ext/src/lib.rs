//! The SQL functions of pg_chorus: datums in, datums out. What they mean is in crate `einvoice`.
//!
//! | module | holds |
//! |---|---|
//! | [`functions`] | one function for each SQL function, declared in `sql/extension` |
//! | [`argument`] | arguments that are words, dates or arrays, made into the domain's types |
//! | [`jsonb`] | `jsonb` in (read from its binary form) and out |
//! | [`error`] | SQLSTATEs, DETAIL and HINT |
//! | [`shim`] | interrupts, encoding, `xml` |
//!
//! Every function is pure. None sends a NOTICE, opens a query or keeps anything from one call to the next.

#[cfg(not(panic = "unwind"))]
compile_error!("PostgreSQL turns a Rust panic into an ERROR only if it can unwind");

mod argument;
#[cfg(feature = "bench")]
mod bench;
mod error;
mod functions;
mod jsonb;
mod shim;

use pgrx::pg_sys::panic::ErrorReportable;

pgrx::pg_module_magic!(name, version);

/// Called when the library is loaded: `CREATE EXTENSION` in a database of another encoding ends here.
#[pgrx::pg_guard]
pub extern "C-unwind" fn _PG_init() {
    if shim::has_database() {
        shim::require_utf8().unwrap_or_report();
    }
}
