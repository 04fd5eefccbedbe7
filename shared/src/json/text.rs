//! Strings: decoding their escapes, and making a JSON string of a text.

use std::borrow::Cow;

/// Stands for a surrogate without its other half, which no text can hold.
const REPLACEMENT: char = '\u{fffd}';

/// The text of a JSON string, its quotes and escapes taken off. A lone surrogate
/// becomes U+FFFD. What is no JSON string comes back as it is, as far as possible.
pub fn decode(raw: &str) -> Cow<'_, str> {
    let inner = raw
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(raw);
    if inner.contains('\\') {
        Cow::Owned(unescape(inner))
    } else {
        Cow::Borrowed(inner)
    }
}

/// What a person would call the text of a value: a string decoded, anything else its
/// JSON text.
pub fn text(raw: &str) -> Cow<'_, str> {
    if raw.starts_with('"') {
        decode(raw)
    } else {
        Cow::Borrowed(raw)
    }
}

/// The JSON string whose text is `text`, with its quotes.
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            control if u32::from(control) < 0x20 => {
                const DIGITS: [char; 16] = [
                    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
                ];
                let code = control as usize;
                quoted.push_str("\\u00");
                quoted.push(DIGITS[code >> 4]);
                quoted.push(DIGITS[code & 15]);
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

fn unescape(inner: &str) -> String {
    let mut decoded = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((run, escape)) = rest.split_once('\\') {
        decoded.push_str(run);
        let mut characters = escape.chars();
        match characters.next() {
            Some('b') => decoded.push('\u{8}'),
            Some('f') => decoded.push('\u{c}'),
            Some('n') => decoded.push('\n'),
            Some('r') => decoded.push('\r'),
            Some('t') => decoded.push('\t'),
            Some('u') => {
                let (character, after) = code_unit(characters.as_str());
                decoded.push(character);
                rest = after;
                continue;
            }
            // A quote, a backslash or a slash stands for itself.
            Some(other) => decoded.push(other),
            None => decoded.push('\\'),
        }
        rest = characters.as_str();
    }
    decoded.push_str(rest);
    decoded
}

/// The character that the digits after `\u` make, with the second escape of a
/// surrogate pair, and what follows.
fn code_unit(digits: &str) -> (char, &str) {
    let Some((first, rest)) = hex(digits) else {
        return (REPLACEMENT, digits);
    };
    if let Some(character) = char::from_u32(first) {
        return (character, rest);
    }
    if (0xd800..0xdc00).contains(&first)
        && let Some((second, after)) = rest.strip_prefix("\\u").and_then(hex)
        && (0xdc00..0xe000).contains(&second)
        && let Some(character) =
            char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
    {
        return (character, after);
    }
    (REPLACEMENT, rest)
}

fn hex(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    Some((u32::from_str_radix(digits, 16).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_escapes() {
        for (raw, decoded) in [
            (r#""""#, ""),
            (r#""plain é""#, "plain é"),
            (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (r#""\u00e9\u00E9""#, "éé"),
            (r#""\ud83d\ude00!""#, "😀!"),
            (r#""x\ud800y""#, "x\u{fffd}y"),
            (r#""\udc00\ud800""#, "\u{fffd}\u{fffd}"),
            (r#""\ud800\u0041""#, "\u{fffd}A"),
            (r#""\ud800\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\ud800\n""#, "\u{fffd}\n"),
            (r#""\\u0041""#, "\\u0041"),
        ] {
            assert_eq!(decode(raw), decoded, "{raw}");
        }
    }

    #[test]
    fn puts_up_with_what_is_no_string() {
        for (raw, decoded) in [
            ("12", "12"),
            ("\"", "\""),
            ("\\", "\\"),
            ("\\u1", "\u{fffd}1"),
        ] {
            assert_eq!(decode(raw), decoded, "{raw}");
        }
    }

    #[test]
    fn quotes_what_serde_json_reads_back() {
        let all: String = (0..0x80)
            .filter_map(char::from_u32)
            .chain("é😀\u{2028}".chars())
            .collect();
        let quoted = quote(&all);
        assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), all);
        assert_eq!(decode(&quoted), all);
    }
}
