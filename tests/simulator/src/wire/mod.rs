//! The messages of PISTE and Chorus Pro, field by field. Requests refuse unknown fields: a misspelt filter must
//! not pass for a working one.

pub(crate) mod actions;
pub(crate) mod engagements;
pub(crate) mod factures;
pub(crate) mod historique;
pub(crate) mod piste;
pub(crate) mod recherche;
#[cfg(test)]
mod samples;
pub(crate) mod structures;
pub(crate) mod transverses;
pub(crate) mod utilisateurs;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// `libelle` of a success in factures and in uploads.
pub(crate) const DONE: &str = "GCU_MSG_01_000";
/// `libelle` of a success in transverses and structures.
pub(crate) const DONE_TRANSVERSE: &str = "TRA_MSG_00.000";

/// The two fields every answer has; alone they tell a functional error.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Retour {
    /// 0 when done.
    pub(crate) code_retour: i32,
    pub(crate) libelle: String,
}

/// A JSON number kept as its decimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Amount(pub(crate) Decimal);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits =
            RawValue::from_string(self.0.to_string()).map_err(serde::ser::Error::custom)?;
        digits.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Decimal::from_str_exact(raw.get())
            .map(Self)
            .map_err(|_| D::Error::custom("expected a decimal number"))
    }
}

/// A day in a request: `YYYY-MM-DD`, or the date part of a date and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(pub(crate) Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (day, rest) = text.split_at_checked(10).unwrap_or((&text, ""));
        let time_follows = rest.is_empty() || rest.starts_with('T') || rest.starts_with(' ');
        let date = Date::strptime("%Y-%m-%d", day)
            .ok()
            .filter(|_| time_follows);
        date.map(Self)
            .ok_or_else(|| D::Error::custom(format!("expected a date YYYY-MM-DD, got {text:?}")))
    }
}

/// Direction of a sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum TriSens {
    Ascendant,
    Descendant,
}

/// A page asked for. Chorus Pro's default is the first page of 10.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    pub(crate) number: u64,
    pub(crate) size: u64,
    /// `nbResultatsMaximum`: rows beyond are not counted either.
    pub(crate) at_most: Option<u64>,
}

impl Page {
    /// Page size when the request names none.
    pub(crate) const DEFAULT_SIZE: u64 = 10;

    pub(crate) fn new(number: Option<u64>, size: Option<u64>, at_most: Option<u64>) -> Self {
        Self {
            number: number.unwrap_or(1).max(1),
            size: size.unwrap_or(Self::DEFAULT_SIZE).max(1),
            at_most,
        }
    }

    /// The rows of this page, and the numbers that describe it.
    pub(crate) fn cut<T>(self, mut rows: Vec<T>) -> (Vec<T>, ParametresRetour) {
        if let Some(limit) = self.at_most {
            rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        }
        let total = rows.len() as u64;
        let first =
            usize::try_from((self.number - 1).saturating_mul(self.size)).unwrap_or(usize::MAX);
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let described = ParametresRetour {
            page_courante: self.number,
            pages: total.div_ceil(self.size),
            nb_resultats_par_page: self.size,
            total,
        };
        (rows.into_iter().skip(first).take(size).collect(), described)
    }
}

/// `parametresRetour` of searches.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ParametresRetour {
    pub(crate) page_courante: u64,
    pub(crate) pages: u64,
    pub(crate) nb_resultats_par_page: u64,
    pub(crate) total: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_their_digits() {
        let amount: Amount = serde_json::from_str("1944.10").unwrap();
        assert_eq!(serde_json::to_string(&amount).unwrap(), "1944.10");
        assert!(serde_json::from_str::<Amount>("\"12\"").is_err());
    }

    #[test]
    fn days_are_read_with_or_without_a_time() {
        let plain: Day = serde_json::from_str("\"2026-09-14\"").unwrap();
        let timed: Day = serde_json::from_str("\"2026-09-14T10:00:00.000+02:00\"").unwrap();
        assert_eq!(plain, timed);
        for wrong in [
            "\"14/09/2026\"",
            "\"2026-13-01\"",
            "\"2026-09-141\"",
            "20260914",
        ] {
            assert!(serde_json::from_str::<Day>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn pages_cut_and_count() {
        let rows: Vec<u32> = (0..25).collect();
        let (first, described) = Page::new(None, None, None).cut(rows.clone());
        assert_eq!((first.len(), described.pages, described.total), (10, 3, 25));
        let (third, _) = Page::new(Some(3), None, None).cut(rows.clone());
        assert_eq!(third, [20, 21, 22, 23, 24]);
        let (beyond, _) = Page::new(Some(u64::MAX), Some(u64::MAX), None).cut(rows.clone());
        assert!(beyond.is_empty());
        let (_, limited) = Page::new(None, None, Some(7)).cut(rows);
        assert_eq!((limited.pages, limited.total), (1, 7));
    }
}
