//! The runs that are shown: read once, then kept up to date by what is told of each.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{Fit, Redone, RunsPage, RunsQuery};
use shared::engine::RunSummary;
use shared::model::RunId;

use crate::client::{self, Fault, use_live};
use crate::ui::toast;

/// A row: it stays in its place, whatever becomes of its run.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub(super) id: RunId,
    pub(super) run: ArcRwSignal<RunSummary>,
}

impl Shown {
    fn new(run: RunSummary) -> Self {
        Self {
            id: run.run_id.clone(),
            run: ArcRwSignal::new(run),
        }
    }
}

/// The list.
#[derive(Debug, Clone, Copy)]
pub(super) struct RunList {
    pub(super) query: Memo<RunsQuery>,
    /// Nothing while the first page is on its way.
    pub(super) rows: RwSignal<Option<Result<Vec<Shown>, Fault>>>,
    /// Those that have begun since and belong here, in the order in which that was told.
    pub(super) fresh: RwSignal<Vec<RunSummary>>,
    /// Those that need not be done again.
    pub(super) redone: RwSignal<Redone>,
    /// The `after` of the next page.
    pub(super) next: RwSignal<Option<String>>,
    pub(super) more_busy: RwSignal<bool>,
    /// Whether somebody looks at the rows: then none is put among them.
    pub(super) is_read: RwSignal<bool>,
    wanted: RwSignal<u32>,
    /// Since when runs have begun of which only the server knows whether they belong here.
    unknown_since: RwSignal<Option<u64>>,
    asking: RwSignal<bool>,
}

impl RunList {
    pub(super) fn new(query: Memo<RunsQuery>) -> Self {
        let list = Self {
            query,
            rows: RwSignal::new(None),
            fresh: RwSignal::new(Vec::new()),
            redone: RwSignal::new(Redone::default()),
            next: RwSignal::new(None),
            more_busy: RwSignal::new(false),
            is_read: RwSignal::new(false),
            wanted: RwSignal::new(0),
            unknown_since: RwSignal::new(None),
            asking: RwSignal::new(false),
        };
        let live = use_live();
        // What happened while there was no connection was missed.
        Effect::new(move |before: Option<(RunsQuery, u32)>| {
            let (query, wanted) = (query.get(), list.wanted.get());
            live.connections.track();
            let is_other = before.as_ref() != Some(&(query.clone(), wanted));
            list.read(query.clone(), is_other);
            (query, wanted)
        });
        live.each_run(move |run| list.take_in(run));
        list
    }

    /// Reads the first page again.
    pub(super) fn again(self) {
        self.rows.set(None);
        self.wanted.update(|wanted| *wanted += 1);
    }

    fn read(self, query: RunsQuery, is_other: bool) {
        spawn_local(async move {
            let page = client::runs(&query).await;
            // An answer to an older question must not replace a newer one.
            if self.query.try_get_untracked().as_ref() != Some(&query) {
                return;
            }
            match page {
                Ok(page) if is_other || !self.has_rows() => self.replace(page),
                Ok(page) => {
                    self.redone.update(|redone| redone.take_page(&page));
                    page.items.into_iter().for_each(|run| self.place(run));
                }
                // What is shown is still there when the connection is not.
                Err(_) if !is_other && self.has_rows() => {}
                Err(fault) => self.rows.set(Some(Err(fault))),
            }
        });
    }

    fn has_rows(self) -> bool {
        self.rows
            .with_untracked(|rows| matches!(rows, Some(Ok(rows)) if !rows.is_empty()))
    }

    fn replace(self, page: RunsPage) {
        self.fresh.set(Vec::new());
        self.unknown_since.set(None);
        let mut redone = Redone::default();
        redone.take_page(&page);
        self.redone.set(redone);
        self.next.set(page.next);
        let rows = page.items.into_iter().map(Shown::new).collect();
        self.rows.set(Some(Ok(rows)));
    }

    /// What is told of a run.
    fn take_in(self, run: RunSummary) {
        if run.started_by.replay_of().is_some() {
            self.redone.update(|redone| redone.take_run(&run));
        }
        if self.patch(&run) {
            return;
        }
        match self.query.with_untracked(|query| query.fits(&run)) {
            Fit::Yes => self.place(run),
            Fit::No => {}
            Fit::MaybeByText => {
                let since = self.unknown_since.get_untracked().unwrap_or(u64::MAX);
                self.unknown_since.set(Some(since.min(run.started_at)));
                self.ask();
            }
        }
    }

