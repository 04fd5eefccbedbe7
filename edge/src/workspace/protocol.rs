//! What the workspace can be asked. Free of the runtime's types.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
pub use shared::api::DocumentKind as Kind;
use shared::api::{EventsQuery, Press, RunsQuery, StartRequest};
use shared::desk::DeskEvent;
use shared::engine::RunSummary;
use shared::model::{
    Bundle, DeskAction, EventTrigger, Integration, IntegrationId, Method, MethodId, RunId, Runbook,
    RunbookId, Schedule, Workflow, WorkflowId,
};

use crate::runner::protocol::Credential;

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

    /// [`Kept`].
    Read { kind: Kind, id: String },
    /// All of a kind, of one integration where one is named: a `shared::api::List`.
    List {
        kind: Kind,
        integration: Option<IntegrationId>,
    },
    /// [`Kept`].
    Create { document: Document, by: By },
    /// [`Kept`].
    Replace {
        document: Document,
        expected: Expected,
        by: By,
    },
    /// Nothing.
    Delete {
        kind: Kind,
        id: String,
        expected: Expected,
        by: By,
    },
    /// What keeps a document from being deleted, such as `desk action “Ask”`: `List<String>`.
    UsedBy { kind: Kind, id: String },
    /// What was deleted and can be brought back: `List<DeletedDocument>`.
    Deleted {},
    /// Takes a deletion back: [`Kept`].
    Restore { kind: Kind, id: String, by: By },

    /// The problems of a draft, the stored one where none is given: `PublishReport`.
    Check {
        id: RunbookId,
        draft: Option<Box<Runbook>>,
    },
    /// `PublishReport`; where a problem keeps it a draft, nothing has changed.
    Publish { id: RunbookId, by: By },
    /// Nothing.
    Unpublish { id: RunbookId, by: By },
    /// `List<VersionSummary>`.
    Versions { id: RunbookId },
    /// `PlanDocument`.
    Version { id: RunbookId, version: u64 },
    /// `StartAnswer`.
    Start {
        id: RunbookId,
        request: StartRequest,
    },
    /// How the runs of a published runbook are spread; nothing where nothing is published: `Option<Spread>`.
    Startable { id: RunbookId },

    /// What a test of a method needs: [`MethodToTest`].
    MethodToTest {
        id: Option<MethodId>,
        method: Option<Box<Method>>,
        integration: Option<IntegrationId>,
    },

    /// About runs.
    OfRuns { call: RunsCall },
    /// About desk actions.
    OfActions { call: ActionsCall },
    /// About workflows.
    OfWorkflows { call: WorkflowsCall },
    /// About schedules.
    OfSchedules { call: SchedulesCall },
    /// Takes note of what happened at the desk; the ids of the events that could not be dealt with yet: `Vec<String>`.
    DeskEvents { events: Vec<DeskEvent> },
    /// `List<EventEntry>`.
    Events { query: EventsQuery },

    /// Deals with what is due, as the alarm does: nothing.
    Look {},

    /// `ImportReport`.
    Import { bundle: Box<Bundle>, by: By },
    /// `Bundle`.
    Export {},
}

/// A call about runs, and about starts that made none; each variant says what it is answered with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunsCall {
    /// `RunsPage`.
    List { query: RunsQuery },
    /// Takes note of how runs stand; an older note than what is known changes nothing: nothing.
    Record { notes: Vec<RunNote> },
    /// Runs that are not kept any more; nothing.
    Forget { runs: Vec<RunId> },
    /// Of the days up to today, `offset` minutes ahead of UTC: `Statistics`.
    Statistics {
        id: RunbookId,
        days: u32,
        offset: i64,
    },
    /// Takes note that a runbook switched itself off; nothing.
    SwitchedOff { run: Box<RunSummary>, failures: u32 },
    /// `List<FailedDelivery>`.
    FailedDeliveries {},
    /// Nothing.
    DismissDelivery { id: u64 },
    /// `StartAnswer`.
    RetryDelivery { id: u64 },
}

