//! One card: its face, its problems, its ways out.

use leptos::prelude::*;
use leptos::{ev, html};
use shared::chart::edit::{self, Place};
use shared::chart::geometry::{self, Point};
use shared::chart::outline::{outline, sentence};
use shared::condition::{Operator, Row, Term, When};
use shared::desk::operation::label;
use shared::model::{EndOutcome, StepId, StepKind, Way};
use shared::problem::{Problem, Severity};

use super::canvas::TREMBLE;
use super::state::{Chart, Pull, Selection, worst};
use crate::ui::clock::duration;
use crate::ui::{ButtonKind, Icon, IconView, Menu, MenuItem};

/// What the pointer has taken hold of.
#[derive(Debug, Clone, Copy)]
struct Grip {
    pointer: Point,
    card: Point,
    moved: bool,
}

/// The card of a step. `id` is fixed; all else follows the draft.
#[component]
pub(super) fn StepCard(chart: Chart, id: StepId) -> impl IntoView {
    let key = StoredValue::new(id);
    let step = Memo::new(move |_| {
        chart
            .draft
            .with(|draft| key.with_value(|id| draft.step(id).cloned()))
    });
    let is_selected = Memo::new(move |_| {
        chart.selected.with(|selected| {
            key.with_value(|id| matches!(selected, Some(Selection::Step(step)) if step == id))
        })
    });
    let label = move || {
        chart.draft.with(|draft| {
            let lines = outline(draft);
            let line = key.with_value(|id| lines.iter().find(|line| line.step == *id).cloned());
            line.map(|line| sentence(&line)).unwrap_or_default()
        })
    };
    let face = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if is_selected.get()
            && let Some(face) = face.get()
            && chart_has_focus()
        {
            let _ = face.focus();
        }
    });
    let icon = Signal::derive(move || step.get().map_or(Icon::Method, |step| icon_of(&step.kind)));
    let line = move || {
        let integrations = chart.integrations.get();
        step.get()
            .map(|step| what_it_does(&step.kind, &integrations))
            .unwrap_or_default()
    };
    let ways = Memo::new(move |_| step.get().map_or(&[] as &[Way], |step| step.kind.ways()));
    let left = move || {
        let x = step.get().map_or(0, |step| step.at[0]);
        format!("{x}px")
    };
    let top = move || {
        let y = step.get().map_or(0, |step| step.at[1]);
        format!("{y}px")
    };
    view! {
        <div
            class="step-card"
            class:step-card-selected=move || is_selected.get()
            data-kind=move || step.get().map(|step| step.kind.type_name())
            data-step=key.with_value(ToString::to_string)
            style:left=left
            style:top=top
        >
            <Face chart=chart step=key node=face icon=icon>
                <span class="step-card-name">{move || step.get().map(|step| step.name)}</span>
                <span class="step-card-line">{line}</span>
                <span class="visually-hidden">{label}</span>
            </Face>
            {move || {
                let problems = key.with_value(|id| chart.problems_of(Some(id)));
                worst(&problems).map(|(severity, text)| problem_badge(severity, &problems, text))
            }}
            {move || {
                ways.get()
                    .iter()
                    .enumerate()
                    .map(|(index, way)| port(chart, key, *way, index, ways.get().len()))
                    .collect_view()
            }}
        </div>
    }
    .into_any()
}

