//! The actions that are allowed in a step, in the order in which they are offered, and where each leads.

use leptos::prelude::*;
use shared::chart::{ActionExit, edit};
use shared::condition::When;
use shared::model::{StepAction, StepId, Workflow, WorkflowStep};

use super::condition;
use crate::browser::{focus_on, follow, without_row};
use crate::chart::Chart;
use crate::page::drafting::{WhenIn, row_field, step_choices};
use crate::route::Route;
use crate::ui::field::Choice;
use crate::ui::{Bound, Button, Icon, IconButton, SelectField};

const ROWS: &str = ".step-action";
const ADD: &str = "add-step-action";

#[component]
pub(super) fn Actions(chart: Chart<Workflow>, step: StepId) -> impl IntoView {
    let key = StoredValue::new(step.clone());
    let count = Memo::new(move |_| {
        let of = |draft: &Workflow| key.with_value(|id| Some(draft.step(id)?.actions.len()));
        chart.draft.with(|draft| of(draft).unwrap_or_default())
    });
    let add = move |()| {
        change(chart, key, "Allow an action", |actions| {
            actions.push(StepAction {
                action: String::new(),
                to: None,
                when: When::default(),
            });
        });
        request_animation_frame(|| focus_on(".step-action:last-child select"));
    };
    let none = move || {
        chart.known.with(|desk| desk.actions.is_empty()).then(|| {
            view! {
                <p class="muted">
                    "The desk has no actions on tickets yet: make them under "
                    <a href=Route::Actions.to_string()>"Actions"</a> "."
                </p>
            }
        })
    };
    view! {
        <section class="stack stack-small" aria-label="Allowed actions">
            <h3 class="field-label">"Allowed actions"</h3>
            <Show when=move || count.get() == 0>
                <p class="muted">"Without an action that leads on, tickets end here."</p>
            </Show>
            <ol class="step-rows">
                <For each=move || 0..count.get() key=|at| *at let:at>
                    {row(chart, key, at, count)}
                </For>
            </ol>
            {none}
            <div>
                <Button small=true icon=Icon::Plus id=ADD on_press=add>"Allow an action"</Button>
            </div>
        </section>
    }
    .into_any()
}

fn row(
    chart: Chart<Workflow>,
    step: StoredValue<StepId>,
    at: usize,
    count: Memo<usize>,
) -> AnyView {
    let id = step.get_value();
    let action = row_field(
        chart,
        (&id, at),
        "Choose an action",
        |step: &WorkflowStep, at| {
            let row = step.actions.get(at);
            row.map(|row| row.action.clone()).unwrap_or_default()
        },
        |step, at, name: String| {
            if let Some(row) = step.actions.get_mut(at) {
                row.action = name;
            }
        },
    );
    let choices = Signal::derive(move || {
        let names = chart.known.get().actions.into_iter();
        names
            .map(|name| Choice::new(name.clone(), name))
            .collect::<Vec<_>>()
    });
    let to = row_field(
        chart,
        (&id, at),
        "Connect",
        |step: &WorkflowStep, at| {
            let to = step.actions.get(at).and_then(|row| row.to.as_ref());
            to.map(ToString::to_string).unwrap_or_default()
        },
        |_, _, _: String| (),
    );
    let exit = ActionExit::Row(at);
    let to = Bound::new(
        to.signal(),
        Callback::new(move |to: String| match StepId::parse(&to) {
            Ok(to) => chart.connect(&step.get_value(), &exit, &to),
            Err(_) => chart.disconnect(&step.get_value(), &exit),
        }),
    );
    let steps = step_choices(chart, None, "Stays in this step");
    let choices_to = Signal::derive(move || {
        let mut choices = steps.get();
        let chosen = to.get();
        if choices.iter().all(|choice| choice.value != chosen) {
            choices.push(Choice::new(chosen, "A step that is gone"));
        }
        choices
    });
    let when = when_in(chart, step, at);
    let remove = move |()| {
        without_row(ROWS, ADD, || {
            change(chart, step, "Delete an allowed action", |actions| {
                if at < actions.len() {
                    actions.remove(at);
                }
            });
        });
    };
    let shift = move |to: usize, verbs: [&'static str; 2], label: &str| {
        // Read before it moves: the buttons stay where they are, and are those of another action then.
        let name = spoken(action.peek(), to);
        change(chart, step, label, |actions| {
            if at.max(to) < actions.len() {
                actions.swap(at, to);
            }
        });
        let [own, other] = verbs.map(|verb| format!("{verb} {name}"));
        follow(own, other);
    };
    let up = move |()| {
        shift(
            at.saturating_sub(1),
            ["Move up", "Move down"],
            "Move an action up",
        );
    };
    let down = move |()| shift(at + 1, ["Move down", "Move up"], "Move an action down");
    let name = Memo::new(move |_| spoken(action.get(), at));
    let is_last = move || at + 1 >= count.get();
    let named = move |verb: &'static str| Signal::derive(move || format!("{verb} {}", name.get()));
    view! {
        <li class="step-action step-row">
            <SelectField label="Action" value=action choices=choices />
            <div class="step-target">
                <SelectField label="Leads to" value=to choices=choices_to />
            </div>
            {condition(when)}
            <div class="step-row-commands">
                <IconButton icon=Icon::ArrowUp label=named("Move up") disabled=Signal::stored(at == 0) on_press=up />
                <IconButton icon=Icon::ArrowDown label=named("Move down") disabled=Signal::derive(is_last) on_press=down />
                <IconButton icon=Icon::Trash label=named("No longer allow") on_press=remove />
            </div>
        </li>
    }
    .into_any()
}

/// What the buttons of a row call its action.
fn spoken(action: String, at: usize) -> String {
    if action.is_empty() {
        format!("action {}", at + 1)
    } else {
        action
    }
}

/// What a ticket must meet for an action to be offered.
fn when_in(chart: Chart<Workflow>, step: StoredValue<StepId>, at: usize) -> WhenIn {
    WhenIn::new(
        chart,
        format!("condition of action {at} of {}", step.get_value()),
        move |draft: &Workflow| {
            let step = step.with_value(|id| draft.step(id))?;
            Some(&step.actions.get(at)?.when)
        },
        move |draft| {
            let step = step.with_value(|id| edit::step_mut(draft, id))?;
            Some(&mut step.actions.get_mut(at)?.when)
        },
    )
}

fn change(
    chart: Chart<Workflow>,
    step: StoredValue<StepId>,
    label: &str,
    change: impl FnOnce(&mut Vec<StepAction>),
) {
    chart.change(label, None, |draft| {
        if let Some(step) = step.with_value(|id| edit::step_mut(draft, id)) {
            change(&mut step.actions);
        }
    });
}
