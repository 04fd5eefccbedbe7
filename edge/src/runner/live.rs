//! The runs that are alive in memory, and who waits for them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use futures_channel::oneshot;
use serde::{Deserialize, Serialize};
use shared::engine::{Reply, RunStatus};
use shared::model::{RawJson, RunId};
use shared::problem::ErrorDetail;

/// How a run ended, as callers are told it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Ended {
    pub(super) status: RunStatus,
    pub(super) outputs: Option<RawJson>,
    /// Why it failed, secrets masked.
    pub(super) error: Option<ErrorDetail>,
}

/// What a caller is told who waits for an answer.
#[derive(Debug, Clone)]
pub(super) enum Told {
    /// A step has answered; the run goes on.
    Reply(Rc<Reply>),
    Ended(Ended),
}

/// The runs that are being executed.
#[derive(Debug, Default)]
pub(super) struct Live {
    runs: RefCell<HashMap<RunId, Hold>>,
    /// Who waits for runs that wait for their turn themselves.
    queued: RefCell<HashMap<RunId, Company>>,
    /// Who waits for one run to leave, whichever.
    until_one_leaves: RefCell<Vec<oneshot::Sender<()>>>,
}

#[derive(Debug)]
struct Hold {
    company: Company,
    reply: Option<Rc<Reply>>,
    cancel: Option<oneshot::Sender<()>>,
}

/// Who waits for a run.
#[derive(Debug, Default)]
struct Company {
    /// For its end.
    waiting: Vec<oneshot::Sender<Ended>>,
    /// For an answer.
    callers: Vec<oneshot::Sender<Told>>,
}

impl Company {
    fn wait_for_end(&mut self) -> oneshot::Receiver<Ended> {
        let (sender, receiver) = oneshot::channel();
        self.waiting.push(sender);
        receiver
    }

    fn wait_for_answer(&mut self) -> oneshot::Receiver<Told> {
        let (sender, receiver) = oneshot::channel();
        self.callers.push(sender);
        receiver
    }

    /// Tells all of them; who waited may have gone.
    fn tell(self, ended: &Ended) {
        for waiting in self.waiting {
            let _ = waiting.send(ended.clone());
        }
        for caller in self.callers {
            let _ = caller.send(Told::Ended(ended.clone()));
        }
    }
}

impl Live {
    /// Takes a run in, with what a step of it has answered; what comes back tells when somebody
    /// cancels it.
    pub(super) fn enter(&self, id: RunId, reply: Option<Reply>) -> oneshot::Receiver<()> {
        let (cancel, cancelled) = oneshot::channel();
        let hold = Hold {
            company: self.queued.borrow_mut().remove(&id).unwrap_or_default(),
            reply: reply.map(Rc::new),
            cancel: Some(cancel),
        };
        self.runs.borrow_mut().insert(id, hold);
        cancelled
    }

    pub(super) fn holds(&self, id: &RunId) -> bool {
        self.runs.borrow().contains_key(id)
    }

    pub(super) fn count(&self) -> usize {
        self.runs.borrow().len()
    }

    /// Tells when a run has ended; nothing where it is not alive.
    pub(super) fn wait_for(&self, id: &RunId) -> Option<oneshot::Receiver<Ended>> {
        let mut runs = self.runs.borrow_mut();
        Some(runs.get_mut(id)?.company.wait_for_end())
    }

    /// Tells when a run has ended that waits for its turn.
    pub(super) fn wait_for_queued(&self, id: RunId) -> oneshot::Receiver<Ended> {
        let mut queued = self.queued.borrow_mut();
        queued.entry(id).or_default().wait_for_end()
    }

    /// Tells what the caller of a run is answered that waits for its turn.
    pub(super) fn wait_for_queued_answer(&self, id: RunId) -> oneshot::Receiver<Told> {
        let mut queued = self.queued.borrow_mut();
        queued.entry(id).or_default().wait_for_answer()
    }

    /// A run has ended without ever having had its turn.
    pub(super) fn leave_queue(&self, id: &RunId, ended: &Ended) {
        let company = self.queued.borrow_mut().remove(id);
        company.unwrap_or_default().tell(ended);
    }

    /// Tells what a caller is answered; nothing where the run is not alive.
    pub(super) fn wait_for_answer(&self, id: &RunId) -> Option<oneshot::Receiver<Told>> {
        let mut runs = self.runs.borrow_mut();
        let hold = runs.get_mut(id)?;
        let Some(reply) = &hold.reply else {
            return Some(hold.company.wait_for_answer());
        };
        let (sender, receiver) = oneshot::channel();
        // The receiver is here.
        let _ = sender.send(Told::Reply(Rc::clone(reply)));
        Some(receiver)
    }

    /// What a step of a run that is alive has answered.
    pub(super) fn reply_of(&self, id: &RunId) -> Option<Reply> {
        let runs = self.runs.borrow();
        Some((*runs.get(id)?.reply.as_ref()?.as_ref()).clone())
    }

    /// Answers all callers of a run, and those that still come.
    pub(super) fn reply(&self, id: &RunId, reply: &Reply) {
        let mut runs = self.runs.borrow_mut();
        let Some(hold) = runs.get_mut(id) else {
            return;
        };
        let reply = Rc::new(reply.clone());
        for caller in hold.company.callers.drain(..) {
            // Who waited may have gone.
            let _ = caller.send(Told::Reply(Rc::clone(&reply)));
        }
        hold.reply = Some(reply);
    }

    /// Asks a run to end; whether it was alive.
    pub(super) fn cancel(&self, id: &RunId) -> bool {
        let mut runs = self.runs.borrow_mut();
        let Some(hold) = runs.get_mut(id) else {
            return false;
        };
        if let Some(cancel) = hold.cancel.take() {
            // A run that is just ending does not listen any more.
            let _ = cancel.send(());
        }
        true
    }

    /// Lets a run go. `ended` is missing where it could not be brought to its end.
    pub(super) fn leave(&self, id: &RunId, ended: Option<&Ended>) {
        let Some(hold) = self.runs.borrow_mut().remove(id) else {
            return;
        };
        if let Some(ended) = ended {
            hold.company.tell(ended);
        }
        for waiting in self.until_one_leaves.take() {
            let _ = waiting.send(());
        }
    }

    /// Waits until at most so many runs are alive.
    pub(super) async fn at_most(&self, count: usize) {
        while self.count() > count {
            let (sender, receiver) = oneshot::channel();
            self.until_one_leaves.borrow_mut().push(sender);
            // The sender is kept until it is used.
            let _ = receiver.await;
        }
    }
}
