//! Checks that every absolute URL passes before anything is sent to it.

use std::fmt;

use url::Url;

/// Why a text is not an address that requests can go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressSyntaxError {
    /// `www.example.com/x`, `https//x`.
    NotAbsolute,
    /// `ftp://…`, `file:///…`.
    Scheme,
    /// `https:///x`, `https://[x`, `https://exa mple.com`.
    Host,
    /// `https://user:password@example.com`.
    UserInfo,
    /// `https://example.com?x=1` where only an origin and a path may stand.
    Query,
    /// `https://example.com#x`.
    Fragment,
    /// A line break, tab or other control character, which a URL parser would pass over in silence.
    ControlCharacter,
    /// `https:\\example.com`: a browser takes it for a slash, others do not.
    Backslash,
}

impl AddressSyntaxError {
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAbsolute => "not_absolute",
            Self::Scheme => "scheme",
            Self::Host => "host",
            Self::UserInfo => "user_info",
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::ControlCharacter => "control_character",
            Self::Backslash => "backslash",
        }
    }
}

impl fmt::Display for AddressSyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAbsolute => "the address must be a whole one: begin with `https://` and the name of the host",
            Self::Scheme => "the address must begin with `https://` or `http://`",
            Self::Host => "the address has no proper host: write a name such as `api.example.com` behind `https://`",
            Self::UserInfo => "the address must not hold a user name or password: put them into the authorization",
            Self::Query => "the address must not hold a query: put what stands behind the `?` into the query parameters",
            Self::Fragment => "the address must not hold a `#`: what stands behind it is never sent",
            Self::ControlCharacter => "the address holds a space at its beginning or end, a line break or another invisible character: remove it",
            Self::Backslash => "the address holds a backslash: write `/`",
        })
    }
}

impl std::error::Error for AddressSyntaxError {}

/// Whether the address may hold a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Query {
    Permitted,
    Refused,
}

/// Parses an absolute `http` or `https` URL.
pub(super) fn parse(text: &str, query: Query) -> Result<Url, AddressSyntaxError> {
    refuse_ambiguity(text)?;
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    if !lower.starts_with("http://") && !lower.starts_with("https://") {
        return Err(if text.contains("://") {
            AddressSyntaxError::Scheme
        } else {
            AddressSyntaxError::NotAbsolute
        });
    }
    // The parser would skip surplus slashes and take what follows for the host.
    let rest = text.split_once("://").map_or("", |(_, rest)| rest);
    if rest.starts_with('/') {
        return Err(AddressSyntaxError::Host);
    }
    let url = Url::parse(text).map_err(|_| AddressSyntaxError::Host)?;
    check(&url)?;
    if query == Query::Refused && url.query().is_some() {
        return Err(AddressSyntaxError::Query);
    }
    if url.fragment().is_some() {
        return Err(AddressSyntaxError::Fragment);
    }
    Ok(url)
}

/// What URL parsers repair in silence, each in its own way.
pub(super) fn refuse_ambiguity(text: &str) -> Result<(), AddressSyntaxError> {
    if text.chars().any(char::is_control) || text.trim() != text {
        return Err(AddressSyntaxError::ControlCharacter);
    }
    if text.contains('\\') {
        return Err(AddressSyntaxError::Backslash);
    }
    Ok(())
}

/// What must hold of every URL before it is sent to, the ones that redirects name included.
pub(super) fn check(url: &Url) -> Result<(), AddressSyntaxError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(AddressSyntaxError::Scheme);
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(AddressSyntaxError::Host);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressSyntaxError::UserInfo);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_absolute_addresses_pass() {
        use AddressSyntaxError as E;
        for (text, expected) in [
            ("https://api.example.com", Ok("https://api.example.com/")),
            (
                "https://api.example.com/v1/",
                Ok("https://api.example.com/v1/"),
            ),
            ("HTTP://Example.COM:80/v1", Ok("http://example.com/v1")),
            ("https://[::1]:8443", Ok("https://[::1]:8443/")),
            ("", Err(E::NotAbsolute)),
            ("api.example.com", Err(E::NotAbsolute)),
            ("//example.com", Err(E::NotAbsolute)),
            ("https:example.com", Err(E::NotAbsolute)),
            ("https:/example.com", Err(E::NotAbsolute)),
            ("https:///example.com", Err(E::Host)),
            ("https://", Err(E::Host)),
            ("https://exa mple.com", Err(E::Host)),
            ("https://example.com:99999", Err(E::Host)),
            ("ftp://example.com", Err(E::Scheme)),
            ("javascript://example.com/%0aalert(1)", Err(E::Scheme)),
            ("https://me@example.com", Err(E::UserInfo)),
            ("https://me:pw@example.com", Err(E::UserInfo)),
            ("https://example.com?x=1", Err(E::Query)),
            ("https://example.com/#x", Err(E::Fragment)),
            ("https://exam\tple.com", Err(E::ControlCharacter)),
            (" https://example.com", Err(E::ControlCharacter)),
            ("https://example.com\n", Err(E::ControlCharacter)),
            ("https:\\\\example.com", Err(E::Backslash)),
            ("https://example.com\\@evil.example", Err(E::Backslash)),
        ] {
            let found = parse(text, Query::Refused);
            assert_eq!(
                found.as_ref().map(Url::as_str),
                expected.as_ref().map(|e| *e),
                "{text:?}"
            );
        }
        assert!(parse("https://example.com/token?tenant=a", Query::Permitted).is_ok());
    }
}
