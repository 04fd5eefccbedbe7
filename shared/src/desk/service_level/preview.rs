//! What a service level would make of a ticket that is reported now.

use super::draft::ServiceLevel;
use super::progress::{Goal, TicketTimes};
use crate::api::{PriorityPreview, ServiceLevelPreview};
use crate::model::Timestamp;
use crate::problem::ErrorDetail;

impl ServiceLevel {
    /// Says what is wrong with it, or when tickets of each of its priorities would be due.
    pub fn preview(&self, now: Timestamp) -> ServiceLevelPreview {
        let problems = self.problems();
        let Some(agreement) = self.compile().ok().filter(|_| problems.is_empty()) else {
            return ServiceLevelPreview {
                problems,
                ..ServiceLevelPreview::default()
            };
        };
        let zone = agreement.calendar().zone();
        let of_priority = |priority_id| {
            let ticket = TicketTimes {
                priority_id,
                opened: now,
                ..TicketTimes::default()
            };
            let progress = agreement.progress(&ticket, now);
            let due = |goal: Goal| {
                let progress = progress.iter().find(|progress| progress.goal == goal);
                let breach = progress.and_then(|progress| progress.breach);
                breach.map(|breach| zone.say(breach))
            };
            PriorityPreview {
                priority_id,
                answered_by: due(Goal::Response),
                solved_by: due(Goal::Resolution),
            }
        };
        ServiceLevelPreview {
            problems: Vec::new(),
            now: zone.say(now),
            priorities: self
                .priorities
                .iter()
                .map(|targets| of_priority(targets.priority_id))
                .collect(),
        }
    }

    /// What a list of service levels, such as a bundle's, contradicts itself in: the place within it and what is wrong.
    pub fn check_together(levels: &[Self]) -> Option<(usize, ErrorDetail)> {
        for (index, level) in levels.iter().enumerate() {
            let earlier = levels.get(..index).unwrap_or_default();
            let name = |level: &Self| level.name.trim().to_lowercase();
            if earlier.iter().any(|other| name(other) == name(level)) {
                let sentence = format!(
                    "There is another service level called {}: give this one another name.",
                    level.name
                );
                let problem = ErrorDetail::new("duplicate_name", sentence);
                return Some((index, problem.at_field("name")));
            }
            let shares = |other: &&Self| {
                let mut types = other.ticket_types.iter();
                types.any(|id| level.ticket_types.contains(id))
            };
            if let Some(other) = earlier.iter().find(shares) {
                let sentence = format!(
                    "One of these ticket types has the service level {} already: choose it here or there.",
                    other.name
                );
                let problem = ErrorDetail::new("ticket_type_twice", sentence);
                return Some((index, problem.at_field("ticket_types")));
            }
        }
        None
    }
}
