//! What floats beside the button that opened it: a menu of commands, or any content.

mod place;

use crate::ui::{ButtonKind, Icon, IconView, Render, id::unique_id};
use leptos::wasm_bindgen::JsCast;
use leptos::{ev, html, prelude::*};
use place::{Area, place};

/// One command of a menu.
#[derive(Debug, Clone)]
pub struct MenuItem {
    pub label: String,
    pub icon: Option<Icon>,
    /// The keys that do the same.
    pub keys: String,
    /// Takes something away: in red, and last.
    pub danger: bool,
    pub run: Callback<()>,
}

impl MenuItem {
    /// A command.
    pub fn new(
        label: impl Into<String>,
        icon: impl Into<Option<Icon>>,
        run: impl Into<Callback<()>>,
    ) -> Self {
        Self {
            label: label.into(),
            icon: icon.into(),
            keys: String::new(),
            danger: false,
            run: run.into(),
        }
    }

    /// A command that takes something away.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// With the keys that do the same.
    #[must_use]
    pub fn keys(mut self, keys: impl Into<String>) -> Self {
        self.keys = keys.into();
        self
    }
}

/// How the button that opens a menu or popover looks.
#[derive(Debug, Clone)]
struct Opener {
    id: String,
    label: String,
    icon: Option<Icon>,
    kind: ButtonKind,
    show_label: bool,
    popup: &'static str,
}

/// A button that opens a list of commands. Arrows, Home, End and first letters move; Esc and Tab close.
#[component]
pub fn Menu(
    #[prop(into)] label: String,
    #[prop(into)] items: Signal<Vec<MenuItem>>,
    #[prop(default = Icon::Dots)] icon: Icon,
    /// Shows the label and an arrow in the place of the icon alone.
    #[prop(optional)]
    show_label: bool,
    #[prop(default = ButtonKind::Quiet)] kind: ButtonKind,
) -> impl IntoView {
    let own_icon = (!show_label || icon != Icon::Dots).then_some(icon);
    let opener = Opener {
        id: unique_id("menu"),
        label: label.clone(),
        icon: own_icon,
        kind,
        show_label,
        popup: "menu",
    };
    let hide = RwSignal::new(0_u32);
    // A command acts for the page that the menu stands in: its own list goes as soon as one is chosen.
    let owner = Owner::current();
    let list = Render::new(move || {
        let owner = owner.clone();
        items
            .get()
            .into_iter()
            .map(move |item| {
                let run = item.run;
                let owner = owner.clone();
                view! {
                    <button
                        type="button"
                        class="menu-item"
                        class:menu-item-danger=item.danger
                        role="menuitem"
                        tabindex="-1"
                        on:click=move |_| {
                            hide.update(|hide| *hide += 1);
                            let act = move || run.try_run(());
                            match &owner {
                                Some(owner) => owner.with(act),
                                None => act(),
                            };
                        }
                    >
                        {item.icon.map(|icon| view! { <IconView icon=icon /> })}
                        <span class="menu-word">{item.label}</span>
                        {(!item.keys.is_empty()).then(|| view! { <kbd class="menu-keys">{item.keys}</kbd> })}
                    </button>
                }
            })
            .collect_view()
    });
    floating(opener, hide, "menu", list)
}

/// A button that opens any content. Content closes it by adding one to `hide`.
#[component]
pub fn Popover(
    #[prop(into)] label: String,
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(default = true)] show_label: bool,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] hide: RwSignal<u32>,
    #[prop(into)] content: Render,
) -> impl IntoView {
    let opener = Opener {
        id: unique_id("popover"),
        label,
        icon,
        kind,
        show_label,
        popup: "dialog",
    };
    floating(opener, hide, "popover-content", content)
}

