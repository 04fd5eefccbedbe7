//! One run: its steps on a time line and on the flow chart, and what each sent, got and set.

mod opened;
mod overlay;
mod replay;
mod replayed;
mod visit;
mod waits;
mod waterfall;
mod words;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::engine::view::waits::Wait;
use shared::engine::{RunView, StartedBy, VariableView};
use shared::model::{RunId, Timestamp};

use self::opened::{Opened, Passages, can_replay};
pub use self::overlay::{Overlay, overlay};
use self::replay::{ReplayDialog, Start};
use self::replayed::Replayed;
use self::waits::Waits;
use self::waterfall::Waterfall;
use crate::chart::chart_to_come;
use crate::client::{self, Fault, use_live};
use crate::frame::{Crumb, PageHeader};
use crate::load::{Loaded, show_loaded};
use crate::page::lazy;
use crate::page::runs::{StatusBadge, started_by_link};
use crate::route::{Route, use_id};
use crate::ui::clock::use_seconds;
use crate::ui::{
    Badge, Button, Confirm, ErrorPanel, Icon, Notice, Tab, Tabs, Time, Tone, clock, confirm,
    error_words, in_address, toast,
};

/// The page.
#[component]
pub fn Run() -> impl IntoView {
    let id = use_id();
    (move || {
        let id = RunId::parse(&id.get()).ok();
        let key = StoredValue::new(id.clone());
        let live = use_live();
        let read = move || {
            live.connections.track();
            let id = key.get_value();
            async move {
                match id {
                    Some(id) => client::run(&id).await,
                    None => Err(Fault::not_found()),
                }
            }
        };
        let run = Loaded::paced(read, rest);
        live.each_run(move |news| {
            if key.with_value(|id| id.as_ref() == Some(&news.run_id)) {
                run.again();
            }
        });
        show_loaded("run", run, move |first| {
            view! { <Page first=first run=run /> }.into_any()
        })
    })
    .into_any()
}

/// For how many milliseconds a run is left in peace after it was read: all of it is made anew each time, by the same
/// hands that execute it.
fn rest(run: &RunView) -> u32 {
    let passages = u32::try_from(run.visits.len()).unwrap_or(u32::MAX);
    passages.saturating_mul(3).clamp(300, 3_000)
}

#[component]
fn Page(first: RunView, run: Loaded<RunView>) -> impl IntoView {
    let now = Memo::new(move |_| run.value().unwrap_or_else(|| first.clone()));
    // Which passage is open: the one in the address, else the one that failed, else the last that sent something.
    let named = in_address("visit");
    let open = Memo::new(move |_| {
        let named = named.get();
        if named.is_empty() {
            return Some(now.with(interesting));
        }
        named
            .parse::<usize>()
            .ok()
            .and_then(|number| number.checked_sub(1))
    });
    let start = RwSignal::new(None::<Start>);
    let title = Signal::derive(move || now.with(|run| run.summary.runbook_name.clone()));
    let status = Signal::derive(move || now.with(|run| run.summary.status));
    let runbook = now.with_untracked(|run| run.summary.runbook.to_string());
    let id = now.with_untracked(|run| run.summary.run_id.clone());
    let may_cancel = Memo::new(move |_| !status.get().has_ended());
    let may_replay = Memo::new(move |_| now.with(can_replay));
    let is_light = Memo::new(move |_| now.with(|run| run.light));
    // Without news of it nobody knows whether it still goes on.
    let is_lost = use_live().is_lost;
    let seconds = use_seconds(Signal::derive(move || may_cancel.get() && !is_lost.get()));
    let now_passing = Signal::derive(move || Timestamp::try_from(seconds.get()).unwrap_or(0));
    let turns = Memo::new(move |_| now.with(RunView::turns));
    let of = Passages {
        run: now,
        turns,
        start,
    };
    let look_at = Callback::new(move |place: Option<usize>| {
        named.set(place.map_or(0, |place| place + 1).to_string());
    });
    let passage = Callback::new(move |index| view! { <Opened of=of index=index /> }.into_any());
    let laid_over = Overlay {
        of,
        now: now_passing,
        open,
        look_at,
        passage,
    };
    let waterfall = move || view! { <Waterfall of=of open=open now=now_passing /> }.into_any();
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
            {move || {
                let id = id.clone();
                if may_cancel.get() {
                    view! { <Cancel id=id run=now /> }.into_any()
                } else if !may_replay.get() {
                    ().into_any()
                } else {
                    view! {
                        <Button icon=Icon::Repeat on_press=move |()| start.set(Some(Start::FromStart))>
                            "Replay"
                        </Button>
                    }
                    .into_any()
                }
            }}
            <crate::ui::ButtonLink href=Route::Runbook(runbook).to_string()>"Open the runbook"</crate::ui::ButtonLink>
        </PageHeader>
        <div class="page run">
            {move || facts(&now.get())}
            <Replayed id=now.with_untracked(|run| run.summary.run_id.clone()) />
            <Show when=move || is_light.get()>
                <Notice tone=Tone::Neutral>
                    "Its runbook keeps light logs: which steps were passed, when, and how they ended. Bodies and values were not kept, so it cannot be replayed."
                </Notice>
            </Show>
            {error}
            <Waits run=now seconds=seconds />
            <Tabs
                label="What the run did"
                query="view"
                tabs=vec![
                    Tab::new("steps", "Steps", waterfall),
                    Tab::new("chart", "Flow chart", move || flow_chart(laid_over)),
                ]
            />
            <div class="run-columns">
                {move || now.with(beginning)}
                {move || variables("Answered with", now.with(|run| run.outputs.clone()), &[])}
            </div>
            <ReplayDialog run=now start=start />
        </div>
    }
    .into_any()
}

