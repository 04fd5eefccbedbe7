//! Yes or no: a box to tick, or a switch that acts at once.

use super::note_id;
use crate::ui::{Bound, id::unique_id};
use leptos::prelude::*;

/// A box to tick, with its label behind it.
#[component]
pub fn Checkbox(
    #[prop(into)] label: String,
    #[prop(into)] value: Bound<bool>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional)] hide_label: bool,
) -> impl IntoView {
    toggle("checkbox", None, label, value, hint, disabled, hide_label)
}

/// A switch: what it says holds as soon as it is thrown, or is saved with the rest of its form.
#[component]
pub fn Switch(
    #[prop(into)] label: String,
    #[prop(into)] value: Bound<bool>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional)] hide_label: bool,
) -> impl IntoView {
    toggle(
        "switch",
        Some("switch"),
        label,
        value,
        hint,
        disabled,
        hide_label,
    )
}

fn toggle(
    class: &'static str,
    role: Option<&'static str>,
    label: String,
    value: Bound<bool>,
    hint: Option<String>,
    disabled: Signal<bool>,
    hide_label: bool,
) -> AnyView {
    let id = unique_id(class);
    let note = note_id(&id);
    let described = hint.is_some().then(|| note.clone());
    let label_class = if hide_label {
        "visually-hidden"
    } else {
        "toggle-label"
    };
    view! {
        <div class="toggle">
            <input
                class=class
                id=id.clone()
                type="checkbox"
                role=role
                aria-describedby=described
                disabled=move || disabled.get()
                prop:checked=move || value.get()
                on:change=move |event| value.set(event_target_checked(&event))
            />
            <span class="toggle-words">
                <label class=label_class for=id>{label}</label>
                {hint.map(|hint| view! { <span class="field-note" id=note>{hint}</span> })}
            </span>
        </div>
    }
    .into_any()
}
