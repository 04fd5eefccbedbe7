//! What publishing hands over, and what changes between one publishing and the next.

use std::rc::Rc;

use super::protocol::{Credential, Installation, Owner};
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
            tables.install(plan, installation.enabled)?;
            tables.put_credentials(&installation.owners(), &installation.credentials)
        })
        .await
    }

    pub(super) async fn switch(self: &Rc<Self>, enabled: bool) -> Result<(), Failure> {
        self.change(move |tables| tables.switch(enabled)).await
    }

    pub(super) async fn remove(self: &Rc<Self>) -> Result<(), Failure> {
        self.change(Tables::uninstall).await
    }

    pub(super) async fn update_credentials(
        self: &Rc<Self>,
        owners: Vec<Owner>,
        credentials: Vec<Credential>,
    ) -> Result<(), Failure> {
        self.change(move |tables| tables.put_credentials(&owners, &credentials))
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
