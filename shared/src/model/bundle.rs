//! A bundle: one JSON document that carries a whole set-up.

use serde::{Deserialize, Serialize};

use super::application::Application;
use super::desk_action::{DeskAction, TicketTypeActions};
use super::event::{self, EventTrigger};
use super::integration::Integration;
use super::runbook::Runbook;
use super::schedule::Schedule;
use super::strict::{self, DocumentError};
use super::workflow::Workflow;
use crate::desk::rule::BundledRule;
use crate::desk::service_level::ServiceLevel;

/// What import takes and export gives. The same id replaces what is there; a `null`
/// secret keeps the stored one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    pub format: Format,
    #[serde(default)]
    pub integrations: Vec<Integration>,
    #[serde(default)]
    pub runbooks: Vec<Runbook>,
    #[serde(default)]
    pub desk: Desk,
}

impl Bundle {
    /// Reads a bundle; unknown fields are refused by name and place.
    pub fn parse(body: &[u8]) -> Result<Self, DocumentError> {
        strict::from_slice(body)
    }
}

/// The format's name and version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    #[default]
    #[serde(rename = "nimbus.bundle/1")]
    One,
}

/// What a bundle sets up at the desk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Desk {
    #[serde(default)]
    pub actions: Vec<DeskAction>,
    #[serde(
        default,
        deserialize_with = "event::with_ids",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub events: Vec<EventTrigger>,
    /// Those that are enabled are published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workflows: Vec<Workflow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schedules: Vec<Schedule>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applications: Vec<Application>,
    /// Those that do not allow all actions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ticket_types: Vec<TicketTypeActions>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service_levels: Vec<ServiceLevel>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ticket_rules: Vec<BundledRule>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{HasSecrets, StepKind};

    const EXAMPLE: &str = include_str!("../../../tests/examples/ask-a-question.json");

    #[test]
    fn the_example_reads_and_writes_back_the_same() {
        let bundle = Bundle::parse(EXAMPLE.as_bytes()).unwrap();
        assert!(matches!(
            bundle.runbooks[0].steps[0].kind,
            StepKind::Method { .. }
        ));
        let again = serde_json::to_vec(&bundle).unwrap();
        assert_eq!(Bundle::parse(&again).unwrap(), bundle);
    }

    #[test]
    fn secrets_are_taken_out_with_their_places() {
        let mut bundle = Bundle::parse(EXAMPLE.as_bytes()).unwrap();
        let taken = bundle.integrations[0].take_secrets();
        assert_eq!(taken[0].0, "auth.token");
        assert_eq!(taken[0].1.reveal(), "sk-example");
        let taken = bundle.runbooks[0].take_secrets();
        assert_eq!(taken[0].0, "start.auth.secrets[0]");
        assert!(
            !serde_json::to_string(&bundle)
                .unwrap()
                .contains("sk-example")
        );
    }

    #[test]
    fn unknown_fields_are_refused_by_name_and_place() {
        for (from, to, place, name) in [
            (r#""format""#, r#""formt": 1, "format""#, "formt", "formt"),
            (
                r#""path": "/completions""#,
                r#""path": "/completions", "pth": 1"#,
                "integrations[0].methods[0]",
                "pth",
            ),
            (
                r#"{ "secret": "sk-example" }"#,
                r#"{ "secret": "sk-example", "x": 1 }"#,
                "integrations[0].auth",
                "`x`",
            ),
            (
                r#""type": "end", "outcome": "failed""#,
                r#""type": "end", "outcom": "failed""#,
                "runbooks[0].steps[3]",
                "outcom",
            ),
            (
                r#""when": "finished""#,
                r#""when": "finishd""#,
                "runbooks[0].start.answer.when",
                "finishd",
            ),
        ] {
            assert!(EXAMPLE.contains(from), "{from}");
            let error = Bundle::parse(EXAMPLE.replacen(from, to, 1).as_bytes()).unwrap_err();
            assert!(error.at.starts_with(place), "{error}");
            assert!(error.message.contains(name), "{error}");
        }
    }
}
