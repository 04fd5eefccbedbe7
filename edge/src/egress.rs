//! Requests to the outside: nothing else sends any.
//!
//! What may be sent where is decided in `shared`. Here a request is carried: its redirects
//! followed by hand, within its time limit, and without taking in more than fits.

mod budget;
mod message;

use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::{StreamExt as _, pin_mut};
use shared::engine::{Headers, Response, Sending};
use shared::model::Timestamp;
use shared::problem::ErrorDetail;
use shared::request::address::{self, Allow};
use shared::request::{Request, redirect};
use url::{Host, Url};
use worker::js_sys::global;
use worker::{AbortController, AbortSignal, Delay, ResponseBody};

use crate::clock;
use crate::door::body::{CONTENT_LENGTH, TRANSFER_ENCODING};
use crate::error::log;
use crate::fetch::fetch;
use crate::whole;
use budget::SMALL_BYTES;

pub use budget::Place;
pub use message::inward;

/// The most that is taken in of one answer, after decompression.
pub const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// Codes of connections that came to nothing.
const CONNECTION_FAILED: &str = "connection_failed";
const UNREACHABLE: &str = "unreachable";

/// What became of a request: every sending of it, and the last answer.
#[derive(Debug)]
pub struct Exchange {
    pub sendings: Vec<Sending>,
    pub outcome: Result<Response, ErrorDetail>,
    /// Held by a large body: to be kept as long as the body is.
    pub place: Option<Place>,
}

/// What to do when the answer leads elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redirects {
    Follow,
    /// The answer is taken as it is.
    Keep,
}

/// Sends a request that has its login, and then what its redirects ask for.
/// `timeout_ms` counts from now until the last byte of the last answer.
pub async fn exchange(
    request: Request,
    allow: Allow,
    timeout_ms: u32,
    redirects: Redirects,
) -> Exchange {
    let deadline = clock::now().saturating_add(u64::from(timeout_ms));
    let mut sendings = Vec::new();
    let mut request = request;
    let mut hops = 0;
    let mut place = None;
    loop {
        let sent_at = clock::now();
        let mut sending = Sending::of(&request, sent_at);
        let left = deadline.saturating_sub(sent_at);
        let hop = within(left, timeout_ms, |signal| {
            hop(
                &request,
                allow,
                redirects,
                hops,
                signal,
                &mut sending.status,
            )
        })
        .await;
        let hop = hop.map_err(|error| match sending.status {
            Some(status) if is_lost(&error) => broken_off(status),
            _ => error,
        });
        sending.time_ms = elapsed(sent_at);
        sending.error = hop.as_ref().err().cloned();
        let time_ms = sending.time_ms;
        sendings.push(sending);
        let outcome = match hop {
            Ok(Hop::Redirect(next)) => {
                request = next;
                hops += 1;
                continue;
            }
            Ok(Hop::Answer(response, held)) => {
                place = held;
                Ok(Response {
                    time_ms,
                    ..response
                })
            }
            Err(error) => Err(error),
        };
        return Exchange {
            sendings,
            outcome,
            place,
        };
    }
}

/// What one sending led to.
enum Hop {
    Answer(Response, Option<Place>),
    Redirect(Request),
}

/// Sends once. `status` is set as soon as there is one, because the rest of the answer may fail.
async fn hop(
    request: &Request,
    allow: Allow,
    redirects: Redirects,
    hops: u8,
    signal: AbortSignal,
    status: &mut Option<u16>,
) -> Result<Hop, ErrorDetail> {
    let host = request
        .url()
        .host()
        .ok_or_else(|| unsendable("it has no host"))?;
    address::check(&host, allow)?;
    let message = message::message(request).map_err(|error| unsendable(&error.to_string()))?;
    let url = request.url();
    let failed = |error| unreachable(url, &error);
    message.set_signal(Some(&signal));
    let answer = fetch(&global(), url.as_str(), &message)
        .await
        .map_err(failed)?;
    let code = answer.status();
    *status = Some(code);
    let headers: Headers = worker::Headers(answer.headers()).entries().collect();
    let location = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("location"))
        .map(|(_, value)| value.as_str());
    if redirects == Redirects::Follow
        && let Some(next) = redirect::next(request, code, location, hops)?
    {
        return Ok(Hop::Redirect(next));
    }
    let (body, place) = if is_known_to_be_small(&headers) {
        (whole::bytes(&answer).await.map_err(failed)?, None)
    } else {
        read(&mut answer.into(), url).await?
    };
    let response = Response {
        status: code,
        headers,
        body: body.into(),
        time_ms: 0,
    };
    Ok(Hop::Answer(response, place))
}

/// Runs one sending with a time limit; whatever is still open of it afterwards is broken off.
async fn within<F: Future<Output = Result<Hop, ErrorDetail>>>(
    left_ms: u64,
    timeout_ms: u32,
    send: impl FnOnce(AbortSignal) -> F,
) -> Result<Hop, ErrorDetail> {
    let mut connection = Connection(Some(AbortController::default()));
    let work = send(connection.signal());
    pin_mut!(work);
    match select(work, Delay::from(Duration::from_millis(left_ms))).await {
        Either::Left((result, _)) => {
            if matches!(result, Ok(Hop::Answer(..))) {
                connection.has_ended();
            }
            result
        }
        Either::Right(((), _)) => Err(timeout(timeout_ms)),
    }
}

