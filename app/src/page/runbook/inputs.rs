//! The input variables: what a start brings, from the public request or from the desk.

use leptos::prelude::*;
use shared::model::{DeskAction, Input, NamedTemplate, Runbook, VariableType};
use shared::output::Source;

use super::sections;
use crate::browser::{focus_last, without_row};
use crate::chart::Chart;
use crate::client;
use crate::load::Loaded;
use crate::page::drafting::field;
use crate::page::tokens::{Tokens, action_tokens};
use crate::ui::field::Choice;
use crate::ui::{
    Bound, Button, Icon, IconButton, SelectField, Switch, TextField, announce, toast_undo,
};

const TYPES: [(VariableType, &str); 7] = [
    (VariableType::String, "string"),
    (VariableType::Integer, "integer"),
    (VariableType::Decimal, "decimal"),
    (VariableType::Boolean, "boolean"),
    (VariableType::DateTime, "date-time"),
    (VariableType::Object, "object"),
    (VariableType::Array, "array"),
];

const ROWS: &str = ".input-row";
const ADD: &str = "add-input";

/// The table of inputs, one row each, with both places that fill it.
#[component]
pub(super) fn Inputs(chart: Chart) -> impl IntoView {
    let count = Memo::new(move |_| chart.draft.with(|draft| draft.start.inputs.len()));
    let add = move |()| {
        chart.change("Add an input variable", None, |draft| {
            let number = draft.start.inputs.len() + 1;
            draft.start.inputs.push(Input {
                name: format!("Input{number}"),
                value: String::new(),
                variable_type: VariableType::String,
                required: true,
                default: None,
            });
        });
        focus_last(ROWS);
    };
    let actions = Loaded::new(client::desk_actions);
    let tokens = Memo::new(move |_| {
        let id = chart.draft.with(|draft| draft.id.clone());
        let actions = actions.value().map(|list| list.items).unwrap_or_default();
        let actions = actions.into_iter().map(|record| record.record.value);
        desk_tokens(
            &actions
                .filter(|action| action.queues() == Some(&id))
                .collect::<Vec<_>>(),
        )
    });
    view! {
        <section class="stack" id=sections::INPUTS.id>
            <h2>"Input variables"</h2>
            <p class="muted">
                "Steps use them as "<code>"<<Name>>"</code>
                ". A public start fills them from what was sent, a start from the desk from the ticket and the action."
            </p>
            <ul class="inputs">
                {move || (0..count.get()).map(|index| row(chart, index)).collect_view()}
            </ul>
            <div>
                <Button small=true icon=Icon::Plus id=ADD on_press=add>"Add an input variable"</Button>
            </div>
            <Tokens title="What the desk can fill in" tokens=tokens />
        </section>
    }
    .into_any()
}

/// What the actions that start the runbook bring along; where there is none, what every action on a ticket does.
fn desk_tokens(actions: &[DeskAction]) -> Vec<(String, String)> {
    if actions.is_empty() {
        return action_tokens(&DeskAction::default());
    }
    let mut tokens: Vec<(String, String)> = Vec::new();
    for (token, from) in actions.iter().flat_map(action_tokens) {
        if tokens.iter().all(|(known, _)| *known != token) {
            tokens.push((token, from));
        }
    }
    tokens
}

fn row(chart: Chart, index: usize) -> AnyView {
    let name = field(
        chart,
        "Rename an input variable",
        Some("input name"),
        move |draft| with(draft, index, |input| input.name.clone()),
        move |draft, name| rename(draft, index, name),
    );
    let path = field(
        chart,
        "Change where an input comes from",
        Some("input path"),
        move |draft| with(draft, index, |input| input.value.clone()),
        move |draft, value| change(draft, index, |input| input.value = value),
    );
    let path_error = Signal::derive(move || {
        let path = path.get();
        if path.is_empty() {
            return None;
        }
        Source::parse_from("request", &path)
            .err()
            .map(|e| e.to_string())
    });
    let type_name = field(
        chart,
        "Change an input's type",
        None,
        move |draft| {
            with(draft, index, |input| {
                TYPES
                    .iter()
                    .find(|(kind, _)| *kind == input.variable_type)
                    .map_or("string", |(_, name)| name)
                    .to_owned()
            })
        },
        move |draft, name: String| {
            if let Some((kind, _)) = TYPES.iter().find(|(_, other)| *other == name) {
                change(draft, index, |input| input.variable_type = *kind);
            }
        },
    );
    let required = field(
        chart,
        "Change whether an input is required",
        None,
        move |draft| with(draft, index, |input| input.required),
        move |draft, required| change(draft, index, |input| input.required = required),
    );
    let from_desk = from_desk(chart, index);
    let public = Memo::new(move |_| {
        chart
            .draft
            .with(|draft| draft.start.access == shared::model::Access::DeskAndPublic)
    });
    let types = TYPES.map(|(_, name)| Choice::new(name, name)).to_vec();
    let label = Signal::derive(move || format!("Delete {}", name.get()));
    view! {
        <li class="input-row">
            <TextField label="Name" value=name />
            <SelectField label="Type" value=type_name choices=Signal::stored(types) />
            <Show when=move || public.get()>
                <TextField
                    label="From the public request"
                    code=true
                    example="request^ticket_id"
                    value=path
                    error=path_error
                />
            </Show>
            <TextField
                label="From the desk"
                code=true
                example="<<ticket^id>>"
                value=from_desk
                optional=true
            />
            <Switch label="Required" value=required />
            <IconButton
                icon=Icon::Trash
                label=label
                on_press=move |()| {
                    without_row(ROWS, ADD, || {
                        delete(chart, index);
                    });
                }
            />
        </li>
    }
    .into_any()
}

