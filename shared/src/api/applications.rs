//! API applications, and the page on which a person allows one something.

use serde::{Deserialize, Deserializer, Serialize};

use super::Record;
use super::resources::apart;
use crate::model::{Application, Timestamp};

/// `GET`, `POST`, `PUT /console/applications…`, each known by its client id.
///
/// `client_secret` holds the secret only in the answers of `POST /console/applications` and `POST …/secret`: it is
/// shown once. `POST …/revoke` makes all tokens worthless.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ApplicationRecord {
    #[serde(flatten)]
    pub record: Record<Application>,
    /// When it last got a token or made a request, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl<'de> Deserialize<'de> for ApplicationRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Added {
            last_used_at: Option<Timestamp>,
        }
        let (added, record): (Added, _) = apart(deserializer, &["last_used_at"])?;
        Ok(Self {
            record,
            last_used_at: added.last_used_at,
        })
    }
}

/// Body of `POST /console/applications/authorize`: the parameters of an authorization request (RFC 6749, 4.1.1;
/// RFC 7636, 4.3) as they stand in the address, and what the person decided.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuthorizeRequest {
    pub client_id: String,
    pub redirect_uri: Option<String>,
    pub response_type: Option<String>,
    pub scope: Option<String>,
    pub state: Option<String>,
    pub code_challenge: Option<String>,
    pub code_challenge_method: Option<String>,
    /// Missing where the person is still to be asked.
    pub decision: Option<Decision>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Allow,
    Refuse,
}

/// Its answer. An application or an address that is not known is a 400: nobody is sent there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AuthorizeAnswer {
    /// Where the browser goes next, with a code or with what is wrong.
    Redirect { redirect: String },
    /// What the person is asked.
    Ask {
        /// The application's name.
        application: String,
        /// What it would be allowed.
        scopes: Vec<String>,
        /// Where the answer goes.
        redirect_uri: String,
        /// In whose name it would act.
        who: String,
    },
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_record_and_an_answer_keep_their_shapes() {
        let written = json!({
            "name": "Reports", "client_id": "reports", "client_secret": {"secret": null},
            "scopes": ["read:tickets"], "grants": ["client_credentials"],
            "version": 2, "updated_at": 5, "missing_secrets": [], "last_used_at": 7,
        });
        let record: ApplicationRecord = serde_json::from_str(&written.to_string()).unwrap();
        assert_eq!(record.record.value.client_id, "reports");
        assert_eq!(serde_json::to_value(&record).unwrap(), written);
        for written in [
            json!({"redirect": "https://a.example/cb?code=c"}),
            json!({"application": "Reports", "scopes": ["all"], "redirect_uri": "https://a.example/cb", "who": "Sam"}),
        ] {
            let answer: AuthorizeAnswer = serde_json::from_value(written.clone()).unwrap();
            assert_eq!(serde_json::to_value(&answer).unwrap(), written);
        }
    }
}
