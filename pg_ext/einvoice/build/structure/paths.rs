//! Paths of the tables: which elements rules are about, and what in them.

use super::{Result, Vocabulary};

/// `/A/B`, `//A/B` or `//*ID except URIID`.
pub struct Pattern {
    /// From the document on, not from anywhere.
    pub absolute: bool,
    pub steps: Vec<Step>,
}

/// A part of a pattern.
pub enum Step {
    /// The element of that number.
    Name(usize),
    /// Any element whose name ends so, but one.
    Ending { end: String, except: Option<usize> },
}

impl Step {
    pub fn fits(&self, name: usize, vocabulary: &Vocabulary) -> bool {
        match self {
            Self::Name(own) => *own == name,
            Self::Ending { end, except } => {
                Some(name) != *except && vocabulary.name(name).ends_with(end.as_str())
            }
        }
    }
}

impl Pattern {
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<Self> {
        let (path, except) = match text.split_once(" except ") {
            Some((path, name)) => (path, Some(vocabulary.number(name)?)),
            None => (text, None),
        };
        let (absolute, path) = match path.strip_prefix("//") {
            Some(path) => (false, path),
            None => (
                true,
                path.strip_prefix('/').ok_or("a path without a slash")?,
            ),
        };
        let step = |step: &str| {
            Ok(match step.strip_prefix('*') {
                Some(end) => Step::Ending {
                    end: end.to_owned(),
                    except,
                },
                None => Step::Name(vocabulary.number(step)?),
            })
        };
        Ok(Self {
            absolute,
            steps: path.split('/').map(step).collect::<Result<_>>()?,
        })
    }
}

/// What a rule looks for: `A/B`, `A/@x`, `@x`, or `//A/B` for all over the file.
pub struct Target {
    pub anywhere: bool,
    pub steps: Vec<usize>,
    pub attribute: Option<String>,
}

impl Target {
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<Self> {
        let anywhere = text.starts_with("//");
        let mut target = Self {
            anywhere,
            steps: Vec::new(),
            attribute: None,
        };
        for step in text.trim_start_matches('/').split('/') {
            match step.strip_prefix('@') {
                Some(attribute) => target.attribute = Some(attribute.to_owned()),
                None => target.steps.push(vocabulary.number(step)?),
            }
        }
        Ok(target)
    }
}
