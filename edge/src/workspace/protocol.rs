//! What the workspace can be asked. Free of the runtime's types.

use serde::{Deserialize, Serialize};

/// A call of the workspace; each variant says what it is answered with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// A fresh one-time token: `String`.
    MakeSignInLink {},
    /// Spends a one-time token on a session's token: `String`.
    SignIn { token: String },
    /// Ends a session: nothing.
    SignOut { token: String },
    /// Whether a token is that of a session: `bool`.
    Session { token: String },
}
