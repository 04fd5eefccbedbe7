//! What a run is waiting for, and until when.

use leptos::prelude::*;
use shared::engine::RunView;
use shared::engine::view::QueuePlace;
use shared::engine::view::waits::Wait;
use shared::model::{RunId, Timestamp};

use crate::route::Route;
use crate::ui::clock::{duration, exact};
use crate::ui::{Notice, Tone};

/// A sentence for each kind of thing that is waited for. What counts down is for the eye: read out each second, it would
/// drown everything else.
#[component]
pub(super) fn Waits(run: Memo<RunView>, seconds: Signal<i64>) -> impl IntoView {
    let waits = Memo::new(move |_| grouped(run.with(RunView::waits)));
    let all =
        move || {
            waits
            .get()
            .into_iter()
            .map(|group| {
                let Said { words, until, since, link } = said(group);
                let link = link.map(|(words, run)| {
                    let href = Route::Run(run.to_string()).to_string();
                    view! { " " <a href=href>{words}</a> }
                });
                let left = move || {
                    let now = Timestamp::try_from(seconds.get()).unwrap_or(0);
                    match (until, since) {
                        (Some(until), _) if now < until => {
                            Some(format!("{} left", whole(until - now)))
                        }
                        (Some(_), _) => Some("any moment now".to_owned()),
                        (None, Some(since)) => {
                            Some(format!("for {}", whole(now.saturating_sub(since))))
                        }
                        (None, None) => None,
                    }
                };
                view! {
                    <Notice tone=Tone::Active>
                        <p class="run-wait">
                            <span>{words} {link}</span>
                            <span class="run-left muted numeric" aria-hidden="true">{left}</span>
                        </p>
                    </Notice>
                }
            })
            .collect_view()
        };
    view! { <Show when=move || !waits.with(Vec::is_empty)><div class="stack stack-small">{all}</div></Show> }.into_any()
}

/// To the second: tenths would flicker.
fn whole(ms: u64) -> String {
    duration((ms / 1_000 * 1_000).max(1_000)).replace(".0 s", " s")
}

/// Waits of one kind in one step, such as those of elements whose turns go on side by side.
#[derive(Debug, Clone, PartialEq)]
struct Group {
    /// The one that is over first, or has lasted longest.
    first: Wait,
    count: usize,
}

fn grouped(waits: Vec<Wait>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for wait in waits {
        match groups
            .iter_mut()
            .find(|group| are_alike(&group.first, &wait))
        {
            Some(group) => {
                group.count += 1;
                if moment(&wait) < moment(&group.first) {
                    group.first = wait;
                }
            }
            None => groups.push(Group {
                first: wait,
                count: 1,
            }),
        }
    }
    groups
}

fn are_alike(one: &Wait, other: &Wait) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other) && step(one) == step(other)
}

fn step(wait: &Wait) -> Option<&str> {
    match wait {
        Wait::Turn(_) | Wait::Restart { .. } => None,
        Wait::Sleep { step, .. }
        | Wait::Retry { step, .. }
        | Wait::Run { step, .. }
        | Wait::Answer { step, .. } => Some(step),
    }
}

/// By which the waits of a group are compared.
fn moment(wait: &Wait) -> Option<Timestamp> {
    match wait {
        Wait::Sleep { until, .. } | Wait::Retry { until, .. } | Wait::Restart { until } => {
            Some(*until)
        }
        Wait::Answer { since, .. } => Some(*since),
        Wait::Run { until, .. } => *until,
        Wait::Turn(_) => None,
    }
}

