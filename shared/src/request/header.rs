//! Header names and values (RFC 9110, section 5).

use std::fmt;

/// Why a header cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// The name is empty or not a token.
    Name,
    /// The header belongs to the connection, not to the request.
    Reserved,
    /// A line break, NUL or another control character in the value.
    Value,
}

impl HeaderError {
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "header_name",
            Self::Reserved => "header_reserved",
            Self::Value => "header_value",
        }
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "a header's name holds letters, digits and hyphens only, such as `X-Request-Id`",
            Self::Reserved => "this header is set by the connection itself: remove it",
            Self::Value => "a header's value must not hold a line break or another control character: remove it",
        })
    }
}

impl std::error::Error for HeaderError {}

/// What only the connection may say (RFC 9110, 7.6.1, and the Fetch standard).
const RESERVED: [&str; 13] = [
    "connection",
    "content-length",
    "cookie2",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// Whether a header can have this name.
pub(crate) fn check_token(name: &str) -> Result<(), HeaderError> {
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(HeaderError::Name);
    }
    Ok(())
}

/// Whether a request of ours may carry a header of this name.
pub(crate) fn check_name(name: &str) -> Result<(), HeaderError> {
    check_token(name)?;
    if RESERVED
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
    {
        return Err(HeaderError::Reserved);
    }
    Ok(())
}

/// Whether a value can stand in a header.
pub(crate) fn check_value(value: &str) -> Result<(), HeaderError> {
    if value.chars().any(|c| c.is_control() && c != '\t') {
        Err(HeaderError::Value)
    } else {
        Ok(())
    }
}

/// RFC 9110, section 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_tokens_that_do_not_belong_to_the_connection() {
        for (name, expected) in [
            ("X-Request-Id", Ok(())),
            ("authorization", Ok(())),
            ("x!#$%&'*+-.^_`|~1", Ok(())),
            ("", Err(HeaderError::Name)),
            ("X Request", Err(HeaderError::Name)),
            ("X-Evil: 1\r\nY", Err(HeaderError::Name)),
            ("Überschrift", Err(HeaderError::Name)),
            ("Host", Err(HeaderError::Reserved)),
            ("content-LENGTH", Err(HeaderError::Reserved)),
            ("Transfer-Encoding", Err(HeaderError::Reserved)),
            ("Connection", Err(HeaderError::Reserved)),
            ("Cookie2", Err(HeaderError::Reserved)),
        ] {
            assert_eq!(check_name(name), expected, "{name:?}");
        }
        for (value, expected) in [
            ("", Ok(())),
            ("a\tb", Ok(())),
            ("Grüße", Ok(())),
            ("a\r\nX-Evil: 1", Err(HeaderError::Value)),
            ("a\nb", Err(HeaderError::Value)),
            ("a\0", Err(HeaderError::Value)),
            ("a\u{7f}", Err(HeaderError::Value)),
        ] {
            assert_eq!(check_value(value), expected, "{value:?}");
        }
    }
}
