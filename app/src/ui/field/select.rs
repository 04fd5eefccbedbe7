//! One of a few.

use super::{Field, invalid, note_id};
use crate::ui::{Bound, Icon, IconView, id::unique_id};
use leptos::prelude::*;

/// One thing that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is kept.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// Shown in grey behind the label, where there is room.
    pub note: String,
}

impl Choice {
    /// A choice without a note.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            note: String::new(),
        }
    }

    /// The same with a note.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

/// A field whose list the browser opens. A value that is not among the choices is shown as itself.
#[component]
pub fn SelectField(
    #[prop(into)] label: String,
    #[prop(into)] value: Bound<String>,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
    #[prop(optional)] hide_label: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Given when something else moves focus here.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| unique_id("select"));
    let note = note_id(&id);
    let options = move || {
        let chosen = value.get();
        let mut choices = choices.get();
        if !choices.iter().any(|choice| choice.value == chosen) {
            let label = if chosen.is_empty() {
                "Choose one".to_owned()
            } else {
                chosen.clone()
            };
            choices.insert(0, Choice::new(chosen.clone(), label));
        }
        choices
            .into_iter()
            .map(|choice| {
                let selected = choice.value == chosen;
                view! { <option value=choice.value prop:selected=selected>{choice.label}</option> }
            })
            .collect_view()
            .into_any()
    };
    view! {
        <Field label=label id=id.clone() hint=hint error=error optional=optional hide_label=hide_label>
            <span class="select">
                <select
                    class="input"
                    id=id
                    aria-describedby=note
                    aria-invalid=invalid(error)
                    disabled=move || disabled.get()
                    on:change=move |event| value.set(event_target_value(&event))
                >
                    {options}
                </select>
                <IconView icon=Icon::ChevronDown />
            </span>
        </Field>
    }
    .into_any()
}

/// Two to five choices side by side: radio buttons that look like one control.
#[component]
pub fn Segments(
    #[prop(into)] label: String,
    #[prop(into)] value: Bound<String>,
    choices: Vec<Choice>,
    #[prop(optional)] hide_label: bool,
) -> impl IntoView {
    let name = unique_id("segments");
    let legend_class = if hide_label {
        "visually-hidden"
    } else {
        "field-label"
    };
    let items = choices
        .into_iter()
        .map(|choice| {
            let own = StoredValue::new(choice.value);
            view! {
                <label class="segment">
                    <input
                        type="radio"
                        class="visually-hidden"
                        name=name.clone()
                        prop:checked=move || own.with_value(|own| value.get() == *own)
                        on:change=move |_| value.set(own.get_value())
                    />
                    <span>{choice.label}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field">
            <legend class=legend_class>{label}</legend>
            <div class="segments">{items}</div>
        </fieldset>
    }
    .into_any()
}
