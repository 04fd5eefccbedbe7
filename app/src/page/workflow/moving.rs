//! Has tickets of older versions go on in the latest one, all at once.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{MoveTickets, MovedTickets, NotMoved, WorkflowTickets};
use shared::model::{StepId, WorkflowId};

use crate::client;
use crate::route::Route;
use crate::ui::field::Choice;
use crate::ui::{
    Bound, Button, ButtonKind, Confirm, Notice, Progress, SelectField, Tone, announce, confirm,
};

/// How many tickets are in each version but the latest.
fn older(inside: &WorkflowTickets) -> BTreeMap<u32, u64> {
    let mut versions = BTreeMap::new();
    for count in &inside.counts {
        if inside
            .newest_version
            .is_some_and(|newest| count.version < newest)
        {
            *versions.entry(count.version).or_default() += count.count;
        }
    }
    versions
}

/// The steps of older versions that the latest does not have, with their names and how many tickets are in them.
fn gone(inside: &WorkflowTickets) -> Vec<(StepId, String, u64)> {
    let mut gone: Vec<(StepId, String, u64)> = Vec::new();
    for count in &inside.counts {
        let is_older = inside
            .newest_version
            .is_some_and(|newest| count.version < newest);
        if !is_older || inside.steps.iter().any(|step| step.id == count.step) {
            continue;
        }
        match gone.iter_mut().find(|(id, ..)| *id == count.step) {
            // A later version may have called it something else.
            Some((_, name, tickets)) => {
                name.clone_from(&count.step_name);
                *tickets += count.count;
            }
            None => gone.push((count.step.clone(), count.step_name.clone(), count.count)),
        }
    }
    gone
}

/// How many tickets of older versions will not be moved: those of a step that is gone, while none is chosen for it.
fn staying(inside: &WorkflowTickets, chosen: &BTreeMap<StepId, StepId>) -> u64 {
    let gone = gone(inside).into_iter();
    gone.filter(|(id, ..)| !chosen.contains_key(id))
        .map(|(.., count)| count)
        .sum()
}

fn tickets(count: u64) -> String {
    match count {
        1 => "1 ticket".to_owned(),
        _ => format!("{count} tickets"),
    }
}

/// What came of a move, of one version after the other.
#[derive(Debug, Clone, Default, PartialEq)]
struct Report {
    version: u32,
    moved: u64,
    left: u64,
    not_moved: Vec<NotMoved>,
    /// Why it did not come to its end.
    fault: Option<String>,
}

impl Report {
    fn add(&mut self, more: MovedTickets) {
        self.moved += more.moved;
        self.left += more.left;
        self.not_moved.extend(more.not_moved);
    }
}

/// Offers the move while there is something to move, and tells what came of it.
#[component]
pub(super) fn Moving(
    workflow: WorkflowId,
    inside: Memo<WorkflowTickets>,
    on_moved: Callback<()>,
) -> impl IntoView {
    let workflow = StoredValue::new(workflow);
    let chosen = RwSignal::new(BTreeMap::<StepId, StepId>::new());
    // How many are done, of how many.
    let progress = RwSignal::new(None::<(u64, u64)>);
    let report = RwSignal::new(None::<Report>);
    let waiting = Memo::new(move |_| inside.with(older));
    let count = Memo::new(move |_| waiting.with(|versions| versions.values().sum::<u64>()));
    let movable = Memo::new(move |_| {
        let staying = inside.with(|inside| chosen.with(|chosen| staying(inside, chosen)));
        count.get().saturating_sub(staying)
    });
    let newest =
        Memo::new(move |_| inside.with(|inside| inside.newest_version.unwrap_or_default()));
    let run = move || {
        let versions = waiting.get_untracked();
        let all = count.get_untracked();
        let steps = chosen.get_untracked();
        let workflow = workflow.get_value();
        let mut told = Report {
            version: newest.get_untracked(),
            ..Report::default()
        };
        progress.set(Some((0, all)));
        report.set(None);
        spawn_local(async move {
            for from_version in versions.into_keys() {
                let wanted = MoveTickets {
                    from_version: Some(from_version),
                    steps: steps.clone(),
                };
                match client::move_tickets(&workflow, &wanted).await {
                    Ok(more) => told.add(more),
                    Err(fault) => {
                        told.fault = Some(fault.to_string());
                        break;
                    }
                }
                progress.try_set(Some((told.moved + told.left, all)));
            }
            announce(format!("Moved {}", tickets(told.moved)));
            progress.try_set(None);
            report.try_set(Some(told));
            on_moved.try_run(());
        });
    };
    let ask = move |()| {
        let question = Confirm::danger(
            format!(
                "Move {} to version {}?",
                tickets(movable.get_untracked()),
                newest.get_untracked()
            ),
            "They go on in their step, or in the one that is chosen here. Entering it starts nothing. This cannot be taken back.",
            "Move",
        );
        confirm(
            Confirm {
                danger: false,
                ..question
            },
            run,
        );
    };
    let steps = move || inside.with(gone);
    let is_moving = Memo::new(move |_| progress.with(Option::is_some));
    let percent = Signal::derive(move || {
        let (done, all) = progress.get().unwrap_or_default();
        u8::try_from(done.saturating_mul(100) / all.max(1)).unwrap_or(100)
    });
    let told = move || report.get().map(tell);
    view! {
        <Show when=move || { count.get() > 0 }>
            <section class="stack" aria-label="Move to the latest version">
                <h2>{move || format!("{} in older versions", tickets(count.get()))}</h2>
                <p class="muted">
                    "They go on as it was when they came. Moved to the latest version, each stays in its step; choose where those go on whose step is gone."
                </p>
                <div class="stack">
                    <For each=steps key=Clone::clone let:step>
                        {choice(inside, chosen, step)}
                    </For>
                </div>
                <div class="row">
                    <Button
                        kind=ButtonKind::Primary
                        busy=is_moving
                        disabled=Signal::derive(move || movable.get() == 0)
                        on_press=ask
                    >
                        {move || match movable.get() {
                            0 => "Move tickets".to_owned(),
                            many => format!("Move {}", tickets(many)),
                        }}
                    </Button>
                </div>
                <Show when=move || movable.get() == 0>
                    <p class="muted">
                        "There is none to move: the steps of all of them are gone. Choose where they go on."
                    </p>
                </Show>
                <Show when=move || is_moving.get()>
                    <Progress label="Tickets moved" percent=percent />
                </Show>
            </section>
        </Show>
        <div role="status">{told}</div>
    }
    .into_any()
}

