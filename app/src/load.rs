//! What a page shows while it waits for the server, and when the server refuses.

use std::future::Future;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::client::{self, Fault};
use crate::route::{Route, use_id};
use crate::ui::{ButtonLink, EmptyState, ErrorPanel, Icon, Row, Skeleton, TableState};

/// Something that is read from the server, and can be read again.
#[derive(Debug)]
pub struct Loaded<T: Send + Sync + 'static> {
    /// Nothing while the first answer is on its way. A later answer replaces an earlier one without a gap.
    pub state: RwSignal<Option<Result<T, Fault>>>,
    wanted: RwSignal<u32>,
    turns: StoredValue<Turns>,
}

impl<T: Send + Sync + 'static> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loaded<T> {}

impl<T: Clone + Send + Sync + 'static> Loaded<T> {
    /// Reads now, and again whenever a signal that `fetch` reads before its first await changes.
    pub fn new<F: Future<Output = Result<T, Fault>> + 'static>(
        fetch: impl Fn() -> F + 'static,
    ) -> Self {
        Self::paced(fetch, |_| 0)
    }

    /// Like [`Self::new`], for what may change faster than it should be read: `rest` says for how many milliseconds after
    /// an answer [`Self::again`] has to wait.
    pub fn paced<F: Future<Output = Result<T, Fault>> + 'static>(
        fetch: impl Fn() -> F + 'static,
        rest: impl Fn(&T) -> u32 + Copy + 'static,
    ) -> Self {
        let loaded = Self {
            state: RwSignal::new(None),
            wanted: RwSignal::new(0),
            turns: StoredValue::new(Turns::default()),
        };
        let turns = loaded.turns;
        Effect::new(move |_| {
            loaded.wanted.track();
            let Some(turn) = turns.try_update_value(Turns::begin) else {
                return;
            };
            let answer = fetch();
            spawn_local(async move {
                let answer = answer.await;
                // An answer to an older question must not replace a newer one.
                if turns.try_with_value(|turns| turns.is_latest(turn)) != Some(true) {
                    return;
                }
                let rest = answer.as_ref().map_or(0, rest);
                loaded.state.set(Some(answer));
                if rest > 0 {
                    TimeoutFuture::new(rest).await;
                }
                if turns.try_update_value(|turns| turns.end(turn)) == Some(true) {
                    loaded.wanted.update(|wanted| *wanted += 1);
                }
            });
        });
        // What failed because nobody was signed in is read by itself once somebody is.
        let is_signed_out = client::is_signed_out();
        Effect::new(move |_| {
            let failed = |state: &Option<_>| matches!(state, Some(Err(Fault::SignedOut)));
            if !is_signed_out.get() && loaded.state.with_untracked(failed) {
                loaded.again();
            }
        });
        loaded
    }

    /// Reads again; what is shown stays until the answer is there. While a read is under way its answer is still
    /// shown, and one more follows it, however often that is asked for.
    pub fn again(self) {
        if self.turns.try_update_value(Turns::again) == Some(true) {
            self.wanted.update(|wanted| *wanted += 1);
        }
    }

    /// As a table shows it. `what` is in it, such as "schedules"; `rows` makes its rows.
    pub fn table(
        self,
        what: &'static str,
        rows: impl Fn(&T) -> Vec<Row> + Send + Sync + 'static,
    ) -> Signal<TableState> {
        Signal::derive(move || {
            self.state
                .with(|state| table_state(state.as_ref(), what, &rows))
        })
    }

    /// The value, where there is one.
    pub fn value(self) -> Option<T> {
        self.state.with(|state| match state {
            Some(Ok(value)) => Some(value.clone()),
            _ => None,
        })
    }
}

/// What a table shows of an answer that may be on its way still.
pub fn table_state<T>(
    answer: Option<&Result<T, Fault>>,
    what: &str,
    rows: impl FnOnce(&T) -> Vec<Row>,
) -> TableState {
    match answer {
        None => TableState::Loading,
        Some(Err(fault)) => TableState::Failed {
            title: format!("Could not load the {what}"),
            text: fault.to_string(),
        },
        Some(Ok(value)) => TableState::Ready(rows(value)),
    }
}

