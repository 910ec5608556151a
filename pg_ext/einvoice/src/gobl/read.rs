//! Reading a document: fast when it is right, and exact about the place when it is not.

use std::fmt;
use std::fmt::Write as _;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor,
};

use super::limits;
use super::model::{Envelope, Invoice};
use super::scalar::Text;
use crate::input::{Refusal, RefusalKind, Source};

/// `$schema` of an invoice.
pub const INVOICE_SCHEMA: &str = "https://gobl.org/draft-0/bill/invoice";
/// `$schema` of an envelope.
pub const ENVELOPE_SCHEMA: &str = "https://gobl.org/draft-0/envelope";

/// What a document is.
#[derive(Debug, Clone, PartialEq)]
pub enum Document<'a> {
    /// A bare invoice.
    Invoice(Box<Invoice<'a>>),
    /// An invoice in an envelope, which always has a `doc`.
    Envelope(Box<Envelope<'a>>),
}

impl<'a> Document<'a> {
    /// The invoice, bare or in its envelope.
    #[must_use]
    pub fn invoice(&self) -> Option<&Invoice<'a>> {
        match self {
            Self::Invoice(invoice) => Some(invoice),
            Self::Envelope(envelope) => envelope.doc.as_deref(),
        }
    }

    /// The invoice, to be changed.
    #[must_use]
    pub fn invoice_mut(&mut self) -> Option<&mut Invoice<'a>> {
        match self {
            Self::Invoice(invoice) => Some(invoice),
            Self::Envelope(envelope) => envelope.doc.as_deref_mut(),
        }
    }

    /// The invoice taken out of its envelope.
    #[must_use]
    pub fn into_invoice(self) -> Option<Invoice<'a>> {
        match self {
            Self::Invoice(invoice) => Some(*invoice),
            Self::Envelope(envelope) => envelope.doc.map(|doc| *doc),
        }
    }

    /// JSON path of the invoice: `$`, or `$.doc` in an envelope.
    #[must_use]
    pub const fn root(&self) -> &'static str {
        match self {
            Self::Invoice(_) => "$",
            Self::Envelope(_) => "$.doc",
        }
    }
}

/// A document and what was passed over in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Read<'a> {
    /// The document.
    pub document: Document<'a>,
    /// JSON paths of the properties that the model does not know, at most [`limits::UNKNOWN`] of them.
    pub unknown: Vec<String>,
}

/// Reads a bare invoice or an envelope, told apart by `$schema`.
///
/// An object without `$schema` is taken as an invoice when it has a supplier or lines.
///
/// ```
/// let read = einvoice::gobl::read(r#"{"$schema": "https://gobl.org/draft-0/bill/invoice", "cod": "1"}"#).unwrap();
/// assert_eq!(read.unknown, ["$.cod"]);
/// ```
///
/// # Errors
/// Neither of the two, a value of the wrong type (with its path), or more of something than [`limits`] allows.
pub fn read<'de, S: Source<'de>>(source: S) -> Result<Read<'de>, Refusal> {
    let mut document = match source.read(Root) {
        Ok(document) if is_what_it_says(&document) => document,
        _ => read_slowly(source)?,
    };
    if let Document::Envelope(envelope) = &mut document {
        envelope.schema = ENVELOPE_SCHEMA.into();
    }
    let unknown = if source.skipped() {
        unknown(source, &document)
    } else {
        Vec::new()
    };
    let root = document.root();
    if let Some(invoice) = document.invoice_mut() {
        limits::check(invoice, root)?;
        invoice.schema = INVOICE_SCHEMA.into();
        modernise(invoice);
    }
    Ok(Read { document, unknown })
}

fn is_what_it_says(document: &Document<'_>) -> bool {
    let is_invoice = |invoice: &Invoice<'_>| {
        invoice.schema == INVOICE_SCHEMA
            || invoice.schema.is_empty()
                && (invoice.supplier.is_some() || !invoice.lines.is_empty())
    };
    match document {
        Document::Invoice(invoice) => is_invoice(invoice),
        Document::Envelope(envelope) => {
            envelope.schema == ENVELOPE_SCHEMA && envelope.doc.as_deref().is_some_and(is_invoice)
        }
    }
}

/// The fast reading: one pass, the shape guessed from the first property that tells.
struct Root;

