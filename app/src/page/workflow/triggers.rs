//! What a step starts: on entering it, on leaving it, or after some time in it.

use leptos::prelude::*;
use shared::api::{List, RunbookSummary};
use shared::chart::edit;
use shared::condition::When;
use shared::model::{
    NamedTemplate, RunbookId, StepId, StepTrigger, TriggerOn, Workflow, WorkflowStep,
};

use super::condition;
use crate::browser::{focus, focus_on, without_row};
use crate::chart::Chart;
use crate::load::Loaded;
use crate::page::drafting::{WhenIn, row_field};
use crate::page::filling::Filling;
use crate::page::runbooks::runbook_choices;
use crate::page::tokens::ticket_tokens;
use crate::route::Route;
use crate::ui::field::Choice;
use crate::ui::{Bound, Button, Icon, IconButton, NumberField, SelectField};

const ROWS: &str = ".step-trigger";
const ADD: &str = "add-step-trigger";

/// The units that a time in a step is given in, with their minutes.
const UNITS: [(&str, u32); 3] = [("Minutes", 1), ("Hours", 60), ("Days", 24 * 60)];

/// How long a trigger waits at first: an hour.
const FIRST_MINUTES: u32 = 60;

/// What can be started; the page provides it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Runbooks(pub(super) Loaded<List<RunbookSummary>>);

#[component]
pub(super) fn Triggers(chart: Chart<Workflow>, step: StepId) -> impl IntoView {
    let Runbooks(runbooks) = expect_context();
    let key = StoredValue::new(step);
    let count = Memo::new(move |_| {
        let of = |draft: &Workflow| key.with_value(|id| Some(draft.step(id)?.triggers.len()));
        chart.draft.with(|draft| of(draft).unwrap_or_default())
    });
    let has_any = Memo::new(move |_| runbooks.value().is_some_and(|list| !list.items.is_empty()));
    // A trigger is nothing without its runbook: that is asked first.
    let asking = RwSignal::new(false);
    let ask = move |()| {
        asking.set(true);
        request_animation_frame(|| focus_on(".new-step-trigger select"));
    };
    let leave = move |()| {
        asking.set(false);
        focus(ADD);
    };
    let add = move |runbook: String| {
        let Ok(runbook) = RunbookId::parse(&runbook) else {
            return;
        };
        asking.set(false);
        change(chart, key, "Add a trigger", |triggers| {
            triggers.push(StepTrigger {
                on: TriggerOn::Entering {},
                runbook,
                variables: Vec::new(),
                when: When::default(),
            });
        });
        request_animation_frame(|| focus_on(".step-trigger:last-child select"));
    };
    let none_yet = Signal::stored(String::new());
    let choices = runbook_choices(runbooks, none_yet);
    let chosen = Bound::new(none_yet, Callback::new(add));
    let none = move || {
        runbooks
            .value()
            .is_some_and(|list| list.items.is_empty())
            .then(|| {
                view! {
                    <p class="muted">
                        "There is no runbook to start yet: make one under "
                        <a href=Route::Runbooks.to_string()>"Runbooks"</a> "."
                    </p>
                }
            })
    };
    view! {
        <section class="stack stack-small" aria-label="Triggers">
            <h3 class="field-label">"Triggers"</h3>
            <Show when=move || count.get() == 0>
                <p class="muted">"Entering the step, leaving it or staying in it can start a runbook."</p>
            </Show>
            <ol class="step-rows">
                <For each=move || 0..count.get() key=|at| *at let:at>
                    {row(chart, key, at, runbooks)}
                </For>
            </ol>
            {none}
            <Show when=move || asking.get()>
                <div class="new-step-trigger stack stack-small">
                    <SelectField label="Runbook to start" value=chosen choices=choices />
                    <div>
                        <Button small=true on_press=leave>"Cancel"</Button>
                    </div>
                </div>
            </Show>
            <div>
                <Button
                    small=true
                    icon=Icon::Plus
                    id=ADD
                    disabled=Signal::derive(move || !has_any.get())
                    on_press=ask
                >
                    "Add a trigger"
                </Button>
            </div>
        </section>
    }
    .into_any()
}

