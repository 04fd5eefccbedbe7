//! What is kept of a ticket for its service level, and what a write or the clock makes of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::draft::ServiceLevel;
use super::progress::{Goal, Milestone, Passed, Progress, Standing, TicketTimes};
use super::{Agreement, compiled};
use crate::desk::error::DeskError;
use crate::desk::instant;
use crate::desk::record::Stored;
use crate::lateness::{late_start, lateness};
use crate::model::Timestamp;

/// What is kept beside a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Track {
    /// The statuses that it had, each with when it got it, in order.
    pub statuses: Vec<(Timestamp, u64)>,
    /// The last milestone of each goal that was told of the deadline that it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Milestone>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Milestone>,
}

/// What a look at a ticket gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tracked {
    pub track: Track,
    /// When to look at it again.
    pub next: Option<Timestamp>,
    /// What is to be told.
    pub passed: Vec<Told>,
}

/// A milestone that is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub goal: Goal,
    pub milestone: Milestone,
    /// When it came.
    pub at: Timestamp,
    /// The deadline that it belongs to; missing where the clock stands still before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// When it was noticed: later than it came where nobody could look.
    pub told_at: Timestamp,
}

/// Why a ticket is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// It is written, or its time has come.
    Told,
    /// Service levels were changed. What would have come already is not told: it may be very much.
    Silent,
}

/// The service levels of a desk.
#[derive(Debug, Clone, Default)]
pub struct ServiceLevels(Vec<(ServiceLevel, Agreement)>);

impl Track {
    fn told(&mut self, goal: Goal) -> &mut Option<Milestone> {
        match goal {
            Goal::Response => &mut self.response,
            Goal::Resolution => &mut self.resolution,
        }
    }

    /// Of a ticket of which nothing was kept.
    fn begin(ticket: &Stored, now: Timestamp) -> Self {
        let opened = moment(ticket, "dateoccurred").unwrap_or_default();
        Self {
            statuses: vec![(opened.min(now), status(ticket))],
            ..Self::default()
        }
    }

    fn times(&self, ticket: &Stored) -> TicketTimes {
        TicketTimes {
            priority_id: ticket.id_in("priority_id").unwrap_or_default(),
            opened: moment(ticket, "dateoccurred").unwrap_or_default(),
            responded: moment(ticket, "responsedate"),
            closed: moment(ticket, "dateclosed"),
            statuses: self.statuses.clone(),
        }
    }
}

fn moment(ticket: &Stored, field: &str) -> Option<Timestamp> {
    instant::moment(ticket.text(field))
}

fn status(ticket: &Stored) -> u64 {
    ticket.id_in("status_id").unwrap_or_default()
}

impl ServiceLevels {
    /// Those that cannot be read count for nothing: they are refused before they are kept.
    pub fn new(levels: Vec<ServiceLevel>) -> Self {
        Self(levels.into_iter().filter_map(compiled).collect())
    }

    fn get(&self, id: Option<u64>) -> Option<&(ServiceLevel, Agreement)> {
        let id = id?;
        self.0.iter().find(|(level, _)| level.id == id)
    }

    /// The one that counts where none is chosen.
    fn automatic(&self, ticket: &Stored) -> Option<u64> {
        let of_type = ticket.id_in("tickettype_id").and_then(|wanted| {
            let mut levels = self.0.iter();
            levels.find(|(level, _)| level.ticket_types.contains(&wanted))
        });
        let default = || self.0.iter().find(|(level, _)| level.default);
        of_type.or_else(default).map(|(level, _)| level.id)
    }

    /// Which one a ticket has from now on: the one that was chosen, or the one that its type has.
    fn chosen(&self, ticket: &Stored, before: Option<&Stored>) -> Result<Option<u64>, DeskError> {
        let wanted = ticket.id_in("sla_id");
        let had = before.and_then(|before| before.id_in("sla_id"));
        let is_chosen_now = wanted.is_some() && wanted != had;
        if is_chosen_now {
            if self.get(wanted).is_none() {
                return Err(DeskError::NoSuchReference {
                    field: "sla_id".to_owned(),
                    singular: "service level",
                    id: wanted.unwrap_or_default(),
                });
            }
            return Ok(wanted);
        }
        let is_open = moment(ticket, "dateclosed").is_none();
        let has_other_type = before
            .is_some_and(|before| before.id_in("tickettype_id") != ticket.id_in("tickettype_id"));
        let was_automatic = before.is_some_and(|before| had == self.automatic(before));
        Ok(match self.get(wanted) {
            Some(_) if has_other_type && was_automatic => self.automatic(ticket),
            Some(_) => wanted,
            // What was closed before there were service levels is not judged by them.
            None if is_open || before.is_none() => self.automatic(ticket),
            None => None,
        })
    }

