//! Several runs at once: which are chosen, and how far their replay is.

use std::collections::{BTreeSet, VecDeque};

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{Replay, RunsQuery};
use shared::model::RunId;

use super::list::RunList;
use super::words::runs;
use crate::client;
use crate::route::Route;
use crate::ui::{
    Button, ButtonKind, Confirm, Icon, Notice, Progress, Tone, announce, confirm, toast,
};

/// How many runs are chosen at most: whoever needs more narrows the list.
const MOST: usize = 500;

/// How many replays are under way at a time.
const AT_ONCE: usize = 4;

/// The chosen runs, and what becomes of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Selection {
    pub(super) chosen: RwSignal<BTreeSet<RunId>>,
    work: RwSignal<Option<Work>>,
    waiting: RwSignal<VecDeque<RunId>>,
    choosing: RwSignal<bool>,
}

/// Replays that are under way, or are over.
#[derive(Debug, Clone, Default)]
struct Work {
    total: usize,
    started: usize,
    failed: Vec<(RunId, String)>,
    stopped: bool,
}

impl Work {
    fn done(&self) -> usize {
        self.started + self.failed.len()
    }

    fn words(&self, is_over: bool) -> String {
        let refused = match self.failed.len() {
            0 => String::new(),
            count => format!(", {count} refused"),
        };
        let stopped = if is_over && self.stopped {
            ", then stopped"
        } else {
            ""
        };
        format!(
            "{} of {} started again{refused}{stopped}",
            self.started, self.total
        )
    }

    fn is_over(&self) -> bool {
        self.stopped || self.done() == self.total
    }
}

impl Selection {
    pub(super) fn new() -> Self {
        Self {
            chosen: RwSignal::new(BTreeSet::new()),
            work: RwSignal::new(None),
            waiting: RwSignal::new(VecDeque::new()),
            choosing: RwSignal::new(false),
        }
    }

    fn is_over(self) -> bool {
        self.work
            .with(|work| work.as_ref().is_none_or(Work::is_over))
    }

    /// Chooses all that have ended and fit the filters, as far as that is allowed.
    fn choose_all(self, query: RunsQuery) {
        self.choosing.set(true);
        spawn_local(async move {
            let mut asked = RunsQuery {
                limit: Some(200),
                ..query
            };
            let mut found = BTreeSet::new();
            loop {
                let page = match client::runs(&asked).await {
                    Ok(page) => page,
                    Err(fault) => {
                        toast(fault.to_string());
                        break;
                    }
                };
                let ended = page.items.into_iter().filter(|run| run.status.has_ended());
                found.extend(ended.map(|run| run.run_id).take(MOST - found.len()));
                asked.after = page.next;
                if asked.after.is_none() || found.len() >= MOST {
                    break;
                }
            }
            if self.choosing.try_set(false).is_none() {
                announce(format!("{} selected", runs(found.len())));
                self.chosen.set(found);
            }
        });
    }

    fn ask(self) {
        let count = self.chosen.with_untracked(BTreeSet::len);
        confirm(
            Confirm {
                title: format!("Replay {}?", runs(count)),
                text: "Each is started again from its start, with the variables that it had. What the runs did before stays done, and is done once more.".to_owned(),
                action: format!("Replay {}", runs(count)),
                cancel: "Cancel".to_owned(),
                danger: false,
            },
            move || self.begin(),
        );
    }

    fn begin(self) {
        let chosen = self.chosen.get_untracked();
        self.work.set(Some(Work {
            total: chosen.len(),
            ..Work::default()
        }));
        self.chosen.set(BTreeSet::new());
        self.waiting.set(chosen.into_iter().collect());
        for _ in 0..AT_ONCE {
            spawn_local(self.go_on());
        }
    }

    /// Replays one after the other, until none is left or the page is left.
    async fn go_on(self) {
        while let Some(Some(id)) = self.waiting.try_update(VecDeque::pop_front) {
            let answer = client::replay_run(&id, &Replay::default()).await;
            self.work.try_update(|work| {
                if let Some(work) = work {
                    match answer {
                        Ok(_) => work.started += 1,
                        Err(fault) => work.failed.push((id, fault.to_string())),
                    }
                }
            });
        }
        if let Some(Some(work)) = self.work.try_get_untracked()
            && work.done() == work.total
        {
            announce(work.words(true));
        }
    }

    fn stop(self) {
        self.waiting.set(VecDeque::new());
        self.work.update(|work| {
            if let Some(work) = work {
                work.stopped = true;
            }
        });
    }
}

/// The line above the list: what is chosen, and what can be done with it.
#[component]
pub(super) fn Chosen(selection: Selection, list: RunList) -> impl IntoView {
    let count = Memo::new(move |_| selection.chosen.with(BTreeSet::len));
    let can_begin = move || selection.is_over();
    let words = move || match count.get() {
        0 => "Select runs to replay them".to_owned(),
        count if count >= MOST => format!("{} selected, which is the most at once", runs(count)),
        count => format!("{} selected", runs(count)),
    };
    view! {
        <div class="runs-chosen" role="group" aria-label="Selected runs">
            <span class="muted">{words}</span>
            <Button
                small=true
                kind=ButtonKind::Quiet
                busy=selection.choosing
                on_press=move |()| selection.choose_all(list.query.get_untracked())
            >
                "Select all that fit"
            </Button>
            <Show when=move || { 0 < count.get() }>
                <Button small=true kind=ButtonKind::Quiet on_press=move |()| selection.chosen.set(BTreeSet::new())>
                    "Select none"
                </Button>
                <Button small=true icon=Icon::Repeat disabled=Signal::derive(move || !can_begin()) on_press=move |()| selection.ask()>
                    {move || format!("Replay {}", runs(count.get()))}
                </Button>
            </Show>
        </div>
    }
    .into_any()
}

/// How far the replays are, and which were refused.
#[component]
pub(super) fn Replaying(selection: Selection) -> impl IntoView {
    let work = selection.work;
    let is_over = Memo::new(move |_| selection.is_over());
    let percent = Signal::derive(move || {
        work.with(|work| {
            let (done, total) = work
                .as_ref()
                .map_or((0, 1), |work| (work.done(), work.total.max(1)));
            u8::try_from(done * 100 / total).unwrap_or(100)
        })
    });
    let words = move || work.with(|work| work.as_ref().map(|work| work.words(is_over.get())));
    let failed = move || {
        let failed = work.with(|work| work.as_ref().map(|work| work.failed.clone()))?;
        (!failed.is_empty()).then(|| {
            let rows = failed
                .into_iter()
                .map(|(id, why)| {
                    let href = Route::Run(id.to_string()).to_string();
                    view! { <li><a class="code" href=href>{id.to_string()}</a> " " {why}</li> }
                })
                .collect_view();
            view! {
                <Notice tone=Tone::Bad>
                    <strong>"These were not started again."</strong>
                    <ul class="runs-refused">{rows}</ul>
                </Notice>
            }
        })
    };
    view! {
        <Show when=move || work.with(Option::is_some)>
            <section class="runs-replaying boxed" aria-label="Replay of several runs">
                <div class="spread">
                    <span class="numeric">{words}</span>
                    <Show
                        when=move || is_over.get()
                        fallback=move || view! { <Button small=true icon=Icon::Stop on_press=move |()| selection.stop()>"Stop"</Button> }
                    >
                        <Button small=true kind=ButtonKind::Quiet on_press=move |()| work.set(None)>"Close"</Button>
                    </Show>
                </div>
                <Progress label="Replayed" percent=percent />
                {failed}
            </section>
        </Show>
    }
    .into_any()
}
