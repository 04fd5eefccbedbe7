//! A guess at what a body is that is no JSON: most often it was never meant to be.

use std::fmt;

use super::Expected;

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
    /// Bytes that are text in no UTF-8, such as Windows-1252.
    OtherEncoding,
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
    /// As the end of "The body is not JSON: it …".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "is empty",
            Self::HtmlPage => "looks like an HTML page",
            Self::Xml => "looks like XML",
            Self::Utf16 => "looks like text in UTF-16; JSON is sent in UTF-8",
            Self::Utf32 => "looks like text in UTF-32; JSON is sent in UTF-8",
            Self::Compressed => "looks compressed",
            Self::Binary => "looks like binary data",
            Self::OtherEncoding => "looks like text in another encoding; JSON is sent in UTF-8",
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

/// What `body` seems to be, which goes wrong at `offset`.
pub(super) fn appearance(body: &[u8], offset: usize, expected: Expected) -> Option<Appearance> {
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
    let rest = body.get(offset..).unwrap_or_default();
    if expected == Expected::Utf8 {
        // A character whose last bytes are not there.
        let cut = std::str::from_utf8(rest).is_err_and(|error| error.error_len().is_none());
        return Some(if cut {
            Appearance::CutOff
        } else if body.contains(&0) {
            Appearance::Binary
        } else {
            Appearance::OtherEncoding
        });
    }
    let literal = match expected {
        Expected::True => b"true".as_slice(),
        Expected::False => b"false",
        Expected::Null => b"null",
        _ => b"",
    };
    // Nothing at all is the beginning of anything.
    if rest.is_empty() || literal.starts_with(rest) {
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
