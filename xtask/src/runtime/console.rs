//! What the starter asks of the worker's console.

use std::time::Duration;

use serde::Deserialize;
use ureq::Agent;

use super::{Options, local_url};
use crate::failure::Failure;

/// Whether the worker answers.
pub(super) fn is_healthy(options: &Options) -> bool {
    let url = format!("{}/console/health", local_url(options.port));
    agent()
        .get(url)
        .header("host", host(options))
        .call()
        .is_ok_and(|response| response.status() == 200)
}

/// Asks for a one-time token and makes the link of it.
pub(super) fn sign_in_link(options: &Options) -> Result<String, Failure> {
    #[derive(Deserialize)]
    struct Answer {
        token: String,
    }
    let refused = |what: String| Failure::Unexpected {
        what: format!("The worker gave no sign-in link ({what})"),
        advice: "The lines above may say why.",
    };
    let url = format!("{}/console/sign-in-links", local_url(options.port));
    let mut response = agent()
        .post(url)
        .header("host", host(options))
        .header(
            "authorization",
            format!("Bearer {}", options.secrets.admin_token()),
        )
        .send_json(serde_json::json!({}))
        .map_err(|error| refused(error.to_string()))?;
    if !response.status().is_success() {
        return Err(refused(response.status().to_string()));
    }
    let answer: Answer = response
        .body_mut()
        .read_json()
        .map_err(|error| refused(error.to_string()))?;
    Ok(format!("{}/#sign-in={}", options.public_url, answer.token))
}

/// The worker answers only to its own name.
fn host(options: &Options) -> &str {
    let url = options.public_url.as_str();
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

fn agent() -> Agent {
    Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(10)))
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .new_agent()
}
