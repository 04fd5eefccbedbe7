//! Why a body is no JSON: where, what was expected there, and what it looks like.

use std::fmt;

mod appearance;

pub use appearance::Appearance;
use appearance::appearance;

/// What stands wrong, as the scanner knows it; [`InvalidJson`] is made from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    /// In bytes from the beginning of the body.
    pub(crate) at: usize,
    pub(crate) expected: Expected,
}

/// What JSON wants at the place where a body goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// `{"a":}`, `[,]`, nothing at all
    Value,
    /// `[}`
    ValueOrBracket,
    /// `{"a":1,}`
    Key,
    /// `{1}`
    KeyOrBrace,
    /// `{"a" 1}`
    Colon,
    /// `{"a":1 "b":2}`
    CommaOrBrace,
    /// `[1 2]`
    CommaOrBracket,
    /// `{} x`
    End,
    /// `tru`
    True,
    /// `fals`
    False,
    /// `nul`
    Null,
    /// `1.`, `-`, `1e`
    Digit,
    /// `01`
    NoLeadingZero,
    /// `"\u12"`
    HexDigit,
    /// `"\x"`
    Escape,
    /// `"a`
    ClosingQuote,
    /// A line feed inside a string.
    NoControlCharacter,
    /// More objects and arrays in each other than the limit.
    LessNesting { limit: usize },
    /// Bytes that are no UTF-8.
    Utf8,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Value => "a value",
            Self::ValueOrBracket => "a value or `]`",
            Self::Key => "a name in double quotes",
            Self::KeyOrBrace => "a name in double quotes or `}`",
            Self::Colon => "`:`",
            Self::CommaOrBrace => "`,` or `}`",
            Self::CommaOrBracket => "`,` or `]`",
            Self::End => "nothing more",
            Self::True => "`true`",
            Self::False => "`false`",
            Self::Null => "`null`",
            Self::Digit => "a digit",
            Self::NoLeadingZero => "a number without a leading zero",
            Self::HexDigit => "four hexadecimal digits after `\\u`",
            Self::Escape => "one of `\" \\ / b f n r t u` after the backslash",
            Self::ClosingQuote => "a closing `\"`",
            Self::NoControlCharacter => "an escape such as `\\n` for a control character",
            Self::LessNesting { limit } => {
                return write!(f, "objects and arrays at most {limit} deep");
            }
            Self::Utf8 => "text in UTF-8",
        })
    }
}

/// A body that is no JSON. Nothing is taken from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidJson {
    offset: usize,
    line: usize,
    column: usize,
    expected: Expected,
    found: Option<char>,
    appearance: Option<Appearance>,
}

impl InvalidJson {
    pub(crate) fn new(body: &[u8], fault: Fault) -> Self {
        let offset = fault.at.min(body.len());
        let (before, after) = body.split_at(offset);
        let line_start = before
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        let in_line = String::from_utf8_lossy(before.get(line_start..).unwrap_or_default());
        let column = in_line.trim_start_matches('\u{feff}').chars().count() + 1;
        Self {
            offset,
            line: before.split(|&byte| byte == b'\n').count(),
            column,
            expected: fault.expected,
            found: first_character(after),
            appearance: appearance(body, offset, fault.expected),
        }
    }

    /// Bytes from the beginning of the body to where it goes wrong.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The line of that place, counted from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The character in that line, counted from 1.
    pub fn column(&self) -> usize {
        self.column
    }

    /// What JSON wants there.
    pub fn expected(&self) -> Expected {
        self.expected
    }

    /// What the body seems to be, where that can be told.
    pub fn appearance(&self) -> Option<Appearance> {
        self.appearance
    }

    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        "invalid_json"
    }
}

impl fmt::Display for InvalidJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            offset,
            line,
            column,
            expected,
            ..
        } = self;
        if self.appearance == Some(Appearance::Empty) {
            return f.write_str("The body is empty, so it is not JSON.");
        }
        if let Expected::LessNesting { limit } = expected {
            return write!(
                f,
                "The body nests objects and arrays more than {limit} deep, at line {line}, \
                 column {column} (byte {offset})."
            );
        }
        match self.appearance {
            Some(appearance) => write!(f, "The body is not JSON: it {appearance}. At")?,
            None => write!(f, "The body is not JSON: at")?,
        }
        write!(
            f,
            " line {line}, column {column} (byte {offset}) there should be {expected}, but "
        )?;
        match self.found {
            _ if *expected == Expected::Utf8 => f.write_str("there are other bytes."),
            None => f.write_str("nothing follows."),
            Some(found) if found.is_control() => {
                write!(
                    f,
                    "there is the control character U+{:04X}.",
                    u32::from(found)
                )
            }
            Some('`') => f.write_str("there is a backtick."),
            Some(found) => write!(f, "there is `{found}`."),
        }
    }
}

impl std::error::Error for InvalidJson {}

fn first_character(bytes: &[u8]) -> Option<char> {
    let head = bytes.get(..4).unwrap_or(bytes);
    let sound = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(head.get(..error.valid_up_to())?).ok()?,
    };
    sound.chars().next()
}
