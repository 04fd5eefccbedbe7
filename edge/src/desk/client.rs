//! How the rest of the deployment asks the desk.

use serde::de::DeserializeOwned;
use shared::api::{RuleTrial, RuleTrialRequest};
use shared::desk::token::{RevocationRequest, TokenError, TokenRequest};
use shared::desk::{DeskRequest, DeskResponse};
use worker::Env;

use super::protocol::{
    ApplicationCall, DatesQuery, DeskCall, NoDate, ServiceLevelCall, TicketDate, TicketRulesCall,
    WorkflowCall,
};
use crate::error::Failure;
use crate::object::{self, Address};
use crate::workspace::protocol::By;

/// Carries out a request under `/api`. What the desk refuses is an answer, too; a failure means
/// that the desk could not be asked.
pub async fn request(env: &Env, request: DeskRequest) -> Result<DeskResponse, Failure> {
    object::call(env, &Address::desk(), &DeskCall::Request { request }).await
}

/// What tickets have in a date field.
pub async fn dates(env: &Env, query: DatesQuery) -> Result<Vec<TicketDate>, Failure> {
    object::call(env, &Address::desk(), &DeskCall::Dates { query }).await
}

/// What the latest tickets have in a custom field that is no date.
pub async fn no_dates(env: &Env, field: String) -> Result<Vec<NoDate>, Failure> {
    object::call(env, &Address::desk(), &DeskCall::NoDates { field }).await
}

/// The names of custom fields that hold dates on the latest tickets.
pub async fn date_fields(env: &Env) -> Result<Vec<String>, Failure> {
    object::call(env, &Address::desk(), &DeskCall::DateFields {}).await
}

/// Asks for tokens; gives the body of the answer.
pub async fn token(
    env: &Env,
    request: TokenRequest,
) -> Result<Result<String, TokenError>, Failure> {
    object::call(env, &Address::desk(), &DeskCall::Token { request }).await
}

/// Makes a token worthless.
pub async fn revoke(
    env: &Env,
    request: RevocationRequest,
) -> Result<Result<(), TokenError>, Failure> {
    object::call(env, &Address::desk(), &DeskCall::Revoke { request }).await
}

/// Asks about workflows; the call's documentation names the answer's type.
pub async fn workflows<A: DeserializeOwned>(env: &Env, ask: WorkflowCall) -> Result<A, Failure> {
    object::call(env, &Address::desk(), &DeskCall::Workflows { ask }).await
}

/// Asks about API applications; the call's documentation names the answer's type.
pub async fn applications<A: DeserializeOwned>(
    env: &Env,
    ask: ApplicationCall,
    by: By,
) -> Result<A, Failure> {
    object::call(env, &Address::desk(), &DeskCall::Applications { ask, by }).await
}

/// Tries ticket rules on a ticket, of which nothing is changed.
pub async fn try_rules(env: &Env, trial: RuleTrialRequest) -> Result<RuleTrial, Failure> {
    object::call(env, &Address::desk(), &DeskCall::TryRules { trial }).await
}

/// Asks about ticket rules in bundles; the call's documentation names the answer's type.
pub async fn ticket_rules<A: DeserializeOwned>(
    env: &Env,
    ask: TicketRulesCall,
    by: By,
) -> Result<A, Failure> {
    object::call(env, &Address::desk(), &DeskCall::TicketRules { ask, by }).await
}

/// Has it deal with what is due, as its alarm does.
pub async fn look(env: &Env) -> Result<(), Failure> {
    object::call(env, &Address::desk(), &DeskCall::Look {}).await
}

/// Asks about service levels; the call's documentation names the answer's type.
pub async fn service_levels<A: DeserializeOwned>(
    env: &Env,
    ask: ServiceLevelCall,
    by: By,
) -> Result<A, Failure> {
    object::call(
        env,
        &Address::desk(),
        &DeskCall::ServiceLevels {
            ask: Box::new(ask),
            by,
        },
    )
    .await
}
