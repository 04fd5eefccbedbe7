//! A step that goes through the elements of an array.

use leptos::prelude::*;
use shared::model::{StepId, StepKind};

use super::draft::step_field;
use crate::chart::Chart;
use crate::ui::{NumberField, TextField};

pub(super) fn for_each(chart: Chart, id: &StepId) -> AnyView {
    let over = step_field(
        chart,
        id,
        "Change what it goes through",
        |step| match &step.kind {
            StepKind::ForEach { over, .. } => over.clone(),
            _ => String::new(),
        },
        |step, text: String| {
            if let StepKind::ForEach { over, .. } = &mut step.kind {
                *over = text;
            }
        },
    );
    let limit = step_field(
        chart,
        id,
        "Change how many it goes through",
        |step| match &step.kind {
            StepKind::ForEach { limit, .. } => limit.map(u64::from),
            _ => None,
        },
        |step, number: Option<u64>| {
            if let StepKind::ForEach { limit, .. } = &mut step.kind {
                *limit = number.and_then(|number| u32::try_from(number).ok());
            }
        },
    );
    view! {
        <TextField
            label="Go through"
            value=over
            code=true
            example="<<response^items>>"
            hint=Some("A variable that holds an array.".to_owned())
        />
        <NumberField label="Elements at most" value=limit min=1 max=100_000 optional=true />
        <p class="muted">
            "Each element has its turn: the way " <em>"element"</em> " leads to what is done with it, where it is " <code>"<<response>>"</code>
            ". Connect the last step of its turn back to this one; after the last element the run goes on by " <em>"finished"</em> "."
        </p>
    }
    .into_any()
}
