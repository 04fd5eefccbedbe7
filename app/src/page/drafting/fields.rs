//! Fields that write into the draft through its history, so that each can be undone.

use leptos::prelude::*;
use shared::chart::{ChartStep, edit};
use shared::model::StepId;
use shared::problem::Severity;

use crate::chart::{Chart, Drawn};
use crate::ui::Bound;

/// A part of the draft. Keys typed in a row into the same `gesture` are one undo.
pub fn field<D: Drawn, T: Clone + PartialEq + Send + Sync + 'static>(
    chart: Chart<D>,
    label: &'static str,
    gesture: Option<&'static str>,
    read: impl Fn(&D) -> T + Send + Sync + 'static,
    write: impl Fn(&mut D, T) + Send + Sync + 'static,
) -> Bound<T> {
    let value = Memo::new(move |_| chart.draft.with(&read));
    Bound::new(
        value,
        Callback::new(move |value| chart.change(label, gesture, |draft| write(draft, value))),
    )
}

/// What keeps the draft from being published at this field, which belongs to no step.
pub fn problem_at<D: Drawn>(chart: Chart<D>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        let problems = chart.problems_of(None);
        let mut found = problems.into_iter().filter(|problem| {
            problem.severity == Severity::Error && problem.detail.at.field.as_deref() == Some(field)
        });
        found.next().map(|problem| problem.detail.message)
    })
}

/// A part of one step; its default while the step is not there.
pub fn step_field<D: Drawn, T: Clone + PartialEq + Default + Send + Sync + 'static>(
    chart: Chart<D>,
    step: &StepId,
    label: &'static str,
    read: impl Fn(&D::Step) -> T + Send + Sync + 'static,
    write: impl Fn(&mut D::Step, T) + Send + Sync + 'static,
) -> Bound<T> {
    let gesture = format!("{label} {step}");
    part_of_step(chart, step, label, gesture, read, write)
}

/// A part of one row of a step; `read` and `write` get the place of the row.
pub fn row_field<D: Drawn, T: Clone + PartialEq + Default + Send + Sync + 'static>(
    chart: Chart<D>,
    (step, at): (&StepId, usize),
    label: &'static str,
    read: impl Fn(&D::Step, usize) -> T + Send + Sync + 'static,
    write: impl Fn(&mut D::Step, usize, T) + Send + Sync + 'static,
) -> Bound<T> {
    let gesture = format!("{label} {step} {at}");
    let read = move |step: &D::Step| read(step, at);
    let write = move |step: &mut D::Step, value| write(step, at, value);
    part_of_step(chart, step, label, gesture, read, write)
}

fn part_of_step<D: Drawn, T: Clone + PartialEq + Default + Send + Sync + 'static>(
    chart: Chart<D>,
    step: &StepId,
    label: &'static str,
    gesture: String,
    read: impl Fn(&D::Step) -> T + Send + Sync + 'static,
    write: impl Fn(&mut D::Step, T) + Send + Sync + 'static,
) -> Bound<T> {
    let (reads, writes) = (step.clone(), step.clone());
    let value = Memo::new(move |_| {
        chart
            .draft
            .with(|draft| draft.find(&reads).map(&read).unwrap_or_default())
    });
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

/// The name of a step.
pub fn step_name<D: Drawn>(chart: Chart<D>, step: &StepId) -> Bound<String> {
    step_field(
        chart,
        step,
        "Rename a step",
        |step| step.name().to_owned(),
        |step, name: String| step.rename(name),
    )
}
