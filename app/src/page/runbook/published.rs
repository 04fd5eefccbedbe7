//! What publishing a runbook is, and where its problems are.

use shared::api::PublishReport;
use shared::model::Runbook;

use super::public_access::known_secret;
use super::sections;
use crate::client::{self, Fault};
use crate::page::drafting::{Publishable, Section};

impl Publishable for Runbook {
    const WHOLE: &'static str = "Runbook";
    const GOES_ON: &'static str = "What is published runs unchanged until you publish again.";
    const UNPUBLISHED: &'static str = "Unpublished: nothing starts it now";

    async fn check(&self) -> Result<PublishReport, Fault> {
        client::check_runbook(self).await
    }

    async fn publish(&self) -> Result<PublishReport, Fault> {
        client::publish(&self.id).await
    }

    async fn unpublish(&self) -> Result<(), Fault> {
        client::unpublish(&self.id).await
    }

    fn section(field: &str) -> Option<Section> {
        sections::of(field)
    }

    fn counts_at_once(&self) -> Option<&'static str> {
        known_secret(self).is_some().then_some(
            " The password or secret key that you have entered counts as soon as you save.",
        )
    }
}
