//! The steps of a runbook.
//!
//! A step is common fields plus what its kind needs. A new kind is a variant of
//! [`StepKind`], its ways out in [`StepKind::ways`], and a module of the engine.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::ser::{Error as _, SerializeMap as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::method::{HttpMethod, Pair};
use super::retry::Retry;
use super::variable::{NamedTemplate, Output, SetRow};
use super::{IntegrationId, MethodId, RunbookId, StepId};
use crate::condition::When;

/// One card of the flow chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub id: StepId,
    pub name: String,
    /// Where the card stands on the chart: x and y of its top left corner, in pixels at zoom 1.
    pub at: [i32; 2],
    /// Where each way out leads; a way that is not here leads nowhere yet.
    pub next: BTreeMap<Way, StepId>,
    /// Output variables beside those of the method.
    pub outputs: Vec<Output>,
    /// Overrides the method's time limit.
    pub timeout_ms: Option<u32>,
    /// Overrides the method's retries.
    pub retry: Option<Retry>,
    pub kind: StepKind,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum StepKind {
    /// Sends a method's request.
    Method { method: MethodId },
    /// Changes or reads the desk.
    DeskAction {
        action: DeskOperation,
        /// A JSON template; one that only reads has none.
        #[serde(default)]
        body: String,
        /// Another Halo instance; the embedded desk where it is missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        target: Option<IntegrationId>,
    },
    /// Chooses a way.
    Condition { when: When },
    /// Goes through the elements of an array; each is `response` while its turn lasts.
    ForEach {
        /// A mapping that gives the array.
        over: String,
        /// How many elements are gone through at most.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<u32>,
        /// How many have their turn at the same time; one after the other where it is missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_once: Option<u32>,
    },
    /// Starts another runbook. This run ends with that, or waits for the end of the other.
    StartRunbook {
        runbook: RunbookId,
        /// Mappings that fill its input variables.
        #[serde(default)]
        variables: Vec<NamedTemplate>,
        #[serde(default)]
        wait: bool,
    },
    /// Waits for a time, or until one.
    Sleep {
        /// In milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        for_ms: Option<u64>,
        /// A template of a date-time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<String>,
    },
    /// Sets variables.
    Set { variables: Vec<SetRow> },
    /// Answers the caller who waits for the run, which goes on.
    Respond {
        status: u16,
        #[serde(default)]
        headers: Vec<Pair>,
        /// A template; no body where it is empty.
        #[serde(default)]
        body: String,
    },
    /// Ends the run.
    End { outcome: EndOutcome },
}

impl StepKind {
    /// How many elements can have their turn at the same time.
    pub const MOST_AT_ONCE: u32 = 32;

    /// The ways out that a step of this kind must connect.
    pub fn ways(&self) -> &'static [Way] {
        match self {
            Self::Method { .. }
            | Self::DeskAction { .. }
            | Self::StartRunbook { wait: true, .. } => &[Way::Success, Way::Failure],
            Self::Condition { .. } => &[Way::Met, Way::NotMet],
            Self::ForEach { .. } => &[Way::Element, Way::Finished, Way::Empty],
            Self::Sleep { .. } => &[Way::Finished],
            Self::Set { .. } | Self::Respond { .. } => &[Way::Done],
            Self::StartRunbook { wait: false, .. } | Self::End { .. } => &[],
        }
    }

    /// The method that it sends.
    pub fn method(&self) -> Option<&MethodId> {
        match self {
            Self::Method { method } => Some(method),
            _ => None,
        }
    }

    /// The other Halo instance that it acts on.
    pub fn target(&self) -> Option<&IntegrationId> {
        match self {
            Self::DeskAction { target, .. } => target.as_ref(),
            _ => None,
        }
    }

    /// The runbook that it starts.
    pub fn started(&self) -> Option<&RunbookId> {
        match self {
            Self::StartRunbook { runbook, .. } => Some(runbook),
            _ => None,
        }
    }

    /// The way by which a chain of steps goes on.
    pub fn way_on(&self) -> Option<Way> {
        match self {
            Self::ForEach { .. } => Some(Way::Finished),
            _ => self.ways().first().copied(),
        }
    }

    /// The name in `type`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Method { .. } => "method",
            Self::DeskAction { .. } => "desk_action",
            Self::Condition { .. } => "condition",
            Self::ForEach { .. } => "for_each",
            Self::StartRunbook { .. } => "start_runbook",
            Self::Sleep { .. } => "sleep",
            Self::Set { .. } => "set",
            Self::Respond { .. } => "respond",
            Self::End { .. } => "end",
        }
    }
}

