//! A schedule as it is edited: its runbook may be yet to be chosen.

use serde_json::{Value, json};
use shared::api::ScheduleRecord;
use shared::condition::{Operator, Row, Term, When};
use shared::model::{NamedTemplate, Schedule, ScheduleWhen};

const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;

/// What is on the screen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) enabled: bool,
    /// Empty while none is chosen.
    pub(super) runbook: String,
    pub(super) variables: Vec<NamedTemplate>,
    pub(super) time_zone: String,
    pub(super) kind: Kind,
    pub(super) expression: String,
    /// How many of `unit`; nothing while none is typed.
    pub(super) amount: Option<u64>,
    pub(super) unit: Unit,
    /// A date field of tickets, or a custom field by its name.
    pub(super) field: String,
    pub(super) condition: When,
}

/// What a schedule goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Clock,
    Before,
    After,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Clock => "cron",
            Self::Before => "before",
            Self::After => "after",
        }
    }

    pub(super) fn named(name: &str) -> Self {
        match name {
            "before" => Self::Before,
            "after" => Self::After,
            _ => Self::Clock,
        }
    }
}

/// What is counted before or after a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Minutes,
    Hours,
    Days,
}

impl Unit {
    pub(super) const ALL: [Self; 3] = [Self::Minutes, Self::Hours, Self::Days];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
        }
    }

    pub(super) fn named(name: &str) -> Self {
        let mut units = Self::ALL.into_iter();
        units
            .find(|unit| unit.name() == name)
            .unwrap_or(Self::Minutes)
    }

    fn minutes(self) -> u32 {
        match self {
            Self::Minutes => 1,
            Self::Hours => HOUR,
            Self::Days => DAY,
        }
    }

    /// The largest in which so many minutes come out even.
    fn of(minutes: u32) -> Self {
        let mut units = Self::ALL.into_iter().rev();
        let fits = |unit: &Self| minutes > 0 && minutes.is_multiple_of(unit.minutes());
        units.find(fits).unwrap_or(Self::Minutes)
    }
}

impl Draft {
    /// At nine in the morning of the days on which most people work.
    pub(super) fn new(runbook: String, time_zone: String) -> Self {
        Self {
            name: "New schedule".to_owned(),
            enabled: true,
            runbook,
            variables: Vec::new(),
            time_zone,
            kind: Kind::Clock,
            expression: "0 9 * * 1-5".to_owned(),
            amount: Some(1),
            unit: Unit::Hours,
            field: "dateoccurred".to_owned(),
            condition: When::default(),
        }
    }

    /// An example to start from: tickets that nobody has closed a day after they came.
    pub(super) fn example(runbook: String, time_zone: String) -> Self {
        let open = Row {
            left: "<<ticket^status^name>>".to_owned(),
            op: Operator::NotEquals,
            right: "Closed".to_owned(),
            match_case: false,
        };
        Self {
            name: "Still open after a day".to_owned(),
            kind: Kind::After,
            amount: Some(1),
            unit: Unit::Days,
            condition: When::All(vec![Term::Row(open)]),
            ..Self::new(runbook, time_zone)
        }
    }

    /// With its version.
    pub(super) fn of(record: ScheduleRecord) -> (Self, u64) {
        let version = record.record.version;
        let Schedule {
            name,
            enabled,
            runbook,
            variables,
            time_zone,
            when,
            ..
        } = record.record.value;
        let mut draft = Self {
            name,
            enabled,
            variables,
            ..Self::new(runbook.to_string(), time_zone)
        };
        draft.go_by(when);
        (draft, version)
    }

    fn go_by(&mut self, when: ScheduleWhen) {
        let (kind, minutes, field, condition) = match when {
            ScheduleWhen::Cron { expression } => {
                self.expression = expression;
                return;
            }
            ScheduleWhen::Before {
                minutes,
                field,
                condition,
            } => (Kind::Before, minutes, field, condition),
            ScheduleWhen::After {
                minutes,
                field,
                condition,
            } => (Kind::After, minutes, field, condition),
        };
        self.kind = kind;
        self.unit = Unit::of(minutes);
        self.amount = Some(u64::from(minutes / self.unit.minutes()));
        self.field = field;
        self.condition = condition;
    }

    /// As it is sent. Beyond what a schedule may hold it stays too much, so that the server can say so.
    pub(super) fn fields(&self) -> Value {
        let when = match self.kind {
            Kind::Clock => json!({"type": self.kind.name(), "expression": self.expression}),
            Kind::Before | Kind::After => {
                let amount = self.amount.unwrap_or_default();
                let minutes = amount.saturating_mul(u64::from(self.unit.minutes()));
                json!({
                    "type": self.kind.name(), "minutes": minutes.min(u64::from(u32::MAX)),
                    "field": self.field, "condition": self.condition,
                })
            }
        };
        let rows: Vec<_> = self
            .variables
            .iter()
            .filter(|row| !row.value.is_empty())
            .collect();
        json!({
            "name": self.name.trim(), "enabled": self.enabled, "runbook": self.runbook, "variables": rows,
            "time_zone": self.time_zone, "when": when,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::api::Record;

    #[test]
    fn a_draft_is_sent_as_a_schedule() {
        let zone = || "Europe/Berlin".to_owned();
        for draft in [
            Draft::new("rb".to_owned(), zone()),
            Draft::example("rb".to_owned(), zone()),
            Draft {
                kind: Kind::Before,
                amount: Some(90),
                unit: Unit::Minutes,
                field: "CFDue".to_owned(),
                ..Draft::new("rb".to_owned(), zone())
            },
        ] {
            let mut fields = draft.fields();
            fields["id"] = json!("s");
            let schedule: Schedule = serde_json::from_value(fields).unwrap();
            let record = ScheduleRecord {
                record: Record {
                    value: schedule,
                    version: 3,
                    updated_at: 1,
                    missing_secrets: Vec::new(),
                },
                words: String::new(),
                next_time: None,
            };
            assert_eq!(Draft::of(record), (draft, 3));
        }
    }

    #[test]
    fn minutes_are_shown_in_the_largest_unit_that_comes_out_even() {
        for (minutes, unit) in [
            (0, Unit::Minutes),
            (30, Unit::Minutes),
            (60, Unit::Hours),
            (90, Unit::Minutes),
            (1440, Unit::Days),
            (1500, Unit::Hours),
        ] {
            assert_eq!(Unit::of(minutes), unit, "{minutes}");
        }
    }
}