/// The part of a card that is pressed to select and dragged to move.
#[component]
fn Face(
    chart: Chart,
    step: StoredValue<StepId>,
    node: NodeRef<html::Button>,
    #[prop(into)] icon: Signal<Icon>,
    children: Children,
) -> impl IntoView {
    let grip = StoredValue::new(None::<Grip>);
    let down = move |event: ev::PointerEvent| {
        if event.button() != 0 {
            return;
        }
        event.stop_propagation();
        let at = chart
            .draft
            .with_untracked(|draft| step.with_value(|id| draft.step(id).map(geometry::card)));
        if let (Some(at), Some(node)) = (at, node.get_untracked()) {
            let _ = node.set_pointer_capture(event.pointer_id());
            grip.set_value(Some(Grip {
                pointer: screen(&event),
                card: Point::new(at.x, at.y),
                moved: false,
            }));
        }
    };
    let moved = move |event: ev::PointerEvent| {
        let Some(mut held) = grip.get_value() else {
            return;
        };
        let now = screen(&event);
        let (x, y) = (now.x - held.pointer.x, now.y - held.pointer.y);
        if !held.moved && x.hypot(y) < TREMBLE {
            return;
        }
        held.moved = true;
        grip.set_value(Some(held));
        let zoom = chart.viewport.get_untracked().zoom;
        let to = Point::new(held.card.x + x / zoom, held.card.y + y / zoom);
        step.with_value(|id| {
            let name = chart.name_of(id);
            chart.change(&format!("Move {name}"), Some("drag"), |draft| {
                edit::move_step(draft, id, to);
            });
        });
    };
    let up = move |_: ev::PointerEvent| {
        if grip.get_value().is_some_and(|held| held.moved) {
            chart.end_gesture();
        }
        grip.set_value(None);
    };
    let select = move |_: ev::MouseEvent| {
        chart.selected.set(Some(Selection::Step(step.get_value())));
    };
    let is_pressed = move || {
        chart.selected.with(|selected| {
            step.with_value(|id| matches!(selected, Some(Selection::Step(step)) if step == id))
        })
    };
    view! {
        <button
            type="button"
            class="step-card-face"
            node_ref=node
            aria-pressed=move || if is_pressed() { "true" } else { "false" }
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=up
            on:click=select
        >
            <span class="step-card-icon"><IconView icon=icon /></span>
            <span class="step-card-text">{children()}</span>
        </button>
    }
    .into_any()
}

/// A way out: pulled with the pointer to connect it, or pressed for a menu that does the same.
fn port(chart: Chart, step: StoredValue<StepId>, way: Way, index: usize, count: usize) -> AnyView {
    let leads_to = Memo::new(move |_| {
        chart.draft.with(|draft| {
            let next = step.with_value(|id| draft.step(id)?.next.get(&way).cloned())?;
            Some((next.clone(), draft.step(&next)?.name.clone()))
        })
    });
    let items = Signal::derive(move || port_items(chart, step, way, leads_to.get()));
    let pulling = StoredValue::new(None::<Point>);
    let has_pulled = StoredValue::new(false);
    let down = move |event: ev::PointerEvent| {
        has_pulled.set_value(false);
        if event.button() == 0 {
            // The button itself holds the pointer: a quick hand has left it by its first move, and a press
            // that pulls nothing stays a click on it.
            let target: web_sys::Element = event_target(&event);
            if let Ok(Some(button)) = target.closest("button") {
                let _ = button.set_pointer_capture(event.pointer_id());
            }
            pulling.set_value(Some(screen(&event)));
            event.stop_propagation();
        }
    };
    let moved = move |event: ev::PointerEvent| {
        let Some(before) = pulling.get_value() else {
            return;
        };
        let now = screen(&event);
        if !has_pulled.get_value() && (now.x - before.x).hypot(now.y - before.y) < TREMBLE {
            return;
        }
        has_pulled.set_value(true);
        if let Some(to) = super::canvas::chart_point(chart, &event) {
            let from = step.get_value();
            chart.pull.set(Some(Pull { from, way, to }));
        }
    };
    let up = move |_: ev::PointerEvent| {
        pulling.set_value(None);
        let Some(pull) = chart.pull.get_untracked() else {
            return;
        };
        chart.pull.set(None);
        finish_pull(chart, &pull);
    };
    // A pull ends with a click on the port; it must not open the menu.
    let click = move |event: ev::MouseEvent| {
        if has_pulled.get_value() {
            has_pulled.set_value(false);
            event.prevent_default();
        }
    };
    let name = way.label();
    // The word stands where its link does not.
    let rises = Memo::new(move |_| {
        chart.draft.with(|draft| {
            let step = step.with_value(|id| draft.step(id))?;
            let target = draft.step(step.next.get(&way)?)?;
            Some(geometry::entry(&geometry::card(target)).y < geometry::exit(step, way).y)
        })
    });
    let label = move || match leads_to.get() {
        Some((_, name)) => format!("{way} leads to {name}"),
        None => format!("{way} leads nowhere"),
    };
    let icon = match way {
        Way::Success | Way::Met | Way::Finished | Way::Done => Icon::Check,
        Way::Element => Icon::Repeat,
        Way::Empty => Icon::Circle,
        Way::Failure | Way::NotMet => Icon::Cross,
    };
    view! {
        <div
            class=format!("port port-{index}-of-{count}")
            class:port-good=way.is_good()
            class:port-rising=move || rises.get() == Some(true)
            class:port-free=move || leads_to.with(Option::is_none)
            data-way=name
            title=label
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:click=click
            on:pointercancel=move |_| {
                pulling.set_value(None);
                chart.pull.set(None);
            }
        >
            <Menu label=format!("Way out: {name}") items=items icon=icon kind=ButtonKind::Quiet />
            <span class="port-label" aria-hidden="true">{name}</span>
        </div>
    }
    .into_any()
}

