//! The console API's types, for both sides: a field that one side forgets does not
//! compile. `contract.md` names the routes; each type here says which it serves.

pub mod applications;
pub mod desk_actions;
pub mod documents;
pub mod events;
pub mod failed_delivery;
pub mod live;
mod outside;
pub mod replay;
pub mod resources;
pub mod runs;
pub mod schedules;
pub mod service_levels;
pub mod session;
pub mod starts;
pub mod test;
pub mod ticket_rules;
pub mod workflow;

pub use applications::{ApplicationRecord, AuthorizeAnswer, AuthorizeRequest, Decision};
pub use desk_actions::{DeskActionRecord, Move, Press};
pub use documents::{DELETED, DeletedDocument, DocumentKind, KEPT_DELETED_MS, MOST_DELETED};
pub use events::{
    CauseKind, EntryCause, EntryRecord, EventEntry, EventOutcome, EventTriggerRecord, EventsQuery,
};
pub use failed_delivery::{DeliveryOrigin, FailedDelivery};
pub use live::LiveEvent;
pub use replay::{Redone, Replay, ReplayPoint, ReplayVariable, Together};
pub use resources::{
    ImportReport, ImportedWorkflow, IntegrationRecord, IntegrationSummary, List, MethodRecord,
    MethodSummary, Publication, PublishReport, PublishedBy, Record, RunbookRecord, RunbookSummary,
    StartAnswer, StartRequest, SwitchedOff, UsedBy, VersionSummary,
};
pub use runs::{Fit, RunsPage, RunsQuery};
pub use schedules::{
    ComingTicket, ComingTickets, ComingTime, ScheduleChoices, ScheduleRecord, ScheduleReport,
};
pub use service_levels::{PriorityPreview, ServiceLevelPreview, ServiceLevelRecord};
pub use session::{Session, SignIn, SignInLink};
pub use starts::{IgnoredStart, RefusedStart, SecretUse, StartsReport};
pub use test::{OutputResult, TestReport, TestRequest};
pub use ticket_rules::{RuleTrial, RuleTrialRequest, TriedCondition, TriedRule};
pub use workflow::{
    MoveTickets, MovedTickets, NotMoved, StepName, TicketInStep, TicketWorkflow, TicketsInStep,
    WorkflowRecord, WorkflowSummary, WorkflowTickets,
};

/// The header with the version that was read, on every `PUT` (RFC 9110, 13.1.1).
pub const IF_MATCH: &str = "If-Match";
