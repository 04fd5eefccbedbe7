//! Live updates: connections that sleep while nothing happens.

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
    let Ok(text) = text(event) else { return };
    for socket in state.get_websockets() {
        // One that has gone is told nothing; its page reads everything anew when it comes back.
        let _ = socket.send_with_str(&text);
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
