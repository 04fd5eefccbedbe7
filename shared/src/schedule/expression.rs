//! Cron expressions: five fields, or one of the well-known names.

use std::fmt;

use croner::parser::{CronParser, Seconds, Year};
use croner::{Cron, Weekday};
use jiff::civil::{Date, date};

use crate::problem::ErrorDetail;

/// Longer ones are nothing that somebody means.
const LONGEST: usize = 200;

/// Every date that is possible at all, on every day of the week, comes within so many days: 29 February on one of them
/// takes forty years where a century without a leap year lies between.
pub(super) const HORIZON_DAYS: usize = 41 * 366;

const NAMES: [(&str, &str); 7] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];

/// What the five fields are called, and what may stand in them.
const FIELDS: [(&str, &str); 5] = [
    ("minute", "0 to 59"),
    ("hour", "0 to 23"),
    (
        "day of the month",
        "1 to 31, L for the last day, or such as 15W for the weekday nearest to the 15th",
    ),
    ("month", "1 to 12, or JAN to DEC"),
    (
        "day of the week",
        "0 to 7 where 0 and 7 are Sunday, SUN to SAT, such as 5#2 for the second Friday, or 5L for the last Friday",
    ),
];

/// A cron expression that comes due at some time.
#[derive(Debug, Clone)]
pub(super) struct Expression {
    cron: Cron,
    /// As written, in capitals.
    pub(super) fields: [String; 5],
    pub(super) minutes: Vec<u16>,
    pub(super) hours: Vec<u16>,
    /// The times of a day in milliseconds, in order.
    pub(super) times: Vec<i64>,
}

/// What is wrong with a cron expression. Places are counted in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpressionError {
    Empty,
    TooLong,
    /// Neither five fields nor a name.
    Fields {
        count: usize,
    },
    Name {
        name: String,
    },
    /// Something stands in a field that may not.
    Field {
        /// From 0.
        number: usize,
        text: String,
        at: usize,
    },
    /// There is no such day.
    Never {
        days: String,
        months: String,
    },
}

impl Expression {
    pub(super) fn parse(text: &str) -> Result<Self, ExpressionError> {
        if text.len() > LONGEST {
            return Err(ExpressionError::TooLong);
        }
        let mut parts = parts(text);
        if let [(_, name)] = parts.as_slice()
            && name.starts_with('@')
        {
            let known = NAMES
                .iter()
                .find(|(known, _)| name.eq_ignore_ascii_case(known));
            let (_, expression) = known.ok_or_else(|| ExpressionError::Name {
                name: (*name).to_owned(),
            })?;
            parts = self::parts(expression);
        }
        let fields: [(usize, &str); 5] =
            parts
                .try_into()
                .map_err(|parts: Vec<_>| match parts.len() {
                    0 => ExpressionError::Empty,
                    count => ExpressionError::Fields { count },
                })?;
        for (number, (at, text)) in fields.iter().enumerate() {
            if !is_good(number, text) {
                return Err(ExpressionError::Field {
                    number,
                    text: (*text).to_owned(),
                    at: *at,
                });
            }
        }
        let fields = fields.map(|(_, text)| text.to_uppercase());
        // Every field is good by itself.
        let cron = read(&fields.join(" ")).ok_or(ExpressionError::Empty)?;
        let minutes = cron.pattern.minutes.values();
        let hours = cron.pattern.hours.values();
        let times = hours.iter().flat_map(|hour| {
            let minutes = minutes.iter();
            minutes.map(move |minute| (i64::from(*hour) * 60 + i64::from(*minute)) * 60_000)
        });
        let expression = Self {
            times: times.collect(),
            minutes,
            hours,
            cron,
            fields,
        };
        let mut dates = date(2000, 1, 1).series(jiff::Span::new().days(1));
        if !dates
            .by_ref()
            .take(HORIZON_DAYS)
            .any(|date| expression.is_on(date))
        {
            let [_, _, days, months, _] = expression.fields;
            return Err(ExpressionError::Never { days, months });
        }
        Ok(expression)
    }

    /// Whether it comes due on that date.
    pub(super) fn is_on(&self, date: Date) -> bool {
        let pattern = &self.cron.pattern;
        let month = u32::from(date.month().unsigned_abs());
        let day = u32::from(date.day().unsigned_abs());
        let weekday = date.weekday().to_sunday_zero_offset().unsigned_abs();
        let weekday = Weekday::from_days_from_sunday(u32::from(weekday));
        pattern.month_match(month).unwrap_or(false)
            && pattern
                .day_match(i32::from(date.year()), month, day, weekday)
                .unwrap_or(false)
    }

    /// Whether it takes every hour, and so means a rhythm rather than times of the clock.
    pub(super) fn is_rhythm(&self) -> bool {
        self.hours.len() == 24
    }

    pub(super) fn months(&self) -> Vec<u16> {
        self.cron.pattern.months.values()
    }

    /// Whether a day must fit both its fields, rather than one of them.
    pub(super) fn needs_both_days(&self) -> bool {
        self.cron.pattern.matches_dom_and_dow()
    }

    /// Days of the month without those that depend on the month.
    pub(super) fn days(&self) -> Vec<u16> {
        self.cron.pattern.days.values()
    }

    /// Days of the week from Sunday, which is 0, without those that depend on the month.
    pub(super) fn weekdays(&self) -> Vec<u16> {
        self.cron.pattern.days_of_week.values()
    }
}

/// The words of a text, and where they begin, in characters.
fn parts(text: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let mut at = 0;
    for part in text.split(char::is_whitespace) {
        if !part.is_empty() {
            parts.push((at, part));
        }
        at += part.chars().count() + 1;
    }
    parts
}

