//! What publishing a workflow is, and where its problems are.

use shared::api::PublishReport;
use shared::model::Workflow;

use super::sections::SECTIONS;
use crate::client::{self, Fault};
use crate::page::drafting::{Publishable, Section};

impl Publishable for Workflow {
    const WHOLE: &'static str = "Workflow";
    const GOES_ON: &'static str =
        "New tickets enter what is published, unchanged until you publish again.";
    const UNPUBLISHED: &'static str = "Unpublished: no new ticket enters it now";

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
