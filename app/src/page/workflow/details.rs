//! What a workflow is called, and which tickets enter it.

use std::collections::BTreeSet;

use leptos::prelude::*;
use shared::model::Workflow;

use super::sections;
use crate::chart::Chart;
use crate::page::drafting::{field, problem_at};
use crate::ui::{Bound, Checkbox, TextField};

#[component]
pub(super) fn Details(chart: Chart<Workflow>, name: Bound<String>) -> impl IntoView {
    let types = field(
        chart,
        "Change the ticket types",
        None,
        |draft: &Workflow| draft.ticket_types.clone(),
        |draft, types| draft.ticket_types = types,
    );
    // Those that the desk has, and those that stand in the draft all the same.
    let listed = Memo::new(move |_| {
        let known = chart.known.get().ticket_types;
        let ids: BTreeSet<u64> = known.iter().map(|(id, _)| *id).collect();
        let gone = types.get().into_iter().filter(|id| !ids.contains(id));
        let gone = gone.map(|id| (id, format!("Type {id}"), true));
        let known = known.into_iter().map(|(id, name)| (id, name, false));
        known.chain(gone).collect::<Vec<_>>()
    });
    view! {
        <div class="page stack stack-large form">
            <div id=sections::NAME.id>
                <TextField label="Name" value=name error=problem_at(chart, "name") />
            </div>
            <fieldset class="field" id=sections::TICKET_TYPES.id>
                <legend class="field-label">"Ticket types"</legend>
                <p class="field-note">
                    "New tickets of these types enter the first step. Tickets that are there already stay outside."
                </p>
                <div class="stack stack-small">
                    <For each=move || listed.get() key=Clone::clone let:one>
                        {ticked(types, one)}
                    </For>
                </div>
            </fieldset>
            <p class="muted">
                "What is changed here and on the chart counts when it is published, for the tickets that come then. Those inside keep their version until they are moved."
            </p>
        </div>
    }
    .into_any()
}

fn ticked(types: Bound<Vec<u64>>, (id, name, is_gone): (u64, String, bool)) -> AnyView {
    let value = types.part(
        move |types| types.contains(&id),
        move |types, on| {
            types.retain(|other| *other != id);
            if on {
                types.push(id);
            }
        },
    );
    if is_gone {
        view! { <Checkbox label=name value=value hint="This desk has none of that number." /> }
            .into_any()
    } else {
        view! { <Checkbox label=name value=value /> }.into_any()
    }
}
