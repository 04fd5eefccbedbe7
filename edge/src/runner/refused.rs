//! The starts from outside that were refused, for the owner's eyes. Nothing of them is written down, so that whoever
//! may not start a runbook leaves nothing behind; they are kept outside of the object, because one that nobody asks for
//! anything leaves the memory within seconds.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::IpAddr;

use shared::api::RefusedStart;
use shared::authorization::{RefusedStarts, WhyRefused};
use shared::model::{RunbookId, Timestamp};

/// Of so many objects; whose refusals are forgotten where there are more is left to chance.
const MOST_OBJECTS: usize = 256;

type Home = (RunbookId, u16);

thread_local! {
    static REFUSED: RefCell<HashMap<Home, RefusedStarts>> = RefCell::default();
}

pub(super) fn note(
    runbook: &RunbookId,
    shard: u16,
    why: WhyRefused,
    from: Option<IpAddr>,
    now: Timestamp,
) {
    REFUSED.with_borrow_mut(|refused| {
        let home = (runbook.clone(), shard);
        if refused.len() >= MOST_OBJECTS
            && !refused.contains_key(&home)
            && let Some(other) = refused.keys().next().cloned()
        {
            refused.remove(&other);
        }
        refused.entry(home).or_default().note(why, from, now);
    });
}

/// The newest first.
pub(super) fn list(runbook: &RunbookId, shard: u16) -> Vec<RefusedStart> {
    REFUSED.with_borrow(|refused| {
        let home = (runbook.clone(), shard);
        refused
            .get(&home)
            .map(RefusedStarts::list)
            .unwrap_or_default()
    })
}
