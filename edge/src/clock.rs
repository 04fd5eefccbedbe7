//! The clock: the only place that reads it.

use std::cell::Cell;

use shared::model::Timestamp;

thread_local! {
    /// How far it was moved, in milliseconds. All objects of a process on one machine share it.
    static AHEAD_MS: Cell<u64> = const { Cell::new(0) };
}

/// Now. On Cloudflare the clock stands still between one wait and the next.
pub fn now() -> Timestamp {
    worker::Date::now()
        .as_millis()
        .saturating_add(AHEAD_MS.get())
}

/// Has it show so much more than the system's clock, as tests do that cannot wait for a day.
pub fn move_ahead(ahead_ms: u64) {
    AHEAD_MS.set(ahead_ms);
}
