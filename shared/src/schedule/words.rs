//! Expressions in words.

use super::expression::Expression;

/// So many times of a day are named one by one.
const MOST_NAMED: usize = 6;

const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `Every weekday at 09:00`.
pub(super) fn words(expression: &Expression) -> String {
    let times = times(expression);
    let days = days(expression);
    let sentence = match (times, days) {
        (Times::At(times), Some(days)) => format!("{days} at {times}"),
        (Times::At(times), None) => format!("every day at {times}"),
        (Times::Every(rhythm), Some(days)) => format!("{days}, {rhythm}"),
        (Times::Every(rhythm), None) => rhythm,
    };
    capitalised(&match months(expression) {
        Some(months) => format!("{sentence}, in {months}"),
        None => sentence,
    })
}

/// `1 day 2 hours`; nothing is `0 minutes`.
pub(super) fn duration(minutes: u32) -> String {
    let parts = [
        (minutes / 1440, "day"),
        (minutes / 60 % 24, "hour"),
        (minutes % 60, "minute"),
    ];
    let words: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| match count {
            1 => format!("1 {unit}"),
            count => format!("{count} {unit}s"),
        })
        .collect();
    match words.as_slice() {
        [] => "0 minutes".to_owned(),
        words => words.join(" "),
    }
}

enum Times {
    /// Behind "at".
    At(String),
    Every(String),
}

fn times(expression: &Expression) -> Times {
    let (minutes, hours) = (expression.minutes.as_slice(), expression.hours.as_slice());
    let clock = |hour: u16, minute: u16| format!("{hour:02}:{minute:02}");
    let every = step(minutes, 60);
    let rhythm = match (every, minutes) {
        (Some(1), _) => Some("every minute".to_owned()),
        (Some(step), _) if step < 60 => Some(format!("every {step} minutes")),
        (_, [0]) => Some("every hour".to_owned()),
        (_, [minute]) => Some(format!("every hour at {minute} minutes past")),
        _ => None,
    };
    if expression.is_rhythm() {
        return Times::Every(rhythm.unwrap_or_else(|| {
            format!(
                "every hour at {} minutes past",
                list(minutes, u16::to_string)
            )
        }));
    }
    if minutes.len() * hours.len() <= MOST_NAMED {
        let times: Vec<String> = hours
            .iter()
            .flat_map(|hour| minutes.iter().map(move |minute| clock(*hour, *minute)))
            .collect();
        return Times::At(list(&times, String::clone));
    }
    if let Some(step @ 2..) = step(hours, 24)
        && let [minute] = minutes
    {
        return Times::Every(match minute {
            0 => format!("every {step} hours from 00:00"),
            minute => format!("every {step} hours from {}", clock(0, *minute)),
        });
    }
    if let (Some(rhythm), Some(first), Some(last)) = (&rhythm, hours.first(), hours.last())
        && usize::from(last - first) + 1 == hours.len()
        && let (Some(start), Some(end)) = (minutes.first(), minutes.last())
    {
        let (from, until) = (clock(*first, *start), clock(*last, *end));
        let rhythm = if minutes.len() == 1 {
            "every hour"
        } else {
            rhythm
        };
        return Times::Every(format!("{rhythm} from {from} to {until}"));
    }
    let hours = list(hours, |hour| format!("{hour:02}"));
    Times::Every(match rhythm {
        Some(rhythm) if minutes.len() > 1 => format!("{rhythm} of the hours {hours}"),
        _ => format!(
            "at {} minutes past the hours {hours}",
            list(minutes, u16::to_string)
        ),
    })
}

/// The distance of values that run evenly through a whole.
fn step(values: &[u16], whole: u16) -> Option<u16> {
    let step = whole
        / u16::try_from(values.len())
            .ok()
            .filter(|count| *count > 0)?;
    let even = values
        .iter()
        .zip(0..)
        .all(|(value, index)| *value == index * step);
    (even && whole.is_multiple_of(step)).then_some(step)
}

