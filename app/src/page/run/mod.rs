//! One run: a time line of its steps, and what each sent, got and set.

mod visit;
mod waterfall;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use shared::api::LiveEvent;
use shared::engine::{RunView, VariableView};
use shared::model::RunId;

use self::visit::Visit;
use self::waterfall::Waterfall;
use crate::client::{self, Fault, use_live};
use crate::frame::{Crumb, PageHeader};
use crate::load::{Loaded, show_loaded};
use crate::page::runs::{StatusBadge, started_by};
use crate::route::{Route, use_id};
use crate::ui::{Button, Confirm, Icon, Notice, Time, Tone, clock, confirm, error_words, toast};

/// The page.
#[component]
pub fn Run() -> impl IntoView {
    let id = use_id();
    (move || {
        let id = RunId::parse(&id.get()).ok();
        let key = StoredValue::new(id.clone());
        let live = use_live();
        let run = Loaded::new(move || {
            live.connections.track();
            let id = key.get_value();
            async move {
                match id {
                    Some(id) => client::run(&id).await,
                    None => Err(Fault::not_found()),
                }
            }
        });
        Effect::new(move |_| {
            if let Some(LiveEvent::Run { run: news }) = live.event.get()
                && key.with_value(|id| id.as_ref() == Some(&news.run_id))
            {
                run.again();
            }
        });
        show_loaded("run", run, move |first| {
            view! { <Page first=first run=run /> }.into_any()
        })
    })
    .into_any()
}

#[component]
fn Page(first: RunView, run: Loaded<RunView>) -> impl IntoView {
    let now = Memo::new(move |_| run.value().unwrap_or_else(|| first.clone()));
    let queries = use_query_map();
    // Which passage is looked at: the one in the address, else the one that failed, else the last.
    let chosen = Memo::new(move |_| {
        let named = queries.with(|queries| queries.get("visit"));
        now.with(|run| {
            named
                .and_then(|number| number.parse::<usize>().ok())
                .and_then(|number| number.checked_sub(1))
                .filter(|index| *index < run.visits.len())
                .unwrap_or_else(|| interesting(run))
        })
    });
    let title = Signal::derive(move || now.with(|run| run.summary.runbook_name.clone()));
    let status = Signal::derive(move || now.with(|run| run.summary.status));
    let runbook = now.with_untracked(|run| run.summary.runbook.to_string());
    let id = now.with_untracked(|run| run.summary.run_id.clone());
    let may_cancel = Memo::new(move |_| !status.get().has_ended());
    let state = view! { <StatusBadge status=status /> }.into_any();
    let error = move || {
        now.with(|run| {
            run.summary
                .error
                .as_ref()
                .map(|error| error.message.clone())
        })
        .map(|text| view! { <Notice tone=Tone::Bad>{error_words(&text)}</Notice> })
    };
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("Runs", Route::Runs)] state=state>
            {move || may_cancel.get().then(|| view! { <Cancel id=id.clone() /> })}
            <crate::ui::ButtonLink href=Route::Runbook(runbook).to_string()>"Open the runbook"</crate::ui::ButtonLink>
        </PageHeader>
        <div class="page run">
            {move || facts(&now.get())}
            {error}
            <div class="run-columns">
                <div class="run-overview">
                    <Waterfall run=now chosen=chosen />
                    {move || variables("Started with", now.with(|run| run.inputs.clone()))}
                    {move || variables("Answered with", now.with(|run| run.outputs.clone()))}
                </div>
                <div class="run-detail">
                    {move || {
                        let index = chosen.get();
                        now.with(|run| run.visits.get(index).cloned())
                            .map(|visit| view! { <Visit visit=visit /> })
                    }}
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// Ends a run that has not ended, once that is confirmed.
#[component]
fn Cancel(id: RunId) -> impl IntoView {
    let busy = RwSignal::new(false);
    let id = StoredValue::new(id);
    let go_ahead = move || {
        busy.set(true);
        spawn_local(async move {
            if let Err(fault) = client::cancel_run(&id.get_value()).await {
                toast(format!("The run was not cancelled. {fault}"));
            }
            busy.try_set(false);
        });
    };
    let ask = move |()| {
        confirm(
            Confirm {
                title: "Cancel this run?".to_owned(),
                text: "What it has done so far stays done. A request that is under way may still reach its service.".to_owned(),
                action: "Cancel the run".to_owned(),
                cancel: "Let it go on".to_owned(),
                danger: true,
            },
            go_ahead,
        );
    };
    view! {
        <Button icon=Icon::Stop busy=busy on_press=ask>
            "Cancel"
        </Button>
    }
    .into_any()
}

/// The passage that one most likely came for.
fn interesting(run: &RunView) -> usize {
    use shared::engine::VisitState;
    run.visits
        .iter()
        .position(|visit| visit.state == VisitState::Failed)
        .or_else(|| {
            run.visits
                .iter()
                .rposition(|visit| !visit.attempts.is_empty())
        })
        .unwrap_or(0)
}

fn facts(run: &RunView) -> AnyView {
    let started = i64::try_from(run.summary.started_at).unwrap_or(i64::MAX);
    let took = run
        .summary
        .ended_at
        .map(|end| clock::duration(end.saturating_sub(run.summary.started_at)));
    let waits = run
        .summary
        .waits_until
        .map(|at| i64::try_from(at).unwrap_or(i64::MAX));
    let version = match run.summary.version {
        Some(version) => format!("Version {version}"),
        None => "The draft".to_owned(),
    };
    view! {
        <dl class="run-facts">
            <div><dt>"Started"</dt><dd><Time at=started /></dd></div>
            {waits.map(|at| view! { <div><dt>"Waits until"</dt><dd><Time at=at /></dd></div> })}
            {took.map(|took| view! { <div><dt>"Took"</dt><dd class="numeric">{took}</dd></div> })}
            <div><dt>"Started by"</dt><dd>{started_by(&run.summary)}</dd></div>
            <div><dt>"Ran"</dt><dd>{version}</dd></div>
            <div><dt>"Id"</dt><dd class="code">{run.summary.run_id.to_string()}</dd></div>
        </dl>
    }
    .into_any()
}

/// A table of variables; nothing where there are none.
pub(super) fn variables(title: &'static str, variables: Vec<VariableView>) -> AnyView {
    if variables.is_empty() {
        return ().into_any();
    }
    let rows = variables
        .into_iter()
        .map(|variable| {
            view! {
                <tr>
                    <th scope="row">{variable.name}</th>
                    <td class="code">{variable.value}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="run-variables">
            <h3>{title}</h3>
            <table>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}
