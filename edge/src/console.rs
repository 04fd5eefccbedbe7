//! The console's routes, `/console/…`: each reads what was sent, asks the workspace, and answers.

mod applications;
mod bundle;
mod clock;
mod desk_actions;
mod document;
mod events;
mod failed_deliveries;
mod live;
mod method_test;
mod runbook;
mod runs;
mod schedules;
mod service_levels;
mod session;
mod ticket_rules;
mod ticket_types;
mod workflows;

use serde_json::value::RawValue;
use worker::{Env, Method, Request, Response};

use crate::config::Config;
use crate::door::{Identity, identify};
use crate::error::Failure;
use crate::workspace::protocol::{By, Kind};

/// Answers a request under `/console/`.
pub async fn answer(request: Request, env: &Env) -> Result<Response, Failure> {
    let path = request.path();
    let segments: Vec<&str> = path.split('/').skip(2).collect();
    match (request.method(), segments.as_slice()) {
        (Method::Get, ["health"]) => {
            let version = &Config::read(env)?.version;
            json(&serde_json::json!({ "status": "ok", "version": version }))
        }
        (Method::Post, ["sign-in-links"]) => session::make_link(&request, env).await,
        (Method::Post, ["sign-in"]) => session::sign_in(request, env).await,
        (Method::Post, ["sign-out"]) => session::sign_out(&request, env).await,
        (_, segments) => {
            let by = signed_in(&request, env).await?;
            let call = Call { request, env, by };
            inside(call, segments).await
        }
    }
}

/// A request of someone who is signed in.
struct Call<'e> {
    request: Request,
    env: &'e Env,
    by: By,
}