fn floating(opener: Opener, hide: RwSignal<u32>, class: &'static str, content: Render) -> AnyView {
    let node = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let open = RwSignal::new(false);
    Effect::new(move |before: Option<u32>| {
        let now = hide.get();
        if before.is_some_and(|before| before != now)
            && let Some(node) = node.get_untracked()
        {
            let _ = node.hide_popover();
        }
        now
    });
    let toggled = move |event: ev::Event| {
        let now_open = opens(&event);
        open.set(now_open);
        let (Some(node), Some(button)) = (node.get_untracked(), button.get_untracked()) else {
            return;
        };
        let _ = node.class_list().toggle_with_force("placed", now_open);
        if now_open {
            put_beside(&node, &button);
            move_focus(&node, Step::First);
        }
    };
    // The content is made on the way to being shown, so that it has a size when it is placed.
    let before = move |event: ev::Event| {
        if opens(&event) {
            open.set(true);
        }
    };
    let is_menu = opener.popup == "menu";
    let keydown = move |event: ev::KeyboardEvent| {
        let Some(node) = node.get_untracked() else {
            return;
        };
        if !is_menu {
            return;
        }
        let step = match event.key().as_str() {
            "ArrowDown" => Step::Next,
            "ArrowUp" => Step::Previous,
            "Home" => Step::First,
            "End" => Step::Last,
            "Tab" => {
                let _ = node.hide_popover();
                return;
            }
            key if key.chars().count() == 1 && !event.ctrl_key() && !event.meta_key() => {
                Step::Letter(key.to_lowercase())
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        move_focus(&node, step);
    };
    let icon_only = !opener.show_label;
    let button_class = match (opener.kind, icon_only) {
        (kind, true) => format!("{} button-icon", class_of(kind)),
        (kind, false) => class_of(kind).to_owned(),
    };
    let label = opener.label.clone();
    view! {
        <button
            type="button"
            class=button_class
            node_ref=button
            popovertarget=opener.id.clone()
            aria-haspopup=opener.popup
            aria-expanded=move || if open.get() { "true" } else { "false" }
            aria-label=icon_only.then(|| opener.label.clone())
            title=icon_only.then(|| opener.label.clone())
        >
            <span class="button-face">
                {opener.icon.map(|icon| view! { <IconView icon=icon /> })}
                {opener.show_label.then(|| view! { {opener.label.clone()} <IconView icon=Icon::ChevronDown /> })}
            </span>
        </button>
        <div
            class=format!("popover {class}")
            id=opener.id
            node_ref=node
            popover="auto"
            role=opener.popup
            aria-label=label
            on:beforetoggle=before
            on:toggle=toggled
            on:keydown=keydown
        >
            {move || open.get().then(|| content.run())}
        </div>
    }
    .into_any()
}

/// Whether the popover that this event is about is going to be open.
fn opens(event: &ev::Event) -> bool {
    event
        .dyn_ref::<web_sys::ToggleEvent>()
        .is_some_and(|event| event.new_state() == "open")
}

fn class_of(kind: ButtonKind) -> &'static str {
    match kind {
        ButtonKind::Primary => "button button-primary",
        ButtonKind::Secondary => "button",
        ButtonKind::Danger => "button button-danger",
        ButtonKind::Quiet => "button button-quiet",
    }
}

/// Puts the popover under its button, or above where there is no room.
fn put_beside(popover: &web_sys::HtmlElement, button: &web_sys::HtmlElement) {
    let rect = button.get_bounding_client_rect();
    let anchor = Area {
        left: rect.left(),
        top: rect.top(),
        width: rect.width(),
        height: rect.height(),
    };
    let size = (
        f64::from(popover.offset_width()),
        f64::from(popover.offset_height()),
    );
    let number = |value: Result<leptos::wasm_bindgen::JsValue, _>| {
        value
            .ok()
            .and_then(|value| value.as_f64())
            .unwrap_or_default()
    };
    let view = (
        number(window().inner_width()),
        number(window().inner_height()),
    );
    let (left, top) = place(anchor, size, view);
    // By way of the object model, which the page's content policy allows, where an attribute would be refused.
    let style = popover.style();
    let _ = style.set_property("left", &format!("{left}px"));
    let _ = style.set_property("top", &format!("{top}px"));
}

enum Step {
    First,
    Last,
    Next,
    Previous,
    /// The next whose label starts with it.
    Letter(String),
}

/// Moves focus among what can take it inside `node`.
fn move_focus(node: &web_sys::HtmlElement, step: Step) {
    let Ok(found) =
        node.query_selector_all("[role=menuitem], button, input, select, textarea, a[href]")
    else {
        return;
    };
    let items: Vec<web_sys::HtmlElement> = (0..found.length())
        .filter_map(|at| found.item(at)?.dyn_into().ok())
        .collect();
    let active = document().active_element();
    let at = items.iter().position(|item| {
        active
            .as_ref()
            .is_some_and(|active| item.is_same_node(Some(active)))
    });
    let count = items.len();
    if count == 0 {
        return;
    }
    let next = match (step, at) {
        (Step::First, _) | (Step::Next, None) => Some(0),
        (Step::Last, _) | (Step::Previous, None) => Some(count - 1),
        (Step::Next, Some(at)) => Some((at + 1) % count),
        (Step::Previous, Some(at)) => Some((at + count - 1) % count),
        (Step::Letter(letter), at) => {
            let start = at.map_or(0, |at| at + 1);
            (0..count)
                .map(|offset| (start + offset) % count)
                .find(|at| {
                    items.get(*at).is_some_and(|item| {
                        item.inner_text().trim().to_lowercase().starts_with(&letter)
                    })
                })
        }
    };
    if let Some(item) = next.and_then(|next| items.get(next)) {
        let _ = item.focus();
    }
}