fn port_items(
    chart: Chart,
    step: StoredValue<StepId>,
    way: Way,
    leads_to: Option<(StepId, String)>,
) -> Vec<MenuItem> {
    let mut items = vec![MenuItem::new("Add a step here", Icon::Plus, move || {
        chart.open_palette(Place::After(step.get_value(), way));
    })];
    let others: Vec<(StepId, String)> = chart.draft.with(|draft| {
        draft
            .steps
            .iter()
            .filter(|other| leads_to.as_ref().is_none_or(|(id, _)| *id != other.id))
            .map(|other| (other.id.clone(), other.name.clone()))
            .collect()
    });
    items.extend(others.into_iter().map(|(to, name)| {
        MenuItem::new(format!("Connect to {name}"), Icon::Link, move || {
            chart.connect(&step.get_value(), way, &to);
        })
    }));
    if leads_to.is_some() {
        items.push(
            MenuItem::new("Disconnect", Icon::Cross, move || {
                chart.disconnect(&step.get_value(), way);
            })
            .danger(),
        );
    }
    items
}

/// A pull that ends on a card connects; one that ends on the canvas asks what to put there.
fn finish_pull(chart: Chart, pull: &Pull) {
    let target = chart.draft.with_untracked(|draft| {
        draft
            .steps
            .iter()
            .find(|step| geometry::card(step).grown(12.0).contains(pull.to))
            .map(|step| step.id.clone())
    });
    match target {
        Some(to) => chart.connect(&pull.from, pull.way, &to),
        None => chart.open_palette(Place::After(pull.from.clone(), pull.way)),
    }
}

fn problem_badge(severity: Severity, problems: &[Problem], text: String) -> AnyView {
    let class = match severity {
        Severity::Error => "step-card-problem step-card-problem-error",
        Severity::Warning => "step-card-problem",
    };
    let word = problem_words(problems);
    let title = text.clone();
    view! {
        <span class=class title=title>
            <IconView icon=Icon::Warning />
            <span>{word}</span>
            <span class="visually-hidden">{text}</span>
        </span>
    }
    .into_any()
}

/// How many problems a card has, of both kinds.
fn problem_words(problems: &[Problem]) -> String {
    let of = |severity| {
        problems
            .iter()
            .filter(|problem| problem.severity == severity)
            .count()
    };
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    let errors = match errors {
        0 => String::new(),
        1 => "1 problem".to_owned(),
        _ => format!("{errors} problems"),
    };
    match (errors.is_empty(), warnings) {
        (_, 0) => errors,
        (true, _) => format!("{warnings} to know"),
        (false, _) => format!("{errors}, {warnings} to know"),
    }
}

fn screen(event: &ev::PointerEvent) -> Point {
    Point::new(f64::from(event.client_x()), f64::from(event.client_y()))
}

/// Whether the keyboard is at work in the chart: only then does focus follow the selection.
fn chart_has_focus() -> bool {
    document()
        .active_element()
        .and_then(|active| active.closest(".chart").ok().flatten())
        .is_some()
}

