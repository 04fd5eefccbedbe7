//! What the desk is asked.

use serde::{Deserialize, Serialize};
use shared::desk::DeskRequest;
use shared::desk::token::TokenRequest;

/// One call of the desk.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum DeskCall {
    /// A request under `/api`. Answered with a `DeskResponse`.
    Request { request: DeskRequest },
    /// Asks for an access token. Answered with a `Result<String, TokenError>`: the body of the answer.
    Token { request: TokenRequest },
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::desk::Caller;
    use shared::desk::Scopes;

    use super::*;

    #[test]
    fn calls_keep_their_names() {
        let request = DeskRequest {
            caller: Caller::Runbook {
                name: "Ask".to_owned(),
                scope: None,
            },
            method: "GET".to_owned(),
            path: "/api/Tickets".to_owned(),
            query: String::new(),
            body: String::new(),
            key: None,
        };
        let call = serde_json::to_value(DeskCall::Request { request }).unwrap();
        assert_eq!(
            call,
            json!({"call": "request", "request": {
                "caller": {"type": "runbook", "name": "Ask", "scope": null},
                "method": "GET", "path": "/api/Tickets", "query": "", "body": "", "key": null,
            }})
        );
        let request = TokenRequest {
            client_id: "a".to_owned(),
            client_secret: "b".to_owned(),
            scopes: Scopes::ALL,
        };
        let call = serde_json::to_value(DeskCall::Token { request }).unwrap();
        assert_eq!(
            call,
            json!({"call": "token", "request": {"client_id": "a", "client_secret": "b", "scopes": "all"}})
        );
    }
}
