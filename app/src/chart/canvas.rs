//! The canvas: what one sees of the chart, the keys, and the pointer on empty ground.

use leptos::prelude::*;
use leptos::{ev, html};
use shared::chart::ChartStep as _;
use shared::chart::edit;
use shared::chart::geometry::{self, Point};
use shared::chart::navigate::{Direction, neighbour};
use shared::model::StepId;

use super::card::StepCard;
use super::drawn::Drawn;
use super::links::{Links, start_with_selected};
use super::palette::{Palette, Question};
use super::state::{Chart, Selection, worst};
use super::toolbar::Toolbar;
use crate::ui::{Button, Icon, IconView, name_shortcut, use_shortcut};

/// How far the pointer may tremble before a press becomes a drag, in pixels.
pub(super) const TREMBLE: f64 = 4.0;

/// The chart with its tools. Every gesture has a key; `keys` in the page's `?` dialog lists them.
#[component]
pub fn FlowChart<D: Drawn>(chart: Chart<D>) -> impl IntoView {
    let canvas = NodeRef::<html::Div>::new();
    measure_and_open(chart, canvas);
    name_keys(chart);
    let panning = StoredValue::new(None::<Point>);
    let has_moved = StoredValue::new(false);
    let down = move |event: ev::PointerEvent| {
        // With the pointer captured, a button would not be told of its click.
        let target: web_sys::Element = event_target(&event);
        if matches!(target.closest("button"), Ok(Some(_))) {
            return;
        }
        if event.button() == 0 || event.button() == 1 {
            if let Some(canvas) = canvas.get_untracked() {
                let _ = canvas.set_pointer_capture(event.pointer_id());
            }
            panning.set_value(Some(screen(&event)));
            has_moved.set_value(false);
        }
    };
    let moved = move |event: ev::PointerEvent| {
        if let Some(before) = panning.get_value() {
            let now = screen(&event);
            if (now.x - before.x).hypot(now.y - before.y) < TREMBLE && !has_moved.get_value() {
                return;
            }
            has_moved.set_value(true);
            chart
                .viewport
                .update(|view| *view = view.panned(now.x - before.x, now.y - before.y));
            panning.set_value(Some(now));
        }
    };
    let up = move |_: ev::PointerEvent| {
        // A press on empty ground that moved nothing lets go of the selected step.
        if panning.get_value().is_some() && !has_moved.get_value() {
            chart.selected.set(None);
        }
        panning.set_value(None);
    };
    let cancelled = move |_: ev::PointerEvent| panning.set_value(None);
    let wheel = move |event: ev::WheelEvent| {
        event.prevent_default();
        let view = chart.viewport.get_untracked();
        let next = if event.ctrl_key() || event.meta_key() {
            let factor = (-event.delta_y() / 300.0).exp();
            match on_canvas(canvas, &event) {
                Some(pointer) => view.zoomed(factor, pointer),
                None => view,
            }
        } else {
            view.panned(-event.delta_x(), -event.delta_y())
        };
        chart.viewport.set(next);
    };
    let transform = move || {
        let view = chart.viewport.get();
        format!(
            "translate({}px, {}px) scale({})",
            view.offset.x, view.offset.y, view.zoom
        )
    };
    let offset = move || {
        let view = chart.viewport.get();
        format!("{}px {}px", view.offset.x, view.offset.y)
    };
    let ids = Memo::new(move |_| {
        chart.draft.with(|draft| {
            draft
                .steps()
                .iter()
                .map(|step| step.id().clone())
                .collect::<Vec<StepId>>()
        })
    });
    view! {
        <section class="chart" aria-label="Flow chart" on:keydown=move |event| key(chart, &event)>
            <Toolbar chart=chart />
            <div
                class="chart-canvas"
                node_ref=canvas
                style:background-position=offset
                on:pointerdown=down
                on:pointermove=moved
                on:pointerup=up
                on:pointercancel=cancelled
                on:wheel=wheel
                on:dblclick=move |_| {
                    if !chart.is_fixed {
                        chart.add_here();
                    }
                }
            >
                <div class="chart-world" style:transform=transform>
                    <Links chart=chart />
                    <StartCard chart=chart />
                    <For each=move || ids.get() key=Clone::clone let:id>
                        <StepCard chart=chart id=id />
                    </For>
                </div>
                <Show when=move || !chart.is_fixed && ids.with(Vec::is_empty)>
                    <div class="chart-empty">
                        <h3>"Nothing happens yet"</h3>
                        <p class="muted">
                            {D::EMPTY}
                        </p>
                        <Button icon=Icon::Plus on_press=move |()| chart.add_here()>"Add the first step"</Button>
                    </div>
                </Show>
                <Show when=move || !chart.has_panel() && !ids.with(Vec::is_empty)>
                    <p class="chart-hint muted">{hint(chart)}</p>
                </Show>
            </div>
            {(!chart.is_fixed).then(|| view! { <Palette chart=chart /> })}
            {(!chart.is_fixed && !D::QUESTION.0.is_empty()).then(|| view! { <Question chart=chart /> })}
        </section>
    }
    .into_any()
}

