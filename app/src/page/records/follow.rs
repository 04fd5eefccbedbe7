//! What is shown here changes elsewhere, too: by other people, by programs, by runbooks.

use leptos::prelude::*;
use shared::desk::Resource;

use crate::client::use_live;

/// Calls `again` when records of that kind changed, or what they refer to; or when they may have, because events are missed
/// while there is no connection. With an id, only what concerns that record counts.
pub(super) fn follow(
    resource: &'static Resource,
    id: Option<u64>,
    again: impl Fn() + Send + Sync + 'static,
) {
    let live = use_live();
    let again = Callback::new(move |()| again());
    Effect::new(move |before: Option<u32>| {
        let connections = live.connections.get();
        if before.is_some_and(|before| before != connections) {
            again.run(());
        }
        connections
    });
    live.each(move |event| {
        let mut shown = resource.references();
        if event.concerns(resource.name, id)
            || shown.any(|(_, reference)| event.concerns(reference.to.name, None))
        {
            again.run(());
        }
    });
}
