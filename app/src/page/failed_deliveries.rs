//! Starts from the desk that came to nothing: listed until somebody deals with them.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{DeliveryOrigin, FailedDelivery, LiveEvent};

use crate::client::{self, use_live};
use crate::load::Loaded;
use crate::page::event_words::{record_route, record_word};
use crate::route::Route;
use crate::ui::{Button, Notice, Time, Tone, announce, error_words, toast};

/// Nothing where there are none.
#[component]
pub fn FailedDeliveries() -> impl IntoView {
    let live = use_live();
    let failed = Loaded::new(move || {
        live.connections.track();
        client::failed_deliveries()
    });
    live.each(move |event| {
        if event == LiveEvent::FailedDeliveries {
            failed.again();
        }
    });
    let items = move || failed.value().map(|list| list.items).unwrap_or_default();
    let count = Memo::new(move |_| items().len());
    view! {
        <Show when=move || { count.get() > 0 }>
            <Notice tone=Tone::Bad>
                <h2>{move || heading(count.get())}</h2>
                <p>"Mend what is named, then try each again; or dismiss it."</p>
                <ul class="failed-deliveries">
                    <For each=items key=|item| (item.id, item.error.message.clone()) let:item>
                        <Item item=item failed=failed />
                    </For>
                </ul>
            </Notice>
        </Show>
    }
    .into_any()
}

#[component]
fn Item(item: FailedDelivery, failed: Loaded<shared::api::List<FailedDelivery>>) -> impl IntoView {
    let id = item.id;
    let busy = RwSignal::new(false);
    let (what, place) = words(&item.origin);
    let what = StoredValue::new(what);
    let done = move |outcome: Result<String, client::Fault>| {
        busy.set(false);
        match outcome {
            Ok(words) => announce(words),
            Err(fault) => toast(fault.to_string()),
        }
        failed.again();
    };
    let dismiss = move |()| {
        busy.set(true);
        spawn_local(async move {
            let answer = client::dismiss_delivery(id).await;
            done(answer.map(|()| format!("Dismissed {}", what.get_value())));
        });
    };
    let retry = move |()| {
        busy.set(true);
        spawn_local(async move {
            let answer = client::retry_delivery(id).await;
            done(answer.map(|_| format!("Started {}", what.get_value())));
        });
    };
    let runbook = item
        .runbook_name
        .clone()
        .unwrap_or_else(|| "a deleted runbook".to_owned());
    view! {
        <li>
            <div>
                <p>
                    <a href=place.to_string()>{what.get_value()}</a>
                    " did not start "
                    <a href=Route::Runbook(item.runbook.to_string()).to_string()>{runbook}</a>
                    ", "
                    <Time at=i64::try_from(item.at).unwrap_or(i64::MAX) />
                </p>
                <p class="hint">{error_words(&item.error.message)}</p>
            </div>
            <div class="failed-deliveries-commands">
                <Button busy=busy on_press=retry>"Try again"</Button>
                <Button busy=busy on_press=dismiss>"Dismiss"</Button>
            </div>
        </li>
    }
    .into_any()
}

/// What was to start the runbook, and the page of the record that it happened to.
fn words(origin: &DeliveryOrigin) -> (String, Route) {
    match origin {
        DeliveryOrigin::Action { action, ticket_id } => (
            format!("“{action}” on ticket {ticket_id}"),
            Route::Ticket(ticket_id.to_string()),
        ),
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
