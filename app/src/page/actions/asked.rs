//! What the dialog of an action asks.

use leptos::prelude::*;
use shared::model::{ActionField, ActionFieldType, DeskAction};

use super::editor::Problems;
use crate::browser::{focus_last, without_row};
use crate::ui::field::Choice;
use crate::ui::{Bound, Button, CodeField, Icon, IconButton, SelectField, Switch, TextField};

const ROWS: &str = ".asked-row";
const ADD: &str = "add-field";

#[component]
pub(super) fn Fields(draft: RwSignal<DeskAction>, problems: Problems) -> impl IntoView {
    let count = Memo::new(move |_| draft.with(|draft| draft.fields.len()));
    let add = move |()| {
        draft.update(|draft| {
            let number = draft.fields.len() + 1;
            draft.fields.push(ActionField {
                name: format!("Field {number}"),
                ..ActionField::default()
            });
        });
        focus_last(ROWS);
    };
    view! {
        <section class="section" aria-label="What it asks">
            <h2>"What it asks"</h2>
            <div class="stack">
                <p class="muted">
                    "Its dialog shows these fields, on a ticket above the note. What is entered is kept with the action, and the runbook finds it as "
                    <code>"<<action^name>>"</code> "."
                </p>
                <ul class="asked">
                    <For each=move || 0..count.get() key=|at| *at let:at>
                        {row(draft, at, problems)}
                    </For>
                </ul>
                <div>
                    <Button id=ADD icon=Icon::Plus on_press=add>"Add a field"</Button>
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn row(draft: RwSignal<DeskAction>, at: usize, problems: Problems) -> AnyView {
    let name = bound(
        draft,
        at,
        |field| field.name.clone(),
        |field, name| field.name = name,
    );
    let label = bound(
        draft,
        at,
        |field| field.label.clone().unwrap_or_default(),
        |field, label| field.label = Some(label).filter(|label| !label.is_empty()),
    );
    let kind = bound(
        draft,
        at,
        |field| field.kind.as_str().to_owned(),
        |field, name| {
            let chosen = ActionFieldType::ALL
                .into_iter()
                .find(|one| one.as_str() == name);
            field.kind = chosen.unwrap_or_default();
            if field.kind != ActionFieldType::Choice {
                field.choices.clear();
            }
        },
    );
    // A line that is being typed may be empty; what is saved has no empty choice.
    let choices = bound(
        draft,
        at,
        |field| field.choices.join("\n"),
        |field, text| {
            field.choices = if text.is_empty() {
                Vec::new()
            } else {
                text.split('\n').map(str::to_owned).collect()
            };
        },
    );
    let default = bound(
        draft,
        at,
        |field| field.default.clone(),
        |field, default| field.default = default,
    );
    let required = bound(
        draft,
        at,
        |field| field.required,
        |field, required| field.required = required,
    );
    let is_choice = Memo::new(move |_| kind.get() == ActionFieldType::Choice.as_str());
    let is_boolean = Memo::new(move |_| kind.get() == ActionFieldType::Boolean.as_str());
    let own = Memo::new(move |_| draft.with(|draft| draft.records.as_str()));
    let hint = Signal::derive(move || {
        Some(match own.get() {
            "ticket" => "A value, or a token such as <<ticket^summary>>".to_owned(),
            own => format!("A value, or a token such as <<{own}^id>>"),
        })
    });
    let types = ActionFieldType::ALL.map(|one| Choice::new(one.as_str(), one.words()));
    let problem = move |part: &'static str| problems.at(move || format!("fields[{at}].{part}"));
    let remove = move |()| {
        without_row(ROWS, ADD, || {
            draft.update(|draft| {
                if at < draft.fields.len() {
                    draft.fields.remove(at);
                }
            });
        });
    };
    let delete = Signal::derive(move || format!("Delete the field {}", name.get()));
    view! {
        <li class="asked-row">
            <TextField label="Name" value=name error=problem("name") />
            <TextField label="Label" value=label optional=true example=name.peek() />
            <SelectField label="Type" value=kind choices=Signal::stored(types.to_vec()) />
            <TextField label="Default" code=true value=default optional=true hint=hint error=problem("default") />
            <Show when=move || !is_boolean.get() fallback=|| view! { <span></span> }>
                <Switch label="Required" value=required />
            </Show>
            <IconButton icon=Icon::Trash label=delete on_press=remove />
            <Show when=move || is_choice.get()>
                <div class="asked-choices">
                    <CodeField
                        label="Choices"
                        prose=true
                        value=choices
                        hint=Some("One a line.".to_owned())
                        error=problem("choices")
                    />
                </div>
            </Show>
        </li>
    }
    .into_any()
}

/// One member of the field at a place.
fn bound<T: Clone + PartialEq + Default + Send + Sync + 'static>(
    draft: RwSignal<DeskAction>,
    at: usize,
    read: fn(&ActionField) -> T,
    write: fn(&mut ActionField, T),
) -> Bound<T> {
    let value =
        Memo::new(move |_| draft.with(|draft| draft.fields.get(at).map(read).unwrap_or_default()));
    let change = move |value: T| {
        draft.update(|draft| {
            if let Some(field) = draft.fields.get_mut(at) {
                write(field, value);
            }
        });
    };
    Bound::new(value, Callback::new(change))
}
