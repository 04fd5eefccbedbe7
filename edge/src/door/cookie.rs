//! The session cookie.

use crate::config::Config;

/// How long a session lasts, in seconds.
pub const LIFETIME_S: u64 = 30 * 24 * 60 * 60;

/// On https the prefix binds the cookie to exactly this host. Cookies do not know ports, so on plain
/// http the port is part of the name: two deployments on one machine do not sign each other out.
fn name(config: &Config) -> String {
    if config.is_secure() {
        "__Host-nimbus".to_owned()
    } else {
        let port = config.public_address.port_or_known_default();
        format!("nimbus-{}", port.unwrap_or_default())
    }
}

/// The session's token in a `Cookie` header.
pub fn token(config: &Config, header: &str) -> Option<String> {
    let name = name(config);
    header
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// The `Set-Cookie` that begins a session.
pub fn begin(config: &Config, token: &str) -> String {
    set(config, token, LIFETIME_S)
}

/// The `Set-Cookie` that ends it.
pub fn end(config: &Config) -> String {
    set(config, "", 0)
}

fn set(config: &Config, value: &str, seconds: u64) -> String {
    let secure = if config.is_secure() { "; Secure" } else { "" };
    format!(
        "{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}",
        name(config)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::config_at;

    #[test]
    fn the_cookie_is_out_of_reach_for_scripts_and_other_sites() {
        let config = config_at("https://nimbus.example");
        assert_eq!(
            begin(&config, "t"),
            "__Host-nimbus=t; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict; Secure"
        );
        let config = config_at("http://127.0.0.1:8787");
        assert_eq!(
            end(&config),
            "nimbus-8787=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"
        );
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let config = config_at("http://127.0.0.1:8787");
        for (header, expected) in [
            ("nimbus-8787=abc", Some("abc")),
            ("a=1; nimbus-8787=abc; b=2", Some("abc")),
            ("nimbus-8788=abc", None),
            ("xnimbus-8787=abc", None),
            ("nimbus-8787=", None),
            ("", None),
        ] {
            assert_eq!(token(&config, header).as_deref(), expected, "{header}");
        }
    }
}
