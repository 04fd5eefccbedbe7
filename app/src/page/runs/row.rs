//! A run in the list. Its cells follow the run; the row stays.

use leptos::prelude::*;
use shared::engine::RunSummary;
use shared::model::RunId;
use shared::problem::sentence;

use super::list::{RunList, Shown};
use super::selection::Selection;
use super::words::{StatusBadge, started_by};
use crate::route::Route;
use crate::ui::{Bound, Cell, Checkbox, Column, Row, SortKey, Time, clock, error_words};

/// The columns; the runbook's is left out where all are of one.
pub(super) fn columns(of_one: bool) -> Vec<Column> {
    let mut columns = vec![
        Column::new("Select").width("2.5rem").control(),
        Column::new("Status").width("11rem").beside(),
    ];
    if !of_one {
        columns.push(Column::new("Runbook").width("15%"));
    }
    columns.extend([
        Column::new("Started by").width("15%"),
        // Why a run failed takes the most words: what the others leave is its.
        Column::new("Last step"),
        Column::new("Started").width("7rem"),
        Column::new("Took").width("6rem").end().secondary(),
    ]);
    columns
}

pub(super) fn row(shown: &Shown, of_one: bool, selection: Selection, list: RunList) -> Row {
    let none = || SortKey::Number(0);
    let run = || shown.run.clone();
    let tick = {
        let (id, run) = (shown.id.clone(), run());
        Cell::new(move || tick(id.clone(), &run, selection, list), none())
    };
    let status = {
        let (id, run) = (shown.id.clone(), run());
        let view = move || {
            let (id, run) = (id.clone(), run.clone());
            let status = Memo::new(move |_| run.with(|run| run.status));
            let is_redone = Memo::new(move |_| list.redone.with(|redone| redone.contains(&id)));
            view! {
                <span class="runs-status">
                    <StatusBadge status=status />
                    <Show when=move || is_redone.get()>
                        <span class="runs-redone" title="A replay of it has succeeded or is under way">
                            "Replayed"
                            <span class="visually-hidden">": a replay of it has succeeded or is under way"</span>
                        </span>
                    </Show>
                </span>
            }
        };
        Cell::new(view, none())
    };
    let mut cells = vec![tick, status];
    if !of_one {
        cells.push(Cell::text(
            run().with_untracked(|run| run.runbook_name.clone()),
        ));
    }
    let step = {
        let run = run();
        let view = move || {
            let run = run.clone();
            move || {
                run.with(|run| match (&run.error, &run.step_name) {
                    (Some(error), name) => {
                        let step = name.as_ref().map(|name| format!("{name}: "));
                        let whole = format!(
                            "{}{}",
                            step.as_deref().unwrap_or_default(),
                            sentence(&error.message)
                        );
                        let step = step.map(|step| view! { <span class="muted">{step}</span> });
                        view! { <span title=whole>{step} {error_words(&error.message)}</span> }
                            .into_any()
                    }
                    (None, name) => name.clone().unwrap_or_default().into_any(),
                })
            }
        };
        Cell::new(view, none())
    };
    let took = {
        let run = run();
        let view = move || {
            let run = run.clone();
            move || {
                run.with(|run| {
                    let took = run.ended_at?.saturating_sub(run.started_at);
                    Some(clock::duration(took))
                })
            }
        };
        Cell::new(view, none())
    };
    let started = run().with_untracked(|run| i64::try_from(run.started_at).unwrap_or(i64::MAX));
    cells.extend([
        Cell::text(run().with_untracked(started_by)),
        step,
        Cell::new(move || view! { <Time at=started /> }, none()),
        took,
    ]);
    Row {
        key: shown.id.to_string(),
        href: Some(Route::Run(shown.id.to_string()).to_string()),
        cells,
    }
}

/// Only a run that has ended can be run again.
fn tick(id: RunId, run: &ArcRwSignal<RunSummary>, selection: Selection, list: RunList) -> AnyView {
    let (name, started) = run.with_untracked(|run| {
        let started = i64::try_from(run.started_at).unwrap_or(i64::MAX);
        (run.runbook_name.clone(), clock::exact(started))
    });
    let run = run.clone();
    let is_running = Memo::new(move |_| !run.with(|run| run.status.has_ended()));
    let chosen = {
        let id = id.clone();
        Memo::new(move |_| selection.chosen.with(|chosen| chosen.contains(&id)))
    };
    let value = Bound::new(
        chosen,
        Callback::new(move |on: bool| selection.tick(&id, on, list)),
    );
    view! {
        // Not a control of its own: the box tells of its change without the keys that are held.
        <span
            title=move || is_running.get().then_some("Only a run that has ended can be replayed")
            on:click=move |event| selection.with_shift.set_value(event.shift_key())
        >
            <Checkbox label=format!("Select {name}, {started}") hide_label=true value=value disabled=is_running />
        </span>
    }
    .into_any()
}
