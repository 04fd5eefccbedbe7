//! Starts from the desk that came to nothing: listed until somebody deals with them.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{DeliveryOrigin, FailedDelivery, List, LiveEvent};
use shared::problem::sentence;

use crate::browser::without_row;
use crate::client::{self, use_live};
use crate::frame::MAIN;
use crate::load::Loaded;
use crate::page::event_words::{record_route, record_word};
use crate::page::pending::{self, Deletion};
use crate::route::Route;
use crate::ui::{Button, Notice, Tone, announce, clock, error_words};

const ROWS: &str = ".failed-deliveries li";

/// Nothing where there are none.
#[component]
pub fn FailedDeliveries() -> impl IntoView {
    let live = use_live();
    let failed = Loaded::new(move || {
        live.connections.track();
        pending::track_settled();
        client::failed_deliveries()
    });
    live.each(move |event| {
        if matches!(event, LiveEvent::FailedDeliveries) {
            failed.again();
        }
    });
    let items = move || {
        let mut items = failed.value().map(|list| list.items).unwrap_or_default();
        items.retain(|item| !pending::is_deleted(&key(item.id)));
        items
    };
    let count = Memo::new(move |_| items().len());
    // A row is made anew when its error is another one; what became of its last try stays.
    let tried: Tried = RwSignal::new(BTreeMap::new());
    view! {
        <Show when=move || { count.get() > 0 }>
            <Notice tone=Tone::Bad>
                <h2>{move || heading(count.get())}</h2>
                <p>"Mend what is named, then try the start again here: what set it off must not be done again. Or dismiss it."</p>
                <ul class="failed-deliveries">
                    <For each=items key=|item| (item.id, item.error.message.clone()) let:item>
                        <Item item=item failed=failed tried=tried />
                    </For>
                </ul>
            </Notice>
        </Show>
    }
    .into_any()
}

/// Why the last try of a start came to nothing, too.
type Tried = RwSignal<BTreeMap<u64, String>>;

#[component]
fn Item(item: FailedDelivery, failed: Loaded<List<FailedDelivery>>, tried: Tried) -> impl IntoView {
    let id = item.id;
    let busy = RwSignal::new(false);
    let (what, place) = words(&item.origin);
    let what = StoredValue::new(what);
    let dismiss = move |()| {
        let deletion = Deletion {
            key: key(id),
            method: "POST",
            path: format!("/console/failed-deliveries/{id}/dismiss"),
            body: Some("{}".to_owned()),
            name: what.get_value(),
            done: "Dismissed",
        };
        without_row(ROWS, MAIN, || pending::delete(deletion));
    };
    let retry = move |()| {
        busy.set(true);
        tried.update(|tried| {
            tried.remove(&id);
        });
        spawn_local(async move {
            let answer = client::retry_delivery(id).await;
            busy.try_set(false);
            // The row may have been made anew; without its list nobody is told.
            if tried.try_with_untracked(|_| ()).is_none() {
                return;
            }
            match answer {
                Ok(_) => {
                    announce(format!(
                        "Started {}",
                        what.try_get_value().unwrap_or_default()
                    ));
                    take_off(failed, id);
                }
                Err(fault) => {
                    let words = format!(
                        "{} still did not start. {}",
                        what.try_get_value().unwrap_or_default(),
                        sentence(&fault.to_string())
                    );
                    tried.update(|tried| {
                        tried.insert(id, words);
                    });
                }
            }
            failed.again();
        });
    };
    let runbook = item
        .runbook_name
        .clone()
        .unwrap_or_else(|| "a deleted runbook".to_owned());
    let at = clock::exact(i64::try_from(item.at).unwrap_or(i64::MAX));
    // Several may be of one ticket and one runbook. The whole name stands in one place: browsers put a space between two.
    let which = StoredValue::new(format!("{}, {runbook}, {at}", what.get_value()));
    let face = move |word: &'static str| {
        view! {
            <span aria-hidden="true">{word}</span>
            <span class="visually-hidden">{format!("{word}: {}", which.get_value())}</span>
        }
    };
    let refused = move || {
        let words = tried.with(|tried| tried.get(&id).cloned())?;
        Some(view! { <Notice tone=Tone::Bad>{error_words(&words)}</Notice> })
    };
    view! {
        <li>
            <div>
                <p>
                    <a href=place.to_string()>{what.get_value()}</a>
                    " did not start "
                    <a href=Route::Runbook(item.runbook.to_string()).to_string()>{runbook}</a>
                    ", "
                    {at}
                </p>
                <p class="hint">{error_words(&item.error.message)}</p>
                <div role="alert">{refused}</div>
            </div>
            <div class="failed-deliveries-commands">
                <Button busy=busy on_press=retry>{face("Try again")}</Button>
                <Button disabled=busy on_press=dismiss>{face("Dismiss")}</Button>
            </div>
        </li>
    }
    .into_any()
}

fn key(id: u64) -> String {
    format!("failed-delivery/{id}")
}

/// Takes a row away that is dealt with; a keyboard that is in it goes on at the next.
fn take_off(failed: Loaded<List<FailedDelivery>>, id: u64) {
    let take_off = || {
        failed.state.update(|state| {
            if let Some(Ok(list)) = state {
                list.items.retain(|item| item.id != id);
            }
        });
    };
    let focused = document().active_element();
    let is_here = focused.is_some_and(|focused| matches!(focused.closest(ROWS), Ok(Some(_))));
    if is_here {
        without_row(ROWS, MAIN, take_off);
    } else {
        take_off();
    }
}

/// What was to start the runbook, and the page of the record that it happened to.
fn words(origin: &DeliveryOrigin) -> (String, Route) {
    match origin {
        DeliveryOrigin::Action { action, ticket_id } => (
            format!("“{action}” on ticket {ticket_id}"),
            Route::Ticket(ticket_id.to_string()),
        ),
        DeliveryOrigin::Workflow {
            workflow,
            reason,
            ticket_id,
        } => (
            format!("“{workflow}” for ticket {ticket_id} ({reason})"),
            Route::Ticket(ticket_id.to_string()),
        ),
        DeliveryOrigin::Schedule {
            schedule,
            ticket_id: Some(ticket_id),
            ..
        } => (
            format!("“{schedule}” for ticket {ticket_id}"),
            Route::Ticket(ticket_id.to_string()),
        ),
        DeliveryOrigin::Schedule { schedule, .. } => {
            (format!("Schedule “{schedule}”"), Route::Schedules)
        }
        DeliveryOrigin::Event {
            trigger,
            event,
            record_id,
        } => {
            let record = event.record();
            (
                format!("“{trigger}” for {} {record_id}", record_word(record)),
                record_route(record, *record_id),
            )
        }
    }
}

fn heading(count: usize) -> String {
    if count == 1 {
        "1 start from the desk came to nothing".to_owned()
    } else {
        format!("{count} starts from the desk came to nothing")
    }
}
