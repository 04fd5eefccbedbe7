//! Taking in the whole of a small answer.

use web_sys::Response;
use worker::js_sys::Uint8Array;
use worker::wasm_bindgen_futures::JsFuture;

/// Takes an answer in at once. To look at each piece of it costs several times as much, and nothing here limits
/// how much that is: it is for answers of our own, and for those that tell how long they are.
pub async fn bytes(answer: &Response) -> worker::Result<Vec<u8>> {
    let whole = JsFuture::from(answer.array_buffer()?).await?;
    Ok(Uint8Array::new(&whole).to_vec())
}
