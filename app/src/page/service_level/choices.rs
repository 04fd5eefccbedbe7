//! What of the desk a service level names: ticket types and statuses, by their numbers.

use leptos::prelude::*;
use shared::desk::Record;
use shared::desk::form::text_of;
use shared::desk::resource::{PRIORITY, Resource, STATUS, TICKET_TYPE};
use shared::desk::service_level::ServiceLevel;

use super::preview::Preview;
use crate::client::{self, Fault};
use crate::ui::{Bound, Checkbox, Switch};

/// Each with its number, in the order of the desk.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    pub(super) priorities: Vec<(u64, String)>,
    /// Those in which tickets are open.
    pub(super) statuses: Vec<(u64, String)>,
    ticket_types: Vec<(u64, String)>,
}

impl Lists {
    pub(super) async fn read() -> Result<Self, Fault> {
        let is_open = |record: &Record| record.get("isclosed") != Some(&true.into());
        Ok(Self {
            priorities: list(&PRIORITY, |_| true).await?,
            statuses: list(&STATUS, is_open).await?,
            ticket_types: list(&TICKET_TYPE, |_| true).await?,
        })
    }

    /// The statuses in which others are waited for, as far as their names tell.
    pub(super) fn waiting(&self) -> Vec<u64> {
        let is_waiting = |name: &str| {
            let name = name.to_lowercase();
            name.starts_with("with ") || name.contains("hold") || name.contains("waiting")
        };
        let waiting = self.statuses.iter().filter(|(_, name)| is_waiting(name));
        waiting.map(|(id, _)| *id).collect()
    }
}

async fn list(
    resource: &'static Resource,
    keeps: impl Fn(&Record) -> bool,
) -> Result<Vec<(u64, String)>, Fault> {
    let records = client::records(resource, "count=1000").await?.records;
    let kept = records.iter().filter(|record| keeps(record));
    let named = kept.filter_map(|record| {
        let id = record.get("id")?.as_u64()?;
        Some((id, record.get("name").map(text_of).unwrap_or_default()))
    });
    Ok(named.collect())
}

/// Which tickets it counts for.
#[component]
pub(super) fn Tickets(
    draft: RwSignal<ServiceLevel>,
    preview: Preview,
    lists: Lists,
) -> impl IntoView {
    let default = Bound::of(
        draft,
        |draft| draft.default,
        |draft, default| draft.default = default,
    );
    let types = Bound::of(
        draft,
        |draft| draft.ticket_types.clone(),
        |draft, ids| draft.ticket_types = ids,
    );
    view! {
        <section class="section" aria-label="Tickets that it counts for">
            <h2>"Tickets that it counts for"</h2>
            <div class="stack">
                <Switch
                    label="Default"
                    hint="For all tickets that no other service level counts for. One alone is the default."
                    value=default
                />
                {ticked(
                    "Ticket types",
                    "In place of the default one. Another one can be chosen at each ticket.",
                    lists.ticket_types,
                    types,
                )}
                {preview.line("ticket_types")}
            </div>
        </section>
    }
    .into_any()
}

/// The statuses in which no time counts.
#[component]
pub(super) fn Pauses(draft: RwSignal<ServiceLevel>, lists: Lists) -> impl IntoView {
    let statuses = Bound::of(
        draft,
        |draft| draft.stopping_statuses.clone(),
        |draft, ids| draft.stopping_statuses = ids,
    );
    view! {
        <section class="section" aria-label="When the clock stands still">
            <h2>"When the clock stands still"</h2>
            {ticked(
                "Statuses",
                "While a ticket has one of these, no time counts and nothing is due.",
                lists.statuses,
                statuses,
            )}
        </section>
    }
    .into_any()
}

fn ticked(
    legend: &'static str,
    hint: &'static str,
    known: Vec<(u64, String)>,
    chosen: Bound<Vec<u64>>,
) -> AnyView {
    let boxes = known
        .into_iter()
        .map(|(id, name)| {
            let value = chosen.part(
                move |ids| ids.contains(&id),
                move |ids, on| {
                    ids.retain(|other| *other != id);
                    if on {
                        ids.push(id);
                        ids.sort_unstable();
                    }
                },
            );
            view! { <Checkbox label=name value=value /> }
        })
        .collect_view();
    view! {
        <fieldset class="field">
            <legend class="field-label">{legend}</legend>
            <p class="field-note">{hint}</p>
            <div class="service-level-boxes">{boxes}</div>
        </fieldset>
    }
    .into_any()
}
