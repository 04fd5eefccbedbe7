//! One HTTP request: a method, its integration and variables become something that
//! can be sent, and cannot leave the integration's own origin.
//!
//! The login is not part of what is built here: [`login::apply`] adds it at the moment
//! of sending, so that no credential reaches a run's journal.

pub mod address;
pub mod base_url;
pub mod error;
pub mod halo;
pub mod header;
pub mod login;
pub mod origin;
pub mod path;
pub mod redirect;
pub mod template;
#[cfg(test)]
mod tests;

use std::fmt;

use url::{Url, form_urlencoded};

pub use base_url::BaseUrl;
pub use error::{RequestError, RequestErrorCause};
pub use template::RequestTemplate;

use crate::engine::SentRequest;
use crate::mask::{MASK, Mask};
use crate::model::HttpMethod;
use crate::template::Variables;

/// Where a request is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// To the embedded desk, inside the worker: the base URL is written `<<halo_url>>…`.
    /// Never decided by comparing addresses, and never after a redirect.
    Own,
    /// Over the network.
    Outside,
}

/// A request that is ready to be sent, but for its login.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    destination: Destination,
    method: HttpMethod,
    url: Url,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    login: Option<AppliedLogin>,
}

/// What a login added, so that a redirect to another origin can take it out again.
#[derive(Clone, PartialEq, Eq)]
struct AppliedLogin {
    /// The parameter and its value, where it travels in the query.
    query: Option<(String, String)>,
    secret: String,
}

impl AppliedLogin {
    /// Takes it out of an address that the service itself has put it into.
    fn leave(&self, url: &mut Url) {
        let is_secret = |name: &str, value: &str| {
            (!self.secret.is_empty() && value.contains(&self.secret))
                || self.query.as_ref().is_some_and(|(known, _)| known == name)
        };
        if !url
            .query_pairs()
            .any(|(name, value)| is_secret(&name, &value))
        {
            return;
        }
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, value)| !is_secret(name, value))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
    }
}

/// The header by which services tell a repeat (draft-ietf-httpapi-idempotency-key-header).
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

impl Request {
    pub fn destination(&self) -> Destination {
        self.destination
    }

    pub fn method(&self) -> HttpMethod {
        self.method
    }

    /// Absolute; of scheme `http` or `https`.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// In the order in which they are set; no name occurs twice.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The value of a header; names are compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Lets the service tell a repeat, unless the request has a key of its own.
    pub(crate) fn set_idempotency_key(&mut self, key: &str) {
        if self.header(IDEMPOTENCY_KEY).is_none() {
            self.headers
                .push((IDEMPOTENCY_KEY.to_owned(), key.to_owned()));
        }
    }

    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    /// The address for logs and journals: with a mask in place of a login in the query.
    pub fn shown_url(&self) -> String {
        let Some((name, value)) = self.login.as_ref().and_then(|login| login.query.as_ref()) else {
            return self.url.to_string();
        };
        // As it was appended.
        let pair = |value: &str| {
            let mut pair = form_urlencoded::Serializer::new(String::new());
            pair.append_pair(name, value).finish()
        };
        let sent = pair(value);
        let shown = pair("") + MASK;
        self.url.as_str().replace(&sent, &shown)
    }

    /// The request as people read it.
    pub fn describe(&self, mask: &Mask) -> SentRequest {
        let masked = |text: &str| mask.apply(text).into_owned();
        SentRequest {
            method: self.method.as_str().to_owned(),
            url: masked(&self.shown_url()),
            headers: self
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), masked(value)))
                .collect(),
            body: self
                .body
                .as_deref()
                .map(|body| masked(&String::from_utf8_lossy(body))),
        }
    }
}

/// Shows no header values, query or body: they may hold secrets.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("destination", &self.destination)
            .field("method", &self.method)
            .field("host", &self.url.host_str())
            .field("path", &self.url.path())
            .finish_non_exhaustive()
    }
}

/// Sets a variable to a text, which stands in other texts without quotes.
fn insert_text(variables: &mut Variables, name: &str, text: &str) {
    let json = crate::json::quote(text);
    // A quoted text is always JSON.
    let _ = variables.insert_bare(name, json);
}