/// Breaks its request off when it is dropped: at the end, or because nobody waits any more.
struct Connection(Option<AbortController>);

impl Connection {
    fn signal(&self) -> AbortSignal {
        self.0
            .as_ref()
            .map_or_else(AbortSignal::abort, AbortController::signal)
    }

    /// Nothing is open any more; to break that off would cost an exception.
    fn has_ended(&mut self) {
        self.0 = None;
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(controller) = self.0.take() {
            controller.abort();
        }
    }
}

/// Whether an answer is small whatever it holds: then it can be taken in at once, which costs much less than
/// looking at each piece. The length of what is compressed says nothing.
fn is_known_to_be_small(headers: &Headers) -> bool {
    let header = |wanted: &str| {
        let mut all = headers.iter();
        all.find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.trim())
    };
    let length = header(CONTENT_LENGTH).and_then(|length| length.parse().ok());
    length.is_some_and(|length: usize| length <= SMALL_BYTES)
        && header(TRANSFER_ENCODING).is_none()
        && header("content-encoding")
            .is_none_or(|encoding| encoding.eq_ignore_ascii_case("identity"))
}

async fn read(
    answer: &mut worker::Response,
    url: &Url,
) -> Result<(Vec<u8>, Option<Place>), ErrorDetail> {
    let mut body = Vec::new();
    let mut place = None;
    if matches!(answer.body(), ResponseBody::Empty) {
        return Ok((body, place));
    }
    let mut stream = answer.stream().map_err(|error| unreachable(url, &error))?;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| unreachable(url, &error))?;
        let size = body.len() + chunk.len();
        if size > MAX_BODY_BYTES {
            return Err(too_large());
        }
        if size > SMALL_BYTES && place.is_none() {
            place = Some(Place::take().await);
        }
        body.extend_from_slice(&chunk);
    }
    Ok((body, place))
}

/// Milliseconds that have passed.
pub fn elapsed(since: Timestamp) -> u32 {
    u32::try_from(clock::now().saturating_sub(since)).unwrap_or(u32::MAX)
}

/// No answer came in time.
pub fn timeout(timeout_ms: u32) -> ErrorDetail {
    let seconds = f64::from(timeout_ms) / 1000.0;
    ErrorDetail::new(
        "timeout",
        format!(
            "the service did not answer in full within {seconds} s: check that it is up, or set a longer time limit"
        ),
    )
}

/// The answer is larger than [`MAX_BODY_BYTES`].
pub fn too_large() -> ErrorDetail {
    ErrorDetail::new(
        "response_too_large",
        "the answer is larger than 8 MiB: ask the service for less at a time",
    )
}

fn unsendable(why: &str) -> ErrorDetail {
    ErrorDetail::new(
        "request_unsendable",
        format!("the request cannot be sent ({why}): check the method's address and headers"),
    )
}

/// Whether a connection came to nothing, or to an end.
fn is_lost(error: &ErrorDetail) -> bool {
    matches!(error.code.as_str(), CONNECTION_FAILED | UNREACHABLE)
}

/// The answer had begun.
fn broken_off(status: u16) -> ErrorDetail {
    ErrorDetail::new(
        "answer_broken_off",
        format!(
            "the service answered {status} and broke off in the middle of its answer: look whether it did what it should, and at its own log"
        ),
    )
}

/// The runtime hardly says why a connection failed, and hides behind `internal error` that a name is
/// unknown, that it leads to an address which is not allowed, and that a certificate is not valid.
fn unreachable(url: &Url, error: &worker::Error) -> ErrorDetail {
    let shown = url.host_str().unwrap_or_default();
    let at = url
        .port()
        .map_or_else(|| shown.to_owned(), |port| format!("{shown}:{port}"));
    if error.to_string().contains("connection lost") {
        return ErrorDetail::new(
            CONNECTION_FAILED,
            format!(
                "`{at}` took no connection, or broke it off: check the address, and that the service is up"
            ),
        );
    }
    log(&format!("no answer from {at}: {error}"));
    let hint = match url.host() {
        Some(Host::Domain(_)) => {
            "the name is not known, its certificate is not valid, or it leads to an address that `--allow` does not permit"
        }
        _ => "check the address, and the certificate of the service",
    };
    ErrorDetail::new(UNREACHABLE, format!("`{at}` cannot be reached: {hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_so_is_small() {
        let cases: [(&[(&str, &str)], bool); 8] = [
            (&[("Content-Length", "0")], true),
            (&[("content-length", "262144")], true),
            (&[("content-length", "262145")], false),
            (&[("content-length", "-1")], false),
            (&[], false),
            (
                &[("content-length", "9"), ("Content-Encoding", "gzip")],
                false,
            ),
            (
                &[("content-length", "9"), ("content-encoding", "identity")],
                true,
            ),
            (
                &[("content-length", "9"), ("Transfer-Encoding", "chunked")],
                false,
            ),
        ];
        for (headers, expected) in cases {
            let headers: Headers = headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            assert_eq!(is_known_to_be_small(&headers), expected, "{headers:?}");
        }
    }
}
