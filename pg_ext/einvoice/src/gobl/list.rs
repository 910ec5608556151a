use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::scalar::Absent;

/// A list of the document. `null` is the empty list, and `null` elements are dropped, as in the reference.
///
/// Where elements were dropped, the list knows the places that the others had in the user's own document.
#[derive(Debug, Clone)]
pub struct List<T> {
    items: Vec<T>,
    places: Option<Box<Places>>,
}

/// For each element, its place before any was dropped. A type of its own, since few lists have it and a box is small.
#[derive(Debug, Clone)]
struct Places(Vec<usize>);

impl<T> List<T> {
    /// Where the element at `at` stood in the user's own document.
    ///
    /// ```
    /// let text = r#"{"$schema": "https://gobl.org/draft-0/bill/invoice", "lines": [null, {"quantity": "1"}]}"#;
    /// let invoice = einvoice::gobl::read(text).unwrap().document.into_invoice().unwrap();
    /// assert_eq!((invoice.lines.len(), invoice.lines.place(0)), (1, 1));
    /// ```
    #[must_use]
    pub fn place(&self, at: usize) -> usize {
        self.places
            .as_ref()
            .and_then(|places| places.0.get(at))
            .copied()
            .unwrap_or(at)
    }

    /// Drops the elements that `keep` refuses.
    pub(crate) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        if self.items.iter().all(&keep) {
            return;
        }
        let kept = self.items.iter().enumerate().filter(|(_, item)| keep(item));
        let places = kept.map(|(at, _)| self.place(at)).collect();
        self.places = Some(Box::new(Places(places)));
        self.items.retain(keep);
    }

    /// Adds an element that stands for the one at `place` in the user's own document.
    pub(crate) fn push_for(&mut self, item: T, place: usize) {
        let Places(places) = &mut **self
            .places
            .get_or_insert_with(|| Box::new(Places(Vec::new())));
        places.extend(places.len()..self.items.len());
        places.push(place);
        self.items.push(item);
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<T: PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl<T: Eq> Eq for List<T> {}

impl<T> Deref for List<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.items
    }
}

impl<T> DerefMut for List<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.items
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self {
            items,
            places: None,
        }
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::from(Vec::from_iter(items))
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'l, T> IntoIterator for &'l List<T> {
    type Item = &'l T;
    type IntoIter = std::slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<'l, T> IntoIterator for &'l mut List<T> {
    type Item = &'l mut T;
    type IntoIter = std::slice::IterMut<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter_mut()
    }
}

impl<T> Absent for List<T> {
    fn is_absent(&self) -> bool {
        self.items.is_empty()
    }
}

impl<T: Serialize> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.items.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<List<T>, E> {
        Ok(List::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<List<T>, A::Error> {
        // As many as the source says, but no room for a million on its word alone.
        let room = seq.size_hint().unwrap_or_default().min(1_000);
        let mut list = List::from(Vec::with_capacity(room));
        let mut at = 0;
        while let Some(item) = seq.next_element::<Option<T>>()? {
            match item {
                Some(item) if at == list.items.len() => list.items.push(item),
                Some(item) => list.push_for(item, at),
                None => {}
            }
            at += 1;
        }
        Ok(list)
    }
}
