//! A path that is being looked for, and what has been found of it so far.

use std::collections::VecDeque;

use crate::json::scan::Scanner;
use crate::output::OutputPath;
use crate::output::segment::{Segment, Test};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The path got as far as this segment, and the value that begins at `start` does
    /// not have it (or not yet).
    Missing { segment: usize, start: usize },
    /// A slice of the body.
    Found { start: usize, end: usize },
    /// What [`Target::collected`] holds.
    Collected,
}

/// An array that is being collected.
#[derive(Debug, Clone, Copy)]
struct Collection {
    /// Where its first element goes,
    open: usize,
    /// where the present element goes, its comma included,
    element: usize,
    /// and without it.
    content: usize,
}

#[derive(Debug)]
pub(super) struct Target<'p> {
    pub(super) path: &'p OutputPath,
    pub(super) outcome: Outcome,
    /// The text of the arrays that are being collected. Behind the innermost one's
    /// content it may hold what an earlier, equal key has left.
    pub(super) collected: String,
    collections: Vec<Collection>,
    /// Where the last elements of an array begin. One array at a time needs this: an
    /// index from the end goes on only when its array is over.
    last_elements: VecDeque<usize>,
    /// The answers to the path's tests, by their number.
    answers: Vec<bool>,
}

impl<'p> Target<'p> {
    pub(super) fn new(path: &'p OutputPath) -> Self {
        let tests = path.segments().iter().map(|segment| segment.tests().len());
        Self {
            path,
            outcome: Outcome::Missing {
                segment: 0,
                start: 0,
            },
            collected: String::new(),
            collections: Vec::new(),
            last_elements: VecDeque::new(),
            answers: vec![false; tests.sum()],
        }
    }

    pub(super) fn segments(&self) -> &'p [Segment] {
        self.path.segments()
    }

    pub(super) fn answer(&mut self, test: &Test, passes: bool) {
        if let Some(answer) = self.answers.get_mut(test.number) {
            *answer = passes;
        }
    }

    pub(super) fn passed(&self, tests: &[Test]) -> bool {
        tests
            .iter()
            .all(|test| self.answers.get(test.number).is_some_and(|answer| *answer))
    }

    /// Begins to remember the elements of another array.
    pub(super) fn forget(&mut self) {
        self.last_elements.clear();
    }

    /// Remembers an element as one of the last `count`.
    pub(super) fn remember(&mut self, start: usize, count: u64) {
        if self.last_elements.len() as u64 == count {
            self.last_elements.pop_front();
        }
        self.last_elements.push_back(start);
    }

    /// The `count`th element from the end, if there are so many.
    pub(super) fn remembered(&self, count: u64) -> Option<usize> {
        self.last_elements
            .front()
            .copied()
            .filter(|_| self.last_elements.len() as u64 == count)
    }

    /// Begins an array in the place of whatever an earlier, equal key has left there.
    pub(super) fn begin_collection(&mut self) {
        let content = self.collections.last().map_or(0, |outer| outer.content);
        self.collected.truncate(content);
        self.collected.push('[');
        let open = self.collected.len();
        self.collections.push(Collection {
            open,
            element: open,
            content: open,
        });
    }

    pub(super) fn begin_element(&mut self) {
        if let Some(collection) = self.collections.last_mut() {
            collection.element = self.collected.len();
            if collection.element > collection.open {
                self.collected.push(',');
            }
            collection.content = self.collected.len();
        }
    }

    /// Adds what the rest of the path has found in the element, or nothing.
    pub(super) fn end_element(&mut self, scanner: &Scanner<'_>) {
        let Some(collection) = self.collections.last() else {
            return;
        };
        match self.outcome {
            Outcome::Found { start, end } => {
                self.collected.push_str(scanner.slice(start, end));
            }
            Outcome::Collected => {}
            Outcome::Missing { .. } => self.collected.truncate(collection.element),
        }
    }

    pub(super) fn end_collection(&mut self) {
        self.collections.pop();
        self.collected.push(']');
        self.outcome = Outcome::Collected;
    }
}
