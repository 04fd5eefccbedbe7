//! What people can press on a ticket, a user or an asset, and what they are asked then.

use serde::{Deserialize, Serialize};

use super::RunbookId;
use super::secret::{HasSecrets, Secret};
use super::variable::NamedTemplate;

/// A button at the desk. Its name is what it is known by.
///
/// Ticket types and statuses are named, not numbered: another desk has other numbers, and names are unique there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskAction {
    pub name: String,
    pub system_use: SystemUse,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runbook: Option<RunbookId>,
    /// Overrides the runbook's `from_desk`, variable by variable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<NamedTemplate>,
    /// What the action is called on the ticket; its name where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// What it stands on.
    #[serde(default, skip_serializing_if = "ActsOn::is_ticket")]
    pub records: ActsOn,
    /// What its dialog asks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<ActionField>,
    /// The names of the ticket types that it is offered for; all where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ticket_types: Vec<String>,
    /// The names of the statuses in which it is offered; all where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<String>,
    /// Whether only agents see it on the ticket, unless who presses it says otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden_from_user: bool,
}

impl DeskAction {
    pub fn outcome(&self) -> &str {
        self.outcome.as_deref().unwrap_or(&self.name)
    }

    /// The runbook that it queues.
    pub fn queues(&self) -> Option<&RunbookId> {
        match self.system_use {
            SystemUse::QueueRunbook => self.runbook.as_ref(),
            SystemUse::None => None,
        }
    }

    /// The field of that name; case does not count.
    pub fn field(&self, name: &str) -> Option<&ActionField> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
    }
}

/// It has none.
impl HasSecrets for DeskAction {
    fn each_secret(&mut self, _visit: &mut dyn FnMut(&str, &mut Secret)) {}
}

/// What Halo's "System Use" of an action does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemUse {
    #[default]
    None,
    QueueRunbook,
}

/// The records that an action stands on. On users and assets Halo calls it a custom button.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActsOn {
    #[default]
    Ticket,
    User,
    Asset,
}

impl ActsOn {
    pub const ALL: [Self; 3] = [Self::Ticket, Self::User, Self::Asset];

    /// As it stands in documents, and as tokens call the record: `<<user^name>>`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::User => "user",
            Self::Asset => "asset",
        }
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands a reference over"
    )]
    fn is_ticket(&self) -> bool {
        *self == Self::Ticket
    }
}

/// One thing that an action's dialog asks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionField {
    /// What tokens call it: `<<action^name>>`.
    pub name: String,
    /// What the dialog calls it; its name where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default, rename = "type")]
    pub kind: ActionFieldType,
    /// What can be chosen, of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// What it begins with: a template over the record, such as `<<ticket^summary>>`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub default: String,
}

impl ActionField {
    pub fn label(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.name)
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionFieldType {
    /// On one line.
    #[default]
    Text,
    #[serde(alias = "long_text")]
    LongText,
    Integer,
    Decimal,
    Boolean,
    /// An RFC 3339 date-time.
    #[serde(alias = "date_time")]
    DateTime,
    /// One of a few texts.
    Choice,
}

impl ActionFieldType {
    pub const ALL: [Self; 7] = [
        Self::Text,
        Self::LongText,
        Self::Integer,
        Self::Decimal,
        Self::Boolean,
        Self::DateTime,
        Self::Choice,
    ];

    /// As it stands in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long-text",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Boolean => "boolean",
            Self::DateTime => "date-time",
            Self::Choice => "choice",
        }
    }

    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::LongText => "long text",
            other => other.as_str(),
        }
    }
}

/// Which actions a ticket type allows, in a bundle. Where it names none, it allows all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketTypeActions {
    pub name: String,
    #[serde(default)]
    pub allowed_actions: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::strict;

    /// Older data folders and bundles have these.
    #[test]
    fn what_was_written_before_fields_were_there_reads_and_stays_as_short() {
        let old = r#"{"name":"Ask","system_use":"queue_runbook","runbook":"rb"}"#;
        let action: DeskAction = strict::from_slice(old.as_bytes()).unwrap();
        assert_eq!(action.records, ActsOn::Ticket);
        assert_eq!(serde_json::to_string(&action).unwrap(), old);
    }

    #[test]
    fn all_of_it_reads_and_writes_back_the_same() {
        let whole = r#"{"name":"Reset","system_use":"queue_runbook","runbook":"rb","records":"user","fields":[{"name":"Reason","label":"Why?","type":"choice","choices":["Lost","New"],"required":true,"default":"New"},{"name":"Due","type":"date-time"}],"ticket_types":["Incident"],"statuses":["New"],"hidden_from_user":true}"#;
        let action: DeskAction = strict::from_slice(whole.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&action).unwrap(), whole);
        assert_eq!(action.field("reason").map(ActionField::label), Some("Why?"));
        assert_eq!(action.field("due").map(ActionField::label), Some("Due"));
    }

    #[test]
    fn names_are_those_of_documents() {
        for kind in ActionFieldType::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        for records in ActsOn::ALL {
            assert_eq!(serde_json::to_value(records).unwrap(), records.as_str());
        }
        let alias: ActionFieldType = serde_json::from_str("\"long_text\"").unwrap();
        assert_eq!(alias, ActionFieldType::LongText);
    }
}
