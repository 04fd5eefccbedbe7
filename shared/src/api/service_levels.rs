//! Service levels of the desk.

use serde::{Deserialize, Deserializer, Serialize};

use super::Record;
use super::resources::apart;
use crate::desk::service_level::ServiceLevel;
use crate::problem::ErrorDetail;

/// `GET`, `POST`, `PUT /console/service-levels…`, each known by its number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServiceLevelRecord {
    #[serde(flatten)]
    pub record: Record<ServiceLevel>,
    /// How many open tickets it counts for.
    pub open_tickets: u64,
    /// How many open tickets are still to be looked at again, because service levels were changed.
    pub still_to_look_at: u64,
}

impl<'de> Deserialize<'de> for ServiceLevelRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Added {
            #[serde(default)]
            open_tickets: u64,
            #[serde(default)]
            still_to_look_at: u64,
        }
        let names = ["open_tickets", "still_to_look_at"];
        let (added, record): (Added, _) = apart(deserializer, &names)?;
        Ok(Self {
            record,
            open_tickets: added.open_tickets,
            still_to_look_at: added.still_to_look_at,
        })
    }
}

/// Answer of `POST /console/service-levels/preview`, whose body is a service level as it is edited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceLevelPreview {
    /// What keeps it from being saved, at its fields.
    pub problems: Vec<ErrorDetail>,
    /// Now, as the clocks of its time zone show it.
    pub now: String,
    /// What becomes of a ticket of each of its priorities that is reported now.
    pub priorities: Vec<PriorityPreview>,
}

/// When a ticket is due, as the clocks of the time zone show it; nothing where that is not watched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriorityPreview {
    pub priority_id: u64,
    pub answered_by: Option<String>,
    pub solved_by: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_record_keeps_its_shape() {
        let written = json!({
            "id": 3, "name": "Gold", "hours": {"time_zone": "UTC", "week": {}}, "priorities": [],
            "version": 2, "updated_at": 5, "missing_secrets": [], "open_tickets": 4, "still_to_look_at": 1,
        });
        let record: ServiceLevelRecord = serde_json::from_str(&written.to_string()).unwrap();
        assert_eq!((record.record.value.id, record.open_tickets), (3, 4));
        assert_eq!(serde_json::to_value(&record).unwrap(), written);
    }
}
