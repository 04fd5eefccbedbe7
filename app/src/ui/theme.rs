//! Light, dark, or as the system has it.

use crate::browser::{keep, kept};
use leptos::prelude::*;

const KEPT: &str = "nimbus.theme";

/// Which colours are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// As it is kept, and as `data-theme` says it to the style.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The reverse of [`Theme::name`]; anything else is the system's.
    pub fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// The next one, round and round.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

thread_local! {
    static THEME: ArcRwSignal<Theme> = ArcRwSignal::new(kept(KEPT).map_or(Theme::System, |name| Theme::named(&name)));
}

/// The theme shown now.
pub fn theme() -> Signal<Theme> {
    THEME.with(|theme| theme.clone().into())
}

/// Shows another theme, and keeps the choice in this browser.
pub fn set_theme(theme: Theme) {
    keep(KEPT, theme.name());
    THEME.with(|signal| signal.set(theme));
    show_theme();
}

/// Puts the theme on `<html>`, where the style reads it.
pub fn show_theme() {
    let theme = THEME.with(GetUntracked::get_untracked);
    if let Some(root) = document().document_element() {
        let _ = match theme {
            Theme::System => root.remove_attribute("data-theme"),
            Theme::Light | Theme::Dark => root.set_attribute("data-theme", theme.name()),
        };
    }
}
