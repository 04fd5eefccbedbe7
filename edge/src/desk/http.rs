//! The desk's routes: `/api/…` in Halo's shape, and `/auth/…` in OAuth's.

use shared::desk::openapi;
use shared::desk::token::{RevocationRequest, TokenError, TokenRequest, authinfo};
use shared::desk::{Caller, DeskRequest, DeskResponse};
use worker::{Env, Headers, Request, Response, ResponseBuilder};

use super::{client, cors};
use crate::assets;
use crate::config::Config;
use crate::door::{self, Identity};
use crate::error::Failure;

/// The most that a request may carry, in bytes.
const LIMIT_BYTES: usize = 4 * 1024 * 1024;

/// The longest `Idempotency-Key`, in bytes.
const LONGEST_KEY: usize = 255;

/// Answers a request under `/api/` or `/auth/`.
pub async fn answer(mut request: Request, env: &Env) -> Result<Response, Failure> {
    let url = request.url()?;
    let segments: Vec<_> = url.path().split('/').filter(|s| !s.is_empty()).collect();
    let is = |path: [&str; 2]| {
        segments.len() == 2
            && segments
                .iter()
                .zip(path)
                .all(|(segment, name)| segment.eq_ignore_ascii_case(name))
    };
    // The bindings take every method that they do not know for GET.
    let method = request.inner().method();
    let is_page = is(["auth", "authorize"]);
    if !is_page && cors::is_preflight(&method, request.headers())? {
        let mut response = Response::empty()?.with_status(204);
        cors::add(response.headers_mut(), true)?;
        return Ok(response);
    }
    let answer = if is(["auth", "token"]) {
        match method.as_str() {
            "POST" => token(&mut request, env).await?,
            _ => wrong_method("POST"),
        }
    } else if is(["api", "openapi.json"]) {
        match method.as_str() {
            "GET" | "HEAD" => {
                let config = Config::read(env)?;
                json(
                    200,
                    openapi::document(&config.public_url, env!("CARGO_PKG_VERSION")).to_string(),
                )
            }
            _ => wrong_method("GET"),
        }
    } else if is(["auth", "revoke"]) {
        match method.as_str() {
            "POST" => revoke(&mut request, env).await?,
            _ => wrong_method("POST"),
        }
    } else if is_page {
        match method.as_str() {
            // The page asks the person, with the console's help.
            "GET" | "HEAD" => return assets::answer(request, env).await,
            _ => {
                let mut refusal = respond(wrong_method("GET"))?;
                // Nothing of it is for other pages.
                refusal
                    .headers_mut()
                    .delete("Access-Control-Allow-Origin")?;
                return Ok(refusal);
            }
        }
    } else if is(["api", "authinfo"]) {
        match method.as_str() {
            "GET" | "HEAD" => json(200, authinfo(&Config::read(env)?.public_url)),
            _ => wrong_method("GET"),
        }
    } else {
        let query = url.query().unwrap_or_default();
        match resource(&mut request, env, url.path(), query).await {
            Ok(answer) => answer,
            Err(failure) => sentence(failure),
        }
    };
    respond(answer)
}

/// `POST /auth/token`.
async fn token(request: &mut Request, env: &Env) -> Result<DeskResponse, Failure> {
    let (form, authorization) = form(request).await?;
    let asked = form.and_then(|form| TokenRequest::parse(&form, authorization.as_deref()));
    let given = match asked {
        Ok(asked) => client::token(env, asked).await?,
        Err(error) => Err(error),
    };
    Ok(told(given, authorization.is_some()))
}

/// `POST /auth/revoke`.
async fn revoke(request: &mut Request, env: &Env) -> Result<DeskResponse, Failure> {
    let (form, authorization) = form(request).await?;
    let asked = form.and_then(|form| RevocationRequest::parse(&form, authorization.as_deref()));
    let revoked = match asked {
        Ok(asked) => client::revoke(env, asked).await?,
        Err(error) => Err(error),
    };
    let body = revoked.map(|()| "{}".to_owned());
    Ok(told(body, authorization.is_some()))
}

