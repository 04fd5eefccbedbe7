//! The values within a value that hold no others.

use super::Limits;
use std::ops::Range;

use super::scan::{Scanner, is_white_space};

/// Calls `see` with the place and the text of each string, number, boolean and null in a JSON text
/// that has been checked. Keys are no values.
pub(crate) fn each_scalar<'a>(text: &'a str, mut see: impl FnMut(Range<usize>, &'a str)) {
    let mut scanner = Scanner::new(text, Limits::default());
    while let Some(byte) = scanner.peek() {
        if b"{}[],:".contains(&byte) || is_white_space(byte) {
            scanner.advance();
            continue;
        }
        let start = scanner.position();
        if scanner.skip_value(0).is_err() {
            return;
        }
        let end = scanner.position();
        let scalar = scanner.slice(start, end);
        scanner.white_space();
        if scanner.peek() != Some(b':') {
            see(start..end, scalar);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_left_out() {
        for (text, expected) in [
            ("1", &["1"][..]),
            (" \"a:b\" ", &["\"a:b\""]),
            ("{}", &[]),
            (
                r#"{"a" : "x\"", "b":[true,{"c":null} , -1e4], "d":{"e":"f"}}"#,
                &[r#""x\"""#, "true", "null", "-1e4", "\"f\""],
            ),
        ] {
            let mut seen = Vec::new();
            each_scalar(text, |place, scalar| {
                assert_eq!(&text[place], scalar);
                seen.push(scalar);
            });
            assert_eq!(seen, expected, "{text}");
        }
    }
}
