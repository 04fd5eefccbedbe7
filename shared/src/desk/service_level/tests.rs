mod calendar;
mod draft;
mod progress;
mod properties;
mod track;

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;

use super::Standing::{Breached, FirstWarning, Met, MetLate, OnTrack, SecondWarning};
use super::draft::{Counted, Holiday, PriorityTargets, Span, Target, Week, WorkingHours};
use super::*;
use crate::desk::instant;
use crate::model::{Timestamp, strict};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const WEEKDAYS: [usize; 5] = [1, 2, 3, 4, 5];
const ALL_DAYS: [usize; 7] = [0, 1, 2, 3, 4, 5, 6];

fn at(text: &str) -> Timestamp {
    instant::moment(text).unwrap()
}

fn hours(zone: &str, days: &[usize], spans: &[(&str, &str)]) -> WorkingHours {
    WorkingHours {
        time_zone: zone.to_owned(),
        week: Week::on(days, spans),
        holidays: Vec::new(),
    }
}

fn holiday(date: &str, every_year: bool) -> Holiday {
    Holiday {
        name: "Holiday".to_owned(),
        date: date.to_owned(),
        every_year,
    }
}

/// What counts between two moments, in minutes.
fn minutes(hours: &WorkingHours, from: &str, until: &str) -> u64 {
    let calendar = hours.compile().unwrap();
    let none = Pauses::default();
    Counting::Working(&calendar).between(at(from), at(until), &none) / MINUTE
}

fn level() -> ServiceLevel {
    let target = |minutes, counted| Some(Target { minutes, counted });
    ServiceLevel {
        id: 1,
        name: "Gold".to_owned(),
        default: true,
        ticket_types: Vec::new(),
        names: Names::default(),
        hours: hours("Europe/Berlin", &WEEKDAYS, &[("09:00", "17:00")]),
        priorities: vec![PriorityTargets {
            priority_id: 1,
            response: target(60, Counted::Calendar),
            resolution: target(480, Counted::Working),
        }],
        first_warning_percent: Some(50),
        second_warning_percent: Some(75),
        stopping_statuses: vec![4],
    }
}
