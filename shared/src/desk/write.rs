//! Writing records: new ones, changes to old ones, deletions, and what follows from each.

mod delete;
mod lay_over;
mod rename;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

use serde_json::Value;

use super::access::Access;
use super::changes::{Before, Changed, Changes};
use super::error::DeskError;
use super::html::Html;
use super::instant;
use super::list::ListQuery;
use super::record::{self, Record, Stored};
use super::records::Records;
use super::resource::{Resource, Subject, TICKET};
use super::rule::Rule;
use super::service_level::{Look, Tracked};
use crate::model::{RecordChange, RecordKind, Timestamp};
use lay_over::lay_over;

/// A record takes at most this many bytes of JSON; a stored row may hold twice as many.
pub(super) const MOST_BYTES: usize = 1_000_000;

/// The id that an element names.
pub(super) fn sent_id(element: &Record) -> Result<Option<u64>, record::NotAnId> {
    element
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("id"))
        .map_or(Ok(None), |(_, value)| record::read_id(value))
}

/// Everything that the writes of one request need to know, and what they did.
pub(super) struct Writer<'a> {
    pub records: &'a dyn Records,
    pub html: &'a dyn Html,
    pub access: &'a Access,
    pub now: Timestamp,
    pub changes: RefCell<Changes>,
    /// The ticket rules, once one is needed.
    pub rules: OnceCell<Vec<Rule>>,
}

/// What the rules of a resource see of the write that they complete.
#[expect(
    missing_debug_implementations,
    reason = "the records behind it are a shell's own"
)]
pub struct Completion<'a> {
    pub records: &'a dyn Records,
    pub access: &'a Access,
    /// The record as it was; `None` for a new one.
    pub before: Option<&'a Stored>,
    /// The fields that are not kept, as sent.
    pub commands: Record,
    /// The names of all that was sent, in lower case.
    pub sent: BTreeSet<String>,
    writer: &'a Writer<'a>,
}

impl Completion<'_> {
    /// The moment of the write.
    pub fn now(&self) -> String {
        instant::write(self.writer.now)
    }

    /// Whether the write gives the field another value; for a new record, any value.
    pub fn changes(&self, record: &Stored, field: &str) -> bool {
        let now = record.fields.get(field).unwrap_or(&Value::Null);
        let before = self.before.and_then(|before| before.fields.get(field));
        before.unwrap_or(&Value::Null) != now
    }

    /// Changes another record along with this one.
    pub fn change(
        &self,
        resource: &'static Resource,
        record: &Stored,
        fields: Record,
    ) -> Result<(), DeskError> {
        self.writer.merge(resource, record, fields)
    }

    /// The same, where nothing follows from it.
    pub fn update(&self, resource: &'static Resource, record: &Stored) -> Result<(), DeskError> {
        self.writer.update(resource, record.clone())
    }

    /// Keeps a ticket that was answered first, which is no change of its own.
    pub fn answered(&self, ticket: &mut Stored) -> Result<(), DeskError> {
        let tracked = self.writer.track(&TICKET, ticket)?;
        self.records.update(&TICKET, ticket)?;
        self.writer.keep_track(ticket.id, tracked)
    }

    /// Makes another record along with this one.
    pub fn create(&self, resource: &'static Resource, fields: &Value) -> Result<Stored, DeskError> {
        let fields = fields.as_object().cloned().unwrap_or_default();
        self.writer.create(resource, 0, fields)
    }
}

