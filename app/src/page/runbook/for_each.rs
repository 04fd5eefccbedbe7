//! A step that goes through the elements of an array.

use leptos::prelude::*;
use shared::model::{StepId, StepKind};

use super::places::id;
use crate::chart::Chart;
use crate::page::drafting::step_field;
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
    let at_once = step_field(
        chart,
        id,
        "Change how many have their turn at a time",
        |step| match &step.kind {
            StepKind::ForEach { at_once, .. } => at_once.map(u64::from),
            _ => None,
        },
        |step, number: Option<u64>| {
            if let StepKind::ForEach { at_once, .. } = &mut step.kind {
                *at_once = number.and_then(|number| u32::try_from(number).ok());
            }
        },
    );
    let is_side_by_side = Memo::new(move |_| at_once.get().is_some_and(|number| number > 1));
    view! {
        <TextField
            label="Go through"
            id=id::OVER
            value=over
            code=true
            example="<<response^items>>"
            hint=Some("A variable that holds an array.".to_owned())
        />
        <NumberField label="Elements at most" id=id::LIMIT value=limit min=1 max=100_000 optional=true />
        <NumberField
            label="Elements at a time"
            id=id::AT_ONCE
            value=at_once
            min=1
            max=u64::from(StepKind::MOST_AT_ONCE)
            optional=true
            example="1"
        />
        <Show when=move || is_side_by_side.get()>
            <p class="muted">
                "Each turn begins with the variables as they were before the first element, and knows nothing of the others. What is added to an array stands there in the order of the elements, whichever was faster."
            </p>
        </Show>
        <p class="muted">
            "Each element has its turn: the way " <em>"element"</em> " leads to what is done with it, where it is " <code>"<<response>>"</code>
            " until a step there gets an answer. Connect the last step of its turn back to this one; after the last element the run goes on by " <em>"finished"</em> "."
        </p>
    }
    .into_any()
}
