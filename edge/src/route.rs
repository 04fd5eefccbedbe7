//! Path to handler.

use worker::{Env, Request, Response};

use crate::config::Config;
use crate::error::Failure;
use crate::{assets, console, demo, desk, door, public};

const PUBLIC_START: &str = "/api/automation/";

/// Answers any request.
pub async fn dispatch(request: Request, env: &Env) -> worker::Result<Response> {
    let answer = answer(request, env).await;
    door::page::finish(answer.or_else(Failure::into_response)?)
}

async fn answer(request: Request, env: &Env) -> Result<Response, Failure> {
    door::host::check(&request, &*Config::read(env)?)?;
    let path = request.path();
    let first = path.split('/').nth(1);
    let is_desk =
        first.is_some_and(|first| is_any(first, &["api", "auth"])) && public_start(&path).is_none();
    if !is_desk {
        has_known_method(&request)?;
    }
    match first {
        Some("console") => console::answer(request, env).await,
        // Halo's paths are compared without case; ours is of their family.
        Some(first) if is_any(first, &["api", "auth"]) => match public_start(&path) {
            Some(id) => public::answer(request, env, id).await,
            None => desk::http::answer(request, env).await,
        },
        Some("demo") => demo::answer(request, env).await,
        _ => assets::answer(request, env).await,
    }
}

/// The runtime's bindings take every method that they do not know for GET. The desk looks for itself, because it refuses
/// in other words.
fn has_known_method(request: &Request) -> Result<(), Failure> {
    let method = request.inner().method();
    if method == request.method().as_ref() {
        return Ok(());
    }
    let message = format!("The method {method} is not known here.");
    Err(Failure::new(405, "method_not_allowed", message)
        .with_header("Allow", "GET, HEAD, POST, PUT, DELETE"))
}

fn is_any(text: &str, names: &[&str]) -> bool {
    names.iter().any(|name| text.eq_ignore_ascii_case(name))
}

/// The id in the address of a public start, with what follows it.
fn public_start(path: &str) -> Option<&str> {
    let (start, id) = path.split_at_checked(PUBLIC_START.len())?;
    start.eq_ignore_ascii_case(PUBLIC_START).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_starts_are_told_from_the_desk() {
        for (path, expected) in [
            ("/api/automation/rb-1", Some("rb-1")),
            ("/API/Automation/rb-1", Some("rb-1")),
            (
                "/api/automation/rb-1/runs/rb-1.0.1",
                Some("rb-1/runs/rb-1.0.1"),
            ),
            ("/api/automation/", Some("")),
            ("/api/automation", None),
            ("/api/Tickets", None),
            ("/api/äutomation/1", None),
        ] {
            assert_eq!(public_start(path), expected, "{path}");
        }
    }
}
