//! What fills the input variables of a runbook that something starts: its own mapping, or what is written here.

use leptos::prelude::*;
use shared::api::RunbookRecord;
use shared::model::{Input, NamedTemplate, Runbook, RunbookId};

use crate::client::{self, Fault};
use crate::load::Loaded;
use crate::page::tokens::Tokens;
use crate::ui::{Bound, Skeleton, TextField};

/// A field for each input variable of the runbook that was chosen.
#[component]
pub fn Filling(
    /// Its id; empty while none is chosen.
    #[prop(into)]
    runbook: Signal<String>,
    rows: Bound<Vec<NamedTemplate>>,
    /// What the templates may draw from, each with what it stands for.
    #[prop(into)]
    tokens: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let runbook = Memo::new(move |_| runbook.get());
    let record = Loaded::new(move || {
        let id = runbook.get();
        async move {
            match RunbookId::parse(&id) {
                Ok(id) => client::runbook(&id).await.map(Some),
                Err(_) => Ok(None),
            }
        }
    });
    (move || shown(rows, tokens, record.state.get())).into_any()
}

fn shown(
    rows: Bound<Vec<NamedTemplate>>,
    tokens: Signal<Vec<(String, String)>>,
    record: Option<Result<Option<RunbookRecord>, Fault>>,
) -> AnyView {
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
    let inputs = runbook.start.inputs.iter();
    let fields = inputs
        .map(|input| row(rows, input, &runbook))
        .collect_view();
    view! {
        <div class="stack stack-small" role="group" aria-label="Variables">
            <p class="muted">
                "A field that is left empty is filled as the runbook says on its Details tab."
            </p>
            {fields}
            <Tokens title="Tokens that can be used here" tokens=tokens />
        </div>
    }
    .into_any()
}

fn row(rows: Bound<Vec<NamedTemplate>>, input: &Input, runbook: &Runbook) -> AnyView {
    let own = runbook.from_desk.iter().find(|row| row.name == input.name);
    let own = own.map(|row| row.value.clone());
    let is_needed = input.required && input.default.is_none();
    let hint = match &own {
        Some(own) => Some(format!("`{own}` where it is empty.")),
        None if is_needed => Some("Nothing else fills it, and the runbook needs it.".to_owned()),
        None => None,
    };
    let name = StoredValue::new(input.name.clone());
    let value = rows.part(
        move |rows| {
            let mut rows = rows.iter();
            let row = rows.find(|row| name.with_value(|name| row.name == *name));
            row.map(|row| row.value.clone()).unwrap_or_default()
        },
        move |rows, value: String| fill(rows, name.get_value(), value),
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
