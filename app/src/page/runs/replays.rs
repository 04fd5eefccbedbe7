//! Replays of several runs: they go on whatever page is shown, and say at their end what became of them.

use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::Replay;
use shared::model::RunId;

use super::selection::Selection;
use super::words::runs;
use crate::client;
use crate::route::Route;
use crate::ui::{Button, ButtonKind, Icon, Notice, Progress, Tone, announce, toast};

/// How many replays are under way at a time.
const AT_ONCE: usize = 4;

/// Replays that are under way, or are over.
#[derive(Debug, Clone, Default, PartialEq)]
struct Work {
    total: usize,
    /// The runs that were started.
    started: Vec<RunId>,
    failed: Vec<(RunId, String)>,
    waiting: VecDeque<RunId>,
    /// Those that had not been begun with when it was stopped.
    left_out: Vec<RunId>,
}

impl Work {
    fn of(chosen: impl IntoIterator<Item = RunId>) -> Self {
        let waiting: VecDeque<RunId> = chosen.into_iter().collect();
        Self {
            total: waiting.len(),
            waiting,
            ..Self::default()
        }
    }

    fn note(&mut self, id: RunId, answer: Result<RunId, String>) {
        match answer {
            Ok(started) => self.started.push(started),
            Err(why) => self.failed.push((id, why)),
        }
    }

    fn stop(&mut self) {
        self.left_out.extend(self.waiting.drain(..));
    }

    fn done(&self) -> usize {
        self.started.len() + self.failed.len() + self.left_out.len()
    }

    fn is_over(&self) -> bool {
        self.done() == self.total
    }

    fn percent(&self) -> u8 {
        u8::try_from(self.done() * 100 / self.total.max(1)).unwrap_or(100)
    }

    fn words(&self) -> String {
        let refused = match self.failed.len() {
            0 => String::new(),
            count => format!(", {count} refused"),
        };
        let left_out = match self.left_out.len() {
            0 => String::new(),
            count => format!(", then stopped: {count} left out"),
        };
        format!(
            "{} of {} started again{refused}{left_out}",
            self.started.len(),
            self.total
        )
    }
}

thread_local! {
    /// Here and not on the page, because it goes on when that is left.
    static WORK: ArcRwSignal<Option<Work>> = ArcRwSignal::new(None);
    /// How many views of it are shown: where there are none, its end is said as news.
    static SHOWN: Cell<u32> = const { Cell::new(0) };
}

fn work() -> ArcRwSignal<Option<Work>> {
    WORK.with(Clone::clone)
}

fn change<R>(change: impl FnOnce(&mut Work) -> R) -> Option<R> {
    work()
        .try_update(|work| work.as_mut().map(change))
        .flatten()
}

/// Whether nothing is under way, so that others may begin; tracked.
pub(super) fn is_over() -> bool {
    work().with(|work| work.as_ref().is_none_or(Work::is_over))
}

/// Replays all that are chosen.
pub(super) fn begin(chosen: impl IntoIterator<Item = RunId>) {
    work().set(Some(Work::of(chosen)));
    // Closing the window would end it without a word.
    let guard = window_event_listener(ev::beforeunload, |event| event.prevent_default());
    let guard = Rc::new(Cell::new(Some(guard)));
    for _ in 0..AT_ONCE {
        let guard = Rc::clone(&guard);
        spawn_local(async move {
            go_on().await;
            let is_over = work().with_untracked(|work| work.as_ref().is_none_or(Work::is_over));
            // The last of them tells; all of them may see that it is over.
            if is_over && let Some(guard) = guard.take() {
                guard.remove();
                tell();
            }
        });
    }
}

/// Replays one after the other until none waits.
async fn go_on() {
    while let Some(id) = change(|work| work.waiting.pop_front()).flatten() {
        let answer = client::replay_run(&id, &Replay::default()).await;
        let answer = answer
            .map(|answer| answer.run_id)
            .map_err(|fault| fault.to_string());
        change(|work| work.note(id, answer));
    }
}

fn tell() {
    let Some(words) = work().with_untracked(|work| work.as_ref().map(Work::words)) else {
        return;
    };
    if SHOWN.get() > 0 {
        announce(words);
    } else {
        toast(format!(
            "Replay of several runs: {words}. The Runs page has the rest."
        ));
    }
}

