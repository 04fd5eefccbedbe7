//! A record while it is edited.

mod following;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use shared::desk::form::{
    changes, check, editable, filled_in, in_words, misspellings, place, repeated_names, text_of,
    was_overtaken,
};
use shared::desk::resource::Field;
use shared::desk::{Record, Resource};

use super::section::{Section, id_of};
use crate::browser::focus_invalid;
use crate::client::{self, Fault};
use crate::editing::Editing;
use crate::ui::{Bound, announce};

/// What is wrong with a field, by its name.
type Problems = Vec<(&'static str, String)>;

/// A record on the page. Copies share their state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    pub section: &'static Section,
    /// None for a record that is not made yet.
    pub id: Option<u64>,
    pub editing: Editing<Record>,
    /// The whole record as the desk shows it, with the names of what it refers to.
    pub shown: RwSignal<Record>,
    /// Something is typed beside the fields, such as into a cell: what is shown must not change under it.
    pub held: RwSignal<bool>,
    /// Somebody else has deleted the record.
    pub gone: RwSignal<bool>,
    problems: RwSignal<Problems>,
    /// Somebody else's changes are to be replaced: that was asked.
    replaces: StoredValue<bool>,
}

impl Form {
    /// A record that the desk has.
    pub(super) fn stored(section: &'static Section, shown: Record) -> Self {
        Self {
            section,
            id: Some(id_of(&shown)),
            editing: Editing::new(editable(section.resource, &shown), 0),
            shown: RwSignal::new(shown),
            held: RwSignal::new(false),
            gone: RwSignal::new(false),
            problems: RwSignal::new(Vec::new()),
            replaces: StoredValue::new(false),
        }
    }

    /// A new record, with what is known of it already.
    pub(super) fn new(section: &'static Section, known: Record) -> Self {
        let mut draft = editable(section.resource, &known);
        for command in section.resource.commands {
            if command.kind == shared::desk::resource::FieldKind::Line {
                draft.insert(command.name.to_owned(), "".into());
            }
        }
        Self {
            section,
            id: None,
            editing: Editing::new(draft, 0),
            shown: RwSignal::new(known),
            held: RwSignal::new(false),
            gone: RwSignal::new(false),
            problems: RwSignal::new(Vec::new()),
            replaces: StoredValue::new(false),
        }
    }

