//! The run engine: a state machine without I/O. It is fed events and answers with
//! what to do next; the edge, the browser and the tests carry it out.

pub mod effect;
pub mod event;
pub mod plan;
pub mod view;

pub use effect::{AuthFrom, DeskCall, Effect, EffectId, HttpCall, Outcome};
pub use event::{Entry, Event, Response, ResponseBody, Sending};
pub use plan::PlanDocument;
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
