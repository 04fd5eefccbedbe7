//! What a write and the clock make of a ticket.

use super::*;
use crate::desk::record::Stored;

/// A ticket that is written and looked at, as a shell would.
struct Kept {
    levels: ServiceLevels,
    ticket: Stored,
    track: Option<Track>,
    next: Option<Timestamp>,
}

type Said = Vec<(Goal, Milestone, u64)>;

impl Kept {
    /// In Berlin at nine on a Monday, under a service level with an hour to answer and a day to solve.
    fn new(levels: Vec<ServiceLevel>) -> (Self, Said) {
        let mut ticket = Stored::default();
        ticket.set("dateoccurred", OPENED);
        ticket.set("priority_id", 1);
        ticket.set("status_id", 1);
        ticket.set("tickettype_id", 1);
        let mut kept = Self {
            levels: ServiceLevels::new(levels),
            ticket,
            track: None,
            next: None,
        };
        let said = kept.look(OPENED, Look::Told, None);
        (kept, said)
    }

    fn look(&mut self, now: &str, look: Look, before: Option<&Stored>) -> Said {
        let known = self.track.take();
        let mut ticket = self.ticket.clone();
        let tracked = self
            .levels
            .track(&mut ticket, before, known, look, at(now))
            .unwrap();
        self.ticket = ticket;
        self.track = Some(tracked.track);
        self.next = tracked.next;
        let told = tracked.passed.iter();
        told.map(|told| (told.goal, told.milestone, told.minutes_late()))
            .collect()
    }

    fn write(&mut self, now: &str, change: impl FnOnce(&mut Stored)) -> Said {
        let before = self.ticket.clone();
        change(&mut self.ticket);
        self.look(now, Look::Told, Some(&before))
    }

    fn wait(&mut self, now: &str) -> Said {
        self.write(now, |_| ())
    }

    fn next(&self) -> Option<String> {
        self.next.map(instant::write)
    }

    fn texts<const N: usize>(&self, fields: [&str; N]) -> [&str; N] {
        fields.map(|field| self.ticket.text(field))
    }
}

const OPENED: &str = "2026-03-02T08:00:00.000Z";
const STANDINGS: [&str; 2] = ["slaresponsestanding", "slastanding"];

use Goal::{Resolution, Response};
use Milestone::{Breach, FirstWarning as First, SecondWarning as Second};

#[test]
fn a_new_ticket_gets_its_deadlines() {
    let (kept, said) = Kept::new(vec![level()]);
    assert_eq!(said, []);
    let fields = [
        "sla_name",
        "respondbydate",
        "fixbydate",
        "slaactiondate",
        "slastate",
    ];
    assert_eq!(
        kept.texts(fields),
        [
            "Gold",
            "2026-03-02T09:00:00.000Z",
            "2026-03-02T16:00:00.000Z",
            "2026-03-02T09:00:00.000Z",
            ""
        ]
    );
    assert_eq!(kept.texts(STANDINGS), ["on_track", "on_track"]);
    assert_eq!(kept.next().as_deref(), Some("2026-03-02T08:30:00.000Z"));

    let (kept, _) = Kept::new(Vec::new());
    assert_eq!(kept.texts(fields), [""; 5]);
    assert_eq!(kept.next(), None);
}

#[test]
fn each_milestone_is_told_when_it_comes_and_late_where_nobody_looked() {
    let (mut kept, _) = Kept::new(vec![level()]);
    assert_eq!(kept.wait("2026-03-02T08:30:00Z"), [(Response, First, 0)]);
    assert_eq!(kept.wait("2026-03-02T08:40:00Z"), []);
    // Nobody looked for a while.
    assert_eq!(
        kept.wait("2026-03-02T12:30:00Z"),
        [
            (Response, Second, 225),
            (Response, Breach, 210),
            (Resolution, First, 30)
        ]
    );
    assert_eq!(kept.texts(STANDINGS), ["breached", "first_warning"]);
    assert_eq!(kept.texts(["slaresponsestate", "slastate"]), ["O", ""]);
    assert_eq!(kept.wait("2026-03-02T12:30:00Z"), []);
    // An answer does not undo that it came late, and what is due next is the solution.
    let said = kept.write("2026-03-02T13:00:00Z", |ticket| {
        ticket.set("responsedate", "2026-03-02T13:00:00.000Z");
    });
    assert_eq!(said, []);
    assert_eq!(kept.texts(STANDINGS), ["met_late", "first_warning"]);
    assert_eq!(kept.texts(["slaactiondate"]), ["2026-03-02T16:00:00.000Z"]);
}

