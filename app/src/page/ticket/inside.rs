//! The step of a workflow that the ticket is in.

use leptos::prelude::*;
use shared::api::TicketWorkflow;

use crate::load::Loaded;
use crate::route::Route;
use crate::ui::Time;

/// Nothing for a ticket that is in no workflow.
#[component]
pub(super) fn InWorkflow(inside: Loaded<Option<TicketWorkflow>>) -> impl IntoView {
    // Only another place draws it anew: what is offered may change on its own.
    let place = Memo::new(move |_| {
        inside.value().flatten().map(|inside| TicketWorkflow {
            offers: Vec::new(),
            ..inside
        })
    });
    (move || place.get().map(shown)).into_any()
}

fn shown(inside: TicketWorkflow) -> AnyView {
    let since = i64::try_from(inside.entered_at).unwrap_or(i64::MAX);
    let page = Route::Workflow(inside.workflow.to_string()).to_string();
    let older = (inside.version < inside.newest_version).then(|| {
        let href = format!("{page}?tab=tickets");
        view! {
            <p class="muted">
                {format!(
                    "It goes on in version {}; the latest is {}. ",
                    inside.version,
                    inside.newest_version,
                )} <a href=href>"Move its tickets"</a>
            </p>
        }
    });
    view! {
        <section class="ticket-workflow" aria-label="Workflow">
            <h2>"Workflow"</h2>
            <p>
                <strong>{inside.step_name}</strong>
                " "
                <span class="muted">"since " <Time at=since /></span>
            </p>
            <p class="muted">"of " <a href=page>{inside.name}</a></p>
            {older}
        </section>
    }
    .into_any()
}
