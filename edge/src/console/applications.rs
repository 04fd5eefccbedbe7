//! API applications of the desk, and the consent that a person gives one.

use shared::api::{ApplicationRecord, AuthorizeAnswer, AuthorizeRequest, List};
use shared::model::strict::{self, Fields};
use shared::model::{Application, RawJson};
use worker::{Method, Response};

use super::document::expected;
use super::{Call, json, no_such_address, nothing};
use crate::desk::client;
use crate::desk::protocol::ApplicationCall;
use crate::door::{self, body};
use crate::error::Failure;
use crate::workspace::protocol::Expected;

/// Answers a request under `/console/applications`.
pub(super) async fn answer(call: Call<'_>, rest: &[&str]) -> Result<Response, Failure> {
    match (call.request.method(), rest) {
        (Method::Get, []) => {
            let list: List<ApplicationRecord> = ask(&call, ApplicationCall::List {}).await?;
            json(&list)
        }
        (Method::Post, []) => create(call).await,
        (Method::Post, ["authorize"]) => authorize(call).await,
        (Method::Get, [id]) => {
            let client_id = (*id).to_owned();
            record(&ask(&call, ApplicationCall::Read { client_id }).await?)
        }
        (Method::Put, [id]) => replace(call, id).await,
        (Method::Delete, [id]) => {
            let header = call.request.headers().get("If-Match")?;
            let delete = ApplicationCall::Delete {
                client_id: (*id).to_owned(),
                expected: expected(header.as_deref(), None)?.unwrap_or(Expected::Any),
            };
            ask::<()>(&call, delete).await?;
            nothing()
        }
        (Method::Post, [id, "secret"]) => {
            let client_id = (*id).to_owned();
            record(&ask(&call, ApplicationCall::RenewSecret { client_id }).await?)
        }
        (Method::Post, [id, "revoke"]) => {
            let client_id = (*id).to_owned();
            ask::<()>(&call, ApplicationCall::RevokeTokens { client_id }).await?;
            nothing()
        }
        _ => Err(no_such_address()),
    }
}

async fn ask<A: serde::de::DeserializeOwned>(
    call: &Call<'_>,
    ask: ApplicationCall,
) -> Result<A, Failure> {
    client::applications(call.env, ask, call.by).await
}

async fn create(mut call: Call<'_>) -> Result<Response, Failure> {
    let application = read(body::read_object(&mut call.request).await?)?;
    if !application.client_id.is_empty() {
        return Err(
            Failure::bad_request("client_id", "The client id is made here. Leave it out.")
                .at_field("client_id"),
        );
    }
    let made = ask(&call, ApplicationCall::Create { application }).await?;
    Ok(record(&made)?.with_status(201))
}

async fn replace(mut call: Call<'_>, id: &str) -> Result<Response, Failure> {
    let fields = body::read_object(&mut call.request).await?;
    let header = call.request.headers().get("If-Match")?;
    let expected = expected(header.as_deref(), fields.get("version"))?.ok_or_else(|| {
        Failure::new(
            428,
            "no_version",
            "Say which version you read: send it as `If-Match`, or leave `version` in the document.",
        )
    })?;
    let mut application = read(fields)?;
    if application.client_id.is_empty() {
        id.clone_into(&mut application.client_id);
    } else if application.client_id != id {
        return Err(Failure::bad_request(
            "other_id",
            "The document's `client_id` is another one than the address's. Leave it out.",
        )
        .at_field("client_id"));
    }
    let replace = ApplicationCall::Replace {
        application,
        expected,
    };
    record(&ask(&call, replace).await?)
}

/// Reads an application strictly. What its record adds on the way out is taken off.
fn read(mut fields: Fields) -> Result<Application, Failure> {
    for field in shared::api::resources::RECORD_FIELDS {
        fields.remove(field);
    }
    // What only says that nothing is limited.
    if fields.get("rate_limit").map(RawJson::as_str) == Some("null") {
        fields.remove("rate_limit");
    }
    let application: Application = strict::from_fields(&fields)?;
    if application.client_secret.is_held() {
        return Err(Failure::bad_request(
            "client_secret",
            "The secret is made here. Leave it out; `POST …/secret` makes another.",
        )
        .at_field("client_secret"));
    }
    Ok(application)
}

async fn authorize(mut call: Call<'_>) -> Result<Response, Failure> {
    let request: AuthorizeRequest = door::read_json(&mut call.request).await?;
    let answer: AuthorizeAnswer = ask(&call, ApplicationCall::Authorize { request }).await?;
    json(&answer)
}

/// A record with its version as its tag.
fn record(record: &ApplicationRecord) -> Result<Response, Failure> {
    let mut response = json(record)?;
    let tag = format!("\"{}\"", record.record.version);
    response.headers_mut().set("ETag", &tag)?;
    Ok(response)
}
