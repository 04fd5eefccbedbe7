//! A path with a caret under what is wrong in it.

use std::ops::Range;

use leptos::prelude::*;

/// The line of carets under a path; at least one, also behind its end.
fn carets(at: &Range<usize>) -> String {
    let count = at.end.saturating_sub(at.start).max(1);
    format!("{}{}", " ".repeat(at.start), "^".repeat(count))
}

/// The path, and under it the carets. The message beside it says the same in words.
pub(super) fn marked(path: &str, at: &Range<usize>) -> AnyView {
    let text = format!("{path}\n{}", carets(at));
    view! { <pre class="marked" aria-hidden="true">{text}</pre> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::carets;

    #[test]
    fn carets_stand_under_what_is_wrong() {
        for (at, expected) in [(0..1, "^"), (2..5, "  ^^^"), (3..3, "   ^")] {
            assert_eq!(carets(&at), expected);
        }
    }
}
