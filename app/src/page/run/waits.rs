//! What a run is waiting for, and until when.

use leptos::prelude::*;
use shared::engine::RunView;
use shared::engine::view::waits::Wait;
use shared::model::Timestamp;

use crate::ui::clock::{duration, exact};
use crate::ui::{Notice, Tone};

/// A sentence for each kind of thing that is waited for. What counts down is for the eye: read out each second, it would
/// drown everything else.
#[component]
pub(super) fn Waits(run: Memo<RunView>, seconds: Signal<i64>) -> impl IntoView {
    let waits = Memo::new(move |_| grouped(run.with(RunView::waits)));
    let all = move || {
        waits
            .get()
            .into_iter()
            .map(|group| {
                let (words, until, since) = words(group);
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
                            <span>{words}</span>
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
        Wait::Turn | Wait::Restart { .. } => None,
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
        Wait::Turn | Wait::Run { .. } => None,
    }
}

/// What is waited for, until when, and since when.
fn words(group: Group) -> (String, Option<Timestamp>, Option<Timestamp>) {
    let at = |until: Timestamp| exact(i64::try_from(until).unwrap_or(i64::MAX));
    let count = group.count;
    match group.first {
        Wait::Turn => (
            "Waits for its turn: it has been accepted and not begun yet.".to_owned(),
            None,
            None,
        ),
        Wait::Sleep { step, until } => {
            let words = if count == 1 {
                format!(
                    "Waits until {}: that is what the step “{step}” is for.",
                    at(until)
                )
            } else {
                format!(
                    "{count} elements wait in “{step}”, the first until {}.",
                    at(until)
                )
            };
            (words, Some(until), None)
        }
        Wait::Retry { step, tries, until } => {
            let words = match (count, tries) {
                (1, 1) => format!(
                    "Waits until {} to try “{step}” again, which was tried once.",
                    at(until)
                ),
                (1, _) => format!(
                    "Waits until {} to try “{step}” again, which was tried {tries} times.",
                    at(until)
                ),
                _ => format!(
                    "{count} elements wait to try “{step}” again, the first until {}.",
                    at(until)
                ),
            };
            (words, Some(until), None)
        }
        Wait::Restart { until } => (
            format!(
                "Waits until {} to start again from its start, because it failed.",
                at(until)
            ),
            Some(until),
            None,
        ),
        Wait::Run { step } => {
            let words = if count == 1 {
                format!("Waits for the end of the run that the step “{step}” has started.")
            } else {
                format!("Waits for the end of {count} runs that the step “{step}” has started.")
            };
            (words, None, None)
        }
        Wait::Answer { step, since } => {
            let words = if count == 1 {
                format!("Waits for the answer to the request of “{step}”.")
            } else {
                format!("Waits for the answers to {count} requests of “{step}”.")
            };
            (words, None, Some(since))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_of_many_elements_are_told_once() {
        let sleep = |step: &str, until| Wait::Sleep {
            step: step.to_owned(),
            until,
        };
        let answer = |since| Wait::Answer {
            step: "Nap".to_owned(),
            since,
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
