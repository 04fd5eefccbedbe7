//! The step of a workflow that the ticket is in.

use leptos::prelude::*;
use shared::api::TicketWorkflow;

use crate::load::Loaded;
use crate::route::Route;
use crate::ui::Time;

/// Nothing for a ticket that is in no workflow.
#[component]
pub(super) fn InWorkflow(
    inside: Loaded<Option<TicketWorkflow>>,
    /// Whether the ticket is.
    #[prop(into)]
    closed: Signal<bool>,
) -> impl IntoView {
    // Only another place draws it anew: what is offered may change on its own.
    let place = Memo::new(move |_| {
        inside.value().flatten().map(|inside| TicketWorkflow {
            offers: Vec::new(),
            ..inside
        })
    });
    // A step that nothing leads on from is an end: there it may be closed.
    let is_left_open = Memo::new(move |_| {
        let goes_on = inside
            .value()
            .flatten()
            .is_some_and(|inside| !inside.offers.is_empty());
        goes_on && closed.get()
    });
    (move || place.get().map(|place| shown(place, is_left_open))).into_any()
}

fn shown(inside: TicketWorkflow, is_left_open: Memo<bool>) -> AnyView {
    let left_open = format!(
        "The ticket is closed, and still at the step {}: no action of the step has led it on.",
        inside.step_name
    );
    let left_open = StoredValue::new(left_open);
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
            <Show when=move || is_left_open.get()>
                <p class="muted">{left_open.get_value()}</p>
            </Show>
            {older}
        </section>
    }
    .into_any()
}
