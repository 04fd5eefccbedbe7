//! Signing in.

use serde::{Deserialize, Serialize};

/// Answer of `POST /console/sign-in-links` (admin token only): a token that is good once, for 10 minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInLink {
    pub token: String,
    /// The whole link, built from the public URL.
    pub url: String,
}

/// Body of `POST /console/sign-in`; the token comes from the link's fragment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    pub token: String,
}

/// Answer of `GET /console/session`; 401 where nobody is signed in. `POST /console/sign-out` ends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// What links are built from, without a slash at the end.
    pub public_url: String,
    pub version: String,
    /// Whether the demo completions service answers under `/demo/v1`.
    pub demo: bool,
}
