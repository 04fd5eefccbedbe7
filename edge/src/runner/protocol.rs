//! What the rest of the deployment asks of a Runner.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use shared::api::{Replay, StartAnswer};
use shared::engine::{AuthFrom, PlanDocument, Reply, RunStatus, StartedBy};
use shared::model::{IntegrationId, MethodId, RawJson, RunId, RunbookId, StepId};
use shared::signature::Delivery;
use shared::start::StartInputs;

/// One call; the function of `client` with its name says what answers it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunnerCall {
    Install {
        installation: Box<Installation>,
    },
    Remove {},
    Start {
        start: Box<Start>,
    },
    StartChild {
        start: Box<ChildStart>,
    },
    Await {
        run_id: RunId,
        wait_ms: u32,
    },
    View {
        run_id: RunId,
        short: bool,
    },
    Visit {
        run_id: RunId,
        number: usize,
    },
    Plan {
        run_id: RunId,
    },
    Replay {
        run_id: RunId,
        replay: Box<Replay>,
    },
    ReplayPoint {
        run_id: RunId,
        from_step: Option<StepId>,
    },
    Cancel {
        run_id: RunId,
    },
    Poll {
        poll: Box<PublicPoll>,
    },
    Starts {},
    /// A start came with a body that no runbook takes.
    TooLarge {
        from: Option<IpAddr>,
    },
}

/// What publishing hands to a Runner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Installation {
    pub document: PlanDocument,
    /// Whether it may start.
    pub enabled: bool,
    /// Which of the runbook's objects it is for.
    #[serde(default)]
    pub shard: u16,
    /// All secrets of the runbook, and of the integrations and methods that it uses.
    pub credentials: Vec<Credential>,
}

impl Installation {
    /// Whose secrets it knows: of these, no others than [`Installation::credentials`] are left.
    pub fn owners(&self) -> Vec<Owner> {
        let integrations = self.document.integrations.iter();
        let mut owners = vec![Owner::Runbook(self.document.runbook.id.clone())];
        for integration in integrations {
            owners.push(Owner::Integration(integration.id.clone()));
            let methods = integration.methods.iter();
            owners.extend(methods.map(|method| Owner::Method(method.id.clone())));
        }
        owners
    }

    /// Whether its plan sends secrets of this owner to this destination.
    pub fn sends(&self, owner: &Owner, destination: &str) -> bool {
        owner
            .auth_from()
            .and_then(|from| self.document.destination(&from))
            .is_some_and(|own| own == destination)
    }
}

/// A sealed secret: it was sealed for [`Owner::context`] of its place, and opens nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    pub owner: Owner,
    /// Such as `auth.token`.
    pub place: String,
    /// Where it may go, as [`shared::engine::plan::destination`] tells; empty for what a runbook checks itself.
    pub destination: String,
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

    /// Who owns the secrets of an authorization.
    pub fn of(from: &AuthFrom) -> Self {
        match from {
            AuthFrom::Integration(id) => Self::Integration(id.clone()),
            AuthFrom::Method(id) => Self::Method(id.clone()),
        }
    }

    /// The authorization that its secrets are for; none for what a runbook checks itself.
    pub fn auth_from(&self) -> Option<AuthFrom> {
        match self {
            Self::Integration(id) => Some(AuthFrom::Integration(id.clone())),
            Self::Method(id) => Some(AuthFrom::Method(id.clone())),
            Self::Runbook(_) => None,
        }
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

/// A start by a step of another run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChildStart {
    /// The same key starts one run only.
    pub key: String,
    pub started_by: StartedBy,
    pub variables: BTreeMap<String, RawJson>,
    /// How long to wait for the end of the run before answering; not at all where it is missing.
    pub wait_ms: Option<u32>,
}

/// A request from outside as it came, but for its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The public address, with path and query as they were sent.
    pub url: String,
    /// Where it came from, where the runtime knows.
    pub from: Option<IpAddr>,
    pub headers: Vec<(String, String)>,
}

impl Sent {
    /// What may be signed of it.
    pub fn delivery<'a>(&'a self, body: &'a [u8]) -> Delivery<'a> {
        Delivery {
            url: &self.url,
            headers: &self.headers,
            body,
        }
    }

    /// Without `?`.
    pub fn query(&self) -> &str {
        self.url.split_once('?').map_or("", |(_, query)| query)
    }

    /// The first value of a header that is not empty; names are compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .find(|value| !value.is_empty())
    }
}

/// Somebody from outside asks how a run went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicPoll {
    pub sent: Sent,
    pub run_id: RunId,
}

/// A start from outside, as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicStart {
    #[serde(flatten)]
    pub sent: Sent,
    #[serde(skip)]
    pub body: Vec<u8>,
}

