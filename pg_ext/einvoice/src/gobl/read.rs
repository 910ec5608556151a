//! Reading a document: fast when it is right, and exact about the place when it is not.

mod legacy;
mod passed_over;
mod slow;

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::fill::Fill as _;
use super::limits;
use super::model::{Envelope, Invoice};
use super::scalar::Text;
use crate::input::{Refusal, Source};

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

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Invoice(invoice) => invoice.serialize(serializer),
            Self::Envelope(envelope) => envelope.serialize(serializer),
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
        _ => slow::read(source)?,
    };
    if let Document::Envelope(envelope) = &mut document {
        envelope.schema = ENVELOPE_SCHEMA.into();
    }
    let unknown = if source.skipped() {
        passed_over::properties(source, &document)
    } else {
        Vec::new()
    };
    let root = document.root();
    if let Some(invoice) = document.invoice_mut() {
        limits::check(invoice, root)?;
        invoice.schema = INVOICE_SCHEMA.into();
        legacy::modernise(invoice);
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
            let mut envelope = Box::<Envelope<'de>>::default();
            envelope.fill(deserializer)?;
            envelope.schema = schema.unwrap_or(envelope.schema);
            Document::Envelope(envelope)
        } else {
            let mut invoice = Box::<Invoice<'de>>::default();
            invoice.fill(deserializer)?;
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