/// Nothing where it is every day.
fn days(expression: &Expression) -> Option<String> {
    let [_, _, day, _, weekday] = &expression.fields;
    let weekday = weekday.strip_prefix('+').unwrap_or(weekday);
    let any = |field: &str| matches!(field, "*" | "?");
    match (any(day), any(weekday)) {
        (true, true) => None,
        (true, false) => Some(weekdays(expression, weekday)),
        (false, true) => Some(days_of_month(expression, day)),
        (false, false) => {
            let (days, weekdays) = (
                days_of_month(expression, day),
                weekdays(expression, weekday),
            );
            Some(if expression.needs_both_days() {
                format!("{days} where that is {}", one_of(&weekdays))
            } else {
                format!("{days} and {weekdays}")
            })
        }
    }
}

fn one_of(weekdays: &str) -> String {
    match weekdays.strip_prefix("every ") {
        Some(day) => format!("a {}", day.replace(" and ", " or ")),
        None => weekdays.trim_start_matches("on ").to_owned(),
    }
}

fn weekdays(expression: &Expression, field: &str) -> String {
    let plain = expression.weekdays();
    let mut words: Vec<String> = Vec::new();
    match plain.as_slice() {
        [] => {}
        [1, 2, 3, 4, 5] => words.push("every weekday".to_owned()),
        [0, 6] => words.push("every Saturday and Sunday".to_owned()),
        days if days.len() == 7 => words.push("every day".to_owned()),
        days => words.push(format!("every {}", list(days, |day| name(*day, &WEEKDAYS)))),
    }
    for part in field.split(',') {
        let (day, which) = match (part.split_once('#'), part.strip_suffix('L')) {
            (Some((day, which)), _) => (day, which),
            (None, Some(day)) => (day, "L"),
            (None, None) => continue,
        };
        let which = match which {
            "L" => "last".to_owned(),
            number => ordinal(number),
        };
        let day = weekday_named(day);
        words.push(format!("on the {which} {day} of the month"));
    }
    list(&words, String::clone)
}

/// A weekday as it is written, by number or name; a range of them as it stands.
fn weekday_named(text: &str) -> String {
    let by_name = WEEKDAYS.iter().find(|day| {
        day.get(..3)
            .is_some_and(|start| start.eq_ignore_ascii_case(text))
    });
    match (by_name, text.parse::<u16>()) {
        (Some(name), _) => (*name).to_owned(),
        (None, Ok(number)) => name(number % 7, &WEEKDAYS),
        (None, Err(_)) => format!("day {text}"),
    }
}

fn days_of_month(expression: &Expression, field: &str) -> String {
    let plain = expression.days();
    let mut words = Vec::new();
    match plain.as_slice() {
        [] => {}
        days if days.len() == 31 => return "every day".to_owned(),
        [first, .., last] if plain.len() > 2 && usize::from(last - first) + 1 == plain.len() => {
            words.push(format!("{} to {}", ordinal_of(*first), ordinal_of(*last)));
        }
        days => words.extend(days.iter().map(|day| ordinal_of(*day))),
    }
    for part in field.split(',') {
        match part {
            "L" => words.push("last day".to_owned()),
            "LW" | "WL" => words.push("last weekday".to_owned()),
            part => {
                if let Some(day) = part.strip_suffix('W') {
                    words.push(format!("weekday nearest to the {}", ordinal(day)));
                }
            }
        }
    }
    format!("on the {} of the month", list(&words, String::clone))
}

fn months(expression: &Expression) -> Option<String> {
    let months = expression.months();
    (months.len() < 12).then(|| list(&months, |month| name(month.saturating_sub(1), &MONTHS)))
}

fn name(number: u16, names: &[&str]) -> String {
    let name = names.get(usize::from(number));
    name.map_or_else(|| number.to_string(), |name| (*name).to_owned())
}

