//! The few things that are asked of PostgreSQL directly.

use pgrx::callconv::{BoxRet, FcInfo};
use pgrx::datum::Datum;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{IntoDatum, PgSqlErrorCode, impl_sql_translatable, pg_sys};

use crate::error;

/// Raises the ERROR of a cancelled query or the like, if one is pending.
///
/// pgrx turns that ERROR into a Rust panic at its boundary and back into an ERROR where the SQL function ends, so the
/// frames between (the domain's) are unwound and drop what they own.
pub(crate) fn check_interrupts() {
    pgrx::check_for_interrupts!();
}

/// Refuses databases that are not in UTF-8: texts go in and out as they are.
pub(crate) fn require_utf8() -> Result<(), ErrorReport> {
    // SAFETY: reads a setting of the running backend.
    let encoding = unsafe { pg_sys::GetDatabaseEncoding() };
    if u32::try_from(encoding) == Ok(pg_sys::pg_enc::PG_UTF8) {
        return Ok(());
    }
    Err(error::new(
        PgSqlErrorCode::ERRCODE_FEATURE_NOT_SUPPORTED,
        "pg_chorus needs a database in encoding UTF8",
    )
    .set_detail("Invoices hold characters that other encodings lack.")
    .set_hint(
        "Create a database with ENCODING 'UTF8' TEMPLATE template0, and use pg_chorus there.",
    ))
}

/// Whether the library is loaded into a backend with a database, not into the postmaster.
pub(crate) fn has_database() -> bool {
    // SAFETY: reads a variable of the running backend, written once at its start.
    unsafe { pg_sys::MyDatabaseId != pg_sys::InvalidOid }
}

/// An XML document on its way out as `xml`.
///
/// An `xml` datum is a text datum. The text is stored as given, declaration included, so that `::text` gives back
/// exactly these characters; it comes from our own writer, so parsing it again would only cost.
pub(crate) struct XmlText(pub(crate) String);

// SAFETY: `xml` and `text` have the same binary form (PostgreSQL casts one to the other without a function).
unsafe impl BoxRet for XmlText {
    unsafe fn box_into<'fcx>(self, fcinfo: &mut FcInfo<'fcx>) -> Datum<'fcx> {
        match self.0.into_datum() {
            // SAFETY: see above.
            Some(datum) => unsafe { fcinfo.return_raw_datum(datum) },
            None => fcinfo.return_null(),
        }
    }
}

impl_sql_translatable!(XmlText, "xml");
