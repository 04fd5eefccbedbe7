//! A clock that tests move.

use serde::Deserialize;
use worker::Response;

use super::{Call, no_such_address, nothing};
use crate::config::Config;
use crate::door::read_json;
use crate::error::Failure;
use crate::workspace::client as workspace;
use crate::{clock, desk};

/// What `POST /console/clock` is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    /// How much more it shows than the system's clock, in milliseconds.
    ahead_ms: u64,
}

/// `POST /console/clock`: only where the deployment allows it. What is due by then has been dealt with when it answers.
pub(super) async fn move_ahead(mut call: Call<'_>) -> Result<Response, Failure> {
    if !Config::read(call.env)?.movable_clock {
        return Err(no_such_address());
    }
    let Place { ahead_ms } = read_json(&mut call.request).await?;
    clock::move_ahead(ahead_ms);
    desk::client::look(call.env).await?;
    workspace::look(call.env).await?;
    nothing()
}
