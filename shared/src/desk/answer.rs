//! Answers requests under `/api`.

use std::cell::OnceCell;

use serde_json::{Value, json};

use super::access::Access;
use super::body::elements;
use super::changes::Changes;
use super::error::{DeskError, StorageError};
use super::html::{self, Html};
use super::list::{self, ListQuery, PageNumber};
use super::protocol::DeskEvent;
use super::record::Record;
use super::records::Records;
use super::resource::{AGENT, Resource};
use super::route::{Route, route};
use super::write::{Writer, sent_id};
use crate::json;
use crate::model::Timestamp;

/// What a request is answered with, and what it did. The shell keeps the events together with
/// the writes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// JSON.
    pub body: String,
    pub events: Vec<DeskEvent>,
}

/// The desk, as one request finds it.
#[expect(
    missing_debug_implementations,
    reason = "the records behind it are a shell's own"
)]
pub struct Desk<'a> {
    pub records: &'a dyn Records,
    pub html: &'a dyn Html,
    pub access: &'a Access,
    pub now: Timestamp,
    /// Different for every request; the ids of its events begin with it.
    pub unique: &'a str,
}

impl Desk<'_> {
    /// Carries out one request. When it is refused, whatever it wrote must be undone.
    pub fn answer(
        &self,
        method: &str,
        path: &str,
        query: &str,
        body: &str,
    ) -> Result<Answer, DeskError> {
        match route(method, path)? {
            Route::List(resource) => {
                self.access.check(resource.area, false)?;
                self.list(&ListQuery::parse(resource, query)?)
            }
            Route::One(resource, id) => {
                self.access.check(resource.area, false)?;
                self.fits_key(resource, id, query)?;
                self.one(resource, id).map(Answer::of)
            }
            Route::Single(resource) => {
                self.access.check(resource.area, false)?;
                let id = self.records.first(resource)?.unwrap_or_default();
                self.one(resource, id).map(Answer::of)
            }
            Route::Me => {
                let id = self.access.agent.unwrap_or_default();
                self.one(&AGENT, id).map(Answer::of)
            }
            Route::Write(resource) => {
                self.access.check(resource.area, true)?;
                self.write(resource, body)
            }
            Route::Delete(resource, id) => {
                self.access.check(resource.area, true)?;
                self.fits_key(resource, id, query)?;
                self.delete(resource, id)
            }
        }
    }

    fn list(&self, query: &ListQuery) -> Result<Answer, DeskError> {
        let page = self.records.list(query)?.ok_or(TOO_LARGE)?;
        let (mut body, end) = match query.resource.list_key {
            None => (String::from("["), "]"),
            Some(key) => (opening(key, query.page, page.count), "]}"),
        };
        let mut size = Size::default();
        for (index, record) in page.records.into_iter().enumerate() {
            // It may have become larger than it is kept.
            let record = self.presented(query.resource, record).to_string();
            match size.add(&record) {
                Err(_) if query.may_be_cut && index > 0 => break,
                fits => fits?,
            }
            if index > 0 {
                body.push(',');
            }
            body.push_str(&record);
        }
        body.push_str(end);
        Ok(Answer {
            body,
            ..Answer::default()
        })
    }

    fn one(&self, resource: &'static Resource, id: u64) -> Result<Value, DeskError> {
        let shown = self.records.shown(resource, id)?;
        let shown = shown.ok_or_else(|| DeskError::NotFound {
            singular: resource.singular,
            id: id.to_string(),
        })?;
        Ok(self.presented(resource, with_objects(resource, shown)))
    }

    /// Where a record has a second half of its key, an address that names it must name the record's own.
    fn fits_key(&self, resource: &'static Resource, id: u64, query: &str) -> Result<(), DeskError> {
        let Some((key, _)) = resource.key else {
            return Ok(());
        };
        let Some(named) = list::id_in(query, key)? else {
            return Ok(());
        };
        let record = self.records.stored(resource, id)?;
        if record.is_some_and(|record| record.id_in(key) == Some(named)) {
            return Ok(());
        }
        Err(DeskError::NotFound {
            singular: resource.singular,
            id: format!("{id} with {key} {named}"),
        })
    }

    fn write(&self, resource: &'static Resource, body: &str) -> Result<Answer, DeskError> {
        let elements = elements(body)?;
        let writer = self.writer();
        let mut written = Vec::with_capacity(elements.len());
        let count = elements.len();
        for (index, element) in elements.into_iter().enumerate() {
            let id = sent_id(&element).unwrap_or_default();
            let id = writer
                .write(resource, element)
                .map_err(|error| error.of_element(index + 1, count, id))?;
            written.push(id);
        }
        let mut size = Size::default();
        let mut shown = Vec::with_capacity(written.len());
        for id in written {
            let record = self.one(resource, id)?.to_string();
            size.add(&record)?;
            shown.push(record);
        }
        let body = match shown.as_slice() {
            [record] => record.clone(),
            records => format!("[{}]", records.join(",")),
        };
        self.answered(body, writer.changes.into_inner())
    }

    fn delete(&self, resource: &'static Resource, id: u64) -> Result<Answer, DeskError> {
        let body = self.one(resource, id)?.to_string();
        let writer = self.writer();
        if let Some(record) = self.records.stored(resource, id)? {
            writer.delete(resource, &record)?;
        }
        self.answered(body, writer.changes.into_inner())
    }

    pub(super) fn writer(&self) -> Writer<'_> {
        Writer {
            records: self.records,
            html: self.html,
            access: self.access,
            now: self.now,
            changes: Changes::default().into(),
            rules: OnceCell::new(),
        }
    }

    fn answered(&self, body: String, changes: Changes) -> Result<Answer, DeskError> {
        Ok(Answer {
            body,
            events: self.events(changes)?,
        })
    }

    /// Completes a record for whoever asked.
    fn presented(&self, resource: &Resource, mut record: Record) -> Value {
        // A list of ids has nothing to complete.
        if record.len() > 1 {
            if let Some(shape) = resource.shape {
                shape(&mut record);
            }
            html::complete_pairs(&mut record, resource.pairs, self.html);
            if self.access.sanitised {
                html::sanitise(&mut record, self.html);
            }
        }
        Value::Object(record)
    }

    /// See [`whole`].
    pub(super) fn whole(
        &self,
        resource: &Resource,
        id: u64,
    ) -> Result<Option<Value>, StorageError> {
        whole(self.records, self.html, resource, id)
    }

    pub(super) fn completed(&self, resource: &Resource, shown: Record) -> Value {
        completed(self.html, resource, shown)
    }
}

