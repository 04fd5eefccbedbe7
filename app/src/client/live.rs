//! What changes elsewhere, as it changes: one WebSocket for the whole page.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use gloo_net::websocket::{Message, futures::WebSocket};
use gloo_timers::future::TimeoutFuture;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::IgnoredAny;
use shared::api::LiveEvent;
use shared::engine::RunSummary;

/// The longest pause before the connection is tried again, in milliseconds.
const LONGEST_PAUSE_MS: u32 = 15_000;

/// How long it may be down without a word: a restart, or a moment without network, is none of anybody's business.
const PATIENCE: Duration = Duration::from_secs(4);

thread_local! {
    /// Here and not in a page's context, because the frame tells it.
    static LOST: ArcRwSignal<bool> = ArcRwSignal::new(false);
    /// Whether the session is over in which the pages are shown.
    static SIGNED_OUT: ArcRwSignal<bool> = ArcRwSignal::new(false);
    /// Whether pages are shown at all: before that nobody's session can be over.
    static SHOWN: Cell<bool> = const { Cell::new(false) };
}

/// An event without what it says of a run: the code that reads that is loaded with the pages that show runs.
pub type Event = LiveEvent<IgnoredAny>;

/// Who is told of every event, and of its text.
type Listeners = StoredValue<BTreeMap<u32, Callback<(Event, Arc<str>)>>>;

/// The events, and how often the connection was made: whoever shows something reads it anew
/// when that changes, because events are missed while it is down.
#[derive(Debug, Clone, Copy)]
pub struct Live {
    pub connections: ReadSignal<u32>,
    /// Whether nothing was told for so long that what is shown may be old.
    pub is_lost: Signal<bool>,
    listeners: Listeners,
}

impl Live {
    /// Has `listener` told of every event as long as the caller is shown.
    pub fn each(self, listener: impl Fn(Event) + Send + Sync + 'static) {
        self.add(Callback::new(move |(event, _)| listener(event)));
    }

    /// Has `listener` told of every run that began, moved on or ended, as long as the caller is shown.
    pub fn each_run(self, listener: impl Fn(RunSummary) + Send + Sync + 'static) {
        self.add(Callback::new(move |(event, text): (Event, Arc<str>)| {
            if matches!(event, Event::Run { .. })
                && let Some(run) = run_of(&text)
            {
                listener(run);
            }
        }));
    }

    fn add(self, listener: Callback<(Event, Arc<str>)>) {
        let id = self.listeners.try_update_value(|listeners| {
            let id = listeners.last_key_value().map_or(0, |(last, _)| last + 1);
            listeners.insert(id, listener);
            id
        });
        on_cleanup(move || {
            self.listeners
                .try_update_value(|listeners| id.map(|id| listeners.remove(&id)));
        });
    }
}

fn run_of(text: &str) -> Option<RunSummary> {
    match serde_json::from_str(text) {
        Ok(LiveEvent::<Box<RunSummary>>::Run { run }) => Some(*run),
        _ => None,
    }
}

/// Connects, and makes [`use_live`] work below.
pub fn provide_live() {
    let (connections, set_connections) = signal(0);
    let listeners = StoredValue::new(BTreeMap::new());
    provide_context(Live {
        connections,
        is_lost: is_lost(),
        listeners,
    });
    let is_up = RwSignal::new(false);
    // A try in vain is no change: the time counts from when it went down.
    let changed = Memo::new(move |_| is_up.get());
    Effect::new(move |_| {
        let lost = LOST.with(Clone::clone);
        if changed.get() {
            lost.set(false);
        } else if let Ok(timer) = set_timeout_with_handle(move || lost.set(true), PATIENCE) {
            on_cleanup(move || timer.clear());
        }
    });
    SHOWN.set(true);
    on_cleanup(|| {
        SHOWN.set(false);
        LOST.with(|lost| lost.set(false));
        SIGNED_OUT.with(|over| over.set(false));
    });
    ask_when_looked_at();
    let (open, set_open) = signal(true);
    on_cleanup(move || set_open.set(false));
    spawn_local(async move {
        let mut pause = 500;
        while open.try_get_untracked() == Some(true) {
            if listen(set_connections, is_up, listeners).await {
                pause = 500;
            } else if open.try_get_untracked() == Some(true) {
                ask_for_session();
            }
            is_up.try_set(false);
            rest(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE_MS);
        }
    });
}

/// Waits before another try; no longer than until one is signed in again.
async fn rest(mut pause: u32) {
    const TICK_MS: u32 = 500;
    let was_over = is_session_over();
    while pause > 0 && (!was_over || is_session_over()) {
        let tick = pause.min(TICK_MS);
        TimeoutFuture::new(tick).await;
        pause -= tick;
    }
}

/// Whoever comes back to this window after signing in in another one is not told any more to do so.
fn ask_when_looked_at() {
    let listener = window_event_listener(ev::focus, |_| {
        if is_session_over() {
            ask_for_session();
        }
    });
    on_cleanup(move || listener.remove());
}

/// The browser does not say why a socket was refused; the session does, see [`note_session`]. Nobody waits for the answer.
fn ask_for_session() {
    spawn_local(async { _ = super::session().await });
}

fn is_session_over() -> bool {
    SIGNED_OUT.with(|over| over.get_untracked())
}

/// An answer showed whether one is signed in.
pub fn note_session(is_open: bool) {
    if SHOWN.get() && is_session_over() == is_open {
        SIGNED_OUT.with(|over| over.set(!is_open));
    }
}

/// The page's live events.
pub fn use_live() -> Live {
    expect_context()
}

/// Whether the connection is lost, for where no page is.
pub fn is_lost() -> Signal<bool> {
    LOST.with(|lost| lost.clone().into())
}

/// Whether the session is over, for where no page is.
pub fn is_signed_out() -> Signal<bool> {
    SIGNED_OUT.with(|over| over.clone().into())
}

/// Reads one connection to its end; whether it ever opened.
async fn listen(
    set_connections: WriteSignal<u32>,
    is_up: RwSignal<bool>,
    listeners: Listeners,
) -> bool {
    let location = window().location();
    let (Ok(protocol), Ok(host)) = (location.protocol(), location.host()) else {
        return false;
    };
    let scheme = if protocol == "https:" { "wss" } else { "ws" };
    let Ok(mut socket) = WebSocket::open(&format!("{scheme}://{host}/console/live")) else {
        return false;
    };
    let mut opened = false;
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else {
            continue;
        };
        match serde_json::from_str(&text) {
            Ok(Event::Connected) => {
                opened = true;
                note_session(true);
                is_up.try_set(true);
                set_connections.update(|count| *count += 1);
            }
            Ok(changed) => {
                let listeners: Vec<_> = listeners
                    .try_with_value(|listeners| listeners.values().copied().collect())
                    .unwrap_or_default();
                let text = Arc::<str>::from(text);
                for listener in listeners {
                    listener.try_run((changed.clone(), Arc::clone(&text)));
                }
            }
            Err(_) => {}
        }
    }
    opened
}
