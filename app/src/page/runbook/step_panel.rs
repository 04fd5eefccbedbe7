//! The side panel: what the selected step is and does, and where its ways lead.

use leptos::prelude::*;
use shared::chart::edit;
use shared::model::{EndOutcome, MethodId, Output, Step, StepId, StepKind, Way};

use super::desk_action::desk_action;
use super::for_each::for_each;
use super::places::{self, id};
use super::respond::respond;
use super::set::set;
use super::sleep::sleep;
use super::start_runbook::start_runbook;
use super::variables::Variables;
use crate::chart::{Chart, Selection};
use crate::page::drafting::{
    Conditions, WhenIn, first_step_field, panel_head, step_choices, step_commands, step_field,
    step_name, step_problems,
};
use crate::page::retry::RetryFields;
use crate::route::Route;
use crate::ui::field::{Choice, Segments};
use crate::ui::{Bound, Combobox, NumberField, Pair, PairEditor, SelectField, TextField};

/// What is selected; nothing where that is nothing.
#[component]
pub(super) fn StepPanel(chart: Chart) -> impl IntoView {
    // Made anew only for another step or another kind, so that a field keeps its focus while one types.
    let shown = Memo::new(move |_| match chart.selected.get() {
        Some(Selection::Step(id)) => chart.draft.with(|draft| {
            let kind = draft.step(&id)?.kind.type_name();
            Some((Selection::Step(id), kind))
        }),
        Some(Selection::Start) => Some((Selection::Start, "start")),
        None => None,
    });
    (move || match shown.get() {
        None => ().into_any(),
        Some((Selection::Start, _)) => start_panel(chart),
        Some((Selection::Step(id), kind)) => step_panel(chart, &id, kind),
    })
    .into_any()
}

fn kind_name(kind: &str) -> &'static str {
    match kind {
        "method" => "Method",
        "desk_action" => "Halo API action",
        "condition" => "Condition",
        "for_each" => "For each element",
        "start_runbook" => "Start a runbook",
        "sleep" => "Wait",
        "set" => "Set variables",
        "respond" => "Respond",
        _ => "End",
    }
}

fn start_panel(chart: Chart) -> AnyView {
    view! {
        <div class="panel stack">
            {panel_head(chart, "Start")}
            {first_step_field(chart)}
            <p class="muted">
                "Who may start it and what it takes is set under " <a href="?tab=details">"Details"</a> "."
            </p>
            <Variables chart=chart step=None />
        </div>
    }
    .into_any()
}

fn step_panel(chart: Chart, id: &StepId, kind: &'static str) -> AnyView {
    let name = step_name(chart, id);
    let body = match kind {
        "method" => method(chart, id),
        "desk_action" => desk_action(chart, id),
        "condition" => view! { <Conditions at=condition(chart, id) /> }.into_any(),
        "for_each" => for_each(chart, id),
        "start_runbook" => start_runbook(chart, id),
        "sleep" => sleep(chart, id),
        "set" => set(chart, id),
        "respond" => respond(chart, id),
        _ => end(chart, id),
    };
    let key = StoredValue::new(id.clone());
    let owner = id.clone();
    let ways = Memo::new(move |_| {
        chart.draft.with(|draft| {
            draft
                .step(&owner)
                .map_or(&[] as &[Way], |step| step.kind.ways())
        })
    });
    let ways = move || {
        key.with_value(|id| {
            ways.get()
                .iter()
                .map(|way| way_field(chart, id, *way))
                .collect_view()
        })
    };
    view! {
        <div class="panel stack">
            {panel_head(chart, kind_name(kind))}
            <TextField label="Name" value=name />
            {step_problems(chart, id)}
            {body}
            {ways}
            <Variables chart=chart step=Some(id.clone()) />
            {step_commands(chart, id)}
        </div>
    }
    .into_any()
}

/// Where a way leads, as a list: the same as pulling a link, without a pointer.
fn way_field(chart: Chart, id: &StepId, way: Way) -> AnyView {
    let from = id.clone();
    let value = step_field(
        chart,
        id,
        "Connect",
        move |step| {
            step.next
                .get(&way)
                .map(ToString::to_string)
                .unwrap_or_default()
        },
        |_, _: String| (),
    );
    let value = Bound::new(
        value.signal(),
        Callback::new(move |to: String| match StepId::parse(&to) {
            Ok(to) => chart.connect(&from, &way, &to),
            Err(_) => chart.disconnect(&from, &way),
        }),
    );
    let mut label = way.label().to_owned();
    if let Some(first) = label.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    view! {
        <SelectField
            label=format!("{label} leads to")
            id=places::id_of_way(way.label())
            value=value
            choices=step_choices(chart, Some(id.clone()), "Nowhere yet")
        />
    }
    .into_any()
}

fn method(chart: Chart, id: &StepId) -> AnyView {
    let chosen = step_field(
        chart,
        id,
        "Choose a method",
        |step| match &step.kind {
            StepKind::Method { method } => method.to_string(),
            _ => String::new(),
        },
        |step, value| {
            if let (StepKind::Method { method }, Ok(id)) = (&mut step.kind, MethodId::parse(&value))
            {
                *method = id;
            }
        },
    );
    let choices = Signal::derive(move || {
        let mut choices = Vec::new();
        for integration in chart.known.get() {
            for method in &integration.methods {
                let label = format!("{} · {}", integration.name, method.name);
                let note = format!("{} {}", method.http_method.as_str(), method.path);
                choices.push(Choice::new(method.id.to_string(), label).with_note(note));
            }
        }
        choices
    });
    let link = move || {
        let id = chosen.get();
        let integration = chart.known.with(|all| {
            all.iter()
                .find(|i| i.methods.iter().any(|m| m.id.as_str() == id))
                .map(|i| i.id.to_string())
        })?;
        let route = Route::Method {
            integration,
            method: id,
        };
        Some(view! { <a href=route.to_string()>"Open the method"</a> })
    };
    view! {
        <Combobox label="Method" id=id::METHOD value=chosen choices=choices />
        <p>{link}</p>
        {outputs(chart, id)}
        {time_limit(chart, id, TimeLimit::of_request("For the whole answer. As the method says where nothing is set."))}
        {retry(chart, id, "As the method says")}
    }
    .into_any()
}