impl PublicStart {
    /// What may be signed of it.
    pub fn delivery(&self) -> Delivery<'_> {
        self.sent.delivery(&self.body)
    }

    /// A line of JSON, and then the body byte for byte: it is what was signed.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.body);
        Ok(bytes)
    }

    /// Reads what [`PublicStart::to_bytes`] wrote; nothing where it is something else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (head, body) = bytes.split_at_checked(end)?;
        let mut start: Self = serde_json::from_slice(head).ok()?;
        start.body = body.get(1..)?.to_vec();
        Some(start)
    }
}

/// What a start from outside is answered with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PublicAnswer {
    pub status: u16,
    /// Nothing where it was not wanted, and has started nothing.
    pub body: Option<StartAnswer>,
    /// What a step of the run answers in place of this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Reply>,
}

impl PublicAnswer {
    pub fn of(body: StartAnswer) -> Self {
        let status = match body.status {
            RunStatus::Succeeded => 200,
            RunStatus::Failed | RunStatus::Cancelled => 502,
            RunStatus::Queued | RunStatus::Running | RunStatus::Waiting => 202,
        };
        Self {
            status,
            body: Some(body),
            reply: None,
        }
    }

    /// A step has answered while the run went on.
    pub fn early(reply: Reply) -> Self {
        Self {
            status: reply.status,
            body: None,
            reply: Some(reply),
        }
    }

    /// That to a start which does not meet the conditions of its runbook.
    pub fn ignored() -> Self {
        Self {
            status: 200,
            body: None,
            reply: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent() -> Sent {
        Sent {
            url: "https://nimbus.example/api/automation/rb?a=b".to_owned(),
            from: Some(IpAddr::from([203, 0, 113, 7])),
            headers: vec![
                ("x-empty".to_owned(), " ".to_owned()),
                ("X-Signature".to_owned(), "sha256=\n".to_owned()),
            ],
        }
    }

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
            (RunnerCall::Remove {}, "remove"),
            (
                RunnerCall::Start {
                    start: Box::new(start),
                },
                "start",
            ),
            (
                RunnerCall::StartChild {
                    start: Box::new(ChildStart {
                        key: "a".to_owned(),
                        started_by: StartedBy::Console,
                        variables: BTreeMap::new(),
                        wait_ms: Some(1),
                    }),
                },
                "start_child",
            ),
            (
                RunnerCall::Await {
                    run_id: run_id.clone(),
                    wait_ms: 1,
                },
                "await",
            ),
            (
                RunnerCall::View {
                    run_id: run_id.clone(),
                    short: true,
                },
                "view",
            ),
            (
                RunnerCall::Visit {
                    run_id: run_id.clone(),
                    number: 2,
                },
                "visit",
            ),
            (
                RunnerCall::Plan {
                    run_id: run_id.clone(),
                },
                "plan",
            ),
            (
                RunnerCall::ReplayPoint {
                    run_id: run_id.clone(),
                    from_step: None,
                },
                "replay_point",
            ),
            (
                RunnerCall::Cancel {
                    run_id: run_id.clone(),
                },
                "cancel",
            ),
            (
                RunnerCall::Poll {
                    poll: Box::new(PublicPoll {
                        sent: sent(),
                        run_id,
                    }),
                },
                "poll",
            ),
            (RunnerCall::Starts {}, "starts"),
        ] {
            let written = serde_json::to_string(&call).unwrap();
            let expected = format!("{{\"{name}\":");
            assert!(written.starts_with(&expected), "{written}");
            assert_eq!(serde_json::from_str::<RunnerCall>(&written).unwrap(), call);
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

    #[test]
    fn a_public_start_travels_byte_for_byte() {
        let start = PublicStart {
            sent: sent(),
            body: b"\n{\"a\":\xff\n}\n".to_vec(),
        };
        let bytes = start.to_bytes().unwrap();
        assert_eq!(PublicStart::from_bytes(&bytes), Some(start.clone()));
        let sent = &start.sent;
        assert_eq!(sent.header("x-signature"), Some("sha256="));
        assert_eq!((sent.header("x-empty"), sent.header("x")), (None, None));
        assert_eq!(sent.query(), "a=b");
        assert_eq!(PublicStart::from_bytes(b"{}"), None);
    }

    #[test]
    fn how_a_run_ended_is_the_status_of_its_answer() {
        for (status, expected) in [
            (RunStatus::Queued, 202),
            (RunStatus::Running, 202),
            (RunStatus::Waiting, 202),
            (RunStatus::Succeeded, 200),
            (RunStatus::Failed, 502),
            (RunStatus::Cancelled, 502),
        ] {
            let answer = PublicAnswer::of(StartAnswer {
                run_id: RunId::parse("rb.0.1").unwrap(),
                status,
                outputs: None,
                error: None,
            });
            assert_eq!(answer.status, expected, "{status:?}");
        }
    }
}
