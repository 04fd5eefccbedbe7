//! What a stub answers.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

use serde_json::Value;

/// An answer, or the lack of one.
#[derive(Debug, Clone)]
pub struct Reply {
    pub(super) bytes: Vec<u8>,
    /// After how many bytes the rest waits for a gate.
    pub(super) gate: Option<(usize, Gate)>,
    /// How long the service takes.
    pub(super) delay: Duration,
    /// Whether the connection is reset at the end, in place of being closed.
    pub(super) is_reset: bool,
}

impl Reply {
    /// An answer with these headers and this body; its length is added.
    pub fn new(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let length = body.len().to_string();
        let lines = [("content-length", length.as_str()), ("connection", "close")];
        let lines = lines
            .iter()
            .chain(headers)
            .map(|(name, value)| format!("{name}: {value}\r\n"));
        let head = format!("HTTP/1.1 {status} \r\n{}\r\n", lines.collect::<String>());
        Self::raw([head.as_bytes(), body].concat())
    }

    /// JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(
            status,
            &[("content-type", "application/json")],
            body.to_string(),
        )
    }

    /// Plain text.
    pub fn text(status: u16, body: &str) -> Self {
        Self::new(
            status,
            &[("content-type", "text/plain; charset=utf-8")],
            body,
        )
    }

    /// A redirect to an address or path.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::new(status, &[("location", location)], "")
    }

    /// These very bytes, then the connection is closed; none at all is a caller left alone.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
            gate: None,
            delay: Duration::ZERO,
            is_reset: false,
        }
    }

    /// No answer: the connection is reset.
    pub fn reset() -> Self {
        Self {
            is_reset: true,
            ..Self::raw("")
        }
    }

    /// The same answer from a service that takes so long.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The same answer, broken off half-way through its body.
    #[must_use]
    pub fn half(mut self) -> Self {
        let head = self.bytes.windows(4).position(|end| end == b"\r\n\r\n");
        let body = head.map_or(0, |head| head + 4);
        self.bytes.truncate(body + (self.bytes.len() - body) / 2);
        self
    }

    /// The same answer, held back until the gate is opened.
    #[must_use]
    pub fn behind(self, gate: &Gate) -> Self {
        self.halted(0, gate)
    }

    /// The same answer, with its last bytes held back until the gate is opened.
    #[must_use]
    pub fn but_the_last(self, bytes: usize, gate: &Gate) -> Self {
        let first = self.bytes.len().saturating_sub(bytes);
        self.halted(first, gate)
    }

    fn halted(mut self, after: usize, gate: &Gate) -> Self {
        self.gate = Some((after, gate.clone()));
        self
    }
}

/// Holds answers back until it is opened; clones are the same gate.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// A closed gate.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets everything through, from now on.
    pub fn open(&self) {
        let (open, opened) = &*self.0;
        *open.lock().unwrap_or_else(PoisonError::into_inner) = true;
        opened.notify_all();
    }

    pub(super) fn pass(&self) {
        let (open, opened) = &*self.0;
        let guard = open.lock().unwrap_or_else(PoisonError::into_inner);
        drop(opened.wait_while(guard, |open| !*open));
    }
}
