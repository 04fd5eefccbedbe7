//! When a request that failed is sent again.

use serde::{Deserialize, Serialize};

/// How often a request is sent again, and how long it waits before that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    pub kind: RetryKind,
    /// After the first sending; at most [`Retry::MOST`].
    #[serde(default = "default_count")]
    pub count: u8,
    /// The first wait, in milliseconds; with [`RetryKind::Fixed`] every one.
    #[serde(default = "default_first_ms")]
    pub first_ms: u32,
    /// The longest wait, in milliseconds. A service that asks for a longer one gets it.
    #[serde(default = "default_max_ms")]
    pub max_ms: u32,
    /// The answers after which it is sent again; [`Retry::STATUSES`] where it is not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statuses: Option<Vec<u16>>,
}

/// How the waits grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryKind {
    /// It is not sent again.
    None,
    /// All waits are as long as the first.
    Fixed,
    /// Each wait is chosen at random up to a limit that doubles, so that many who failed together do not come
    /// back together ("full jitter").
    Exponential,
}

impl Retry {
    pub const MOST: u8 = 10;
    /// Request Timeout, Too Early, Too Many Requests, and the failures of servers that pass (RFC 9110, RFC 6585,
    /// RFC 8470).
    pub const STATUSES: [u16; 7] = [408, 425, 429, 500, 502, 503, 504];

    pub fn statuses(&self) -> &[u16] {
        self.statuses.as_deref().unwrap_or(&Self::STATUSES)
    }
}

/// What a form begins with.
impl Default for Retry {
    fn default() -> Self {
        Self {
            kind: RetryKind::Exponential,
            count: default_count(),
            first_ms: default_first_ms(),
            max_ms: default_max_ms(),
            statuses: None,
        }
    }
}

fn default_count() -> u8 {
    3
}

fn default_first_ms() -> u32 {
    1_000
}

fn default_max_ms() -> u32 {
    60_000
}
