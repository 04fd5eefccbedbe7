//! Schedules that go by a date of each ticket.

use std::fmt;

use jiff::civil::Date;
use serde_json::Value;

use super::signed;
use crate::condition::{Condition, Verdict, When};
use crate::desk::instant;
use crate::desk::label;
use crate::desk::resource::TICKET;
use crate::event;
use crate::model::{Schedule, Timestamp};
use crate::problem::ErrorDetail;
use crate::template::Variables;
use crate::time_zone::Zone;

const MS_PER_MINUTE: i64 = 60_000;

/// Whether it comes before the date or after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

/// So many minutes before or after a date of each ticket.
#[derive(Debug, Clone)]
pub struct TicketDate {
    side: Side,
    minutes: u32,
    field: String,
    condition: Condition,
    has_condition: bool,
    zone: Zone,
}

impl TicketDate {
    pub(super) fn compile(
        (side, minutes): (Side, u32),
        field: &str,
        when: &When,
        zone: Option<Zone>,
        problems: &mut Vec<ErrorDetail>,
    ) -> Option<Self> {
        let count = problems.len();
        if minutes > Schedule::MOST_MINUTES {
            let problem = ErrorDetail::new(
                "too_many_minutes",
                format!(
                    "It can come at most {} minutes (366 days) before or after the date.",
                    Schedule::MOST_MINUTES
                ),
            );
            problems.push(problem.at_field("when.minutes"));
        }
        let field = field.trim();
        if !TICKET.dates().any(|known| known.name == field) && !is_custom(field) {
            let known: Vec<&str> = TICKET.dates().map(|known| known.name).collect();
            let problem = ErrorDetail::new(
                "no_date_field",
                format!(
                    "Tickets have no date field {field:?}: choose {}, or a custom field by its name, such as CFDueDate.",
                    known.join(", ")
                ),
            );
            problems.push(problem.at_field("when.field"));
        }
        let condition = Condition::compile(when).map_err(|found| {
            problems.extend(found.into_iter().map(|problem| {
                let field = format!("when.condition.{}", problem.field);
                let mut detail =
                    ErrorDetail::new(problem.code(), problem.to_string()).at_field(field);
                detail.at.offset = problem.at;
                detail
            }));
        });
        let (condition, zone) = condition
            .ok()
            .zip(zone)
            .filter(|_| problems.len() == count)?;
        Some(Self {
            side,
            minutes,
            field: field.to_owned(),
            condition,
            has_condition: !when.is_empty(),
            zone,
        })
    }

    /// The field of tickets that it goes by.
    pub fn field(&self) -> &str {
        &self.field
    }

    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Whether tickets hold it among their custom fields.
    pub fn is_custom(&self) -> bool {
        is_custom(&self.field)
    }

    /// When it comes due for a ticket; nothing where its date is not set, or is none.
    pub fn moment(&self, ticket: &Value) -> Option<Timestamp> {
        self.moment_of(text_of(ticket, &self.field)?)
    }

    /// When it comes due for a ticket with that in the field. A date without a time means the start of that day in the
    /// schedule's time zone, a time without a zone is UTC's, as everywhere on the desk.
    pub fn moment_of(&self, text: &str) -> Option<Timestamp> {
        let date = self.date_of(text)?;
        let minutes = i64::from(self.minutes) * MS_PER_MINUTE;
        let moment = match self.side {
            Side::Before => date.checked_sub(minutes)?,
            Side::After => date.checked_add(minutes)?,
        };
        u64::try_from(moment).ok()
    }

    fn date_of(&self, text: &str) -> Option<i64> {
        let text = text.trim();
        Some(match day(text) {
            Some(date) => self.zone.day(date)?.start(),
            None => signed(instant::moment(text)?),
        })
    }

    /// Whether that is something in a custom field, and no date. The desk's own date fields hold nothing else.
    pub fn is_unreadable(&self, text: &str) -> bool {
        self.is_custom() && !text.trim().is_empty() && self.date_of(text).is_none()
    }

