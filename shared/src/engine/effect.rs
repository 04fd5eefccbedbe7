//! What a run asks its shell to do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::reply::Reply;
use crate::model::{
    DeskOperation, HttpMethod, IntegrationId, MethodId, RawJson, RunId, RunbookId, Timestamp,
};
use crate::problem::ErrorDetail;
use crate::request::Request;

/// Names one effect of a run: they are numbered in the order in which they came up,
/// and a replay numbers them the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EffectId(pub u32);

/// What is to be done next. All but [`Effect::Finished`] are answered with an
/// [`super::Event`].
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send a request and come back with the whole answer.
    Http(Box<HttpCall>),
    /// Call the embedded desk.
    Desk(DeskCall),
    /// Start another runbook, or look how far its run is, and come back with [`super::Event::Child`].
    Child(ChildCall),
    /// Note [`super::Event::Responded`], and then hand [`super::Run::reply`] to who waits for it and to who asks later.
    Respond(Box<Reply>),
    /// Come back with [`super::Event::Woken`], not before this time.
    Sleep { until: Timestamp },
    /// The run has ended; nothing is applied to it any more.
    Finished(Outcome),
}

/// A request of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpCall {
    /// Without its login; that is added at the moment of sending.
    pub request: Request,
    pub integration: IntegrationId,
    /// Missing where a desk action is sent to another Halo instance.
    pub method: Option<MethodId>,
    /// Whose authorization counts.
    pub auth_from: AuthFrom,
    /// From sending until the last byte of the answer, redirects included.
    pub timeout_ms: u32,
    /// Whether sending it again after a restart does no harm.
    pub repeatable: bool,
    /// `run/step/visit`: the same after a restart, so that whoever stores it can tell a repeat.
    pub key: String,
}

/// Where an authorization is set.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AuthFrom {
    Integration(IntegrationId),
    /// The method overrides its integration.
    Method(MethodId),
}

/// A call of the embedded desk. It can always be repeated: the desk stores the key with
/// the write and answers repeats from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskCall {
    pub operation: DeskOperation,
    pub http_method: HttpMethod,
    /// Such as `/api/Actions`.
    pub resource: &'static str,
    /// JSON.
    pub body: String,
    pub timeout_ms: u32,
    /// `run/step/visit`.
    pub key: String,
}

/// A call about a run that this one started. It can always be repeated: the key leads to the same run.
#[derive(Debug, Clone, PartialEq)]
pub enum ChildCall {
    Start {
        runbook: RunbookId,
        /// By the names of its input variables.
        variables: BTreeMap<String, RawJson>,
        /// `run/step/visit`.
        key: String,
        /// How many runs stand above the one that is started.
        depth: u8,
        /// How long its end is waited for, in milliseconds; not at all where it is missing.
        wait_ms: Option<u32>,
    },
    /// Comes back when the run has ended, or after so many milliseconds.
    Await { run_id: RunId, wait_ms: u32 },
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    Succeeded,
    Failed { error: ErrorDetail },
    Cancelled,
}
