//! Fields: a label above, the control, and under it a hint that gives way to an error.

mod check;
mod code;
mod combobox;
mod instant;
mod lines;
mod number;
mod secret;
mod select;
mod text;

pub use check::{Checkbox, Switch};
pub use code::CodeField;
pub use combobox::{Combobox, narrow};
pub use instant::InstantField;
pub use lines::{moves_within, name_line_break, rows_for};
pub use number::{NumberField, Unread};
pub use secret::SecretField;
pub use select::{Choice, Segments, SelectField};
pub use text::TextField;

use crate::ui::{Icon, IconView, error_words, words};
use leptos::prelude::*;

/// What stands around a control. `control` is made with the ids it has to carry.
#[component]
pub fn Field(
    #[prop(into)] label: String,
    /// The id that the control carries.
    #[prop(into)]
    id: String,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    /// Says so beside the label; what is not marked is required.
    #[prop(optional)]
    optional: bool,
    /// Says beside the label that it is required, or without what, on a form where nearly nothing is.
    #[prop(default = None)]
    needed: Option<&'static str>,
    /// Keeps the label for screen readers only, where a heading or column says it already.
    #[prop(optional)]
    hide_label: bool,
    children: Children,
) -> impl IntoView {
    let note_id = note_id(&id);
    let label_class = if hide_label {
        "field-label visually-hidden"
    } else {
        "field-label"
    };
    let note = move || match (error.get(), hint.get()) {
        (Some(error), _) => view! {
            <span class="field-error">
                <IconView icon=Icon::Warning />
                <span>{error_words(&error)}</span>
            </span>
        }
        .into_any(),
        (None, Some(hint)) => words(&hint),
        (None, None) => ().into_any(),
    };
    view! {
        <div class="field" class:field-invalid=move || error.with(Option::is_some)>
            <label class=label_class for=id>
                {label}
                // The space keeps the words apart where they are read out or copied.
                {optional.then(|| view! { " " <span class="field-optional">"optional"</span> })}
                {needed.map(|needed| view! { " " <span class="field-optional">{needed}</span> })}
            </label>
            {children()}
            <p class="field-note" id=note_id>
                {note}
            </p>
        </div>
    }
    .into_any()
}

/// The id of the hint or error that belongs to a control.
pub(crate) fn note_id(id: &str) -> String {
    format!("{id}-note")
}

/// `true` for a control that must not be left empty, as ARIA writes it; nothing where other fields can take its place.
pub(crate) fn always_needed(needed: Option<&str>) -> Option<&'static str> {
    (needed == Some("required")).then_some("true")
}

/// `true` for a control whose field shows an error, as ARIA writes it.
pub(crate) fn invalid(
    error: Signal<Option<String>>,
) -> impl Fn() -> Option<&'static str> + Send + Sync + Copy {
    move || error.with(Option::is_some).then_some("true")
}
