//! Making, replacing, deleting and restoring documents.

use shared::model::{
    DeskAction, EventTrigger, HasSecrets, Integration, Method, PublicAuth, Runbook, RunbookId,
    Schedule, Secret, Timestamp, Workflow,
};
use shared::signature::SecretFault;
use shared::workflow::Version;

use super::protocol::{By, Document, Expected, Kind};
use super::workflow::Surroundings;
use super::{
    delivery, desk_action, document, event_trigger, publication, schedule, secret, switched_off,
    usage, workflow,
};
use crate::audit::{self, Act};
use crate::bind;
use crate::config::Config;
use crate::error::Failure;
use crate::runner::protocol::Owner;
use crate::store::Store;

/// The version of what nobody has saved since it was made.
const AS_MADE: u64 = 1;

/// What every change works with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change<'c> {
    pub(super) store: &'c Store,
    pub(super) config: &'c Config,
    pub(super) by: By,
    pub(super) now: Timestamp,
}

impl Change<'_> {
    /// Makes a document; gives its kind and id.
    pub(super) fn create(&self, document: Document) -> Result<(Kind, String), Failure> {
        let (kind, id) = (document.kind(), document.id());
        if document::live(self.store, kind, &id)?.is_some() {
            return Err(exists(kind, &id));
        }
        if kind == Kind::DeskAction {
            desk_action::refuse_taken(self.store, &id, &id)?;
        }
        match document {
            Document::Integration(mut integration) => {
                let methods = std::mem::take(&mut integration.methods);
                let parent = integration.id.to_string();
                self.put_integration(*integration)?;
                for method in methods {
                    if document::live(self.store, Kind::Method, method.id.as_str())?.is_some() {
                        return Err(exists(Kind::Method, method.id.as_str()));
                    }
                    self.put_method(method, &parent)?;
                }
            }
            Document::Method {
                method,
                integration,
            } => {
                let parent = integration.map(String::from).unwrap_or_default();
                document::read(self.store, Kind::Integration, &parent)?;
                self.put_method(*method, &parent)?;
            }
            Document::Runbook(runbook) => self.put_runbook(*runbook)?,
            Document::DeskAction(action) => self.put(Kind::DeskAction, &id, None, None, *action)?,
            Document::EventTrigger(trigger) => self.put_trigger(*trigger)?,
            Document::Workflow(workflow) => self.put_workflow(*workflow)?,
            Document::Schedule(schedule) => self.put_schedule(*schedule)?,
        }
        Ok((kind, id))
    }

    /// Replaces a document of the expected version. A desk action that is not there is made.
    pub(super) fn replace(
        &self,
        document: Document,
        expected: Expected,
    ) -> Result<(Kind, String), Failure> {
        let (kind, id) = (document.kind(), document.id());
        let stored = match document::live(self.store, kind, &id)? {
            Some(stored) => stored,
            None if kind == Kind::DeskAction
                && matches!(expected, Expected::Any | Expected::Version(0)) =>
            {
                return self.create(document);
            }
            None => document::read(self.store, kind, &id)?,
        };
        document::expect(kind, &stored, expected)?;
        match document {
            Document::Integration(integration) => {
                if !integration.methods.is_empty() {
                    return Err(Failure::bad_request(
                        "methods_elsewhere",
                        "Methods are documents of their own: leave `methods` out, and send them to /console/methods/{id}.",
                    )
                    .at_field("methods"));
                }
                self.put_integration(*integration)?;
            }
            Document::Method { method, .. } => {
                self.put_method(*method, &stored.parent.unwrap_or_default())?;
            }
            Document::Runbook(runbook) => self.put_runbook(*runbook)?,
            Document::DeskAction(action) => self.put(Kind::DeskAction, &id, None, None, *action)?,
            Document::EventTrigger(trigger) => self.put_trigger(*trigger)?,
            Document::Workflow(workflow) => self.put_workflow(*workflow)?,
            Document::Schedule(schedule) => self.put_schedule(*schedule)?,
        }
        Ok((kind, id))
    }

    /// Writes an integration without its methods.
    pub(super) fn put_integration(&self, integration: Integration) -> Result<(), Failure> {
        let owner = Owner::Integration(integration.id.clone());
        let id = integration.id.to_string();
        self.put(Kind::Integration, &id, None, Some(&owner), integration)
    }

    /// Writes a method of an integration.
    pub(super) fn put_method(&self, method: Method, integration: &str) -> Result<(), Failure> {
        let owner = Owner::Method(method.id.clone());
        let id = method.id.to_string();
        self.put(Kind::Method, &id, Some(integration), Some(&owner), method)
    }

    /// Writes an event trigger.
    pub(super) fn put_trigger(&self, trigger: EventTrigger) -> Result<(), Failure> {
        let id = trigger.id.to_string();
        self.put(Kind::EventTrigger, &id, None, None, trigger)
    }

    /// Writes the draft of a workflow.
    pub(super) fn put_workflow(&self, workflow: Workflow) -> Result<(), Failure> {
        let id = workflow.id.to_string();
        self.put(Kind::Workflow, &id, None, None, workflow)
    }

    /// Writes a schedule, and when it comes due.
    pub(super) fn put_schedule(&self, schedule: Schedule) -> Result<(), Failure> {
        schedule::marks::renew(self.store, &schedule, self.now)?;
        let id = schedule.id.to_string();
        self.put(Kind::Schedule, &id, None, None, schedule)
    }

    /// Writes the draft of a runbook.
    pub(super) fn put_runbook(&self, mut runbook: Runbook) -> Result<(), Failure> {
        let owner = Owner::Runbook(runbook.id.clone());
        let (id, is_enabled) = (runbook.id.to_string(), runbook.enabled);
        refuse_what_is_no_key(&runbook)?;
        if document::live(self.store, Kind::Runbook, &id)?.is_some() {
            self.close_gaps(&owner, &mut runbook)?;
        }
        self.put(Kind::Runbook, &id, None, Some(&owner), runbook)?;
        if is_enabled {
            switched_off::forget(self.store, &id)?;
        }
        // Whether it is switched on counts at once.
        delivery::mark(self.store, &id)
    }

    /// An empty text in the list of signing secrets takes that one out; those behind it move up.
    fn close_gaps(&self, owner: &Owner, runbook: &mut Runbook) -> Result<(), Failure> {
        let Some(PublicAuth::Signature { secrets, .. }) = &mut runbook.start.auth else {
            return Ok(());
        };
        let mut kept = Vec::with_capacity(secrets.len());
        for (index, secret) in std::mem::take(secrets).into_iter().enumerate() {
            if secret.value.secret.as_deref() == Some("") {
                continue;
            }
            if kept.len() != index && !secret.value.is_held() {
                let place = |index| format!("start.auth.secrets[{index}]");
                let (from, to) = (place(index), place(kept.len()));
                secret::move_to(self.store, self.config, owner, &from, &to)?;
            }
            kept.push(secret);
        }
        *secrets = kept;
        Ok(())
    }

    /// Writes a document of any kind, its secrets on their own.
    pub(super) fn put<T: HasSecrets + serde::Serialize>(
        &self,
        kind: Kind,
        id: &str,
        parent: Option<&str>,
        owner: Option<&Owner>,
        mut value: T,
    ) -> Result<(), Failure> {
        let stored = document::find(self.store, kind, id)?;
        let is_there = stored.as_ref().is_some_and(|row| row.deleted_at.is_none());
        if stored.is_some() && !is_there {
            // A new document of an old name takes over nothing.
            self.forget(kind, id)?;
        }
        let taken = value.take_secrets();
        document::write(self.store, kind, id, parent, &value, self.now)?;
        self.mark_standing(kind)?;
        let act = if is_there { Act::Replace } else { Act::Create };
        audit::note(self.store, self.by, act, kind.as_str(), id, self.now)?;
        let Some(owner) = owner else { return Ok(()) };
        let has_values = taken
            .iter()
            .any(|(_, secret): &(_, Secret)| secret.is_held());
        secret::write(self.store, self.config, owner, &taken)?;
        if has_values {
            usage::mark_users(self.store, kind, id)?;
        }
        Ok(())
    }

    /// The desk is told of these.
    fn mark_standing(&self, kind: Kind) -> Result<(), Failure> {
        match kind {
            Kind::DeskAction | Kind::Workflow => workflow::mark(self.store),
            _ => Ok(()),
        }
    }

    /// Deletes a document that nothing uses, with what belongs to it.
    /// `inside` are the versions of workflows that tickets are in.
    pub(super) fn delete(
        &self,
        kind: Kind,
        id: &str,
        expected: Expected,
        inside: &[Version],
    ) -> Result<(), Failure> {
        let stored = document::read(self.store, kind, id)?;
        document::expect(kind, &stored, expected)?;
        usage::refuse_where_used(self.store, kind, id, inside)?;
        if kind == Kind::Integration {
            for method in document::children(self.store, id)? {
                document::delete(self.store, Kind::Method, &method.id, self.now)?;
            }
        }
        document::delete(self.store, kind, id, self.now)?;
        self.mark_standing(kind)?;
        match kind {
            Kind::Runbook => delivery::mark(self.store, id)?,
            Kind::Schedule => schedule::marks::forget(self.store, id)?,
            Kind::Integration
            | Kind::Method
            | Kind::DeskAction
            | Kind::EventTrigger
            | Kind::Workflow => {}
        }
        self.purge()?;
        audit::note(
            self.store,
            self.by,
            Act::Delete,
            kind.as_str(),
            id,
            self.now,
        )
    }

    /// Takes the making of a document back: it is gone for good. Refused where somebody has saved it since, or something
    /// uses it or belongs to it.
    pub(super) fn take_back(
        &self,
        kind: Kind,
        id: &str,
        inside: &[Version],
    ) -> Result<(), Failure> {
        if kind == Kind::Integration && !document::children(self.store, id)?.is_empty() {
            return Err(Failure::conflict(
                "in_use",
                "This integration has methods by now. Delete it, if they may go with it.",
            ));
        }
        let is_published = match kind {
            Kind::Runbook => publication::is_published(self.store, id)?,
            Kind::Workflow => workflow::is_published(self.store, id)?,
            _ => false,
        };
        if is_published {
            let words = kind.words();
            return Err(Failure::conflict(
                "published",
                format!("This {words} is published. Delete it, if it may go."),
            ));
        }
        self.delete(kind, id, Expected::Version(AS_MADE), inside)?;
        document::remove(self.store, kind, id)?;
        self.forget_for_good(kind, id)
    }

    /// Takes a deletion back: with it comes what was deleted with it.
    /// `surroundings` are looked at for a workflow.
    pub(super) fn restore(
        &self,
        kind: Kind,
        id: &str,
        surroundings: &Surroundings,
    ) -> Result<(), Failure> {
        self.purge()?;
        let stored =
            document::find(self.store, kind, id)?.ok_or_else(|| document::missing(kind))?;
        let Some(deleted_at) = stored.deleted_at else {
            return Err(Failure::conflict(
                "not_deleted",
                format!("This {} is not deleted.", kind.words()),
            ));
        };
        if let Some(parent) = &stored.parent
            && document::live(self.store, Kind::Integration, parent)?.is_none()
        {
            return Err(Failure::conflict(
                "integration_deleted",
                "The integration of this method is deleted, too. Bring the integration back first.",
            ));
        }
        // What they start may have been deleted or changed meanwhile.
        match kind {
            Kind::DeskAction => {
                let action: DeskAction = stored.value()?;
                if let Some(runbook) = &action.runbook {
                    self.refuse_without_runbook(kind, runbook)?;
                }
                self.refuse_where_named_so(id)?;
            }
            Kind::EventTrigger => {
                let trigger: EventTrigger = stored.value()?;
                self.refuse_without_runbook(kind, &trigger.runbook)?;
                event_trigger::check(self.store, &trigger, "")?;
            }
            Kind::Schedule => {
                let value: Schedule = stored.value()?;
                self.refuse_without_runbook(kind, &value.runbook)?;
                schedule::check(self.store, &value, "")?;
                schedule::marks::renew(self.store, &value, self.now)?;
            }
            Kind::Integration | Kind::Method | Kind::Runbook | Kind::Workflow => {}
        }
        document::restore(self.store, kind, id, self.now)?;
        self.mark_standing(kind)?;
        if kind == Kind::Workflow {
            workflow::come_back(self.store, id, surroundings)?;
        }
        if kind == Kind::Integration {
            self.store.run(
                "UPDATE documents SET deleted_at = NULL, version = version + 1
                 WHERE kind = ? AND parent = ? AND deleted_at = ?",
                bind![Kind::Method.as_str(), id, deleted_at],
            )?;
        }
        if kind == Kind::Runbook {
            delivery::mark(self.store, id)?;
        }
        audit::note(
            self.store,
            self.by,
            Act::Restore,
            kind.as_str(),
            id,
            self.now,
        )
    }

    /// Refuses to bring back what starts a runbook that is deleted as well.
    fn refuse_without_runbook(&self, kind: Kind, runbook: &RunbookId) -> Result<(), Failure> {
        let words = kind.words();
        match document::find(self.store, Kind::Runbook, runbook.as_str())? {
            Some(row) if row.deleted_at.is_none() => Ok(()),
            Some(_) => Err(Failure::conflict(
                "runbook_deleted",
                format!(
                    "The runbook that this {words} starts is deleted, too. Bring the runbook back first."
                ),
            )),
            None => Err(Failure::conflict(
                "runbook_gone",
                format!(
                    "The runbook that this {words} started is gone for good. Make a new {words} in its place."
                ),
            )),
        }
    }

    /// Refuses to bring back a desk action whose name another one has by now.
    fn refuse_where_named_so(&self, name: &str) -> Result<(), Failure> {
        desk_action::refuse_taken(self.store, name, name).map_err(|failure| match failure.status {
            409 => Failure::conflict(
                "exists",
                format!("There is an action “{name}” by now, however it is written. Rename that one first."),
            ),
            _ => failure,
        })
    }

    fn purge(&self) -> Result<(), Failure> {
        for (kind, id) in document::purge(self.store, self.now)? {
            self.forget_for_good(kind, &id)?;
        }
        Ok(())
    }

    /// Removes what was kept of a document that is gone.
    fn forget_for_good(&self, kind: Kind, id: &str) -> Result<(), Failure> {
        secret::clear(self.store, &format!("{}/{id}", kind.as_str()))?;
        match kind {
            Kind::Runbook => publication::forget(self.store, id),
            Kind::Workflow => workflow::forget(self.store, id),
            _ => Ok(()),
        }
    }

    fn forget(&self, kind: Kind, id: &str) -> Result<(), Failure> {
        secret::clear(self.store, &format!("{}/{id}", kind.as_str()))?;
        match kind {
            Kind::Runbook => publication::withdraw(self.store, id),
            Kind::Workflow => workflow::forget(self.store, id),
            _ => Ok(()),
        }
    }
}

