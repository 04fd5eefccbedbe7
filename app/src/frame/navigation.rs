//! The way around: five places, the colours, the keys.

use crate::{
    route::Route,
    ui::{
        Icon, IconButton, IconView,
        shortcut::show_shortcuts,
        theme::{Theme, set_theme, theme},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The places, in the order in which they are named everywhere.
const PLACES: [(Route, Icon, &str); 5] = [
    (Route::Desk, Icon::Desk, "Desk"),
    (Route::Integrations, Icon::Integrations, "Integrations"),
    (Route::Runbooks, Icon::Runbooks, "Runbooks"),
    (Route::Runs, Icon::Runs, "Runs"),
    (Route::Settings, Icon::Settings, "Settings"),
];

/// Whether the page at `path` belongs to the place at `place`.
fn belongs(path: &str, place: &str) -> bool {
    path.strip_prefix(place)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The navigation. Narrow pages show icons only, with the word when pointed at; phones a bar at the bottom.
#[component]
pub fn Navigation() -> impl IntoView {
    let path = use_location().pathname;
    let places = PLACES
        .into_iter()
        .map(|(route, icon, word)| {
            let place = route.to_string();
            let href = place.clone();
            view! {
                <li>
                    <a
                        class="place"
                        href=href
                        title=word
                        aria-current=move || path.with(|path| belongs(path, &place)).then_some("page")
                    >
                        <IconView icon=icon />
                        <span class="place-word">{word}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    let shown = theme();
    let theme_icon = Signal::derive(move || match shown.get() {
        Theme::System => Icon::Screen,
        Theme::Light => Icon::Sun,
        Theme::Dark => Icon::Moon,
    });
    let theme_label = Signal::derive(move || {
        match shown.get() {
            Theme::System => "Colours as the system has them. Switch to light",
            Theme::Light => "Light colours. Switch to dark",
            Theme::Dark => "Dark colours. Switch to the system's",
        }
        .to_owned()
    });
    view! {
        <nav class="navigation" aria-label="Main">
            <a class="brand" href=Route::Desk.to_string() aria-label="Nimbus">
                <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M7.5 17.25a4 4 0 0 1-.45-7.97 5.5 5.5 0 0 1 10.6 1.5 3.25 3.25 0 0 1-.4 6.47z"></path>
                </svg>
                <span class="place-word">"Nimbus"</span>
            </a>
            <ul class="places">{places}</ul>
            <div class="navigation-foot">
                <IconButton icon=theme_icon label=theme_label on_press=move |()| set_theme(shown.get_untracked().next()) />
                <IconButton icon=Icon::Question label="Keys of this page" keys="?" on_press=move |()| show_shortcuts() />
            </div>
        </nav>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::belongs;

    #[test]
    fn a_page_belongs_to_the_place_its_path_starts_with() {
        let cases = [
            ("/runs", "/runs", true),
            ("/runs/r1", "/runs", true),
            ("/runbooks", "/runs", false),
            ("/runsome", "/runs", false),
            ("/desk/tickets/1", "/desk", true),
        ];
        for (path, place, expected) in cases {
            assert_eq!(belongs(path, place), expected, "{path} in {place}");
        }
    }
}
