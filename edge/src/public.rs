//! `POST /api/automation/{id}`: the public start. Method and size are checked here; what is not
//! startable is refused here too, so that guessing ids makes no object. The rest is the Runner's.

use std::rc::Rc;

use shared::authorization::PublicGuard;
use shared::engine::Reply;
use shared::engine::spread::Spread;
use shared::model::RunbookId;
use worker::{Env, Headers, Method, Request, Response};

use crate::door::body::read_at_most;
use crate::error::Failure;
use crate::runner::protocol::PublicStart;
use crate::{clock, runner, workspace};

/// The largest body that a start may have.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// Answers a request for `/api/automation/{id}`; `id` is as it stands in the path.
pub async fn start(mut request: Request, env: &Env, id: &str) -> Result<Response, Failure> {
    if request.method() != Method::Post {
        return Err(
            Failure::new(405, "method_not_allowed", "A runbook is started with POST.")
                .with_header("Allow", "POST"),
        );
    }
    let body = read(&mut request).await?;
    let start = PublicStart {
        headers: request.headers().entries().collect(),
        query: request.url()?.query().unwrap_or_default().to_owned(),
        body,
    };
    let Some((id, spread)) = startable(env, id).await? else {
        return Err(refuse(&start.headers, &start.body));
    };
    let answer = runner::client::public_start(env, &id, &spread, &start).await?;
    if let Some(reply) = answer.reply {
        return early(&reply);
    }
    let response = Response::from_json(&answer.body)?.with_status(answer.status);
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
        headers.set(&name, &as_bytes(&value))?;
    }
    Ok(response.with_headers(headers))
}

/// A header's value holds bytes, which the runtime takes as characters up to U+00FF.
fn as_bytes(value: &str) -> String {
    value.bytes().map(char::from).collect()
}

async fn startable(env: &Env, id: &str) -> Result<Option<(RunbookId, Rc<Spread>)>, Failure> {
    let Ok(id) = RunbookId::parse(id) else {
        return Ok(None);
    };
    let spread = workspace::client::startable(env, &id).await?;
    Ok(spread.map(|spread| (id, spread)))
}

async fn read(request: &mut Request) -> Result<Vec<u8>, Failure> {
    let body = read_at_most(request, MAX_BODY_BYTES).await?;
    body.ok_or_else(|| {
        Failure::new(
            413,
            "body_too_large",
            "The body is larger than 1 MiB. Send less.",
        )
    })
}

/// Refuses a start of what nobody may start, after as much work as for what somebody may.
pub fn refuse(headers: &[(String, String)], body: &[u8]) -> Failure {
    // There is one verdict only.
    let _ = PublicGuard::closed().verify(headers, body, clock::now());
    unauthorized()
}

/// The one answer to whoever may not start a runbook, for whatever reason.
pub fn unauthorized() -> Failure {
    Failure::unauthorized(
        "Nobody is known by these credentials. Check the address, and the user name and password or the signature.",
    )
    .with_header("WWW-Authenticate", "Basic realm=\"Nimbus\", charset=\"UTF-8\"")
}
