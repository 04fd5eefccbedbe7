//! Ticket workflows: their list, and the editor with the chart, the tickets inside and the move to a new version.

mod actions;
mod details;
mod editor;
mod example;
mod inside;
mod list;
mod moving;
mod published;
mod sections;
mod step_panel;
mod triggers;

pub use editor::Workflow;
pub use list::Workflows;

use leptos::prelude::*;
use shared::desk::Record;
use shared::desk::form::text_of;
use shared::desk::resource::{Resource, STATUS, TICKET_TYPE};
use shared::model::ActsOn;

use crate::chart::DeskNames;
use crate::client::{self, Fault};
use crate::frame::Crumb;
use crate::page::drafting::{Conditions, WhenIn};
use crate::route::Route;

/// Reads what the desk has that a workflow may name.
async fn desk_names() -> Result<DeskNames, Fault> {
    let actions = client::desk_actions().await?.items.into_iter();
    let actions = actions.map(|record| record.record.value);
    let on_tickets = actions.filter(|action| action.records == ActsOn::Ticket);
    Ok(DeskNames {
        actions: on_tickets.map(|action| action.name).collect(),
        statuses: numbered(&STATUS).await?,
        ticket_types: numbered(&TICKET_TYPE).await?,
    })
}

async fn numbered(resource: &'static Resource) -> Result<Vec<(u64, String)>, Fault> {
    let records = client::records(resource, "count=1000").await?.records;
    let named = |record: &Record| {
        let id = record.get("id")?.as_u64()?;
        Some((id, text_of(record.get("name")?)))
    };
    Ok(records.iter().filter_map(named).collect())
}

fn to_settings() -> Crumb {
    Crumb::new("Settings".to_owned(), Route::Settings)
}

/// What a ticket must meet for a row to count; folded away where that is nothing.
fn condition(when: WhenIn) -> AnyView {
    let summary = move || match when.count() {
        0 => "Condition: none".to_owned(),
        rows => format!("Condition: {rows}"),
    };
    let has_any = untrack(|| when.count()) > 0;
    view! {
        <details class="more step-condition" open=has_any>
            <summary>{summary}</summary>
            <Conditions at=when example="<<ticket^priority_name>>" />
        </details>
    }
    .into_any()
}
