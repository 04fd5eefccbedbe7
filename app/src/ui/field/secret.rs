//! A secret: written, never read back.

use super::{Field, invalid, note_id};
use crate::ui::{Bound, Icon, IconButton, id::unique_id};
use leptos::prelude::*;

/// A field for a key or password. `None` keeps what is stored; what is typed replaces it on saving.
#[component]
pub fn SecretField(
    #[prop(into)] label: String,
    #[prop(into)] value: Bound<Option<String>>,
    /// Whether one is stored already.
    #[prop(into)]
    stored: Signal<bool>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let id = unique_id("secret");
    let note = note_id(&id);
    let shown = RwSignal::new(false);
    let replaces = Memo::new(move |_| stored.get() && value.get().is_some());
    let note_text = Signal::derive(move || match (stored.get(), replaces.get()) {
        (true, true) => Some("Replaces the stored one when you save.".to_owned()),
        (true, false) => Some("Stored. Type to replace it.".to_owned()),
        (false, _) => hint.get(),
    });
    let input_id = id.clone();
    let keep = move |()| {
        value.set(None);
        shown.set(false);
        crate::browser::focus(&input_id);
    };
    let keep = Callback::new(keep);
    let label_of_eye = Signal::derive(move || {
        if shown.get() {
            "Hide what is typed"
        } else {
            "Show what is typed"
        }
        .to_owned()
    });
    let eye = Signal::derive(move || if shown.get() { Icon::EyeOff } else { Icon::Eye });
    view! {
        <Field label=label id=id.clone() hint=note_text error=error optional=optional>
            <span class="input-group">
                <input
                    class="input code"
                    id=id
                    type=move || if shown.get() { "text" } else { "password" }
                    autocomplete="new-password"
                    spellcheck="false"
                    autocapitalize="off"
                    placeholder=move || if stored.get() { "••••••••" } else { "" }
                    aria-describedby=note
                    aria-invalid=invalid(error)
                    prop:value=move || value.get().unwrap_or_default()
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        let keeps = text.is_empty() && stored.get_untracked();
                        value.set((!keeps).then_some(text));
                    }
                />
                <span class="input-tools">
                    <Show when=move || value.get().is_some_and(|text| !text.is_empty())>
                        <IconButton icon=eye label=label_of_eye on_press=move |()| shown.update(|shown| *shown = !*shown) />
                    </Show>
                    <Show when=move || replaces.get()>
                        <IconButton icon=Icon::Undo label="Keep the stored one" on_press=keep />
                    </Show>
                </span>
            </span>
        </Field>
    }
    .into_any()
}
