//! Path to handler.

use worker::{Env, Request, Response};

use crate::{assets, console, demo, desk, public};

const PUBLIC_START: &str = "/api/automation/";

/// Answers any request.
pub async fn dispatch(request: Request, env: &Env) -> worker::Result<Response> {
    let path = request.path();
    let answer = match path.split('/').nth(1) {
        Some("console") => console::answer(request, env).await,
        Some("api" | "auth") => match path.strip_prefix(PUBLIC_START) {
            Some(id) => public::start(request, env, id).await,
            None => desk::http::answer(request, env).await,
        },
        Some("demo") => demo::answer(request, env).await,
        _ => assets::answer(request, env).await,
    };
    answer.or_else(crate::error::Failure::into_response)
}
