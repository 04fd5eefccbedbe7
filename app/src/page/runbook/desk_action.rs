//! A step that changes or reads a desk: which action, at which desk, with what JSON.

use leptos::prelude::*;
use shared::desk::operation::{check, label, starting_body};
use shared::model::{DeskOperation, IntegrationId, Step, StepId, StepKind};
use shared::template::{Context, Template};

use super::desk_keys::Keys;
use super::places::id;
use super::step_panel::{TimeLimit, outputs, retry, time_limit};
use crate::chart::Chart;
use crate::page::drafting::step_field;
use crate::ui::field::Choice;
use crate::ui::{Bound, Button, CodeField, Combobox, SelectField};

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
            let Step {
                name: step_name,
                kind,
                ..
            } = step;
            if let (StepKind::DeskAction { action, body, .. }, Some(chosen)) = (kind, chosen) {
                // A step that nobody gave a name is called by what it does.
                if step_name.is_empty() || *step_name == label(*action) {
                    label(chosen).clone_into(step_name);
                }
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
    let target_of = target_field(chart, id);
    let own = Memo::new(move |_| target_of.get() == OWN);
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
        {target(chart, target_of)}
        <Show
            when=move || writes.get()
            fallback=|| view! { <p class="muted">"This action only reads: it takes no JSON."</p> }
        >
            <Body body=body chosen=chosen own=own />
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
fn target_field(chart: Chart, id: &StepId) -> Bound<String> {
    step_field(
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
    )
}

/// Stands for one's own desk among the integrations.
const OWN: &str = "";

fn target(chart: Chart, target: Bound<String>) -> AnyView {
    let choices = Signal::derive(move || {
        let mut choices = vec![Choice::new(OWN, "This desk")];
        chart.known.with(|all| {
            let chosen = target.get();
            choices.extend(
                all.iter()
                    .filter(|one| one.halo || one.id.as_str() == chosen)
                    .map(|one| Choice::new(one.id.to_string(), one.name.clone())),
            );
        });
        choices
    });
    let hint = Signal::derive(move || {
        let id = target.get();
        if id == OWN {
            return Some(
                "An integration is offered here once it is marked as a Halo instance.".to_owned(),
            );
        }
        let name = chart.known.with(|all| {
            let found = all.iter().find(|one| one.id.as_str() == id);
            found.map_or(id, |one| one.name.clone())
        });
        Some(format!(
            "The ids of a ticket, such as <<ticket^client_id>>, are this desk's: {name} has others. Look those up there by an earlier step."
        ))
    });
    view! {
        <SelectField label="At" id=id::TARGET value=target choices=choices hint=hint />
    }
    .into_any()
}

#[component]
fn Body(
    body: Bound<String>,
    chosen: Memo<Option<DeskOperation>>,
    own: Memo<bool>,
) -> impl IntoView {
    let fault = Memo::new(move |_| match Template::parse(&body.get(), Context::Json) {
        Err(error) => Some((Some(error.at()), error.to_string())),
        Ok(template) => {
            let problems = check(chosen.get()?, &template);
            problems
                .first()
                .map(|problem| (None, problem.message.clone()))
        }
    });
    // What was written is kept when another action is chosen; that one's own JSON is a button away.
    let is_other = Memo::new(move |_| {
        chosen.get().is_some_and(|chosen| {
            let body = body.get();
            DeskOperation::ALL
                .into_iter()
                .all(|operation| body != starting_body(operation))
                && !lacks_nothing(chosen, &body)
        })
    });
    let offer = move || {
        is_other.get().then(|| {
            let start = move |()| {
                if let Some(chosen) = chosen.get_untracked() {
                    body.set(starting_body(chosen));
                }
            };
            view! { <Button small=true on_press=start>"Begin with the JSON of this action"</Button> }
        })
    };
    view! {
        <CodeField
            label="Body (JSON)"
            id=id::BODY
            value=body
            fault=Signal::derive(move || fault.get().and_then(|(at, _)| at))
            error=Signal::derive(move || fault.get().map(|(_, text)| text))
        />
        {offer}
        <Keys body=body chosen=chosen own=own />
    }
    .into_any()
}

/// Whether a body could be published as that action's.
fn lacks_nothing(operation: DeskOperation, body: &str) -> bool {
    Template::parse(body, Context::Json)
        .is_ok_and(|template| check(operation, &template).is_empty())
}
