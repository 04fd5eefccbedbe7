//! The lines of steps that a run goes along at the same time.
//!
//! A run has a main branch. Where the elements of an array have their turns side by side, each has a
//! branch of its own: it begins with what was known before the first element, and knows nothing of the
//! others. When a turn has ended, what it changed is merged into the branch that waits for it, in the order
//! of the elements, whichever of them was faster.

mod changes;
mod turns;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use changes::{Change, end_of_elements};
pub(super) use turns::{Branches, Next};
use turns::{Spread, Turn};

use super::RunContext;
use super::outputs::SetVariable;
use super::plan::Plan;
use super::run::variables;
use super::state::Failure;
use super::steps::{Elements, RESPONSE, ResponseVariables};
use crate::model::Timestamp;
use crate::start::Trigger;
use crate::template::{Variable, Variables};

/// Names a branch: they are numbered in the order in which they began, the main one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct BranchId(u32);

impl BranchId {
    pub(super) const MAIN: Self = Self(0);
}

/// What steps leave for those behind them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    pub(super) variables: Variables,
    /// Names of the variables whose values are not to be read.
    pub(super) secret_names: BTreeSet<String>,
    pub(super) failure: Option<Failure>,
}

impl Known {
    /// What is known before the first step.
    pub(super) fn at_start(
        plan: &Plan,
        trigger: &Trigger,
        context: &RunContext,
        now: Timestamp,
    ) -> Self {
        Self {
            variables: variables::first_variables(plan, trigger, context, now),
            secret_names: trigger.secret_names(),
            failure: None,
        }
    }
}

/// One line of steps.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Branch {
    pub(super) known: Known,
    /// What steps that go through arrays have left, by their places in the plan, the innermost last.
    loops: Vec<(usize, Elements)>,
    /// The variables that have changed since it began.
    changes: BTreeMap<String, Change>,
    /// Whose turn it is; nothing for the main branch.
    turn: Option<Turn>,
    /// What it waits for, where elements have their turns side by side.
    spread: Option<Box<Spread>>,
}

impl Branch {
    fn new(known: Known, turn: Option<Turn>) -> Self {
        Self {
            known,
            loops: Vec::new(),
            changes: BTreeMap::new(),
            turn,
            spread: None,
        }
    }

    /// The numbers, from 1, of the elements whose turn this is, the outermost first; none for the
    /// main branch.
    pub(super) fn path(&self) -> Arc<[u32]> {
        self.turn
            .as_ref()
            .map_or_else(|| Arc::from([]), |turn| Arc::clone(&turn.path))
    }

    /// What a step has left to go through. Loops that were begun after it are over: with its next
    /// element they begin anew.
    pub(super) fn take_elements(&mut self, step: usize) -> Option<Elements> {
        let place = self.loops.iter().position(|(known, _)| *known == step)?;
        self.loops.truncate(place + 1);
        self.loops.pop().map(|(_, elements)| elements)
    }

    pub(super) fn put_elements(&mut self, step: usize, elements: Elements) {
        self.loops.push((step, elements));
    }

    /// Gives a variable its new value.
    pub(super) fn set(&mut self, set: &SetVariable) {
        let old = self.known.variables.get(&set.name);
        let change = if set.adds {
            Change::Added {
                behind: old.map_or(1, |old| end_of_elements(old.json())),
            }
        } else {
            Change::Set
        };
        self.note(&set.name, change);
        variables::set(&mut self.known.variables, set);
        if set.secret {
            self.known.secret_names.insert(set.name.clone());
        }
    }

    pub(super) fn set_response(&mut self, response: ResponseVariables) {
        for name in RESPONSE {
            self.note(name, Change::Set);
        }
        if response.secret {
            self.known.secret_names.insert(RESPONSE[0].to_owned());
        } else {
            self.known.secret_names.remove(RESPONSE[0]);
        }
        variables::set_response(&mut self.known.variables, response);
    }

    /// Of what changed in a variable, a new value is more than new elements.
    fn note(&mut self, name: &str, change: Change) {
        match (self.changes.get_mut(name), change) {
            (Some(known), Change::Set) => *known = Change::Set,
            (Some(_), Change::Added { .. }) => {}
            (None, _) => _ = self.changes.insert(name.to_owned(), change),
        }
    }

    /// How much its variables hold that those of others do not, in bytes.
    fn own_bytes(&self) -> usize {
        self.bytes_that(|_, _| true)
    }

    /// How much they hold that turns have brought for whose end it waits, in bytes.
    fn merged_bytes(&self) -> usize {
        let spread = self.spread.as_ref();
        let begun_with = |name: &str| spread?.known.variables.get(name);
        self.bytes_that(|name, value| !begun_with(name).is_some_and(|old| old.shares(value)))
    }

    fn bytes_that(&self, counts: impl Fn(&str, &Variable) -> bool) -> usize {
        let own = self.changes.keys();
        let own = own.filter_map(|name| Some((name, self.known.variables.get(name)?)));
        let own = own.filter(|(name, value)| counts(name, value));
        let ended = self.spread.as_ref().map_or(0, |spread| spread.bytes());
        own.map(|(_, value)| value.json().len()).sum::<usize>() + ended
    }
}