#[test]
fn what_came_before_a_write_is_told_with_it() {
    let (mut kept, _) = Kept::new(vec![level()]);
    let said = kept.write("2026-03-02T08:50:00Z", |ticket| {
        ticket.set("responsedate", "2026-03-02T08:50:00.000Z");
    });
    assert_eq!(said, [(Response, First, 20), (Response, Second, 5)]);
    assert_eq!(kept.texts(STANDINGS), ["met", "on_track"]);
    assert_eq!(kept.texts(["slaresponsestate"]), ["I"]);
}

#[test]
fn a_status_that_stops_the_clock_puts_everything_off() {
    let (mut kept, _) = Kept::new(vec![level()]);
    let said = kept.write("2026-03-02T08:35:00Z", |ticket| ticket.set("status_id", 4));
    assert_eq!(said, [(Response, First, 5)]);
    assert_eq!(kept.texts(["respondbydate", "fixbydate"]), ["", ""]);
    assert!(kept.ticket.is_true("onhold"));
    assert_eq!(kept.next(), None);
    assert_eq!(kept.wait("2026-03-05T08:35:00Z"), []);
    // The first warning came before, so it does not come again.
    let said = kept.write("2026-03-05T09:00:00Z", |ticket| ticket.set("status_id", 1));
    assert_eq!(said, []);
    assert!(!kept.ticket.is_true("onhold"));
    assert_eq!(kept.texts(["respondbydate"]), ["2026-03-05T09:25:00.000Z"]);
    assert_eq!(
        kept.wait("2026-03-05T09:25:00Z"),
        [(Response, Second, 15), (Response, Breach, 0)]
    );
}

#[test]
fn a_change_tells_the_last_of_what_it_puts_a_ticket_behind() {
    let mut gold = level();
    gold.priorities.push(PriorityTargets {
        priority_id: 2,
        response: None,
        resolution: Some(Target {
            minutes: 5 * 480,
            counted: Counted::Working,
        }),
    });
    let (mut kept, _) = Kept::new(vec![gold]);
    let answered = |ticket: &mut Stored| ticket.set("responsedate", OPENED);
    kept.write(OPENED, answered);
    kept.write(OPENED, |ticket| ticket.set("priority_id", 2));
    assert_eq!(kept.texts(STANDINGS), ["", "on_track"]);
    let said = kept.write("2026-03-03T09:00:00Z", |ticket| {
        ticket.set("priority_id", 1);
    });
    assert_eq!(said, [(Resolution, Breach, 17 * 60)]);
    // Whoever has more time again is warned again.
    let said = kept.write("2026-03-03T09:30:00Z", |ticket| {
        ticket.set("priority_id", 2);
    });
    assert_eq!(said, []);
    assert_eq!(kept.wait("2026-03-04T12:00:00Z"), [(Resolution, First, 0)]);
}

#[test]
fn a_ticket_that_is_opened_again_is_told_what_is_new() {
    let (mut kept, _) = Kept::new(vec![level()]);
    kept.wait("2026-03-02T12:00:00Z");
    let close = |at: &'static str| {
        move |ticket: &mut Stored| {
            ticket.set("status_id", 9);
            ticket.set("dateclosed", at);
            ticket.set("responsedate", at);
        }
    };
    let open = |ticket: &mut Stored| {
        ticket.set("status_id", 1);
        ticket.set("dateclosed", None::<String>);
    };
    let said = kept.write("2026-03-02T13:00:00Z", close("2026-03-02T13:00:00.000Z"));
    assert_eq!(said, []);
    assert_eq!(kept.texts(STANDINGS), ["met_late", "met"]);
    assert_eq!(kept.next(), None);
    // Half of the time is over, as it was before.
    assert_eq!(kept.write("2026-03-02T13:30:00Z", open), []);
    assert_eq!(kept.texts(STANDINGS), ["met_late", "first_warning"]);
    kept.write("2026-03-02T13:40:00Z", close("2026-03-02T13:40:00.000Z"));
    // Meanwhile it was counted on.
    assert_eq!(
        kept.write("2026-03-03T08:00:00Z", open),
        [(Resolution, Breach, 16 * 60)]
    );
}