impl<'de> DeserializeSeed<'de> for Root {
    type Value = Document<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Document<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Root {
    type Value = Document<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GOBL invoice or envelope")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document<'de>, A::Error> {
        let first = map.next_key::<Text<'de>>()?;
        let mut is_envelope = first
            .as_ref()
            .is_some_and(|key| matches!(key.as_str(), "head" | "doc" | "sigs"));
        let mut schema = None;
        if first.as_ref().is_some_and(|key| *key == "$schema") {
            let value = map.next_value::<Text<'de>>()?;
            is_envelope = value == ENVELOPE_SCHEMA;
            schema = Some(value);
        }
        let rest = Rest {
            first: first.filter(|_| schema.is_none()),
            map,
        };
        let deserializer = MapAccessDeserializer::new(rest);
        Ok(if is_envelope {
            let mut envelope = Box::<Envelope<'de>>::deserialize(deserializer)?;
            envelope.schema = schema.unwrap_or(envelope.schema);
            Document::Envelope(envelope)
        } else {
            let mut invoice = Box::<Invoice<'de>>::deserialize(deserializer)?;
            invoice.schema = schema.unwrap_or(invoice.schema);
            Document::Invoice(invoice)
        })
    }
}

/// A map whose first key was taken out already.
struct Rest<'de, A> {
    first: Option<Text<'de>>,
    map: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Rest<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(key) => seed
                .deserialize(serde::de::value::CowStrDeserializer::new(key.into_cow()))
                .map(Some),
            None => self.map.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// The slow reading, after the fast one failed: finds out what the document claims to be, and where it breaks that.
fn read_slowly<'de, S: Source<'de>>(source: S) -> Result<Document<'de>, Refusal> {
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

/// Reads the document once more, noting what is passed over.
fn unknown<'de, S: Source<'de>>(source: S, document: &Document<'de>) -> Vec<String> {
    let mut paths = Vec::new();
    let again = match document {
        Document::Invoice(_) => source
            .read(Noted {
                paths: &mut paths,
                of: PhantomData::<Box<Invoice<'de>>>,
            })
            .map(drop),
        Document::Envelope(_) => source
            .read(Noted {
                paths: &mut paths,
                of: PhantomData::<Box<Envelope<'de>>>,
            })
            .map(drop),
    };
    // It was read before: it can be read again, and what was noted until a failure is still true.
    drop(again);
    paths
}

struct Noted<'p, T> {
    paths: &'p mut Vec<String>,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Noted<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        serde_ignored::deserialize(deserializer, |path| {
            if self.paths.len() < limits::UNKNOWN {
                let mut out = "$".to_owned();
                ignored_path(&path, &mut out);
                self.paths.push(out);
            }
        })
    }
}

fn ignored_path(path: &serde_ignored::Path<'_>, out: &mut String) {
    use serde_ignored::Path;
    match path {
        Path::Root => {}
        Path::Seq { parent, index } => {
            ignored_path(parent, out);
            let _ = write!(out, "[{index}]");
        }
        Path::Map { parent, key } => {
            ignored_path(parent, out);
            let _ = write!(out, ".{key}");
        }
        Path::Some { parent }
        | Path::NewtypeStruct { parent }
        | Path::NewtypeVariant { parent } => {
            ignored_path(parent, out);
        }
    }
}

/// Moves what older documents keep elsewhere to where it belongs today.
fn modernise(invoice: &mut Invoice<'_>) {
    if let Some(tax) = &mut invoice.tax {
        for tag in std::mem::take(&mut tax.tags) {
            if !invoice.tags.contains(&tag) {
                invoice.tags.push(tag);
            }
        }
    }
    let of_lines = invoice.lines.iter_mut().map(|line| &mut line.taxes);
    let of_discounts = invoice
        .discounts
        .iter_mut()
        .map(|discount| &mut discount.taxes);
    let of_charges = invoice.charges.iter_mut().map(|charge| &mut charge.taxes);
    for combo in of_lines.chain(of_discounts).chain(of_charges).flatten() {
        let rate = std::mem::take(&mut combo.tags).into_iter().next();
        if let (Some(rate), true) = (rate, combo.rate.is_empty()) {
            combo.rate = rate;
        }
    }
}
