//! The worked example in a fresh workspace.

use super::bundle;
use super::save::Change;
use crate::bind;
use crate::error::Failure;

/// Puts the worked example into a workspace that is opened for the first time, where the deployment
/// is to have it. What people delete of it stays deleted.
pub(super) fn plant(change: &Change<'_>) -> Result<(), Failure> {
    let is_first = change.store.run(
        "INSERT OR IGNORE INTO settings (name, value) VALUES ('seeded', ?)",
        bind![change.config.seed.to_string()],
    )? > 0;
    if is_first && change.config.seed {
        bundle::import(change, shared::seed::bundle()?)?;
    }
    Ok(())
}
