//! Headers of every answer.

use worker::Response;

/// What a page may do: run our own scripts, WebAssembly included, and speak with us alone.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'";

/// What is no page may do nothing, should a browser show it.
const NOT_A_PAGE: &str = "default-src 'none'; frame-ancestors 'none'";

/// Adds what every answer carries.
pub fn finish(mut response: Response) -> worker::Result<Response> {
    // The answer to a WebSocket upgrade is no page, and cannot be changed.
    if response.status_code() == 101 {
        return Ok(response);
    }
    let headers = response.headers_mut();
    headers.set("X-Content-Type-Options", "nosniff")?;
    headers.set("Referrer-Policy", "no-referrer")?;
    if !headers.has("Content-Security-Policy")? {
        headers.set("Content-Security-Policy", NOT_A_PAGE)?;
    }
    Ok(response)
}
