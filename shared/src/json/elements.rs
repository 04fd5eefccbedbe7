//! The elements of an array.

use std::ops::Range;

use super::Limits;
use super::scan::Scanner;

/// Where the elements of an array stand in its text; nothing where the text is not an array.
pub(crate) fn elements(text: &str) -> Option<Vec<Range<usize>>> {
    let mut scanner = Scanner::new(text, Limits::default());
    scanner.white_space();
    if scanner.peek() != Some(b'[') {
        return None;
    }
    scanner.advance();
    let mut elements = Vec::new();
    scanner.white_space();
    while scanner.peek()? != b']' {
        let start = scanner.position();
        scanner.skip_value(1).ok()?;
        elements.push(start..scanner.position());
        scanner.white_space();
        if scanner.peek()? == b',' {
            scanner.advance();
            scanner.white_space();
        }
    }
    Some(elements)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::elements;

    fn slices(text: &str) -> Option<Vec<&str>> {
        Some(
            elements(text)?
                .into_iter()
                .map(|range| &text[range])
                .collect(),
        )
    }

    #[test]
    fn elements_are_cut_as_they_stand() {
        for (text, expected) in [
            ("[]", Some(vec![])),
            (" [ ] ", Some(vec![])),
            ("[1]", Some(vec!["1"])),
            (
                r#"[ 1.50 , {"a": [1, 2]},"]," ,[ ] ]"#,
                Some(vec!["1.50", r#"{"a": [1, 2]}"#, r#""],""#, "[ ]"]),
            ),
            ("{}", None),
            ("null", None),
            ("", None),
            ("[1", None),
        ] {
            assert_eq!(slices(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn elements_are_those_of_a_tree(values in prop::collection::vec(any::<Option<String>>(), 0..8)) {
            let text = serde_json::to_string(&values).unwrap();
            let cut: Vec<Option<String>> = slices(&text)
                .unwrap()
                .into_iter()
                .map(|element| serde_json::from_str(element).unwrap())
                .collect();
            prop_assert_eq!(cut, values);
        }
    }
}
