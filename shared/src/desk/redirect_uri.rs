//! Where people are sent back to after they have allowed something: which addresses an application may name, when
//! one that is asked for is the one that was named, and how the answer is put into it.

use url::{Host, Url};

/// Refuses what a browser must not be sent to.
///
/// A script's scheme would run in our own page, so a scheme of one's own needs a dot (RFC 8252, 7.1); plain http
/// could be read on the way, except on the person's own machine; a fragment would hide the answer.
pub fn check(uri: &str) -> Result<(), &'static str> {
    const LONGEST: usize = 2000;
    let Ok(parsed) = Url::parse(uri) else {
        return Err("enter a whole address, such as https://app.example/callback.");
    };
    if uri.len() > LONGEST || uri.bytes().any(|byte| byte <= b' ') {
        return Err("leave out spaces, and keep it below 2000 characters.");
    }
    if parsed.fragment().is_some() {
        return Err("leave out the fragment behind #.");
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err("leave out the user name and password.");
    }
    match parsed.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(&parsed) => Ok(()),
        "http" => Err("use https; plain http is for 127.0.0.1, [::1] and localhost only."),
        scheme if scheme.contains('.') => Ok(()),
        _ => Err(
            "use https, http on a loopback address, or a scheme with a dot such as com.example.app:/callback.",
        ),
    }
}

/// Whether `asked` is the address that was registered: character by character, but on a
/// loopback address with any port (RFC 8252, 7.3), which a program takes as it is free.
pub fn is_same(registered: &str, asked: &str) -> bool {
    if registered == asked {
        return true;
    }
    let on_any_port = |uri: &str| {
        let mut uri = Url::parse(uri).ok()?;
        let is_plain = uri.scheme() == "http" && is_loopback(&uri);
        uri.set_port(None).ok()?;
        is_plain.then_some(uri)
    };
    check(asked).is_ok()
        && on_any_port(registered)
            .zip(on_any_port(asked))
            .is_some_and(|(registered, asked)| registered == asked)
}

/// The address with parameters added; those without a value are left out.
pub fn with_parameters(uri: &str, parameters: &[(&str, Option<&str>)]) -> Option<String> {
    let mut uri = Url::parse(uri).ok()?;
    for (name, value) in parameters {
        if let Some(value) = value {
            uri.query_pairs_mut().append_pair(name, value);
        }
    }
    Some(uri.into())
}

fn is_loopback(uri: &Url) -> bool {
    match uri.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_sent_to_safe_addresses_only() {
        for (uri, fits) in [
            ("https://app.example/callback", true),
            ("https://app.example/callback?tenant=1", true),
            ("http://127.0.0.1/cb", true),
            ("http://[::1]:9000/cb", true),
            ("http://localhost:3000/", true),
            ("com.example.app:/callback", true),
            ("http://app.example/callback", false),
            ("http://127.0.0.1.attacker.example/", false),
            ("https://app.example/cb#here", false),
            ("https://me:secret@app.example/cb", false),
            ("https://app.example/a b", false),
            ("javascript:alert(1)", false),
            ("data:text/html,hi", false),
            ("file:///etc/passwd", false),
            ("myapp:/callback", false),
            ("/callback", false),
            ("", false),
        ] {
            assert_eq!(check(uri).is_ok(), fits, "{uri}");
        }
        assert!(check(&format!("https://a.example/{}", "x".repeat(2000))).is_err());
    }

    #[test]
    fn an_address_is_the_registered_one_or_not() {
        for (registered, asked, same) in [
            ("https://a.example/cb", "https://a.example/cb", true),
            ("https://a.example/cb", "https://a.example/cb/", false),
            ("https://a.example/cb", "https://a.example/cb?x=1", false),
            ("https://a.example/cb", "https://a.example:8443/cb", false),
            ("https://a.example/cb", "https://A.example/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", true),
            ("http://127.0.0.1:80/cb", "http://127.0.0.1:9/cb", true),
            ("http://[::1]:1/cb", "http://[::1]:2/cb", true),
            ("http://localhost/cb", "http://localhost:9/cb", true),
            ("http://localhost/cb", "http://127.0.0.1:9/cb", false),
            ("http://127.0.0.1/cb", "https://127.0.0.1:9/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:9/other", false),
            ("http://127.0.0.1/cb", "http://me@127.0.0.1:9/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:9/cb#x", false),
        ] {
            assert_eq!(is_same(registered, asked), same, "{registered} {asked}");
        }
    }

    #[test]
    fn an_answer_joins_the_query_that_is_there() {
        let parameters = [("code", Some("a b")), ("state", None), ("x", Some("&"))];
        for (uri, expected) in [
            (
                "https://a.example/cb",
                "https://a.example/cb?code=a+b&x=%26",
            ),
            (
                "http://127.0.0.1:9/cb?t=1",
                "http://127.0.0.1:9/cb?t=1&code=a+b&x=%26",
            ),
            ("com.example.app:/cb", "com.example.app:/cb?code=a+b&x=%26"),
        ] {
            assert_eq!(with_parameters(uri, &parameters).as_deref(), Some(expected));
        }
    }
}