async fn inside(call: Call<'_>, segments: &[&str]) -> Result<Response, Failure> {
    match (call.request.method(), segments) {
        (Method::Get, ["session"]) => session::read(call.env),
        (Method::Post, ["clock"]) => clock::move_ahead(call).await,
        (Method::Get, ["live"]) => live::connect(&call).await,
        (Method::Get, ["runs"]) => runs::list(&call).await,
        (Method::Get, ["runs", id]) => runs::read(&call, id).await,
        (Method::Get, ["runs", id, "visits", number]) => runs::visit(&call, id, number).await,
        (Method::Get, ["runs", id, "plan"]) => runs::plan(&call, id).await,
        (Method::Post, ["runs", id, "cancel"]) => runs::cancel(&call, id).await,
        (Method::Get, ["runs", id, "replay"]) => runs::replay_point(&call, id).await,
        (Method::Post, ["runs", id, "replay"]) => runs::replay(call, id).await,
        (Method::Get, ["events"]) => events::list(&call).await,
        (Method::Get, ["failed-deliveries"]) => failed_deliveries::list(&call).await,
        (Method::Post, ["failed-deliveries", id, "dismiss"]) => {
            failed_deliveries::dismiss(&call, id).await
        }
        (Method::Post, ["failed-deliveries", id, "retry"]) => {
            failed_deliveries::retry(&call, id).await
        }
        (Method::Post, ["import"]) => bundle::import(call).await,
        (Method::Get, ["export"]) => bundle::export(&call).await,
        (Method::Get, ["deleted"]) => document::deleted(&call).await,

        (Method::Get, ["integrations", id, "methods"]) => document::methods(&call, id).await,
        (Method::Post, ["integrations", id, "methods"]) => {
            document::create(call, Kind::Method, Some(id)).await
        }
        (Method::Post, ["methods", "test"]) => method_test::answer(call, None).await,
        (Method::Post, ["methods", id, "test"]) => method_test::answer(call, Some(id)).await,

        (Method::Post, ["runbooks", id, "check"]) => runbook::check(call, id).await,
        (Method::Post, ["runbooks", id, "publish"]) => runbook::publish(&call, id).await,
        (Method::Post, ["runbooks", id, "unpublish"]) => runbook::unpublish(&call, id).await,
        (Method::Get, ["runbooks", id, "versions"]) => runbook::versions(&call, id).await,
        (Method::Get, ["runbooks", id, "versions", version]) => {
            runbook::version(&call, id, version).await
        }
        (Method::Get, ["runbooks", id, "starts"]) => runbook::starts(&call, id).await,
        (Method::Get, ["runbooks", id, "statistics"]) => runbook::statistics(&call, id).await,
        (Method::Post, ["runbooks", id, "start"]) => runbook::start(call, id).await,

        (Method::Post, ["desk-actions", name, "move"]) => desk_actions::reorder(call, name).await,
        (Method::Post, ["desk-actions", name, "press"]) => desk_actions::press(call, name).await,

        (Method::Post, ["ticket-rules", "try"]) => ticket_rules::try_out(call).await,
        (Method::Get, ["workflows", "of-ticket", ticket]) => {
            workflows::of_ticket(&call, ticket).await
        }
        (Method::Post, ["workflows", id, "check"]) => workflows::check(call, id).await,
        (Method::Post, ["workflows", id, "publish"]) => workflows::publish(&call, id).await,
        (Method::Post, ["workflows", id, "unpublish"]) => workflows::unpublish(&call, id).await,
        (Method::Get, ["workflows", id, "tickets"]) => workflows::tickets(&call, id).await,
        (Method::Post, ["workflows", id, "move"]) => workflows::move_tickets(call, id).await,
        (Method::Post, ["schedules", "check"]) => schedules::check(call).await,
        (Method::Get, ["schedule-choices"]) => schedules::choices(&call).await,
        (Method::Post, ["schedules", id, "start"]) => schedules::start(&call, id).await,

        (_, ["applications", rest @ ..]) => applications::answer(call, rest).await,
        (_, ["service-levels", rest @ ..]) => service_levels::answer(call, rest).await,

        (method, [collection, rest @ ..]) => match (kind(collection)?, method, rest) {
            (kind, Method::Get, []) => document::list(&call, kind).await,
            (Kind::Method, Method::Post, []) => Err(no_such_address()),
            (kind, Method::Post, []) => document::create(call, kind, None).await,
            (kind, Method::Get, [id]) => document::read(&call, kind, id).await,
            (kind, Method::Put, [id]) => document::replace(call, kind, id).await,
            (kind, Method::Delete, [id]) => document::delete(&call, kind, id).await,
            (kind, Method::Get, [id, "used-by"]) => document::used_by(&call, kind, id).await,
            (kind, Method::Post, [id, "restore"]) => document::restore(&call, kind, id).await,
            _ => Err(no_such_address()),
        },
        _ => Err(no_such_address()),
    }
}

fn kind(collection: &str) -> Result<Kind, Failure> {
    Kind::of_collection(collection).ok_or_else(no_such_address)
}

fn no_such_address() -> Failure {
    Failure::new(
        404,
        "no_such_address",
        "The console has no such address, or it takes another HTTP method.",
    )
}

/// Refuses whoever is neither signed in nor holds the admin token.
async fn signed_in(request: &Request, env: &Env) -> Result<By, Failure> {
    match identify(request, env).await? {
        Identity::Admin => Ok(By::Admin),
        Identity::Console => Ok(By::Console),
        Identity::Nobody | Identity::Token(_) => Err(Failure::unauthorized(
            "Nobody is signed in here. Open the sign-in link that starting Nimbus prints, or send the admin token.",
        )
        .with_header("WWW-Authenticate", "Bearer")),
    }
}

/// A JSON answer; what the console says is never stored by a cache.
fn json<T: serde::Serialize>(body: &T) -> Result<Response, Failure> {
    let mut response = Response::from_json(body)?;
    response.headers_mut().set("Cache-Control", "no-store")?;
    Ok(response)
}

/// An answer of the workspace, passed on as it is.
fn raw(body: &RawValue) -> Result<Response, Failure> {
    let mut response = Response::from_bytes(body.get().as_bytes().to_vec())?;
    let headers = response.headers_mut();
    headers.set("Content-Type", "application/json")?;
    headers.set("Cache-Control", "no-store")?;
    Ok(response)
}

fn nothing() -> Result<Response, Failure> {
    Ok(Response::empty()?.with_status(204))
}
