//! What publishing hands over, and what changes between one publishing and the next.

use std::rc::Rc;

use super::protocol::{Credential, Installation};
use super::room::{Room, compile};
use super::tables::Tables;
use crate::error::Failure;

impl Room {
    pub(super) async fn install(
        self: &Rc<Self>,
        installation: Installation,
    ) -> Result<(), Failure> {
        // What cannot run must not take the place of what can.
        compile(installation.document.clone()).map_err(|error| Failure::of(422, error))?;
        self.change(move |tables| {
            let plan = tables.add_plan(&installation.document)?;
            tables.install(plan, installation.enabled, installation.shard)?;
            let is_needed = |old: &Credential| installation.sends(&old.owner, &old.destination);
            tables.put_credentials(&installation.owners(), &installation.credentials, is_needed)
        })
        .await
    }

    pub(super) async fn remove(self: &Rc<Self>) -> Result<(), Failure> {
        self.change(Tables::uninstall).await
    }

    /// Adds what a draft signs in with. What the published version has beside them stays.
    pub(super) async fn add_credentials(
        self: &Rc<Self>,
        credentials: Vec<Credential>,
    ) -> Result<(), Failure> {
        self.change(move |tables| tables.put_credentials(&[], &credentials, |_| true))
            .await
    }

    /// Writes, and reads everything anew afterwards.
    pub(super) async fn change(
        self: &Rc<Self>,
        work: impl FnOnce(&Tables) -> Result<(), Failure> + 'static,
    ) -> Result<(), Failure> {
        let room = Rc::clone(self);
        self.commits
            .write(move |tables| {
                work(tables)?;
                room.forget();
                Ok(())
            })
            .await
    }
}
