//! How a ticket stands with what is to be reached in time, in words and with a mark.

use leptos::prelude::*;

use crate::client::ListedTicket;
use crate::ui::clock::{parse_instant, relative, short_date, use_now};
use crate::ui::{Badge, Icon, Tone};

/// A goal of a ticket's service level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goal {
    /// In milliseconds since the epoch; nothing while the clock stands still.
    pub due: Option<i64>,
    pub standing: Standing,
    /// Whether the clock stands still.
    pub on_hold: bool,
}

/// As far as pages tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is to be reached.
    None,
    OnTrack,
    Warned,
    Breached,
    Met,
    MetLate,
}

impl Standing {
    /// From the field of a ticket.
    pub fn named(name: Option<&str>) -> Self {
        match name {
            Some("on_track") => Self::OnTrack,
            Some("first_warning" | "second_warning") => Self::Warned,
            Some("breached") => Self::Breached,
            Some("met") => Self::Met,
            Some("met_late") => Self::MetLate,
            _ => Self::None,
        }
    }

    fn is_open(self) -> bool {
        matches!(self, Self::OnTrack | Self::Warned | Self::Breached)
    }
}

impl Goal {
    /// What comes next for a ticket: its answer, then its solution.
    pub fn next(ticket: &ListedTicket) -> Self {
        let answer = Standing::named(ticket.slaresponsestanding.as_deref());
        let solution = Standing::named(ticket.slastanding.as_deref());
        Self {
            due: ticket.slaactiondate.as_deref().and_then(parse_instant),
            standing: if answer.is_open() { answer } else { solution },
            on_hold: ticket.onhold,
        }
    }

    /// Nothing where nothing is to be reached. `date` writes a moment that is far away.
    fn words(self, now: i64, date: fn(i64) -> String) -> Option<(Tone, Icon, String)> {
        let said = |tone, icon, words: &str| Some((tone, icon, words.to_owned()));
        match self.standing {
            Standing::None => return None,
            Standing::Met => return said(Tone::Good, Icon::Check, "In time"),
            Standing::MetLate => return said(Tone::Bad, Icon::Cross, "Too late"),
            _ if self.on_hold && self.standing != Standing::Breached => {
                return said(Tone::Neutral, Icon::Pause, "On hold");
            }
            _ => {}
        }
        let is_breached = self.standing == Standing::Breached;
        let due = match self.due {
            Some(due) if !is_breached || due <= now => due,
            // This machine's clock is behind the server's.
            _ if is_breached => return said(Tone::Bad, Icon::Cross, "Overdue"),
            _ => return None,
        };
        let distance = relative(due, now);
        if due <= now {
            let by = distance
                .as_deref()
                .and_then(|words| words.strip_suffix(" ago"));
            let words = match (by, &distance) {
                (Some(by), _) => format!("Overdue by {by}"),
                (None, Some(_)) => "Due now".to_owned(),
                (None, None) => format!("Overdue since {}", date(due)),
            };
            return Some((Tone::Bad, Icon::Cross, words));
        }
        let words = match distance {
            Some(words) if words.starts_with("in ") => format!("Due {words}"),
            Some(_) => "Due now".to_owned(),
            None => format!("Due {}", date(due)),
        };
        Some(match self.standing {
            Standing::Warned => (Tone::Warning, Icon::Warning, words),
            _ => (Tone::Neutral, Icon::Clock, words),
        })
    }
}

/// A goal as a mark and words, which move on with the time.
#[component]
pub fn Due(goal: Goal) -> impl IntoView {
    let now = use_now();
    move || {
        goal.words(now.get(), short_date)
            .map(|(tone, icon, words)| {
                view! { <Badge tone=tone label=words icon=icon /> }.into_any()
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_goal_reads_as_people_say_it() {
        let goal = |standing, due, on_hold| Goal {
            due,
            standing,
            on_hold,
        };
        for (goal, expected) in [
            (goal(Standing::None, Some(HOUR), false), None),
            (
                goal(Standing::OnTrack, Some(2 * HOUR), false),
                Some((Tone::Neutral, "Due in 2 h")),
            ),
            (
                goal(Standing::Warned, Some(2 * HOUR), false),
                Some((Tone::Warning, "Due in 2 h")),
            ),
            (
                goal(Standing::OnTrack, Some(200 * HOUR), false),
                Some((Tone::Neutral, "Due later")),
            ),
            // The clock went on since the ticket was read.
            (
                goal(Standing::OnTrack, Some(-HOUR), false),
                Some((Tone::Bad, "Overdue by 1 h")),
            ),
            (
                goal(Standing::Breached, Some(-200 * HOUR), false),
                Some((Tone::Bad, "Overdue since later")),
            ),
            (
                goal(Standing::Breached, Some(HOUR), false),
                Some((Tone::Bad, "Overdue")),
            ),
            (
                goal(Standing::OnTrack, None, true),
                Some((Tone::Neutral, "On hold")),
            ),
            (
                goal(Standing::Breached, Some(-2 * HOUR), true),
                Some((Tone::Bad, "Overdue by 2 h")),
            ),
            (
                goal(Standing::Met, Some(-HOUR), false),
                Some((Tone::Good, "In time")),
            ),
            (
                goal(Standing::MetLate, Some(-HOUR), true),
                Some((Tone::Bad, "Too late")),
            ),
        ] {
            let said = goal.words(0, |_| "later".to_owned());
            let said = said.map(|(tone, _, words)| (tone, words));
            let said = said.as_ref().map(|(tone, words)| (*tone, words.as_str()));
            assert_eq!(said, expected, "{goal:?}");
        }
    }
}
