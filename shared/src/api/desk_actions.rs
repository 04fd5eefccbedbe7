//! Desk actions: `GET`, `POST /console/desk-actions`, `GET`, `PUT`, `DELETE …/{name}`, `POST …/{name}/restore`. A `PUT`
//! whose document has another name renames.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::resources::{Record, apart};
use crate::model::DeskAction;
use crate::problem::Problem;

/// A stored action, and what keeps it from starting its runbook or should be known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeskActionRecord {
    #[serde(flatten)]
    pub record: Record<DeskAction>,
    pub problems: Vec<Problem>,
}

impl<'de> Deserialize<'de> for DeskActionRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Added {
            #[serde(default)]
            problems: Vec<Problem>,
        }
        let (added, record): (Added, _) = apart(deserializer, &["problems"])?;
        Ok(Self {
            record,
            problems: added.problems,
        })
    }
}

/// Body of `POST /console/desk-actions/{name}/move`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The action that it is to stand before; last where there is none.
    #[serde(default)]
    pub before: Option<String>,
}

/// Body of `POST /console/desk-actions/{name}/press`, answered like a start. With the same `Idempotency-Key` it starts
/// once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Press {
    /// The user or asset.
    pub record_id: u64,
    /// What was entered, as the custom fields of an action: `{"name", "value"}` each.
    #[serde(default)]
    pub customfields: Vec<Value>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_keeps_its_problems_beside_its_fields() {
        let written = r#"{"name":"Ask","system_use":"none","version":3,"updated_at":1,"missing_secrets":[],"problems":[{"severity":"warning","code":"c","message":"m"}]}"#;
        let record: DeskActionRecord = serde_json::from_str(written).unwrap();
        assert_eq!(record.record.value.name, "Ask");
        assert_eq!(record.problems[0].detail.code, "c");
        assert_eq!(serde_json::to_string(&record).unwrap(), written);
    }
}
