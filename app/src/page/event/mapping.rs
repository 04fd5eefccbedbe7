//! What fills the input variables of the runbook: its own mapping, or what is written here.

use leptos::prelude::*;
use shared::api::RunbookRecord;
use shared::model::{Input, NamedTemplate, Runbook, RunbookId};

use crate::client::{self, Fault};
use crate::load::Loaded;
use crate::ui::{Bound, Skeleton, TextField};

/// A field for each input variable of the runbook that was chosen; `tokens` are examples of what is known.
#[component]
pub fn Mapping(
    #[prop(into)] runbook: Signal<String>,
    variables: Bound<Vec<NamedTemplate>>,
    #[prop(into)] tokens: Signal<Vec<String>>,
) -> impl IntoView {
    let record = Loaded::new(move || {
        let id = runbook.get();
        async move {
            match RunbookId::parse(&id) {
                Ok(id) => client::runbook(&id).await.map(Some),
                Err(_) => Ok(None),
            }
        }
    });
    (move || shown(variables, tokens, record.state.get())).into_any()
}

fn shown(
    variables: Bound<Vec<NamedTemplate>>,
    tokens: Signal<Vec<String>>,
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
    let rows = runbook
        .start
        .inputs
        .iter()
        .map(|input| row(variables, input, &runbook))
        .collect_view();
    view! {
        <div class="stack stack-small" role="group" aria-label="Variables">
            <p class="muted">
                "A field that is left empty is filled as the runbook says on its Details tab. Tokens such as "
                {move || examples(&tokens.get())} " are known here."
            </p>
            {rows}
        </div>
    }
    .into_any()
}

fn examples(tokens: &[String]) -> AnyView {
    let mut examples = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let joint = match place {
            0 => "",
            place if place + 1 == tokens.len() => " and ",
            _ => ", ",
        };
        examples.push(view! { {joint} <code>{token.clone()}</code> });
    }
    examples.collect_view().into_any()
}

fn row(variables: Bound<Vec<NamedTemplate>>, input: &Input, runbook: &Runbook) -> AnyView {
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
            let rows = variables.get();
            let row = rows
                .iter()
                .find(|row| name.with_value(|name| row.name == *name));
            row.map(|row| row.value.clone()).unwrap_or_default()
        }),
        Callback::new(move |value: String| {
            variables.update(|rows| fill(rows, name.get_value(), value));
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