/// What the keys and the pointer are good for.
fn hint<D: Drawn>(chart: Chart<D>) -> AnyView {
    let all = view! { <kbd class="keys">"?"</kbd> };
    if chart.is_fixed {
        let what = chart.over.map(|_| "Select a step to see what it did. ");
        view! { {what} "The arrow keys go from step to step, " {all} " lists the other keys." }
            .into_any()
    } else {
        view! {
            "Select a step to change it. " <kbd class="keys">"A"</kbd> " adds one, " {all} " lists the other keys."
        }
        .into_any()
    }
}

/// The card that everything begins at; it stands before the first step and moves with it.
#[component]
fn StartCard<D: Drawn>(chart: Chart<D>) -> impl IntoView {
    let at = Memo::new(move |_| chart.draft.with(|draft| geometry::start_card(draft)));
    let selected = move || chart.selected.with(|s| *s == Some(Selection::Start));
    let line = move || {
        let known = chart.known.get();
        chart.draft.with(|draft| draft.start_line(&known))
    };
    view! {
        <div
            class="step-card step-card-start"
            class:step-card-selected=selected
            style:left=move || format!("{}px", at.get().x)
            style:top=move || format!("{}px", at.get().y)
        >
            <button
                type="button"
                class="step-card-face"
                aria-pressed=move || if selected() { "true" } else { "false" }
                on:pointerdown=|event: ev::PointerEvent| event.stop_propagation()
                on:click=move |_| chart.selected.set(Some(Selection::Start))
            >
                <span class="step-card-icon">
                    <IconView icon=Icon::Start />
                </span>
                <span class="step-card-text">
                    <span class="step-card-name">"Start"</span>
                    <span class="step-card-line">{line}</span>
                </span>
            </button>
            {move || {
                let problems = chart.problems_of(None);
                worst(&problems)
                    .map(|(_, text)| {
                        let title = text.clone();
                        view! {
                            <span class="step-card-problem" title=title>
                                <IconView icon=Icon::Warning />
                                <span class="visually-hidden">{text}</span>
                            </span>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

/// Follows the size of the canvas, and shows the chart when it first has one.
fn measure_and_open<D: Drawn>(chart: Chart<D>, canvas: NodeRef<html::Div>) {
    let measure = move || {
        if let Some(canvas) = canvas.get_untracked() {
            let size = (
                f64::from(canvas.client_width()),
                f64::from(canvas.client_height()),
            );
            let before = chart.size.get_untracked();
            chart.size.set(size);
            if before.0 <= 0.0 {
                chart.open();
            } else {
                chart.resized(before);
            }
        }
    };
    Effect::new(move |_| {
        if canvas.get().is_some() {
            request_animation_frame(measure);
        }
    });
    // The panel takes its room from the canvas, and must not cover the step that it is about.
    let has_panel = Memo::new(move |_| chart.has_panel());
    Effect::new(move |before: Option<bool>| {
        let now = has_panel.get();
        if before.is_some_and(|before| before != now) {
            request_animation_frame(move || {
                measure();
                chart.show_selected();
            });
        }
        now
    });
    let handle = window_event_listener(ev::resize, move |_| measure());
    on_cleanup(move || handle.remove());
}

/// Lists the keys of the chart under `?`. Those that can do no harm also act while nothing has focus.
fn name_keys<D: Drawn>(chart: Chart<D>) {
    if !chart.is_fixed {
        use_shortcut("A", "Add a step", move || chart.add_here());
        use_shortcut("T", "Tidy up", move || chart.tidy());
    }
    use_shortcut("0", "Show all", move || chart.fit());
    use_shortcut("+", "Zoom in", move || chart.zoom_by(1.25));
    use_shortcut("-", "Zoom out", move || chart.zoom_by(0.8));
    name_shortcut("ArrowRight", "Go to the next step");
    if chart.is_fixed {
        return;
    }
    for (keys, label) in [
        ("Alt ArrowRight", "Move the step"),
        ("S", "Start with the step"),
        ("Ctrl D", "Duplicate the step"),
        ("Delete", "Delete the step"),
        ("Ctrl Z", "Undo"),
        ("Ctrl Shift Z", "Do again"),
    ] {
        name_shortcut(keys, label);
    }
}

/// The keys of the chart.
fn key<D: Drawn>(chart: Chart<D>, event: &ev::KeyboardEvent) {
    let is_choosing = chart.palette.with_untracked(Option::is_some)
        || chart.asked.with_untracked(Option::is_some);
    if crate::browser::typing() || is_choosing {
        return;
    }
    let control = event.ctrl_key() || event.meta_key();
    let name = event.key();
    let direction = match name.as_str() {
        "ArrowLeft" => Some(Direction::Left),
        "ArrowRight" => Some(Direction::Right),
        "ArrowUp" => Some(Direction::Up),
        "ArrowDown" => Some(Direction::Down),
        _ => None,
    };
    let acts_on_card = !chart.is_fixed
        && matches!(
            name.to_lowercase().as_str(),
            "a" | "s" | "d" | "delete" | "backspace"
        );
    if (direction.is_some() || acts_on_card)
        && let Some(card) = focused_card(event)
    {
        chart.selected.set(Some(card));
    }
    let selected = match chart.selected.get_untracked() {
        Some(Selection::Step(id)) => Some(id),
        _ => None,
    };
    match (direction, name.to_lowercase().as_str(), selected) {
        (Some(_), _, _) if chart.is_fixed && (control || event.alt_key()) => return,
        (Some(direction), _, Some(id)) if event.alt_key() => {
            nudge(chart, &id, direction, event.shift_key());
        }
        (Some(direction), _, from) => go(chart, from.as_ref(), direction),
        (None, key, _) if chart.is_fixed => {
            if control || event.alt_key() || !look(chart, key) {
                return;
            }
        }
        (None, "z", _) if control && event.shift_key() => chart.redo(),
        (None, "y", _) if control => chart.redo(),
        (None, "z", _) if control => chart.undo(),
        (None, "d", Some(id)) if control => chart.duplicate(&id),
        (None, _, _) if control || event.alt_key() => return,
        (None, "a", _) => chart.add_here(),
        (None, "s", Some(_)) => start_with_selected(chart),
        (None, "t", _) => chart.tidy(),
        (None, "delete" | "backspace", Some(id)) => chart.remove(&id),
        (None, key, _) => {
            if !look(chart, key) {
                return;
            }
        }
    }
    event.prevent_default();
    event.stop_propagation();
}

/// The keys that change nothing; whether it was one.
fn look<D: Drawn>(chart: Chart<D>, key: &str) -> bool {
    match key {
        "escape" => chart.selected.set(None),
        "+" | "=" => chart.zoom_by(1.25),
        "-" => chart.zoom_by(0.8),
        "0" => chart.fit(),
        _ => return false,
    }
    true
}

/// The card that has focus, or holds what has: somebody who came there with Tab means it, whatever is selected.
fn focused_card(event: &ev::KeyboardEvent) -> Option<Selection> {
    let target: web_sys::Element = event_target(event);
    let card = target.closest(".step-card").ok().flatten()?;
    match card.get_attribute("data-step") {
        Some(id) => StepId::parse(&id).ok().map(Selection::Step),
        None => Some(Selection::Start),
    }
}

fn go<D: Drawn>(chart: Chart<D>, from: Option<&StepId>, direction: Direction) {
    let next = chart
        .draft
        .with_untracked(|draft| neighbour(draft, from, direction));
    if let Some(next) = next {
        chart.bring_into_view(&next);
        chart.selected.set(Some(Selection::Step(next)));
    }
}

fn nudge<D: Drawn>(chart: Chart<D>, id: &StepId, direction: Direction, large: bool) {
    let by = edit::nudge(large);
    let (x, y) = match direction {
        Direction::Left => (-by, 0.0),
        Direction::Right => (by, 0.0),
        Direction::Up => (0.0, -by),
        Direction::Down => (0.0, by),
    };
    let name = chart.name_of(id);
    let gesture = format!("nudge {id}");
    chart.change(&format!("Move {name}"), Some(&gesture), |draft| {
        if let Some(card) = draft.find(id).map(geometry::card) {
            edit::move_step(draft, id, Point::new(card.x + x, card.y + y));
        }
    });
    chart.bring_into_view(id);
}

fn screen(event: &ev::PointerEvent) -> Point {
    Point::new(f64::from(event.client_x()), f64::from(event.client_y()))
}

/// The pointer, from the canvas's corner.
fn on_canvas(canvas: NodeRef<html::Div>, event: &ev::MouseEvent) -> Option<Point> {
    let area = canvas.get_untracked()?.get_bounding_client_rect();
    Some(Point::new(
        f64::from(event.client_x()) - area.left(),
        f64::from(event.client_y()) - area.top(),
    ))
}

/// The chart's point under the pointer of an event from anywhere inside the canvas.
pub(super) fn chart_point<D: Drawn>(chart: Chart<D>, event: &ev::PointerEvent) -> Option<Point> {
    let target: web_sys::Element = event_target(event);
    let area = target
        .closest(".chart-canvas")
        .ok()
        .flatten()?
        .get_bounding_client_rect();
    let on_screen = Point::new(
        f64::from(event.client_x()) - area.left(),
        f64::from(event.client_y()) - area.top(),
    );
    Some(chart.viewport.get_untracked().to_chart(on_screen))
}
