//! What stands where something else would: nothing yet, an error with its way out, a remark.

use crate::ui::{Button, Icon, IconView, Tone};
use leptos::prelude::*;

/// Where there is nothing yet: what would be here, and how to make the first one.
#[component]
pub fn EmptyState(
    #[prop(into)] title: String,
    /// Two sentences at most.
    #[prop(into)]
    text: String,
    #[prop(optional, into)] icon: Option<Icon>,
    /// The button or link that makes the first one.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            {icon.map(|icon| view! { <IconView icon=icon /> })}
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| view! { <div class="row empty-action">{children()}</div> })}
        </div>
    }
    .into_any()
}

/// Something went wrong: what happened, what to do, and another try.
#[component]
pub fn ErrorPanel(
    /// What happened.
    #[prop(into)]
    title: Signal<String>,
    /// What to do about it.
    #[prop(optional, into)]
    text: Signal<String>,
    #[prop(optional, into)] on_retry: Option<Callback<()>>,
    #[prop(optional, into)] retrying: Signal<bool>,
) -> impl IntoView {
    view! {
        <div class="notice tone-bad" role="alert">
            <IconView icon=Icon::Warning />
            <div class="notice-words">
                <p class="notice-title">{move || title.get()}</p>
                <p>{move || text.get()}</p>
            </div>
            {on_retry
                .map(|retry| {
                    view! {
                        <Button icon=Icon::Refresh small=true busy=retrying on_press=retry>
                            "Try again"
                        </Button>
                    }
                })}
        </div>
    }
    .into_any()
}

/// A remark in its place: a warning above a form, a word of help.
#[component]
pub fn Notice(#[prop(optional)] tone: Tone, children: Children) -> impl IntoView {
    let icon = match tone {
        Tone::Neutral | Tone::Active => Icon::Info,
        Tone::Good | Tone::Warning | Tone::Bad => tone.icon(),
    };
    view! {
        <div class=format!("notice {}", tone.class())>
            <IconView icon=icon />
            <div class="notice-words">{children()}</div>
        </div>
    }
    .into_any()
}
