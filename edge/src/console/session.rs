//! Signing in and out.

use shared::api::{Session, SignIn, SignInLink};
use worker::{Env, Request, Response};

use super::{json, signed_in};
use crate::config::Config;
use crate::door::{self, Identity, cookie, host, origin};
use crate::error::Failure;
use crate::workspace::client;
use crate::workspace::protocol::Call;

/// `POST /console/sign-in-links`: for whoever holds the admin token.
pub(super) async fn make_link(request: &Request, env: &Env) -> Result<Response, Failure> {
    if door::identify(request, env).await? != Identity::Admin {
        return Err(Failure::unauthorized(
            "Sign-in links are made with the admin token only. Send it as `Authorization: Bearer …`.",
        )
        .with_header("WWW-Authenticate", "Bearer"));
    }
    let token: String = client::call(env, &Call::MakeSignInLink {}).await?;
    // In the fragment it reaches neither a server's log nor a `Referer`.
    let url = format!("{}/#sign-in={token}", Config::read(env)?.public_url);
    json(&SignInLink { token, url })
}

/// `POST /console/sign-in`, from a page of our own: another site must not sign anyone in either.
pub(super) async fn sign_in(mut request: Request, env: &Env) -> Result<Response, Failure> {
    let config = Config::read(env)?;
    let host = host::check(&request, &config)?;
    origin::check(&request, &config, &host)?;
    let SignIn { token } = door::read_json(&mut request).await?;
    let session: String = client::call(env, &Call::SignIn { token }).await?;
    let mut response = read(env)?;
    let headers = response.headers_mut();
    headers.set("Set-Cookie", &cookie::begin(&config, &session))?;
    Ok(response)
}

/// `POST /console/sign-out`.
pub(super) async fn sign_out(request: &Request, env: &Env) -> Result<Response, Failure> {
    signed_in(request, env).await?;
    let config = Config::read(env)?;
    let cookies = request.headers().get("Cookie")?.unwrap_or_default();
    if let Some(token) = cookie::token(&config, &cookies) {
        client::call::<()>(env, &Call::SignOut { token }).await?;
    }
    let mut response = Response::empty()?.with_status(204);
    let headers = response.headers_mut();
    headers.set("Set-Cookie", &cookie::end(&config))?;
    Ok(response)
}

/// `GET /console/session`.
pub(super) fn read(env: &Env) -> Result<Response, Failure> {
    let config = Config::read(env)?;
    json(&Session {
        public_url: config.public_url.clone(),
        version: config.version.clone(),
        demo: config.has_demo(),
    })
}
