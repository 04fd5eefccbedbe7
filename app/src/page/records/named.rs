//! Custom fields: rows of a name and a value.

use leptos::prelude::*;
use serde_json::Value;
use shared::desk::form::{named, repeated, with_named};
use shared::desk::label as label_of;

use super::form::Form;
use crate::ui::{Bound, Pair, PairEditor};

#[component]
pub(super) fn NamedField(
    form: Form,
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] noun: String,
) -> impl IntoView {
    let read = |list: &Value| {
        let rows = named(Some(list), "value").into_iter();
        rows.map(|(name, value)| Pair {
            name,
            value,
            off: false,
        })
        .collect::<Vec<_>>()
    };
    // A row whose name is still to be typed is one here only.
    let rows = RwSignal::new(untrack(|| read(&form.value(name))));
    let made = StoredValue::new(None::<Value>);
    Effect::new(move |_| {
        let list = form.value(name);
        // What comes of typing here must not change under the hand: rows would trade places, and take focus along.
        if made.with_value(|made| made.as_ref() == Some(&list)) {
            return;
        }
        let stored = read(&list);
        let typed = rows.get_untracked();
        let complete = typed.iter().filter(|row| !row.name.trim().is_empty());
        if !complete.eq(stored.iter()) {
            rows.set(stored);
        }
    });
    let change = move |typed: Vec<Pair>| {
        let pairs: Vec<(String, String)> = typed
            .iter()
            .map(|row| (row.name.clone(), row.value.clone()))
            .collect();
        rows.set(typed);
        let saved = form
            .editing
            .saved
            .with_untracked(|saved| saved.get(name).cloned().unwrap_or_default());
        let list = with_named(&saved, "value", &pairs);
        made.set_value(Some(list.clone()));
        form.set(name, list);
    };
    let problems = Signal::derive(move || {
        rows.with(|rows| repeated(rows.iter().map(|row| row.name.as_str())))
    });
    let heading = if label.is_empty() {
        label_of(name)
    } else {
        label
    };
    view! {
        <section class="section">
            <h2>{heading.clone()}</h2>
            <PairEditor
                label=heading
                rows=Bound::new(rows, Callback::new(change))
                noun=noun
                switches=false
                problems=problems
                of_names=true
                several_lines=true
            />
        </section>
    }
    .into_any()
}
