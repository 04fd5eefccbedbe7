//! Keys that stand twice in one object: the last one counts, which is worth a warning
//! because few people know it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::invalid::{Expected, Fault, InvalidJson};
use super::scan::{Scanner, with_scanner};
use super::{Limits, decode};

/// A key that an object has had before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// Decoded.
    pub key: String,
    /// Of the repeated key, in bytes from the beginning of the body.
    pub offset: usize,
}

/// How many are listed; more of them say nothing new.
const MOST: usize = 20;

/// The first repeated keys of a body, in their order.
pub fn duplicate_keys(body: &[u8], limits: Limits) -> Result<Vec<Duplicate>, InvalidJson> {
    with_scanner(body, limits, find)
}

fn find(scanner: &mut Scanner<'_>) -> Result<Vec<Duplicate>, Fault> {
    let mut found = Vec::new();
    // The keys of each object that is open; an array has none.
    let mut open: Vec<Option<BTreeSet<Cow<'_, str>>>> = Vec::new();
    loop {
        match scanner.peek() {
            Some(bracket @ (b'{' | b'[')) => {
                scanner.check_depth(open.len() + 1)?;
                scanner.advance();
                scanner.white_space();
                if bracket == b'{' && scanner.peek() != Some(b'}') {
                    open.push(Some(BTreeSet::new()));
                    note_key(scanner, &mut open, &mut found, Expected::KeyOrBrace)?;
                    continue;
                }
                if bracket == b'[' && scanner.peek() != Some(b']') {
                    if scanner.kind().is_err() {
                        return Err(scanner.fault(Expected::ValueOrBracket));
                    }
                    open.push(None);
                    continue;
                }
                scanner.advance();
            }
            _ => scanner.skip_value(open.len())?,
        }
        loop {
            let Some(container) = open.last() else {
                return Ok(found);
            };
            let in_object = container.is_some();
            scanner.white_space();
            match scanner.peek() {
                Some(b',') => {
                    scanner.advance();
                    scanner.white_space();
                    if in_object {
                        note_key(scanner, &mut open, &mut found, Expected::Key)?;
                    }
                    break;
                }
                Some(b'}') if in_object => {}
                Some(b']') if !in_object => {}
                _ if in_object => return Err(scanner.fault(Expected::CommaOrBrace)),
                _ => return Err(scanner.fault(Expected::CommaOrBracket)),
            }
            scanner.advance();
            open.pop();
        }
    }
}

fn note_key<'a>(
    scanner: &mut Scanner<'a>,
    open: &mut [Option<BTreeSet<Cow<'a, str>>>],
    found: &mut Vec<Duplicate>,
    otherwise: Expected,
) -> Result<(), Fault> {
    let key = scanner.key(otherwise)?;
    if let Some(Some(keys)) = open.last_mut()
        && !keys.insert(decode(key.raw))
        && found.len() < MOST
    {
        found.push(Duplicate {
            key: decode(key.raw).into_owned(),
            offset: key.start,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(body: &str) -> Vec<(String, usize)> {
        duplicate_keys(body.as_bytes(), Limits::default())
            .unwrap()
            .into_iter()
            .map(|duplicate| (duplicate.key, duplicate.offset))
            .collect()
    }

    #[test]
    fn finds_them_by_their_decoded_text_and_per_object() {
        assert_eq!(keys(r#"{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4},{}]}"#), []);
        assert_eq!(keys(r#"{"a":1,"\u0061":2}"#), [("a".to_owned(), 7)]);
        assert_eq!(
            keys(r#"[{"x":[],"y":{"z":1,"z":2},"x":3}]"#),
            [("z".to_owned(), 20), ("x".to_owned(), 27)]
        );
        assert_eq!(keys("1"), []);
    }

    #[test]
    fn checks_the_body_like_everything_else() {
        for body in [
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "{} {}",
            "[1 2]",
            "{1:2}",
            "[}",
        ] {
            let expected = super::super::validate(body.as_bytes(), Limits::default()).unwrap_err();
            let error = duplicate_keys(body.as_bytes(), Limits::default()).unwrap_err();
            assert_eq!(error.offset(), expected.offset(), "{body}");
        }
    }
}
