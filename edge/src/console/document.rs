//! Reading, making, replacing, deleting and restoring documents of all kinds.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::Value;
use shared::api::resources::RECORD_FIELDS;
use shared::json;
use shared::model::strict::{self, Fields};
use shared::model::{
    EventTriggerId, IntegrationId, MethodId, RawJson, Runbook, RunbookId, ScheduleId, WorkflowId,
};
use worker::Response;

use super::{Call, desk_actions, nothing, raw};
use crate::door::body;
use crate::error::Failure;
use crate::object::Reply;
use crate::random;
use crate::workspace::client;
use crate::workspace::protocol::{self, Document, Expected, Kept, Kind};

/// `GET /console/{kind}`.
pub(super) async fn list(call: &Call<'_>, kind: Kind) -> Result<Response, Failure> {
    let list = protocol::Call::List {
        kind,
        integration: None,
    };
    raw(&client::call::<Reply>(call.env, &list).await?)
}

/// `GET /console/integrations/{id}/methods`.
pub(super) async fn methods(call: &Call<'_>, integration: &str) -> Result<Response, Failure> {
    let list = protocol::Call::List {
        kind: Kind::Method,
        integration: Some(integration_id(integration)?),
    };
    raw(&client::call::<Reply>(call.env, &list).await?)
}

/// `GET /console/{kind}/{id}`.
pub(super) async fn read(call: &Call<'_>, kind: Kind, id: &str) -> Result<Response, Failure> {
    let id = key(kind, id)?;
    kept(&client::call(call.env, &protocol::Call::Read { kind, id }).await?)
}

/// `POST /console/{kind}`; a method is made in its integration.
pub(super) async fn create(
    mut call: Call<'_>,
    kind: Kind,
    integration: Option<&str>,
) -> Result<Response, Failure> {
    let integration = integration.map(integration_id).transpose()?;
    let mut fields = body::read_object(&mut call.request).await?;
    if kind != Kind::DeskAction && !fields.contains_key("id") {
        fields.insert("id".to_owned(), RawJson::of_text(&random::uuid()?));
    }
    let document = document(kind, fields, integration)?;
    let create = protocol::Call::Create {
        document,
        by: call.by,
    };
    Ok(kept(&client::call(call.env, &create).await?)?.with_status(201))
}

/// `PUT /console/{kind}/{id}`.
pub(super) async fn replace(mut call: Call<'_>, kind: Kind, id: &str) -> Result<Response, Failure> {
    let id = key(kind, id)?;
    let mut fields = body::read_object(&mut call.request).await?;
    let header = call.request.headers().get("If-Match")?;
    let expected = expected(header.as_deref(), fields.get("version"))?.ok_or_else(|| {
        Failure::new(
            428,
            "no_version",
            "Say which version you read: send it as `If-Match`, or leave `version` in the document.",
        )
    })?;
    if kind == Kind::DeskAction && is_renamed(&id, &fields) {
        return desk_actions::rename(&call, id, fields, expected).await;
    }
    name_itself(kind, &id, &mut fields)?;
    let replace = protocol::Call::Replace {
        document: document(kind, fields, None)?,
        expected,
        by: call.by,
    };
    kept(&client::call(call.env, &replace).await?)
}

/// `DELETE /console/{kind}/{id}`, with `If-Match` or without.
pub(super) async fn delete(call: &Call<'_>, kind: Kind, id: &str) -> Result<Response, Failure> {
    let header = call.request.headers().get("If-Match")?;
    let delete = protocol::Call::Delete {
        kind,
        id: key(kind, id)?,
        expected: expected(header.as_deref(), None)?.unwrap_or(Expected::Any),
        by: call.by,
    };
    client::call::<()>(call.env, &delete).await?;
    nothing()
}

/// `POST /console/{kind}/{id}/take-back`: removes for good what nobody has saved since it was made.
pub(super) async fn take_back(call: &Call<'_>, kind: Kind, id: &str) -> Result<Response, Failure> {
    let take_back = protocol::Call::TakeBack {
        kind,
        id: key(kind, id)?,
        by: call.by,
    };
    client::call::<()>(call.env, &take_back).await?;
    nothing()
}

