//! How a value is written, by the place where it stands.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use url::form_urlencoded;

use super::Value;

/// A place that decides how a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    JsonValue,
    JsonString,
    /// A URL's path or query.
    Percent,
    Form,
    Header,
    Text,
    /// Text that is compared, not sent.
    Decoded,
    /// A regular expression, in which it stands for its own characters.
    Pattern,
    Xml,
}

/// The value holds what would end a header.
pub(super) struct LineBreak;

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

impl Place {
    pub(super) fn write(self, value: &Value<'_>, out: &mut String) -> Result<(), LineBreak> {
        match self {
            Self::JsonValue => out.push_str(&value.json),
            // The escapes of a string are good in another string as they are.
            Self::JsonString if value.is_string() => out.push_str(without_quotes(&value.json)),
            Self::JsonString => out.push_str(without_quotes(&crate::json::quote(&value.json))),
            Self::Percent => out.extend(percent(&value.decoded())),
            Self::Form => out.extend(form(&value.decoded())),
            Self::Header => {
                let text = value.decoded();
                if text.contains(breaks_header) {
                    return Err(LineBreak);
                }
                out.push_str(&text);
            }
            Self::Text if !value.bare => out.push_str(&value.json),
            Self::Text | Self::Decoded => out.push_str(&value.decoded()),
            Self::Pattern => out.push_str(&regex_lite::escape(&value.decoded())),
            Self::Xml => xml(&value.decoded(), out),
        }
        Ok(())
    }
}

pub(crate) fn percent(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

pub(crate) fn form(text: &str) -> form_urlencoded::ByteSerialize<'_> {
    form_urlencoded::byte_serialize(text.as_bytes())
}

pub(super) fn breaks_header(char: char) -> bool {
    matches!(char, '\r' | '\n' | '\0')
}

fn without_quotes(json: &str) -> &str {
    json.get(1..json.len().saturating_sub(1))
        .unwrap_or_default()
}

fn xml(text: &str, out: &mut String) {
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // XML 1.0 has no way to write these, not even as a reference.
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                out.push(char::REPLACEMENT_CHARACTER);
            }
            _ => out.push(char),
        }
    }
}
