//! What the console asks about API applications.

use shared::model::Timestamp;

use super::protocol::ApplicationCall;
use super::{applications, logins};
use crate::error::Failure;
use crate::object::{self, Reply};
use crate::store::Store;

/// Answers it, to be called within a transaction.
pub(super) fn answer(
    store: &Store,
    ask: ApplicationCall,
    now: Timestamp,
) -> Result<Reply, Failure> {
    match ask {
        ApplicationCall::List {} => object::reply(&applications::list(store)?),
        ApplicationCall::Read { client_id } => {
            object::reply(&applications::read(store, &client_id)?)
        }
        ApplicationCall::Create { application } => {
            object::reply(&applications::create(store, application, now)?)
        }
        ApplicationCall::Replace {
            application,
            expected,
        } => object::reply(&applications::replace(store, &application, expected, now)?),
        ApplicationCall::Delete {
            client_id,
            expected,
        } => object::reply(&applications::delete(store, &client_id, expected)?),
        ApplicationCall::RenewSecret { client_id } => {
            object::reply(&applications::renew_secret(store, &client_id, now)?)
        }
        ApplicationCall::RevokeTokens { client_id } => {
            object::reply(&applications::revoke(store, &client_id)?)
        }
        ApplicationCall::Authorize { request } => {
            object::reply(&logins::authorize(store, &request, now)?)
        }
        ApplicationCall::Import { applications } => {
            object::reply(&applications::import(store, applications, now)?)
        }
        ApplicationCall::Export {} => object::reply(&applications::export(store)?),
    }
}
