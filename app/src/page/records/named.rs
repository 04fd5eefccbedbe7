//! Custom fields: rows of a name and a value.

use leptos::prelude::*;
use shared::desk::form::{named, with_named};
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
    let stored = Memo::new(move |_| {
        let value = form.value(name);
        named(Some(&value), "value")
            .into_iter()
            .map(|(name, value)| Pair {
                name,
                value,
                off: false,
            })
            .collect::<Vec<_>>()
    });
    // A row whose name is still to be typed is one here only.
    let rows = RwSignal::new(stored.get_untracked());
    Effect::new(move |_| {
        let stored = stored.get();
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
        form.set(name, with_named(&saved, "value", &pairs));
    };
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
            />
        </section>
    }
    .into_any()
}