/// `GET /console/{kind}/{id}/used-by`: what keeps it from being deleted.
pub(super) async fn used_by(call: &Call<'_>, kind: Kind, id: &str) -> Result<Response, Failure> {
    let id = key(kind, id)?;
    raw(&client::call::<Reply>(call.env, &protocol::Call::UsedBy { kind, id }).await?)
}

/// `GET /console/deleted`.
pub(super) async fn deleted(call: &Call<'_>) -> Result<Response, Failure> {
    raw(&client::call::<Reply>(call.env, &protocol::Call::Deleted {}).await?)
}

/// `POST /console/{kind}/{id}/restore`.
pub(super) async fn restore(call: &Call<'_>, kind: Kind, id: &str) -> Result<Response, Failure> {
    let restore = protocol::Call::Restore {
        kind,
        id: key(kind, id)?,
        by: call.by,
    };
    kept(&client::call(call.env, &restore).await?)
}

/// A draft, as it was sent for this id.
pub(super) fn draft(id: &RunbookId, mut fields: Fields) -> Result<Runbook, Failure> {
    name_itself(Kind::Runbook, id.as_str(), &mut fields)?;
    runbook(fields)
}

/// One that does not say so may start: nothing does before it is published.
fn runbook(mut fields: Fields) -> Result<Runbook, Failure> {
    let enabled = || RawJson::from(Value::Bool(true));
    fields.entry("enabled".to_owned()).or_insert_with(enabled);
    parse(fields)
}

/// Reads a document strictly. What [`shared::api::Record`] adds on the way out is taken off.
fn document(
    kind: Kind,
    fields: Fields,
    integration: Option<IntegrationId>,
) -> Result<Document, Failure> {
    Ok(match kind {
        Kind::Integration => Document::Integration(parse(fields)?),
        Kind::Method => Document::Method {
            method: parse(fields)?,
            integration,
        },
        Kind::Runbook => Document::Runbook(Box::new(runbook(fields)?)),
        Kind::DeskAction => Document::DeskAction(Box::new(parse(fields)?)),
        Kind::EventTrigger => Document::EventTrigger(parse(fields)?),
        Kind::Workflow => Document::Workflow(parse(fields)?),
        Kind::Schedule => Document::Schedule(parse(fields)?),
    })
}

pub(super) fn parse<T: serde::de::DeserializeOwned>(mut fields: Fields) -> Result<T, Failure> {
    for field in RECORD_FIELDS {
        fields.remove(field);
    }
    for (field, remedy) in [
        ("id", "Enter an id."),
        ("name", "Enter a name."),
        ("runbook", "Choose a runbook."),
    ] {
        let is_blank = |value: &RawJson| text(value).is_some_and(|text| text.trim().is_empty());
        if fields.get(field).is_some_and(is_blank) {
            return Err(Failure::bad_request("empty", remedy).at_field(field));
        }
    }
    Ok(strict::from_fields(&fields)?)
}

/// Whether a desk action is to have another name than the address's. A blank one is refused where it is read.
fn is_renamed(id: &str, fields: &Fields) -> bool {
    let name = fields.get("name").and_then(text);
    name.is_some_and(|name| name != id)
}

/// The address says which document it is; where the document says so too, both must agree.
pub(super) fn name_itself(kind: Kind, id: &str, fields: &mut Fields) -> Result<(), Failure> {
    let field = if kind == Kind::DeskAction {
        "name"
    } else {
        "id"
    };
    match fields.get(field) {
        None => {
            fields.insert(field.to_owned(), RawJson::of_text(id));
            Ok(())
        }
        Some(named) if text(named).is_some_and(|named| named == id) => Ok(()),
        Some(_) => Err(Failure::bad_request(
            "other_id",
            format!("The document's `{field}` is another one than the address's. Leave it out, or make a new document with POST."),
        )
        .at_field(field)),
    }
}

