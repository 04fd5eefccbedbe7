//! Why a path finds nothing: what was there instead, and what it could have been.

use std::fmt;
use std::ops::Range;

mod evidence;

pub(super) use evidence::explain;

use crate::json::Kind;
use evidence::Found;

/// What a path names is not in a body that is otherwise sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    reason: Reason,
    segment: usize,
    /// The path up to the value that was looked into, and that value's part that was not.
    place: Box<str>,
    wanted: Box<str>,
    /// In a box because errors are handed up through many results.
    found: Box<Found>,
}

/// Why a path finds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// An object has no child of that name.
    NoSuchKey,
    /// An array has fewer elements.
    IndexOutOfRange,
    /// A child of something that is no object.
    NotAnObject,
    /// An element of something that is no array.
    NotAnArray,
    /// No element passes the tests.
    NoMatch,
}

impl Reason {
    /// Stable, for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoSuchKey => "no_such_key",
            Self::IndexOutOfRange => "index_out_of_range",
            Self::NotAnObject => "not_an_object",
            Self::NotAnArray => "not_an_array",
            Self::NoMatch => "no_match",
        }
    }
}

impl Missing {
    /// Stable, for programs: `no_such_key`, `index_out_of_range`, `not_an_object`,
    /// `not_an_array` or `no_match`.
    pub fn reason(&self) -> &'static str {
        self.reason.as_str()
    }

    pub fn kind(&self) -> Reason {
        self.reason
    }

    /// Which of the path's segments finds nothing, counted from 0.
    pub fn segment(&self) -> usize {
        self.segment
    }

    /// Where that segment stands in the path as it is printed, in characters.
    pub fn at(&self) -> Range<usize> {
        let start = self.place.chars().count();
        start..start + self.wanted.chars().count()
    }

    /// The names or values that are there, the nearest first, and no more than a few.
    pub fn instead(&self) -> impl Iterator<Item = &str> {
        self.found.instead.iter().map(AsRef::as_ref)
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            place,
            wanted,
            found,
            ..
        } = self;
        let part = match wanted.strip_prefix('^') {
            Some(name) => format!("`{name}`"),
            None => wanted.to_string(),
        };
        match self.reason {
            Reason::NoSuchKey if found.size == 0 => {
                write!(f, "`{place}` has no {part}; it is an empty object.")
            }
            Reason::NoSuchKey => {
                write!(f, "`{place}` has no {part}; there is ")?;
                write_names(f, found)
            }
            Reason::IndexOutOfRange => {
                write!(f, "`{place}` has no {wanted}; it ")?;
                match found.size {
                    0 => f.write_str("is an empty array."),
                    1 => f.write_str("has 1 element."),
                    size => write!(f, "has {size} elements."),
                }
            }
            Reason::NotAnObject if found.kind == Kind::Array => {
                write!(
                    f,
                    "`{place}` is an array, so it has no {part}; say which element, as in \
                     `{place}[0]{wanted}`."
                )
            }
            Reason::NotAnObject | Reason::NotAnArray if found.kind != Kind::Object => {
                write!(f, "`{place}` is ")?;
                match found.kind {
                    Kind::Boolean | Kind::Null => f.write_str(&found.value)?,
                    kind => write!(f, "{kind} ({})", found.value)?,
                }
                write!(f, ", so it has no {part}.")
            }
            Reason::NotAnObject | Reason::NotAnArray => {
                write!(
                    f,
                    "`{place}` is an object, so it has no {wanted}; there is "
                )?;
                write_names(f, found)
            }
            Reason::NoMatch if found.size == 0 => {
                write!(
                    f,
                    "`{place}` is an empty array, so nothing in it passes {wanted}."
                )
            }
            Reason::NoMatch => {
                write!(f, "Nothing in `{place}` passes {wanted}")?;
                if let Some(absent) = &found.absent {
                    write!(f, ": no element has `{absent}`")?;
                    if found.instead.is_empty() {
                        return f.write_str(".");
                    }
                    f.write_str("; there is ")?;
                    return write_names(f, found);
                }
                if let Some(property) = &found.property {
                    write!(f, "; `{property}` is {}", found.instead.join(", "))?;
                    if found.of > found.instead.len() {
                        f.write_str(" and so on")?;
                    }
                }
                f.write_str(".")
            }
        }
    }
}

fn write_names(f: &mut fmt::Formatter<'_>, found: &Found) -> fmt::Result {
    if found.instead.is_empty() {
        return f.write_str("nothing in it.");
    }
    for (index, name) in found.instead.iter().enumerate() {
        write!(f, "{}`{name}`", if index > 0 { ", " } else { "" })?;
    }
    match found.of.saturating_sub(found.instead.len()) {
        0 => f.write_str("."),
        more => write!(f, " and {more} more."),
    }
}

impl std::error::Error for Missing {}
