//! Sends records in batches. The desk takes a batch whole or not at all; one that it refuses is sent in halves until
//! the rows are found that it is about.

use std::cell::RefCell;
use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::desk::Record;
use shared::desk::form::in_words;

use crate::browser::unique;
use crate::client::{self, Fault};
use crate::page::records::belongings::{belongings, not_deleted};
use crate::page::records::section::Section;
use crate::ui::announce;

/// The id of the heading above what became of the rows.
pub(super) const OUTCOME: &str = "import-outcome";

/// How many records one request brings.
const BATCH: usize = 100;

/// What became of a row that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Status {
    /// Made, with this id.
    Added(u64),
    Changed,
    Refused(String),
}

thread_local! {
    /// What the last import into each section added: it can still be undone by whoever has looked at the list meanwhile.
    static LAST: RefCell<BTreeMap<&'static str, BTreeMap<usize, Status>>> = RefCell::default();
}

type Batch = Vec<(usize, Record)>;

/// Copies share their state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sending {
    section: &'static Section,
    pub busy: RwSignal<bool>,
    /// Somebody asked to stop: what is on its way is waited for, and nothing more is sent.
    pub stopping: RwSignal<bool>,
    /// What was added is being deleted again.
    pub undoing: RwSignal<bool>,
    /// Why records that were added could not be deleted again.
    pub kept: RwSignal<Vec<String>>,
    /// Why it stopped before its end.
    pub fault: RwSignal<Option<Fault>>,
    /// By the number of the row.
    statuses: RwSignal<BTreeMap<usize, Status>>,
    /// Batches that may have reached the desk although no answer came: sent again as they were, the desk knows them by their keys.
    open: StoredValue<Vec<(String, Batch)>>,
    /// Tells this import from any other.
    name: StoredValue<String>,
}

impl Sending {
    /// With what the last import into the section added.
    pub(super) fn new(section: &'static Section) -> Self {
        let last = LAST.with_borrow(|last| last.get(section.name).cloned());
        Self {
            section,
            busy: RwSignal::new(false),
            stopping: RwSignal::new(false),
            undoing: RwSignal::new(false),
            kept: RwSignal::new(Vec::new()),
            fault: RwSignal::new(None),
            statuses: RwSignal::new(last.unwrap_or_default()),
            open: StoredValue::new(Vec::new()),
            name: StoredValue::new(unique()),
        }
    }

    /// Forgets what was sent, for another sheet.
    pub(super) fn begin_anew(self) {
        self.fault.set(None);
        self.kept.set(Vec::new());
        self.statuses.set(BTreeMap::new());
        self.open.set_value(Vec::new());
        self.name.set_value(unique());
    }

    /// Lets rows that were refused be sent again, because they are read in another way now.
    pub(super) fn read_anew(self) {
        self.statuses
            .update(|all| all.retain(|_, status| !matches!(status, Status::Refused(_))));
        self.name.set_value(unique());
    }

    /// How many rows the desk has taken or refused; tracked.
    pub(super) fn settled(self) -> usize {
        self.statuses.with(BTreeMap::len)
    }

    /// How many rows were added, and how many changed a record; tracked.
    pub(super) fn taken(self) -> (usize, usize) {
        let count = |fits: fn(&Status) -> bool| {
            self.statuses
                .with(|all| all.values().filter(|status| fits(status)).count())
        };
        (
            count(|status| matches!(status, Status::Added(_))),
            count(|status| matches!(status, Status::Changed)),
        )
    }

    /// What was made, by the numbers of the rows; tracked.
    pub(super) fn added(self) -> Vec<(usize, u64)> {
        self.statuses.with(|all| {
            let added = all.iter().filter_map(|(at, status)| match status {
                Status::Added(id) => Some((*at, *id)),
                _ => None,
            });
            added.collect()
        })
    }

    /// Why rows were refused, by their numbers; tracked.
    pub(super) fn refused(self) -> BTreeMap<usize, String> {
        self.statuses.with(|all| {
            let refused = all.iter().filter_map(|(at, status)| match status {
                Status::Refused(sentence) => Some((*at, sentence.clone())),
                Status::Added(_) | Status::Changed => None,
            });
            refused.collect()
        })
    }

