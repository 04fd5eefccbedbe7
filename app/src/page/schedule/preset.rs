//! The expressions that most people want, without the five parts.

/// What an expression means, where it is one that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Preset {
    /// Such as `09:00`.
    Daily(String),
    Weekdays(String),
    /// Every so many minutes; a divisor of 60.
    Minutes(u32),
    /// On a day of the month, or the last one, `L`.
    Monthly(String, String),
}

/// The pauses that come out even within an hour.
pub(super) const PAUSES: [u32; 11] = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30];

/// What one begins with.
pub(super) const MORNING: &str = "09:00";

impl Preset {
    /// Reads an expression; nothing where it is another one.
    pub(super) fn of(expression: &str) -> Option<Self> {
        let parts: Vec<&str> = expression.split_whitespace().collect();
        let [minute, hour, day, "*", weekday] = parts.as_slice() else {
            return None;
        };
        if (*hour, *day, *weekday) == ("*", "*", "*") {
            let pause = match minute.strip_prefix("*/") {
                Some(pause) => number(pause, 59)?,
                None if *minute == "*" => 1,
                None => return None,
            };
            return PAUSES.contains(&pause).then_some(Self::Minutes(pause));
        }
        let time = time(hour, minute)?;
        match (*day, *weekday) {
            ("*", "*") => Some(Self::Daily(time)),
            ("*", "1-5" | "MON-FRI") => Some(Self::Weekdays(time)),
            (day, "*") => {
                let is_day = day == "L" || number(day, 31).is_some_and(|day| day > 0);
                is_day.then(|| Self::Monthly(day.to_owned(), time))
            }
            _ => None,
        }
    }

    pub(super) fn expression(&self) -> String {
        let clock = |time: &str| {
            let (hour, minute) = time.split_once(':').unwrap_or((time, "0"));
            let plain = |digits: &str| digits.parse::<u32>().unwrap_or_default();
            format!("{} {}", plain(minute), plain(hour))
        };
        match self {
            Self::Daily(time) => format!("{} * * *", clock(time)),
            Self::Weekdays(time) => format!("{} * * 1-5", clock(time)),
            Self::Minutes(1) => "* * * * *".to_owned(),
            Self::Minutes(pause) => format!("*/{pause} * * * *"),
            Self::Monthly(day, time) => format!("{} {day} * *", clock(time)),
        }
    }

    /// The time of the day, where it has one.
    pub(super) fn time(&self) -> Option<&str> {
        match self {
            Self::Daily(time) | Self::Weekdays(time) | Self::Monthly(_, time) => Some(time),
            Self::Minutes(_) => None,
        }
    }

    /// The same at another time of the day.
    pub(super) fn at(self, time: String) -> Self {
        match self {
            Self::Daily(_) => Self::Daily(time),
            Self::Weekdays(_) => Self::Weekdays(time),
            Self::Monthly(day, _) => Self::Monthly(day, time),
            Self::Minutes(pause) => Self::Minutes(pause),
        }
    }
}

/// As a field for times has it.
fn time(hour: &str, minute: &str) -> Option<String> {
    let (hour, minute) = (number(hour, 23)?, number(minute, 59)?);
    Some(format!("{hour:02}:{minute:02}"))
}

fn number(text: &str, most: u32) -> Option<u32> {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| is_plain)?;
    (number <= most).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_is_read_again() {
        let nine = || MORNING.to_owned();
        for (preset, expression) in [
            (Preset::Daily(nine()), "0 9 * * *"),
            (Preset::Weekdays("17:30".to_owned()), "30 17 * * 1-5"),
            (Preset::Minutes(1), "* * * * *"),
            (Preset::Minutes(15), "*/15 * * * *"),
            (Preset::Monthly("1".to_owned(), nine()), "0 9 1 * *"),
            (Preset::Monthly("L".to_owned(), nine()), "0 9 L * *"),
        ] {
            assert_eq!(preset.expression(), expression);
            assert_eq!(Preset::of(expression), Some(preset));
        }
    }

    #[test]
    fn other_expressions_stay_as_they_are_written() {
        for expression in [
            "",
            "x",
            "0 9 * *",
            "0 9 * * 1",
            "0 9 1 1 *",
            "0 9 32 * *",
            "0 9 0 * *",
            "0 24 * * *",
            "60 9 * * *",
            "0,30 9 * * *",
            "*/7 * * * *",
            "*/+5 * * * *",
            "0 9 1 * 1",
            "@daily",
        ] {
            assert_eq!(Preset::of(expression), None, "{expression}");
        }
    }
}
