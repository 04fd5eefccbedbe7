//! The actions of the desk, and the buttons on users and assets: their list in its order, and one by one.

mod asked;
mod draft;
mod editor;
mod offered;
mod row;
mod variables;
mod words;

pub use editor::{Action, NewAction};

use leptos::prelude::*;
use shared::api::RunbookSummary;
use shared::desk::Record;
use shared::desk::resource::TICKET_TYPE;

use self::row::row;
use crate::client;
use crate::frame::{Crumb, PageHeader};
use crate::load::Loaded;
use crate::page::pending::track_settled;
use crate::route::Route;
use crate::ui::unsaved::go;
use crate::ui::{ButtonKind, ButtonLink, EmptyState, ErrorPanel, Icon, Skeleton, use_shortcut};

/// What the list shows, and what its rows need to say where each is offered.
#[derive(Debug, Clone)]
struct Known {
    actions: Vec<shared::api::DeskActionRecord>,
    runbooks: Vec<RunbookSummary>,
    types: Vec<Record>,
}

/// The page of the list.
#[component]
pub fn Actions() -> impl IntoView {
    let known = Loaded::new(|| {
        track_settled();
        async {
            Ok(Known {
                actions: client::desk_actions().await?.items,
                runbooks: client::runbooks().await?.items,
                types: client::records(&TICKET_TYPE, "count=1000").await?.records,
            })
        }
    });
    use_shortcut("N", "New action", || go(Route::NewAction));
    let list = move || {
        match known.state.get() {
        None => view! { <Skeleton lines=4 /> }.into_any(),
        Some(Err(fault)) => view! {
            <ErrorPanel
                title="Could not load the actions"
                text=fault.to_string()
                on_retry=Callback::new(move |()| known.again())
            />
        }
        .into_any(),
        Some(Ok(list)) if list.actions.is_empty() => view! {
            <EmptyState
                icon=Icon::DeskAction
                title="No actions yet"
                text="An action is a button on a ticket, a user or an asset: it asks what you let it ask, and can start a runbook with the answers. Make one, or start from the example."
            >
                <ButtonLink href=Route::NewAction.to_string() icon=Icon::Plus>"New action"</ButtonLink>
                <ButtonLink href=format!("{}?example=ask", Route::NewAction)>"Start from the example"</ButtonLink>
            </EmptyState>
        }
        .into_any(),
        Some(Ok(list)) => {
            let names: Vec<String> = list
                .actions
                .iter()
                .map(|one| one.record.value.name.clone())
                .collect();
            let again = Callback::new(move |()| known.again());
            let rows = list
                .actions
                .iter()
                .enumerate()
                .map(|(at, one)| row(one, at, &names, &list, again))
                .collect_view();
            view! { <ol class="action-list">{rows}</ol> }.into_any()
        }
    }
    };
    view! {
        <PageHeader title="Actions" crumbs=vec![Crumb::new("Settings", Route::Settings)]>
            <ButtonLink kind=ButtonKind::Primary href=Route::NewAction.to_string() icon=Icon::Plus>
                "New action"
            </ButtonLink>
        </PageHeader>
        <div class="page stack">
            <p class="muted">
                "Buttons stand in this order. Which of them a ticket type allows is set up under "
                <a href=Route::Records("ticket-types".to_owned()).to_string()>"Ticket types"</a> "."
            </p>
            {list}
        </div>
    }
    .into_any()
}
