//! Having a run done again: `POST /console/runs/{id}/replay`, answered like a start.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{RawJson, StepId};

/// What is to be done again, and with which values.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// The step to begin with; the first where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_step: Option<StepId>,
    /// Values in place of those that the run had: of input variables, or of all that were there at the step.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, RawJson>,
}
