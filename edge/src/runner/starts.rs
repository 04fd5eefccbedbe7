//! What is known of the starts from outside beside their runs: which secrets prove them, and which were ignored.

use shared::api::{IgnoredStart, StartsReport};
use shared::mask::Mask;

use super::protocol::Owner;
use super::room::Room;
use crate::error::Failure;

impl Room {
    pub(super) fn starts(&self) -> Result<StartsReport, Failure> {
        let Some(installed) = self.installed()? else {
            return Ok(StartsReport::default());
        };
        let owner = Owner::Runbook(installed.plan.document().runbook.id.clone());
        let secrets = self.secrets(&installed.plan)?;
        let mask = Mask::new(secrets.iter().map(String::as_str));
        let ignored = self.tables.ignored()?.into_iter();
        Ok(StartsReport {
            secrets: self.tables.uses(&owner)?,
            ignored: ignored
                .map(|start| IgnoredStart {
                    explanation: mask.apply(&start.explanation).into_owned(),
                    ..start
                })
                .collect(),
        })
    }
}
