//! A state: an icon and a word, in the colour of its tone.

use crate::ui::{Icon, IconView};
use leptos::prelude::*;

/// What a state means for the one who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Neutral,
    /// Under way.
    Active,
    Good,
    Warning,
    Bad,
}

impl Tone {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tone-neutral",
            Self::Active => "tone-active",
            Self::Good => "tone-good",
            Self::Warning => "tone-warning",
            Self::Bad => "tone-bad",
        }
    }

    /// The icon where nothing better says it.
    pub fn icon(self) -> Icon {
        match self {
            Self::Neutral => Icon::Circle,
            Self::Active => Icon::Half,
            Self::Good => Icon::Check,
            Self::Warning => Icon::Warning,
            Self::Bad => Icon::Cross,
        }
    }
}

/// A state in a list or a header.
#[component]
pub fn Badge(
    #[prop(into)] tone: Signal<Tone>,
    #[prop(into)] label: Signal<String>,
    /// In the place of the tone's own icon.
    #[prop(optional, into)]
    icon: Option<Icon>,
) -> impl IntoView {
    let icon = Signal::derive(move || icon.unwrap_or_else(|| tone.get().icon()));
    view! {
        <span class=move || format!("badge {}", tone.get().class())>
            <IconView icon=icon />
            <span class="badge-label">{move || label.get()}</span>
        </span>
    }
    .into_any()
}

/// How many, beside a word.
#[component]
pub fn Count(#[prop(into)] count: Signal<usize>) -> impl IntoView {
    view! { <span class="count numeric">{move || count.get()}</span> }.into_any()
}
