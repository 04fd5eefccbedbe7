//! How a ticket stands, and what comes next.

use serde::{Deserialize, Serialize};

use super::draft::Target;
use super::running::{Counting, Pauses};
use super::{Agreement, MS_PER_MINUTE};
use crate::model::Timestamp;

/// What is to be reached in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    Response,
    Resolution,
}

/// What comes of a goal that is not reached: Halo's events 42, 46 and 70.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    FirstWarning,
    SecondWarning,
    /// The time is over.
    Breach,
}

/// A milestone that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Passed {
    pub at: Timestamp,
    pub goal: Goal,
    pub milestone: Milestone,
}

/// What counts of a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketTimes {
    pub priority_id: u64,
    pub opened: Timestamp,
    /// When it was answered first.
    pub responded: Option<Timestamp>,
    /// When it was closed, while it is.
    pub closed: Option<Timestamp>,
    /// The statuses that it had, each with when it got it, in order.
    pub statuses: Vec<(Timestamp, u64)>,
}

impl Goal {
    /// As in templates: `response`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Resolution => "resolution",
        }
    }
}

impl Milestone {
    /// As in templates: `first_warning`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FirstWarning => "first_warning",
            Self::SecondWarning => "second_warning",
            Self::Breach => "breach",
        }
    }
}

impl TicketTimes {
    /// Whoever closes a ticket has answered it.
    fn answered(&self) -> Option<Timestamp> {
        [self.responded, self.closed].into_iter().flatten().min()
    }
}

/// How a ticket stands with a goal. A moment is missing where the clock stands still before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub goal: Goal,
    pub standing: Standing,
    /// Whether the clock stands still now.
    pub paused: bool,
    pub first_warning: Option<Timestamp>,
    pub second_warning: Option<Timestamp>,
    pub breach: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    OnTrack,
    FirstWarning,
    SecondWarning,
    Breached,
    /// It was reached in time.
    Met,
    /// It was reached too late.
    MetLate,
}

impl Progress {
    /// The milestones that are set, in their order.
    pub(super) fn milestones(&self) -> impl Iterator<Item = Passed> {
        let goal = self.goal;
        [
            (Milestone::FirstWarning, self.first_warning),
            (Milestone::SecondWarning, self.second_warning),
            (Milestone::Breach, self.breach),
        ]
        .into_iter()
        .filter_map(move |(milestone, at)| {
            at.map(|at| Passed {
                at,
                goal,
                milestone,
            })
        })
    }
}

impl Agreement {
    /// How a ticket stands with each of its goals. What its priority does not watch is not among them.
    pub fn progress(&self, ticket: &TicketTimes, now: Timestamp) -> Vec<Progress> {
        let Some(targets) = self.targets.get(&ticket.priority_id) else {
            return Vec::new();
        };
        [
            (Goal::Response, targets.response, ticket.answered()),
            (Goal::Resolution, targets.resolution, ticket.closed),
        ]
        .into_iter()
        .filter_map(|(goal, target, reached)| {
            let target = target?;
            // What comes after a goal was reached does not move its deadline any more.
            let before = |at: Timestamp| reached.is_none_or(|reached| at < reached);
            let until = ticket.statuses.partition_point(|(at, _)| before(*at));
            let statuses = ticket.statuses.get(..until).unwrap_or_default();
            let pauses = Pauses::of(statuses, &self.stops);
            Some(self.progress_of(goal, target, reached, ticket.opened, &pauses, now))
        })
        .collect()
    }

    fn progress_of(
        &self,
        goal: Goal,
        target: Target,
        reached: Option<Timestamp>,
        opened: Timestamp,
        pauses: &Pauses,
        now: Timestamp,
    ) -> Progress {
        let counting = Counting::of(target.counted, &self.calendar);
        let length = u64::from(target.minutes) * MS_PER_MINUTE.unsigned_abs();
        let at = |length| counting.deadline(opened, length, pauses);
        let at_percent = |percent: Option<u8>| at(length * u64::from(percent?) / 100);
        let first_warning = at_percent(self.first_warning);
        let second_warning = at_percent(self.second_warning);
        let breach = at(length);
        let is_over = |moment: Option<Timestamp>| moment.is_some_and(|moment| moment <= now);
        let standing = match reached.filter(|reached| *reached <= now) {
            Some(reached) if breach.is_some_and(|breach| breach < reached) => Standing::MetLate,
            Some(_) => Standing::Met,
            None if is_over(breach) => Standing::Breached,
            None if is_over(second_warning) => Standing::SecondWarning,
            None if is_over(first_warning) => Standing::FirstWarning,
            None => Standing::OnTrack,
        };
        Progress {
            goal,
            standing,
            paused: pauses.is_paused(now),
            first_warning,
            second_warning,
            breach,
        }
    }

    /// What came after the last look, up to now, in order: also what came while nobody could look.
    pub fn passed(
        &self,
        ticket: &TicketTimes,
        last_checked: Timestamp,
        now: Timestamp,
    ) -> Vec<Passed> {
        let mut passed: Vec<Passed> = self
            .watched(ticket, now)
            .filter(|passed| last_checked < passed.at && passed.at <= now)
            .collect();
        passed.sort_unstable();
        passed
    }

    /// The next moment at which something comes, unless the ticket is changed before.
    pub fn next(&self, ticket: &TicketTimes, now: Timestamp) -> Option<Passed> {
        let coming = self.watched(ticket, now);
        coming.filter(|passed| passed.at > now).min()
    }

    /// The milestones of goals that were not reached before.
    fn watched(&self, ticket: &TicketTimes, now: Timestamp) -> impl Iterator<Item = Passed> {
        let (answered, closed) = (ticket.answered(), ticket.closed);
        let milestones = self.progress(ticket, now).into_iter();
        let milestones = milestones.flat_map(|progress| progress.milestones().collect::<Vec<_>>());
        milestones.filter(move |passed| {
            let reached = match passed.goal {
                Goal::Response => answered,
                Goal::Resolution => closed,
            };
            reached.is_none_or(|reached| passed.at < reached)
        })
    }
}
