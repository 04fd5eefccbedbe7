//! What is asked of a Login.

use serde::{Deserialize, Serialize};
use shared::model::Authorization;

/// One call; the function of `client` with its name says what answers it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum LoginCall {
    Token(TokenRequest),
}

/// Which token is wanted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TokenRequest {
    /// Of type `oauth2`, with its secrets.
    pub authorization: Authorization,
    /// The token that the service has just refused: another one is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_have_these_names() {
        let call = LoginCall::Token(TokenRequest {
            authorization: Authorization::None {},
            refused: None,
        });
        let written = r#"{"call":"token","authorization":{"type":"none"}}"#;
        assert_eq!(serde_json::to_string(&call).unwrap(), written);
        assert_eq!(serde_json::from_str::<LoginCall>(written).unwrap(), call);
    }
}
