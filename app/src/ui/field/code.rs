//! Several lines: prose, or code in its own font.

use super::{Field, invalid, note_id};
use crate::ui::{Bound, id::unique_id};
use leptos::prelude::*;

/// The text before the character at `at`, that character, and the rest. At or past the end the mark is empty.
fn split_at_fault(text: &str, at: usize) -> (&str, &str, &str) {
    let start = text
        .char_indices()
        .nth(at)
        .map_or(text.len(), |(index, _)| index);
    let (before, rest) = text.split_at(start);
    let length = rest.chars().next().map_or(0, char::len_utf8);
    let (mark, after) = rest.split_at(length);
    (before, mark, after)
}

/// A field that grows with its lines. Tab moves on, as everywhere.
#[component]
pub fn CodeField(
    #[prop(into)] label: String,
    #[prop(into)] value: Bound<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
    #[prop(optional)] hide_label: bool,
    /// In the font of the page, for people's words.
    #[prop(optional)]
    prose: bool,
    /// Where the error is, in characters from the start: that character is marked.
    #[prop(optional, into)]
    fault: Signal<Option<usize>>,
    #[prop(optional, into)] example: Option<String>,
    /// How many lines it is tall at least.
    #[prop(default = 3)]
    rows: u8,
    /// Given when something else moves focus here.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| unique_id("code"));
    let note = note_id(&id);
    // The same text behind the textarea gives the height and carries the mark.
    let behind = move || {
        let text = value.get();
        // A last empty line has a height only if something stands on it.
        let end = if text.is_empty() || text.ends_with('\n') {
            "\u{200b}"
        } else {
            ""
        };
        match fault.get() {
            None => (text + end).into_any(),
            Some(at) => {
                let (before, mark, after) = split_at_fault(&text, at);
                let mark = if mark.trim().is_empty() {
                    "\u{a0}".to_owned() + mark
                } else {
                    mark.to_owned()
                };
                (
                    before.to_owned(),
                    view! { <mark>{mark}</mark> },
                    after.to_owned() + end,
                )
                    .into_any()
            }
        }
    };
    view! {
        <Field label=label id=id.clone() hint=hint error=error optional=optional hide_label=hide_label>
            <div class="code-field" class:code-field-prose=prose style:--rows=rows.to_string()>
                <pre aria-hidden="true">{behind}</pre>
                <textarea
                    class="input"
                    id=id
                    rows="1"
                    spellcheck=if prose { "true" } else { "false" }
                    autocomplete="off"
                    autocapitalize=(!prose).then_some("off")
                    placeholder=example
                    aria-describedby=note
                    aria-invalid=invalid(error)
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                ></textarea>
            </div>
        </Field>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::split_at_fault;

    #[test]
    fn the_fault_is_counted_in_characters() {
        let cases = [
            ("abc", 0, ("", "a", "bc")),
            ("abc", 2, ("ab", "c", "")),
            ("abc", 3, ("abc", "", "")),
            ("abc", 9, ("abc", "", "")),
            ("éüx", 1, ("é", "ü", "x")),
            ("", 0, ("", "", "")),
        ];
        for (text, at, parts) in cases {
            assert_eq!(split_at_fault(text, at), parts, "{text:?} at {at}");
        }
    }
}
