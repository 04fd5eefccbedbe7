//! A service level as it is edited.

use shared::desk::service_level::{
    Counted, Holiday, Names, PriorityTargets, ServiceLevel, Span, Target, Week, WorkingHours,
};

/// The days as people see them, with the names of their fields.
pub(super) const DAYS: [(&str, &str); 7] = [
    ("Monday", "monday"),
    ("Tuesday", "tuesday"),
    ("Wednesday", "wednesday"),
    ("Thursday", "thursday"),
    ("Friday", "friday"),
    ("Saturday", "saturday"),
    ("Sunday", "sunday"),
];

/// The spans of the day at a place of [`DAYS`].
pub(super) fn spans(week: &Week, day: usize) -> &Vec<Span> {
    match day {
        0 => &week.monday,
        1 => &week.tuesday,
        2 => &week.wednesday,
        3 => &week.thursday,
        4 => &week.friday,
        5 => &week.saturday,
        _ => &week.sunday,
    }
}

pub(super) fn spans_mut(week: &mut Week, day: usize) -> &mut Vec<Span> {
    match day {
        0 => &mut week.monday,
        1 => &mut week.tuesday,
        2 => &mut week.wednesday,
        3 => &mut week.thursday,
        4 => &mut week.friday,
        5 => &mut week.saturday,
        _ => &mut week.sunday,
    }
}

/// Gives Tuesday to Friday the hours of Monday.
pub(super) fn copy_monday(week: &mut Week) {
    let monday = week.monday.clone();
    for day in 1..5 {
        spans_mut(week, day).clone_from(&monday);
    }
}

/// What a new span of a day begins with: after the last one, where there is room.
pub(super) fn fresh_span(spans: &[Span]) -> Span {
    let (from, until) = match spans.last() {
        None => ("09:00", "17:00"),
        Some(last) if last.until.as_str() < "13:00" => ("13:00", "17:00"),
        Some(_) => ("18:00", "20:00"),
    };
    span(from, until)
}

fn span(from: &str, until: &str) -> Span {
    Span {
        from: from.to_owned(),
        until: until.to_owned(),
    }
}

pub(super) fn fresh_holiday() -> Holiday {
    Holiday {
        name: String::new(),
        date: String::new(),
        every_year: true,
    }
}

/// Office hours without targets.
pub(super) fn fresh(time_zone: String, is_first: bool) -> ServiceLevel {
    let mut week = Week {
        monday: vec![span("09:00", "17:00")],
        ..Week::default()
    };
    copy_monday(&mut week);
    ServiceLevel {
        id: 0,
        name: "New service level".to_owned(),
        default: is_first,
        ticket_types: Vec::new(),
        hours: WorkingHours {
            time_zone,
            week,
            holidays: Vec::new(),
        },
        priorities: Vec::new(),
        first_warning_percent: None,
        second_warning_percent: None,
        stopping_statuses: Vec::new(),
        names: Names::default(),
    }
}

/// The example: the most urgent priorities come first. `waiting` are the statuses in which others are waited for.
pub(super) fn example(
    time_zone: String,
    is_first: bool,
    priorities: &[u64],
    waiting: Vec<u64>,
) -> ServiceLevel {
    const HOUR: u32 = 60;
    const TIMES: [(u32, u32); 4] = [
        (HOUR / 2, 4 * HOUR),
        (HOUR, 8 * HOUR),
        (4 * HOUR, 24 * HOUR),
        (8 * HOUR, 40 * HOUR),
    ];
    let target = |minutes| {
        Some(Target {
            minutes,
            counted: Counted::Working,
        })
    };
    let priorities = priorities
        .iter()
        .zip(TIMES)
        .map(|(id, times)| PriorityTargets {
            priority_id: *id,
            response: target(times.0),
            resolution: target(times.1),
        });
    ServiceLevel {
        name: "Office hours".to_owned(),
        priorities: priorities.collect(),
        first_warning_percent: Some(50),
        second_warning_percent: Some(75),
        stopping_statuses: waiting,
        ..fresh(time_zone, is_first)
    }
}

/// What of a priority a target is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Response,
    Resolution,
}

