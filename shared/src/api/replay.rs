//! Replaying a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{RawJson, StepId};

/// Body of `POST /console/runs/{id}/replay`, which is answered like a start, with the new run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// Where the new run begins, with the variables as they were there; at the start where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_step: Option<StepId>,
    /// New values; what is not named keeps the one that it had.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, RawJson>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_as_it_was() {
        assert_eq!(
            serde_json::from_str::<Replay>("{}").unwrap(),
            Replay::default()
        );
        assert_eq!(serde_json::to_string(&Replay::default()).unwrap(), "{}");
        let written = r#"{"from_step":"ask","variables":{"City":"Bern","Price":0.10}}"#;
        let replay: Replay = serde_json::from_str(written).unwrap();
        assert_eq!(replay.from_step, StepId::parse("ask").ok());
        assert_eq!(serde_json::to_string(&replay).unwrap(), written);
        assert!(serde_json::from_str::<Replay>(r#"{"form_step":"ask"}"#).is_err());
    }
}
