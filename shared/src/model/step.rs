//! The steps of a runbook.
//!
//! A step is common fields plus what its kind needs. A new kind is a variant of
//! [`StepKind`], its ways out in [`StepKind::ways`], and a module of the engine.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::method::HttpMethod;
use super::variable::Output;
use super::{IntegrationId, MethodId, StepId};
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
        /// A JSON template.
        body: String,
        /// Another Halo instance; the embedded desk where it is missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        target: Option<IntegrationId>,
    },
    /// Chooses a way.
    Condition { when: When },
    /// Ends the run.
    End { outcome: EndOutcome },
}

impl StepKind {
    /// The ways out that a step of this kind must connect.
    pub fn ways(&self) -> &'static [Way] {
        match self {
            Self::Method { .. } | Self::DeskAction { .. } => &[Way::Success, Way::Failure],
            Self::Condition { .. } => &[Way::Met, Way::NotMet],
            Self::End { .. } => &[],
        }
    }

    /// The name in `type`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Method { .. } => "method",
            Self::DeskAction { .. } => "desk_action",
            Self::Condition { .. } => "condition",
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
}

impl Way {
    /// The label beside the port.
    pub fn label(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Met => "met",
            Self::NotMet => "not met",
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// A Halo API action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskOperation {
    CreateTicket,
    UpdateTicket,
    AddAction,
}

impl DeskOperation {
    /// The resource of Halo's REST surface.
    pub fn resource(self) -> &'static str {
        match self {
            Self::CreateTicket | Self::UpdateTicket => "/api/Tickets",
            Self::AddAction => "/api/Actions",
        }
    }

    /// Halo creates and changes with the same verb: an element with `id` is changed.
    pub fn http_method(self) -> HttpMethod {
        HttpMethod::Post
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndOutcome {
    Success,
    Failed,
}

/// The fields that every kind has.
#[derive(Serialize, Deserialize)]
struct Common {
    id: StepId,
    name: String,
    #[serde(default)]
    at: [i32; 2],
    #[serde(default)]
    next: BTreeMap<Way, StepId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    outputs: Vec<Output>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timeout_ms: Option<u32>,
}

const COMMON_FIELDS: [&str; 6] = ["id", "name", "at", "next", "outputs", "timeout_ms"];

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let common = Common {
            id: self.id.clone(),
            name: self.name.clone(),
            at: self.at,
            next: self.next.clone(),
            outputs: self.outputs.clone(),
            timeout_ms: self.timeout_ms,
        };
        let mut fields = object(serde_json::to_value(&self.kind).map_err(S::Error::custom)?);
        fields.extend(object(
            serde_json::to_value(common).map_err(S::Error::custom)?,
        ));
        fields.serialize(serializer)
    }
}

/// Split by hand: serde's `flatten` cannot refuse unknown fields.
impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut rest = serde_json::Map::deserialize(deserializer)?;
        let common: serde_json::Map<_, _> = COMMON_FIELDS
            .iter()
            .filter_map(|field| rest.remove_entry(*field))
            .collect();
        let common: Common = super::strict::from_value(common.into()).map_err(D::Error::custom)?;
        let kind = super::strict::from_value(rest.into())
            .map_err(|e| D::Error::custom(format!("step `{}`: {e}", common.id)))?;
        Ok(Self {
            id: common.id,
            name: common.name,
            at: common.at,
            next: common.next,
            outputs: common.outputs,
            timeout_ms: common.timeout_ms,
            kind,
        })
    }
}

fn object(value: serde_json::Value) -> serde_json::Map<String, serde_json::Value> {
    match value {
        serde_json::Value::Object(fields) => fields,
        _ => serde_json::Map::new(),
    }
}
