//! What callers were told.

use std::collections::{BTreeMap, BTreeSet};

use edge_tests::{Answer, console::text};
use serde_json::Value;

/// By the number of the start.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    answers: BTreeMap<usize, (u16, Value)>,
    runs: BTreeMap<usize, String>,
    acted: BTreeSet<usize>,
    lost: usize,
}

impl Ledger {
    pub(crate) fn answered(&mut self, number: usize, answer: &Answer) {
        assert!(
            matches!(answer.status, 200 | 202),
            "{number}: {} {}",
            answer.status,
            answer.text()
        );
        let body = answer.json();
        self.runs.insert(number, text(&body["run_id"]));
        self.answers.insert(number, (answer.status, body));
    }

    /// The action of that number was taken.
    pub(crate) fn acted(&mut self, number: usize) {
        self.acted.insert(number);
    }

    /// A request was sent whose answer never came.
    pub(crate) fn lost(&mut self) {
        self.lost += 1;
    }

    pub(crate) fn lost_answers(&self) -> usize {
        self.lost
    }

    pub(crate) fn answers(&self) -> impl Iterator<Item = (&usize, &(u16, Value))> {
        self.answers.iter()
    }

    /// The ids that callers were told.
    pub(crate) fn runs(&self) -> impl Iterator<Item = &String> {
        self.runs.values()
    }

    pub(crate) fn acted_on(&self) -> impl Iterator<Item = &usize> {
        self.acted.iter()
    }
}