/// A record for runbooks: as it is kept, with what it refers to and both halves of its notes.
pub(super) fn whole(
    records: &dyn Records,
    html: &dyn Html,
    resource: &Resource,
    id: u64,
) -> Result<Option<Value>, StorageError> {
    let shown = records.shown(resource, id)?;
    Ok(shown.map(|shown| completed(html, resource, shown)))
}

fn completed(html: &dyn Html, resource: &Resource, shown: Record) -> Value {
    let mut record = with_objects(resource, shown);
    html::complete_pairs(&mut record, resource.pairs, html);
    Value::Object(record)
}

/// Counts what one request brings together, because all of it is held in memory at once.
#[derive(Default)]
pub(super) struct Size(usize);

impl Size {
    pub(super) fn add(&mut self, text: &str) -> Result<(), DeskError> {
        self.0 += text.len();
        if self.0 > ListQuery::MOST_BYTES {
            return Err(TOO_LARGE);
        }
        Ok(())
    }
}

const TOO_LARGE: DeskError = DeskError::AnswerTooLarge {
    most: ListQuery::MOST_BYTES,
};

impl Answer {
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the value ends here: it becomes the body"
    )]
    fn of(body: Value) -> Self {
        Self {
            body: body.to_string(),
            events: Vec::new(),
        }
    }
}

/// What a list begins with, up to its first record.
fn opening(key: &str, page: Option<PageNumber>, count: u64) -> String {
    let page = page.map_or_else(String::new, |PageNumber { number, size }| {
        format!("\"page_no\":{number},\"page_size\":{size},")
    });
    format!("{{{page}\"record_count\":{count},{}:[", json::quote(key))
}

/// Adds what a record refers to as `{id, name}`, so that `<<ticket^status^name>>` finds it.
fn with_objects(resource: &Resource, mut record: Record) -> Record {
    for (field, reference) in resource.references() {
        let shown_name = reference.shows.first().map_or(&Value::Null, |(shown, _)| {
            record.get(*shown).unwrap_or(&Value::Null)
        });
        let object = match record.get(field.name) {
            None | Some(Value::Null) => Value::Null,
            Some(id) => json!({ "id": id, "name": shown_name }),
        };
        record.insert(reference.object.to_owned(), object);
    }
    record
}
