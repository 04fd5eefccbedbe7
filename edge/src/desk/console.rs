//! What the console asks about API applications.

use super::applications::{self, Change};
use super::logins;
use super::protocol::ApplicationCall;
use crate::error::Failure;
use crate::object::{self, Reply};

/// Answers it, to be called within a transaction.
pub(super) fn answer(change: Change<'_>, ask: ApplicationCall) -> Result<Reply, Failure> {
    let Change { store, now, .. } = change;
    match ask {
        ApplicationCall::List {} => object::reply(&applications::list(store)?),
        ApplicationCall::Read { client_id } => {
            object::reply(&applications::read(store, &client_id)?)
        }
        ApplicationCall::Create { application } => object::reply(&change.create(application)?),
        ApplicationCall::Replace {
            application,
            expected,
        } => object::reply(&change.replace(&application, expected)?),
        ApplicationCall::Delete {
            client_id,
            expected,
        } => object::reply(&change.delete(&client_id, expected)?),
        ApplicationCall::RenewSecret { client_id } => {
            object::reply(&change.renew_secret(&client_id)?)
        }
        ApplicationCall::RevokeTokens { client_id } => object::reply(&change.revoke(&client_id)?),
        ApplicationCall::Authorize { request } => {
            object::reply(&logins::authorize(store, &request, now)?)
        }
        ApplicationCall::Import { applications } => object::reply(&change.import(applications)?),
        ApplicationCall::Export {} => object::reply(&applications::export(store)?),
    }
}
