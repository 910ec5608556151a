use std::fmt;

/// A JSON path under construction: costs nothing until something is wrong.
#[derive(Clone, Copy)]
pub(super) enum Path<'p> {
    /// Where the invoice is.
    Root(&'p str),
    /// A property.
    Key(&'p Path<'p>, &'static str),
    /// A property whose name the document chose.
    Name(&'p Path<'p>, &'p str),
    /// An element of a list.
    Index(&'p Path<'p>, usize),
}

impl Path<'_> {
    pub(super) const fn key(&self, key: &'static str) -> Path<'_> {
        Path::Key(self, key)
    }

    pub(super) const fn name<'p>(&'p self, name: &'p str) -> Path<'p> {
        Path::Name(self, name)
    }

    pub(super) const fn index(&self, at: usize) -> Path<'_> {
        Path::Index(self, at)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(root) => f.write_str(root),
            Self::Key(parent, key) => write!(f, "{parent}.{key}"),
            Self::Name(parent, name) => write!(f, "{parent}.{name}"),
            Self::Index(parent, at) => write!(f, "{parent}[{at}]"),
        }
    }
}
