//! The state of a run: the fold of its events, and nothing else.

use std::fmt;
use std::sync::Arc;

use super::branch::{BranchId, Branches};
use super::effect::{Effect, EffectId, Outcome};
use super::event::{Response, Sending};
use super::outputs::SetVariable;
use super::reply::Reply;
use super::view::VisitState;
use crate::model::{RunId, Timestamp, Way};
use crate::problem::ErrorDetail;

/// How much of what happened is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What the run needs to go on: for executing it.
    Lean,
    /// Requests, responses and values of all steps as well: for showing it.
    Full,
    /// As lean, and the variables as they were before the last passage through the step at this place.
    Before(usize),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct State {
    pub(super) started_at: Timestamp,
    pub(super) ended_at: Option<Timestamp>,
    /// Whether anything may have been sent.
    pub(super) begun: bool,
    pub(super) branches: Branches,
    /// JSON texts that secret variables hold or have held.
    pub(super) secret_values: Vec<String>,
    pub(super) visits: Vec<Visit>,
    pub(super) outstanding: Vec<Outstanding>,
    pub(super) next_effect: u32,
    /// How often it started again after it had failed.
    pub(super) restarts: u8,
    /// What the caller is answered with, whatever comes of the run.
    pub(super) reply: Option<Box<Reply>>,
    pub(super) outcome: Option<Outcome>,
}

/// One passage through a step.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Visit {
    /// The step's place in the plan.
    pub(super) step: usize,
    pub(super) branch: BranchId,
    /// The numbers of the elements whose turn it is part of, where some had theirs side by side.
    pub(super) path: Arc<[u32]>,
    pub(super) state: VisitState,
    pub(super) started_at: Timestamp,
    pub(super) ended_at: Option<Timestamp>,
    /// While it sleeps.
    pub(super) waits_until: Option<Timestamp>,
    /// When the run starts again after it failed here.
    pub(super) restarts_at: Option<Timestamp>,
    /// How often the run had started again before.
    pub(super) restarts: u8,
    /// The run that it started.
    pub(super) started_run: Option<RunId>,
    pub(super) way: Option<Way>,
    pub(super) explanation: Option<String>,
    pub(super) error: Option<ErrorDetail>,
    pub(super) record: Record,
}

/// What full detail keeps of a visit.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Record {
    pub(super) effect: Option<Effect>,
    pub(super) sendings: Vec<Sending>,
    /// When what is under way went out.
    pub(super) sent_at: Timestamp,
    /// Each with the place of the sending that it answers: one a try.
    pub(super) responses: Vec<(usize, Response)>,
    pub(super) set: Vec<SetVariable>,
}

impl Visit {
    pub(super) fn begun(step: usize, branch: BranchId, path: Arc<[u32]>, now: Timestamp) -> Self {
        Self {
            step,
            branch,
            path,
            restarts_at: None,
            restarts: 0,
            started_run: None,
            state: VisitState::Running,
            started_at: now,
            ended_at: None,
            waits_until: None,
            way: None,
            explanation: None,
            error: None,
            record: Record {
                sent_at: now,
                ..Record::default()
            },
        }
    }
}

/// An effect that has not been answered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outstanding {
    pub(super) id: EffectId,
    /// Its place in the visits.
    pub(super) visit: usize,
    /// Whether carrying it out again does no harm.
    pub(super) repeatable: bool,
    /// How often the process stopped meanwhile.
    pub(super) repeats: u8,
    /// How often it failed before and was sent again.
    pub(super) tries: u8,
    pub(super) waits_for: WaitsFor,
}

/// What an outstanding effect is, and what comes after it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum WaitsFor {
    /// An answer. The effect is kept where it is needed then, or may have to be sent again.
    Answer(Option<Effect>),
    /// Its time, by which the step goes on.
    Step(Timestamp),
    /// Its time, by which this goes out again.
    Retry(Timestamp, Effect),
    /// Its time, by which the run starts again.
    Restart(Timestamp),
}

impl WaitsFor {
    /// When the run is to be woken, where it waits for nothing else.
    pub(super) fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Answer(_) => None,
            Self::Step(until) | Self::Retry(until, _) | Self::Restart(until) => Some(*until),
        }
    }
}

/// The last failure of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) error: ErrorDetail,
    pub(super) step_name: String,
    /// The number of visits when it happened.
    pub(super) after: usize,
}

/// Why an event cannot be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApplyError {
    /// The run waits for no such effect.
    UnknownEffect(EffectId),
    /// That cannot come of what the run waits for.
    WrongEvent(EffectId),
    /// The run has ended.
    Ended,
}

impl ApplyError {
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownEffect(_) => "unknown_effect",
            Self::WrongEvent(_) => "wrong_event",
            Self::Ended => "run_ended",
        }
    }
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownEffect(EffectId(number)) => {
                write!(f, "the run does not wait for effect {number}")
            }
            Self::WrongEvent(EffectId(number)) => {
                write!(f, "this cannot come of effect {number}")
            }
            Self::Ended => f.write_str("the run has ended"),
        }
    }
}

impl std::error::Error for ApplyError {}
