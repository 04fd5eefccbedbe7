//! Fields that write into the draft through its history, so that each can be undone.

use leptos::prelude::*;
use shared::chart::edit;
use shared::model::{Runbook, Step, StepId};
use shared::problem::Severity;

use crate::chart::Chart;
use crate::ui::Bound;

/// A part of the draft. Keys typed in a row into the same `gesture` are one undo.
pub(super) fn field<T: Clone + PartialEq + Send + Sync + 'static>(
    chart: Chart,
    label: &'static str,
    gesture: Option<&'static str>,
    read: impl Fn(&Runbook) -> T + Send + Sync + 'static,
    write: impl Fn(&mut Runbook, T) + Send + Sync + 'static,
) -> Bound<T> {
    let value = Memo::new(move |_| chart.draft.with(&read));
    Bound::new(
        value,
        Callback::new(move |value| chart.change(label, gesture, |draft| write(draft, value))),
    )
}

/// What keeps the runbook from being published at this field, which belongs to no step.
pub(super) fn problem_at(chart: Chart, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        let problems = chart.problems_of(None);
        let mut found = problems.into_iter().filter(|problem| {
            problem.severity == Severity::Error && problem.detail.at.field.as_deref() == Some(field)
        });
        found.next().map(|problem| problem.detail.message)
    })
}

/// A part of one step; its default while the step is not there.
pub(super) fn step_field<T: Clone + PartialEq + Default + Send + Sync + 'static>(
    chart: Chart,
    step: &StepId,
    label: &'static str,
    read: impl Fn(&Step) -> T + Send + Sync + 'static,
    write: impl Fn(&mut Step, T) + Send + Sync + 'static,
) -> Bound<T> {
    let (reads, writes) = (step.clone(), step.clone());
    let value = Memo::new(move |_| {
        chart
            .draft
            .with(|draft| draft.step(&reads).map(&read).unwrap_or_default())
    });
    let gesture = format!("{label} {step}");
    Bound::new(
        value,
        Callback::new(move |value| {
            chart.change(label, Some(&gesture), |draft| {
                if let Some(step) = edit::step_mut(draft, &writes) {
                    write(step, value);
                }
            });
        }),
    )
}
