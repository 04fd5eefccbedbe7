//! `fetch` as the runtime has it. `worker` makes a `Request` first, which the runtime then copies, and looks at everything
//! that an answer could have; with each run that is a part of what it costs.

use shared::model::HttpMethod;
use shared::request::Request;
use web_sys::{RequestInit, RequestRedirect, Response};
use worker::js_sys::{Function, Promise, Reflect, Uint8Array, global};
use worker::wasm_bindgen::{JsCast as _, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::{AbortSignal, Headers};

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

/// Sends it. The answer's body is still to come.
pub(super) async fn fetch(
    url: &str,
    message: &RequestInit,
    signal: &AbortSignal,
) -> worker::Result<Response> {
    message.set_signal(Some(signal));
    let fetch: Function = Reflect::get(&global(), &"fetch".into())?.dyn_into()?;
    let promise: Promise = fetch
        .call2(&JsValue::UNDEFINED, &url.into(), message)?
        .dyn_into()?;
    Ok(JsFuture::from(promise).await?.dyn_into()?)
}
