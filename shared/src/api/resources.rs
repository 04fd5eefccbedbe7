//! Integrations, methods, runbooks, desk actions and runs.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::engine::RunStatus;
use crate::model::{
    HttpMethod, Integration, IntegrationId, Method, MethodId, RawJson, RunId, Runbook, RunbookId,
    Timestamp, WorkflowId,
};
use crate::problem::{ErrorDetail, Problem};

/// A stored document: its own fields, and beside them what the store adds. The added
/// fields are left out or ignored on the way in. Also sent as `ETag`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record<T> {
    #[serde(flatten)]
    pub value: T,
    /// Grows with every change; goes back in `If-Match`.
    pub version: u64,
    pub updated_at: Timestamp,
    /// Places of secrets that no value is stored for, such as `auth.token`.
    pub missing_secrets: Vec<String>,
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Record<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Added {
            version: u64,
            updated_at: Timestamp,
            #[serde(default)]
            missing_secrets: Vec<String>,
        }
        let names = ["version", "updated_at", "missing_secrets"];
        let (added, value): (Added, T) = apart(deserializer, &names)?;
        Ok(Self {
            value,
            version: added.version,
            updated_at: added.updated_at,
            missing_secrets: added.missing_secrets,
        })
    }
}

/// Reads an object's fields of these names as one thing, and the others as another. By
/// hand, because serde's `flatten` takes apart what is to stay as sent.
pub(super) fn apart<'de, D: Deserializer<'de>, A: DeserializeOwned, T: DeserializeOwned>(
    deserializer: D,
    names: &[&str],
) -> Result<(A, T), D::Error> {
    type Fields = BTreeMap<String, Box<RawValue>>;
    fn read<T: DeserializeOwned, E: serde::de::Error>(fields: &Fields) -> Result<T, E> {
        let text = serde_json::to_string(fields).map_err(E::custom)?;
        serde_json::from_str(&text).map_err(E::custom)
    }
    let fields = Fields::deserialize(deserializer)?;
    let (added, own): (Fields, Fields) = fields
        .into_iter()
        .partition(|(name, _)| names.contains(&name.as_str()));
    Ok((read(&added)?, read(&own)?))
}

/// The fields that [`Record`] and its kin add, so that what was read can be sent back.
pub const RECORD_FIELDS: [&str; 9] = [
    "version",
    "updated_at",
    "missing_secrets",
    "integration",
    "publication",
    "last_used_at",
    "problems",
    "words",
    "next_time",
];

/// `GET`, `POST`, `PUT /console/integrations…`. Methods are documents of their own.
pub type IntegrationRecord = Record<Integration>;

/// `…/console/methods/{id}`, `…/console/integrations/{id}/methods`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MethodRecord {
    #[serde(flatten)]
    pub record: Record<Method>,
    pub integration: IntegrationId,
}

impl<'de> Deserialize<'de> for MethodRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Added {
            integration: IntegrationId,
        }
        let (added, record): (Added, _) = apart(deserializer, &["integration"])?;
        Ok(Self {
            record,
            integration: added.integration,
        })
    }
}

/// `…/console/runbooks/{id}`: the draft, and what is published.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunbookRecord {
    #[serde(flatten)]
    pub record: Record<Runbook>,
    pub publication: Publication,
}

impl<'de> Deserialize<'de> for RunbookRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Added {
            publication: Publication,
        }
        let (added, record): (Added, _) = apart(deserializer, &["publication"])?;
        Ok(Self {
            record,
            publication: added.publication,
        })
    }
}

/// What of a runbook is published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// The published version; missing where there is none.
    pub version: Option<u64>,
    pub published_at: Option<Timestamp>,
    /// Whether the draft, or a method that it uses, differs from what is published.
    pub changed: bool,
    /// Why it switched itself off, until somebody switches it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switched_off: Option<SwitchedOff>,
}

/// A runbook that was switched off because its runs failed again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchedOff {
    pub at: Timestamp,
    /// How many runs had failed one after the other.
    pub failures: u32,
    /// The last of them.
    pub run_id: RunId,
    pub error: Option<ErrorDetail>,
}

/// Every list: `{"items": […], "next": …}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List<T> {
    pub items: Vec<T>,
    /// The `after` of the next page; missing on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A row of `GET /console/integrations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationSummary {
    pub id: IntegrationId,
    pub name: String,
    pub base_url: String,
    /// The authorization's `type`.
    pub auth: String,
    /// Whether Halo API actions can be sent there.
    pub halo: bool,
    pub methods: Vec<MethodSummary>,
    pub version: u64,
    pub updated_at: Timestamp,
    pub missing_secrets: Vec<String>,
}

/// A method in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodSummary {
    pub id: MethodId,
    pub name: String,
    pub http_method: HttpMethod,
    pub path: String,
    /// The names of its output variables.
    pub outputs: Vec<String>,
}

/// A row of `GET /console/runbooks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookSummary {
    pub id: RunbookId,
    pub name: String,
    pub enabled: bool,
    pub publication: Publication,
    pub public: bool,
    pub steps: usize,
    /// The methods that its steps send.
    pub methods: Vec<MethodId>,
    /// Names of the desk actions that start it.
    pub actions: Vec<String>,
    /// Names of the event triggers that start it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// Names of the workflows whose steps start it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workflows: Vec<String>,
    /// Names of the schedules that start it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schedules: Vec<String>,
    pub version: u64,
    pub updated_at: Timestamp,
    pub last_run: Option<(RunId, RunStatus, Timestamp)>,
}