impl Writer<'_> {
    /// Writes one element of a request, and gives the record's id.
    pub(super) fn write(
        &self,
        resource: &'static Resource,
        element: Record,
    ) -> Result<u64, DeskError> {
        let id = sent_id(&element).map_err(|record::NotAnId| DeskError::WrongType {
            field: "id".to_owned(),
            expected: "a whole number",
        })?;
        let id = match id {
            None if resource.single => self.records.first(resource)?,
            id => id,
        };
        let Some(id) = id else {
            return Ok(self.create(resource, 0, element)?.id);
        };
        let Some(before) = self.records.stored(resource, id)? else {
            return Err(DeskError::NotFound {
                singular: resource.singular,
                id: id.to_string(),
            });
        };
        if let Some((key, sentence)) = resource.key {
            names_key(resource, key, sentence, &element, &before)?;
        }
        self.merge(resource, &before, element)?;
        Ok(id)
    }

    /// Makes a record of what was sent; it gets that id, or the next one where it is zero.
    pub(super) fn create(
        &self,
        resource: &'static Resource,
        id: u64,
        mut sent: Record,
    ) -> Result<Stored, DeskError> {
        let way = self.way(resource, &mut sent)?;
        let record = self.make(resource, id, sent)?;
        if resource.subject == Subject::Action {
            self.changes.borrow_mut().actions.push(record.id);
        }
        self.note(resource, record.id, RecordChange::Created, Before::Untold);
        self.go(way)?;
        Ok(record)
    }

    /// The same, without noting it down as something that the request did.
    pub(super) fn make(
        &self,
        resource: &'static Resource,
        id: u64,
        sent: Record,
    ) -> Result<Stored, DeskError> {
        let mut record = Stored {
            id,
            ..Stored::default()
        };
        for field in resource.fields {
            record.set(field.name, field.kind.unset());
        }
        let names = names_of(&sent);
        let commands = lay_over(resource, &mut record, sent)?;
        let completion = self.complete(resource, &mut record, None, commands, names)?;
        let told = self.run_rules(resource, &mut record, None)?;
        let place = self.place(resource, &mut record, None)?;
        let tracked = self.track(resource, &mut record)?;
        record.id = self.records.insert(resource, &record)?;
        self.keep_track(record.id, tracked)?;
        if let Some(created) = resource.created {
            created(&record, &completion)?;
        }
        self.tell_rules(record.id, &told)?;
        self.keep_place(record.id, place)?;
        Ok(record)
    }

    /// A record with this laid over it, as a write would, but in memory only.
    pub(super) fn changed(
        &self,
        resource: &'static Resource,
        record: &Stored,
        sent: Record,
    ) -> Result<Stored, DeskError> {
        let mut changed = record.clone();
        let names = names_of(&sent);
        let commands = lay_over(resource, &mut changed, sent)?;
        if changed != *record {
            self.complete(resource, &mut changed, Some(record), commands, names)?;
        }
        Ok(changed)
    }

    pub(super) fn merge(
        &self,
        resource: &'static Resource,
        before: &Stored,
        sent: Record,
    ) -> Result<(), DeskError> {
        let mut record = before.clone();
        let names = names_of(&sent);
        let commands = lay_over(resource, &mut record, sent)?;
        if record == *before && commands.is_empty() {
            return Ok(());
        }
        self.complete(resource, &mut record, Some(before), commands, names)?;
        let told = self.run_rules(resource, &mut record, Some(before))?;
        let place = self.place(resource, &mut record, Some(before))?;
        let tickets = [before, &record].map(|state| state.id_in("ticket_id"));
        let name = record.text(resource.name_field()).to_owned();
        self.update(resource, record)?;
        self.tell_rules(before.id, &told)?;
        self.keep_place(before.id, place)?;
        self.rename(resource, before, &name)?;
        if resource.subject == Subject::Action {
            for ticket in tickets {
                self.changes.borrow_mut().touch(ticket);
            }
        }
        Ok(())
    }

    /// Keeps a record that was changed, and notes how it was.
    pub(super) fn update(
        &self,
        resource: &'static Resource,
        mut record: Stored,
    ) -> Result<(), DeskError> {
        let before = self.shown(resource, record.id)?;
        let tracked = self.track(resource, &mut record)?;
        self.records.update(resource, &record)?;
        self.keep_track(record.id, tracked)?;
        self.note(resource, record.id, RecordChange::Updated, before);
        Ok(())
    }

    /// Looks how a ticket that is about to be kept stands with its service level.
    fn track(
        &self,
        resource: &'static Resource,
        record: &mut Stored,
    ) -> Result<Option<Tracked>, DeskError> {
        if resource.subject != Subject::Ticket {
            return Ok(None);
        }
        let tracked = self.records.track(record, Look::Told, self.now)?;
        Ok(Some(tracked))
    }

    fn keep_track(&self, ticket: u64, tracked: Option<Tracked>) -> Result<(), DeskError> {
        let Some(tracked) = tracked else {
            return Ok(());
        };
        self.records.keep_track(ticket, &tracked)?;
        let passed = tracked.passed.into_iter().map(|told| (ticket, told));
        self.changes.borrow_mut().passed.extend(passed);
        Ok(())
    }

    /// How a record is shown that is about to change, where its changes are told with its fields. What one request
    /// keeps of that is bounded: a customer may take very many records along.
    fn shown(&self, resource: &Resource, id: u64) -> Result<Before, DeskError> {
        if RecordKind::of_resource(resource.name).is_none() {
            return Ok(Before::Untold);
        }
        if self.changes.borrow().kept > ListQuery::MOST_BYTES {
            return Ok(Before::LeftOut);
        }
        let Some(record) = self.records.shown(resource, id)? else {
            return Ok(Before::Untold);
        };
        self.changes.borrow_mut().kept += bytes(&record);
        Ok(Before::Shown(record))
    }

    pub(super) fn complete<'a>(
        &'a self,
        resource: &'static Resource,
        record: &mut Stored,
        before: Option<&'a Stored>,
        commands: Record,
        sent: BTreeSet<String>,
    ) -> Result<Completion<'a>, DeskError> {
        let completion = Completion {
            records: self.records,
            access: self.access,
            before,
            commands,
            sent,
            writer: self,
        };
        for (field, reference) in resource.references() {
            if completion.changes(record, field.name)
                && let Some(id) = record.id_in(field.name)
                && self.records.stored(reference.to, id)?.is_none()
            {
                return Err(DeskError::NoSuchReference {
                    field: field.name.to_owned(),
                    singular: reference.to.singular,
                    id,
                });
            }
        }
        if let Some(complete) = resource.complete {
            complete(record, &completion)?;
        }
        for field in resource.fields {
            if let Some(sentence) = field.required
                && record.is_unset(field.name)
            {
                return Err(DeskError::Missing { sentence });
            }
            if let Some(sentence) = field.unique
                && completion.changes(record, field.name)
                && let Some(other) =
                    self.records
                        .with_text(resource, field.name, record.text(field.name))?
                && other != record.id
            {
                return Err(DeskError::NotUnique { sentence });
            }
        }
        for field in resource.fields.iter().filter(|field| field.is_time_zone) {
            if completion.changes(record, field.name)
                && !record.is_unset(field.name)
                && let Some(problem) = self.records.time_zone_problem(record.text(field.name))
            {
                return Err(DeskError::NoTimeZone {
                    field: field.name.to_owned(),
                    problem,
                });
            }
        }
        if bytes(&record.fields) + bytes(&record.other) > MOST_BYTES {
            return Err(DeskError::RecordTooLarge { most: MOST_BYTES });
        }
        Ok(completion)
    }

    /// Notes a change that is about to come, with how the record is shown until then.
    pub(super) fn note_as_shown(
        &self,
        resource: &'static Resource,
        id: u64,
    ) -> Result<(), DeskError> {
        let before = self.shown(resource, id)?;
        self.note(resource, id, RecordChange::Updated, before);
        Ok(())
    }

    fn note(&self, resource: &'static Resource, id: u64, change: RecordChange, before: Before) {
        let changed = Changed { change, before };
        self.changes.borrow_mut().note(resource, id, changed);
    }
}

/// Refuses an edit that does not name the record's key, or names another one's.
fn names_key(
    resource: &Resource,
    key: &'static str,
    sentence: &'static str,
    element: &Record,
    before: &Stored,
) -> Result<(), DeskError> {
    let sent = element
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(key))
        .map(|(_, value)| record::read_id(value));
    match sent {
        Some(Ok(sent)) if sent.is_some() && sent == before.id_in(key) => Ok(()),
        Some(Ok(Some(sent))) => Err(DeskError::NotFound {
            singular: resource.singular,
            id: format!("{} with {key} {sent}", before.id),
        }),
        _ => Err(DeskError::Missing { sentence }),
    }
}

fn names_of(sent: &Record) -> BTreeSet<String> {
    sent.keys().map(|name| name.to_lowercase()).collect()
}

fn bytes(record: &Record) -> usize {
    // Maps with text keys and finite numbers can always be written.
    serde_json::to_string(record).map_or(0, |text| text.len())
}
