//! One line of text.

use super::{Field, always_needed, invalid, note_id};
use crate::ui::{Bound, id::unique_id};
use leptos::prelude::*;

/// A field for one line of text.
#[component]
pub fn TextField(
    #[prop(into)] label: String,
    #[prop(into)] value: Bound<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
    #[prop(default = None)] needed: Option<&'static str>,
    #[prop(optional)] hide_label: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Shows the text in the font of paths and ids, and leaves spelling alone.
    #[prop(optional)]
    code: bool,
    /// An example of what belongs here, beside the label and never in its place.
    #[prop(optional, into)]
    example: Option<String>,
    /// Given when something else moves focus here.
    #[prop(optional, into)]
    id: Option<String>,
    /// What Enter does, where the field stands in no form.
    #[prop(optional, into)]
    on_enter: Option<Callback<()>>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| unique_id("text"));
    let note = note_id(&id);
    let class = if code { "input code" } else { "input" };
    view! {
        <Field label=label id=id.clone() hint=hint error=error optional=optional needed=needed hide_label=hide_label>
            <input
                class=class
                id=id
                type="text"
                autocomplete="off"
                spellcheck=if code { "false" } else { "true" }
                autocapitalize=code.then_some("off")
                placeholder=example
                aria-describedby=note
                aria-invalid=invalid(error)
                aria-required=always_needed(needed)
                disabled=move || disabled.get()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Enter" && let Some(on_enter) = on_enter {
                        on_enter.run(());
                    }
                }
            />
        </Field>
    }
    .into_any()
}
