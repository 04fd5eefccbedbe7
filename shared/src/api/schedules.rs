//! Schedules: `GET`, `POST /console/schedules`, `GET`, `PUT`, `DELETE …/{id}`, `POST …/{id}/restore`.

use serde::{Deserialize, Deserializer, Serialize};

use super::resources::{Record, apart};
use crate::model::{Schedule, Timestamp};
use crate::problem::ErrorDetail;

/// A stored schedule, in words, and when it comes next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScheduleRecord {
    #[serde(flatten)]
    pub record: Record<Schedule>,
    /// Such as `Every weekday at 09:00`.
    pub words: String,
    /// Missing where it is off, or goes by dates of tickets.
    pub next_time: Option<ComingTime>,
}

impl<'de> Deserialize<'de> for ScheduleRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Added {
            #[serde(default)]
            words: String,
            next_time: Option<ComingTime>,
        }
        let (added, record): (Added, _) = apart(deserializer, &["words", "next_time"])?;
        Ok(Self {
            record,
            words: added.words,
            next_time: added.next_time,
        })
    }
}

/// A time at which a schedule comes due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComingTime {
    pub at: Timestamp,
    /// As the clock of the schedule's time zone shows it, such as `Sun 29 Mar 2026, 09:00`.
    pub shown: String,
}

/// Answer of `POST /console/schedules/check` to a draft: what it means, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleReport {
    /// Missing where it cannot be read.
    pub words: Option<String>,
    /// The next five, where it goes by the clock.
    #[serde(default)]
    pub times: Vec<ComingTime>,
    /// Where it goes by dates of tickets.
    #[serde(default)]
    pub tickets: Option<ComingTickets>,
    /// What keeps it from being saved, with its fields.
    #[serde(default)]
    pub problems: Vec<ErrorDetail>,
}

/// The tickets for which a schedule comes due next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComingTickets {
    /// Within so many days from now.
    pub days: u32,
    /// So many were looked at, of those whose date comes then.
    pub looked_at: u32,
    /// Whether there are more that were not looked at.
    pub has_more: bool,
    /// How many of them meet the condition.
    pub count: u32,
    /// The first five of these.
    pub first: Vec<ComingTicket>,
}

/// A ticket for which a schedule comes due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComingTicket {
    pub id: u64,
    pub summary: String,
    pub time: ComingTime,
}

/// Answer of `GET /console/schedules/choices`: what the fields of a schedule are chosen from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleChoices {
    /// The names of all time zones.
    pub time_zones: Vec<String>,
    /// The names of custom fields that hold dates on the latest tickets.
    pub custom_fields: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_keeps_its_words_beside_its_fields() {
        let written = r#"{"id":"s","name":"S","enabled":true,"runbook":"rb","time_zone":"UTC","when":{"type":"cron","expression":"0 9 * * *"},"version":3,"updated_at":1,"missing_secrets":[],"words":"Every day at 09:00","next_time":{"at":5,"shown":"Thu 1 Jan 1970, 00:00"}}"#;
        let record: ScheduleRecord = serde_json::from_str(written).unwrap();
        assert_eq!(record.record.value.name, "S");
        assert_eq!(record.next_time.as_ref().map(|next| next.at), Some(5));
        assert_eq!(serde_json::to_string(&record).unwrap(), written);
    }
}
