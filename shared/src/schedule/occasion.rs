//! One time that a schedule came due.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Due;
use crate::desk::instant;
use crate::model::{Schedule, ScheduleId, Timestamp};

/// One time that a schedule came due, for one ticket where it goes by dates of tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occasion {
    pub schedule: ScheduleId,
    pub due_at: Timestamp,
    /// How many times before that went by without a start.
    pub missed: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<u64>,
}

impl Occasion {
    /// The same time starts once.
    pub fn key(&self) -> String {
        let (schedule, at) = (&self.schedule, self.due_at);
        match self.ticket {
            Some(ticket) => format!("schedule-{schedule}-{at}-{ticket}"),
            None => format!("schedule-{schedule}-{at}"),
        }
    }

    pub fn due(&self) -> Due {
        Due {
            at: self.due_at,
            missed: self.missed,
        }
    }

    /// `<<schedule^…>>`, as JSON text.
    pub fn document(&self, schedule: &Schedule, late: Option<&str>) -> String {
        json!({
            "id": schedule.id,
            "name": schedule.name,
            "due_at": instant::write(self.due_at),
            "time_zone": schedule.time_zone,
            "missed": self.missed,
            "late": late,
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_time_and_ticket_has_a_key_of_its_own() {
        let occasion = |due_at, ticket| Occasion {
            schedule: ScheduleId::parse("morning").unwrap(),
            due_at,
            missed: 0,
            ticket,
        };
        assert_eq!(occasion(5, None).key(), "schedule-morning-5");
        assert_eq!(occasion(5, Some(7)).key(), "schedule-morning-5-7");
        let written = serde_json::to_string(&occasion(5, Some(7))).unwrap();
        assert_eq!(
            serde_json::from_str::<Occasion>(&written).unwrap(),
            occasion(5, Some(7))
        );
    }

    #[test]
    fn it_is_told_to_the_runbook() {
        let schedule: Schedule = serde_json::from_value(json!({
            "id": "morning", "name": "Morning round", "runbook": "round", "time_zone": "Europe/Berlin",
            "when": {"type": "cron", "expression": "0 9 * * *"},
        }))
        .unwrap();
        let occasion = Occasion {
            schedule: schedule.id.clone(),
            due_at: 1_772_443_800_000,
            missed: 2,
            ticket: None,
        };
        let document: serde_json::Value =
            serde_json::from_str(&occasion.document(&schedule, None)).unwrap();
        assert_eq!(
            document,
            json!({
                "id": "morning", "name": "Morning round", "due_at": "2026-03-02T09:30:00.000Z",
                "time_zone": "Europe/Berlin", "missed": 2, "late": null,
            })
        );
    }
}