/// A way out of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    Success,
    Failure,
    Met,
    NotMet,
    Element,
    Empty,
    Finished,
    Done,
}

impl Way {
    /// Whether it is the way that one hopes for.
    pub fn is_good(self) -> bool {
        !matches!(self, Self::Failure | Self::NotMet | Self::Empty)
    }

    /// The label beside the port.
    pub fn label(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::Element => "element",
            Self::Empty => "empty",
            Self::Finished => "finished",
            Self::Done => "done",
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// A Halo API action. What each takes is told by [`crate::desk::operation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskOperation {
    AddAction,
    CreateTicket,
    UpdateTicket,
    CreateCustomer,
    EditCustomer,
    CreateSite,
    EditSite,
    CreateUser,
    EditUser,
    CreateAsset,
    EditAsset,
    CreateLookup,
    EditLookup,
    CreateKnowledgeBaseArticle,
    EditKnowledgeBaseArticle,
    EditCustomTableData,
    CreateTicketRule,
    EditTicketRule,
    GetControl,
}

impl DeskOperation {
    pub const ALL: [Self; 19] = [
        Self::AddAction,
        Self::CreateTicket,
        Self::UpdateTicket,
        Self::CreateCustomer,
        Self::EditCustomer,
        Self::CreateSite,
        Self::EditSite,
        Self::CreateUser,
        Self::EditUser,
        Self::CreateAsset,
        Self::EditAsset,
        Self::CreateLookup,
        Self::EditLookup,
        Self::CreateKnowledgeBaseArticle,
        Self::EditKnowledgeBaseArticle,
        Self::EditCustomTableData,
        Self::CreateTicketRule,
        Self::EditTicketRule,
        Self::GetControl,
    ];

    /// The resource of Halo's REST surface, as a path.
    pub fn resource(self) -> &'static str {
        match self {
            Self::AddAction => "/api/Actions",
            Self::CreateTicket | Self::UpdateTicket => "/api/Tickets",
            Self::CreateCustomer | Self::EditCustomer => "/api/Client",
            Self::CreateSite | Self::EditSite => "/api/Site",
            Self::CreateUser | Self::EditUser => "/api/Users",
            Self::CreateAsset | Self::EditAsset => "/api/Asset",
            Self::CreateLookup | Self::EditLookup => "/api/Lookup",
            Self::CreateKnowledgeBaseArticle | Self::EditKnowledgeBaseArticle => "/api/KBArticle",
            Self::EditCustomTableData => "/api/CustomTable",
            Self::CreateTicketRule | Self::EditTicketRule => "/api/TicketRules",
            Self::GetControl => "/api/Control",
        }
    }

    /// Halo creates and changes with the same verb: an element with `id` is changed.
    pub fn http_method(self) -> HttpMethod {
        match self {
            Self::GetControl => HttpMethod::Get,
            _ => HttpMethod::Post,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndOutcome {
    Success,
    Failed,
    /// Failed; the run starts again from its beginning, at most three times, each time after a longer wait.
    FailedRetry,
}

/// Common fields and those of the kind stand side by side. Written by hand, as it is read:
/// serde's `flatten` cannot refuse unknown fields, and takes values apart that stay as sent.
impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kind = serde_json::to_value(&self.kind).map_err(S::Error::custom)?;
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("id", &self.id)?;
        fields.serialize_entry("name", &self.name)?;
        fields.serialize_entry("at", &self.at)?;
        for (name, value) in kind.as_object().into_iter().flatten() {
            fields.serialize_entry(name, value)?;
        }
        fields.serialize_entry("next", &self.next)?;
        if !self.outputs.is_empty() {
            fields.serialize_entry("outputs", &self.outputs)?;
        }
        if let Some(timeout_ms) = self.timeout_ms {
            fields.serialize_entry("timeout_ms", &timeout_ms)?;
        }
        if let Some(retry) = &self.retry {
            fields.serialize_entry("retry", retry)?;
        }
        fields.end()
    }
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields)
    }
}

