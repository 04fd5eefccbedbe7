//! What a page shows while it waits for the server, and when the server refuses.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::client::Fault;
use crate::ui::{EmptyState, ErrorPanel, Icon, Skeleton};

/// Something that is read from the server, and can be read again.
#[derive(Debug)]
pub struct Loaded<T: Send + Sync + 'static> {
    /// Nothing while the first answer is on its way. A later answer replaces an earlier one without a gap.
    pub state: RwSignal<Option<Result<T, Fault>>>,
    wanted: RwSignal<u32>,
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
        let loaded = Self {
            state: RwSignal::new(None),
            wanted: RwSignal::new(0),
        };
        let latest = StoredValue::new(0_u32);
        Effect::new(move |_| {
            loaded.wanted.track();
            latest.update_value(|turn| *turn += 1);
            let turn = latest.get_value();
            let answer = fetch();
            spawn_local(async move {
                let answer = answer.await;
                // An answer to an older question must not replace a newer one.
                if latest.try_get_value() == Some(turn) {
                    loaded.state.set(Some(answer));
                }
            });
        });
        loaded
    }

    /// Reads again; what is shown stays until the answer is there.
    pub fn again(self) {
        self.wanted.update(|wanted| *wanted += 1);
    }

    /// The value, where there is one.
    pub fn value(self) -> Option<T> {
        self.state.with(|state| match state {
            Some(Ok(value)) => Some(value.clone()),
            _ => None,
        })
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

/// What went wrong with reading `what`, and the way on.
pub fn failed(what: &'static str, fault: &Fault, again: Callback<()>) -> AnyView {
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