/// Where the tickets of a step go on that the latest version does not have.
fn choice(
    inside: Memo<WorkflowTickets>,
    chosen: RwSignal<BTreeMap<StepId, StepId>>,
    (id, name, count): (StepId, String, u64),
) -> AnyView {
    let id = StoredValue::new(id);
    let value = Bound::new(
        Signal::derive(move || {
            let to = chosen.with(|chosen| id.with_value(|id| chosen.get(id).cloned()));
            to.map(|to| to.to_string()).unwrap_or_default()
        }),
        Callback::new(move |to: String| {
            chosen.update(|chosen| {
                match StepId::parse(&to) {
                    Ok(to) => chosen.insert(id.get_value(), to),
                    Err(_) => id.with_value(|id| chosen.remove(id)),
                };
            });
        }),
    );
    let choices = Signal::derive(move || {
        let none = Choice::new("", "They stay in their version");
        let steps = inside.with(|inside| inside.steps.clone()).into_iter();
        let steps = steps.map(|step| Choice::new(step.id.to_string(), step.name));
        std::iter::once(none).chain(steps).collect::<Vec<_>>()
    });
    let label = format!("{name} ({}) goes on in", tickets(count));
    view! { <SelectField label=label value=value choices=choices /> }.into_any()
}

fn tell(report: Report) -> AnyView {
    let Report {
        version,
        moved,
        left,
        not_moved,
        fault,
    } = report;
    let done = (moved > 0).then(|| format!("{} moved to version {version}. ", tickets(moved)));
    let stayed = (left > 0).then(|| format!("{} stayed in their version: ", tickets(left)));
    let tone = if left > 0 || fault.is_some() {
        Tone::Warning
    } else {
        Tone::Good
    };
    let rest = left.saturating_sub(u64::try_from(not_moved.len()).unwrap_or(u64::MAX));
    let rest = (rest > 0).then(|| view! { <li>{format!("and {rest} more")}</li> });
    let rows = not_moved
        .into_iter()
        .map(|one| {
            let href = Route::Ticket(one.ticket_id.to_string()).to_string();
            view! { <li><a href=href>{format!("Ticket {}", one.ticket_id)}</a> ": " {one.why}</li> }
        })
        .collect_view();
    view! {
        <Notice tone=tone>
            <p>
                {done} {stayed}
                {fault.map(|why| format!("Not all were looked at. {why}"))}
            </p>
            <ul class="plain-list">{rows} {rest}</ul>
        </Notice>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn inside() -> WorkflowTickets {
        let count = |version: u32, step: &str, name: &str, count: u64| json!({"version": version, "step": step, "step_name": name, "count": count});
        serde_json::from_value(json!({
            "newest_version": 3,
            "steps": [{"id": "triage", "name": "Triage"}, {"id": "done", "name": "Done"}],
            "counts": [
                count(1, "triage", "Triage", 2), count(1, "wait", "Wait", 1),
                count(2, "wait", "Waiting", 4), count(3, "triage", "Triage", 7),
            ],
            "tickets": [],
        }))
        .unwrap()
    }

    #[test]
    fn what_is_not_in_the_latest_version_is_offered_to_be_moved() {
        assert_eq!(older(&inside()), BTreeMap::from([(1, 3), (2, 4)]));
        let wait = StepId::parse("wait").unwrap();
        assert_eq!(gone(&inside()), [(wait.clone(), "Waiting".to_owned(), 5)]);
        assert_eq!(staying(&inside(), &BTreeMap::new()), 5);
        let done = StepId::parse("done").unwrap();
        assert_eq!(staying(&inside(), &BTreeMap::from([(wait, done)])), 0);
        let never_published = WorkflowTickets {
            newest_version: None,
            ..inside()
        };
        assert!(older(&never_published).is_empty() && gone(&never_published).is_empty());
    }

    #[test]
    fn a_report_adds_up() {
        let mut report = Report::default();
        for _ in 0..2 {
            report.add(MovedTickets {
                moved: 3,
                left: 1,
                not_moved: Vec::new(),
            });
        }
        assert_eq!((report.moved, report.left), (6, 2));
    }
}
