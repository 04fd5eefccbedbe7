//! Why a body is no JSON: where, what was expected there, and what it looks like.

use std::fmt;

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
            Self::End => "the end",
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

/// What a body that is no JSON seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appearance {
    Empty,
    HtmlPage,
    Xml,
    Utf16,
    Utf32,
    Compressed,
    Binary,
    /// It ends in the middle of a value.
    CutOff,
    /// One JSON value after the other, as in JSON Lines.
    SeveralValues,
    SingleQuotes,
    Comment,
    TrailingComma,
    /// `NaN`, `Infinity`, `undefined`, `None`, `True`
    ForeignLiteral,
    FormFields,
    PlainText,
}

impl fmt::Display for Appearance {
    /// As the end of "The body …".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "is empty",
            Self::HtmlPage => "looks like an HTML page",
            Self::Xml => "looks like XML",
            Self::Utf16 => "looks like text in UTF-16; JSON is sent in UTF-8",
            Self::Utf32 => "looks like text in UTF-32; JSON is sent in UTF-8",
            Self::Compressed => "looks compressed",
            Self::Binary => "looks like binary data",
            Self::CutOff => "ends in the middle, as if it was cut off",
            Self::SeveralValues => "looks like several JSON values, one after the other",
            Self::SingleQuotes => "uses single quotes where JSON has double ones",
            Self::Comment => "has a comment, which JSON does not allow",
            Self::TrailingComma => "has a comma too many",
            Self::ForeignLiteral => "has a word that is not JSON's",
            Self::FormFields => "looks like form fields",
            Self::PlainText => "looks like plain text",
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
        if self.appearance == Some(Appearance::Empty) {
            return f.write_str("The body is empty, so it is not JSON.");
        }
        write!(
            f,
            "The body is not JSON: line {}, column {} (byte {}) should have {}, but ",
            self.line, self.column, self.offset, self.expected
        )?;
        match self.found {
            None if self.expected == Expected::Utf8 => f.write_str("has other bytes.")?,
            None => f.write_str("the body ends there.")?,
            Some(found) if found.is_control() => {
                write!(f, "has the control character U+{:04X}.", u32::from(found))?;
            }
            Some('`') => f.write_str("has a backtick.")?,
            Some(found) => write!(f, "has `{found}`.")?,
        }
        match self.appearance {
            Some(appearance) => write!(f, " It {appearance}."),
            None => Ok(()),
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

fn appearance(body: &[u8], offset: usize, expected: Expected) -> Option<Appearance> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let start = text.trim_ascii_start();
    if start.is_empty() {
        return Some(Appearance::Empty);
    }
    if let Some(encoding) = other_encoding(body) {
        return Some(encoding);
    }
    if body.starts_with(b"\x1f\x8b") || body.starts_with(b"\x28\xb5\x2f\xfd") {
        return Some(Appearance::Compressed);
    }
    if start.starts_with(b"<") {
        let head = start.get(..256).unwrap_or(start).to_ascii_lowercase();
        let html = [b"<!doctype html".as_slice(), b"<html", b"<head", b"<body"];
        let has = |tag: &[u8]| head.windows(tag.len()).any(|window| window == tag);
        return Some(if html.into_iter().any(has) {
            Appearance::HtmlPage
        } else {
            Appearance::Xml
        });
    }
    if matches!(expected, Expected::LessNesting { .. }) {
        return None;
    }
    if expected == Expected::Utf8 {
        return body.contains(&0).then_some(Appearance::Binary);
    }
    let rest = body.get(offset..).unwrap_or_default();
    if rest.is_empty() {
        return Some(Appearance::CutOff);
    }
    if rest.starts_with(b"'") {
        return Some(Appearance::SingleQuotes);
    }
    if rest.starts_with(b"//") || rest.starts_with(b"/*") || rest.starts_with(b"#") {
        return Some(Appearance::Comment);
    }
    let before = body.get(..offset).unwrap_or_default().trim_ascii_end();
    match expected {
        Expected::Key | Expected::Value
            if before.ends_with(b",") && matches!(rest.first(), Some(b'}' | b']' | b',')) =>
        {
            return Some(Appearance::TrailingComma);
        }
        Expected::End if matches!(rest.first(), Some(b'{' | b'[')) => {
            return Some(Appearance::SeveralValues);
        }
        _ => {}
    }
    let foreign = [
        b"NaN".as_slice(),
        b"nan",
        b"Infinity",
        b"-Infinity",
        b"undefined",
        b"None",
        b"True",
        b"False",
    ];
    if foreign.into_iter().any(|word| rest.starts_with(word)) || before.ends_with(b"-") {
        return Some(Appearance::ForeignLiteral);
    }
    if matches!(start.first(), Some(b'{' | b'[' | b'"')) {
        return None;
    }
    let head = start.get(..256).unwrap_or(start);
    let field = head.iter().position(|&byte| byte == b'=');
    let blank = head.iter().position(u8::is_ascii_whitespace);
    Some(match (field, blank) {
        (Some(_), None) => Appearance::FormFields,
        _ => Appearance::PlainText,
    })
}

/// Told by a byte order mark or, without one, by zero bytes round the first character.
fn other_encoding(body: &[u8]) -> Option<Appearance> {
    Some(match *body {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, _, ..] => Appearance::Utf32,
        [_, 0, 0, 0, ..] if body.len().is_multiple_of(4) => Appearance::Utf32,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Appearance::Utf16,
        [0, low, 0, ..] | [low, 0, _, 0, ..] if low != 0 => Appearance::Utf16,
        _ => return None,
    })
}
