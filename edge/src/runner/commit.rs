//! Group commit. A commit costs a wait for the disk, and the runtime makes one of all that is
//! written without a wait in between; so writes that come up while other events are being
//! dealt with are gathered, and written together.
//!
//! What a run does next needs no wait of its own for the disk: the runtime holds requests and
//! answers back until what was written before them is there.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures_channel::oneshot;
use worker::Delay;
use worker::wasm_bindgen_futures::spawn_local;

use super::live::Live;
use super::tables::Tables;
use crate::error::Failure;

type Work = Box<dyn FnOnce(&Tables)>;

/// The writes of one object.
pub(super) struct Commits {
    tables: Rc<Tables>,
    live: Rc<Live>,
    gathered: RefCell<Vec<Work>>,
    is_scheduled: Cell<bool>,
}

impl Commits {
    pub(super) fn new(tables: Rc<Tables>, live: Rc<Live>) -> Rc<Self> {
        Rc::new(Self {
            tables,
            live,
            gathered: RefCell::default(),
            is_scheduled: Cell::new(false),
        })
    }

    /// Carries out `work` with the next group, or at once where nobody would join it; it is all or nothing.
    pub(super) async fn write<T: 'static>(
        self: &Rc<Self>,
        work: impl FnOnce(&Tables) -> Result<T, Failure> + 'static,
    ) -> Result<T, Failure> {
        if self.live.count() <= 1 && !self.is_scheduled.get() {
            return self.tables.atomically(|| work(&self.tables));
        }
        let (sender, receiver) = oneshot::channel();
        self.gathered.borrow_mut().push(Box::new(move |tables| {
            // Who asked may have gone; what was to be written is written all the same.
            let _ = sender.send(tables.atomically(|| work(tables)));
        }));
        if !self.is_scheduled.replace(true) {
            spawn_local(Rc::clone(self).write_gathered());
        }
        receiver
            .await
            .map_err(|error| Failure::internal("commit", &error))?
    }

    async fn write_gathered(self: Rc<Self>) {
        // A timer comes after the events that are waiting already: they join this group.
        Delay::from(Duration::ZERO).await;
        self.is_scheduled.set(false);
        let group = self.gathered.take();
        for work in group {
            work(&self.tables);
        }
    }
}

impl std::fmt::Debug for Commits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Commits").finish_non_exhaustive()
    }
}
