//! What people set up.

use serde::{Deserialize, Serialize};

/// How soon tickets are answered and solved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceLevel {
    /// Halo's `sla_id`. A bundle has none: there it is known by its name.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub id: u64,
    pub name: String,
    /// Whether it counts for tickets that no other one is chosen for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
    /// The ids of the ticket types whose tickets it counts for in place of the default one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ticket_types: Vec<u64>,
    pub hours: WorkingHours,
    #[serde(default)]
    pub priorities: Vec<PriorityTargets>,
    /// When so much of a time is over, people are warned; never where it is not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_warning_percent: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_warning_percent: Option<u8>,
    /// The ids of the statuses that stop the clock, such as With User.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stopping_statuses: Vec<u64>,
    /// In a bundle: what the ids in it stand for, so that it means the same at another desk.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub names: Names,
}

/// The names of the records that a service level refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Names {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub priorities: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ticket_types: Vec<Named>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    pub id: u64,
    pub name: String,
}

impl Names {
    pub fn is_empty(&self) -> bool {
        self.priorities.is_empty() && self.statuses.is_empty() && self.ticket_types.is_empty()
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference, which is no smaller on some machines"
)]
fn is_zero(id: &u64) -> bool {
    *id == 0
}

/// When people work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkingHours {
    /// By its IANA name, such as `Europe/Berlin`.
    pub time_zone: String,
    pub week: Week,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Holiday>,
}

/// The working hours of each day of the week; none on a day without spans.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Week {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub monday: Vec<Span>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tuesday: Vec<Span>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wednesday: Vec<Span>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub thursday: Vec<Span>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub friday: Vec<Span>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub saturday: Vec<Span>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sunday: Vec<Span>,
}

/// A part of a day, by the clock: `09:00` to `17:30`. It goes on into the next day where it ends before it begins, and to
/// the end of its own where that is `24:00`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    pub from: String,
    pub until: String,
}

/// A date on which nobody works, from midnight to midnight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    pub name: String,
    /// Such as `2026-12-25`.
    pub date: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub every_year: bool,
}

/// The times of a priority; those that are not set are not watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriorityTargets {
    pub priority_id: u64,
    /// Until the first answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Target>,
    /// Until it is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Target>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub minutes: u32,
    #[serde(default)]
    pub counted: Counted,
}

/// Which minutes count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Those of the working hours.
    #[default]
    Working,
    /// All of them.
    Calendar,
}

impl Week {
    /// The days from Sunday, with their names.
    pub(super) fn days(&self) -> [(&'static str, &[Span]); 7] {
        [
            ("sunday", &self.sunday),
            ("monday", &self.monday),
            ("tuesday", &self.tuesday),
            ("wednesday", &self.wednesday),
            ("thursday", &self.thursday),
            ("friday", &self.friday),
            ("saturday", &self.saturday),
        ]
    }

    /// The same spans on each of these days, from Sunday.
    #[cfg(test)]
    pub(super) fn on(days: &[usize], spans: &[(&str, &str)]) -> Self {
        let spans: Vec<Span> = spans
            .iter()
            .map(|(from, until)| Span {
                from: (*from).to_owned(),
                until: (*until).to_owned(),
            })
            .collect();
        let on = |day: usize| {
            if days.contains(&day) {
                spans.clone()
            } else {
                Vec::new()
            }
        };
        Self {
            sunday: on(0),
            monday: on(1),
            tuesday: on(2),
            wednesday: on(3),
            thursday: on(4),
            friday: on(5),
            saturday: on(6),
        }
    }
}
