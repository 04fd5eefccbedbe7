//! What fills the input variables of the runbook: its own mapping, or what is written here.

use leptos::prelude::*;
use shared::api::RunbookRecord;
use shared::model::{Input, NamedTemplate, Runbook, RunbookId};

use super::draft::Draft;
use crate::client::{self, Fault};
use crate::load::Loaded;
use crate::ui::{Bound, Skeleton, TextField};

/// A field for each input variable of the runbook that was chosen.
#[component]
pub(super) fn Mapping(draft: RwSignal<Draft>) -> impl IntoView {
    let runbook = Memo::new(move |_| draft.with(|draft| draft.runbook.clone()));
    let record = Loaded::new(move || {
        let id = runbook.get();
        async move {
            match RunbookId::parse(&id) {
                Ok(id) => client::runbook(&id).await.map(Some),
                Err(_) => Ok(None),
            }
        }
    });
    (move || shown(draft, record.state.get())).into_any()
}

fn shown(draft: RwSignal<Draft>, record: Option<Result<Option<RunbookRecord>, Fault>>) -> AnyView {
    let runbook = match record {
        None => return view! { <Skeleton lines=2 /> }.into_any(),
        Some(Err(fault)) => {
            return view! { <p class="muted">{fault.to_string()}</p> }.into_any();
        }
        Some(Ok(None)) => {
            return view! {
                <p class="muted">"Choose a runbook; its input variables appear here."</p>
            }
            .into_any();
        }
        Some(Ok(Some(record))) => record.record.value,
    };
    if runbook.start.inputs.is_empty() {
        return view! { <p class="muted">"This runbook takes no input variables."</p> }.into_any();
    }
    let rows = runbook
        .start
        .inputs
        .iter()
        .map(|input| row(draft, input, &runbook))
        .collect_view();
    view! {
        <div class="stack stack-small" role="group" aria-label="Variables">
            <p class="muted">
                "A field that is left empty is filled as the runbook says on its Details tab. Tokens such as "
                {move || tokens(draft)} " are known here."
            </p>
            {rows}
        </div>
    }
    .into_any()
}

/// Examples of what templates may draw from at the event.
fn tokens(draft: RwSignal<Draft>) -> AnyView {
    let event = draft.with(|draft| draft.event);
    let record = event.record().as_str();
    let before = event
        .has_before()
        .then(|| view! { " and " <code>"<<before^id>>"</code> });
    let action = event
        .has_action()
        .then(|| view! { " and " <code>"<<action^note>>"</code> });
    let goal = event.has_goal().then(
        || view! { " and " <code>"<<sla^goal>>"</code> " and " <code>"<<sla^duedate>>"</code> },
    );
    view! { <code>{format!("<<{record}^id>>")}</code> {before} {action} {goal} }.into_any()
}

fn row(draft: RwSignal<Draft>, input: &Input, runbook: &Runbook) -> AnyView {
    let own = runbook.from_desk.iter().find(|row| row.name == input.name);
    let own = own.map(|row| row.value.clone());
    let is_needed = input.required && input.default.is_none();
    let hint = match &own {
        Some(own) => Some(format!("`{own}` where it is empty.")),
        None if is_needed => Some("Nothing else fills it, and the runbook needs it.".to_owned()),
        None => None,
    };
    let name = StoredValue::new(input.name.clone());
    let value = Bound::new(
        Memo::new(move |_| {
            draft.with(|draft| {
                let row = draft
                    .variables
                    .iter()
                    .find(|row| name.with_value(|name| row.name == *name));
                row.map(|row| row.value.clone()).unwrap_or_default()
            })
        }),
        Callback::new(move |value: String| {
            draft.update(|draft| fill(&mut draft.variables, name.get_value(), value));
        }),
    );
    let example = own.unwrap_or_else(|| "<<ticket^id>>".to_owned());
    view! {
        <TextField
            label=input.name.clone()
            value=value
            code=true
            example=example
            hint=hint
            optional=!is_needed
        />
    }
    .into_any()
}

/// An empty text leaves it to the runbook.
fn fill(rows: &mut Vec<NamedTemplate>, name: String, value: String) {
    let known = rows.iter().position(|row| row.name == name);
    match (known, value.is_empty()) {
        (Some(place), true) => _ = rows.remove(place),
        (None, true) => {}
        (Some(place), false) => {
            if let Some(row) = rows.get_mut(place) {
                row.value = value;
            }
        }
        (None, false) => rows.push(NamedTemplate { name, value }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_text_leaves_a_variable_to_the_runbook() {
        let mut rows = Vec::new();
        let mut now = |name: &str, value: &str| {
            fill(&mut rows, name.to_owned(), value.to_owned());
            let pairs = rows.iter().map(|row| (row.name.clone(), row.value.clone()));
            pairs.collect::<Vec<_>>()
        };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(now("A", ""), []);
        assert_eq!(now("A", "1"), [pair("A", "1")]);
        assert_eq!(now("B", "2"), [pair("A", "1"), pair("B", "2")]);
        assert_eq!(now("A", "3"), [pair("A", "3"), pair("B", "2")]);
        assert_eq!(now("A", ""), [pair("B", "2")]);
    }
}