/// The template that fills the input on a start from the desk.
fn from_desk(chart: Chart, index: usize) -> Bound<String> {
    field(
        chart,
        "Change what the desk fills in",
        Some("from desk"),
        move |draft| {
            let name = with(draft, index, |input| input.name.clone());
            draft
                .from_desk
                .iter()
                .find(|mapping| mapping.name == name)
                .map(|mapping| mapping.value.clone())
                .unwrap_or_default()
        },
        move |draft, value| {
            let name = with(draft, index, |input| input.name.clone());
            let mapping = draft.from_desk.iter_mut().find(|m| m.name == name);
            match (mapping, value.is_empty()) {
                (_, true) => draft.from_desk.retain(|m| m.name != name),
                (Some(mapping), false) => mapping.value = value,
                (None, false) => draft.from_desk.push(NamedTemplate { name, value }),
            }
        },
    )
}

fn with<T: Default>(draft: &Runbook, index: usize, read: impl FnOnce(&Input) -> T) -> T {
    draft.start.inputs.get(index).map(read).unwrap_or_default()
}

fn change(draft: &mut Runbook, index: usize, change: impl FnOnce(&mut Input)) {
    if let Some(input) = draft.start.inputs.get_mut(index) {
        change(input);
    }
}

/// The mapping from the desk keeps to its input.
fn rename(draft: &mut Runbook, index: usize, name: String) {
    let before = with(draft, index, |input| input.name.clone());
    for mapping in draft.from_desk.iter_mut().filter(|m| m.name == before) {
        mapping.name.clone_from(&name);
    }
    change(draft, index, |input| input.name = name);
}

/// Deletes at once, and offers to take it back, whatever else was changed meanwhile.
fn delete(chart: Chart, index: usize) {
    let taken = chart.change("Delete an input variable", None, |draft| take(draft, index));
    let Some(taken) = taken else {
        return;
    };
    let name = taken.input.name.clone();
    toast_undo(format!("Deleted {name}"), move || {
        // The offer outlives the page.
        if !chart.draft.is_disposed() {
            let taken = taken.clone();
            chart.change("Bring back an input variable", None, |draft| {
                put_back(draft, taken);
            });
            announce(format!("{name} is there again"));
        }
    });
}

/// An input variable that was deleted, with what belongs to it.
#[derive(Debug, Clone, PartialEq)]
struct Taken {
    index: usize,
    input: Input,
    from_desk: Vec<NamedTemplate>,
}

fn take(draft: &mut Runbook, index: usize) -> Option<Taken> {
    if index >= draft.start.inputs.len() {
        return None;
    }
    let input = draft.start.inputs.remove(index);
    let (from_desk, others) = std::mem::take(&mut draft.from_desk)
        .into_iter()
        .partition(|mapping| mapping.name == input.name);
    draft.from_desk = others;
    Some(Taken {
        index,
        input,
        from_desk,
    })
}

/// Unless it is there again already: the chart has an undo of its own, and the draft may have been discarded.
fn put_back(draft: &mut Runbook, taken: Taken) {
    let mut inputs = draft.start.inputs.iter();
    if inputs.any(|input| input.name == taken.input.name) {
        return;
    }
    let index = taken.index.min(draft.start.inputs.len());
    draft.start.inputs.insert(index, taken.input);
    draft.from_desk.extend(taken.from_desk);
}

#[cfg(test)]
mod tests {
    use shared::model::strict;

    use super::*;

    #[test]
    fn an_input_variable_comes_back_to_its_place_with_what_fills_it() {
        let written = br#"{"id": "rb", "name": "R", "start": {"inputs": [
            {"name": "A", "type": "string"}, {"name": "B", "type": "integer"}]},
            "from_desk": [{"name": "B", "value": "<<ticket^id>>"}, {"name": "A", "value": "a"}]}"#;
        let before: Runbook = strict::from_slice(written).unwrap();
        let mut draft = before.clone();
        assert_eq!(take(&mut draft, 2), None);
        let taken = take(&mut draft, 0).unwrap();
        assert_eq!((draft.start.inputs.len(), draft.from_desk.len()), (1, 1));
        put_back(&mut draft, taken.clone());
        put_back(&mut draft, taken);
        assert_eq!(draft, before, "once, and in its place");

        // The others may have gone meanwhile.
        let last = take(&mut draft, 1).unwrap();
        take(&mut draft, 0).unwrap();
        put_back(&mut draft, last);
        assert_eq!(with(&draft, 0, |input| input.name.clone()), "B");
        assert_eq!(draft.from_desk.len(), 1);
    }
}
