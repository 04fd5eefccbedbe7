//! One HTTP request: a method, its integration and variables become something that
//! can be sent, and cannot leave the integration's own origin.
//!
//! The login is not part of what is built here: it is added at the moment of sending, so that no credential reaches a run's journal.

use std::fmt;

use url::Url;

use crate::model::HttpMethod;

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
}

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

    /// In the order in which they are sent; names are not repeated.
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

    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
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
