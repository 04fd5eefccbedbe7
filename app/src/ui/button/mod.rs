//! Buttons, and links that look like one.

use crate::ui::{Icon, IconView};
use leptos::prelude::*;

/// How much a button asks to be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// The one thing the page is for; at most one in sight.
    Primary,
    #[default]
    Secondary,
    /// Takes something away.
    Danger,
    /// Has no edge until it is pointed at: tools, and ways back.
    Quiet,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button",
            Self::Danger => "button button-danger",
            Self::Quiet => "button button-quiet",
        }
    }
}

/// A button with a word. While `busy` it keeps its width and its focus, and does nothing.
#[component]
pub fn Button(
    /// The word, a verb.
    children: Children,
    #[prop(optional)] kind: ButtonKind,
    /// Stands before the word.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// What pressing does. Left out for a button that submits its form.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// The work it started is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// There is nothing for it to do now. It looks disabled, and keeps the focus that it has.
    #[prop(optional, into)]
    idle: Signal<bool>,
    /// Submits the form it stands in.
    #[prop(optional)]
    submit: bool,
    /// Less tall, for bars and rows.
    #[prop(optional)]
    small: bool,
    /// A sentence more, shown when pointed at.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Given when something else moves focus here.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let class = if small {
        format!("{} button-small", kind.class())
    } else {
        kind.class().to_owned()
    };
    let press = move |event: leptos::ev::MouseEvent| {
        if busy.get_untracked() || idle.get_untracked() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.try_run(());
        }
    };
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=class
            id=id
            title=hint
            disabled=move || disabled.get()
            aria-disabled=move || idle.get().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            on:click=press
        >
            <span class="button-face">
                {icon.map(|icon| view! { <IconView icon=icon /> })} {children()}
            </span>
        </button>
    }
    .into_any()
}

/// A button that is only an icon; its label is read out, and shown when pointed at.
#[component]
pub fn IconButton(
    #[prop(into)] icon: Signal<Icon>,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] on_press: Callback<()>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// See [`Button`].
    #[prop(optional, into)]
    idle: Signal<bool>,
    /// Given for a button that stays in: read out as pressed or not.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// The keys that do the same, shown with the label.
    #[prop(optional, into)]
    keys: Option<String>,
    /// Given when something else moves focus here.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let title = move || match &keys {
        Some(keys) => format!("{} ({keys})", label.get()),
        None => label.get(),
    };
    view! {
        <button
            type="button"
            class="button button-quiet button-icon"
            id=id
            title=title
            aria-label=move || label.get()
            aria-pressed=move || pressed.map(|pressed| if pressed.get() { "true" } else { "false" })
            disabled=move || disabled.get()
            aria-disabled=move || idle.get().then_some("true")
            on:click=move |_| {
                if !idle.get_untracked() {
                    on_press.try_run(());
                }
            }
        >
            <IconView icon=icon />
        </button>
    }
    .into_any()
}

/// A link to another page that looks like a button.
#[component]
pub fn ButtonLink(
    children: Children,
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional, into)] icon: Option<Icon>,
) -> impl IntoView {
    view! {
        <a class=kind.class() href=move || href.get()>
            <span class="button-face">
                {icon.map(|icon| view! { <IconView icon=icon /> })} {children()}
            </span>
        </a>
    }
    .into_any()
}