#[test]
fn changed_service_levels_are_not_told_of_but_counted() {
    let (mut kept, _) = Kept::new(vec![level()]);
    let mut strict = level();
    strict.priorities[0].response = Some(Target {
        minutes: 10,
        counted: Counted::Calendar,
    });
    kept.levels = ServiceLevels::new(vec![strict]);
    let before = kept.ticket.clone();
    assert_eq!(
        kept.look("2026-03-02T08:20:00Z", Look::Silent, Some(&before)),
        []
    );
    assert_eq!(kept.texts(STANDINGS), ["breached", "on_track"]);
    assert_eq!(kept.wait("2026-03-02T08:30:00Z"), []);
    assert_eq!(kept.wait("2026-03-02T12:00:00Z"), [(Resolution, First, 0)]);
    // Without one, nothing is counted any more.
    kept.levels = ServiceLevels::default();
    assert_eq!(kept.wait("2026-03-02T20:00:00Z"), []);
    assert_eq!(kept.texts(["sla_name", "fixbydate"]), ["", ""]);
}

#[test]
fn the_service_level_is_that_of_the_type_or_the_one_that_was_chosen() {
    let mut silver = level();
    (silver.id, silver.default, silver.name) = (2, false, "Silver".to_owned());
    silver.ticket_types = vec![7];
    let mut bronze = level();
    (bronze.id, bronze.default, bronze.name) = (3, false, "Bronze".to_owned());
    let (mut kept, _) = Kept::new(vec![level(), silver, bronze]);
    let mut after = |change: &dyn Fn(&mut Stored)| {
        kept.write(OPENED, change);
        kept.ticket.text("sla_name").to_owned()
    };
    assert_eq!(after(&|_| ()), "Gold");
    assert_eq!(after(&|ticket| ticket.set("tickettype_id", 7)), "Silver");
    assert_eq!(after(&|ticket| ticket.set("tickettype_id", 1)), "Gold");
    assert_eq!(after(&|ticket| ticket.set("sla_id", 3)), "Bronze");
    // What was chosen stays.
    assert_eq!(after(&|ticket| ticket.set("tickettype_id", 7)), "Bronze");
    assert_eq!(after(&|ticket| ticket.set("sla_id", None::<u64>)), "Silver");
    let mut ticket = kept.ticket.clone();
    ticket.set("sla_id", 9);
    let refused = kept.levels.track(
        &mut ticket,
        Some(&kept.ticket),
        None,
        Look::Told,
        at(OPENED),
    );
    assert!(refused.is_err());
}

#[test]
fn what_was_closed_before_there_were_service_levels_is_not_judged() {
    let (mut kept, _) = Kept::new(Vec::new());
    kept.write("2026-03-02T10:00:00Z", |ticket| {
        ticket.set("dateclosed", "2026-03-02T10:00:00.000Z");
    });
    kept.levels = ServiceLevels::new(vec![level()]);
    assert_eq!(kept.wait("2026-03-09T10:00:00Z"), []);
    assert_eq!(kept.texts(["sla_name", "slastate"]), ["", ""]);
    // An old ticket that is opened is, but nobody is told what would have come long ago.
    let said = kept.write("2026-03-09T10:00:00Z", |ticket| {
        ticket.set("dateclosed", None::<String>);
    });
    assert_eq!(said, []);
    assert_eq!(kept.texts(["sla_name", "slastate"]), ["Gold", "O"]);
}

#[test]
fn what_is_told_names_its_goal_and_how_late_it_comes() {
    let told = |goal, late_ms| Told {
        goal,
        milestone: Milestone::Breach,
        at: at(OPENED),
        due: Some(at(OPENED)),
        told_at: at(OPENED) + late_ms,
    };
    for (told, expected) in [
        (told(Goal::Response, 59_999), "Answer"),
        (
            told(Goal::Resolution, 3_289 * 60_000),
            "Solution, 2 days and 7 hours late because Nimbus could not look before",
        ),
    ] {
        assert_eq!(told.to_string(), expected);
        let late = told.late().unwrap_or_default();
        assert_eq!(
            late.ends_with(" (UTC), and came 2 days and 7 hours late."),
            expected.contains("late"),
            "{late}"
        );
    }
}