pub(super) fn icon_of(kind: &StepKind) -> Icon {
    match kind {
        StepKind::Method { .. } => Icon::Method,
        StepKind::DeskAction { .. } => Icon::DeskAction,
        StepKind::Condition { .. } => Icon::Condition,
        StepKind::ForEach { .. } => Icon::Repeat,
        StepKind::StartRunbook { .. } => Icon::Play,
        StepKind::Sleep { .. } => Icon::Clock,
        StepKind::Set { .. } => Icon::Edit,
        StepKind::Respond { .. } => Icon::ArrowLeft,
        StepKind::End { .. } => Icon::End,
    }
}

/// The second line of a card.
fn what_it_does(kind: &StepKind, integrations: &[shared::api::IntegrationSummary]) -> String {
    match kind {
        StepKind::Method { method } => integrations
            .iter()
            .find_map(|integration| {
                let found = integration.methods.iter().find(|m| m.id == *method)?;
                Some(format!("{} · {}", integration.name, found.name))
            })
            .unwrap_or_else(|| "No method chosen".to_owned()),
        StepKind::DeskAction { action, .. } => label(*action).to_owned(),
        StepKind::Condition { when } => condition_line(when),
        StepKind::ForEach { over, .. } if over.trim().is_empty() => {
            "Goes through nothing yet".to_owned()
        }
        StepKind::ForEach {
            over,
            at_once: Some(at_once @ 2..),
            ..
        } => format!("{at_once} at a time of {over}"),
        StepKind::ForEach { over, .. } => format!("Of {over}"),
        StepKind::StartRunbook { wait: true, .. } => "And waits for its end".to_owned(),
        StepKind::StartRunbook { wait: false, .. } => "And ends this run".to_owned(),
        StepKind::Sleep {
            until: Some(until), ..
        } => format!("Until {until}"),
        StepKind::Sleep { for_ms, .. } => {
            format!("For {}", duration(for_ms.unwrap_or_default()))
        }
        StepKind::Set { variables } => match variables.as_slice() {
            [] => "Sets nothing yet".to_owned(),
            [row] => format!("Sets {}", row.name),
            [row, rest @ ..] => format!("Sets {} and {} more", row.name, rest.len()),
        },
        StepKind::Respond { status, .. } => format!("Answers with {status}"),
        StepKind::End { outcome } => match outcome {
            EndOutcome::Success => "Ends as success".to_owned(),
            EndOutcome::Failed => "Ends as failed".to_owned(),
            EndOutcome::FailedRetry => "Failed, starts again".to_owned(),
        },
    }
}

fn condition_line(when: &When) -> String {
    let (rows, word) = match when {
        When::All(rows) => (rows, "and"),
        When::Any(rows) => (rows, "or"),
    };
    match rows.as_slice() {
        [] => "Always met".to_owned(),
        [Term::Row(row)] => row_line(row),
        [Term::Row(row), rest @ ..] => {
            format!("{} {word} {} more", row_line(row), rest.len())
        }
        [Term::Group(_), ..] => format!("{} groups", rows.len()),
    }
}

fn row_line(row: &Row) -> String {
    let operator = operator_name(row.op);
    let left = row.left.trim_start_matches("<<").trim_end_matches(">>");
    match row.op {
        Operator::HasValue | Operator::HasNoValue => format!("{left} {operator}"),
        _ => format!("{left} {operator} {}", row.right),
    }
}

/// An operator in words.
pub fn operator_name(operator: Operator) -> &'static str {
    match operator {
        Operator::Equals => "equals",
        Operator::NotEquals => "does not equal",
        Operator::Contains => "contains",
        Operator::NotContains => "does not contain",
        Operator::Greater => "is greater than",
        Operator::GreaterOrEqual => "is greater than or equal to",
        Operator::Less => "is less than",
        Operator::LessOrEqual => "is less than or equal to",
        Operator::Includes => "includes",
        Operator::NotIncludes => "does not include",
        Operator::HasValue => "has a value",
        Operator::HasNoValue => "has no value",
        Operator::StartsWith => "starts with",
        Operator::EndsWith => "ends with",
        Operator::Matches => "matches",
    }
}
