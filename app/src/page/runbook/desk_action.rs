//! A step that changes or reads a desk: which action, at which desk, with what JSON.

use leptos::prelude::*;
use shared::desk::operation::{Key, check, holds_key, keys, label, starting_body, with_key};
use shared::model::{DeskOperation, IntegrationId, StepId, StepKind};
use shared::template::{Context, Template};

use super::draft::step_field;
use super::step_panel::{TimeLimit, outputs, retry, time_limit};
use crate::chart::Chart;
use crate::ui::field::Choice;
use crate::ui::{Bound, CodeField, Combobox, Icon, IconButton, SelectField, TextField, announce};

pub(super) fn desk_action(chart: Chart, id: &StepId) -> AnyView {
    let operation = step_field(
        chart,
        id,
        "Choose a Halo API action",
        |step| match &step.kind {
            StepKind::DeskAction { action, .. } => label(*action).to_owned(),
            _ => String::new(),
        },
        |step, name| {
            let chosen = of_label(&name);
            if let (StepKind::DeskAction { action, body, .. }, Some(chosen)) =
                (&mut step.kind, chosen)
            {
                // What was not touched yet may be replaced; what was written is kept.
                if *body == starting_body(*action) || body.trim().is_empty() {
                    *body = starting_body(chosen);
                }
                *action = chosen;
            }
        },
    );
    let body = step_field(
        chart,
        id,
        "Change the body",
        |step| match &step.kind {
            StepKind::DeskAction { body, .. } => body.clone(),
            _ => String::new(),
        },
        |step, text| {
            if let StepKind::DeskAction { body, .. } = &mut step.kind {
                *body = text;
            }
        },
    );
    let chosen = Memo::new(move |_| of_label(&operation.get()));
    let choices = DeskOperation::ALL
        .map(|operation| Choice::new(label(operation), label(operation)))
        .to_vec();
    let writes = Memo::new(move |_| {
        chosen
            .get()
            .is_some_and(|operation| operation.http_method().permits_body())
    });
    view! {
        <Combobox label="Halo API action" value=operation choices=Signal::stored(choices) />
        {target(chart, id)}
        <Show
            when=move || writes.get()
            fallback=|| view! { <p class="muted">"This action only reads: it takes no JSON."</p> }
        >
            <Body body=body chosen=chosen />
        </Show>
        {outputs(chart, id)}
        {time_limit(chart, id, TimeLimit::of_request("For the whole answer. 30 seconds where nothing is set."))}
        {retry(chart, id, "Do not try again")}
    }
    .into_any()
}

fn of_label(name: &str) -> Option<DeskOperation> {
    DeskOperation::ALL
        .into_iter()
        .find(|operation| label(*operation) == name)
}

/// Which desk: one's own, or an integration that is marked as a Halo instance.
fn target(chart: Chart, id: &StepId) -> AnyView {
    const OWN: &str = "";
    let target = step_field(
        chart,
        id,
        "Choose a desk",
        |step| match &step.kind {
            StepKind::DeskAction {
                target: Some(target),
                ..
            } => target.to_string(),
            _ => OWN.to_owned(),
        },
        |step, value| {
            if let StepKind::DeskAction { target, .. } = &mut step.kind {
                *target = IntegrationId::parse(&value).ok();
            }
        },
    );
    let choices = Signal::derive(move || {
        let mut choices = vec![Choice::new(OWN, "This desk")];
        chart.integrations.with(|all| {
            let chosen = target.get();
            choices.extend(
                all.iter()
                    .filter(|one| one.halo || one.id.as_str() == chosen)
                    .map(|one| Choice::new(one.id.to_string(), one.name.clone())),
            );
        });
        choices
    });
    view! {
        <SelectField
            label="At"
            value=target
            choices=choices
            hint=Some("An integration is offered here once it is marked as a Halo instance.".to_owned())
        />
    }
    .into_any()
}

#[component]
fn Body(body: Bound<String>, chosen: Memo<Option<DeskOperation>>) -> impl IntoView {
    let fault = Memo::new(move |_| match Template::parse(&body.get(), Context::Json) {
        Err(error) => Some((Some(error.at()), error.to_string())),
        Ok(template) => {
            let problems = check(chosen.get()?, &template);
            problems
                .first()
                .map(|problem| (None, problem.message.clone()))
        }
    });
    view! {
        <CodeField
            label="Body (JSON)"
            value=body
            fault=Signal::derive(move || fault.get().and_then(|(at, _)| at))
            error=Signal::derive(move || fault.get().map(|(_, text)| text))
        />
        <Keys body=body chosen=chosen />
    }
    .into_any()
}

/// The keys that the action's JSON may have, to look up and to put in.
#[component]
fn Keys(body: Bound<String>, chosen: Memo<Option<DeskOperation>>) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let words = search.get().to_lowercase();
        let all = chosen.get().map(keys).unwrap_or_default();
        all.into_iter()
            .filter(|key| {
                let text = format!("{} {}", key.name, key.about).to_lowercase();
                words.split_whitespace().all(|word| text.contains(word))
            })
            .collect::<Vec<_>>()
    });
    let row = move |key: Key| {
        let name = key.name;
        let about = if key.about.is_empty() {
            key.expected.to_owned()
        } else {
            format!("{} · {}", key.about, key.expected)
        };
        let required = key
            .required
            .then_some(view! { <span class="muted">"required"</span> });
        let held = Memo::new(move |_| body.signal().with(|body| holds_key(body, name)));
        let insert_label = Signal::derive(move || {
            if held.get() {
                format!("{name} is in the JSON already")
            } else {
                format!("Put in {name}")
            }
        });
        let insert = move |()| {
            if let Some(text) = with_key(&body.peek(), &key) {
                body.set(text);
                announce(format!("Added {name}"));
            }
        };
        view! {
            <li class="key-row">
                <span class="key-words">
                    <code>{name}</code> " " {required}
                    <span class="muted key-about">{about}</span>
                </span>
                <IconButton icon=Icon::Plus label=insert_label idle=held on_press=insert />
            </li>
        }
    };
    view! {
        <details class="more desk-keys">
            <summary>"Keys of this JSON"</summary>
            <TextField label="Search the keys" value=search example="address" />
            <ul class="key-list">{move || found.get().into_iter().map(row).collect_view()}</ul>
            <Show when=move || found.with(Vec::is_empty)>
                <p class="muted">"No key fits. Other keys can be written by hand: the desk keeps them."</p>
            </Show>
        </details>
    }
    .into_any()
}
