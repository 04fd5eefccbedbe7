//! The run engine: a state machine without I/O. It is fed events and answers with
//! what to do next; the edge, the browser and the tests carry it out.

pub mod view;

pub use view::{
    Attempt, Headers, ReceivedResponse, RunStatus, RunSummary, RunView, SentRequest, StartedBy,
    StepVisit, VariableView, VisitState,
};