    /// Looks at a ticket that is about to be kept: sets what its service level says of it, and gives what is to be kept
    /// and told. `before` is the ticket as it was, unless it is new.
    ///
    /// What came while nobody looked is told first. Where the change itself puts a ticket behind milestones, the last
    /// one of each goal is told alone.
    pub fn track(
        &self,
        ticket: &mut Stored,
        before: Option<&Stored>,
        known: Option<Track>,
        look: Look,
        now: Timestamp,
    ) -> Result<Tracked, DeskError> {
        let mut track = known.unwrap_or_else(|| Track::begin(before.unwrap_or(ticket), now));
        let mut passed = Vec::new();
        let had = before.and_then(|before| self.get(before.id_in("sla_id")));
        let is_silent = look == Look::Silent || (before.is_some() && had.is_none());
        if let (Some((_, agreement)), Some(before), false) = (had, before, is_silent) {
            for progress in agreement.progress(&track.times(before), now) {
                tell(&mut track, &progress, Tell::Each, now, &mut passed);
            }
        }
        let current = status(ticket);
        if track.statuses.last().map(|(_, status)| *status) != Some(current) {
            track.statuses.push((now, current));
        }
        let level = self.chosen(ticket, before)?;
        ticket.set("sla_id", level);
        let level = self.get(level);
        ticket.set("sla_name", level.map(|(level, _)| level.name.as_str()));
        let times = track.times(ticket);
        let progress =
            level.map_or_else(Vec::new, |(_, agreement)| agreement.progress(&times, now));
        let how = if is_silent { Tell::None } else { Tell::Last };
        for progress in &progress {
            tell(&mut track, progress, how, now, &mut passed);
        }
        let stands_still = level.is_some_and(|(_, agreement)| agreement.stops.contains(&current));
        ticket.set("onhold", stands_still && times.closed.is_none());
        show(ticket, &progress);
        let next = level.and_then(|(_, agreement)| agreement.next(&times, now));
        Ok(Tracked {
            track,
            next: next.map(|next| next.at),
            passed,
        })
    }
}

/// Which of the milestones that a ticket is behind are told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tell {
    Each,
    Last,
    None,
}

/// Notes how far a goal is, and adds what was not told yet. A deadline that was moved back is told of anew.
fn tell(track: &mut Track, progress: &Progress, how: Tell, now: Timestamp, passed: &mut Vec<Told>) {
    let reached = match progress.standing {
        Standing::OnTrack => None,
        Standing::FirstWarning => Some(Milestone::FirstWarning),
        Standing::SecondWarning => Some(Milestone::SecondWarning),
        Standing::Breached => Some(Milestone::Breach),
        // It may be opened again, and has been told so far.
        Standing::Met | Standing::MetLate => return,
    };
    let told = std::mem::replace(track.told(progress.goal), reached);
    let behind = |passed: &Passed| passed.at <= now && Some(passed.milestone) > told;
    let behind: Vec<Passed> = progress.milestones().filter(behind).collect();
    let skipped = match how {
        Tell::Each => 0,
        Tell::Last => behind.len().saturating_sub(1),
        Tell::None => behind.len(),
    };
    passed.extend(behind.into_iter().skip(skipped).map(|passed| Told {
        goal: passed.goal,
        milestone: passed.milestone,
        at: passed.at,
        due: progress.breach,
        told_at: now,
    }));
}

/// Writes into a ticket how it stands.
fn show(ticket: &mut Stored, progress: &[Progress]) {
    for (goal, due, state, standing) in [
        (
            Goal::Response,
            "respondbydate",
            "slaresponsestate",
            "slaresponsestanding",
        ),
        (Goal::Resolution, "fixbydate", "slastate", "slastanding"),
    ] {
        let progress = progress.iter().find(|progress| progress.goal == goal);
        let breach = progress.and_then(|progress| progress.breach);
        ticket.set(due, breach.map(instant::write));
        let found = progress.map(|progress| progress.standing);
        ticket.set(state, found.and_then(Standing::inside));
        ticket.set(standing, found.map(Standing::as_str));
    }
    let open = progress
        .iter()
        .filter(|progress| !progress.standing.is_over());
    let due = open.filter_map(|progress| progress.breach).min();
    ticket.set("slaactiondate", due.map(instant::write));
}

impl Standing {
    /// Halo's letter for it: inside or outside of the time, once that is certain.
    fn inside(self) -> Option<&'static str> {
        match self {
            Self::OnTrack | Self::FirstWarning | Self::SecondWarning => None,
            Self::Met => Some("I"),
            Self::Breached | Self::MetLate => Some("O"),
        }
    }

    /// Whether the goal was reached.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Met | Self::MetLate)
    }

    /// As in a ticket's fields: `first_warning`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnTrack => "on_track",
            Self::FirstWarning => "first_warning",
            Self::SecondWarning => "second_warning",
            Self::Breached => "breached",
            Self::Met => "met",
            Self::MetLate => "met_late",
        }
    }
}

impl Told {
    /// The document that conditions and mappings call `sla`.
    pub fn document(&self) -> serde_json::Value {
        serde_json::json!({
            "goal": self.goal.as_str(),
            "milestone": self.milestone.as_str(),
            "duedate": self.due.map(instant::write),
            "date": instant::write(self.at),
            "minuteslate": self.minutes_late(),
        })
    }

    /// Which of the ticket's goals it is about, in the words of the ticket's page.
    fn goal_words(&self) -> &'static str {
        match self.goal {
            Goal::Response => "Answer",
            Goal::Resolution => "Solution",
        }
    }

    /// What is said of a start by it, where it is told late.
    pub fn late(&self) -> Option<String> {
        late_start(self.at, self.told_at)
    }

    /// How much later it was noticed than it came, in whole minutes.
    pub fn minutes_late(&self) -> u64 {
        self.told_at.saturating_sub(self.at) / 60_000
    }
}

/// What it is about, and how late it is told.
impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.goal_words())?;
        match lateness(self.at, self.told_at) {
            Some(late) => write!(f, ", {late} because Nimbus could not look before"),
            None => Ok(()),
        }
    }
}
