//! What stands around a page: the navigation, the header, and the services that show themselves.

mod connection;
mod header;
mod navigation;

pub use header::{Crumb, PageHeader};

use crate::{browser::focus, ui};
use connection::ConnectionNotice;
use leptos::{prelude::*, reactive::effect::ImmediateEffect};
use leptos_router::hooks::use_location;
use navigation::Navigation;

/// The id of what holds the page.
pub const MAIN: &str = "main";

/// The navigation and, beside it, the page.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let location = use_location();
    // On another page reading starts at its top, as it would after a full load. The start page leads on by itself.
    // At once: the page may have a better place for it.
    let before = StoredValue::new(None::<String>);
    ImmediateEffect::new_scoped(move || {
        let path = location.pathname.get();
        let before = before.try_update_value(|before| before.replace(path.clone()));
        if before
            .flatten()
            .is_some_and(|before| before != path && before != "/")
        {
            focus(MAIN);
        }
    });
    ui::use_shortcut(
        "?",
        "Show the keys of this page",
        ui::shortcut::show_shortcuts,
    );
    let skip = |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        focus(MAIN);
    };
    view! {
        <a class="skip" href="#main" on:click=skip>
            "Skip to the page"
        </a>
        <div class="frame">
            <Navigation />
            // Before the page, so that Shift and Tab lead from its top to what can be undone.
            <ui::toast::ToastRegion />
            <main class="main" id=MAIN tabindex="-1">
                {children()}
            </main>
        </div>
        <ConnectionNotice />
        <ui::announce::LiveRegion />
        <ui::dialog::ConfirmDialog />
        <ui::shortcut::ShortcutDialog />
    }
    .into_any()
}
