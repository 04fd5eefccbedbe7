//! `fetch` as the runtime has it, which goes outward and to Durable Objects alike. `worker` makes a `Request` first,
//! which the runtime then copies, and looks at everything that an answer could have; with each run that is a part of what
//! it costs.

use web_sys::{RequestInit, Response};
use worker::js_sys::{Function, Promise, Reflect};
use worker::wasm_bindgen::{JsCast as _, JsValue};
use worker::wasm_bindgen_futures::JsFuture;

/// Calls the `fetch` of the global scope, or that of an object's stub. The answer's body is still to come.
pub async fn fetch(on: &JsValue, url: &str, message: &RequestInit) -> worker::Result<Response> {
    let fetch: Function = Reflect::get(on, &"fetch".into())?.dyn_into()?;
    let promise: Promise = fetch.call2(on, &url.into(), message)?.dyn_into()?;
    Ok(JsFuture::from(promise).await?.dyn_into()?)
}
