//! The head of a page: where it is, what it is called, its state, and the one thing to do.

use crate::{
    route::Route,
    ui::{Bound, Icon, IconView},
};
use leptos::{ev, html, prelude::*};

/// A page above this one.
#[derive(Debug, Clone)]
pub struct Crumb {
    pub label: Signal<String>,
    pub href: Route,
}

impl Crumb {
    /// The way to a page above this one; its name may arrive later.
    pub fn new(label: impl Into<Signal<String>>, href: Route) -> Self {
        Self {
            label: label.into(),
            href,
        }
    }
}

/// The head of a page, which also names the document. With `rename` the title is edited in place.
#[component]
pub fn PageHeader(
    /// The name of what the page shows.
    #[prop(into)]
    title: Signal<String>,
    #[prop(optional)] crumbs: Vec<Crumb>,
    /// Where the title is kept, if it can be changed here.
    #[prop(optional, into)]
    rename: Option<Bound<String>>,
    /// Badges that say in which state it is.
    #[prop(optional)]
    state: Option<AnyView>,
    /// The buttons at the right, the primary one last.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    Effect::new(move |_| {
        let title = title.get();
        document().set_title(&if title.is_empty() {
            "Nimbus".to_owned()
        } else {
            format!("{title} · Nimbus")
        });
    });
    let crumbs = crumbs
        .into_iter()
        .map(|crumb| {
            let label = crumb.label;
            view! {
                <li>
                    <a href=crumb.href.to_string()>{move || label.get()}</a>
                    <IconView icon=Icon::ChevronRight />
                </li>
            }
        })
        .collect::<Vec<_>>();
    let trail = (!crumbs.is_empty()).then(|| {
        view! {
            <nav class="crumbs" aria-label="Breadcrumb">
                <ol>{crumbs}</ol>
            </nav>
        }
    });
    let heading = match rename {
        Some(bound) => view! {
            <h1 class="visually-hidden">{move || title.get()}</h1>
            <TitleField value=bound />
        }
        .into_any(),
        None => view! { <h1 class="header-title">{move || title.get()}</h1> }.into_any(),
    };
    view! {
        <header class="header">
            <div class="header-words">{trail} {heading} {state}</div>
            {children.map(|children| view! { <div class="header-actions">{children()}</div> })}
        </header>
    }
    .into_any()
}

/// A title that is a field as soon as it is pointed at. Enter is done, Esc takes back what was typed.
#[component]
fn TitleField(value: Bound<String>) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let before = StoredValue::new(String::new());
    let keydown = move |event: ev::KeyboardEvent| {
        match event.key().as_str() {
            "Enter" => {}
            "Escape" => value.set(before.get_value()),
            _ => return,
        }
        event.prevent_default();
        if let Some(node) = node.get_untracked() {
            let _ = node.blur();
        }
    };
    view! {
        // The same words behind the field give it its width.
        <span class="title-field">
            <span aria-hidden="true">{move || value.get()}</span>
            <input
                type="text"
                size="1"
                aria-label="Name"
                autocomplete="off"
                spellcheck="false"
                node_ref=node
                class:title-empty=move || value.get().trim().is_empty()
                prop:value=move || value.get()
                on:focus=move |_| before.set_value(value.peek())
                on:input=move |event| value.set(event_target_value(&event))
                on:keydown=keydown
            />
        </span>
    }
    .into_any()
}
