//! The run engine: a state machine without I/O. It is fed events and answers with
//! what to do next; the edge, the browser and the tests carry it out.
//!
//! A shell makes a [`Run`] of a [`Plan`], takes what [`Run::next`] hands out until
//! nothing is left, carries it out, and gives what came of it to [`Run::apply`] and to
//! its journal. After a restart it makes the run anew with [`Run::replay`], asks
//! [`Run::resume`], and goes on.

pub mod aftermath;
mod branch;
pub mod effect;
pub mod event;
pub mod limits;
pub mod outputs;
pub mod plan;
pub mod queue;
pub mod replay;
mod reply;
mod retry;
mod run;
pub mod spread;
mod state;
mod steps;
#[cfg(test)]
mod tests;
pub mod view;

pub use effect::{AuthFrom, ChildCall, DeskCall, Effect, EffectId, HttpCall, Outcome};
pub use event::{Child, Entry, Event, Response, ResponseBody, Sending};
pub use plan::{Plan, PlanDocument};
pub use reply::{MAX_REPLY_BYTES, Reply, body_context};
pub use run::Run;
pub use state::{ApplyError, Detail};
pub(crate) use steps::SERVICE_ANSWERED;
pub use view::{
    Attempt, Headers, ReceivedResponse, RunStatus, RunSummary, RunView, SentRequest, StartedBy,
    StepVisit, VariableView, VisitState,
};

use serde::{Deserialize, Serialize};

use crate::model::{RunId, Timestamp};

/// What a run knows of its surroundings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunContext {
    pub run_id: RunId,
    /// The deployment's own address, without a slash at its end.
    pub halo_url: String,
    /// When it came out of the queue; missing where it began as soon as it was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins_at: Option<Timestamp>,
}
