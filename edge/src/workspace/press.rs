//! A button on a user or an asset is pressed: nothing is written at the desk, the runbook starts.

use shared::action::{Place, complete, pressed, resource_of};
use shared::api::StartAnswer;
use shared::desk::name_of;
use shared::engine::StartedBy;
use shared::engine::spread::Spread;
use shared::model::{ActsOn, DeskAction};
use shared::problem::ErrorDetail;
use shared::start::{DeskStart, from_desk};

use super::protocol::{Kind, Pressing};
use super::{Room, document, offered, publication};
use crate::clock;
use crate::error::Failure;
use crate::runner::client as runners;
use crate::runner::protocol::Start;

/// Starts the runbook of a button for a user or an asset.
pub(super) async fn press(room: &Room, pressing: Pressing) -> Result<StartAnswer, Failure> {
    let row = document::read(&room.store, Kind::DeskAction, &pressing.name)?;
    let action: DeskAction = row.value()?;
    let place = match action.records {
        ActsOn::User => Place::User,
        ActsOn::Asset => Place::Asset,
        ActsOn::Ticket => {
            return Err(Failure::conflict(
                "other_records",
                "This action is for tickets. Take it on one: post it to /api/Actions.",
            ));
        }
    };
    offered::refuse(&action, place)?;
    let Some(runbook) = action.queues().cloned() else {
        return Err(Failure::conflict(
            "no_runbook",
            "This button names no runbook. Choose one.",
        ));
    };
    let resource = resource_of(action.records);
    let record = offered::read(
        &room.env,
        &format!("/api/{}/{}", resource.name, pressing.press.record_id),
    )
    .await?
    .ok_or_else(|| Failure::not_found(&format!("The {}", resource.singular)))?;
    if document::live(&room.store, Kind::Runbook, runbook.as_str())?.is_none() {
        return Err(Failure::conflict(
            "runbook_gone",
            "The runbook of this button was deleted. Choose another one for the button, then press it again.",
        ));
    }
    let current = publication::current(&room.store, runbook.as_str())?;
    let published = current.ok_or_else(|| {
        Failure::conflict(
            "not_published",
            "The runbook of this button is not published. Publish it, then press the button again.",
        )
    })?;
    let me = offered::read(&room.env, "/api/Agent/me").await?;
    let who = me
        .as_ref()
        .and_then(|me| me.get("name")?.as_str())
        .unwrap_or_default();
    let mut taken = pressed(&action, who, &pressing.press.customfields, clock::now());
    let wrong = |error: ErrorDetail| Failure::of(400, error);
    complete(&action, &record, &mut taken).map_err(wrong)?;
    let document = &published.document;
    let documents = [
        (action.records.as_str(), record.to_string()),
        ("action", taken.to_string()),
    ];
    let inputs = from_desk(
        &document.runbook,
        &DeskStart {
            overrides: &action.variables,
            documents: &documents,
            halo_url: &room.config.public_url,
        },
    )
    .map_err(wrong)?;
    let start = Start {
        key: pressing.key.map(|key| {
            let (name, id) = (&action.name, pressing.press.record_id);
            format!("press/{name}/{id}/{key}")
        }),
        started_by: StartedBy::Button {
            record_name: record
                .as_object()
                .map(|record| name_of(resource, record))
                .unwrap_or_default(),
            name: action.name,
            records: action.records,
            record_id: pressing.press.record_id,
        },
        inputs,
        draft: None,
        wait_ms: None,
    };
    runners::start(&room.env, &runbook, &Spread::of(&document.runbook), start).await
}
