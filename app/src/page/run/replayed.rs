//! The runs that do this one again, each with its outcome.

use leptos::prelude::*;
use shared::api::{Fit, RunsPage, RunsQuery};
use shared::engine::{RunStatus, RunSummary};
use shared::model::RunId;

use crate::client::{self, use_live};
use crate::load::Loaded;
use crate::page::runs::status_word;
use crate::route::Route;
use crate::ui::{Button, ButtonKind, Time};

/// So many are listed, the latest ones.
const MOST: u32 = 20;

/// For how many milliseconds the list is left alone after it was read, while many replays go on.
const REST_MS: u32 = 500;

/// Nothing where there are none.
#[component]
pub(super) fn Replayed(id: RunId) -> impl IntoView {
    let query = StoredValue::new(RunsQuery {
        replay_of: Some(id),
        limit: Some(MOST),
        ..RunsQuery::default()
    });
    let live = use_live();
    let read = move || {
        live.connections.track();
        let query = query.get_value();
        async move { client::runs(&query).await }
    };
    let replays = Loaded::paced(read, |_| REST_MS);
    live.each_run(move |news| {
        if query.with_value(|query| query.fits(&news)) == Fit::Yes {
            replays.again();
        }
    });
    let answer = Memo::new(move |_| replays.state.get());
    (move || match answer.get() {
        None => ().into_any(),
        Some(Ok(page)) if page.items.is_empty() => ().into_any(),
        Some(Ok(page)) => list(page),
        Some(Err(_)) => view! {
            <div class="row">
                <p class="muted">"Whether this run was replayed could not be loaded."</p>
                <Button small=true kind=ButtonKind::Quiet on_press=move |()| replays.again()>"Try again"</Button>
            </div>
        }
        .into_any(),
    })
    .into_any()
}

fn list(page: RunsPage) -> AnyView {
    let has_more = page.next.is_some();
    let rows = page.items.into_iter().map(row).collect_view();
    view! {
        <ul class="run-replays" aria-label="Replays of this run">
            {rows}
            {has_more
                .then(|| view! { <li class="muted">{format!("Replays before the latest {MOST} are not listed.")}</li> })}
        </ul>
    }
    .into_any()
}

fn row(replay: RunSummary) -> AnyView {
    let href = Route::Run(replay.run_id.to_string()).to_string();
    let started = i64::try_from(replay.started_at).unwrap_or(i64::MAX);
    view! {
        <li>
            "Replayed as " <a href=href>{format!("run {}", replay.run_id)}</a>
            {outcome(replay.status)} " " <span class="muted"><Time at=started /></span>
        </li>
    }
    .into_any()
}

fn outcome(status: RunStatus) -> String {
    format!(", {}", status_word(status).to_lowercase())
}
