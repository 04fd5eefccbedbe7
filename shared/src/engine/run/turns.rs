//! Elements whose turns go on side by side.

use super::Run;
use super::advance::Queue;
use crate::engine::branch::{Branch, BranchId, Next};
use crate::engine::steps::{Exit, Left};
use crate::model::Timestamp;

impl Run {
    /// Begins as many turns as there may be; `first` is the visit by which the first one begins.
    pub(super) fn go_on_spreading(
        &mut self,
        parent: BranchId,
        mut first: Option<usize>,
        queue: &mut Queue,
        now: Timestamp,
    ) {
        while self.state.outcome.is_none() {
            let visits = self.state.visits.len();
            let Some((step, next)) = self.state.branches.next(parent, visits) else {
                return;
            };
            let (branch, left) = match next {
                Next::Waits => return,
                Next::Turn(turn, left) => (turn, left),
                Next::Finished(left) => (parent, left),
            };
            let visit = match first.take() {
                Some(visit) => {
                    self.assign(visit, branch);
                    Some(visit)
                }
                None => self.visit(branch, step, now),
            };
            let next = visit.and_then(|visit| self.leave(visit, left, now));
            queue.extend(next.map(|next| (branch, next)));
        }
    }

    /// A branch has come back to the step that gave an element its turn.
    pub(super) fn end_turn(&mut self, branch: BranchId, queue: &mut Queue, now: Timestamp) {
        let Some((parent, step, merged)) = self.state.branches.end_turn(branch) else {
            return;
        };
        match merged {
            Ok(()) => self.go_on_spreading(parent, None, queue, now),
            Err(error) => {
                let left = Left::with(Exit::Fails(error));
                let visit = self.visit(parent, step, now);
                visit.and_then(|visit| self.leave(visit, left, now));
            }
        }
    }

    fn assign(&mut self, visit: usize, branch: BranchId) {
        let path = self.state.branches.get(branch).map(Branch::path);
        if let (Some(visit), Some(path)) = (self.state.visits.get_mut(visit), path) {
            visit.branch = branch;
            visit.path = path;
        }
    }
}