impl Document {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Integration(_) => Kind::Integration,
            Self::Method { .. } => Kind::Method,
            Self::Runbook(_) => Kind::Runbook,
            Self::DeskAction(_) => Kind::DeskAction,
            Self::EventTrigger(_) => Kind::EventTrigger,
            Self::Workflow(_) => Kind::Workflow,
            Self::Schedule(_) => Kind::Schedule,
        }
    }

    fn id(&self) -> String {
        match self {
            Self::Integration(integration) => integration.id.to_string(),
            Self::Method { method, .. } => method.id.to_string(),
            Self::Runbook(runbook) => runbook.id.to_string(),
            Self::DeskAction(action) => action.name.clone(),
            Self::EventTrigger(trigger) => trigger.id.to_string(),
            Self::Workflow(workflow) => workflow.id.to_string(),
            Self::Schedule(schedule) => schedule.id.to_string(),
        }
    }
}

/// A new secret counts at once, so one that nobody can sign with would shut everybody out.
fn refuse_what_is_no_key(runbook: &Runbook) -> Result<(), Failure> {
    let Some(PublicAuth::Signature {
        scheme, secrets, ..
    }) = &runbook.start.auth
    else {
        return Ok(());
    };
    for (index, secret) in secrets.iter().enumerate() {
        if let Some(fault) = SecretFault::of(*scheme, secret.value.reveal())
            && fault.is_fatal()
        {
            let failure = Failure::bad_request(fault.code(), fault.to_string());
            return Err(failure.at_field(format!("start.auth.secrets[{index}]")));
        }
    }
    Ok(())
}

fn exists(kind: Kind, id: &str) -> Failure {
    Failure::conflict(
        "exists",
        format!(
            "There is a {} `{id}` already. Leave the id out for a fresh one, or replace it with PUT.",
            kind.words()
        ),
    )
    .at_field("id")
}
