//! A small HTTP client that changes nothing by itself.

use std::{
    io::{Cursor, ErrorKind},
    time::Duration,
};

use serde_json::Value;
use ureq::{Agent, SendBody, http};

use crate::ADMIN_TOKEN;

/// How often a request is sent again whose answer was lost.
const TRIES: usize = 10;

/// A request in the making.
#[derive(Debug, Clone)]
pub struct Call {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    is_chunked: bool,
}

impl Call {
    pub(crate) fn new(method: &str, url: String) -> Self {
        Self {
            method: method.to_owned(),
            url,
            headers: Vec::new(),
            body: Vec::new(),
            is_chunked: false,
        }
    }

    /// Adds a header; `host` replaces the usual one.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds the admin token.
    #[must_use]
    pub fn admin(self) -> Self {
        self.header("authorization", &format!("Bearer {ADMIN_TOKEN}"))
    }

    /// Sets the body and says that it is JSON.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .body(body.to_string())
    }

    /// Sets the body, byte for byte.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends the body in chunks, without saying beforehand how long it is.
    #[must_use]
    pub fn chunked(mut self) -> Self {
        self.is_chunked = true;
        self
    }

    /// Sends the request. Any status is an answer; a redirect is not followed.
    ///
    /// Whoever refuses a body may do so before all of it was sent (RFC 9112, 9.6), and closes the connection then; this
    /// client loses such an answer where it comes while it still writes, and asks again.
    pub fn send(self) -> Answer {
        for _ in 0..TRIES {
            match self.clone().try_send() {
                Err(ureq::Error::Io(error)) if error.kind() == ErrorKind::BrokenPipe => {}
                answer => return answer.unwrap(),
            }
        }
        self.try_send().unwrap()
    }

    /// As [`Call::send`], for when the server may be killed meanwhile.
    pub fn try_send(self) -> Result<Answer, ureq::Error> {
        let mut request = http::Request::builder()
            .method(self.method.as_str())
            .uri(self.url);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        // With a body of its own kind, a request without one has no Content-Length either.
        let response = if self.body.is_empty() {
            agent().run(request.body(()).unwrap())?
        } else if self.is_chunked {
            let body = SendBody::from_owned_reader(Cursor::new(self.body));
            agent().run(request.body(body).unwrap())?
        } else {
            agent().run(request.body(self.body).unwrap())?
        };
        let (head, mut body) = response.into_parts();
        Ok(Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body: body.with_config().limit(u64::MAX).read_to_vec()?,
        })
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// All headers.
    pub headers: http::HeaderMap,
    /// The body, as it was sent.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of that name, when it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("status {}, {error}: {}", self.status, self.text()))
    }

    /// Itself when the status is this one; else the test fails and shows the body.
    #[must_use]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

fn agent() -> Agent {
    Agent::config_builder()
        .timeout_global(Some(Duration::from_mins(1)))
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .build()
        .new_agent()
}
