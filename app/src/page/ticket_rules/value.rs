//! What a field is compared with, or set to.

use leptos::prelude::*;
use shared::desk::Resource;
use shared::desk::rule::{Test, ValueKind};

use super::editor::Known;
use crate::page::desk_names::{NameField, ShortLists};
use crate::page::records::reference::ReferenceField;
use crate::ui::field::{Choice, InstantField};
use crate::ui::id::unique_id;
use crate::ui::{Bound, Checkbox, SelectField, TextField};

/// Stands for a field that is emptied.
pub(super) const EMPTIED: &str = "-";

/// How a value is chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Control {
    Text,
    Instant,
    YesNo,
    /// One of a short list, by its id.
    Listed(&'static Resource),
    /// One of a short list, by its name.
    Named(&'static Resource),
    /// One of very many, by its id.
    Searched(&'static Resource),
}

impl Control {
    /// For a part of a name there is nothing to choose from.
    pub(super) fn of(kind: ValueKind, test: Test) -> Self {
        let is_part = matches!(
            test,
            Test::Contains | Test::NotContains | Test::StartsWith | Test::EndsWith
        );
        match kind {
            _ if is_part => Self::Text,
            ValueKind::Text | ValueKind::Number => Self::Text,
            ValueKind::Instant => Self::Instant,
            ValueKind::YesNo => Self::YesNo,
            ValueKind::Record(resource) if ShortLists::has(resource) => Self::Listed(resource),
            // Of a list of very many, the names are typed.
            ValueKind::Record(_) if test.takes_list() => Self::Text,
            ValueKind::Record(resource) => Self::Searched(resource),
            ValueKind::Name(resource) => Self::Named(resource),
        }
    }
}

const LABEL: &str = "Value";

/// One value.
#[component]
pub(super) fn ValueField(
    value: Bound<String>,
    control: Control,
    error: Signal<Option<String>>,
    known: Known,
    #[prop(optional)] may_be_emptied: bool,
) -> impl IntoView {
    match control {
        Control::Text => {
            view! { <TextField label=LABEL value=value error=error /> }.into_any()
        }
        Control::Instant => {
            let id = unique_id("rule-value");
            view! { <InstantField id=id label=LABEL value=value error=error /> }.into_any()
        }
        Control::YesNo => {
            let choices = vec![Choice::new("true", "Yes"), Choice::new("false", "No")];
            view! { <SelectField label=LABEL value=value choices=Signal::stored(choices) error=error /> }
                .into_any()
        }
        Control::Listed(resource) => {
            let choices = Signal::derive(move || {
                let list = known.lists.value().unwrap_or_default().of(resource);
                let emptied = may_be_emptied.then(|| Choice::new(EMPTIED, "None"));
                list.into_iter().chain(emptied).collect::<Vec<_>>()
            });
            // What is stored may be a name.
            let chosen = Bound::new(
                Memo::new(move |_| {
                    let value = value.get();
                    let by_name = choices.with(|choices| {
                        let mut all = choices.iter();
                        let is_it = |choice: &&Choice| {
                            choice.label.to_lowercase() == value.to_lowercase()
                        };
                        all.find(is_it).map(|choice| choice.value.clone())
                    });
                    by_name.unwrap_or(value)
                }),
                Callback::new(move |chosen| value.set(chosen)),
            );
            view! { <SelectField label=LABEL value=chosen choices=choices error=error /> }.into_any()
        }
        Control::Named(resource) => {
            view! { <NameField label=LABEL value=value of=Signal::stored(Some(resource)) error=error /> }
                .into_any()
        }
        Control::Searched(resource) => {
            let id = value.part(
                |text| text.parse().ok(),
                |text, id: Option<u64>| *text = id.map(|id| id.to_string()).unwrap_or_default(),
            );
            view! { <ReferenceField label=LABEL to=resource value=id error=error /> }.into_any()
        }
    }
}

/// Several values.
#[component]
pub(super) fn ListField(
    value: Bound<Vec<String>>,
    control: Control,
    error: Signal<Option<String>>,
    known: Known,
) -> impl IntoView {
    let (resource, by_name) = match control {
        Control::Listed(resource) => (resource, false),
        Control::Named(resource) => (resource, true),
        _ => return typed_list(value, error),
    };
    let boxes = move || {
        let lists = known.lists.value().unwrap_or_default();
        let choices = if by_name {
            lists.by_name(resource)
        } else {
            lists.of(resource)
        };
        let one = |choice: Choice| {
            let own = StoredValue::new(choice.clone());
            let is_own = move |text: &String| {
                own.with_value(|own| {
                    *text == own.value || text.to_lowercase() == own.label.to_lowercase()
                })
            };
            let ticked = value.part(
                move |values| values.iter().any(is_own),
                move |values, on| {
                    values.retain(|value| !is_own(value));
                    if on {
                        values.push(own.with_value(|own| own.value.clone()));
                    }
                },
            );
            view! { <Checkbox label=choice.label value=ticked /> }
        };
        choices.into_iter().map(one).collect_view()
    };
    let problem = move || {
        error
            .get()
            .map(|error| view! { <p class="field-error">{error}</p> })
    };
    view! {
        <fieldset class="field">
            <legend class="field-label">{LABEL}</legend>
            <div class="row row-wrap">{boxes}</div>
            {problem}
        </fieldset>
    }
    .into_any()
}

/// Texts between commas. What is typed stays as it is typed: a comma at its end is the beginning of the next one.
fn typed_list(value: Bound<Vec<String>>, error: Signal<Option<String>>) -> AnyView {
    let typed = RwSignal::new(value.peek().join(", "));
    let text = Bound::new(
        typed,
        Callback::new(move |text: String| {
            let parts = text.split(',').map(|part| part.trim().to_owned());
            value.set(parts.filter(|part| !part.is_empty()).collect());
            typed.set(text);
        }),
    );
    let hint = Some("Separate several with commas.".to_owned());
    view! { <TextField label=LABEL value=text hint=hint error=error /> }.into_any()
}
