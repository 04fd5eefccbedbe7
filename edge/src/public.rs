//! `POST /api/automation/{id}`: the public start, and `GET …/runs/{run id}`: the question how it went. Method and
//! size are checked here; what is not startable is refused here too, so that guessing ids makes no object. The rest
//! is the Runner's.

use std::rc::Rc;

use shared::authorization::{Connection, PublicGuard};
use shared::engine::Reply;
use shared::engine::spread::Spread;
use shared::model::{RunId, RunbookId};
use shared::signature::Delivery;
use worker::js_sys::Reflect;
use worker::{Env, Headers, Method, Request, Response};

use crate::config::Config;
use crate::door::body::read_at_most;
use crate::error::{Failure, log};
use crate::runner::protocol::{PublicAnswer, PublicPoll, PublicStart, Sent};
use crate::{clock, runner, workspace};

/// The largest body that a start may have.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// Stands between a runbook's id and that of its run.
const RUNS: &str = "/runs/";

/// Answers a request for `/api/automation/{id}`; `id` is as it stands in the path, with what follows it.
pub async fn answer(request: Request, env: &Env, id: &str) -> Result<Response, Failure> {
    match id.split_once(RUNS) {
        Some((id, run)) => poll(&request, env, id, run).await,
        None => start(request, env, id).await,
    }
}

async fn start(mut request: Request, env: &Env, id: &str) -> Result<Response, Failure> {
    if request.method() != Method::Post {
        return Err(other_method("A runbook is started with POST.", "POST"));
    }
    let Some(body) = read_at_most(&mut request, MAX_BODY_BYTES).await? else {
        if let Err(failure) = note_too_large(&request, env, id).await {
            log(&format!(
                "a start that was too large is not listed: {}",
                failure.detail
            ));
        }
        return Err(larger_than_any());
    };
    let start = PublicStart {
        sent: sent(&request, env)?,
        body,
    };
    let Some((id, spread)) = startable(env, id).await? else {
        return Err(refuse(&start.delivery()));
    };
    respond(&runner::client::public_start(env, &id, &spread, &start).await?)
}

async fn poll(request: &Request, env: &Env, id: &str, run: &str) -> Result<Response, Failure> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return Err(other_method("Ask with GET how a run went.", "GET, HEAD"));
    }
    let sent = sent(request, env)?;
    let refused = || refuse(&sent.delivery(&[]));
    let Some((id, spread)) = startable(env, id).await? else {
        return Err(refused());
    };
    let run_id = RunId::parse(run).map_err(|_| refused())?;
    // Of a shard that there is not, an object would be made.
    if *run_id.runbook() != id || run_id.shard() >= spread.told {
        return Err(refused());
    }
    let response = respond(&runner::client::public_poll(env, &PublicPoll { sent, run_id }).await?)?;
    if request.method() != Method::Head {
        return Ok(response);
    }
    let headers = response.headers().clone();
    let headless = Response::empty()?.with_status(response.status_code());
    Ok(headless.with_headers(headers))
}

fn respond(answer: &PublicAnswer) -> Result<Response, Failure> {
    if let Some(reply) = &answer.reply {
        return early(reply);
    }
    let response = match &answer.body {
        Some(body) => Response::from_json(body),
        None => Response::from_json(&serde_json::json!({ "status": "ignored" })),
    };
    let response = response?.with_status(answer.status);
    response.headers().set("Cache-Control", "no-store")?;
    Ok(response)
}

/// What a step of the run answers. `shared` decides with which headers.
fn early(reply: &Reply) -> Result<Response, Failure> {
    let response = match &reply.body {
        Some(body) => Response::from_bytes(body.clone().into_bytes())?,
        None => Response::empty()?,
    }
    .with_status(reply.status);
    let headers = Headers::new();
    for (name, value) in reply.headers_to_send() {
        headers.set(&name, &value)?;
    }
    Ok(response.with_headers(headers))
}

fn other_method(message: &str, allowed: &str) -> Failure {
    Failure::new(405, "method_not_allowed", message).with_header("Allow", allowed)
}

/// All of a request but its body. The address is the public one: callers sign what they call, and `Host` says
/// what anybody likes.
fn sent(request: &Request, env: &Env) -> Result<Sent, Failure> {
    let url = request.inner().url();
    let resource = resource(&url);
    let headers: Vec<(String, String)> = request.headers().entries().collect();
    let cf = Reflect::get(request.inner(), &"cf".into()).unwrap_or_default();
    let of_cf = |name: &str| Reflect::get(&cf, &name.into()).ok()?.as_string();
    let client = of_cf("clientIp");
    let connecting = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("cf-connecting-ip"));
    let connection = Connection {
        client: client.as_deref(),
        is_through_cloudflare: of_cf("colo").is_some(),
        header: connecting.map(|(_, value)| value.as_str()),
    };
    Ok(Sent {
        url: format!("{}{resource}", Config::read(env)?.public_url),
        from: connection.address(),
        headers,
    })
}

/// Path and query of an address, as they were sent.
fn resource(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let start = rest.find('/').unwrap_or(rest.len());
    let resource = rest.get(start..).unwrap_or_default();
    resource
        .split_once('#')
        .map_or(resource, |(before, _)| before)
}

async fn startable(env: &Env, id: &str) -> Result<Option<(RunbookId, Rc<Spread>)>, Failure> {
    let Ok(id) = RunbookId::parse(id) else {
        return Ok(None);
    };
    let spread = workspace::client::startable(env, &id).await?;
    Ok(spread.map(|spread| (id, spread)))
}

/// Has it listed for the runbook's owner, where there is one. Its caller is told the same either way.
async fn note_too_large(request: &Request, env: &Env, id: &str) -> Result<(), Failure> {
    let from = sent(request, env)?.from;
    match startable(env, id).await? {
        Some((id, _)) => runner::client::note_too_large(env, &id, from).await,
        None => Ok(()),
    }
}

/// Refuses a body that no runbook takes.
pub fn larger_than_any() -> Failure {
    too_large("1 MiB")
}

/// Refuses a body that is larger than this.
pub fn too_large(limit: &str) -> Failure {
    let message = format!("The body is larger than {limit}. Send less.");
    Failure::new(413, "body_too_large", message)
}

/// Refuses a start of what nobody may start, after as much work as for what somebody may.
pub fn refuse(delivery: &Delivery<'_>) -> Failure {
    // There is one verdict only.
    let _ = PublicGuard::closed().verify(delivery, None, clock::now());
    unauthorized()
}

/// The one answer to whoever may not start a runbook, for whatever reason.
pub fn unauthorized() -> Failure {
    Failure::unauthorized(
        "Nobody is known by these credentials. Check the address, and the user name and password or the signature.",
    )
    .with_header("WWW-Authenticate", "Basic realm=\"Nimbus\", charset=\"UTF-8\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resource_is_what_was_asked_for() {
        for (url, expected) in [
            (
                "http://127.0.0.1:8787/api/automation/rb?a=b'c%20d",
                "/api/automation/rb?a=b'c%20d",
            ),
            ("https://a.test/x#y", "/x"),
            ("https://a.test", ""),
        ] {
            assert_eq!(resource(url), expected);
        }
    }
}
