//! Sentences that name code: what stands between backticks is shown in the font of code.

use leptos::prelude::*;
use shared::problem::sentence;

/// The pieces of a text, those that stood between backticks marked. A backtick without its partner stays.
fn pieces(text: &str) -> Vec<(&str, bool)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((code, after)) = after.split_once('`') else {
            break;
        };
        if !before.is_empty() {
            pieces.push((before, false));
        }
        pieces.push((code, true));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push((rest, false));
    }
    pieces
}

/// A text with its `code` as code.
pub fn words(text: &str) -> AnyView {
    pieces(text)
        .into_iter()
        .map(|(piece, is_code)| {
            let piece = piece.to_owned();
            if is_code {
                view! { <code>{piece}</code> }.into_any()
            } else {
                piece.into_any()
            }
        })
        .collect_view()
        .into_any()
}

/// The message of an error as a sentence, with its `code` as code.
pub fn error_words(message: &str) -> AnyView {
    words(&sentence(message))
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn code_stands_between_backticks() {
        let cases = [
            ("", vec![]),
            ("plain", vec![("plain", false)]),
            (
                "no `a`; there is `b`",
                vec![
                    ("no ", false),
                    ("a", true),
                    ("; there is ", false),
                    ("b", true),
                ],
            ),
            ("one ` alone", vec![("one ` alone", false)]),
            ("`x` and `", vec![("x", true), (" and `", false)]),
        ];
        for (text, expected) in cases {
            assert_eq!(pieces(text), expected, "{text}");
        }
    }
}
