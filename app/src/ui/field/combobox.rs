//! One of many: a text field that narrows a list.

use super::{Choice, Field, always_needed, invalid, note_id};
use crate::ui::{Bound, Icon, IconView, id::unique_id};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

/// The choices whose label, value or note holds every word of what was typed; at most 50.
pub fn narrow(choices: &[Choice], typed: &str) -> Vec<Choice> {
    let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    choices
        .iter()
        .filter(|choice| {
            let text = format!("{} {} {}", choice.label, choice.value, choice.note).to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        })
        .take(50)
        .cloned()
        .collect()
}

/// Where the marked row goes for an arrow key, round the ends; with no row marked it starts at an end.
fn step(marked: Option<usize>, count: usize, forward: bool) -> Option<usize> {
    if count == 0 {
        return None;
    }
    Some(match (marked, forward) {
        (None, true) => 0,
        (None, false) => count - 1,
        (Some(at), true) => (at + 1) % count,
        (Some(at), false) => (at + count - 1) % count,
    })
}

/// A field that offers what fits the words typed so far. With `free`, other text is kept as typed;
/// without, it falls back to the last choice on leaving.
#[component]
pub fn Combobox(
    #[prop(into)] label: String,
    /// The chosen value, or the text typed where `free` is set.
    #[prop(into)]
    value: Bound<String>,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    #[prop(optional)] free: bool,
    #[prop(optional)] code: bool,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
    #[prop(default = None)] needed: Option<&'static str>,
    #[prop(optional)] hide_label: bool,
    /// Told what is typed, where the choices are searched for elsewhere; they are shown as they come then.
    #[prop(optional, into)]
    on_search: Option<Callback<String>>,
    /// What the value is called, where its choice may be none of those that are offered now.
    #[prop(optional)]
    chosen: Option<Signal<String>>,
    /// Given when something else moves focus here.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| unique_id("combobox"));
    let list_id = StoredValue::new(format!("{id}-list"));
    let note = note_id(&id);
    let open = RwSignal::new(false);
    // What is being typed; nothing while the field shows its value.
    let typed = RwSignal::new(None::<String>);
    let marked = RwSignal::new(None::<usize>);
    let offered = Memo::new(move |_| {
        choices.with(|choices| match on_search {
            Some(_) => choices.clone(),
            None => narrow(choices, typed.get().as_deref().unwrap_or_default()),
        })
    });
    let search = move |text: &str| {
        if let Some(on_search) = on_search {
            on_search.run(text.to_owned());
        }
    };

    let shown = move || {
        typed.get().unwrap_or_else(|| {
            if let Some(chosen) = chosen {
                return chosen.get();
            }
            let value = value.get();
            choices
                .with(|choices| {
                    choices
                        .iter()
                        .find(|choice| choice.value == value)
                        .map(|choice| choice.label.clone())
                })
                .unwrap_or(value)
        })
    };
    let close = move || {
        open.set(false);
        marked.set(None);
        typed.set(None);
    };
    let choose = move |choice: String| {
        value.set(choice);
        close();
    };
    let leave = move |_| close();
    let keydown = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        key @ ("ArrowDown" | "ArrowUp") => {
            event.prevent_default();
            if !open.get_untracked() {
                search("");
                open.set(true);
            }
            let count = offered.with_untracked(Vec::len);
            marked.update(|marked| *marked = step(*marked, count, key == "ArrowDown"));
        }
        "Enter" if open.get_untracked() => {
            let chosen = marked.get_untracked().and_then(|at| {
                offered.with_untracked(|offered| offered.get(at).map(|choice| choice.value.clone()))
            });
            if let Some(chosen) = chosen {
                event.prevent_default();
                choose(chosen);
            } else if !free
                && let Some(first) = offered
                    .with_untracked(|offered| offered.first().map(|choice| choice.value.clone()))
            {
                event.prevent_default();
                choose(first);
            } else {
                close();
            }
        }
        "Escape" if open.get_untracked() => {
            event.prevent_default();
            event.stop_propagation();
            close();
        }
        _ => {}
    };
    Effect::new(move |_| {
        if let Some(at) = marked.get() {
            let row =
                document().get_element_by_id(&list_id.with_value(|list| format!("{list}-{at}")));
            if let Some(row) = row.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok()) {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                row.scroll_into_view_with_scroll_into_view_options(&options);
            }
        }
    });
    let rows = move || {
        let offered = offered.get();
        if offered.is_empty() {
            let is_typed =
                typed.with(|typed| typed.as_ref().is_some_and(|typed| !typed.is_empty()));
            let words = if is_typed {
                "Nothing fits these words."
            } else {
                "There is nothing to choose from yet."
            };
            return view! { <li class="listbox-none" role="presentation">{words}</li> }.into_any();
        }
        offered
            .into_iter()
            .enumerate()
            .map(|(at, choice)| {
                let own = choice.value.clone();
                view! {
                    <li
                        class="listbox-row"
                        role="option"
                        id=list_id.with_value(|list| format!("{list}-{at}"))
                        aria-selected=move || if marked.get() == Some(at) { "true" } else { "false" }
                        // Keeps focus in the field, so that leaving it closes the list.
                        on:mousedown=move |event| event.prevent_default()
                        on:click=move |_| choose(own.clone())
                    >
                        <span class:code=code>{choice.label}</span>
                        <span class="listbox-note">{choice.note}</span>
                    </li>
                }
            })
            .collect_view()
            .into_any()
    };
    view! {
        <Field label=label id=id.clone() hint=hint error=error optional=optional needed=needed hide_label=hide_label>
            <span class="combobox select">
                <input
                    class=if code { "input code" } else { "input" }
                    id=id
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    aria-autocomplete="list"
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    aria-controls=list_id.get_value()
                    aria-activedescendant=move || {
                        marked.get().map(|at| list_id.with_value(|list| format!("{list}-{at}")))
                    }
                    aria-describedby=note
                    aria-invalid=invalid(error)
                    aria-required=always_needed(needed)
                    prop:value=shown
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        if free {
                            value.set(text.clone());
                        }
                        search(&text);
                        typed.set(Some(text));
                        marked.set(None);
                        open.set(true);
                    }
                    on:click=move |event| {
                        if !open.get_untracked() {
                            search("");
                        }
                        open.set(true);
                        // What is typed next takes the place of what was chosen.
                        if typed.with_untracked(Option::is_none) {
                            select_all(&event);
                        }
                    }
                    on:keydown=keydown
                    on:blur=leave
                />
                <IconView icon=Icon::ChevronDown />
                <Show when=move || open.get()>
                    <ul class="listbox" role="listbox" id=list_id.get_value()>
                        {rows}
                    </ul>
                </Show>
            </span>
        </Field>
    }
    .into_any()
}

