//! What a draft means, told by the server while one types: the app itself knows no time zones.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{ComingTickets, ComingTime, ScheduleReport};

use super::draft::Draft;
use crate::client;
use crate::route::Route;
use crate::ui::{Skeleton, error_words};

/// How long nothing must change before the server is asked, in milliseconds.
const CALM_MS: u32 = 300;

/// What is known of the draft.
#[derive(Clone, Copy)]
pub(super) struct Report {
    latest: RwSignal<Option<ScheduleReport>>,
    /// What is missing of a new one is told once somebody tries to make it.
    tried: RwSignal<bool>,
}

impl Report {
    pub(super) fn of(draft: RwSignal<Draft>, is_new: bool) -> Self {
        let report = Self {
            latest: RwSignal::new(None),
            tried: RwSignal::new(!is_new),
        };
        let turns = StoredValue::new(0_u32);
        let fields = Memo::new(move |_| draft.with(Draft::fields));
        Effect::new(move |_| {
            let fields = fields.get();
            turns.update_value(|turn| *turn += 1);
            let turn = turns.get_value();
            spawn_local(async move {
                TimeoutFuture::new(if turn == 1 { 0 } else { CALM_MS }).await;
                if turns.try_get_value() != Some(turn) {
                    return;
                }
                let answer = client::check_schedule(&fields).await;
                if turns.try_get_value() == Some(turn)
                    && let Ok(answer) = answer
                {
                    report.latest.set(Some(answer));
                }
            });
        });
        report
    }

    /// Somebody tried to save it.
    pub(super) fn tried(self) {
        self.tried.set(true);
    }

    /// What is wrong with a field.
    pub(super) fn error(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let tried = self.tried.get();
            self.latest.with(|report| {
                let mut problems = report.iter().flat_map(|report| &report.problems);
                let problem = problems.find(|problem| {
                    let at = problem.at.field.as_deref() == Some(field);
                    at && (tried || problem.code != NO_RUNBOOK)
                });
                problem.map(|problem| problem.message.clone())
            })
        })
    }

    /// What is wrong with one of the fields that stand in rows, such as conditions.
    fn row_errors(self, place: &str) -> Vec<String> {
        self.latest.with(|report| {
            let problems = report.iter().flat_map(|report| &report.problems);
            let of_rows = problems.filter(|problem| {
                let field = problem.at.field.as_deref().unwrap_or_default();
                field.starts_with(place)
            });
            of_rows.map(|problem| problem.message.clone()).collect()
        })
    }
}

const NO_RUNBOOK: &str = "no_runbook";

/// What is wrong with rows, below them.
#[component]
pub(super) fn RowErrors(report: Report, place: &'static str) -> impl IntoView {
    let errors = Memo::new(move |_| report.row_errors(place));
    (move || {
        let errors = errors.get();
        let lines = errors
            .into_iter()
            .map(|error| view! { <p class="field-error">{error_words(&error)}</p> })
            .collect_view();
        view! { <div aria-live="polite">{lines}</div> }
    })
    .into_any()
}

/// The draft in words, and what comes next.
#[component]
pub(super) fn Coming(report: Report, #[prop(into)] zone: Signal<String>) -> impl IntoView {
    let words = Memo::new(move |_| {
        report
            .latest
            .with(|report| report.as_ref().map(|report| report.words.clone()))
    });
    let rest = move || {
        report.latest.with(|report| match report {
            None => view! { <Skeleton lines=5 /> }.into_any(),
            Some(ScheduleReport {
                words: Some(_),
                times,
                tickets,
                ..
            }) => match tickets {
                Some(tickets) => coming_tickets(tickets),
                None => coming_times(times, &zone.get()),
            },
            Some(_) => view! {
                <p class="muted">"Once the mistakes are mended, it says here when it comes next."</p>
            }
            .into_any(),
        })
    };
    view! {
        <div class="schedule-coming" role="region" aria-label="What comes next" aria-live="polite">
            <p class="schedule-words">{move || words.get().flatten()}</p>
            {rest}
        </div>
    }
    .into_any()
}

fn coming_times(times: &[ComingTime], zone: &str) -> AnyView {
    if times.is_empty() {
        return view! { <p class="muted">"It does not come any more."</p> }.into_any();
    }
    let rows = times
        .iter()
        .map(|time| view! { <li>{time.shown.clone()}</li> })
        .collect_view();
    view! {
        <p class="muted">{format!("The next times, by the clocks of {zone}:")}</p>
        <ol class="schedule-times">{rows}</ol>
    }
    .into_any()
}

fn coming_tickets(tickets: &ComingTickets) -> AnyView {
    let rows = tickets
        .first
        .iter()
        .map(|ticket| {
            let href = Route::Ticket(ticket.id.to_string()).to_string();
            let name = format!("{} {}", ticket.id, ticket.summary);
            view! { <li>{ticket.time.shown.clone()} ": " <a href=href>{name}</a></li> }
        })
        .collect_view();
    view! {
        <p class="muted">{counted(tickets)}</p>
        <ol class="schedule-times">{rows}</ol>
    }
    .into_any()
}

/// How many tickets, in words.
fn counted(tickets: &ComingTickets) -> String {
    let ComingTickets {
        days,
        looked_at,
        has_more,
        count,
        ..
    } = tickets;
    let found = match count {
        0 => "No ticket".to_owned(),
        1 => "1 ticket".to_owned(),
        count => format!("{count} tickets"),
    };
    if *has_more {
        return format!(
            "{found} of the first {looked_at} whose date comes within the next {days} days; there are more."
        );
    }
    match count {
        0 => format!("No ticket within the next {days} days, as they are now."),
        _ => format!("{found} within the next {days} days, as they are now:"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tickets_are_counted_in_words() {
        let tickets = |count, looked_at, has_more| ComingTickets {
            days: 7,
            looked_at,
            has_more,
            count,
            first: Vec::new(),
        };
        for (tickets, expected) in [
            (
                tickets(0, 0, false),
                "No ticket within the next 7 days, as they are now.",
            ),
            (
                tickets(1, 3, false),
                "1 ticket within the next 7 days, as they are now:",
            ),
            (
                tickets(2, 50, true),
                "2 tickets of the first 50 whose date comes within the next 7 days; there are more.",
            ),
        ] {
            assert_eq!(counted(&tickets), expected);
        }
    }
}
