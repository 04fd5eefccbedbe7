//! The alarm: the heartbeat of a Runner. It keeps the object alive while runs are under way,
//! and after a crash it is what finds them.

use std::cell::Cell;

use shared::model::Timestamp;
use worker::js_sys::{Date, Object, Promise};
use worker::wasm_bindgen::JsValue;
use worker::{State, Storage};

use crate::error::log;

/// How far ahead the alarm stands while runs are under way: so long may a crash stop them.
pub(super) const BEAT_MS: u64 = 2_000;

/// The one alarm of an object.
#[derive(Debug)]
pub(super) struct Alarm {
    storage: Storage,
    /// Whether its handler runs: it has set the alarm before anything else.
    is_handled: Cell<bool>,
}

impl Alarm {
    pub(super) fn new(state: &State) -> Self {
        Self {
            storage: state.storage(),
            is_handled: Cell::new(false),
        }
    }

    /// Has the handler run at once. To be called next to the write that gives it something to
    /// do, without a wait in between: then both are one commit.
    pub(super) fn rouse(&self, now: Timestamp) {
        if !self.is_handled.get() {
            self.set(now);
        }
    }

    /// What the handler does first: should everything end here, it runs again.
    pub(super) fn begin(&self, now: Timestamp) {
        self.is_handled.set(true);
        self.set(now.saturating_add(BEAT_MS));
    }

    /// What the handler does last; `next` is when there will be something to do, if ever.
    pub(super) fn end(&self, next: Option<Timestamp>) {
        self.is_handled.set(false);
        match next {
            Some(at) => self.set(at),
            None => check(self.storage.as_raw().delete_alarm(Object::new())),
        }
    }

    /// The promise tells nothing that has to be awaited: if the commit fails, the object ends.
    fn set(&self, at: Timestamp) {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a time in milliseconds is below 2^53"
        )]
        let at = Date::new(&JsValue::from_f64(at as f64));
        check(self.storage.as_raw().set_alarm(at, Object::new()));
    }
}

fn check(result: Result<Promise, JsValue>) {
    if let Err(error) = result {
        log(&format!("alarm: {error:?}"));
    }
}
