//! Taking in the whole of a small answer.

use worker::js_sys::Uint8Array;
use worker::wasm_bindgen_futures::JsFuture;
use worker::{Response, ResponseBody};

/// Takes an answer in at once. To look at each piece of it costs several times as much, and nothing here limits
/// how much that is: it is for answers of our own, and for those that tell how long they are.
pub async fn bytes(answer: &Response) -> worker::Result<Vec<u8>> {
    let ResponseBody::Stream(stream) = answer.body() else {
        return Ok(match answer.body() {
            ResponseBody::Body(bytes) => bytes.clone(),
            _ => Vec::new(),
        });
    };
    let whole = web_sys::Response::new_with_opt_readable_stream(Some(stream))?.array_buffer()?;
    let whole = JsFuture::from(whole).await?;
    Ok(Uint8Array::new(&whole).to_vec())
}
