//! One request: the cookie travels by itself, JSON both ways, errors as [`Fault`].

use gloo_net::http::{Request, RequestBuilder, Response};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use shared::api::IF_MATCH;
use shared::problem::{ErrorBody, ErrorDetail, Problem};

use super::{Fault, note_session};

pub(super) async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Fault> {
    read(answer(Request::get(path), None).await?).await
}

pub(super) async fn post<T: DeserializeOwned>(
    path: &str,
    body: &impl Serialize,
) -> Result<T, Fault> {
    read(answer(Request::post(path), Some(text(body)?)).await?).await
}

pub(super) async fn put<T: DeserializeOwned>(
    path: &str,
    version: u64,
    body: &impl Serialize,
) -> Result<T, Fault> {
    let request = Request::put(path).header(IF_MATCH, &version.to_string());
    read(answer(request, Some(text(body)?)).await?).await
}

pub(super) async fn delete(path: &str) -> Result<(), Fault> {
    answer(Request::delete(path), None).await.map(|_| ())
}

/// For answers without a body.
pub(super) async fn post_for_nothing(path: &str, body: &impl Serialize) -> Result<(), Fault> {
    answer(Request::post(path), Some(text(body)?))
        .await
        .map(|_| ())
}

/// For writes that may be sent again when no answer came.
pub(super) async fn post_keyed<T: DeserializeOwned>(
    path: &str,
    key: &str,
    body: &impl Serialize,
) -> Result<T, Fault> {
    let request = Request::post(path).header("Idempotency-Key", key);
    read(answer(request, Some(text(body)?)).await?).await
}

/// A name as one segment of a path, or as a query value.
pub fn encoded(text: &str) -> String {
    String::from(js_sys::encode_uri_component(text))
}

/// The parameters of a list's address; those without a value are left out.
pub(super) fn parameters(all: impl IntoIterator<Item = (&'static str, Option<String>)>) -> String {
    all.into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", encoded(&value?))))
        .collect::<Vec<_>>()
        .join("&")
}

fn text(body: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(body).map_err(|e| Fault::Unreadable(e.to_string()))
}

async fn answer(request: RequestBuilder, body: Option<String>) -> Result<Response, Fault> {
    let sent = match body {
        Some(body) => {
            request
                .header("Content-Type", "application/json")
                .body(body)
                .map_err(|e| Fault::Unreadable(e.to_string()))?
                .send()
                .await
        }
        None => request.send().await,
    };
    let response = sent.map_err(|_| Fault::Offline)?;
    if response.ok() {
        note_session(true);
        return Ok(response);
    }
    Err(match response.status() {
        401 => {
            note_session(false);
            Fault::SignedOut
        }
        412 => Fault::Changed,
        status => refusal(status, &response.text().await.unwrap_or_default()),
    })
}

/// Of a `PublishReport` no more than a refusal needs.
#[derive(Deserialize)]
struct Unpublished {
    #[serde(rename = "publication")]
    _publication: IgnoredAny,
    problems: Vec<Problem>,
}

fn refusal(status: u16, body: &str) -> Fault {
    // It has an `error`, too.
    if let Ok(report) = serde_json::from_str::<Unpublished>(body) {
        return Fault::Problems(report.problems);
    }
    if let Ok(error) = serde_json::from_str::<ErrorBody>(body) {
        return Fault::Refused {
            status,
            detail: error.error,
        };
    }
    // Halo's errors are one JSON string.
    match serde_json::from_str::<String>(body) {
        Ok(message) => Fault::Refused {
            status,
            detail: ErrorDetail::new("refused", message),
        },
        Err(_) => Fault::Unreadable(format!("status {status}")),
    }
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Fault> {
    let body = response.text().await.map_err(|_| Fault::Offline)?;
    serde_json::from_str(&body).map_err(|e| Fault::Unreadable(e.to_string()))
}
