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

    fn part_of_panel(field: &str) -> Option<String> {
        part_of_panel(field)
    }

    fn section(field: &str) -> Option<Section> {
        Section::of(&SECTIONS, field)
    }
}

/// The row of an action or a trigger that a field is in, or the part of it.
fn part_of_panel(field: &str) -> Option<String> {
    let (list, rest) = field.split_once('[')?;
    let (index, part) = rest.split_once(']')?;
    let place = index.parse::<usize>().ok()? + 1;
    let row = match list {
        "actions" => ".step-action",
        "triggers" => ".step-trigger",
        _ => return None,
    };
    let part = match part.trim_start_matches('.').split(['.', '[']).next() {
        Some("to") => " .step-target",
        Some("runbook") => " .step-runbook",
        Some("variables") => " .step-variables",
        Some("when") => " .step-condition",
        _ => "",
    };
    Some(format!("{row}:nth-child({place}){part}"))
}

#[cfg(test)]
mod tests {
    use super::part_of_panel;

    #[test]
    fn a_problem_leads_to_the_part_of_the_row_that_has_it() {
        for (field, part) in [
            ("actions[0].action", Some(".step-action:nth-child(1)")),
            (
                "actions[2].to",
                Some(".step-action:nth-child(3) .step-target"),
            ),
            (
                "triggers[0].variables[1].value",
                Some(".step-trigger:nth-child(1) .step-variables"),
            ),
            (
                "triggers[0].variables",
                Some(".step-trigger:nth-child(1) .step-variables"),
            ),
            (
                "triggers[1].when.all[0].left",
                Some(".step-trigger:nth-child(2) .step-condition"),
            ),
            ("actions", None),
            ("name", None),
            ("", None),
        ] {
            assert_eq!(part_of_panel(field).as_deref(), part, "{field}");
        }
    }
}
