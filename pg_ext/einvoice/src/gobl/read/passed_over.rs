use std::fmt::Write as _;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer};

use super::Document;
use crate::gobl::limits;
use crate::gobl::model::{Envelope, Invoice};
use crate::input::Source;

/// Reads the document once more, noting what is passed over.
pub(super) fn properties<'de, S: Source<'de>>(source: S, document: &Document<'de>) -> Vec<String> {
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
