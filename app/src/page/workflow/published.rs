//! What publishing a workflow is, and where its problems are.

use shared::api::{Publication, PublishReport, Record};
use shared::model::Workflow;

use super::sections::SECTIONS;
use crate::client::{self, Fault};
use crate::page::drafting::{Publishable, Section};

impl Publishable for Workflow {
    const WHOLE: &'static str = "Workflow";
    const PUBLISHES: &'static str =
        "Saves the draft and makes it the version that new tickets enter";
    const GOES_ON: &'static str =
        "New tickets enter what is published, unchanged until you publish again.";
    const UNPUBLISHED: &'static str = "Unpublished: no new ticket enters it now";

    async fn read(&self) -> Result<(Record<Self>, Publication), Fault> {
        let stored = client::workflow(&self.id).await?;
        Ok((stored.record, stored.publication))
    }

    async fn store(&self, version: u64) -> Result<(Record<Self>, Publication), Fault> {
        let stored = client::save_workflow(version, self).await?;
        Ok((stored.record, stored.publication))
    }

    async fn check(&self) -> Result<PublishReport, Fault> {
        client::check_workflow(self).await
    }

    async fn publish(&self) -> Result<PublishReport, Fault> {
        client::publish_workflow(&self.id).await
    }

    async fn unpublish(&self) -> Result<(), Fault> {
        client::unpublish_workflow(&self.id).await
    }

    fn section(field: &str) -> Option<Section> {
        Section::of(&SECTIONS, field)
    }
}