    /// Sends those that were not sent yet.
    pub(super) fn send(self, records: Batch) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.stopping.set(false);
        self.fault.set(None);
        let mut open = self.open.get_value();
        let known = |at: usize| {
            self.statuses.with_untracked(|all| all.contains_key(&at))
                || open
                    .iter()
                    .any(|(_, batch)| batch.iter().any(|(other, _)| *other == at))
        };
        let left: Batch = records.into_iter().filter(|(at, _)| !known(*at)).collect();
        let name = self.name.get_value();
        let batches = left.chunks(BATCH).map(|batch| keyed(&name, batch.to_vec()));
        // The last is sent first.
        let batches: Vec<_> = batches.collect();
        open.splice(0..0, batches.into_iter().rev());
        spawn_local(async move {
            // A page that is left stops, too.
            while !self.stopping.try_get_untracked().unwrap_or(true)
                && let Some((key, batch)) = open.pop()
            {
                let bare: Vec<Record> = batch.iter().map(|(_, record)| record.clone()).collect();
                match client::write_records(self.section.resource, &key, &bare).await {
                    Ok(ids) => self.take(&batch, &ids),
                    // Whatever else the desk says is not about a row: asking again later may do.
                    Err(Fault::Refused { status, detail })
                        if !matches!(status, 400 | 404 | 413) =>
                    {
                        open.push((key, batch));
                        self.fault.try_set(Some(Fault::Refused { status, detail }));
                        break;
                    }
                    Err(Fault::Refused { detail, .. }) if batch.len() == 1 => {
                        self.settle(&batch, |_, _| Status::Refused(detail.message.clone()));
                    }
                    Err(Fault::Refused { .. }) => {
                        let (first, second) = batch.split_at(batch.len() / 2);
                        open.push(keyed(&name, second.to_vec()));
                        open.push(keyed(&name, first.to_vec()));
                    }
                    Err(fault) => {
                        open.push((key, batch));
                        self.fault.try_set(Some(fault));
                        break;
                    }
                }
            }
            self.open.try_update_value(|kept| *kept = open);
            self.busy.try_set(false);
            focus_outcome();
            announce(match self.stopping.try_get_untracked() {
                Some(false) => "The import has ended",
                _ => "The import has stopped",
            });
        });
    }

    /// Deletes what was added, the last first; what cannot be deleted stays, and is told.
    pub(super) fn undo(self) {
        if self.busy.get_untracked() {
            return;
        }
        let added = untrack(|| self.added());
        self.busy.set(true);
        self.undoing.set(true);
        self.fault.set(None);
        self.kept.set(Vec::new());
        spawn_local(async move {
            for (at, id) in added.into_iter().rev() {
                match client::delete_record(self.section.resource, id).await {
                    Ok(()) => {
                        self.statuses.try_update(|all| all.remove(&at));
                    }
                    // Somebody else has deleted it meanwhile.
                    Err(fault) if fault.is_missing() => {
                        self.statuses.try_update(|all| all.remove(&at));
                    }
                    Err(Fault::Refused {
                        status: 400,
                        detail,
                    }) => {
                        let sentence = why_kept(self.section, id, &detail.message).await;
                        self.kept.try_update(|kept| kept.push(sentence));
                    }
                    Err(fault) => {
                        self.fault.try_set(Some(fault));
                        break;
                    }
                }
            }
            // Sent once more, the same rows are another import.
            self.name.try_set_value(unique());
            self.undoing.try_set(false);
            self.busy.try_set(false);
            self.remember();
            focus_outcome();
            announce("The import was undone");
        });
    }

    /// Notes what the desk took; it answers in the order of the rows.
    fn take(self, batch: &Batch, ids: &[u64]) {
        self.settle(batch, |place, record| {
            let id = ids.get(place).filter(|_| !record.contains_key("id"));
            id.map_or(Status::Changed, |id| Status::Added(*id))
        });
    }

    fn settle(self, batch: &Batch, status: impl Fn(usize, &Record) -> Status) {
        self.statuses.try_update(|all| {
            let rows = batch.iter().enumerate();
            all.extend(rows.map(|(place, (at, record))| (*at, status(place, record))));
        });
        self.remember();
    }

    /// Keeps what was added for as long as the app is open.
    fn remember(self) {
        let added = self.statuses.try_with_untracked(|all| {
            let added = all.iter();
            let added = added.filter(|(_, status)| matches!(status, Status::Added(_)));
            added
                .map(|(at, status)| (*at, status.clone()))
                .collect::<BTreeMap<_, _>>()
        });
        if let Some(added) = added {
            LAST.with_borrow_mut(|last| last.insert(self.section.name, added));
        }
    }
}

/// What had focus may be gone by then: reading goes on at what became of the rows.
fn focus_outcome() {
    request_animation_frame(|| crate::browser::focus(OUTCOME));
}

/// Why a record that was added could not be deleted, in the words of the pages.
async fn why_kept(section: &'static Section, id: u64, refusal: &str) -> String {
    let name = match client::record(section.resource, id).await {
        Ok(record) => section.name_of(&record),
        Err(_) => format!("Number {id}"),
    };
    match belongings(section, id).await {
        Some(belongings) => not_deleted(&name, belongings),
        None => format!("{name} is not deleted. {}.", in_words(refusal)),
    }
}

/// The same rows have the same key however often they are sent.
fn keyed(name: &str, batch: Batch) -> (String, Batch) {
    let first = batch.first().map_or(0, |(at, _)| *at);
    (format!("{name}-{first}-{}", batch.len()), batch)
}
