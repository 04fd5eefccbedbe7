//! What fills the input variables of the runbook that an event starts.

use leptos::prelude::*;

use super::draft::Draft;
use crate::page::filling::Filling;
use crate::ui::Bound;

/// A field for each input variable of the runbook that was chosen.
#[component]
pub(super) fn Mapping(draft: RwSignal<Draft>) -> impl IntoView {
    let runbook = Signal::derive(move || draft.with(|draft| draft.runbook.clone()));
    let rows = Bound::of(
        draft,
        |draft| draft.variables.clone(),
        |draft, rows| draft.variables = rows,
    );
    let tokens = Signal::derive(move || draft.with(tokens));
    view! { <Filling runbook=runbook rows=rows tokens=tokens /> }.into_any()
}

/// Examples of what templates may draw from at the event.
fn tokens(draft: &Draft) -> Vec<String> {
    let event = draft.event;
    let own = format!("{}^id", event.record().as_str());
    let before = event.has_before().then(|| "before^id".to_owned());
    let action = event.has_action().then(|| "action^note".to_owned());
    let goal = event
        .has_goal()
        .then(|| ["sla^goal", "sla^duedate"].map(str::to_owned));
    let more = before
        .into_iter()
        .chain(action)
        .chain(goal.into_iter().flatten());
    std::iter::once(own).chain(more).collect()
}
