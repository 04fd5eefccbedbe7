//! What people set up: integrations with their methods, runbooks with their steps,
//! desk actions, API applications, and the bundle that carries all of them.
//!
//! These types hold *drafts*: every field has the right shape, but templates, paths
//! and connections are still text. [`crate::engine::plan`] turns them into something
//! that can run, or into a list of problems.

pub mod application;
pub mod bundle;
pub mod desk_action;
pub mod id;
pub mod integration;
pub mod method;
pub mod raw_json;
pub mod retry;
pub mod runbook;
pub mod secret;
pub mod step;
pub mod strict;
pub mod variable;

pub use application::{Application, GrantType, RateLimit};
pub use bundle::{Bundle, Desk};
pub use desk_action::{
    ActionField, ActionFieldType, ActsOn, DeskAction, SystemUse, TicketTypeActions,
};
pub use id::{IdError, IntegrationId, MethodId, RunId, RunbookId, StepId};
pub use integration::{ApiKeyPlace, Authorization, Constant, Integration, OAuthGrant};
pub use method::{Body, HttpMethod, Method, Pair};
pub use raw_json::RawJson;
pub use retry::{Retry, RetryKind};
pub use runbook::{
    Access, Answer, AnswerWhen, Digest, DigestEncoding, Input, PublicAuth, Runbook, Running,
    SignatureScheme, Start, StartLimits,
};
pub use secret::{HasSecrets, Secret, SigningSecret};
pub use step::{DeskOperation, EndOutcome, Step, StepKind, Way};
pub use variable::{NamedTemplate, Output, SetRow, ValueMapping, VariableType};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Timestamp = u64;