impl RunbookSummary {
    /// What it is called where one chooses what to start: with why a start would come to nothing as it is now.
    pub fn label(&self) -> String {
        let why = match (self.publication.version.is_some(), self.enabled) {
            (true, true) => return self.name.clone(),
            (true, false) => "switched off",
            (false, true) => "not published",
            (false, false) => "not published, switched off",
        };
        format!("{} ({why})", self.name)
    }
}

/// Answer of `POST /console/runbooks/{id}/publish`: 200 when published, 422 with the problems when not.
/// `POST …/check` (a draft in the body, or the stored one) gives the same without publishing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishReport {
    pub publication: Publication,
    pub problems: Vec<Problem>,
}

/// A row of `GET /console/runbooks/{id}/versions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionSummary {
    pub version: u64,
    pub published_at: Timestamp,
    pub current: bool,
    /// Who published it, as far as that was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PublishedBy>,
}

/// Who published a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublishedBy {
    /// Somebody with the admin token.
    Admin,
    /// Somebody in the console.
    Console,
    /// Nimbus itself, because something that the runbook names got another name.
    Nimbus,
}

/// Body of `POST /console/runbooks/{id}/start`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartRequest {
    #[serde(default)]
    pub variables: BTreeMap<String, RawJson>,
    /// Runs the draft as a test.
    #[serde(default)]
    pub draft: bool,
}

/// Answer of every start: 202 when accepted, 200 or 502 when it was waited for. Also of
/// `POST /console/runs/{id}/cancel`, which says where the run stands then; 409 where it had ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StartAnswer {
    pub run_id: RunId,
    pub status: RunStatus,
    /// An object of the variables that are the runbook's answer; once it has succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outputs: Option<RawJson>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorDetail>,
}

/// Detail of the 409 that refuses a deletion, in `error.at.field`'s stead: who still uses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedBy {
    pub error: ErrorDetail,
    pub used_by: Vec<String>,
}

/// Answer of `POST /console/import`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    pub created: Vec<String>,
    pub replaced: Vec<String>,
    pub published: Vec<RunbookId>,
    /// What the runbooks of both lists are called.
    pub names: BTreeMap<RunbookId, String>,
    /// What keeps a runbook with `enabled: true` a draft.
    pub drafts: Vec<(RunbookId, Vec<Problem>)>,
    /// The workflows with `enabled: true`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workflows: Vec<ImportedWorkflow>,
    /// Secrets still to be entered: what it belongs to, and its place.
    pub missing_secrets: Vec<(String, String)>,
    /// What is otherwise here than the bundle says, or than it was before without being named by it, in sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl ImportReport {
    /// Adds what another part of the same import came to.
    pub fn extend(&mut self, more: Self) {
        self.created.extend(more.created);
        self.replaced.extend(more.replaced);
        self.published.extend(more.published);
        self.names.extend(more.names);
        self.drafts.extend(more.drafts);
        self.workflows.extend(more.workflows);
        self.missing_secrets.extend(more.missing_secrets);
        self.notes.extend(more.notes);
    }
}

/// A workflow that an import was to publish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedWorkflow {
    pub id: WorkflowId,
    pub name: String,
    /// What keeps it a draft; it is published where there is none.
    pub problems: Vec<Problem>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Bundle;

    #[test]
    fn what_cannot_be_started_says_so_where_it_is_chosen() {
        for (version, enabled, label) in [
            (Some(3), true, "Ask"),
            (Some(3), false, "Ask (switched off)"),
            (None, true, "Ask (not published)"),
            (None, false, "Ask (not published, switched off)"),
        ] {
            let runbook = RunbookSummary {
                id: RunbookId::parse("ask").unwrap(),
                name: "Ask".to_owned(),
                enabled,
                publication: Publication {
                    version,
                    ..Publication::default()
                },
                public: false,
                steps: 0,
                methods: Vec::new(),
                actions: Vec::new(),
                events: Vec::new(),
                workflows: Vec::new(),
                schedules: Vec::new(),
                version: 1,
                updated_at: 1,
                last_run: None,
            };
            assert_eq!(runbook.label(), label);
        }
    }

    #[test]
    fn what_is_stored_is_read_with_its_version_beside_its_fields() {
        let example = include_bytes!("../../../tests/examples/ask-a-question.json");
        let mut bundle = Bundle::parse(example).unwrap();
        let exact = RawJson::parse("[0.10, 1e400]").unwrap();
        bundle.runbooks[0].start.inputs[0].default = Some(exact.clone());
        bundle.integrations[0].methods[0].outputs[0].default = Some(exact);
        let runbook = RunbookRecord {
            record: Record {
                value: bundle.runbooks[0].clone(),
                version: 3,
                updated_at: 1,
                missing_secrets: vec!["start.auth.secrets[0]".to_owned()],
            },
            publication: Publication::default(),
        };
        let written = serde_json::to_string(&runbook).unwrap();
        for field in [
            r#""name":"Ask ChatGPT a Question""#,
            r#""version":3"#,
            "[0.10, 1e400]",
        ] {
            assert!(written.contains(field), "{field} is not in {written}");
        }
        assert_eq!(
            serde_json::from_str::<RunbookRecord>(&written).unwrap(),
            runbook
        );
        let method = MethodRecord {
            record: Record {
                value: bundle.integrations[0].methods[0].clone(),
                version: 1,
                updated_at: 1,
                missing_secrets: Vec::new(),
            },
            integration: bundle.integrations[0].id.clone(),
        };
        let written = serde_json::to_string(&method).unwrap();
        assert_eq!(
            serde_json::from_str::<MethodRecord>(&written).unwrap(),
            method
        );
    }
}