fn row(
    chart: Chart<Workflow>,
    step: StoredValue<StepId>,
    at: usize,
    runbooks: Loaded<List<RunbookSummary>>,
) -> AnyView {
    let id = step.get_value();
    let runbook = row_field(
        chart,
        (&id, at),
        "Choose a runbook",
        |step: &WorkflowStep, at| {
            let row = step.triggers.get(at);
            row.map(|row| row.runbook.to_string()).unwrap_or_default()
        },
        |step, at, id: String| {
            if let (Some(row), Ok(id)) = (step.triggers.get_mut(at), RunbookId::parse(&id)) {
                row.runbook = id;
            }
        },
    );
    let choices = runbook_choices(runbooks, runbook.signal());
    let link = move || {
        let href = Route::Runbook(runbook.get()).to_string();
        view! { <p><a href=href>"Open the runbook"</a></p> }
    };
    let rows = row_field(
        chart,
        (&id, at),
        "Change what it hands over",
        |step: &WorkflowStep, at| {
            let row = step.triggers.get(at);
            row.map(|row| row.variables.clone()).unwrap_or_default()
        },
        |step, at, rows: Vec<NamedTemplate>| {
            if let Some(row) = step.triggers.get_mut(at) {
                row.variables = rows;
            }
        },
    );
    let when = WhenIn::new(
        chart,
        format!("condition of trigger {at} of {id}"),
        move |draft: &Workflow| {
            let step = step.with_value(|id| draft.step(id))?;
            Some(&step.triggers.get(at)?.when)
        },
        move |draft| {
            let step = step.with_value(|id| edit::step_mut(draft, id))?;
            Some(&mut step.triggers.get_mut(at)?.when)
        },
    );
    let has_variables = !rows.peek().is_empty();
    let remove = move |()| {
        without_row(ROWS, ADD, || {
            change(chart, step, "Delete a trigger", |triggers| {
                if at < triggers.len() {
                    triggers.remove(at);
                }
            });
        });
    };
    view! {
        <li class="step-trigger step-row">
            {time(chart, &id, at)}
            <div class="step-runbook">
                <SelectField label="Runbook" value=runbook choices=choices />
            </div>
            {link}
            <details class="more step-variables" open=has_variables>
                <summary>"Variables"</summary>
                <Filling runbook=runbook.signal() rows=rows tokens=Signal::stored(ticket_tokens()) />
            </details>
            {condition(when)}
            <div class="step-row-commands">
                <IconButton icon=Icon::Trash label=format!("Delete trigger {}", at + 1) on_press=remove />
            </div>
        </li>
    }
    .into_any()
}