/// The form of a program that logs in, and its `Authorization` header.
async fn form(
    request: &mut Request,
) -> Result<(Result<String, TokenError>, Option<String>), Failure> {
    let authorization = request.headers().get("Authorization")?;
    let form = read(request).await.map_err(|_| {
        TokenError::invalid_request("Send a form with grant_type, client_id and client_secret")
    });
    Ok((form, authorization))
}

/// An answer in OAuth's shape.
fn told(body: Result<String, TokenError>, with_header: bool) -> DeskResponse {
    match body {
        Ok(body) => json(200, body),
        Err(error) => {
            let mut answer = json(error.status(), error.body());
            if error == TokenError::InvalidClient && with_header {
                add_header(&mut answer, "WWW-Authenticate", "Basic");
            }
            answer
        }
    }
}

/// Everything else under `/api`.
async fn resource(
    request: &mut Request,
    env: &Env,
    path: &str,
    query: &str,
) -> Result<DeskResponse, Failure> {
    let caller = match door::identify(request, env).await? {
        Identity::Nobody => Caller::Nobody {},
        Identity::Admin => Caller::Admin {},
        Identity::Console => Caller::Console {},
        Identity::Token(token) => Caller::Token { token },
    };
    let body = match caller {
        // Nothing of what a stranger sends is read.
        Caller::Nobody {} => String::new(),
        _ => read(request).await?,
    };
    // Programs say what they like; what a browser sends by itself is never JSON.
    if caller == (Caller::Console {}) && !body.is_empty() {
        let media_type = request.headers().get("Content-Type")?;
        if !media_type.is_some_and(|media_type| door::body::is_json(&media_type)) {
            return Err(Failure::new(
                415,
                "not_json",
                "Send JSON, with the content type application/json",
            ));
        }
    }
    let request = DeskRequest {
        caller,
        method: request.inner().method(),
        path: path.to_owned(),
        query: query.to_owned(),
        body,
        key: idempotency_key(request)?,
        depth: 0,
    };
    client::request(env, request).await
}

/// The `Idempotency-Key`, by which a program may send a write again when it got no answer.
pub fn idempotency_key(request: &Request) -> Result<Option<String>, Failure> {
    let Some(key) = request.headers().get("Idempotency-Key")? else {
        return Ok(None);
    };
    if key.is_empty() || key.len() > LONGEST_KEY {
        let message = format!("The Idempotency-Key must have 1 to {LONGEST_KEY} characters");
        return Err(Failure::bad_request("idempotency_key", message));
    }
    Ok(Some(key))
}

/// Reads a body of text.
async fn read(request: &mut Request) -> Result<String, Failure> {
    let body = door::body::read_at_most(request, LIMIT_BYTES).await?;
    let body = body.ok_or_else(|| {
        let message = format!("The body is larger than {LIMIT_BYTES} bytes: send less at once");
        Failure::new(413, "too_large", message)
    })?;
    String::from_utf8(body)
        .map_err(|_| Failure::bad_request("not_text", "The body must be text in UTF-8"))
}

/// A failure in Halo's shape: its sentence alone.
fn sentence(failure: Failure) -> DeskResponse {
    let body = serde_json::Value::String(failure.detail.message);
    DeskResponse {
        headers: failure.headers,
        ..json(failure.status, body.to_string())
    }
}

fn wrong_method(allow: &str) -> DeskResponse {
    let message = format!("This address takes only {allow}");
    let mut answer = json(405, serde_json::Value::String(message).to_string());
    add_header(&mut answer, "Allow", allow);
    answer
}

fn json(status: u16, body: String) -> DeskResponse {
    DeskResponse {
        status,
        headers: Vec::new(),
        body,
    }
}

fn add_header(answer: &mut DeskResponse, name: &str, value: &str) {
    answer.headers.push((name.to_owned(), value.to_owned()));
}

fn respond(answer: DeskResponse) -> Result<Response, Failure> {
    let mut headers = Headers::new();
    cors::add(&mut headers, false)?;
    for (name, value) in &answer.headers {
        headers.append(name, value)?;
    }
    headers.set("Content-Type", "application/json; charset=utf-8")?;
    headers.set("Cache-Control", "no-store")?;
    let response = ResponseBuilder::new()
        .with_status(answer.status)
        .with_headers(headers);
    Ok(response.fixed(answer.body.into_bytes()))
}
