//! Headers of every answer.

use worker::Response;

/// What a page may do: run our own scripts, WebAssembly included, and speak with us alone.
/// `script_hashes` are the sources for scripts that stand in the page itself.
pub fn content_security_policy(script_hashes: &[String]) -> String {
    let mut scripts = String::new();
    for hash in script_hashes {
        scripts.push_str(" '");
        scripts.push_str(hash);
        scripts.push('\'');
    }
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_held_to_its_own_files() {
        assert_eq!(
            content_security_policy(&["sha256-abc=".to_owned()]),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-abc='; style-src 'self'; \
             img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; \
             frame-ancestors 'none'"
        );
    }
}