    /// What a ticket holds in the field that is no date.
    pub fn unreadable(&self, ticket: &Value) -> Option<String> {
        let text = match value_of(ticket, &self.field)? {
            Value::Null => return None,
            Value::String(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
        self.is_unreadable(&text).then_some(text)
    }

    /// Why nothing comes due by that, for people.
    pub fn why_unreadable(&self, text: &str) -> String {
        const LONGEST_SHOWN: usize = 80;
        let mut shown: String = text.chars().take(LONGEST_SHOWN).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        format!(
            "{} is “{shown}”, which is no date, so it does not come due. Write it as 2026-03-29, or as 2026-03-29T09:30:00Z.",
            self.field
        )
    }

    /// Takes note of a ticket with that in the field: it came due after the last look, or does after now. A moment that
    /// was over before its ticket had the date does not come any more.
    pub fn sort_in(
        &self,
        found: &mut Found,
        (ticket_id, text): (u64, &str),
        last_checked: Timestamp,
        now: Timestamp,
    ) {
        match self.moment_of(text) {
            Some(moment) if moment > now => {
                found.next = Some(found.next.map_or(moment, |next| next.min(moment)));
            }
            Some(moment) if moment > last_checked => found.due.push((ticket_id, moment)),
            _ => {}
        }
    }

    /// Between which texts in the field, the first included, all tickets lie that come due between two moments. Whoever
    /// sends a custom field may write a time zone there, or no time: of these, it is a day more on either side.
    pub fn texts_between(&self, from: Timestamp, until: Timestamp) -> (String, String) {
        const DAY_MS: u64 = 24 * 60 * 60 * 1000;
        let minutes = u64::from(self.minutes) * MS_PER_MINUTE.unsigned_abs();
        let date = |moment: Timestamp| match self.side {
            Side::Before => moment.saturating_add(minutes),
            Side::After => moment.saturating_sub(minutes),
        };
        let (from, until) = (date(from), date(until));
        if !self.is_custom() {
            return (
                instant::write(from),
                instant::write(until.saturating_add(1)),
            );
        }
        let day = |moment: Timestamp| {
            let mut text = instant::write(moment);
            text.truncate(DAY_LENGTH);
            text
        };
        (
            day(from.saturating_sub(DAY_MS)),
            day(until.saturating_add(2 * DAY_MS)),
        )
    }

    /// Whether a ticket meets the condition, and why. What the ticket does not have meets no comparison.
    pub fn check(&self, documents: &Variables) -> Result<Verdict, ErrorDetail> {
        let verdict = self.condition.evaluate_loosely(documents, event::name_of);
        verdict.map_err(|error| {
            let field = format!("when.condition.{}", error.row);
            ErrorDetail::new(error.code(), error.to_string()).at_field(field)
        })
    }

    /// Whether every ticket with the date meets it.
    pub fn has_condition(&self) -> bool {
        self.has_condition
    }
}

/// What a look at the dates of tickets found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The tickets for which it came due, and when.
    pub due: Vec<(u64, Timestamp)>,
    /// When it comes due next.
    pub next: Option<Timestamp>,
}

/// As Halo names custom fields.
fn is_custom(field: &str) -> bool {
    field
        .get(..2)
        .is_some_and(|start| start.eq_ignore_ascii_case("CF"))
        && field.len() > 2
}

/// What a ticket holds in a field of its own, or in a custom one.
fn text_of<'t>(ticket: &'t Value, field: &str) -> Option<&'t str> {
    value_of(ticket, field)?.as_str()
}

fn value_of<'t>(ticket: &'t Value, field: &str) -> Option<&'t Value> {
    if let Some(own) = ticket.get(field) {
        return Some(own);
    }
    let custom = ticket.get("customfields")?.as_array()?.iter();
    custom
        .filter(|custom| {
            let name = custom.get("name").and_then(Value::as_str);
            name.is_some_and(|name| name.eq_ignore_ascii_case(field))
        })
        .find_map(|custom| custom.get("value"))
}

const DAY_LENGTH: usize = "2026-03-29".len();

/// A date without a time: `2026-03-29`.
fn day(text: &str) -> Option<Date> {
    (text.len() == DAY_LENGTH)
        .then(|| text.parse().ok())
        .flatten()
}

