//! The turns of elements that go on side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::changes::Changes;
use super::{Branch, BranchId, Known};
use crate::engine::steps::{Elements, Left};
use crate::problem::ErrorDetail;

/// The turn of an element.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Turn {
    /// The branch that waits for its end.
    parent: BranchId,
    /// The step that goes through the array.
    step: usize,
    element: usize,
    pub(super) path: Arc<[u32]>,
    /// The number of visits when it began.
    after: usize,
}

/// Elements that have their turns side by side.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spread {
    step: usize,
    elements: Elements,
    /// What each turn begins with.
    pub(super) known: Known,
    /// How many turns are under way.
    open: usize,
    /// What turns have changed that ended before an earlier element's.
    ended: BTreeMap<usize, Changes>,
    merged: usize,
}

impl Spread {
    pub(super) fn bytes(&self) -> usize {
        self.ended.values().map(Changes::bytes).sum()
    }
}

/// All branches of a run.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) struct Branches {
    main: Branch,
    turns: BTreeMap<BranchId, Branch>,
    next: u32,
}

/// What follows in a branch whose elements have their turns side by side.
pub(in crate::engine) enum Next {
    /// Turns are under way, and no other may begin.
    Waits,
    /// This branch begins, with the turn of an element.
    Turn(BranchId, Left),
    /// All turns have ended.
    Finished(Left),
}

impl Branches {
    /// One branch, which begins with this.
    pub(in crate::engine) fn new(known: Known) -> Self {
        Self {
            main: Branch::new(known, None),
            turns: BTreeMap::new(),
            next: 1,
        }
    }

    pub(in crate::engine) fn main(&self) -> &Branch {
        &self.main
    }

    /// The places of the loops that the main branch has begun and not gone through, the outermost first; those
    /// that it has left early are among them.
    pub(in crate::engine) fn main_loops(&self) -> impl Iterator<Item = usize> {
        self.main.loops.iter().map(|(step, _)| *step)
    }

    pub(in crate::engine) fn get(&self, id: BranchId) -> Option<&Branch> {
        match id {
            BranchId::MAIN => Some(&self.main),
            _ => self.turns.get(&id),
        }
    }

    pub(in crate::engine) fn get_mut(&mut self, id: BranchId) -> Option<&mut Branch> {
        match id {
            BranchId::MAIN => Some(&mut self.main),
            _ => self.turns.get_mut(&id),
        }
    }

    /// How much the variables of all other branches hold beside those of this one, in bytes. It shares
    /// what those knew within which its turn is.
    pub(in crate::engine) fn bytes_beside(&self, id: BranchId) -> usize {
        let mut around = BTreeSet::new();
        let mut branch = self.get(id);
        while let Some(turn) = branch.and_then(|branch| branch.turn.as_ref()) {
            around.insert(turn.parent);
            branch = self.get(turn.parent);
        }
        let all = [(&BranchId::MAIN, &self.main)]
            .into_iter()
            .chain(&self.turns);
        let others = all.filter(|(other, _)| **other != id);
        others
            .map(|(other, branch)| {
                if around.contains(other) {
                    branch.merged_bytes()
                } else {
                    branch.own_bytes()
                }
            })
            .sum()
    }

    /// The run ends, or waits to begin anew, where this branch is: what it knows is what the run knows.
    pub(in crate::engine) fn end_with(&mut self, id: BranchId) {
        if let Some(mut last) = self.turns.remove(&id) {
            last.turn = None;
            self.main = last;
        }
        self.main.spread = None;
        self.turns.clear();
    }

    /// Whether a branch that comes to this step has ended its turn by that: it goes through the
    /// elements of an array, and this branch is the turn of one of them, or a part of such a turn.
    pub(in crate::engine) fn ends_turn(&self, id: BranchId, step: usize) -> bool {
        let mut branch = self.get(id);
        while let Some(turn) = branch.and_then(|branch| branch.turn.as_ref()) {
            branch = self.get(turn.parent);
            let mut loops = branch.iter().flat_map(|parent| &parent.loops);
            if turn.step == step || loops.any(|(known, _)| *known == step) {
                return true;
            }
        }
        false
    }

    /// A branch comes to elements that have their turns side by side; ask [`Branches::next`] then.
    pub(in crate::engine) fn spread(&mut self, id: BranchId, step: usize, elements: Elements) {
        let Some(branch) = self.get_mut(id) else {
            return;
        };
        branch.spread = Some(Box::new(Spread {
            step,
            elements,
            known: branch.known.clone(),
            open: 0,
            ended: BTreeMap::new(),
            merged: 0,
        }));
    }

    /// Ends the turn of an element, and gives the branch that waits for it and its step that goes
    /// through the array. `Err` is why what the turn changed does not fit to what others did.
    pub(in crate::engine) fn end_turn(
        &mut self,
        id: BranchId,
    ) -> Option<(BranchId, usize, Result<(), ErrorDetail>)> {
        let mut branch = self.turns.remove(&id)?;
        let turn = branch.turn.take()?;
        let parent = self.get_mut(turn.parent)?;
        let mut spread = parent.spread.take()?;
        spread.open = spread.open.saturating_sub(1);
        let is_last = turn.element + 1 == spread.elements.count();
        let changes = branch.into_changes(is_last, turn.after);
        spread.ended.insert(turn.element, changes);
        let mut merged = Ok(());
        while let Some(changes) = spread.ended.remove(&spread.merged) {
            spread.merged += 1;
            merged = merged.and_then(|()| parent.merge(changes));
        }
        parent.spread = Some(spread);
        Some((turn.parent, turn.step, merged))
    }

    /// What follows, and at which step, in a branch that has come to [`Branches::spread`]. `visits` is how many there were.
    pub(in crate::engine) fn next(
        &mut self,
        parent: BranchId,
        visits: usize,
    ) -> Option<(usize, Next)> {
        let branch = self.get_mut(parent)?;
        let path = branch.path();
        let spread = branch.spread.as_mut()?;
        let step = spread.step;
        if spread.open >= spread.elements.at_once() {
            return Some((step, Next::Waits));
        }
        let element = spread.elements.passed();
        let Some(left) = spread.elements.turn() else {
            if spread.open > 0 {
                return Some((step, Next::Waits));
            }
            let left = spread.elements.end();
            branch.spread = None;
            return Some((step, Next::Finished(left)));
        };
        spread.open += 1;
        let number = u32::try_from(element + 1).unwrap_or(u32::MAX);
        let turn = Turn {
            parent,
            step,
            element,
            path: path.iter().copied().chain([number]).collect(),
            after: visits,
        };
        let child = Branch::new(spread.known.clone(), Some(turn));
        let id = BranchId(self.next);
        self.next = self.next.saturating_add(1);
        self.turns.insert(id, child);
        Some((step, Next::Turn(id, left)))
    }
}
