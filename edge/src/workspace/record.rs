//! Documents as the console gives them.

use serde::de::DeserializeOwned;
use shared::api::{
    IntegrationSummary, List, MethodRecord, MethodSummary, Record, RunbookRecord, RunbookSummary,
};
use shared::model::{
    Access, Authorization, EventTrigger, HasSecrets, Integration, IntegrationId, Method, MethodId,
    Runbook,
};

use super::desk_action::{self, Started};
use super::document::{self, Row};
use super::protocol::{Kept, Kind};
use super::{publication, run_index, schedule, secret, usage, workflow};
use crate::error::Failure;
use crate::object::{Reply, reply};
use crate::runner::protocol::Owner;
use crate::store::Store;

/// One document.
pub(super) fn read(store: &Store, kind: Kind, id: &str) -> Result<Kept, Failure> {
    let row = document::read(store, kind, id)?;
    let version = row.version;
    let record = match kind {
        Kind::Integration => reply(&integration(store, &row)?),
        Kind::Method => reply(&method(store, &row)?),
        Kind::Runbook => {
            let value: Runbook = row.value()?;
            let publication = publication::publication(store, &value, &integrations(store)?)?;
            let owner = Owner::Runbook(value.id.clone());
            reply(&RunbookRecord {
                record: record(store, &row, value, &owner)?,
                publication,
            })
        }
        Kind::DeskAction => reply(&desk_action::kept(store, &row, &mut Started::default())?),
        Kind::EventTrigger => reply(&without_secrets::<EventTrigger>(&row)?),
        Kind::Schedule => reply(&schedule::kept(&row)?),
        Kind::Workflow => reply(&workflow::record(store, &row)?),
    }?;
    Ok(Kept { version, record })
}

/// All documents of a kind; methods are those of an integration.
pub(super) fn list(
    store: &Store,
    kind: Kind,
    integration: Option<&IntegrationId>,
) -> Result<Reply, Failure> {
    match (kind, integration) {
        (Kind::Integration, _) => all(&document::list(store, kind)?, |row| summary(store, row)),
        (Kind::Method, Some(integration)) => {
            document::read(store, Kind::Integration, integration.as_str())?;
            let rows = document::children(store, integration.as_str())?;
            all(&rows, |row| method(store, row))
        }
        (Kind::Method, None) => all(&document::list(store, kind)?, |row| method(store, row)),
        (Kind::Runbook, _) => {
            let integrations = integrations(store)?;
            all(&document::list(store, kind)?, |row| {
                runbook_summary(store, row, &integrations)
            })
        }
        (Kind::DeskAction, _) => {
            let mut started = Started::default();
            all(&document::list(store, kind)?, |row| {
                desk_action::kept(store, row, &mut started)
            })
        }
        (Kind::EventTrigger, _) => all(
            &document::list(store, kind)?,
            without_secrets::<EventTrigger>,
        ),
        (Kind::Schedule, _) => all(&document::list(store, kind)?, schedule::kept),
        (Kind::Workflow, _) => all(&document::list(store, kind)?, |row| {
            workflow::summary(store, row)
        }),
    }
}

/// All integrations with their methods, without secrets.
pub(super) fn integrations(store: &Store) -> Result<Vec<Integration>, Failure> {
    let mut integrations = Vec::new();
    for row in document::list(store, Kind::Integration)? {
        let mut integration: Integration = row.value()?;
        for method in document::children(store, &row.id)? {
            integration.methods.push(method.value()?);
        }
        integrations.push(integration);
    }
    Ok(integrations)
}

fn all<T: serde::Serialize>(
    rows: &[Row],
    make: impl FnMut(&Row) -> Result<T, Failure>,
) -> Result<Reply, Failure> {
    let items: Vec<T> = rows.iter().map(make).collect::<Result<_, _>>()?;
    reply(&List { items, next: None })
}

fn record<T: HasSecrets>(
    store: &Store,
    row: &Row,
    mut value: T,
    owner: &Owner,
) -> Result<Record<T>, Failure> {
    Ok(Record {
        version: row.version,
        updated_at: row.updated_at,
        missing_secrets: secret::missing(store, owner, &mut value)?,
        value,
    })
}

fn integration(store: &Store, row: &Row) -> Result<Record<Integration>, Failure> {
    let value: Integration = row.value()?;
    let owner = Owner::Integration(value.id.clone());
    record(store, row, value, &owner)
}

fn method(store: &Store, row: &Row) -> Result<MethodRecord, Failure> {
    let value: Method = row.value()?;
    let owner = Owner::Method(value.id.clone());
    let parent = row.parent.as_deref().unwrap_or_default();
    Ok(MethodRecord {
        record: record(store, row, value, &owner)?,
        integration: IntegrationId::parse(parent)
            .map_err(|error| Failure::internal("method", &error))?,
    })
}

/// A document of a kind that holds no secrets.
fn without_secrets<T: DeserializeOwned>(row: &Row) -> Result<Record<T>, Failure> {
    Ok(Record {
        value: row.value()?,
        version: row.version,
        updated_at: row.updated_at,
        missing_secrets: Vec::new(),
    })
}

fn summary(store: &Store, row: &Row) -> Result<IntegrationSummary, Failure> {
    let record = integration(store, row)?;
    let mut methods = Vec::new();
    for row in document::children(store, &row.id)? {
        let method: Method = row.value()?;
        methods.push(MethodSummary {
            id: method.id,
            name: method.name,
            http_method: method.http_method,
            path: method.path,
            outputs: method
                .outputs
                .into_iter()
                .map(|output| output.name)
                .collect(),
        });
    }
    Ok(IntegrationSummary {
        id: record.value.id,
        name: record.value.name,
        base_url: record.value.base_url,
        auth: type_name(&record.value.auth),
        halo: record.value.halo,
        methods,
        version: record.version,
        updated_at: record.updated_at,
        missing_secrets: record.missing_secrets,
    })
}

fn runbook_summary(
    store: &Store,
    row: &Row,
    integrations: &[Integration],
) -> Result<RunbookSummary, Failure> {
    let runbook: Runbook = row.value()?;
    Ok(RunbookSummary {
        publication: publication::publication(store, &runbook, integrations)?,
        public: runbook.start.access == Access::DeskAndPublic,
        steps: runbook.steps.len(),
        methods: methods_of(&runbook),
        actions: usage::actions_with(store, &row.id)?,
        events: usage::triggers_with(store, &row.id)?,
        schedules: usage::schedules_with(store, &row.id)?,
        workflows: usage::workflows_with(store, &row.id)?,
        version: row.version,
        updated_at: row.updated_at,
        last_run: run_index::last_of(store, &row.id)?,
        id: runbook.id,
        name: runbook.name,
        enabled: runbook.enabled,
    })
}

fn methods_of(runbook: &Runbook) -> Vec<MethodId> {
    let mut methods: Vec<_> = runbook
        .steps
        .iter()
        .filter_map(|step| step.kind.method().cloned())
        .collect();
    methods.sort();
    methods.dedup();
    methods
}

/// An authorization's `type`.
fn type_name(authorization: &Authorization) -> String {
    let written = serde_json::to_value(authorization).unwrap_or_default();
    let name = written.get("type").and_then(serde_json::Value::as_str);
    name.unwrap_or("none").to_owned()
}
