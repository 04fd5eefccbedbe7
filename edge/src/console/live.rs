//! `GET /console/live`: the WebSocket that says what changes.

use worker::{Headers, Request, RequestInit, Response};

use super::Call;
use crate::config::Config;
use crate::door::cookie;
use crate::error::Failure;
use crate::object::Address;
use crate::workspace::{self, SESSION_HEADER, protocol::By};

/// Passes the connection on to the workspace; the door has checked where it comes from.
pub(super) async fn connect(call: &Call<'_>) -> Result<Response, Failure> {
    let headers = call.request.headers();
    let upgrade = headers.get("Upgrade")?.unwrap_or_default();
    if !upgrade.eq_ignore_ascii_case("websocket") {
        return Err(Failure::new(
            426,
            "not_a_websocket",
            "Live updates are a WebSocket: ask for an upgrade to one.",
        )
        .with_header("Upgrade", "websocket"));
    }
    let passed_on = Headers::new();
    passed_on.set("Upgrade", "websocket")?;
    let cookies = headers.get("Cookie")?.unwrap_or_default();
    if call.by == By::Console
        && let Some(token) = cookie::token(&*Config::read(call.env)?, &cookies)
    {
        passed_on.set(SESSION_HEADER, &workspace::session_name(&token))?;
    }
    let mut init = RequestInit::new();
    init.with_headers(passed_on);
    let url = format!("https://object{}", workspace::LIVE);
    let request = Request::new_with_init(&url, &init)?;
    let workspace = Address::workspace().stub(call.env)?;
    Ok(workspace.fetch_with_request(request).await?)
}
