//! Functions to measure with, and to test reader and writer of JSONB with. Built by feature `bench` alone; no released script declares them.

use std::fmt;

use einvoice::gobl::Json;
use einvoice::input::Source as _;
use pgrx::datum::JsonB;
use pgrx::pg_extern;
use pgrx::pg_sys::panic::ErrorReport;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::error;
use crate::jsonb::{Document, Jsonb, RawJsonb};

/// Values in the document, read through `pgrx::JsonB`: what it would cost without a reader of our own.
#[pg_extern]
fn bench_pgrx_jsonb(doc: JsonB) -> i32 {
    fn count(value: &serde_json::Value) -> i32 {
        1 + match value {
            serde_json::Value::Array(elements) => elements.iter().map(count).sum(),
            serde_json::Value::Object(members) => members.values().map(count).sum(),
            _ => 0,
        }
    }
    count(&doc.0)
}

/// Values in the document, each visited by our reader.
#[pg_extern]
fn bench_read(doc: RawJsonb<'_>) -> Result<i32, ErrorReport> {
    read(doc, std::marker::PhantomData::<Count>).map(|Count(count)| count)
}

/// The document, written again from what our reader said. A lent string is a string; decimals come as owned text.
#[pg_extern]
fn bench_echo(doc: RawJsonb<'_>) -> Result<String, ErrorReport> {
    read(doc, std::marker::PhantomData::<Echo>).map(|Echo(json)| json)
}

/// The JSON, written by our writer; members that repeat a key and escaped characters come to it as they are.
#[pg_extern]
fn bench_write(json: &str) -> Result<Jsonb, ErrorReport> {
    let value: Json<'_> =
        serde_json::from_str(json).map_err(|cause| error::internal(cause.to_string()))?;
    Jsonb::of(&value)
}

/// Findings of crate `en16931-formats` on a CII file.
#[pg_extern]
fn bench_peer_receive(cii: &[u8]) -> i32 {
    let received = en16931_formats::receive(cii, &en16931_formats::Policy::default());
    i32::try_from(received.to_interchange().findings.len()).unwrap_or(i32::MAX)
}

/// Bytes that crate `en16931-formats` writes, so many times, of what it read from a CII file.
#[pg_extern]
fn bench_peer_write(cii: &[u8], times: i32) -> Result<i64, ErrorReport> {
    let invoice = en16931_formats::read(cii)
        .map_err(|cause| error::internal(cause.to_string()))?
        .invoice;
    let mut bytes = 0;
    for _ in 0..times {
        let written = en16931_formats::write_unchecked(&invoice, en16931_formats::Syntax::Cii)
            .map_err(|cause| error::internal(cause.to_string()))?;
        bytes += written.xml.len() as i64;
    }
    Ok(bytes)
}

fn read<T>(
    doc: RawJsonb<'_>,
    seed: impl for<'de> DeserializeSeed<'de, Value = T>,
) -> Result<T, ErrorReport> {
    let document = Document::open(doc)?;
    document
        .source()
        .read(seed)
        .map_err(|cause| match document.fault() {
            Some(fault) => error::unreadable(fault, "$"),
            None => error::internal(cause.to_string()),
        })
}

struct Count(i32);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CountVisitor)
    }
}

struct CountVisitor;

impl<'de> Visitor<'de> for CountVisitor {
    type Value = Count;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Count, E> {
        Ok(Count(1))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Count, E> {
        Ok(Count(1))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Count, E> {
        Ok(Count(1))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Count, E> {
        Ok(Count(1))
    }

    fn visit_i128<E>(self, _: i128) -> Result<Count, E> {
        Ok(Count(1))
    }

    fn visit_str<E>(self, _: &str) -> Result<Count, E> {
        Ok(Count(1))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Count, A::Error> {
        let mut count = 1;
        while let Some(Count(inner)) = seq.next_element()? {
            count += inner;
        }
        Ok(Count(count))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Count, A::Error> {
        let mut count = 1;
        while let Some((_, Count(inner))) = map.next_entry::<&str, Count>()? {
            count += inner;
        }
        Ok(Count(count))
    }
}

struct Echo(String);

impl<'de> Deserialize<'de> for Echo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EchoVisitor)
    }
}

struct EchoVisitor;

impl<'de> Visitor<'de> for EchoVisitor {
    type Value = Echo;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Echo, E> {
        Ok(Echo("null".to_owned()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Echo, E> {
        Ok(Echo(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Echo, E> {
        Ok(Echo(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Echo, E> {
        Ok(Echo(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Echo, E> {
        Ok(Echo(value.to_string()))
    }

    fn visit_str<E>(self, decimals: &str) -> Result<Echo, E> {
        Ok(Echo(decimals.to_owned()))
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Echo, E> {
        serde_json::to_string(text).map(Echo).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Echo, A::Error> {
        let mut elements = Vec::new();
        while let Some(Echo(element)) = seq.next_element()? {
            elements.push(element);
        }
        Ok(Echo(format!("[{}]", elements.join(","))))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Echo, A::Error> {
        let mut members = Vec::new();
        while let Some((key, Echo(value))) = map.next_entry::<&str, Echo>()? {
            let key = serde_json::to_string(key).map_err(serde::de::Error::custom)?;
            members.push(format!("{key}:{value}"));
        }
        Ok(Echo(format!("{{{}}}", members.join(","))))
    }
}
