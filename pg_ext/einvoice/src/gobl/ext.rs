use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::fill::Fill;
use super::scalar::{Absent, Key, Text};

/// The extensions (`ext`) or metadata (`meta`) of an object: texts by key, kept and written in key order.
///
/// ```
/// use einvoice::gobl::Ext;
/// let mut ext = Ext::default();
/// ext.set("untdid-document-type", "380");
/// assert_eq!(ext.get("untdid-document-type"), "380");
/// assert_eq!(ext.get("cef-vatex"), "");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ext<'a>(Vec<(Text<'a>, Text<'a>)>);

impl<'a> Ext<'a> {
    /// The value of `key`; empty when there is none.
    #[must_use]
    pub fn get(&self, key: &str) -> &str {
        let found = self.0.binary_search_by(|(k, _)| k.as_str().cmp(key));
        found
            .ok()
            .and_then(|at| self.0.get(at))
            .map_or("", |(_, value)| value.as_str())
    }

    /// Whether `key` has a value.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        !self.get(key).is_empty()
    }

    /// Gives `key` a value, in place of any other.
    pub fn set(&mut self, key: impl Into<Text<'a>>, value: impl Into<Text<'a>>) {
        let (key, value) = (key.into(), value.into());
        match self.0.binary_search_by(|(k, _)| k.cmp(&key)) {
            Ok(at) => {
                if let Some(entry) = self.0.get_mut(at) {
                    entry.1 = value;
                }
            }
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    /// Removes `key`.
    pub fn remove(&mut self, key: &str) {
        self.0.retain(|(k, _)| *k != key);
    }

    /// Keys and values in key order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Changes every value in place, then drops the empty ones.
    pub(crate) fn clean(&mut self, change: fn(&mut Text<'_>)) {
        for (_, value) in &mut self.0 {
            change(value);
        }
        self.0.retain(|(_, value)| !value.is_empty());
    }
}

impl Absent for Ext<'_> {
    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
}

/// Keys and values in any order; of two values of one key the later stays.
impl<'a> FromIterator<(Text<'a>, Text<'a>)> for Ext<'a> {
    fn from_iter<I: IntoIterator<Item = (Text<'a>, Text<'a>)>>(entries: I) -> Self {
        let mut entries = Vec::from_iter(entries);
        // Stable, so that of two values of one key the later comes second, and takes the place of the earlier.
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        entries.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        Self(entries)
    }
}

impl Serialize for Ext<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de: 'a, 'a> Fill<'de> for Ext<'a> {
    fn fill<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        *self = Self::default();
        deserializer.deserialize_any(ExtVisitor(self))
    }
}

struct ExtVisitor<'e, 'a>(&'e mut Ext<'a>);

impl<'de: 'a, 'a> Visitor<'de> for ExtVisitor<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of texts")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut entries: Vec<(Text<'a>, Text<'a>)> =
            Vec::with_capacity(map.size_hint().unwrap_or_default().min(100));
        while let Some(key) = map.next_key_seed(Key)? {
            entries.push((key, map.next_value()?));
        }
        *self.0 = entries.into_iter().collect();
        Ok(())
    }
}
