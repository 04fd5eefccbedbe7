//! The page of a draft that is drawn as a flow chart and published: fields whose changes can be undone, the chart with
//! its panel, problems with their places, versions.

mod conditions;
mod fields;
mod head;
mod panel;
mod publish;
mod sections;

use leptos::prelude::*;
use shared::api::Publication;
use shared::model::StepId;

pub use self::conditions::{Conditions, WhenIn};
pub use self::fields::{field, problem_at, row_field, step_field, step_name};
pub use self::head::{Drafted, Head};
pub use self::panel::{first_step_field, panel_head, step_choices, step_commands, step_problems};
pub use self::publish::{Elsewhere, Publishable};
use self::publish::{PublishBar, Publishing};
pub use self::sections::Section;
use crate::chart::{Chart, Drawn, FlowChart, Outline, Selection};
use crate::ui::{Badge, Tone, in_address};

/// A reload shows the same step in the panel.
pub fn keep_selection_in_address<D: Drawn>(chart: Chart<D>) {
    let step = in_address("step");
    let named = StepId::parse(&step.peek())
        .ok()
        .filter(|id| chart.draft.with_untracked(|draft| draft.find(id).is_some()));
    chart.selected.set(named.map(Selection::Step));
    Effect::new(move |_| {
        let selected = match chart.selected.get() {
            Some(Selection::Step(id)) => id.to_string(),
            Some(Selection::Start) | None => String::new(),
        };
        step.set(selected);
    });
}

/// The chart with what stands beside it: the list of its steps, and the panel of the selected one.
pub fn chart_tab<D: Drawn>(chart: Chart<D>, panel: fn(Chart<D>) -> AnyView) -> impl IntoView {
    view! {
        <div class="drafting-chart">
            <div class="drafting-chart-main">
                <FlowChart chart=chart />
            </div>
            <Show when=move || chart.has_panel()>
                <aside class="drafting-panel" aria-label="Selected step">
                    <Show when=move || chart.as_list.get()>
                        <Outline chart=chart />
                    </Show>
                    {panel(chart)}
                </aside>
            </Show>
        </div>
    }
}

/// Draft or published, whether they differ, and whether starts are accepted.
#[component]
fn PublicationBadge(
    #[prop(into)] publication: Signal<Publication>,
    enabled: Signal<bool>,
) -> impl IntoView {
    let state = Memo::new(move |_| publication.with(|now| publication_state(now, enabled.get())));
    let tone = Signal::derive(move || state.with(|state| state.0));
    let label = Signal::derive(move || state.with(|state| state.1.clone()));
    view! { <Badge tone=tone label=label /> }.into_any()
}

/// What a badge says of it.
pub fn publication_state(publication: &Publication, enabled: bool) -> (Tone, String) {
    match (publication.version, publication.changed) {
        (Some(_), _) if !enabled => (Tone::Warning, "Switched off".to_owned()),
        (None, _) => (Tone::Neutral, publication_words(publication)),
        (Some(_), true) => (Tone::Warning, publication_words(publication)),
        (Some(_), false) => (Tone::Good, publication_words(publication)),
    }
}

/// "Draft", "Published, version 3", or that the draft has moved on.
fn publication_words(publication: &Publication) -> String {
    match (publication.version, publication.changed) {
        (None, _) => "Draft".to_owned(),
        (Some(version), false) => format!("Published, version {version}"),
        (Some(version), true) => format!("Version {version} runs; the draft differs"),
    }
}
