//! What the desk is asked.

use serde::{Deserialize, Serialize};
use shared::api::{AuthorizeRequest, MoveTickets, MovedTickets, RuleTrialRequest};
use shared::desk::rule::BundledRule;
use shared::desk::service_level::ServiceLevel;
use shared::desk::token::{RevocationRequest, TokenRequest};
use shared::desk::{DeskRequest, KnownAction};
use shared::model::{Application, Timestamp, Workflow, WorkflowId};

use crate::workspace::protocol::{By, Expected};

/// One call of the desk.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum DeskCall {
    /// A request under `/api`. Answered with a `DeskResponse`.
    Request { request: DeskRequest },
    /// Asks for tokens. Answered with a `Result<String, TokenError>`: the body of the answer.
    Token { request: TokenRequest },
    /// Makes a token worthless. Answered with a `Result<(), TokenError>`.
    Revoke { request: RevocationRequest },
    /// Deals with what is due, as the alarm does. Answered with nothing.
    Look {},
    /// Something about workflows.
    Workflows { ask: WorkflowCall },
    /// What tickets have in a date field: a `Vec<TicketDate>`.
    Dates { query: DatesQuery },
    /// What the latest tickets have in a custom field that is no date: a `Vec<NoDate>`.
    NoDates { field: String },
    /// The names of custom fields that hold dates on the latest tickets: a `Vec<String>`.
    DateFields {},
    /// Something of the console's about the API applications.
    Applications { ask: ApplicationCall, by: By },
    /// Something of the console's about the service levels.
    ServiceLevels { ask: Box<ServiceLevelCall>, by: By },
    /// Something of the console's about ticket rules in bundles.
    TicketRules { ask: TicketRulesCall, by: By },
    /// Tries ticket rules on a ticket, of which nothing is changed. Answered with a `RuleTrial`.
    TryRules { trial: RuleTrialRequest },
}

/// What the workspace and the console ask about workflows; each variant says what it is answered with.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkflowCall {
    /// Takes over what is set up: nothing.
    Stand { standing: Standing },
    /// Lets new tickets enter a workflow; a new version where it does something else than the latest:
    /// [`PublishedWorkflow`].
    Publish { workflow: Box<Workflow> },
    /// The versions that tickets are in, of the workflows that are set up: `Vec<Version>`.
    Inside {},
    /// `WorkflowTickets`.
    Tickets { id: WorkflowId },
    /// [`MovedBatch`].
    Move { batch: MoveBatch },
    /// `Option<TicketWorkflow>`.
    OfTicket { ticket_id: u64 },
}

/// What is set up that workflows of tickets depend upon. It is told as a whole, so telling it again does no harm.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The workflows that there are, and whether new tickets enter them.
    pub workflows: Vec<(WorkflowId, bool)>,
    /// The desk actions on tickets.
    pub actions: Vec<KnownAction>,
    /// The former and new names of actions that were renamed since it was told last, in their order.
    #[serde(default)]
    pub renamed: Vec<(String, String)>,
}

/// A version at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedWorkflow {
    pub number: u32,
    pub published_at: Timestamp,
}

/// The next tickets of older versions are to be moved.
#[derive(Debug, Serialize, Deserialize)]
pub struct MoveBatch {
    pub id: WorkflowId,
    pub request: MoveTickets,
    /// Those with greater ids.
    pub after: u64,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct MovedBatch {
    pub moved: MovedTickets,
    /// The `after` of the next batch; missing when all are through.
    pub next: Option<u64>,
}

/// A page of the tickets that have something in a date field, in the order of what they have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatesQuery {
    /// A date field of tickets, or a custom field by its name.
    pub field: String,
    /// Not before this text.
    pub from: String,
    /// Before this text.
    pub until: String,
    /// The last of the page before.
    pub after: Option<TicketDate>,
    pub limit: u32,
}

/// What a ticket has in a date field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketDate {
    pub ticket: u64,
    /// As somebody wrote it, where it is a custom field.
    pub date: String,
}

/// What a ticket has in a custom field that does not look like a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoDate {
    pub ticket: u64,
    pub summary: String,
    pub text: String,
}