/// The version that must be there: of the header (RFC 9110, 13.1.1), or else of the document.
pub(super) fn expected(
    header: Option<&str>,
    field: Option<&RawJson>,
) -> Result<Option<Expected>, Failure> {
    let unreadable = |field: &str| {
        Failure::bad_request(
            "unreadable_version",
            format!("`{field}` must be the version that was read, such as `3`."),
        )
        .at_field(field)
    };
    if let Some(header) = header {
        let tag = header.trim();
        if tag == "*" {
            return Ok(Some(Expected::Any));
        }
        let tag = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
        let version = tag.parse().map_err(|_| unreadable("If-Match"))?;
        return Ok(Some(Expected::Version(version)));
    }
    match field.map(RawJson::as_str) {
        None | Some("null") => Ok(None),
        Some(version) => {
            let version = version.parse().map_err(|_| unreadable("version"))?;
            Ok(Some(Expected::Version(version)))
        }
    }
}

/// The text of a JSON string.
pub(super) fn text(value: &RawJson) -> Option<Cow<'_, str>> {
    (json::Kind::of(value.as_str()) == Some(json::Kind::String))
        .then(|| json::decode(value.as_str()))
}

/// A record with its version as its tag.
pub(super) fn kept(kept: &Kept) -> Result<Response, Failure> {
    let mut response = raw(&kept.record)?;
    let tag = format!("\"{}\"", kept.version);
    response.headers_mut().set("ETag", &tag)?;
    Ok(response)
}

/// What stands in the address: an id, or a desk action's name. What cannot be one is not there.
pub(super) fn key(kind: Kind, segment: &str) -> Result<String, Failure> {
    let missing = || Failure::not_found(&format!("The {}", kind.words()));
    match kind {
        Kind::Integration => IntegrationId::parse(segment).map(String::from),
        Kind::Method => MethodId::parse(segment).map(String::from),
        Kind::Runbook => RunbookId::parse(segment).map(String::from),
        Kind::EventTrigger => EventTriggerId::parse(segment).map(String::from),
        Kind::Workflow => WorkflowId::parse(segment).map(String::from),
        Kind::Schedule => ScheduleId::parse(segment).map(String::from),
        Kind::DeskAction => {
            let name = percent_decode_str(segment).decode_utf8();
            return name.map(String::from).map_err(|_| missing());
        }
    }
    .map_err(|_| missing())
}

fn integration_id(segment: &str) -> Result<IntegrationId, Failure> {
    IntegrationId::parse(segment).map_err(|_| Failure::not_found("The integration"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_version_comes_from_the_header_or_the_document() {
        for (header, field, wanted) in [
            (Some("3"), None, Ok(Some(Expected::Version(3)))),
            (
                Some("\"3\""),
                Some(json!(9)),
                Ok(Some(Expected::Version(3))),
            ),
            (Some("W/\"3\""), None, Ok(Some(Expected::Version(3)))),
            (Some("*"), None, Ok(Some(Expected::Any))),
            (None, Some(json!(4)), Ok(Some(Expected::Version(4)))),
            (None, None, Ok(None)),
            (Some("\"1\", \"2\""), None, Err("If-Match")),
            (Some(""), None, Err("If-Match")),
            (None, Some(json!("4")), Err("version")),
            (None, Some(json!(-1)), Err("version")),
        ] {
            let field = field.map(RawJson::from);
            let read = expected(header, field.as_ref());
            let read = read.map_err(|failure| failure.detail.at.field.unwrap_or_default());
            assert_eq!(read, wanted.map_err(str::to_owned), "{header:?} {field:?}");
        }
    }

    #[test]
    fn what_a_record_adds_may_come_back() {
        let fields = json!({
            "id": "in", "name": "One", "base_url": "https://a.example",
            "version": 3, "updated_at": 1, "missing_secrets": [],
        });
        let fields: Fields = serde_json::from_value(fields).unwrap();
        let parsed: shared::model::Integration = parse(fields.clone()).unwrap();
        assert_eq!(parsed.name, "One");
        let mut wrong = fields.clone();
        wrong.insert("base_ulr".to_owned(), RawJson::of_text(""));
        let failure = parse::<shared::model::Integration>(wrong).unwrap_err();
        assert!(failure.detail.message.contains("base_ulr"), "{failure:?}");
        let mut other = fields;
        assert!(name_itself(Kind::Integration, "in", &mut other).is_ok());
        assert!(name_itself(Kind::Integration, "out", &mut other).is_err());
    }
}
