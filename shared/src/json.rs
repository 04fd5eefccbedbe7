//! JSON as text: checked, cut into slices, decoded and compared, and never turned
//! into a tree. A value stays exactly as it was sent, so numbers keep their digits
//! and strings their escapes.
//!
//! Everything here walks the bytes once and keeps its own small stack, so neither
//! size nor nesting of an input can overflow anything.

mod duplicate;
mod elements;
mod invalid;
mod number;
mod run;
mod scalars;
pub(crate) mod scan;
mod text;

use std::fmt;

pub use duplicate::{Duplicate, duplicate_keys};
pub(crate) use elements::elements;
pub(crate) use invalid::Fault;
pub use invalid::{Appearance, Expected, InvalidJson};
pub use number::{compare_numbers, is_number};
pub(crate) use scalars::each_scalar;
pub use text::{decode, quote, text};

/// How much of an input is put up with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    depth: usize,
}

impl Limits {
    /// The deepest nesting that can be asked for.
    pub const MAX_DEPTH: usize = 1024;

    /// Objects and arrays may stand in each other `depth` deep; more than
    /// [`Self::MAX_DEPTH`] counts as that.
    #[must_use]
    pub fn with_depth(depth: usize) -> Self {
        Self {
            depth: depth.min(Self::MAX_DEPTH),
        }
    }

    pub fn depth(self) -> usize {
        self.depth
    }
}

impl Default for Limits {
    /// 128 deep, as most parsers have it.
    fn default() -> Self {
        Self { depth: 128 }
    }
}

/// What sort of value a JSON text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
}

impl Kind {
    /// The kind of a JSON text, told by its first character; `None` where no value
    /// begins so.
    pub fn of(raw: &str) -> Option<Self> {
        let first = raw.bytes().find(|byte| !scan::is_white_space(*byte))?;
        Self::of_first_byte(first)
    }

    pub(crate) fn of_first_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            b'{' => Self::Object,
            b'[' => Self::Array,
            b'"' => Self::String,
            b'-' | b'0'..=b'9' => Self::Number,
            b't' | b'f' => Self::Boolean,
            b'n' => Self::Null,
            _ => return None,
        })
    }
}

impl fmt::Display for Kind {
    /// With its article: "an object", "a string", "null".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Object => "an object",
            Self::Array => "an array",
            Self::String => "a string",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Null => "null",
        })
    }
}

/// Checks that all of `body` is one JSON value (RFC 8259, UTF-8, one byte order mark
/// skipped), and returns its text without the white space around it.
pub fn validate(body: &[u8], limits: Limits) -> Result<&str, InvalidJson> {
    scan::with_scanner(body, limits, |scanner| {
        let start = scanner.position();
        scanner.skip_value(0)?;
        Ok(scanner.slice(start, scanner.position()))
    })
}