/// How far the replays are, which were refused, and which were left out.
#[component]
pub(super) fn Replaying(selection: Selection) -> impl IntoView {
    SHOWN.set(SHOWN.get() + 1);
    on_cleanup(|| SHOWN.set(SHOWN.get().saturating_sub(1)));
    let work = RwSignal::from(work());
    let is_over = Memo::new(move |_| work.with(|work| work.as_ref().is_none_or(Work::is_over)));
    let percent = Signal::derive(move || work.with(|work| work.as_ref().map_or(0, Work::percent)));
    let words = move || work.with(|work| work.as_ref().map(Work::words));
    // All at once: each alone would have the list made anew.
    let started = Memo::new(move |_| {
        work.with(|work| {
            let over = work.as_ref().filter(|work| work.is_over());
            over.map(|work| work.started.clone()).unwrap_or_default()
        })
    });
    let failed = Memo::new(move |_| {
        work.with(|work| {
            work.as_ref()
                .map(|work| work.failed.clone())
                .unwrap_or_default()
        })
    });
    let left_out = Memo::new(move |_| {
        work.with(|work| {
            work.as_ref()
                .map(|work| work.left_out.clone())
                .unwrap_or_default()
        })
    });
    view! {
        <Show when=move || work.with(Option::is_some)>
            <section class="runs-replaying boxed" aria-label="Replay of several runs">
                <div class="spread">
                    <span class="numeric">{words}</span>
                    <Show
                        when=move || is_over.get()
                        fallback=move || {
                            view! {
                                <Button
                                    small=true
                                    icon=Icon::Stop
                                    on_press=move |()| {
                                        change(Work::stop);
                                    }
                                >
                                    "Stop"
                                </Button>
                            }
                        }
                    >
                        <Button small=true kind=ButtonKind::Quiet on_press=move |()| work.set(None)>"Close"</Button>
                    </Show>
                </div>
                <Progress label="Replayed" percent=percent />
                <Show when=move || !started.with(Vec::is_empty)>
                    <details>
                        <summary>{move || format!("{} started", runs(started.with(Vec::len)))}</summary>
                        <ul class="runs-refused">
                            {move || {
                                started.get().iter().map(|id| view! { <li>{link(id)}</li> }).collect_view()
                            }}
                        </ul>
                    </details>
                </Show>
                <Show when=move || !failed.with(Vec::is_empty)>
                    <Notice tone=Tone::Bad>
                        <strong>"These were not started again."</strong>
                        <ul class="runs-refused">
                            {move || {
                                failed
                                    .get()
                                    .into_iter()
                                    .map(|(id, why)| view! { <li>{link(&id)} " " {why}</li> })
                                    .collect_view()
                            }}
                        </ul>
                    </Notice>
                </Show>
                <Show when=move || !left_out.with(Vec::is_empty)>
                    <details>
                        <summary>{move || format!("{} left out", runs(left_out.with(Vec::len)))}</summary>
                        <ul class="runs-refused">
                            {move || {
                                left_out.get().iter().map(|id| view! { <li>{link(id)}</li> }).collect_view()
                            }}
                        </ul>
                        <Button
                            small=true
                            on_press=move |()| selection.chosen.set(left_out.get_untracked().into_iter().collect())
                        >
                            "Select them"
                        </Button>
                    </details>
                </Show>
            </section>
        </Show>
    }
    .into_any()
}

fn link(id: &RunId) -> AnyView {
    let href = Route::Run(id.to_string()).to_string();
    view! { <a class="code" href=href>{id.to_string()}</a> }.into_any()
}

#[cfg(test)]
mod tests {
    use shared::model::RunbookId;

    use super::*;

    fn run(number: u64) -> RunId {
        RunId::new(RunbookId::parse("rb").unwrap(), 0, 0, number)
    }

    #[test]
    fn every_run_is_accounted_for() {
        let mut work = Work::of((0..5).map(run));
        let first = work.waiting.pop_front().unwrap();
        let second = work.waiting.pop_front().unwrap();
        work.note(first, Ok(run(9)));
        assert_eq!(work.words(), "1 of 5 started again");
        assert_eq!((work.percent(), work.is_over()), (20, false));
        work.stop();
        assert!(!work.is_over(), "one is under way");
        work.note(second.clone(), Err("gone".to_owned()));
        assert!(work.is_over());
        assert_eq!(work.percent(), 100);
        assert_eq!(
            work.words(),
            "1 of 5 started again, 1 refused, then stopped: 3 left out"
        );
        assert_eq!(work.left_out, [run(2), run(3), run(4)]);
        assert_eq!(work.started, [run(9)]);
        assert_eq!(work.failed, [(second, "gone".to_owned())]);
    }
}
