//! Requests as the runtime has them.

use shared::model::HttpMethod;
use shared::request::Request;
use web_sys::{RequestInit, RequestRedirect};
use worker::Headers;
use worker::js_sys::Uint8Array;

/// Who is asking, where the request itself does not say; some services refuse requests without.
const USER_AGENT: &str = concat!("Nimbus/", env!("CARGO_PKG_VERSION"));

/// A request as the runtime has it. Its headers may be none that HTTP knows.
pub(super) fn message(request: &Request) -> worker::Result<RequestInit> {
    if request.method() == HttpMethod::Get && request.body().is_some() {
        return Err("a GET request has no body".into());
    }
    let headers = Headers::new();
    let mut names_sender = false;
    for (name, value) in request.headers() {
        headers.append(name, value)?;
        names_sender |= name.eq_ignore_ascii_case("user-agent");
    }
    if !names_sender {
        headers.set("user-agent", USER_AGENT)?;
    }
    let message = RequestInit::new();
    message.set_method(request.method().as_str());
    message.set_redirect(RequestRedirect::Manual);
    message.set_headers(&headers.0);
    if let Some(body) = request.body() {
        message.set_body(&Uint8Array::from(body));
    }
    Ok(message)
}

/// The same for what is answered inside the worker.
pub fn inward(request: &Request) -> worker::Result<worker::Request> {
    let message = message(request)?;
    let request = web_sys::Request::new_with_str_and_init(request.url().as_str(), &message)?;
    Ok(request.into())
}
