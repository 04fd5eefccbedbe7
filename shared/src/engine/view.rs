//! A run as people read it: what its journal says, with secrets masked.

pub mod bars;
mod build;
pub mod laid_over;
mod light;
mod searched;
mod short;
#[cfg(test)]
pub(crate) mod tests;
pub mod turns;
pub mod waits;

use serde::{Deserialize, Serialize};

use super::reply::Reply;
use crate::model::{
    ActsOn, EventKind, EventTriggerId, RecordKind, RunId, RunbookId, ScheduleId, StepId, Timestamp,
    Way, WorkflowId,
};
use crate::problem::ErrorDetail;

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    Queued,
    Running,
    Waiting,
    Succeeded,
    Failed,
    Cancelled,
}

impl RunStatus {
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A row of the runs page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSummary {
    pub run_id: RunId,
    pub runbook: RunbookId,
    /// The runbook's name when the run started.
    pub runbook_name: String,
    /// Which published version; missing for a test of the draft.
    pub version: Option<u64>,
    pub status: RunStatus,
    pub started_by: StartedBy,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// The step that runs now, or that the run failed at.
    pub step: Option<StepId>,
    pub step_name: Option<String>,
    /// Until when it waits, where its status is `waiting`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_until: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<ErrorDetail>,
}

/// What started a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum StartedBy {
    /// A request to the public address.
    Public,
    /// An action on a ticket.
    Action { name: String, ticket_id: u64 },
    /// A button on a user or an asset.
    Button {
        name: String,
        records: ActsOn,
        record_id: u64,
        /// What the record was called.
        record_name: String,
    },
    /// An event of the desk.
    Event {
        event: EventKind,
        trigger: EventTriggerId,
        /// The trigger's name.
        name: String,
        /// The record that it happened to.
        record_id: u64,
        /// How many runs stand above.
        #[serde(default)]
        depth: u8,
        /// What is said of a start that is late: of a warning or a deadline that nobody noticed in time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late: Option<String>,
    },
    /// A schedule.
    Schedule {
        schedule: ScheduleId,
        /// The schedule's name.
        name: String,
        due_at: Timestamp,
        /// The ticket whose date it went by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket_id: Option<u64>,
        /// What is said of a start that is late, or that stands for several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late: Option<String>,
    },
    /// A step of a ticket workflow.
    Workflow {
        workflow: WorkflowId,
        /// The workflow's name.
        name: String,
        step: StepId,
        step_name: String,
        /// What became of the ticket there, such as `entering Triage`.
        reason: String,
        ticket_id: u64,
        /// How many runs stand above.
        #[serde(default)]
        depth: u8,
        /// What is said of a start that is late.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late: Option<String>,
    },
    /// A person in the console.
    Console,
    /// A step of another run.
    Runbook {
        run_id: RunId,
        /// The name of its runbook.
        name: String,
        /// How many runs stand above.
        depth: u8,
    },
    /// A person who had a run done again.
    Replay {
        run_id: RunId,
        /// The ticket that the first one was started from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket_id: Option<u64>,
        /// The name of the step that it began with; missing where it began with the first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step_name: Option<String>,
        /// Names of the variables that were given other values.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        edited: Vec<String>,
    },
}

impl StartedBy {
    /// How many runs stand above one that was started so.
    pub fn depth(&self) -> u8 {
        match self {
            Self::Runbook { depth, .. }
            | Self::Event { depth, .. }
            | Self::Workflow { depth, .. } => *depth,
            Self::Public
            | Self::Action { .. }
            | Self::Button { .. }
            | Self::Schedule { .. }
            | Self::Console
            | Self::Replay { .. } => 0,
        }
    }

    /// What is said of a start that is late.
    pub fn late(&self) -> Option<&str> {
        match self {
            Self::Schedule { late, .. }
            | Self::Workflow { late, .. }
            | Self::Event { late, .. } => late.as_deref(),
            Self::Public
            | Self::Action { .. }
            | Self::Button { .. }
            | Self::Console
            | Self::Runbook { .. }
            | Self::Replay { .. } => None,
        }
    }