/// When it starts, and after how long where that counts.
fn time(chart: Chart<Workflow>, id: &StepId, at: usize) -> AnyView {
    let on = row_field(
        chart,
        (id, at),
        "Change when it starts",
        |step: &WorkflowStep, at| step.triggers.get(at).map(|row| row.on),
        |step, at, on: Option<TriggerOn>| {
            if let (Some(row), Some(on)) = (step.triggers.get_mut(at), on) {
                row.on = on;
            }
        },
    );
    let kind = on.part(
        |on| on.map(|on| kind_of(on).to_owned()).unwrap_or_default(),
        |on, kind: String| *on = Some(turned(*on, &kind)),
    );
    let minutes = on.part(
        |on| match on {
            Some(TriggerOn::Staying { minutes }) => *minutes,
            _ => FIRST_MINUTES,
        },
        |on, minutes| *on = Some(TriggerOn::Staying { minutes }),
    );
    let unit = RwSignal::new(unit_of(minutes.peek()));
    // Undone or taken back, it may be of another unit.
    Effect::new(move |_| {
        let minutes = minutes.get();
        if minutes % unit.get_untracked() != 0 {
            unit.set(unit_of(minutes));
        }
    });
    let number = Bound::new(
        Signal::derive(move || Some(u64::from(minutes.get() / unit.get()))),
        Callback::new(move |number: Option<u64>| {
            let number = number.and_then(|number| u32::try_from(number).ok());
            if let Some(of) = number.and_then(|n| n.checked_mul(unit.get_untracked())) {
                minutes.set(of);
            }
        }),
    );
    let unit_name = Bound::new(
        Signal::derive(move || unit.get().to_string()),
        Callback::new(move |chosen: String| {
            let chosen = chosen.parse().unwrap_or(1);
            let number = minutes.peek() / unit.get_untracked();
            unit.set(chosen);
            let of = number.saturating_mul(chosen);
            minutes.set(of.min(Workflow::MOST_MINUTES / chosen * chosen));
        }),
    );
    let stays = Memo::new(move |_| kind.get() == STAYING);
    let kinds = vec![
        Choice::new(ENTERING, "On entering the step"),
        Choice::new(LEAVING, "On leaving the step"),
        Choice::new(STAYING, "After some time in the step"),
    ];
    let units = UNITS.map(|(name, minutes)| Choice::new(minutes.to_string(), name));
    let units = Signal::stored(units.to_vec());
    let most = move || u64::from(Workflow::MOST_MINUTES / unit.get());
    view! {
        <SelectField label="Starts" value=kind choices=Signal::stored(kinds) />
        <Show when=move || stays.get()>
            <div class="step-time">
                {move || view! { <NumberField label="After" value=number min=1 max=most() /> }}
                <SelectField label="Unit" value=unit_name choices=units />
            </div>
        </Show>
    }
    .into_any()
}

const ENTERING: &str = "entering";
const LEAVING: &str = "leaving";
const STAYING: &str = "staying";

fn kind_of(on: TriggerOn) -> &'static str {
    match on {
        TriggerOn::Entering {} => ENTERING,
        TriggerOn::Leaving {} => LEAVING,
        TriggerOn::Staying { .. } => STAYING,
    }
}

fn turned(on: Option<TriggerOn>, kind: &str) -> TriggerOn {
    match (kind, on) {
        (LEAVING, _) => TriggerOn::Leaving {},
        (STAYING, Some(on @ TriggerOn::Staying { .. })) => on,
        (STAYING, _) => TriggerOn::Staying {
            minutes: FIRST_MINUTES,
        },
        _ => TriggerOn::Entering {},
    }
}

/// The largest unit that a time is a whole number of.
fn unit_of(minutes: u32) -> u32 {
    let fitting = UNITS.into_iter().rev().map(|(_, of)| of);
    let mut fitting = fitting.filter(|of| minutes != 0 && minutes.is_multiple_of(*of));
    fitting.next().unwrap_or(1)
}

fn change(
    chart: Chart<Workflow>,
    step: StoredValue<StepId>,
    label: &str,
    change: impl FnOnce(&mut Vec<StepTrigger>),
) {
    chart.change(label, None, |draft| {
        if let Some(step) = step.with_value(|id| edit::step_mut(draft, id)) {
            change(&mut step.triggers);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_its_largest_unit() {
        for (minutes, unit) in [
            (0, 1),
            (1, 1),
            (59, 1),
            (60, 60),
            (90, 1),
            (1440, 1440),
            (1500, 60),
        ] {
            assert_eq!(unit_of(minutes), unit, "{minutes}");
        }
    }

    #[test]
    fn a_trigger_that_is_turned_keeps_its_time() {
        let two_hours = TriggerOn::Staying { minutes: 120 };
        assert_eq!(turned(Some(two_hours), STAYING), two_hours);
        for kind in [ENTERING, LEAVING, STAYING] {
            assert_eq!(kind_of(turned(Some(two_hours), kind)), kind);
            assert_eq!(kind_of(turned(None, kind)), kind);
        }
    }
}
