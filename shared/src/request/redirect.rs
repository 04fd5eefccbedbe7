//! Redirects, followed by hand: each hop is checked like the first, and a credential
//! stays with its origin (RFC 9110, section 15.4).

use std::fmt;

use url::Url;

use super::origin::{self, AddressSyntaxError};
use super::{Destination, Request};
use crate::model::HttpMethod;
use crate::problem::ErrorDetail;

/// How many redirects are followed for one request.
pub const MAX_HOPS: u8 = 5;

/// Why a redirect is not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedirectError {
    /// More than [`MAX_HOPS`].
    TooMany,
    /// `Location` is not a URL, or one that no request goes to.
    Location(AddressSyntaxError),
}

impl RedirectError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooMany => "too_many_redirects",
            Self::Location(_) => "redirect_refused",
        }
    }
}

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany => write!(
                f,
                "the service redirected more than {MAX_HOPS} times: use the address that it redirects to"
            ),
            Self::Location(error) => write!(
                f,
                "the service redirected to an address that requests do not go to: {error}"
            ),
        }
    }
}

impl std::error::Error for RedirectError {}

impl From<RedirectError> for ErrorDetail {
    fn from(error: RedirectError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

/// The request that follows `sent`, or nothing where the answer is the final one.
///
/// `hops` is the number of redirects followed so far. The host of what comes back has
/// still to pass [`super::address::check`].
pub fn next(
    sent: &Request,
    status: u16,
    location: Option<&str>,
    hops: u8,
) -> Result<Option<Request>, RedirectError> {
    let Some(location) = location else {
        return Ok(None);
    };
    if !matches!(status, 301 | 302 | 303 | 307 | 308) || sent.destination == Destination::Own {
        return Ok(None);
    }
    if hops >= MAX_HOPS {
        return Err(RedirectError::TooMany);
    }
    let mut url = target(sent, location).map_err(RedirectError::Location)?;
    let becomes_get =
        status == 303 || (matches!(status, 301 | 302) && sent.method == HttpMethod::Post);
    let mut next = sent.clone();
    if becomes_get {
        next.method = HttpMethod::Get;
        next.body = None;
        next.headers.retain(|(name, _)| !describes_body(name));
    }
    if url.origin() == sent.url.origin() {
        if let Some((name, value)) = sent.login.as_ref().and_then(|login| login.query.as_ref())
            && !url.query_pairs().any(|(known, _)| known == name.as_str())
        {
            url.query_pairs_mut().append_pair(name, value);
        }
    } else {
        next.body = None;
        next.headers.clear();
        if let Some(login) = next.login.take() {
            login.leave(&mut url);
        }
    }
    next.url = url;
    Ok(Some(next))
}

fn target(sent: &Request, location: &str) -> Result<Url, AddressSyntaxError> {
    origin::refuse_ambiguity(location)?;
    let mut url = sent
        .url
        .join(location)
        .map_err(|_| AddressSyntaxError::Host)?;
    origin::check(&url)?;
    url.set_fragment(None);
    Ok(url)
}

fn describes_body(header: &str) -> bool {
    header
        .get(..8)
        .is_some_and(|start| start.eq_ignore_ascii_case("content-"))
}
