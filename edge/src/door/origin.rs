//! The `Origin` of a request: what rests on the cookie must come from a page of our own.

use url::Url;
use worker::Request;

use crate::config::Config;
use crate::error::Failure;

/// Refuses a request that no page of our own can have made. `host` is the request's, checked already.
pub fn check(request: &Request, config: &Config, host: &str) -> Result<(), Failure> {
    let origin = request.headers().get("Origin")?;
    if origin.is_some_and(|origin| is_own(config, host, &origin)) {
        Ok(())
    } else {
        Err(Failure::forbidden(
            "foreign_origin",
            "A signed-in browser may ask this from a page of Nimbus only. Programs use a bearer token.",
        ))
    }
}

/// Whether the request changes something, or opens a connection that outlives it (RFC 9110, 9.2.1).
pub fn matters(method: &str, upgrade: Option<&str>) -> bool {
    !matches!(method, "GET" | "HEAD" | "OPTIONS")
        || upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
}

fn is_own(config: &Config, host: &str, origin: &str) -> bool {
    let own = Url::parse(&format!("{}://{host}", config.public_address.scheme()));
    match (own, Url::parse(origin)) {
        (Ok(own), Ok(asked)) => own.origin().is_tuple() && own.origin() == asked.origin(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::config_at;

    #[test]
    fn only_pages_of_the_same_origin_count() {
        let local = "http://127.0.0.1:8787";
        for (at, host, origin, expected) in [
            (local, "127.0.0.1:8787", "http://127.0.0.1:8787", true),
            (local, "localhost:8787", "http://localhost:8787", true),
            (local, "localhost:8787", "http://127.0.0.1:8787", false),
            (local, "127.0.0.1:8787", "http://127.0.0.1:9999", false),
            (local, "127.0.0.1:8787", "https://127.0.0.1:8787", false),
            (local, "127.0.0.1:8787", "http://attacker.example", false),
            (local, "127.0.0.1:8787", "null", false),
            (local, "127.0.0.1:8787", "", false),
            (
                "https://nimbus.example",
                "nimbus.example",
                "https://nimbus.example",
                true,
            ),
            (
                "https://nimbus.example",
                "nimbus.example",
                "http://nimbus.example",
                false,
            ),
        ] {
            assert_eq!(
                is_own(&config_at(at), host, origin),
                expected,
                "{origin} at {host}"
            );
        }
    }

    #[test]
    fn what_changes_nothing_needs_no_origin() {
        for (method, upgrade, expected) in [
            ("GET", None, false),
            ("HEAD", None, false),
            ("GET", Some("WebSocket"), true),
            ("POST", None, true),
            ("DELETE", None, true),
        ] {
            assert_eq!(matters(method, upgrade), expected, "{method}");
        }
    }
}