    /// The ticket that it was started from.
    pub fn ticket_id(&self) -> Option<u64> {
        match self {
            Self::Action { ticket_id, .. } | Self::Workflow { ticket_id, .. } => Some(*ticket_id),
            Self::Event {
                event, record_id, ..
            } => (event.record() == RecordKind::Ticket).then_some(*record_id),
            Self::Schedule { ticket_id, .. } | Self::Replay { ticket_id, .. } => *ticket_id,
            Self::Public | Self::Button { .. } | Self::Console | Self::Runbook { .. } => None,
        }
    }

    /// The run that it does again.
    pub fn replay_of(&self) -> Option<&RunId> {
        match self {
            Self::Replay { run_id, .. } => Some(run_id),
            _ => None,
        }
    }
}

/// A run with all that happened in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunView {
    #[serde(flatten)]
    pub summary: RunSummary,
    /// The input variables it started with.
    pub inputs: Vec<VariableView>,
    /// The variables that were there when it began, where it is a replay that began at a step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub began_with: Vec<VariableView>,
    /// In the order in which they began.
    pub visits: Vec<StepVisit>,
    /// The variables that the runbook marks as its answer, once it has ended well.
    pub outputs: Vec<VariableView>,
    /// Whether its bodies and values were not kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub light: bool,
    /// Where it stands among those that wait for their turn, while it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueuePlace>,
}

/// Where a run stands among those that wait for their turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuePlace {
    /// From 1; where runs go on one at a time per key, among those with its key.
    pub place: usize,
    /// The run whose turn comes before: it waits, too, or is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind: Option<RunId>,
}

/// One passage through a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepVisit {
    pub step: StepId,
    pub name: String,
    /// The step's `type`.
    pub kind: String,
    /// The numbers, from 1, of the elements whose turn it is part of, the outermost first, where some
    /// had their turns side by side.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<u32>,
    pub state: VisitState,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Until when it waits, where it does: for its time, or for its next try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_until: Option<Timestamp>,
    /// When the answer that is under way, or the end of another run, is not waited for any longer: its time limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gives_up_at: Option<Timestamp>,
    /// When the run starts again, or would have, after it failed here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restarts_at: Option<Timestamp>,
    /// How often the run had started again before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub restarts: u8,
    /// The run that it started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_run: Option<RunId>,
    /// The way it took.
    pub way: Option<Way>,
    /// A sentence, such as what a condition compared.
    pub explanation: Option<String>,
    /// What it answered the caller with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Reply>,
    /// Each sending of a request, the latest last.
    pub attempts: Vec<Attempt>,
    /// The variables that it set.
    pub variables: Vec<VariableView>,
    pub error: Option<ErrorDetail>,
    /// Whether long values are cut here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_cut: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks with a reference"
)]
fn is_zero(number: &u8) -> bool {
    *number == 0
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitState {
    Running,
    Waiting,
    Succeeded,
    Failed,
}

/// One sending of a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    pub sent_at: Timestamp,
    /// When its answer was complete, or was given up; missing while it is under way.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    pub request: SentRequest,
    pub response: Option<ReceivedResponse>,
    /// Why there is no usable answer.
    pub error: Option<ErrorDetail>,
}

pub type Headers = Vec<(String, String)>;

/// A request as it left, secrets masked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SentRequest {
    pub method: String,
    /// Absolute.
    pub url: String,
    pub headers: Headers,
    /// Missing where the request has no body.
    pub body: Option<String>,
}

/// A response as it came, secrets masked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReceivedResponse {
    pub status: u16,
    pub headers: Headers,
    /// Bytes that are not UTF-8 appear as U+FFFD.
    pub body: String,
    /// The body's size as received, in bytes.
    pub bytes: usize,
    pub time_ms: u32,
}

/// A variable's value on reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VariableView {
    pub name: String,
    /// JSON text; `"••••••"` for a secret one.
    pub value: String,
}
