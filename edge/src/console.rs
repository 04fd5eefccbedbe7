//! The console's routes, `/console/…`: each reads what was sent, asks the workspace, and answers.

mod session;

use worker::{Env, Method, Request, Response};

use crate::config::Config;
use crate::door::{Identity, identify};
use crate::error::Failure;

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
            signed_in(&request, env).await?;
            match (request.method(), segments) {
                (Method::Get, ["session"]) => session::read(env),
                _ => Err(Failure::not_found("The page")),
            }
        }
    }
}

/// Refuses whoever is neither signed in nor holds the admin token.
async fn signed_in(request: &Request, env: &Env) -> Result<Identity, Failure> {
    match identify(request, env).await? {
        known @ (Identity::Admin | Identity::Console) => Ok(known),
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
