//! Requests to one's own address: dispatched inside the worker, because on Cloudflare a
//! worker cannot fetch itself.

use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::pin_mut;
use shared::desk::{Caller, DeskRequest};
use shared::engine::{Headers, Response, Sending};
use shared::model::Authorization;
use shared::request::Request;
use worker::{Delay, Env, ResponseBody};

use super::Sender;
use crate::door::identity::{Identity, identify};
use crate::egress::{self, Exchange, MAX_BODY_BYTES};
use crate::error::Failure;
use crate::{clock, desk, route};

/// Where a public start takes its key from.
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// The address of public starts, which belongs to the runbooks.
const PUBLIC_START: &str = "/api/automation/";

/// Carries out a request that has its login. Without a sender it has none.
pub(super) async fn exchange(
    env: &Env,
    request: &Request,
    sender: Option<&Sender<'_>>,
    timeout_ms: u32,
) -> Exchange {
    let sending = Sending::of(request, clock::now());
    timed(sending, timeout_ms, answer(env, request, sender)).await
}

/// Notes what became of the one sending of a request.
pub(super) async fn timed(
    mut sending: Sending,
    timeout_ms: u32,
    work: impl Future<Output = Result<Response, Failure>>,
) -> Exchange {
    pin_mut!(work);
    let limit = Delay::from(Duration::from_millis(timeout_ms.into()));
    let outcome = match select(work, limit).await {
        Either::Left((answer, _)) => answer.map_err(|failure| failure.detail),
        Either::Right(((), _)) => Err(egress::timeout(timeout_ms)),
    };
    sending.time_ms = egress::elapsed(sending.sent_at);
    sending.status = outcome.as_ref().ok().map(|response| response.status);
    sending.error = outcome.as_ref().err().cloned();
    let outcome = outcome.map(|response| Response {
        time_ms: sending.time_ms,
        ..response
    });
    Exchange {
        sendings: vec![sending],
        outcome,
        place: None,
    }
}

async fn answer(
    env: &Env,
    request: &Request,
    sender: Option<&Sender<'_>>,
) -> Result<Response, Failure> {
    let path = request.url().path();
    let is_below = |base: &str| {
        let start = path.get(..base.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(base))
    };
    match sender {
        Some(sender) if is_below("/api/") && !is_below(PUBLIC_START) => {
            ask_desk(env, desk_request(env, request, sender).await?).await
        }
        _ if is_below(PUBLIC_START) || is_below("/auth/") || is_below("/demo/") => {
            let message = egress::inward(request)?;
            if let Some(key) = sender.and_then(|sender| sender.key)
                && !message.headers().has(IDEMPOTENCY_KEY)?
            {
                message.headers().set(IDEMPOTENCY_KEY, key)?;
            }
            read(route::dispatch(message, env).await?).await
        }
        _ => Err(Failure::not_found("The page")),
    }
}

/// A request below `/api`, as the desk takes it. Its key makes a repeat harmless.
async fn desk_request(
    env: &Env,
    request: &Request,
    sender: &Sender<'_>,
) -> Result<DeskRequest, Failure> {
    let caller = match sender.authorization {
        Authorization::Desk { scope } => Caller::Runbook {
            name: sender.name.to_owned(),
            scope: scope.clone(),
        },
        _ => match identify(&egress::inward(request)?, env).await? {
            Identity::Admin => Caller::Admin {},
            Identity::Token(token) => Caller::Token { token },
            // A cookie is a person's, not a program's.
            Identity::Nobody | Identity::Console => Caller::Nobody {},
        },
    };
    let body = request.body().unwrap_or_default();
    let body = String::from_utf8(body.to_vec()).map_err(|_| {
        Failure::bad_request(
            "not_utf8",
            "the desk takes UTF-8 only: send the body as JSON",
        )
    })?;
    Ok(DeskRequest {
        caller,
        method: request.method().as_str().to_owned(),
        path: request.url().path().to_owned(),
        query: request.url().query().unwrap_or_default().to_owned(),
        body,
        key: sender.key.map(str::to_owned),
        depth: sender.depth,
    })
}

pub(super) async fn ask_desk(env: &Env, request: DeskRequest) -> Result<Response, Failure> {
    let answer = desk::client::request(env, request).await?;
    Ok(Response {
        status: answer.status,
        headers: answer.headers,
        body: limited(answer.body.into_bytes())?.into(),
        time_ms: 0,
    })
}

/// What the worker answers itself, as if it came from outside.
async fn read(mut response: worker::Response) -> Result<Response, Failure> {
    let headers: Headers = response.headers().entries().collect();
    let body = match response.body() {
        ResponseBody::Empty => Vec::new(),
        _ => response.bytes().await?,
    };
    Ok(Response {
        status: response.status_code(),
        headers,
        body: limited(body)?.into(),
        time_ms: 0,
    })
}

fn limited(body: Vec<u8>) -> Result<Vec<u8>, Failure> {
    if body.len() > MAX_BODY_BYTES {
        let error = egress::too_large();
        return Err(Failure::new(502, &error.code, error.message));
    }
    Ok(body)
}
