//! Schedules: runbooks that start at times of the clock, or by dates of tickets.

use serde::{Deserialize, Serialize};

use super::secret::{HasSecrets, Secret};
use super::variable::NamedTemplate;
use super::{RunbookId, ScheduleId};
use crate::condition::When;

/// What starts a runbook at certain times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    pub id: ScheduleId,
    pub name: String,
    #[serde(default)]
    pub enabled: bool,
    pub runbook: RunbookId,
    /// Overrides the runbook's `from_desk`, variable by variable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<NamedTemplate>,
    /// By its IANA name, such as `Europe/Berlin`.
    pub time_zone: String,
    pub when: ScheduleWhen,
}

/// When a schedule comes due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ScheduleWhen {
    /// At the times that a cron expression names: minute, hour, day of the month, month, day of the week.
    Cron { expression: String },
    /// So many minutes before a date of each ticket that meets the condition.
    Before {
        minutes: u32,
        /// A date field of tickets, or a custom field by its name.
        field: String,
        #[serde(default, skip_serializing_if = "When::is_empty")]
        condition: When,
    },
    /// So many minutes after it.
    After {
        minutes: u32,
        field: String,
        #[serde(default, skip_serializing_if = "When::is_empty")]
        condition: When,
    },
}

impl ScheduleWhen {
    /// The names that templates may use when it comes due.
    pub fn known(&self) -> &'static [&'static str] {
        match self {
            Self::Cron { .. } => &["schedule", "halo_url"],
            Self::Before { .. } | Self::After { .. } => &["ticket", "schedule", "halo_url"],
        }
    }
}

impl Schedule {
    /// What it goes by. One that goes by something else begins anew.
    pub fn goes_by(&self) -> String {
        let zone = self.time_zone.trim();
        match &self.when {
            ScheduleWhen::Cron { expression } => format!("cron {zone} {}", expression.trim()),
            ScheduleWhen::Before { minutes, field, .. } => {
                format!("before {minutes} {zone} {}", field.trim())
            }
            ScheduleWhen::After { minutes, field, .. } => {
                format!("after {minutes} {zone} {}", field.trim())
            }
        }
    }

    /// The most minutes before or after a date: a year.
    pub const MOST_MINUTES: u32 = 366 * 24 * 60;
}

/// It has none.
impl HasSecrets for Schedule {
    fn each_secret(&mut self, _visit: &mut dyn FnMut(&str, &mut Secret)) {}
}

#[cfg(test)]
mod tests {
    use super::super::strict;
    use super::*;

    /// Bundles carry it.
    #[test]
    fn a_schedule_keeps_its_shape() {
        for text in [
            r#"{"id":"morning","name":"Morning round","enabled":true,"runbook":"round","time_zone":"Europe/Berlin","when":{"type":"cron","expression":"0 9 * * 1-5"}}"#,
            r#"{"id":"remind","name":"Remind","enabled":false,"runbook":"remind","variables":[{"name":"Ticket","value":"<<ticket^id>>"}],"time_zone":"UTC","when":{"type":"before","minutes":30,"field":"CFDueDate","condition":{"all":[{"left":"<<ticket^status^name>>","op":"equals","right":"New"}]}}}"#,
            r#"{"id":"ask","name":"Ask","enabled":false,"runbook":"ask","time_zone":"UTC","when":{"type":"after","minutes":1440,"field":"dateclosed"}}"#,
        ] {
            let schedule: Schedule = strict::from_slice(text.as_bytes()).unwrap();
            assert_eq!(serde_json::to_string(&schedule).unwrap(), text);
            let wrong = text.replacen(r#""minutes""#, r#""minuts""#, 1).replacen(
                r#""expression""#,
                r#""expresion""#,
                1,
            );
            assert!(strict::from_slice::<Schedule>(wrong.as_bytes()).is_err());
        }
    }
}
