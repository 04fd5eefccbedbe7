//! What is known of the starts from outside beside their runs: which secrets prove them, which were ignored, and
//! which were refused.

use shared::api::{IgnoredStart, RefusedStart, StartsReport};
use shared::model::Timestamp;

use super::protocol::Owner;
use super::refused;
use super::room::{Installed, Room};
use crate::error::Failure;

/// For how long it is taken for written down that a secret was used, so that hardly any start asks the tables.
const LOOKS_EVERY_MS: u64 = 10 * 60 * 1000;

impl Room {
    /// Notes which secret has proved something from outside, whatever becomes of that.
    pub(super) fn note_use(
        &self,
        installed: &Installed,
        place: Option<&str>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let Some(place) = place else { return Ok(()) };
        let mut noted = self.noted_uses.borrow_mut();
        if noted
            .get(place)
            .is_some_and(|at| now.saturating_sub(*at) < LOOKS_EVERY_MS)
        {
            return Ok(());
        }
        let owner = Owner::Runbook(installed.plan.document().runbook.id.clone());
        self.tables.note_use(&owner, place, now)?;
        noted.insert(place.to_owned(), now);
        Ok(())
    }

    pub(super) fn starts(&self) -> Result<StartsReport, Failure> {
        let Some(installed) = self.installed()? else {
            return Ok(StartsReport::default());
        };
        let id = &installed.plan.document().runbook.id;
        let owner = Owner::Runbook(id.clone());
        let mask = self.hidden(&installed.plan)?.mask;
        let ignored = self.tables.ignored()?.into_iter();
        Ok(StartsReport {
            secrets: self.tables.uses(&owner)?,
            ignored: ignored
                .map(|start| IgnoredStart {
                    explanation: mask.apply(&start.explanation).into_owned(),
                    ..start
                })
                .collect(),
            refused: refused::list(id, installed.shard)
                .into_iter()
                .map(|start| RefusedStart {
                    reason: mask.apply(&start.reason).into_owned(),
                    ..start
                })
                .collect(),
        })
    }
}
