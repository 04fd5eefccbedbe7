//! One field of an action's dialog, by its type.

use leptos::prelude::*;
use shared::model::{ActionField, ActionFieldType};

use super::draft::Asked;
use crate::ui::field::{Choice, InstantField};
use crate::ui::id::unique_id;
use crate::ui::{Bound, Checkbox, CodeField, SelectField, TextField};

/// The control of a field.
pub(super) fn field(field: ActionField, asked: Asked) -> AnyView {
    let label = field.label().to_owned();
    let (text, error) = (RwSignal::from(asked.text), RwSignal::from(asked.error));
    // What was told of a text is told until another one is typed.
    let change = move |typed: String| {
        error.set(None);
        text.set(typed);
    };
    let value = Bound::new(text, Callback::new(change));
    let optional = !field.required;
    match field.kind {
        ActionFieldType::Text | ActionFieldType::Integer | ActionFieldType::Decimal => {
            let example = match field.kind {
                ActionFieldType::Integer => Some("42".to_owned()),
                ActionFieldType::Decimal => Some("0.5".to_owned()),
                _ => None,
            };
            view! {
                <TextField label=label value=value error=error optional=optional hint=example.map(|example| format!("A number, such as {example}")) />
            }
            .into_any()
        }
        ActionFieldType::LongText => view! {
            <CodeField label=label prose=true value=value error=error optional=optional />
        }
        .into_any(),
        ActionFieldType::Boolean => {
            let ticked = value.part(
                |text| text == "true",
                |text, on| if on { "true" } else { "false" }.clone_into(text),
            );
            view! { <Checkbox label=label value=ticked /> }.into_any()
        }
        ActionFieldType::DateTime => view! {
            <InstantField id=unique_id("instant") label=label value=value error=error optional=optional />
        }
        .into_any(),
        ActionFieldType::Choice => {
            let none = optional.then(|| Choice::new("", "None"));
            let choices = field
                .choices
                .into_iter()
                .map(|one| Choice::new(one.clone(), one));
            let choices: Vec<Choice> = none.into_iter().chain(choices).collect();
            view! {
                <SelectField label=label value=value choices=Signal::stored(choices) error=error optional=optional />
            }
            .into_any()
        }
    }
}