/// Reads the fields of a step, in whatever order they come.
struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Step;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a step")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Step, A::Error> {
        let (mut id, mut name, mut at, mut next) = (None, None, None, None);
        let (mut outputs, mut timeout_ms, mut retry) = (None, None, None);
        let mut kind = serde_json::Map::new();
        while let Some(field) = fields.next_key::<String>()? {
            match field.as_str() {
                "id" => once(&mut id, "id", fields.next_value()?)?,
                "name" => once(&mut name, "name", fields.next_value()?)?,
                "at" => once(&mut at, "at", fields.next_value()?)?,
                "next" => once(&mut next, "next", fields.next_value()?)?,
                "outputs" => once(&mut outputs, "outputs", fields.next_value()?)?,
                "timeout_ms" => once(&mut timeout_ms, "timeout_ms", fields.next_value()?)?,
                "retry" => once(&mut retry, "retry", fields.next_value()?)?,
                _ => {
                    let value = fields.next_value()?;
                    if kind.insert(field.clone(), value).is_some() {
                        return Err(A::Error::custom(format!("duplicate field `{field}`")));
                    }
                }
            }
        }
        let id: StepId = id.ok_or_else(|| A::Error::missing_field("id"))?;
        let kind = super::strict::from_value(kind.into())
            .map_err(|error| A::Error::custom(format!("step `{id}`: {error}")))?;
        Ok(Step {
            id,
            name: name.ok_or_else(|| A::Error::missing_field("name"))?,
            at: at.unwrap_or_default(),
            next: next.unwrap_or_default(),
            outputs: outputs.unwrap_or_default(),
            timeout_ms: timeout_ms.flatten(),
            retry: retry.flatten(),
            kind,
        })
    }
}

fn once<T, E: serde::de::Error>(
    slot: &mut Option<T>,
    field: &'static str,
    value: T,
) -> Result<(), E> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::duplicate_field(field)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::strict;

    const STEP: &str = r#"{"id":"a","name":"A","at":[8,16],"method":"m","type":"method","next":{"success":"b"},"outputs":[{"name":"X","value":"response^x","default":{"b":1.50,"a":123456789012345678901234567890}}],"timeout_ms":5}"#;

    #[test]
    fn a_step_is_written_as_it_was_read() {
        let step: Step = strict::from_slice(STEP.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&step).unwrap(), STEP);
        let bare = r#"{"type":"end","name":"E","outcome":"failed","id":"e","timeout_ms":null}"#;
        let step: Step = strict::from_slice(bare.as_bytes()).unwrap();
        assert_eq!(
            serde_json::to_string(&step).unwrap(),
            r#"{"id":"e","name":"E","at":[0,0],"outcome":"failed","type":"end","next":{}}"#
        );
    }

    #[test]
    fn an_action_that_only_reads_needs_no_json() {
        let bare = r#"{"type":"desk_action","id":"a","name":"A","action":"get_control"}"#;
        let step: Step = strict::from_slice(bare.as_bytes()).unwrap();
        assert!(matches!(step.kind, StepKind::DeskAction { body, .. } if body.is_empty()));
    }

    #[test]
    fn what_is_no_step_is_refused_by_name_and_place() {
        for (from, to, at, name) in [
            (r#""id":"a","#, "", ".", "missing field `id`"),
            (r#""name":"A","#, "", ".", "missing field `name`"),
            (r#""at":[8,16]"#, r#""at":[8]"#, "at", "length 1"),
            (
                r#""name":"A""#,
                r#""name":"A","name":"B""#,
                ".",
                "duplicate field `name`",
            ),
            (
                r#""method":"m""#,
                r#""method":"m","method":"n""#,
                ".",
                "duplicate field `method`",
            ),
            (r#""method":"m""#, r#""methd":"m""#, ".", "step `a`: "),
            (r#""success""#, r#""sucess""#, "next", "sucess"),
            (
                r#""value":"response^x""#,
                r#""value":"response^x","x":1"#,
                "outputs[0].x",
                "`x`",
            ),
        ] {
            assert!(STEP.contains(from), "{from}");
            let text = STEP.replacen(from, to, 1);
            let error = strict::from_slice::<Step>(text.as_bytes()).unwrap_err();
            assert!(error.at.starts_with(at), "{to}: {error:?}");
            assert!(error.message.contains(name), "{to}: {error:?}");
        }
    }
}
