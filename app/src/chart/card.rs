//! One card: its face, its problems, its ways out.

use leptos::prelude::*;
use leptos::{ev, html};
use shared::chart::edit::{self, Place};
use shared::chart::geometry::{self, Point};
use shared::chart::outline::{outline, sentence};
use shared::chart::{ChartStep as _, Exit, GONE};
use shared::model::StepId;
use shared::problem::{Problem, Severity};

use super::canvas::TREMBLE;
use super::drawn::Drawn;
use super::over::badges;
use super::state::{Chart, Pull, Selection, worst};
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
pub(super) fn StepCard<D: Drawn>(chart: Chart<D>, id: StepId) -> impl IntoView {
    let key = StoredValue::new(id);
    let step = Memo::new(move |_| {
        chart
            .draft
            .with(|draft| key.with_value(|id| draft.find(id).cloned()))
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
    let mark = Memo::new(move |_| {
        let over = chart.over?;
        Some(over.with(|over| key.with_value(|id| over.mark(id).clone())))
    });
    let told = move || mark.with(|mark| mark.as_ref().map(|mark| format!(". {}", mark.sentence())));
    let face = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if is_selected.get()
            && let Some(face) = face.get()
            && chart_has_focus()
        {
            let _ = face.focus();
        }
    });
    let icon =
        Signal::derive(move || step.with(|step| step.as_ref().map_or(Icon::Circle, D::icon)));
    let line = move || {
        let known = chart.known.get();
        step.with(|step| step.as_ref().map(|step| D::line(step, &known)))
    };
    let ports =
        Memo::new(move |_| step.with(|step| step.as_ref().map(ports_of::<D>).unwrap_or_default()));
    let place = Memo::new(move |_| {
        step.with(|step| step.as_ref().map(geometry::card))
            .unwrap_or_default()
    });
    view! {
        <div
            class="step-card"
            class:step-card-selected=move || is_selected.get()
            class:step-card-left=move || chart.over.is_some_and(|over| over.with(|over| key.with_value(|id| !over.marks.contains_key(id))))
            data-kind=move || step.with(|step| step.as_ref().map(D::kind_name))
            data-step=key.with_value(ToString::to_string)
            style:left=move || format!("{}px", place.get().x)
            style:top=move || format!("{}px", place.get().y)
            style:height=move || format!("{}px", place.get().height)
        >
            <Face chart=chart step=key node=face icon=icon>
                <span class="step-card-name">{move || step.with(|step| step.as_ref().map(|step| step.name().to_owned()))}</span>
                <span class="step-card-line">{line}</span>
                <span class="visually-hidden">{label} {told}</span>
            </Face>
            {move || mark.with(|mark| mark.as_ref().map(badges))}
            {move || {
                let problems = key.with_value(|id| chart.problems_of(Some(id)));
                worst(&problems).map(|(severity, text)| problem_badge(severity, &problems, text))
            }}
            {move || {
                ports.get().into_iter().map(|way| port(chart, key, way)).collect_view()
            }}
        </div>
    }
    .into_any()
}

/// The ways out of a step, the one that is made by using it last.
fn ports_of<D: Drawn>(step: &D::Step) -> Vec<Port<D>> {
    let exits = step.exits().into_iter().chain(step.spare());
    exits
        .map(|exit| (exit.clone(), step.label(&exit)))
        .collect()
}