fn select_all(event: &leptos::ev::MouseEvent) {
    if let Some(input) = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
    {
        input.select();
    }
}

#[cfg(test)]
mod tests {
    use super::{narrow, step};
    use crate::ui::field::Choice;

    #[test]
    fn every_word_must_fit_somewhere() {
        let choices = [
            Choice::new("m1", "Ask a question").with_note("POST /completions"),
            Choice::new("m2", "List models").with_note("GET /models"),
        ];
        let cases: [(&str, &[&str]); 5] = [
            ("", &["m1", "m2"]),
            ("models", &["m2"]),
            ("POST ask", &["m1"]),
            ("ask models", &[]),
            ("M2", &["m2"]),
        ];
        for (typed, expected) in cases {
            let found: Vec<String> = narrow(&choices, typed)
                .into_iter()
                .map(|choice| choice.value)
                .collect();
            assert_eq!(found, expected, "{typed:?}");
        }
    }

    #[test]
    fn arrows_go_round() {
        let cases = [
            (None, 3, true, Some(0)),
            (None, 3, false, Some(2)),
            (Some(2), 3, true, Some(0)),
            (Some(0), 3, false, Some(2)),
            (Some(1), 3, true, Some(2)),
            (None, 0, true, None),
        ];
        for (marked, count, forward, expected) in cases {
            assert_eq!(step(marked, count, forward), expected);
        }
    }
}