fn read(text: &str) -> Option<Cron> {
    let parser = CronParser::builder();
    let parser = parser.seconds(Seconds::Disallowed).year(Year::Disallowed);
    parser.build().parse(text).ok()
}

/// Whether a text may stand in a field. `croner` does not say which one it refuses, and takes a list of nothing.
fn is_good(number: usize, text: &str) -> bool {
    if !text.is_ascii() || text.starts_with('@') {
        return false;
    }
    if text.split(',').any(str::is_empty) {
        return false;
    }
    let mut fields = ["*"; 5];
    if let Some(field) = fields.get_mut(number) {
        *field = text;
    }
    read(&fields.join(" ")).is_some()
}

impl ExpressionError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "no_expression",
            Self::TooLong => "expression_too_long",
            Self::Fields { .. } => "expression_fields",
            Self::Name { .. } => "expression_name",
            Self::Field { .. } => "expression_field",
            Self::Never { .. } => "never_due",
        }
    }

    /// The problem for people, at a field of a draft.
    pub fn detail(&self, field: &str) -> ErrorDetail {
        let mut detail = ErrorDetail::new(self.code(), self.to_string()).at_field(field);
        if let Self::Field { at, .. } = self {
            detail.at.offset = Some(*at);
        }
        detail
    }
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str(
                "Write when it starts as minute, hour, day of the month, month and day of the week, such as 0 9 * * 1-5 for every weekday at 09:00.",
            ),
            Self::TooLong => write!(
                f,
                "A cron expression has at most {LONGEST} characters: make two schedules of it."
            ),
            Self::Fields { count } => {
                write!(
                    f,
                    "A cron expression has five parts with spaces between them (minute, hour, day of the month, month, day of the week); this one has {count}."
                )?;
                if *count == 6 {
                    f.write_str(" Seconds and years are not taken: leave them out.")?;
                }
                Ok(())
            }
            Self::Name { name } => {
                write!(f, "{name} is not known: write @hourly, @daily, @weekly, @monthly or @yearly, or five parts such as 0 9 * * 1-5.")
            }
            Self::Field { number, text, .. } => {
                let (name, allowed) = FIELDS.get(*number).unwrap_or(&("field", ""));
                write!(
                    f,
                    "The {name} cannot be {text:?}: write {allowed}; * for every one, 1-5 for a range, 1,3 for a list, */2 for every second one."
                )
            }
            Self::Never { days, months } => write!(
                f,
                "This never comes due: no month of {months:?} has a day {days:?}. Choose another day of the month or another month."
            ),
        }
    }
}

impl std::error::Error for ExpressionError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, code, at, words) in [
            ("", "no_expression", None, "such as 0 9 * * 1-5"),
            ("  ", "no_expression", None, "such as"),
            ("* * * *", "expression_fields", None, "this one has 4"),
            (
                "0 0 9 * * 1-5",
                "expression_fields",
                None,
                "Seconds and years",
            ),
            ("@fortnightly", "expression_name", None, "@weekly"),
            (
                "60 * * * *",
                "expression_field",
                Some(0),
                "The minute cannot be \"60\": write 0 to 59",
            ),
            ("0  25 * * *", "expression_field", Some(3), "The hour"),
            ("0 9 0 * *", "expression_field", Some(4), "day of the month"),
            (
                "0 9 32 * *",
                "expression_field",
                Some(4),
                "day of the month",
            ),
            ("0 9 * 13 *", "expression_field", Some(6), "The month"),
            ("0 9 * * 8", "expression_field", Some(8), "day of the week"),
            (
                "0 9 * * MOON",
                "expression_field",
                Some(8),
                "day of the week",
            ),
            ("ö 9 * * *", "expression_field", Some(0), "The minute"),
            (", 9 * * *", "expression_field", Some(0), "The minute"),
            ("5-1 9 * * *", "expression_field", Some(0), "The minute"),
            ("0 9,, * * *", "expression_field", Some(2), "The hour"),
            (
                "0 0 30 2 *",
                "never_due",
                None,
                "no month of \"2\" has a day \"30\"",
            ),
            ("0 0 31 4,6,9,11 *", "never_due", None, "another month"),
            ("0 0 31 2 +1", "never_due", None, "never"),
        ] {
            let error = Expression::parse(text)
                .unwrap_err()
                .detail("when.expression");
            assert_eq!((error.code.as_str(), error.at.offset), (code, at), "{text}");
            assert!(error.message.contains(words), "{text}: {error}");
        }
        let long = format!("{} * * * *", "1,".repeat(100_000));
        assert_eq!(
            Expression::parse(&long).unwrap_err(),
            ExpressionError::TooLong
        );
    }

    #[test]
    fn what_people_write_is_read() {
        for text in [
            "0 9 * * 1-5",
            "*/15 9-17 * * MON-FRI",
            "0 0 29 2 *",
            "0 0 29 2 +MON",
            "0 0 L * *",
            "0 9 15W * *",
            "0 9 * * 5#2",
            "0 9 * * 5L",
            "0 9 * JAN,jul *",
            "@daily",
            "@Midnight",
            "0 0 31 2 1",
            "0 9 ? * 1",
            "\t0 9\n* * 7 ",
        ] {
            assert!(Expression::parse(text).is_ok(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC{0,40}") {
            let _ = Expression::parse(&text);
        }

        #[test]
        fn no_expression_breaks_it(fields in prop::collection::vec("[0-9*/,LW#?+-]{1,5}|[A-Z]{3}", 5)) {
            let _ = Expression::parse(&fields.join(" "));
        }
    }
}
