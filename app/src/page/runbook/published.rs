//! What publishing a runbook is, and where its problems are.

use shared::api::{IntegrationSummary, Publication, PublishReport, Record};
use shared::model::{HasSecrets as _, Runbook, StepId};

use super::public_access::known_secret;
use super::{places, sections};
use crate::client::{self, Fault};
use crate::page::drafting::{Elsewhere, Publishable, Section};

impl Publishable for Runbook {
    const WHOLE: &'static str = "Runbook";
    const PUBLISHES: &'static str = "Saves the draft and makes it the version that runs";
    const GOES_ON: &'static str = "What is published runs unchanged until you publish again.";
    const UNPUBLISHED: &'static str = "Unpublished: nothing starts it now";

    async fn read(&self) -> Result<(Record<Self>, Publication), Fault> {
        let stored = client::runbook(&self.id).await?;
        Ok((stored.record, stored.publication))
    }

    async fn store(&self, version: u64) -> Result<(Record<Self>, Publication), Fault> {
        let stored = client::save_runbook(version, self).await?;
        Ok((stored.record, stored.publication))
    }

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

    fn part_of_panel(field: &str) -> Option<String> {
        places::part_of_panel(field)
    }

    fn elsewhere(
        &self,
        step: &StepId,
        field: &str,
        known: &Vec<IntegrationSummary>,
    ) -> Option<Elsewhere> {
        let step = self.steps.iter().find(|one| one.id == *step)?;
        places::elsewhere(&step.kind, field, known)
    }

    fn part_of_section(field: &str) -> Option<String> {
        places::part_of_section(field)
    }

    fn counts_at_once(&self) -> Option<&'static str> {
        known_secret(self).is_some().then_some(
            " The password or secret key that you have entered counts as soon as you save.",
        )
    }

    fn takes_away(&self, saved: &Self, missing: &[String]) -> Vec<usize> {
        let stored = saved.stored_places(missing);
        self.start.deleted_keys(&stored).collect()
    }

    fn forget_secrets(&mut self, gone: &[usize]) {
        self.start.forget_keys(gone);
    }
}
