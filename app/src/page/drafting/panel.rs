//! What the panels of all steps have in common.

use leptos::prelude::*;
use shared::chart::ChartStep as _;
use shared::model::StepId;
use shared::problem::Severity;

use super::fields::field;
use crate::chart::{Chart, Drawn};
use crate::ui::field::Choice;
use crate::ui::{Button, Icon, IconButton, Notice, SelectField, Tone, error_words};

/// What kind of thing is shown, and the way out of it.
pub fn panel_head<D: Drawn>(chart: Chart<D>, title: &'static str) -> AnyView {
    view! {
        <div class="spread">
            <h2>{title}</h2>
            <IconButton icon=Icon::Cross label="Close" keys="Esc" on_press=move |()| chart.leave() />
        </div>
    }
    .into_any()
}

/// What is wrong with a step, and what one should know of it.
pub fn step_problems<D: Drawn>(chart: Chart<D>, id: &StepId) -> AnyView {
    let id = StoredValue::new(id.clone());
    (move || {
        id.with_value(|id| chart.problems_of(Some(id)))
            .into_iter()
            .map(|problem| {
                let tone = match problem.severity {
                    Severity::Error => Tone::Bad,
                    Severity::Warning => Tone::Warning,
                };
                view! { <Notice tone=tone>{error_words(&problem.detail.message)}</Notice> }
            })
            .collect_view()
    })
    .into_any()
}

/// What can be done with a step as a whole.
pub fn step_commands<D: Drawn>(chart: Chart<D>, id: &StepId) -> AnyView {
    let id = StoredValue::new(id.clone());
    view! {
        <div class="row">
            <Button small=true icon=Icon::Copy on_press=move |()| chart.duplicate(&id.get_value())>
                "Duplicate"
            </Button>
            <Button small=true icon=Icon::Trash on_press=move |()| chart.remove(&id.get_value())>
                "Delete"
            </Button>
        </div>
    }
    .into_any()
}

/// The step that the start leads to.
pub fn first_step_field<D: Drawn>(chart: Chart<D>) -> AnyView {
    let first = field(
        chart,
        "Change the first step",
        None,
        |draft: &D| draft.first().map(ToString::to_string).unwrap_or_default(),
        |draft, id: String| draft.set_first(StepId::parse(&id).ok()),
    );
    view! {
        <SelectField label="First step" value=first choices=step_choices(chart, None, "Nowhere yet") />
    }
    .into_any()
}

/// The steps to choose from, after what stands for none of them.
pub fn step_choices<D: Drawn>(
    chart: Chart<D>,
    without: Option<StepId>,
    none: &'static str,
) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        let steps = chart.draft.with(|draft| {
            draft
                .steps()
                .iter()
                .filter(|step| without.as_ref() != Some(step.id()))
                .map(|step| Choice::new(step.id().to_string(), step.name()))
                .collect::<Vec<_>>()
        });
        std::iter::once(Choice::new("", none))
            .chain(steps)
            .collect()
    })
}