/// The part of a card that is pressed to select and dragged to move.
#[component]
fn Face<D: Drawn>(
    chart: Chart<D>,
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
        if chart.is_fixed {
            return;
        }
        let at = chart
            .draft
            .with_untracked(|draft| step.with_value(|id| draft.find(id).map(geometry::card)));
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

/// A way out of a card, with its words.
type Port<D> = (Exit<D>, String);

/// A way out: pulled with the pointer to connect it, or pressed for a menu that does the same.
fn port<D: Drawn>(chart: Chart<D>, step: StoredValue<StepId>, (exit, name): Port<D>) -> AnyView {
    let exit = StoredValue::new(exit);
    let leads_to = Memo::new(move |_| {
        chart.draft.with(|draft| {
            let own = step.with_value(|id| draft.find(id))?;
            let next = draft.find(exit.with_value(|exit| own.target(exit).cloned()).as_ref()?)?;
            Some((next.id().clone(), next.name().to_owned()))
        })
    });
    let is_gone = Memo::new(move |_| {
        let leads = chart.draft.with(|draft| {
            let own = step.with_value(|id| draft.find(id))?;
            exit.with_value(|exit| own.target(exit).map(|_| ()))
        });
        leads.is_some() && leads_to.with(Option::is_none)
    });
    let items =
        Signal::derive(move || port_items(chart, step, exit, leads_to.get(), is_gone.get()));
    let pulling = StoredValue::new(None::<Point>);
    let has_pulled = StoredValue::new(false);
    let down = move |event: ev::PointerEvent| {
        if chart.is_fixed {
            return;
        }
        has_pulled.set_value(false);
        let target: web_sys::Element = event_target(&event);
        // The words beside it are ground like any other.
        let is_on_words = matches!(target.closest(".port-label"), Ok(Some(_)));
        if event.button() == 0 && !is_on_words {
            // The button itself holds the pointer: a quick hand has left it by its first move, and a press
            // that pulls nothing stays a click on it.
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
            let (from, exit) = (step.get_value(), exit.get_value());
            chart.pull.set(Some(Pull { from, exit, to }));
        }
    };
    let up = move |_: ev::PointerEvent| {
        pulling.set_value(None);
        let Some(pull) = chart.pull.get_untracked() else {
            return;
        };
        chart.pull.set(None);
        finish_pull(chart, pull);
    };
    // A pull ends with a click on the port; it must not open the menu.
    let click = move |event: ev::MouseEvent| {
        if has_pulled.get_value() {
            has_pulled.set_value(false);
            event.prevent_default();
        }
    };
    // The word stands where its link does not.
    let rises = Memo::new(move |_| {
        chart.draft.with(|draft| {
            let own = step.with_value(|id| draft.find(id))?;
            exit.with_value(|exit| {
                let target = draft.find(own.target(exit)?)?;
                Some(geometry::entry(&geometry::card(target)).y < geometry::exit(own, exit).y)
            })
        })
    });
    let top = move || {
        let share = chart.draft.with(|draft| {
            let own = step.with_value(|id| draft.find(id))?;
            exit.with_value(|exit| Some(geometry::share(own, exit)))
        });
        format!("{}%", share.unwrap_or(0.5) * 100.0)
    };
    let room = Memo::new(move |_| {
        chart.draft.with(|draft| {
            let own = step.with_value(|id| draft.find(id))?;
            exit.with_value(|exit| Some(geometry::label_room(draft, own, exit)))
        })
    });
    let words = StoredValue::new(name.clone());
    let spoken = name.clone();
    let label = move || {
        words.with_value(|way| match leads_to.get() {
            Some((_, name)) => format!("{way} leads to {name}"),
            None if exit.with_value(D::is_unasked) => way.clone(),
            None if is_gone.get() => format!("{way} {GONE}"),
            None => format!("{way} {}", D::Step::NOWHERE),
        })
    };
    let icon = exit.with_value(D::exit_icon);
    view! {
        <div
            class="port"
            class:port-good=exit.with_value(D::Step::is_good)
            class:port-rising=move || rises.get() == Some(true)
            class:port-free=move || leads_to.with(Option::is_none)
            data-way=spoken
            title=label
            style:top=top
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:click=click
            on:pointercancel=move |_| {
                pulling.set_value(None);
                chart.pull.set(None);
            }
        >
            {if chart.is_fixed {
                view! { <span class="port-end" aria-hidden="true"><IconView icon=icon /></span> }.into_any()
            } else {
                view! { <Menu label=format!("Way out: {name}") items=items icon=icon kind=ButtonKind::Quiet /> }.into_any()
            }}
            <span
                class="port-label"
                aria-hidden="true"
                style:max-width=move || format!("{}px", room.get().unwrap_or_default())
            >
                {name}
            </span>
        </div>
    }
    .into_any()
}

fn port_items<D: Drawn>(
    chart: Chart<D>,
    step: StoredValue<StepId>,
    exit: StoredValue<Exit<D>>,
    leads_to: Option<(StepId, String)>,
    is_gone: bool,
) -> Vec<MenuItem> {
    let mut items = vec![MenuItem::new("Add a step here", Icon::Plus, move || {
        chart.open_palette(Place::After(step.get_value(), exit.get_value()));
    })];
    let others: Vec<(StepId, String)> = chart.draft.with(|draft| {
        draft
            .steps()
            .iter()
            .filter(|other| leads_to.as_ref().is_none_or(|(id, _)| id != other.id()))
            .map(|other| (other.id().clone(), other.name().to_owned()))
            .collect()
    });
    items.extend(others.into_iter().map(|(to, name)| {
        MenuItem::new(format!("Connect to {name}"), Icon::Link, move || {
            exit.with_value(|exit| chart.connect(&step.get_value(), exit, &to));
        })
    }));
    if leads_to.is_some() || is_gone {
        items.push(
            MenuItem::new("Disconnect", Icon::Cross, move || {
                exit.with_value(|exit| chart.disconnect(&step.get_value(), exit));
            })
            .danger(),
        );
    }
    items
}

/// A pull that ends on a card connects; one that ends on the canvas asks what to put there.
fn finish_pull<D: Drawn>(chart: Chart<D>, pull: Pull<Exit<D>>) {
    let target = chart.draft.with_untracked(|draft| {
        draft
            .steps()
            .iter()
            .find(|step| geometry::card(*step).grown(12.0).contains(pull.to))
            .map(|step| step.id().clone())
    });
    match target {
        Some(to) => chart.connect(&pull.from, &pull.exit, &to),
        None => chart.open_palette(Place::After(pull.from, pull.exit)),
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
        (true, _) => hint_words(warnings),
        (false, _) => format!("{errors}, {}", hint_words(warnings)),
    }
}

fn hint_words(count: usize) -> String {
    match count {
        1 => "1 hint".to_owned(),
        _ => format!("{count} hints"),
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
