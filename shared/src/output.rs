//! The language of output variables: a path such as `response^choices[0]^text!` names
//! a part of a JSON body, and comes back as that part's text exactly as it was sent.
//!
//! ```
//! use shared::output::OutputPath;
//!
//! let path = OutputPath::parse("response[id=123]^name!")?;
//! let body = br#"[{"id": 7, "name": "Ann"}, {"id": 123, "name": "Bo"}]"#;
//! assert_eq!(path.extract(body)?, "Bo");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A path is parsed once ([`OutputPath`]), may be looked up together with others
//! ([`Paths`]), and can be made from a place in a body ([`path_at`]). What stands
//! beside a body, such as its status, is a [`Source`] of another kind.

mod display;
mod locate;
mod missing;
mod parse;
mod path_error;
mod paths;
mod segment;
mod source;
mod suggest;
mod walk;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

pub use locate::path_at;
pub use missing::{Missing, Reason};
pub use path_error::{PathError, PathErrorKind};
pub use paths::Paths;
pub use segment::{Operand, Operator, Segment, Test};
pub use source::{Part, Source};

use crate::json::{InvalidJson, Limits};

/// A path into a JSON value, parsed.
///
/// Two paths are equal when they mean the same by their grammar; printed and parsed
/// again, a path is itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OutputPath {
    root: Box<str>,
    segments: Box<[Segment]>,
    bare: bool,
}

impl OutputPath {
    /// Reads a path whose root is `response`.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        Self::parse_from("response", text)
    }

    /// Reads a path whose root is called `root`: `request`, `ticket`, or a variable,
    /// whose name may hold spaces. The grammar is the same.
    pub fn parse_from(root: &str, text: &str) -> Result<Self, PathError> {
        parse::parse(root, text)
    }

    /// What the path begins with, such as `response`.
    pub fn root(&self) -> &str {
        &self.root
    }

    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Whether it ends with `!`, which takes the quotes off a string.
    pub fn is_bare(&self) -> bool {
        self.bare
    }

    /// The same path with or without `!`.
    #[must_use]
    pub fn with_bare(self, bare: bool) -> Self {
        Self { bare, ..self }
    }

    /// Whether it leads deeper than any body of the usual limits goes.
    pub(crate) fn is_bottomless(&self) -> bool {
        self.segments.len() > Limits::default().depth()
    }

    /// Whether a `[*]` in it makes an array of what it finds.
    pub fn collects(&self) -> bool {
        self.segments
            .iter()
            .any(|segment| matches!(segment, Segment::Each(_)))
    }

    /// Finds the path's value in a body: a slice of it, or an array made of slices
    /// where the path [collects](Self::collects). All of the body is checked, also
    /// what follows the value.
    pub fn extract<'a>(&self, body: &'a [u8]) -> Result<Cow<'a, str>, ExtractError> {
        self.extract_within(body, Limits::default())
    }

    /// [`Self::extract`] with limits of one's own.
    pub fn extract_within<'a>(
        &self,
        body: &'a [u8],
        limits: Limits,
    ) -> Result<Cow<'a, str>, ExtractError> {
        walk::extract_one(self, body, limits)
    }
}

impl FromStr for OutputPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl serde::Serialize for OutputPath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for OutputPath {
    /// Reads a path with any root: the name up to the first segment.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        parse::parse_any(&text).map_err(serde::de::Error::custom)
    }
}

/// Why a path has no value in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExtractError {
    /// The body is JSON, but what the path names is not there.
    Missing(Missing),
    /// The body is no JSON.
    InvalidJson(InvalidJson),
}

impl ExtractError {
    /// Stable, for programs: the reason, or `invalid_json`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing(missing) => missing.reason(),
            Self::InvalidJson(invalid) => invalid.code(),
        }
    }
}

impl fmt::Display for ExtractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(missing) => missing.fmt(f),
            Self::InvalidJson(invalid) => invalid.fmt(f),
        }
    }
}

impl std::error::Error for ExtractError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Missing(missing) => Some(missing),
            Self::InvalidJson(invalid) => Some(invalid),
        }
    }
}

impl From<Missing> for ExtractError {
    fn from(missing: Missing) -> Self {
        Self::Missing(missing)
    }
}

impl From<InvalidJson> for ExtractError {
    fn from(invalid: InvalidJson) -> Self {
        Self::InvalidJson(invalid)
    }
}