/// The run on the flow chart, once the code of that is there.
fn flow_chart(laid_over: Overlay) -> AnyView {
    let code = Loaded::new(lazy::run_overlay);
    (move || match code.state.get() {
        None => chart_to_come(),
        Some(Ok(show)) => show(laid_over),
        Some(Err(fault)) => view! {
            <ErrorPanel
                title="Could not load the flow chart"
                text=fault.to_string()
                on_retry=Callback::new(move |()| code.again())
            />
        }
        .into_any(),
    })
    .into_any()
}

/// Ends a run that has not ended, once that is confirmed.
#[component]
fn Cancel(id: RunId, run: Memo<RunView>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let go_ahead = move || {
        let id = id.clone();
        busy.try_set(true);
        spawn_local(async move {
            if let Err(fault) = client::cancel_run(&id).await {
                toast(format!("The run was not cancelled. {fault}"));
            }
            busy.try_set(false);
        });
    };
    let ask = move |()| {
        confirm(
            Confirm {
                title: "Cancel this run?".to_owned(),
                text: run.with_untracked(what_cancelling_does),
                action: "Cancel the run".to_owned(),
                cancel: "Let it go on".to_owned(),
                danger: true,
            },
            go_ahead.clone(),
        );
    };
    view! {
        <Button icon=Icon::Stop busy=busy on_press=ask>
            "Cancel"
        </Button>
    }
    .into_any()
}

fn what_cancelling_does(run: &RunView) -> String {
    let waits = run.waits();
    let children = waits.iter().filter(|wait| matches!(wait, Wait::Run { .. }));
    let children = match children.count() {
        0 => String::new(),
        1 => " The run that it started and waits for is cancelled, too.".to_owned(),
        count => {
            format!(" The {count} runs that it started and waits for are cancelled, too.")
        }
    };
    format!(
        "What it has done so far stays done. A request that is under way may still reach its service.{children}"
    )
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
    let version = match run.summary.version {
        Some(version) => format!("Version {version}"),
        None => "The draft".to_owned(),
    };
    let late = run.summary.started_by.late().map(ToOwned::to_owned);
    view! {
        <dl class="run-facts">
            <div><dt>"Started"</dt><dd><Time at=started /></dd></div>
            {late.map(|late| view! { <div><dt>"Late"</dt><dd>{late}</dd></div> })}
            {took.map(|took| view! { <div><dt>"Took"</dt><dd class="numeric">{took}</dd></div> })}
            <div><dt>"Started by"</dt><dd>{started_by_link(&run.summary)}</dd></div>
            <div><dt>"Ran"</dt><dd>{version}</dd></div>
            <div><dt>"Id"</dt><dd class="code">{run.summary.run_id.to_string()}</dd></div>
        </dl>
    }
    .into_any()
}

/// What the run began with: its input variables, and where it is a replay from a step what was there at that step.
fn beginning(run: &RunView) -> AnyView {
    let edited: &[String] = match &run.summary.started_by {
        StartedBy::Replay { edited, .. } => edited,
        _ => &[],
    };
    if run.began_with.is_empty() {
        variables("Started with", run.inputs.clone(), edited)
    } else {
        variables("Began with", run.began_with.clone(), edited)
    }
}

/// A table of variables, those marked that were edited; nothing where there are none.
pub(super) fn variables(
    title: &'static str,
    variables: Vec<VariableView>,
    edited: &[String],
) -> AnyView {
    if variables.is_empty() {
        return ().into_any();
    }
    let rows = variables
        .into_iter()
        .map(|variable| {
            let mark = edited
                .contains(&variable.name)
                .then(|| view! { " " <Badge tone=Tone::Neutral label="Edited" /> });
            view! {
                <tr>
                    <th scope="row">{variable.name} {mark}</th>
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
