//! The run engine: a state machine without I/O. It is fed events and answers with
//! what to do next; the edge, the browser and the tests carry it out.
//!
//! A shell makes a [`Run`] of a [`Plan`], takes what [`Run::next`] hands out until
//! nothing is left, carries it out, and gives what came of it to [`Run::apply`] and to
//! its journal. After a restart it makes the run anew with [`Run::replay`], asks
//! [`Run::resume`], and goes on.

mod branch;
pub mod effect;
pub mod event;
pub mod limits;
pub mod outputs;
pub mod plan;
mod reply;
mod retry;
mod run;
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
pub use view::{
    Attempt, Headers, ReceivedResponse, RunStatus, RunSummary, RunView, SentRequest, StartedBy,
    StepVisit, VariableView, VisitState,
};

use serde::{Deserialize, Serialize};

use crate::model::RunId;

/// What a run knows of its surroundings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunContext {
    pub run_id: RunId,
    /// The deployment's own address, without a slash at its end.
    pub halo_url: String,
}