    pub(super) fn resource(self) -> &'static Resource {
        self.section.resource
    }

    /// A field's value; tracked.
    pub(super) fn value(self, name: &str) -> Value {
        self.editing
            .draft
            .with(|draft| draft.get(name).cloned().unwrap_or_default())
    }

    pub(super) fn set(self, name: &str, value: Value) {
        let told = self.problems.get_untracked();
        let wrong_before = self.wrong(&told);
        self.editing.draft.update(|draft| {
            draft.insert(name.to_owned(), value);
        });
        let wrong_now = self.wrong(&told);
        let mut now = told.clone();
        // What is told of another field may be put right by this one.
        now.retain(|problem| {
            problem.0 != name && (!wrong_before.contains(problem) || wrong_now.contains(problem))
        });
        if told.iter().any(|(field, _)| *field == name) {
            // What was told of a text is told as long as it is true.
            now.extend(self.misspelling(name));
        }
        if now != told {
            self.problems.set(now);
        }
    }

    /// What keeps the draft from being sent; nothing where none of it was told.
    fn wrong(self, told: &Problems) -> Problems {
        if told.is_empty() {
            return Vec::new();
        }
        let draft = self.editing.draft;
        draft.with_untracked(|draft| check(self.resource(), draft))
    }

    /// Says of a text that is left whether it looks right.
    pub(super) fn look_at(self, name: &str) {
        if let Some(found) = self.misspelling(name) {
            self.problems.update(|problems| {
                problems.retain(|(field, _)| *field != name);
                problems.push(found);
            });
        }
    }

    fn misspelling(self, name: &str) -> Option<(&'static str, String)> {
        let mut found = self.misspellings().into_iter();
        found.find(|(field, _)| *field == name)
    }

    fn misspellings(self) -> Problems {
        let (draft, saved) = (self.editing.draft, self.editing.saved);
        draft.with_untracked(|draft| {
            saved.with_untracked(|saved| {
                let mut found = misspellings(saved, draft);
                found.extend(repeated_names(self.resource(), saved, draft));
                found
            })
        })
    }

    pub(super) fn problem(self, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.problems.with(|problems| {
                let found = problems.iter().find(|(field, _)| *field == name);
                found.map(|(_, sentence)| sentence.clone())
            })
        })
    }

    pub(super) fn text(self, name: &'static str) -> Bound<String> {
        let value = Memo::new(move |_| text_of(&self.value(name)));
        Bound::new(
            value,
            Callback::new(move |text: String| self.set(name, text.into())),
        )
    }

    /// What cannot be read as a number stays as it was typed; it is refused when it is to be sent.
    pub(super) fn number(self, name: &'static str) -> Bound<String> {
        let value = Memo::new(move |_| text_of(&self.value(name)));
        let change = move |text: String| {
            let value = match (text.trim().is_empty(), text.trim().parse::<i64>()) {
                (true, _) => Value::Null,
                (false, Ok(number)) if number.to_string() == text => number.into(),
                (false, _) => text.into(),
            };
            self.set(name, value);
        };
        Bound::new(value, Callback::new(change))
    }

    pub(super) fn flag(self, name: &'static str) -> Bound<bool> {
        let value = Memo::new(move |_| self.value(name) == Value::Bool(true));
        Bound::new(
            value,
            Callback::new(move |on: bool| self.set(name, on.into())),
        )
    }

    pub(super) fn reference(self, field: &'static Field) -> Bound<Option<u64>> {
        let value = Memo::new(move |_| self.value(field.name).as_u64());
        Bound::new(
            value,
            Callback::new(move |id: Option<u64>| {
                self.set(field.name, id.into());
                // What belongs to the former one does not come along.
                let below: &[&str] = match field.name {
                    "client_id" => &["site_id", "user_id"],
                    "site_id" => &["user_id"],
                    _ => &[],
                };
                for name in below
                    .iter()
                    .filter(|name| self.resource().field(name).is_some())
                {
                    self.set(name, Value::Null);
                }
            }),
        )
    }

    /// Sends what changed; `done` gets the record as the desk has it then.
    pub(super) fn save(self, done: impl FnOnce(Record) + 'static) {
        let is_new = self.id.is_none();
        if !is_new && !self.editing.dirty().get_untracked() {
            return;
        }
        let mut problems = self
            .editing
            .draft
            .with_untracked(|draft| check(self.resource(), draft));
        problems.extend(self.misspellings());
        self.editing.fault.set(None);
        if !problems.is_empty() {
            announce("Not saved: some fields need another value");
            self.problems.set(problems);
            focus_invalid();
            return;
        }
        self.problems.set(Vec::new());
        // It outlives whatever asked for it, such as the question what to do with somebody else's changes.
        let answer = ArcStoredValue::new(None::<Record>);
        let answered = answer.clone();
        // What is typed over: the page may be gone before the desk has answered.
        let saved = self.editing.saved.get_untracked();
        self.editing.save(
            move |_, draft| async move {
                self.look_before(&saved, &draft).await?;
                let sent = self.sent(&saved, &draft);
                let record = client::write_record(self.resource(), sent)
                    .await
                    .map_err(|fault| self.place(fault))?;
                answered.set_value(Some(record.clone()));
                self.shown.set(record.clone());
                Ok((editable(self.resource(), &record), 0))
            },
            move || {
                if let Some(record) = answer.get_value() {
                    done(record);
                }
            },
        );
    }

    /// Saves over what somebody else has saved meanwhile.
    pub(super) fn save_over(self) {
        self.replaces.set_value(true);
        self.save(|_| ());
    }

    /// Takes what the desk holds now, and drops what was typed.
    pub(super) fn reload(self) {
        let Some(id) = self.id else { return };
        spawn_local(async move {
            match client::record(self.resource(), id).await {
                Ok(record) => {
                    self.editing.take(editable(self.resource(), &record), 0);
                    self.shown.set(record);
                }
                Err(fault) => self.editing.fault.set(Some(fault)),
            }
        });
    }

    /// Tells a change that somebody else has made to the same fields. The desk itself lays changes over one another.
    async fn look_before(self, saved: &Record, draft: &Record) -> Result<(), Fault> {
        let replaces = self
            .replaces
            .try_update_value(std::mem::take)
            .unwrap_or_default();
        let Some(id) = self.id.filter(|_| !replaces) else {
            return Ok(());
        };
        let now = match client::record(self.resource(), id).await {
            Ok(now) => editable(self.resource(), &now),
            Err(fault) if fault.is_missing() => return Ok(()),
            Err(fault) => return Err(fault),
        };
        if was_overtaken(self.resource(), saved, draft, &now) {
            return Err(Fault::Changed);
        }
        Ok(())
    }

    fn sent(self, saved: &Record, draft: &Record) -> Record {
        let Some(id) = self.id else {
            return filled_in(draft);
        };
        let mut sent = changes(self.resource(), saved, draft);
        sent.insert("id".to_owned(), id.into());
        // A record that is known by more than its id is named by all of it.
        if let Some((key, _)) = self.resource().key
            && let Some(value) = saved.get(key)
        {
            sent.insert(key.to_owned(), value.clone());
        }
        sent
    }

    /// Shows a refusal at the field that it is about, and puts it in the words of the page.
    fn place(self, fault: Fault) -> Fault {
        let Fault::Refused { status, mut detail } = fault else {
            return fault;
        };
        let field = place(self.resource(), &detail.message);
        detail.message = in_words(&detail.message);
        if let Some(field) = field {
            self.problems
                .update(|problems| problems.push((field, detail.message.clone())));
            focus_invalid();
        }
        Fault::Refused { status, detail }
    }
}
