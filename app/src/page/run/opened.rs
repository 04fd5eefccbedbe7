//! A passage that is open: the whole of it, read where long values were cut.

use leptos::prelude::*;
use shared::engine::view::turns::Turn;
use shared::engine::{RunView, StepVisit};

use super::replay::Start;
use super::visit::Visit;
use crate::client;
use crate::load::Loaded;
use crate::ui::{ErrorPanel, Skeleton};

/// What a run is made of where it is looked at step by step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passages {
    pub(super) run: Memo<RunView>,
    pub(super) turns: Memo<Vec<Turn>>,
    /// Opens the dialog that has the run done again.
    pub(super) start: RwSignal<Option<Start>>,
}

impl Passages {
    pub(super) fn turn(self, index: usize) -> Turn {
        self.turns
            .with(|turns| turns.get(index).cloned())
            .unwrap_or_default()
    }
}

/// The passage at that place.
#[component]
pub(super) fn Opened(of: Passages, index: usize) -> impl IntoView {
    let Passages { run, start, .. } = of;
    let visit = Memo::new(move |_| run.with(|run| run.visits.get(index).cloned()));
    let turn = Memo::new(move |_| of.turn(index));
    let is_light = Memo::new(move |_| run.with(|run| run.light));
    let can_replay = Memo::new(move |_| run.with(can_replay));
    (move || {
        visit.get().map(|visit| {
            let turn = turn.get();
            let is_light = is_light.get();
            let show = move |visit| {
                let turn = turn.clone();
                view! { <Visit visit=visit turn=turn is_light=is_light start=start can_replay=can_replay /> }.into_any()
            };
            if visit.is_cut {
                whole(run, index, show)
            } else {
                show(visit)
            }
        })
    })
    .into_any()
}

/// A passage whose long values are not there yet.
fn whole(
    run: Memo<RunView>,
    index: usize,
    show: impl Fn(StepVisit) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let id = run.with_untracked(|run| run.summary.run_id.clone());
    let visit = Loaded::new(move || {
        let id = id.clone();
        async move { client::visit(&id, index).await }
    });
    (move || match visit.state.get() {
        None => view! { <Skeleton lines=4 /> }.into_any(),
        Some(Ok(visit)) => show(visit),
        Some(Err(fault)) => view! {
            <ErrorPanel
                title="Could not load the step"
                text=fault.to_string()
                on_retry=Callback::new(move |()| visit.again())
            />
        }
        .into_any(),
    })
    .into_any()
}

/// Of light logs nothing is left that a replay could begin with.
pub(super) fn can_replay(run: &RunView) -> bool {
    run.summary.status.has_ended() && !run.light
}
