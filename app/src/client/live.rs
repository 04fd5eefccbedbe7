//! What changes elsewhere, as it changes: one WebSocket for the whole page.

use futures::StreamExt;
use gloo_net::websocket::{Message, futures::WebSocket};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::LiveEvent;

/// The longest pause before the connection is tried again, in milliseconds.
const LONGEST_PAUSE_MS: u32 = 15_000;

/// The latest event, and how often the connection was made: whoever shows something
/// reads it anew when either changes, because events are missed while it is down.
#[derive(Debug, Clone, Copy)]
pub struct Live {
    pub event: ReadSignal<Option<LiveEvent>>,
    pub connections: ReadSignal<u32>,
}

/// Connects, and makes [`use_live`] work below.
pub fn provide_live() {
    let (event, set_event) = signal(None);
    let (connections, set_connections) = signal(0);
    provide_context(Live { event, connections });
    let (open, set_open) = signal(true);
    on_cleanup(move || set_open.set(false));
    spawn_local(async move {
        let mut pause = 500;
        while open.try_get_untracked() == Some(true) {
            if listen(set_event, set_connections).await {
                pause = 500;
            }
            TimeoutFuture::new(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE_MS);
        }
    });
}

/// The page's live events.
pub fn use_live() -> Live {
    expect_context()
}

/// Reads one connection to its end; whether it ever opened.
async fn listen(
    set_event: WriteSignal<Option<LiveEvent>>,
    set_connections: WriteSignal<u32>,
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
            Ok(LiveEvent::Connected) => {
                opened = true;
                set_connections.update(|count| *count += 1);
            }
            Ok(changed) => set_event.set(Some(changed)),
            Err(_) => {}
        }
    }
    opened
}
