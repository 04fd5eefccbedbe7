//! What the rest of the deployment asks of a Runner.

use std::fmt;

use serde::{Deserialize, Serialize};
use shared::engine::{PlanDocument, StartedBy};
use shared::model::{IntegrationId, MethodId, RunId, RunbookId};
use shared::start::StartInputs;

/// One call; the function of `client` with its name says what answers it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum RunnerCall {
    Install { installation: Box<Installation> },
    Switch { enabled: bool },
    Remove {},
    UpdateCredentials { credentials: Vec<Credential> },
    Start { start: Box<Start> },
    View { run_id: RunId },
    Cancel { run_id: RunId },
}

/// What publishing hands to a Runner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Installation {
    pub document: PlanDocument,
    /// Whether it may start.
    pub enabled: bool,
    /// All secrets of the runbook, and of the integrations and methods that it uses.
    pub credentials: Vec<Credential>,
}

/// A sealed secret: it was sealed for [`Owner::context`] of its place, and opens nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    pub owner: Owner,
    /// Such as `auth.token`.
    pub place: String,
    pub sealed: String,
}

/// What a secret belongs to; written as `integration/0b8f…`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Owner {
    Integration(IntegrationId),
    Method(MethodId),
    Runbook(RunbookId),
}

impl Owner {
    /// What a secret of this owner is sealed for.
    pub fn context(&self, place: &str) -> String {
        format!("{self}/{place}")
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integration(id) => write!(f, "integration/{id}"),
            Self::Method(id) => write!(f, "method/{id}"),
            Self::Runbook(id) => write!(f, "runbook/{id}"),
        }
    }
}

impl From<Owner> for String {
    fn from(owner: Owner) -> Self {
        owner.to_string()
    }
}

impl TryFrom<String> for Owner {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let owner = match text.split_once('/') {
            Some(("integration", id)) => IntegrationId::parse(id).map(Self::Integration),
            Some(("method", id)) => MethodId::parse(id).map(Self::Method),
            Some(("runbook", id)) => RunbookId::parse(id).map(Self::Runbook),
            _ => return Err(format!("`{text}` names no owner of secrets")),
        };
        owner.map_err(|error| error.to_string())
    }
}

/// A start from within.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Within 24 hours, the same key starts one run only.
    pub key: Option<String>,
    pub started_by: StartedBy,
    pub inputs: StartInputs,
    /// A draft to run as a test, in place of what is installed.
    pub draft: Option<Installation>,
    /// How long to wait for the end of the run before answering; not at all where it is missing.
    pub wait_ms: Option<u32>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn calls_have_these_names() {
        let run_id = RunId::parse("rb.0.1").unwrap();
        let start = Start {
            key: None,
            started_by: StartedBy::Console,
            inputs: StartInputs::default(),
            draft: None,
            wait_ms: None,
        };
        for (call, name) in [
            (RunnerCall::Switch { enabled: true }, "switch"),
            (RunnerCall::Remove {}, "remove"),
            (
                RunnerCall::UpdateCredentials {
                    credentials: Vec::new(),
                },
                "update_credentials",
            ),
            (
                RunnerCall::Start {
                    start: Box::new(start),
                },
                "start",
            ),
            (
                RunnerCall::View {
                    run_id: run_id.clone(),
                },
                "view",
            ),
            (RunnerCall::Cancel { run_id }, "cancel"),
        ] {
            let written = serde_json::to_value(&call).unwrap();
            assert_eq!(written["call"], name);
            assert_eq!(serde_json::from_value::<RunnerCall>(written).unwrap(), call);
        }
    }

    /// Owners stand in tables, and in what secrets are sealed for.
    #[test]
    fn owners_keep_their_spelling() {
        let owner = Owner::Integration(IntegrationId::parse("in-1").unwrap());
        assert_eq!(owner.context("auth.token"), "integration/in-1/auth.token");
        for text in ["integration/in-1", "method/m", "runbook/rb"] {
            let owner: Owner = serde_json::from_value(json!(text)).unwrap();
            assert_eq!(owner.to_string(), text);
        }
        for text in ["", "in-1", "desk/1", "method/", "method/a/b"] {
            assert!(Owner::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