    /// Puts the news where the run is known already; whether it was.
    fn patch(self, run: &RunSummary) -> bool {
        let row = self.rows.with_untracked(|rows| {
            let rows = rows.as_ref()?.as_ref().ok()?;
            rows.iter()
                .find(|row| row.id == run.run_id)
                .map(|row| row.run.clone())
        });
        if let Some(row) = row {
            row.set(run.clone());
            return true;
        }
        let is_fresh = self
            .fresh
            .with_untracked(|fresh| fresh.iter().any(|known| known.run_id == run.run_id));
        if is_fresh {
            self.fresh.update(|fresh| {
                if let Some(known) = fresh.iter_mut().find(|known| known.run_id == run.run_id) {
                    *known = run.clone();
                }
            });
        }
        is_fresh
    }

    /// A run that belongs here: on top, unless somebody reads.
    fn place(self, run: RunSummary) {
        if self.patch(&run) {
            return;
        }
        self.fresh.update(|fresh| fresh.push(run));
        if !self.is_read.get_untracked() || !self.has_rows() {
            self.show_fresh();
        }
    }

    /// Puts those that have begun since among the rows.
    pub(super) fn show_fresh(self) {
        let fresh = self.fresh.with_untracked(Clone::clone);
        if fresh.is_empty() {
            return;
        }
        self.fresh.set(Vec::new());
        self.rows.update(|rows| {
            if let Some(Ok(rows)) = rows {
                rows.extend(fresh.into_iter().map(Shown::new));
                rows.sort_by_cached_key(|row| {
                    let started_at = row.run.with_untracked(|run| run.started_at);
                    (std::cmp::Reverse(started_at), row.id.clone())
                });
            }
        });
    }

    /// Asks the server which of the runs that have begun lately hold the text: one question at a time.
    fn ask(self) {
        if self.asking.get_untracked() {
            return;
        }
        let Some(since) = self.unknown_since.get_untracked() else {
            return;
        };
        self.unknown_since.set(None);
        self.asking.set(true);
        let query = self.query.get_untracked();
        let asked = RunsQuery {
            from: Some(since),
            limit: Some(200),
            ..query.clone()
        };
        spawn_local(async move {
            let page = client::runs(&asked).await;
            if self.asking.try_set(false).is_some() {
                return;
            }
            if self.query.try_get_untracked().as_ref() == Some(&query)
                && let Ok(page) = page
            {
                self.redone.update(|redone| redone.take_page(&page));
                page.items.into_iter().for_each(|run| self.place(run));
            }
            self.ask();
        });
    }

    /// Those between two rows that have ended, both included; none where one of them is not shown.
    pub(super) fn ended_between(self, one: &RunId, other: &RunId) -> Vec<RunId> {
        self.rows.with_untracked(|rows| {
            let rows = rows.as_ref().and_then(|rows| rows.as_ref().ok());
            let place = |id: &RunId| rows?.iter().position(|row| row.id == *id);
            let (Some(one), Some(other)) = (place(one), place(other)) else {
                return Vec::new();
            };
            let between = one.min(other)..=one.max(other);
            let between = rows.and_then(|rows| rows.get(between)).unwrap_or_default();
            let ended = between
                .iter()
                .filter(|row| row.run.with_untracked(|run| run.status.has_ended()));
            ended.map(|row| row.id.clone()).collect()
        })
    }

    /// Reads the next page.
    pub(super) fn more(self) {
        let Some(after) = self.next.get_untracked() else {
            return;
        };
        let query = self.query.get_untracked();
        let asked = RunsQuery {
            after: Some(after),
            ..query.clone()
        };
        self.more_busy.set(true);
        spawn_local(async move {
            let page = client::runs(&asked).await;
            if self.more_busy.try_set(false).is_some()
                || self.query.try_get_untracked().as_ref() != Some(&query)
            {
                return;
            }
            match page {
                Ok(page) => {
                    self.redone.update(|redone| redone.take_page(&page));
                    self.next.set(page.next);
                    self.rows.update(|rows| {
                        if let Some(Ok(rows)) = rows {
                            let known: BTreeSet<RunId> =
                                rows.iter().map(|row| row.id.clone()).collect();
                            let new = page.items.into_iter();
                            let new = new.filter(|run| !known.contains(&run.run_id));
                            rows.extend(new.map(Shown::new));
                        }
                    });
                }
                Err(fault) => toast(fault.to_string()),
            }
        });
    }
}