/// What is told of a group.
#[derive(Debug, Default)]
struct Said {
    words: String,
    /// What is counted down to.
    until: Option<Timestamp>,
    /// What is counted up from, where there is nothing to count down to.
    since: Option<Timestamp>,
    /// Another run that it has to do with.
    link: Option<(&'static str, RunId)>,
}

fn said(group: Group) -> Said {
    let count = group.count;
    match group.first {
        Wait::Turn(place) => turn(place),
        Wait::Sleep { step, until } => {
            let at = at(until);
            let words = if count == 1 {
                format!("Waits until {at}: that is what the step “{step}” is for.")
            } else {
                format!("{count} elements wait in “{step}”, the first until {at}.")
            };
            Said::until(words, until)
        }
        Wait::Retry { step, tries, until } => {
            let at = at(until);
            let words = match (count, tries) {
                (1, 1) => {
                    format!("Waits until {at} to try “{step}” again, which was tried once.")
                }
                (1, _) => {
                    format!(
                        "Waits until {at} to try “{step}” again, which was tried {tries} times."
                    )
                }
                _ => format!("{count} elements wait to try “{step}” again, the first until {at}."),
            };
            Said::until(words, until)
        }
        Wait::Restart { until } => {
            let at = at(until);
            let words =
                format!("Waits until {at} to start again from its start, because it failed.");
            Said::until(words, until)
        }
        Wait::Run {
            step,
            run_id,
            until,
        } => {
            let limit = at_most(until);
            let words = if count == 1 {
                format!("Waits for the end of the run that the step “{step}” has started{limit}.")
            } else {
                format!("Waits for the ends of {count} runs that “{step}” has started{limit}.")
            };
            Said {
                words,
                link: run_id
                    .map(|run| ("Open that run", run))
                    .filter(|_| count == 1),
                ..Said::default()
            }
        }
        Wait::Answer { step, since, until } => {
            let limit = at_most(until);
            let words = if count == 1 {
                format!("Waits for the answer to the request of “{step}”{limit}.")
            } else {
                format!("Waits for the answers to {count} requests of “{step}”{limit}.")
            };
            Said {
                words,
                since: Some(since),
                ..Said::default()
            }
        }
    }
}

fn turn(place: Option<QueuePlace>) -> Said {
    let words = match place.as_ref().map(|place| place.place) {
        None => "Waits for its turn: it has been accepted and not begun yet.".to_owned(),
        Some(1) => "Waits for its turn, and is the next to have it.".to_owned(),
        Some(place) => format!(
            "Waits for its turn: it is number {place} of those that wait, in the order in which they came."
        ),
    };
    Said {
        words,
        link: place
            .and_then(|place| place.behind)
            .map(|run| ("Open the run before it", run)),
        ..Said::default()
    }
}

impl Said {
    fn until(words: String, until: Timestamp) -> Self {
        Self {
            words,
            until: Some(until),
            ..Self::default()
        }
    }
}

fn at(until: Timestamp) -> String {
    exact(i64::try_from(until).unwrap_or(i64::MAX))
}

/// The end of a sentence that names a time limit.
fn at_most(until: Option<Timestamp>) -> String {
    until.map_or_else(String::new, |until| {
        format!(", until {} at most", at(until))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_in_the_queue_leads_to_the_one_before_it() {
        let behind = RunId::parse("rb.0.1").ok();
        for (place, words) in [(1, "is the next"), (3, "number 3")] {
            let said = turn(Some(QueuePlace {
                place,
                behind: behind.clone(),
            }));
            assert!(said.words.contains(words), "{}", said.words);
            assert_eq!(said.link.map(|(_, run)| run), behind);
        }
        assert!(turn(None).link.is_none());
    }

    #[test]
    fn waits_of_many_elements_are_told_once() {
        let sleep = |step: &str, until| Wait::Sleep {
            step: step.to_owned(),
            until,
        };
        let answer = |since| Wait::Answer {
            step: "Nap".to_owned(),
            since,
            until: None,
        };
        let waits = vec![
            sleep("Nap", 30),
            answer(9),
            sleep("Nap", 10),
            sleep("Rest", 5),
            answer(7),
            sleep("Nap", 20),
        ];
        let told: Vec<_> = grouped(waits)
            .into_iter()
            .map(|group| (group.first, group.count))
            .collect();
        assert_eq!(
            told,
            [(sleep("Nap", 10), 3), (answer(7), 2), (sleep("Rest", 5), 1)]
        );
    }
}