impl fmt::Display for TicketDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = if is_custom(&self.field) {
            self.field.clone()
        } else {
            label(&self.field).to_lowercase()
        };
        let side = match self.side {
            Side::Before => "before",
            Side::After => "after",
        };
        match self.minutes {
            0 => write!(f, "At the date {field} of a ticket")?,
            minutes => write!(
                f,
                "{} {side} the date {field} of a ticket",
                super::words::duration(minutes)
            )?,
        }
        if self.has_condition {
            f.write_str(" that meets the condition")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::ScheduleWhen;
    use crate::schedule::Timing;

    fn schedule(when: Value, zone: &str) -> Result<TicketDate, Vec<ErrorDetail>> {
        let when: ScheduleWhen = serde_json::from_value(when).unwrap();
        let schedule = json!({
            "id": "s", "name": "S", "runbook": "r", "time_zone": zone, "when": serde_json::to_value(when).unwrap(),
        });
        match serde_json::from_value::<Schedule>(schedule)
            .unwrap()
            .compile()?
        {
            Timing::Dates(date) => Ok(*date),
            Timing::Clock(_) => panic!("it goes by a date"),
        }
    }

    fn at(text: &str) -> Timestamp {
        instant::moment(text).unwrap()
    }

    #[test]
    fn it_comes_so_long_before_or_after_the_date() {
        for (side, minutes, field, ticket, expected) in [
            (
                "before",
                30,
                "dateoccurred",
                json!({"dateoccurred": "2026-03-02T09:30:00.000Z"}),
                Some("2026-03-02T09:00:00Z"),
            ),
            (
                "after",
                1440,
                "dateclosed",
                json!({"dateclosed": "2026-03-02T09:30:00.000Z"}),
                Some("2026-03-03T09:30:00Z"),
            ),
            ("after", 1, "dateclosed", json!({"dateclosed": null}), None),
            (
                "before",
                0,
                "CFDue",
                json!({"customfields": [{"name": "CFOther", "value": 1}, {"name": "cfdue", "value": "2026-03-02T09:30:00"}]}),
                Some("2026-03-02T09:30:00Z"),
            ),
            // The start of the day in Berlin, on the day of the change as well.
            (
                "before",
                60,
                "CFDue",
                json!({"customfields": [{"name": "CFDue", "value": "2026-03-29"}]}),
                Some("2026-03-28T22:00:00Z"),
            ),
            (
                "after",
                0,
                "CFDue",
                json!({"customfields": [{"name": "CFDue", "value": "2026-03-30"}]}),
                Some("2026-03-29T22:00:00Z"),
            ),
            (
                "after",
                0,
                "CFDue",
                json!({"customfields": [{"name": "CFDue", "value": "soon"}]}),
                None,
            ),
            (
                "after",
                0,
                "CFDue",
                json!({"customfields": [{"name": "CFDue", "value": 5}]}),
                None,
            ),
            ("after", 0, "CFDue", json!({"customfields": null}), None),
            (
                "before",
                1440,
                "CFDue",
                json!({"customfields": [{"name": "CFDue", "value": "1970-01-01"}]}),
                None,
            ),
        ] {
            let when = json!({"type": side, "minutes": minutes, "field": field});
            let date = schedule(when, "Europe/Berlin").unwrap();
            assert_eq!(
                date.moment(&ticket),
                expected.map(at),
                "{side} {minutes} {ticket}"
            );
        }
    }

    #[test]
    fn what_is_no_date_is_told() {
        let when = |field: &str| json!({"type": "before", "minutes": 1440, "field": field});
        let custom = schedule(when("CFDue"), "UTC").unwrap();
        let due = |value: Value| json!({"customfields": [{"name": "CFDue", "value": value}]});
        for (value, expected) in [
            (json!(" soon "), Some("soon")),
            (json!("2026-13-45"), Some("2026-13-45")),
            (json!(5), Some("5")),
            (json!("2026-03-29"), None),
            (json!("2026-03-29T09:30"), None),
            // A date, though nothing comes due so long before it.
            (json!("1970-01-01"), None),
            (json!("  "), None),
            (Value::Null, None),
        ] {
            let found = custom.unreadable(&due(value.clone()));
            assert_eq!(found.as_deref(), expected, "{value}");
        }
        assert_eq!(custom.unreadable(&json!({})), None);
        let own = schedule(when("dateclosed"), "UTC").unwrap();
        assert_eq!(own.unreadable(&json!({"dateclosed": "soon"})), None);
        assert_eq!(
            custom.why_unreadable("soon"),
            "CFDue is “soon”, which is no date, so it does not come due. Write it as 2026-03-29, or as 2026-03-29T09:30:00Z."
        );
        let long = custom.why_unreadable(&"x".repeat(5_000));
        assert!(long.contains("xx…”") && long.len() < 300, "{long}");
    }

    #[test]
    fn it_is_due_once() {
        let when = json!({"type": "before", "minutes": 30, "field": "dateoccurred"});
        let date = schedule(when, "UTC").unwrap();
        let text = "2026-03-02T09:30:00.000Z";
        let moment = at("2026-03-02T09:00:00Z");
        let due = Found {
            due: vec![(7, moment)],
            next: None,
        };
        let coming = Found {
            due: Vec::new(),
            next: Some(moment),
        };
        for (last, now, expected) in [
            ("2026-03-02T08:58:00Z", "2026-03-02T08:59:00Z", &coming),
            ("2026-03-02T08:59:00Z", "2026-03-02T09:00:00Z", &due),
            (
                "2026-03-02T09:00:00Z",
                "2026-03-02T09:01:00Z",
                &Found::default(),
            ),
            ("2026-03-01T00:00:00Z", "2026-03-05T00:00:00Z", &due),
        ] {
            let mut found = Found::default();
            date.sort_in(&mut found, (7, text), at(last), at(now));
            assert_eq!(found, *expected, "{last} {now}");
            let (from, until) = date.texts_between(at(last), at(now));
            let is_between = from.as_str() <= text && text < until.as_str();
            assert!(expected.due.is_empty() || is_between, "{last} {now}");
        }
    }

    #[test]
    fn the_next_of_several_is_the_earliest() {
        let when = json!({"type": "after", "minutes": 0, "field": "CFDue"});
        let date = schedule(when, "UTC").unwrap();
        let mut found = Found::default();
        for (ticket, text) in [
            (1, "2026-03-04"),
            (2, "2026-03-03T08:00"),
            (3, "soon"),
            (4, "2026-03-09"),
        ] {
            let (last, now) = (at("2026-03-01"), at("2026-03-02"));
            date.sort_in(&mut found, (ticket, text), last, now);
        }
        assert_eq!(found.due, []);
        assert_eq!(found.next, Some(at("2026-03-03T08:00:00Z")));
    }

    /// However a client writes it, and wherever the schedule is.
    #[test]
    fn no_custom_date_is_left_out_of_its_texts() {
        for zone in ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
            let when = json!({"type": "before", "minutes": 90, "field": "CFDue"});
            let date = schedule(when, zone).unwrap();
            for text in [
                "2026-03-29",
                "2026-03-29T00:00",
                "2026-03-29T23:59:59.999Z",
                "2026-03-29T23:30:00-12:00",
                "2026-03-29T00:30:00+14:00",
            ] {
                let moment = date.moment_of(text).unwrap();
                let (from, until) = date.texts_between(moment - 1, moment);
                let is_between = from.as_str() <= text && text < until.as_str();
                assert!(is_between, "{zone} {text}: {from} {until}");
            }
        }
    }

    #[test]
    fn its_condition_is_explained() {
        let when = json!({"type": "before", "minutes": 90, "field": "dateoccurred", "condition": {"all": [
            {"left": "<<ticket^status^name>>", "op": "not_equals", "right": "Closed"},
        ]}});
        let date = schedule(when, "UTC").unwrap();
        assert_eq!(
            date.to_string(),
            "1 hour 30 minutes before the date reported of a ticket that meets the condition"
        );
        let check = |status: &str| {
            let mut documents = Variables::new();
            let ticket = json!({"status": {"name": status}}).to_string();
            documents.insert("ticket", ticket).unwrap();
            date.check(&documents).unwrap()
        };
        assert!(date.has_condition() && check("New").met);
        let verdict = check("Closed");
        assert!(
            !verdict.met && verdict.explanation.starts_with("Status is “Closed”"),
            "{verdict:?}"
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let when = json!({"type": "after", "minutes": 600_000, "field": "summary", "condition": {"any": [
            {"left": "<<ticket^", "op": "equals", "right": ""}, {"left": "", "op": "equals", "right": ""},
        ]}});
        let problems = schedule(when, "Mars").unwrap_err();
        let places: Vec<_> = problems
            .iter()
            .map(|problem| (problem.at.field.as_deref().unwrap(), problem.code.as_str()))
            .collect();
        assert_eq!(
            places,
            [
                ("time_zone", "no_such_time_zone"),
                ("when.minutes", "too_many_minutes"),
                ("when.field", "no_date_field"),
                ("when.condition.any[0].left", "syntax"),
                ("when.condition.any[1].left", "no_left_side"),
            ]
        );
    }
}
