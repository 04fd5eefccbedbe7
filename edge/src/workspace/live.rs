//! Live updates: connections that sleep while nothing happens.

use std::borrow::Borrow;

use shared::api::LiveEvent;
use worker::{Response, State, WebSocketPair};

use crate::error::Failure;

/// Accepts a connection of a console page; `session` is the hash of its token.
pub(super) fn connect(state: &State, session: Option<&str>) -> Result<Response, Failure> {
    let WebSocketPair { client, server } = WebSocketPair::new()?;
    match session {
        Some(session) => state.accept_websocket_with_tags(&server, &[session]),
        None => state.accept_web_socket(&server),
    }
    server.send_with_str(text(&LiveEvent::Connected)?)?;
    Ok(Response::from_websocket(client)?)
}

/// Tells all pages.
pub(super) fn tell(state: &State, event: &LiveEvent) {
    tell_each(state, std::iter::once(event));
}

/// Tells all pages several things. Where no page is open, they are not even written down.
pub(super) fn tell_each<E: Borrow<LiveEvent>>(state: &State, events: impl Iterator<Item = E>) {
    let sockets = state.get_websockets();
    if sockets.is_empty() {
        return;
    }
    for event in events {
        let Ok(text) = text(event.borrow()) else {
            continue;
        };
        for socket in &sockets {
            // One that has gone is told nothing; its page reads everything anew when it comes back.
            let _ = socket.send_with_str(&text);
        }
    }
}

/// Ends the connections of a session.
pub(super) fn disconnect(state: &State, session: &str) {
    for socket in state.get_websockets_with_tag(session) {
        let _ = socket.close(Some(SIGNED_OUT), Some("signed out"));
    }
}

/// A code of the range that is for private use (RFC 6455, 7.4.2).
const SIGNED_OUT: u16 = 4001;

fn text(event: &LiveEvent) -> Result<String, Failure> {
    serde_json::to_string(event).map_err(|error| Failure::internal("live", &error))
}
