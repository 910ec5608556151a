use std::fmt;
use std::fmt::Write as _;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor,
};

use super::{Document, ENVELOPE_SCHEMA, INVOICE_SCHEMA, is_what_it_says};
use crate::gobl::model::Envelope;
use crate::gobl::scalar::Text;
use crate::input::{Refusal, RefusalKind, Source};

/// The slow reading, after the fast one failed: finds out what the document claims to be, and where it breaks that.
pub(super) fn read<'de, S: Source<'de>>(source: S) -> Result<Document<'de>, Refusal> {
    let outline = source
        .read(Outline::default())
        .map_err(|error| not_gobl("$", format!("not a JSON object: {error}")))?;
    match outline.schema.as_str() {
        ENVELOPE_SCHEMA => {
            let envelope = typed::<Box<Envelope<'de>>, S>(source)?;
            let doc_schema = envelope.doc.as_deref().map(|doc| doc.schema.as_str());
            match doc_schema {
                None => Err(not_gobl("$.doc", "the envelope has no doc".to_owned())),
                Some(INVOICE_SCHEMA) => Ok(Document::Envelope(envelope)),
                Some("") if is_what_it_says(&Document::Envelope(envelope.clone())) => {
                    Ok(Document::Envelope(envelope))
                }
                Some("") => Err(not_gobl(
                    "$.doc",
                    "the doc of the envelope has no $schema".to_owned(),
                )),
                Some(other) => Err(not_gobl(
                    "$.doc",
                    format!("the doc of the envelope is a \"{other}\", not an invoice"),
                )),
            }
        }
        INVOICE_SCHEMA => typed(source).map(Document::Invoice),
        "" if outline.invoice_like => typed(source).map(Document::Invoice),
        "" => Err(not_gobl(
            "$",
            "the document has no $schema, and neither supplier nor lines".to_owned(),
        )),
        other => Err(not_gobl(
            "$",
            format!("the document is a \"{other}\", not an invoice"),
        )),
    }
}

fn not_gobl(path: &str, message: String) -> Refusal {
    Refusal {
        kind: RefusalKind::NotGobl,
        path: path.to_owned(),
        message,
        hint: format!(
            "Give a GOBL invoice with \"$schema\": \"{INVOICE_SCHEMA}\", or an envelope with \"$schema\": \"{ENVELOPE_SCHEMA}\" around one."
        ),
    }
}

/// What a document claims to be.
#[derive(Default)]
struct Outline {
    schema: String,
    invoice_like: bool,
}

impl<'de> DeserializeSeed<'de> for Outline {
    type Value = Self;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Outline {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some(key) = map.next_key::<Text<'de>>()? {
            match key.as_str() {
                "$schema" => {
                    self.schema = map.next_value::<Text<'de>>()?.as_str().to_owned();
                    continue;
                }
                "supplier" | "lines" => self.invoice_like = true,
                _ => {}
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(self)
    }
}

/// A reading that knows the path of everything it meets.
fn typed<'de, T: Deserialize<'de>, S: Source<'de>>(source: S) -> Result<T, Refusal> {
    let mut path = None;
    source.read(Tracked { path: &mut path, of: PhantomData::<T> }).map_err(|error| Refusal {
        kind: RefusalKind::WrongType,
        message: format!("{}: {error}", path.as_deref().unwrap_or("$")),
        path: path.unwrap_or_else(|| "$".to_owned()),
        hint: "Correct the value at this path. GOBL writes amounts, percentages and dates as text in quotes.".to_owned(),
    })
}

struct Tracked<'p, T> {
    path: &'p mut Option<String>,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Tracked<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        serde_path_to_error::deserialize(deserializer).map_err(|error| {
            *self.path = Some(json_path(error.path()));
            D::Error::custom(error.into_inner())
        })
    }
}

fn json_path(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold("$".to_owned(), |mut out, segment| {
        // Writing to a String cannot fail.
        let _ = match segment {
            Segment::Seq { index } => write!(out, "[{index}]"),
            Segment::Map { key } => write!(out, ".{key}"),
            Segment::Enum { variant } => write!(out, ".{variant}"),
            Segment::Unknown => Ok(()),
        };
        out
    })
}
