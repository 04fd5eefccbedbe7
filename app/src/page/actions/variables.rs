//! What an action hands to its runbook: the runbook's own mapping, which it overrides variable by variable.

use leptos::prelude::*;
use shared::action;
use shared::model::{DeskAction, Input, NamedTemplate, Runbook};

use crate::client;
use crate::load::Loaded;
use crate::page::tokens::{Tokens, action_tokens};
use crate::ui::{Bound, EmptyState, Icon, IconButton, Notice, Skeleton, TextField, Tone};

#[component]
pub(super) fn Variables(draft: RwSignal<DeskAction>) -> impl IntoView {
    let chosen = Memo::new(move |_| draft.with(|draft| draft.queues().cloned()));
    let runbook = Loaded::new(move || {
        let chosen = chosen.get();
        async move {
            match chosen {
                Some(id) => client::runbook(&id)
                    .await
                    .map(|record| Some(record.record.value)),
                None => Ok(None),
            }
        }
    });
    let body = move || match runbook.state.get() {
        None => view! { <Skeleton lines=3 /> }.into_any(),
        Some(Err(fault)) => {
            view! { <Notice tone=Tone::Bad>{fault.to_string()}</Notice> }.into_any()
        }
        Some(Ok(None)) => ().into_any(),
        Some(Ok(Some(runbook))) => table(draft, &runbook),
    };
    let tokens = Memo::new(move |_| draft.with(action_tokens));
    view! {
        <section class="section" aria-label="Variables">
            <h2>"Variables"</h2>
            <div class="stack">
                <p class="muted">
                    "What fills the runbook's input variables when this action starts it. What is left empty is filled as the runbook says itself."
                </p>
                {body}
                <Tokens title="Tokens that can be used here" tokens=tokens />
            </div>
        </section>
    }
    .into_any()
}

fn table(draft: RwSignal<DeskAction>, runbook: &Runbook) -> AnyView {
    let inputs = &runbook.start.inputs;
    let names: Vec<String> = inputs.iter().map(|input| input.name.clone()).collect();
    // Rows that no input takes, because the runbook has changed.
    let beyond = {
        let names = names.clone();
        move || {
            let rows = draft.with(|draft| draft.variables.clone());
            rows.into_iter()
                .map(|row| row.name)
                .filter(|name| !names.contains(name))
                .map(|name| leftover(draft, name))
                .collect_view()
        }
    };
    let whole = runbook.clone();
    let lacks = move || {
        let lacking = draft.with(|draft| {
            action::problems(draft, &whole)
                .into_iter()
                .find(|problem| problem.detail.code == "input_missing")
        });
        lacking.map(|problem| {
            view! { <Notice tone=Tone::Warning>{crate::ui::error_words(&problem.detail.message)}</Notice> }
        })
    };
    if names.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Runbooks
                title="It takes no input variables"
                text="The runbook works with the record and the action alone. Input variables are added on its Details tab."
            />
            <ul class="asked">{beyond}</ul>
        }
        .into_any();
    }
    let rows = inputs
        .iter()
        .map(|input| {
            let default = runbook.from_desk.iter().find(|row| row.name == input.name);
            row(draft, input, default)
        })
        .collect_view();
    view! {
        <ul class="asked">{rows} {beyond}</ul>
        <div role="status">{lacks}</div>
    }
    .into_any()
}

fn row(draft: RwSignal<DeskAction>, input: &Input, default: Option<&NamedTemplate>) -> AnyView {
    let hint = match (default, &input.default, input.required) {
        (Some(row), _, _) => format!("Else {}, as the runbook says", row.value),
        (None, Some(default), _) => format!("Else its default, {default}"),
        (None, None, true) => "The runbook needs it and does not fill it itself".to_owned(),
        (None, None, false) => "Else it is left out".to_owned(),
    };
    let needed =
        (default.is_none() && input.default.is_none() && input.required).then_some("required");
    let example = default.map(|row| row.value.clone()).unwrap_or_default();
    view! {
        <li>
            <TextField
                label=input.name.clone()
                code=true
                value=value_of(draft, input.name.clone())
                hint=Some(hint)
                needed=needed
                example=example
            />
        </li>
    }
    .into_any()
}

/// The action's own value for a variable; the empty text takes its row out.
fn value_of(draft: RwSignal<DeskAction>, name: String) -> Bound<String> {
    let own = StoredValue::new(name);
    let is_own = move |row: &NamedTemplate| own.with_value(|own| row.name == *own);
    let value = Memo::new(move |_| {
        draft.with(|draft| {
            let row = draft.variables.iter().find(|row| is_own(row));
            row.map(|row| row.value.clone()).unwrap_or_default()
        })
    });
    let change = move |value: String| {
        draft.update(|draft| {
            let found = draft.variables.iter_mut().find(|row| is_own(row));
            match (found, value.is_empty()) {
                (_, true) => draft.variables.retain(|row| !is_own(row)),
                (Some(row), false) => row.value = value,
                (None, false) => draft.variables.push(NamedTemplate {
                    name: own.get_value(),
                    value,
                }),
            }
        });
    };
    Bound::new(value, Callback::new(change))
}

fn leftover(draft: RwSignal<DeskAction>, name: String) -> AnyView {
    let label = format!("Remove {name}");
    let words = format!("{name}: the runbook has no such input variable.");
    let remove = move |()| draft.update(|draft| draft.variables.retain(|row| row.name != name));
    view! {
        <li class="row">
            <span>{words}</span>
            <IconButton icon=Icon::Trash label=label on_press=remove />
        </li>
    }
    .into_any()
}
