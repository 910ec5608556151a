use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::fill::Fill;
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
        self.items.push(item);
        self.last_is_for(place);
    }

    /// Notes that the last element stands for the one at `place` in the user's own document.
    fn last_is_for(&mut self, place: usize) {
        let before = self.items.len().saturating_sub(1);
        if place == before {
            return;
        }
        let Places(places) = &mut **self
            .places
            .get_or_insert_with(|| Box::new(Places(Vec::new())));
        places.extend(places.len()..before);
        places.push(place);
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

impl<'de, T: Default + Fill<'de>> Fill<'de> for List<T> {
    fn fill<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        *self = Self::default();
        deserializer.deserialize_any(Elements(self))
    }
}

/// Reads the elements into an empty list.
struct Elements<'l, T>(&'l mut List<T>);

impl<'de, T: Default + Fill<'de>> Visitor<'de> for Elements<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Self(list) = self;
        // As many as the source says, but no room for a million on its word alone.
        let room = seq.size_hint().unwrap_or_default().min(1_000);
        list.items = Vec::with_capacity(room);
        let mut place = 0;
        while let Some(is_there) = seq.next_element_seed(Element(&mut list.items))? {
            if is_there {
                list.last_is_for(place);
            }
            place += 1;
        }
        Ok(())
    }
}

/// Reads an element into a list, unless it is `null`; says whether it was there.
struct Element<'l, T>(&'l mut Vec<T>);

impl<'de, T: Default + Fill<'de>> DeserializeSeed<'de> for Element<'_, T> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Default + Fill<'de>> Visitor<'de> for Element<'_, T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("option")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_none<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        // Made in the list, where `push` would move it there.
        self.0.resize_with(self.0.len() + 1, T::default);
        match self.0.last_mut() {
            Some(element) => element.fill(deserializer).map(|()| true),
            None => Ok(false),
        }
    }
}
