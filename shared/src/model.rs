//! What people set up: integrations with their methods, runbooks with their steps,
//! desk actions, event triggers, schedules, API applications, and the bundle that carries all of them.
//!
//! These types hold *drafts*: every field has the right shape, but templates, paths
//! and connections are still text. [`crate::engine::plan`] turns them into something
//! that can run, or into a list of problems.

pub mod application;
pub mod bundle;
pub mod desk_action;
pub mod event;
pub mod id;
pub mod integration;
pub mod method;
pub mod raw_json;
pub mod retry;
pub mod runbook;
pub mod schedule;
pub mod secret;
pub mod step;
pub mod strict;
pub mod variable;
pub mod workflow;

pub use application::{Application, GrantType, RateLimit};
pub use bundle::{Bundle, Desk};
pub use desk_action::{
    ActionField, ActionFieldType, ActsOn, DeskAction, SystemUse, TicketTypeActions,
};
pub use event::{EventKind, EventTrigger, RecordChange, RecordKind};
pub use id::{
    EventTriggerId, IdError, IntegrationId, MethodId, RunId, RunbookId, ScheduleId, StepId,
    WorkflowId,
};
pub use integration::{ApiKeyPlace, Authorization, Constant, Integration, OAuthGrant};
pub use method::{Body, HttpMethod, Method, Pair};
pub use raw_json::RawJson;
pub use retry::{Retry, RetryKind};
pub use runbook::{
    Access, Answer, AnswerWhen, Digest, DigestEncoding, Input, PublicAuth, Runbook, Running,
    SignatureScheme, Start, StartLimits,
};
pub use schedule::{Schedule, ScheduleWhen};
pub use secret::{HasSecrets, Secret, SigningSecret};
pub use step::{DeskOperation, EndOutcome, Step, StepKind, Way};
pub use variable::{NamedTemplate, Output, SetRow, ValueMapping, VariableType};
pub use workflow::{StepAction, StepTrigger, TriggerOn, Workflow, WorkflowStep};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Timestamp = u64;