fn ordinal_of(number: u16) -> String {
    ordinal(&number.to_string())
}

/// `1st`, `2nd`, `3rd`, `11th`.
fn ordinal(digits: &str) -> String {
    let teen = digits.len() == 2 && digits.starts_with('1');
    let ending = match digits.chars().last() {
        Some('1') if !teen => "st",
        Some('2') if !teen => "nd",
        Some('3') if !teen => "rd",
        _ => "th",
    };
    format!("{digits}{ending}")
}

/// `a, b and c`.
fn list<T>(items: &[T], word: impl Fn(&T) -> String) -> String {
    let words: Vec<String> = items.iter().map(word).collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_said_as_people_say_them() {
        for (expression, expected) in [
            ("0 9 * * 1-5", "Every weekday at 09:00"),
            ("0 9 * * *", "Every day at 09:00"),
            ("@daily", "Every day at 00:00"),
            (
                "30 8,17 * * MON,THU",
                "Every Monday and Thursday at 08:30 and 17:30",
            ),
            ("0 10 * * 0,6", "Every Saturday and Sunday at 10:00"),
            ("0 10 * * SUN", "Every Sunday at 10:00"),
            ("* * * * *", "Every minute"),
            ("*/15 * * * *", "Every 15 minutes"),
            ("0 * * * *", "Every hour"),
            ("5 * * * *", "Every hour at 5 minutes past"),
            ("5,50 * * * *", "Every hour at 5 and 50 minutes past"),
            ("0 */2 * * *", "Every 2 hours from 00:00"),
            (
                "10 */6 * * 1",
                "Every Monday at 00:10, 06:10, 12:10 and 18:10",
            ),
            (
                "*/15 9-17 * * 1-5",
                "Every weekday, every 15 minutes from 09:00 to 17:45",
            ),
            ("0 8-18 * * *", "Every hour from 08:00 to 18:00"),
            ("* 9 * * *", "Every minute from 09:00 to 09:59"),
            (
                "1,2,3,5 3,7 * * *",
                "At 1, 2, 3 and 5 minutes past the hours 03 and 07",
            ),
            ("0 9 1,15 * *", "On the 1st and 15th of the month at 09:00"),
            ("0 9 1-5 * *", "On the 1st to 5th of the month at 09:00"),
            ("0 9 L * *", "On the last day of the month at 09:00"),
            ("0 9 LW * *", "On the last weekday of the month at 09:00"),
            (
                "0 9 15W * *",
                "On the weekday nearest to the 15th of the month at 09:00",
            ),
            ("0 9 * * 5#2", "On the 2nd Friday of the month at 09:00"),
            ("0 9 * * FRIL", "On the last Friday of the month at 09:00"),
            ("0 9 * * 5#L", "On the last Friday of the month at 09:00"),
            (
                "0 9 * * 1,5#3",
                "Every Monday and on the 3rd Friday of the month at 09:00",
            ),
            (
                "0 9 1 * 1",
                "On the 1st of the month and every Monday at 09:00",
            ),
            (
                "0 9 1 * +1",
                "On the 1st of the month where that is a Monday at 09:00",
            ),
            (
                "0 9 1 1,7 *",
                "On the 1st of the month at 09:00, in January and July",
            ),
            (
                "0 9 31 DEC *",
                "On the 31st of the month at 09:00, in December",
            ),
            ("0 9 12 * *", "On the 12th of the month at 09:00"),
        ] {
            let read = Expression::parse(expression).unwrap();
            assert_eq!(words(&read), expected, "{expression}");
        }
    }

    #[test]
    fn durations_are_said_as_people_say_them() {
        for (minutes, expected) in [
            (0, "0 minutes"),
            (1, "1 minute"),
            (60, "1 hour"),
            (1501, "1 day 1 hour 1 minute"),
            (2880, "2 days"),
        ] {
            assert_eq!(duration(minutes), expected);
        }
    }
}