/// A call about desk actions, beside what all documents have; each variant says what it is answered with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionsCall {
    /// Replaces the action of that name by one of another: [`Kept`].
    Rename {
        former: String,
        action: Box<DeskAction>,
        expected: Expected,
        by: By,
    },
    /// Puts an action before another one, or last: nothing.
    Move {
        name: String,
        before: Option<String>,
        by: By,
    },
    /// `StartAnswer`.
    Press { pressing: Pressing },
}

/// A call about workflows, beside what all documents have; each variant says what it is answered with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkflowsCall {
    /// The problems of a draft, the stored one where none is given: `PublishReport`.
    Check {
        id: WorkflowId,
        draft: Option<Box<Workflow>>,
    },
    /// `PublishReport`; where a problem keeps it a draft, nothing has changed.
    Publish { id: WorkflowId, by: By },
    /// Nothing.
    Unpublish { id: WorkflowId, by: By },
}

/// A call about schedules, beside what all documents have; each variant says what it is answered with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchedulesCall {
    /// What a draft means; its runbook counts where one is chosen: `ScheduleReport`.
    Check {
        schedule: Box<Schedule>,
        has_runbook: bool,
    },
    /// What its fields are chosen from: `ScheduleChoices`.
    Choices {},
    /// Starts one now that goes by the clock. The same key starts once: `StartAnswer`.
    Start { id: String, key: Option<String> },
}

/// Somebody presses a button on a user or an asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pressing {
    /// The action's name.
    pub name: String,
    pub press: Press,
    /// The same for every sending of one and the same press.
    pub key: Option<String>,
}

/// How a run stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunNote {
    pub summary: RunSummary,
    /// Grows with every change of the run.
    pub sequence: u64,
    /// What it is found by; what was known before where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub searched: Option<String>,
}

/// A document on its way in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// With its methods only where it is made.
    Integration(Box<Integration>),
    Method {
        method: Box<Method>,
        /// Needed where it is made; a method stays where it is.
        integration: Option<IntegrationId>,
    },
    Runbook(Box<Runbook>),
    DeskAction(Box<DeskAction>),
    EventTrigger(Box<EventTrigger>),
    Workflow(Box<Workflow>),
    Schedule(Box<Schedule>),
}

/// Which version must be there for a change to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    Any,
    Version(u64),
}

/// Who changes something; stands in the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// With the admin token.
    Admin,
    /// In the console.
    Console,
    /// Nimbus itself.
    Nimbus,
}

impl By {
    /// As it stands in the tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Console => "console",
            Self::Nimbus => "nimbus",
        }
    }
}

/// A stored document, as the console gives it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Kept {
    pub version: u64,
    /// A `shared::api::Record` of its kind.
    pub record: Box<RawValue>,
}

/// What a test of a method needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MethodToTest {
    pub integration: Integration,
    pub method: Method,
    /// The secrets of both.
    pub credentials: Vec<Credential>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_keep_their_names() {
        let id = RunbookId::parse("rb").unwrap();
        for (call, written) in [
            (
                Call::Session {
                    token: "t".to_owned(),
                },
                r#"{"session":{"token":"t"}}"#,
            ),
            (
                Call::Delete {
                    kind: Kind::Method,
                    id: "m".to_owned(),
                    expected: Expected::Version(3),
                    by: By::Console,
                },
                r#"{"delete":{"kind":"method","id":"m","expected":{"version":3},"by":"console"}}"#,
            ),
            (Call::Startable { id }, r#"{"startable":{"id":"rb"}}"#),
            (Call::Export {}, r#"{"export":{}}"#),
        ] {
            assert_eq!(serde_json::to_string(&call).unwrap(), written);
            assert_eq!(serde_json::from_str::<Call>(written).unwrap(), call);
        }
    }
}
