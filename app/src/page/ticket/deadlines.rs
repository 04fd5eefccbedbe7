//! When a ticket is to be answered and solved.

use leptos::prelude::*;

use crate::client::Ticket;
use crate::page::due::{Due, Goal, Standing};
use crate::route::Route;
use crate::ui::clock::{exact, parse_instant};

/// What a ticket's service level says of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Deadlines {
    level: Option<(String, String)>,
    answer: Goal,
    solution: Goal,
    has_priority: bool,
}

impl Deadlines {
    pub(super) fn of(ticket: &Ticket) -> Self {
        let goal = |due: &Option<String>, standing: &Option<String>| Goal {
            due: due.as_deref().and_then(parse_instant),
            standing: Standing::named(standing.as_deref()),
            on_hold: ticket.onhold,
        };
        Self {
            level: ticket
                .sla_id
                .map(|id| id.to_string())
                .zip(ticket.sla_name.clone()),
            answer: goal(&ticket.respondbydate, &ticket.slaresponsestanding),
            solution: goal(&ticket.fixbydate, &ticket.slastanding),
            has_priority: ticket
                .priority_name
                .as_ref()
                .is_some_and(|name| !name.is_empty()),
        }
    }
}

/// The rows of the ticket's fields; none where no service level counts.
pub(super) fn rows(deadlines: &Deadlines) -> AnyView {
    let Some((id, name)) = deadlines.level.clone() else {
        return ().into_any();
    };
    let goal = |name: &'static str, goal: Goal| {
        (goal.standing != Standing::None).then(|| {
            view! {
                <dt>{name}</dt>
                <dd class="ticket-deadline">
                    <Due goal=goal />
                    {goal.due.map(|at| view! { <span class="muted numeric">{exact(at)}</span> })}
                </dd>
            }
        })
    };
    let watched = [deadlines.answer, deadlines.solution];
    let is_missing =
        !deadlines.has_priority && watched.iter().all(|goal| goal.standing == Standing::None);
    view! {
        <dt>"Service level"</dt>
        <dd><a href=Route::ServiceLevel(id).to_string()>{name}</a></dd>
        {goal("Answer", deadlines.answer)}
        {goal("Solution", deadlines.solution)}
        {is_missing.then(|| view! {
            <dt>"Deadline"</dt>
            <dd class="muted">"None: the ticket has no priority"</dd>
        })}
    }
    .into_any()
}