/// What the console asks about API applications; each variant says what it is answered with.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationCall {
    /// `List<ApplicationRecord>`.
    List {},
    /// `ApplicationRecord`.
    Read { client_id: String },
    /// `ApplicationRecord`, with the secret.
    Create { application: Application },
    /// `ApplicationRecord`.
    Replace {
        application: Application,
        expected: Expected,
    },
    /// Nothing.
    Delete {
        client_id: String,
        expected: Expected,
    },
    /// `ApplicationRecord`, with the secret.
    RenewSecret { client_id: String },
    /// Nothing.
    RevokeTokens { client_id: String },
    /// `AuthorizeAnswer`.
    Authorize { request: AuthorizeRequest },
    /// `ImportReport`.
    Import { applications: Vec<Application> },
    /// `Vec<Application>`.
    Export {},
}

/// What the console asks about service levels; each variant says what it is answered with.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceLevelCall {
    /// `List<ServiceLevelRecord>`.
    List {},
    /// `ServiceLevelRecord`.
    Read { id: u64 },
    /// `ServiceLevelRecord`.
    Create { level: ServiceLevel },
    /// `ServiceLevelRecord`.
    Replace {
        level: ServiceLevel,
        expected: Expected,
    },
    /// Nothing.
    Delete { id: u64, expected: Expected },
    /// `ImportReport`.
    Import { levels: Vec<ServiceLevel> },
    /// `Vec<ServiceLevel>`.
    Export {},
}

/// What the console asks about ticket rules in bundles; each variant says what it is answered with.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketRulesCall {
    /// Whether they could be put in place: nothing, or why not.
    Check { rules: Vec<BundledRule> },
    /// `ImportReport`.
    Import { rules: Vec<BundledRule> },
    /// `Vec<BundledRule>`.
    Export {},
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::desk::token::{ClientLogin, GrantRequest};
    use shared::desk::{Caller, Scopes};

    use super::*;

    #[test]
    fn calls_keep_their_names() {
        let request = DeskRequest {
            caller: Caller::Runbook {
                name: "Ask".to_owned(),
                scope: None,
            },
            method: "GET".to_owned(),
            path: "/api/Tickets".to_owned(),
            query: String::new(),
            body: String::new(),
            key: None,
            depth: 1,
        };
        let call = serde_json::to_value(DeskCall::Request { request }).unwrap();
        assert_eq!(
            call,
            json!({"call": "request", "request": {
                "caller": {"type": "runbook", "name": "Ask", "scope": null},
                "method": "GET", "path": "/api/Tickets", "query": "", "body": "", "key": null, "depth": 1,
            }})
        );
        let request = TokenRequest {
            client: ClientLogin {
                client_id: "a".to_owned(),
                client_secret: Some("b".to_owned()),
            },
            grant: GrantRequest::ClientCredentials {
                scopes: Scopes::ALL,
            },
        };
        let call = serde_json::to_value(DeskCall::Token { request }).unwrap();
        assert_eq!(
            call,
            json!({"call": "token", "request": {
                "client": {"client_id": "a", "client_secret": "b"},
                "grant": {"type": "client_credentials", "scopes": "all"},
            }})
        );
        let call = serde_json::to_value(DeskCall::ServiceLevels {
            ask: Box::new(ServiceLevelCall::Read { id: 3 }),
            by: By::Admin,
        })
        .unwrap();
        assert_eq!(
            call,
            json!({"call": "service_levels", "ask": {"read": {"id": 3}}, "by": "admin"})
        );
        let call = serde_json::to_value(DeskCall::TicketRules {
            ask: TicketRulesCall::Check { rules: Vec::new() },
            by: By::Console,
        });
        assert_eq!(
            call.unwrap(),
            json!({"call": "ticket_rules", "ask": {"check": {"rules": []}}, "by": "console"})
        );
        assert_eq!(
            serde_json::to_value(WorkflowCall::Inside {}).unwrap(),
            json!({"inside": {}})
        );
        let ask = WorkflowCall::OfTicket { ticket_id: 7 };
        assert_eq!(
            serde_json::to_value(DeskCall::Workflows { ask }).unwrap(),
            json!({"call": "workflows", "ask": {"of_ticket": {"ticket_id": 7}}})
        );
        let ask = ApplicationCall::Read {
            client_id: "a".to_owned(),
        };
        let call = serde_json::to_value(DeskCall::Applications {
            ask,
            by: By::Console,
        })
        .unwrap();
        assert_eq!(
            call,
            json!({"call": "applications", "ask": {"read": {"client_id": "a"}}, "by": "console"})
        );
        let trial = RuleTrialRequest {
            ticket_id: 7,
            as_new: true,
            rule: None,
        };
        let call = serde_json::to_value(DeskCall::TryRules { trial }).unwrap();
        assert_eq!(
            call,
            json!({"call": "try_rules", "trial": {"ticket_id": 7, "as_new": true}})
        );
    }
}
