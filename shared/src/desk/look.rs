//! Looking at tickets whose time has come, or whose service level was changed.

use super::answer::Desk;
use super::changes::Before;
use super::error::DeskError;
use super::protocol::DeskEvent;
use super::resource::TICKET;
use super::service_level::Look;

impl Desk<'_> {
    /// Keeps how a ticket stands now, and gives what is to be told of it. Nothing else of it is changed.
    pub fn look_at(&self, ticket: u64, look: Look) -> Result<Vec<DeskEvent>, DeskError> {
        let Some(stored) = self.records.stored(&TICKET, ticket)? else {
            return Ok(Vec::new());
        };
        let before = self.records.shown(&TICKET, ticket)?.map(Before::Shown);
        let mut now = stored.clone();
        let tracked = self.records.track(&mut now, look, self.now)?;
        if now != stored {
            self.records.update(&TICKET, &now)?;
        }
        self.records.keep_track(ticket, &tracked)?;
        let mut events = Vec::with_capacity(tracked.passed.len());
        for told in tracked.passed {
            let event_id = format!("{}-{ticket}-{}", self.unique, events.len());
            events.extend(self.passed(ticket, told, before.as_ref(), event_id)?);
        }
        Ok(events)
    }
}
