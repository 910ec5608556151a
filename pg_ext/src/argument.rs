//! Arguments that are words, dates or arrays.

use einvoice::entry::{self, Attachment, Profile};
use einvoice::finding::Lang;
use jiff::Span;
use jiff::civil::{self, date};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{Array, PgSqlErrorCode};

use crate::error;

/// Most bytes of supporting documents in one invoice: what Chorus Pro takes with an invoice file (120 Mo).
const MAX_ATTACHMENT_BYTES: usize = 120_000_000;

const UNIX_EPOCH: civil::Date = date(1970, 1, 1);

/// `en` or `fr`.
pub(crate) fn lang(word: &str) -> Result<Lang, ErrorReport> {
    entry::lang(word).ok_or_else(|| error::unknown_word("lang", word, "'en' or 'fr'"))
}

/// `choruspro` or `en16931`.
pub(crate) fn profile(word: &str) -> Result<Profile, ErrorReport> {
    match word {
        "choruspro" => Ok(Profile::ChorusPro),
        "en16931" => Ok(Profile::En16931),
        _ => Err(error::unknown_word(
            "profile",
            word,
            "'choruspro' or 'en16931'",
        )),
    }
}

/// A date of the domain's.
pub(crate) fn day(day: pgrx::datum::Date) -> Result<civil::Date, ErrorReport> {
    let out_of_range = || {
        error::new(
            PgSqlErrorCode::ERRCODE_DATETIME_FIELD_OVERFLOW,
            "date out of range for an invoice",
        )
        .set_detail("Years from -9999 to 9999 can be used, infinity cannot.")
        .set_hint("Give the day of issue, for example current_date.")
    };
    if !day.is_finite() {
        return Err(out_of_range());
    }
    Span::new()
        .try_days(day.to_unix_epoch_days())
        .and_then(|days| UNIX_EPOCH.checked_add(days))
        .map_err(|_| out_of_range())
}

/// A date of PostgreSQL's.
pub(crate) fn sql_date(day: civil::Date) -> Result<pgrx::datum::Date, ErrorReport> {
    let (month, day_of_month) = (day.month().unsigned_abs(), day.day().unsigned_abs());
    pgrx::datum::Date::new(i32::from(day.year()), month, day_of_month)
        .map_err(|cause| error::internal(format!("date {day} cannot be returned: {cause}")))
}

/// The supporting documents, given as three arrays of the same length.
pub(crate) fn attachments<'a, 'call>(
    names: &'a Array<'call, &'call str>,
    mimes: &'a Array<'call, &'call str>,
    contents: &'a Array<'call, &'call [u8]>,
) -> Result<Vec<Attachment<'a>>, ErrorReport> {
    if names.len() != mimes.len() || names.len() != contents.len() {
        return Err(error::new(
            PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE,
            "attachment arrays differ in length",
        )
        .set_detail(format!(
            "There are {} names, {} MIME codes and {} contents.",
            names.len(),
            mimes.len(),
            contents.len()
        ))
        .set_hint("Give one name, one MIME code and one content for each attachment."));
    }
    let mut attachments = Vec::with_capacity(names.len());
    let mut bytes = 0_usize;
    for (position, ((name, mime), content)) in names
        .iter()
        .zip(mimes.iter())
        .zip(contents.iter())
        .enumerate()
    {
        let (Some(name), Some(mime), Some(content)) = (name, mime, content) else {
            return Err(error::new(PgSqlErrorCode::ERRCODE_NULL_VALUE_NOT_ALLOWED, "attachment is NULL")
                .set_detail(format!("It is element {} of attachment_names, attachment_mimes or attachment_contents.", position + 1))
                .set_hint("Leave the attachment out of all three arrays, or give its name, MIME code and content."));
        };
        bytes = bytes.saturating_add(content.len());
        attachments.push(Attachment {
            name,
            mime,
            content,
        });
    }
    if bytes > MAX_ATTACHMENT_BYTES {
        return Err(error::too_large(
            "attachments",
            bytes,
            MAX_ATTACHMENT_BYTES,
            "Send the largest apart from the invoice.",
        ));
    }
    Ok(attachments)
}
