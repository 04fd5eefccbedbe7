//! How runs go beside one another, what failures set off, and how long the history is kept.

use leptos::prelude::*;
use shared::model::{Runbook, Running};

use super::sections;
use crate::chart::Chart;
use crate::page::drafting::{field, problem_at};
use crate::ui::field::Choice;
use crate::ui::{Bound, NumberField, SelectField, Switch, TextField};

#[component]
pub(super) fn BesideOneAnother(chart: Chart) -> impl IntoView {
    let running = field(
        chart,
        "Change what happens while it runs",
        None,
        |draft| running_name(draft.running).to_owned(),
        |draft, name| draft.running = named_running(&name),
    );
    let key = field(
        chart,
        "Change the key of runs",
        Some("running key"),
        |draft| draft.running_key.clone().unwrap_or_default(),
        |draft, key| draft.running_key = Some(key).filter(|key| !key.is_empty()),
    );
    let most = limit(
        chart,
        "Change how many run at once",
        |draft| draft.most_at_once,
        |draft, most| draft.most_at_once = most,
    );
    let shards = limit(
        chart,
        "Change the number of parts",
        |draft| draft.shards.map(u32::from),
        |draft, shards| draft.shards = shards.and_then(|shards| u16::try_from(shards).ok()),
    );
    let is_keyed = Memo::new(move |_| {
        chart
            .draft
            .with(|draft| draft.running == Running::OnePerKey)
    });
    let is_beside = Memo::new(move |_| {
        chart
            .draft
            .with(|draft| draft.running == Running::SideBySide)
    });
    let usual = move || {
        let one = chart
            .draft
            .with(|draft| matches!(draft.running, Running::Queue | Running::Refuse));
        if one { "1" } else { "any number" }
    };
    view! {
        <section class="stack" id=sections::WHILE_RUNNING.id>
            <h2>"While it is running"</h2>
            <div class="field-grid">
                <SelectField
                    label="A start then"
                    value=running
                    choices=vec![
                        Choice::new(running_name(Running::SideBySide), "Runs beside the others"),
                        Choice::new(running_name(Running::Queue), "Waits for its turn"),
                        Choice::new(running_name(Running::OnePerKey), "Waits for those with the same key"),
                        Choice::new(running_name(Running::Refuse), "Is refused"),
                    ]
                    hint=Some("Whoever waits has been accepted, and stands on the page of runs as Queued. A run that sleeps counts as running.".to_owned())
                />
                <NumberField
                    label="Most runs at once"
                    value=most
                    min=1
                    max=u64::from(Runbook::MOST_AT_ONCE)
                    optional=true
                    hint=Signal::derive(move || Some(format!("Where nothing is entered, {}.", usual())))
                />
                <Show when=move || is_keyed.get()>
                    <TextField
                        label="Key"
                        value=key
                        code=true
                        example="<<ticket^id>>"
                        error=problem_at(chart, "running_key")
                        hint=Some("Runs with the same key go on one at a time. Use input variables, or what starts the run.".to_owned())
                    />
                </Show>
                <Show when=move || is_beside.get()>
                    <NumberField
                        label="Spread its runs over"
                        unit="parts"
                        value=shards
                        min=1
                        max=u64::from(Runbook::MOST_SHARDS)
                        optional=true
                        example="1"
                        hint=Some("More than one only for a runbook with very many starts. The parts work side by side: limits are divided among them, and their failures count together. After a change, keys of the last 24 hours may start once more.".to_owned())
                    />
                </Show>
            </div>
        </section>
    }
    .into_any()
}

#[component]
pub(super) fn FailuresAndHistory(chart: Chart) -> impl IntoView {
    let failures = limit(
        chart,
        "Change the failures to switch off",
        |draft| draft.failures_to_switch_off,
        |draft, most| draft.failures_to_switch_off = most,
    );
    let ticket = field(
        chart,
        "Change the failure ticket",
        None,
        |draft| draft.failure_ticket,
        |draft, on| draft.failure_ticket = on,
    );
    let days = limit(
        chart,
        "Change the retention",
        |draft| draft.retention_days,
        |draft, days| draft.retention_days = days,
    );
    let runs = limit(
        chart,
        "Change how many runs are kept",
        |draft| draft.retention_runs,
        |draft, runs| draft.retention_runs = runs,
    );
    let light = field(
        chart,
        "Change the logs",
        None,
        |draft| draft.light_logs,
        |draft, on| draft.light_logs = on,
    );
    view! {
        <section class="stack" id=sections::FAILURES.id>
            <h2>"When it fails"</h2>
            <Switch
                label="Open a ticket on the desk"
                hint="When a run fails after one that did not, and when the runbook is switched off."
                value=ticket
            />
            <NumberField
                label="Switch it off after so many failures in a row"
                value=failures
                min=1
                max=u64::from(Runbook::MOST_FAILURES_TO_SWITCH_OFF)
                optional=true
                hint=Some("Where nothing is entered, it stays on. Tests of the draft do not count.".to_owned())
            />
        </section>
        <section class="stack" id=sections::HISTORY.id>
            <h2>"History"</h2>
            <div class="field-grid">
                <NumberField
                    label="Keep ended runs for"
                    value=days
                    unit="days"
                    min=1
                    max=u64::from(Runbook::MOST_RETENTION_DAYS)
                    optional=true
                    example=Runbook::RETENTION_DAYS.to_string()
                />
                <NumberField
                    label="Keep at most"
                    value=runs
                    unit="runs"
                    min=1
                    max=u64::from(Runbook::MOST_RETENTION_RUNS)
                    optional=true
                    example=Runbook::RETENTION_RUNS.to_string()
                />
            </div>
            <Switch
                label="Light logs"
                hint="Of a run that has ended, only its steps, times and errors are kept: no bodies, no values. It cannot be replayed then."
                value=light
            />
        </section>
    }
    .into_any()
}

/// A number that may be left out.
fn limit(
    chart: Chart,
    label: &'static str,
    read: impl Fn(&Runbook) -> Option<u32> + Send + Sync + 'static,
    write: impl Fn(&mut Runbook, Option<u32>) + Send + Sync + 'static,
) -> Bound<Option<u64>> {
    field(
        chart,
        label,
        Some(label),
        move |draft| read(draft).map(u64::from),
        move |draft, value: Option<u64>| {
            write(draft, value.and_then(|value| u32::try_from(value).ok()));
        },
    )
}

fn running_name(running: Running) -> &'static str {
    match running {
        Running::SideBySide => "side_by_side",
        Running::Queue => "queue",
        Running::Refuse => "refuse",
        Running::OnePerKey => "one_per_key",
    }
}

fn named_running(name: &str) -> Running {
    [Running::Queue, Running::Refuse, Running::OnePerKey]
        .into_iter()
        .find(|running| running_name(*running) == name)
        .unwrap_or_default()
}