/// A skeleton, what went wrong, or the view of the value. `what` is what was asked for: "this runbook".
///
/// The view is made once, when the first answer comes; later answers reach it through `loaded`.
pub fn show_loaded<T: Clone + Send + Sync + 'static>(
    what: &'static str,
    loaded: Loaded<T>,
    show: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let stage = Memo::new(move |_| {
        loaded.state.with(|state| match state {
            None => Stage::Waiting,
            Some(Ok(_)) => Stage::Ready,
            Some(Err(fault)) => Stage::Failed(fault.clone()),
        })
    });
    (move || match stage.get() {
        Stage::Waiting => view! { <div class="page"><Skeleton lines=6 /></div> }.into_any(),
        Stage::Ready => loaded
            .state
            .with_untracked(|state| state.as_ref().and_then(|s| s.as_ref().ok()).cloned())
            .map(&show)
            .into_any(),
        Stage::Failed(fault) => failed(what, &fault, Callback::new(move |()| loaded.again())),
    })
    .into_any()
}

/// The page of the one that the address names. Another id is another page: nothing of the last one's draft may stay.
pub fn show_named<
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, Fault>> + 'static,
>(
    what: &'static str,
    read: impl Fn(String) -> F + Copy + Send + 'static,
    show: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView {
    let id = use_id();
    (move || {
        let id = id.get();
        let one = Loaded::new(move || read(id.clone()));
        show_loaded(what, one, show)
    })
    .into_any()
}

/// What went wrong with reading `what`, and the way on.
pub fn failed(what: &'static str, fault: &Fault, again: Callback<()>) -> AnyView {
    if fault.is_deleted() {
        return view! {
            <div class="page">
                <EmptyState icon=Icon::Trash title=format!("The {what} was deleted") text=fault.to_string()>
                    <ButtonLink href=Route::Deleted.to_string()>"Deleted"</ButtonLink>
                </EmptyState>
            </div>
        }
        .into_any();
    }
    if fault.is_missing() {
        return view! {
            <div class="page">
                <EmptyState
                    icon=Icon::Question
                    title=format!("There is no {what} here")
                    text="It was deleted, or the link is wrong. The navigation leads to what there is."
                />
            </div>
        }
        .into_any();
    }
    view! {
        <div class="page">
            <ErrorPanel title=format!("Could not load the {what}") text=fault.to_string() on_retry=again />
        </div>
    }
    .into_any()
}

#[derive(Debug, Clone, PartialEq)]
enum Stage {
    Waiting,
    Ready,
    Failed(Fault),
}

/// Which read is the latest, and whether another one is to follow it.
#[derive(Debug, Default)]
struct Turns {
    latest: u32,
    /// The latest is under way, or rests.
    is_busy: bool,
    is_wanted_again: bool,
}

impl Turns {
    /// Begins a read, and numbers it. What it will answer is new enough for all that was wanted so far.
    fn begin(&mut self) -> u32 {
        self.latest = self.latest.wrapping_add(1);
        self.is_busy = true;
        self.is_wanted_again = false;
        self.latest
    }

    /// Another read is wanted; whether it may begin now.
    fn again(&mut self) -> bool {
        self.is_wanted_again |= self.is_busy;
        !self.is_busy
    }

    fn is_latest(&self, turn: u32) -> bool {
        self.latest == turn
    }

    /// A read is over; whether another one was wanted meanwhile.
    fn end(&mut self, turn: u32) -> bool {
        if !self.is_latest(turn) {
            return false;
        }
        self.is_busy = false;
        std::mem::take(&mut self.is_wanted_again)
    }
}

#[cfg(test)]
mod tests {
    use super::Turns;

    #[test]
    fn one_read_is_under_way_and_one_more_follows_it() {
        let mut turns = Turns::default();
        let first = turns.begin();
        assert!(!turns.again());
        assert!(!turns.again());
        assert!(turns.is_latest(first), "its answer is shown");
        assert!(turns.end(first), "one more follows");
        let second = turns.begin();
        assert!(!turns.end(second), "and no other");
        assert!(turns.again(), "at rest, a read begins at once");
    }

    #[test]
    fn another_question_makes_the_one_before_it_void() {
        let mut turns = Turns::default();
        let old = turns.begin();
        assert!(!turns.again());
        let new = turns.begin();
        assert!(!turns.is_latest(old));
        assert!(
            !turns.end(old),
            "it must not begin a read beside the new one"
        );
        assert!(!turns.again(), "the new one is under way");
        assert!(turns.end(new));
    }
}