/// The condition by which a step chooses its way.
fn condition(chart: Chart, id: &StepId) -> WhenIn {
    let (reads, writes) = (id.clone(), id.clone());
    WhenIn::new(
        chart,
        format!("condition of {id}"),
        move |draft| match &draft.step(&reads)?.kind {
            StepKind::Condition { when } => Some(when),
            _ => None,
        },
        move |draft| match &mut edit::step_mut(draft, &writes)?.kind {
            StepKind::Condition { when } => Some(when),
            _ => None,
        },
    )
}

fn end(chart: Chart, id: &StepId) -> AnyView {
    let outcome = step_field(
        chart,
        id,
        "Change the outcome",
        |step| match &step.kind {
            StepKind::End {
                outcome: EndOutcome::Failed,
            } => "failed".to_owned(),
            StepKind::End {
                outcome: EndOutcome::FailedRetry,
            } => "failed_retry".to_owned(),
            _ => "success".to_owned(),
        },
        |step, value: String| {
            if let StepKind::End { outcome } = &mut step.kind {
                *outcome = match value.as_str() {
                    "failed" => EndOutcome::Failed,
                    "failed_retry" => EndOutcome::FailedRetry,
                    _ => EndOutcome::Success,
                };
            }
        },
    );
    let starts_again = Memo::new(move |_| outcome.get() == "failed_retry");
    view! {
        <Segments
            label="The run ends as"
            value=outcome
            choices=vec![
                Choice::new("success", "Success"),
                Choice::new("failed", "Failed"),
                Choice::new("failed_retry", "Failed, start again"),
            ]
        />
        <Show when=move || starts_again.get()>
            <p class="muted">
                "The run begins again from its first step, after 10 seconds, a minute and five minutes. When it still fails then, it has failed."
            </p>
        </Show>
    }
    .into_any()
}

/// What a time limit may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct TimeLimit {
    pub(super) most_ms: u32,
    /// What it is for, and what holds where nothing is set.
    pub(super) hint: &'static str,
}

impl TimeLimit {
    /// Of a request.
    pub(super) const fn of_request(hint: &'static str) -> Self {
        Self {
            most_ms: 900_000,
            hint,
        }
    }
}

/// How long the step waits for what it has asked for.
pub(super) fn time_limit(chart: Chart, id: &StepId, limit: TimeLimit) -> AnyView {
    let value = step_field(
        chart,
        id,
        "Change the time limit",
        |step| step.timeout_ms.map(u64::from),
        |step, ms: Option<u64>| step.timeout_ms = ms.and_then(|ms| u32::try_from(ms).ok()),
    );
    view! {
        <NumberField
            label="Time limit"
            id=id::TIME_LIMIT
            value=value
            min=100
            max=u64::from(limit.most_ms)
            unit="ms"
            optional=true
            hint=limit.hint.to_owned()
        />
    }
    .into_any()
}

/// How its request is sent again; `unset` is what holds where the step does not say.
pub(super) fn retry(chart: Chart, id: &StepId, unset: &'static str) -> AnyView {
    let value = step_field(
        chart,
        id,
        "Change the retries",
        |step| step.retry.clone(),
        |step, retry| step.retry = retry,
    );
    let overrides = chart.draft.with_untracked(|draft| {
        draft
            .step(id)
            .is_some_and(|step| matches!(step.kind, StepKind::Method { .. }))
    });
    view! {
        <div id=id::RETRY>
            <RetryFields value=value unset=unset overrides=overrides />
        </div>
    }
    .into_any()
}

/// Output variables of the step itself, beside those of its method.
pub(super) fn outputs(chart: Chart, id: &StepId) -> AnyView {
    let rows = step_field(
        chart,
        id,
        "Change output variables",
        read_outputs,
        write_outputs,
    );
    view! {
        <div class="stack stack-small">
            <h3 class="field-label">"Output variables of this step"</h3>
            <PairEditor
                label=places::OUTPUTS
                rows=rows
                noun="output variable"
                switches=false
                heads=("Name", "Path")
            />
            <p class="muted">"A name, and a path such as " <code>"response^id"</code> "."</p>
        </div>
    }
    .into_any()
}

fn read_outputs(step: &Step) -> Vec<Pair> {
    step.outputs
        .iter()
        .map(|output| Pair {
            name: output.name.clone(),
            value: output.value.clone(),
            off: false,
        })
        .collect()
}

fn write_outputs(step: &mut Step, rows: Vec<Pair>) {
    let before = std::mem::take(&mut step.outputs);
    step.outputs = rows
        .into_iter()
        .enumerate()
        .map(|(index, row)| {
            let plain = Output {
                name: String::new(),
                value: String::new(),
                default: None,
                variable_type: None,
                mappings: Vec::new(),
                add_to_array: false,
                secret: false,
            };
            // What this table does not show stays with its row.
            let kept = before
                .iter()
                .find(|output| output.name == row.name)
                .or(before.get(index).filter(|output| output.value == row.value))
                .cloned()
                .unwrap_or(plain);
            Output {
                name: row.name,
                value: row.value,
                ..kept
            }
        })
        .collect();
}