pub(super) fn target(level: &ServiceLevel, priority: u64, which: Which) -> Option<Target> {
    let mut all = level.priorities.iter();
    let found = all.find(|targets| targets.priority_id == priority)?;
    match which {
        Which::Response => found.response,
        Which::Resolution => found.resolution,
    }
}

/// Sets it; a priority without any goes from the list.
pub(super) fn set_target(
    level: &mut ServiceLevel,
    priority: u64,
    which: Which,
    target: Option<Target>,
) {
    let is_it = |targets: &PriorityTargets| targets.priority_id == priority;
    if !level.priorities.iter().any(is_it) {
        level.priorities.push(PriorityTargets {
            priority_id: priority,
            response: None,
            resolution: None,
        });
    }
    for targets in level.priorities.iter_mut().filter(|targets| is_it(targets)) {
        match which {
            Which::Response => targets.response = target,
            Which::Resolution => targets.resolution = target,
        }
    }
    level
        .priorities
        .retain(|targets| targets.response.is_some() || targets.resolution.is_some());
}

/// What a number of a target counts: its name, how many minutes it is, and which minutes count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) minutes: u32,
    pub(super) counted: Counted,
}

/// Those of one counting from the smallest on.
pub(super) const UNITS: [Unit; 6] = [
    unit("working_minutes", "working minutes", 1, Counted::Working),
    unit("working_hours", "working hours", 60, Counted::Working),
    unit("working_days", "working days of 8 h", 480, Counted::Working),
    unit("minutes", "minutes", 1, Counted::Calendar),
    unit("hours", "hours", 60, Counted::Calendar),
    unit("days", "days", 1440, Counted::Calendar),
];

const fn unit(name: &'static str, label: &'static str, minutes: u32, counted: Counted) -> Unit {
    Unit {
        name,
        label,
        minutes,
        counted,
    }
}

impl Unit {
    pub(super) fn named(name: &str) -> Self {
        let mut units = UNITS.into_iter();
        units.find(|unit| unit.name == name).unwrap_or(UNITS[1])
    }

    /// The largest one in which a target is a whole number, and not one alone where hours say it as well.
    pub(super) fn of(target: Option<Target>) -> Self {
        let Some(target) = target else {
            return UNITS[1];
        };
        let fits = |unit: &Self| {
            unit.counted == target.counted
                && target.minutes % unit.minutes == 0
                && (unit.minutes <= 60 || target.minutes / unit.minutes > 1)
        };
        let mut units = UNITS.into_iter().rev();
        units.find(fits).unwrap_or(UNITS[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_shown_in_the_unit_that_says_it_shortest() {
        for (minutes, counted, expected) in [
            (30, Counted::Working, "working_minutes"),
            (240, Counted::Working, "working_hours"),
            (480, Counted::Working, "working_hours"),
            (960, Counted::Working, "working_days"),
            (90, Counted::Calendar, "minutes"),
            (1440, Counted::Calendar, "hours"),
            (2880, Counted::Calendar, "days"),
        ] {
            let unit = Unit::of(Some(Target { minutes, counted }));
            assert_eq!(unit.name, expected, "{minutes}");
            assert_eq!(Unit::named(unit.name), unit);
        }
    }

    #[test]
    fn a_priority_without_targets_is_not_kept() {
        let mut level = fresh("UTC".to_owned(), true);
        let hour = Some(Target {
            minutes: 60,
            counted: Counted::Working,
        });
        set_target(&mut level, 2, Which::Response, hour);
        set_target(&mut level, 2, Which::Resolution, hour);
        assert_eq!(target(&level, 2, Which::Resolution), hour);
        set_target(&mut level, 2, Which::Response, None);
        assert_eq!(level.priorities.len(), 1);
        set_target(&mut level, 2, Which::Resolution, None);
        assert!(level.priorities.is_empty());
    }

    #[test]
    fn monday_is_copied_to_the_other_weekdays_alone() {
        let mut week = fresh("UTC".to_owned(), true).hours.week;
        week.monday.push(fresh_span(&[span("09:00", "12:00")]));
        week.saturday.push(span("10:00", "12:00"));
        copy_monday(&mut week);
        for day in 0..5 {
            assert_eq!(spans(&week, day).len(), 2, "{day}");
        }
        assert_eq!((week.saturday.len(), week.sunday.len()), (1, 0));
    }
}
