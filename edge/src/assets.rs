//! The app's files: media types, caching, compression, and the page itself for its deep links.
//!
//! The runtime's file service does none of this, so `cargo xtask build` leaves a list beside the
//! files (`assets.json`) that says what each is, and compressed twins.

mod list;

use std::cell::OnceCell;
use std::rc::Rc;

use worker::{EncodeBody, Env, Fetcher, Headers, Method, Request, Response, ResponseBuilder};

use crate::door::page::CONTENT_SECURITY_POLICY;
use crate::error::Failure;
use list::{Asset, Assets, Encoding};

/// The page that stands for all addresses of the app.
const PAGE: &str = "/index.html";

thread_local! {
    static LIST: OnceCell<Rc<Assets>> = const { OnceCell::new() };
}

/// Answers with one of the app's files.
pub async fn answer(request: Request, env: &Env) -> Result<Response, Failure> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return Err(Failure::new(
            405,
            "method_not_allowed",
            "Pages and files can only be read: use GET.",
        )
        .with_header("Allow", "GET, HEAD"));
    }
    let files = env.assets("ASSETS")?;
    let assets = list(&files).await?;
    let path = request.path();
    let Some((name, asset)) = assets.find(&path) else {
        return Err(Failure::not_found("The page"));
    };
    let headers = headers(asset)?;
    let known = request.headers().get("If-None-Match")?;
    if known.is_some_and(|known| known.split(',').any(|tag| tag.trim() == asset.tag())) {
        let response = ResponseBuilder::new()
            .with_status(304)
            .with_headers(headers);
        return Ok(response.empty());
    }
    let accepted = request
        .headers()
        .get("Accept-Encoding")?
        .unwrap_or_default();
    let encoding = asset.best_encoding(&accepted);
    if let Some(encoding) = encoding {
        headers.set("Content-Encoding", encoding.name())?;
    }
    let ending = encoding.map_or("", Encoding::ending);
    let file = read(&files, &format!("{name}{ending}")).await?;
    // The bytes are compressed already: the runtime must not do it again.
    let response = ResponseBuilder::new()
        .with_headers(headers)
        .with_encode_body(EncodeBody::Manual);
    Ok(if request.method() == Method::Head {
        response.empty()
    } else {
        response.body(file.body().clone())
    })
}

fn headers(asset: &Asset) -> Result<Headers, Failure> {
    let headers = Headers::new();
    headers.set("Content-Type", &asset.media_type)?;
    headers.set("ETag", &asset.tag())?;
    headers.set("Vary", "Accept-Encoding")?;
    headers.set(
        "Cache-Control",
        if asset.immutable {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        },
    )?;
    if asset.media_type.starts_with("text/html") {
        headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY)?;
        headers.set("Cross-Origin-Opener-Policy", "same-origin")?;
    }
    Ok(headers)
}

/// The list, read once per isolate: a new build comes with a new isolate.
async fn list(files: &Fetcher) -> Result<Rc<Assets>, Failure> {
    if let Some(list) = LIST.with(|list| list.get().cloned()) {
        return Ok(list);
    }
    let bytes = read(files, "/assets.json").await?.bytes().await?;
    let read: Assets =
        serde_json::from_slice(&bytes).map_err(|error| Failure::internal("assets.json", &error))?;
    Ok(LIST.with(|list| Rc::clone(list.get_or_init(|| Rc::new(read)))))
}

async fn read(files: &Fetcher, name: &str) -> Result<Response, Failure> {
    let file = files.fetch(format!("https://assets{name}"), None).await?;
    if file.status_code() == 200 {
        Ok(file)
    } else {
        Err(Failure::internal(
            "assets",
            &format_args!("{name}: {}; run `cargo xtask build`", file.status_code()),
        ))
    }
}
