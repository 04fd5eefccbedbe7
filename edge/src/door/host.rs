//! The `Host` of a request: only names that are ours are answered.

use url::Url;
use worker::Request;

use crate::config::Config;
use crate::error::Failure;

/// The host with its port, as the request names it, when it is ours.
pub fn check(request: &Request, config: &Config) -> Result<String, Failure> {
    let host = match request.headers().get("Host")? {
        Some(host) => host,
        // HTTP/2 has no such header, only an address.
        None => authority(&request.url()?).unwrap_or_default(),
    };
    if is_own(config, &host) {
        Ok(host)
    } else {
        Err(Failure::new(
            421,
            "unknown_host",
            format!(
                "This is not the address that Nimbus is known by. Go to {} instead.",
                config.public_url
            ),
        ))
    }
}

/// The name of the public URL; on one's own machine also its other names, with the same port.
fn is_own(config: &Config, host: &str) -> bool {
    let public = &config.public_address;
    // As nearly every request has it.
    if config
        .public_url
        .strip_prefix(public.scheme())
        .and_then(|rest| rest.strip_prefix("://"))
        == Some(host)
    {
        return true;
    }
    // A port that the scheme implies may be written out.
    let Ok(asked) = Url::parse(&format!("{}://{host}/", public.scheme())) else {
        return false;
    };
    if host.contains(['/', '?', '#', '@', '\\']) || asked.port() != public.port() {
        return false;
    }
    asked.host() == public.host() || (config.is_local() && is_this_machine(&asked))
}

fn is_this_machine(address: &Url) -> bool {
    matches!(
        address.host_str(),
        Some("127.0.0.1" | "localhost" | "[::1]")
    )
}

/// Host and port as a `Host` header has them.
fn authority(address: &Url) -> Option<String> {
    let host = address.host_str()?;
    Some(match address.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::config_at;

    #[test]
    fn only_own_names_are_answered() {
        let local = "http://127.0.0.1:8787";
        let public = "https://nimbus.example";
        for (at, host, expected) in [
            (local, "127.0.0.1:8787", true),
            (local, "localhost:8787", true),
            (local, "LOCALHOST:8787", true),
            (local, "[::1]:8787", true),
            (local, "127.0.0.1:8788", false),
            (local, "127.0.0.1", false),
            (local, "attacker.example:8787", false),
            (local, "localhost.attacker.example:8787", false),
            (local, "attacker.example/@127.0.0.1:8787", false),
            (local, "me@127.0.0.1:8787", false),
            (local, "", false),
            (public, "nimbus.example", true),
            (public, "nimbus.example:443", true),
            (public, "Nimbus.Example", true),
            (public, "nimbus.example:8787", false),
            (public, "127.0.0.1", false),
            (public, "localhost", false),
            (public, "other.nimbus.example", false),
        ] {
            assert_eq!(is_own(&config_at(at), host), expected, "{host} at {at}");
        }
    }
}
