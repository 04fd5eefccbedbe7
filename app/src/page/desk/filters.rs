//! The filters of the tickets: those that everybody has, and those that this browser keeps.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::narrowed::More;
use crate::browser::{keep, kept};
use crate::client::{self, Fault};
use crate::route::Route;
use crate::ui::{
    Bound, Button, ButtonKind, Dialog, Icon, IconButton, TextField, announce, in_address,
    unsaved::go, with_query,
};

/// By their word in the address; the first holds where there is none.
const FILTERS: [(&str, &str); 5] = [
    ("open", "Open"),
    ("mine", "Mine"),
    ("unassigned", "Unassigned"),
    ("closed", "Closed"),
    ("all", "All"),
];

const KEPT: &str = "nimbus.ticket-filters";

/// What a filter means to the desk, as parameters after others.
pub(super) async fn filter_query(filter: &str) -> Result<String, Fault> {
    Ok(match filter {
        "all" => String::new(),
        "closed" => "&closed_only=true".to_owned(),
        "unassigned" => "&open_only=true&unassigned=true".to_owned(),
        "mine" => format!("&open_only=true&agent_id={}", client::own_agent().await?),
        _ => "&open_only=true".to_owned(),
    })
}

/// The name of the address that says which of the common filters holds.
pub(super) const VIEW: &str = "view";

/// Whether a common filter says whose the tickets are.
pub(super) fn is_about_agents(view: &str) -> bool {
    matches!(view, "mine" | "unassigned")
}

/// The part of a search that a filter keeps: all but the page.
fn without_page(search: &str) -> String {
    let parts = search.trim_start_matches('?').split('&');
    let parts: Vec<&str> = parts
        .filter(|part| !part.is_empty() && !part.starts_with("page="))
        .collect();
    parts.join("&")
}

/// The address with another common filter: the words searched for, the order and whose tickets they are stay.
fn with_view(search: &str, view: &str) -> String {
    let mut kept = without_page(search);
    if is_about_agents(view) {
        kept = with_query(&kept, "agent_id", "");
    }
    format!("{}?{}", Route::Desk, with_query(&kept, VIEW, view))
}

/// Whether `view`, as the address has it, is the common filter of that name. One that nobody knows is the first.
fn is_common(view: &str, name: &str) -> bool {
    let is_known = FILTERS.iter().any(|(known, _)| *known == view);
    view == name || (!is_known && name == FILTERS[0].0)
}

/// What the chosen filter is called.
pub(super) fn filter_word(view: &str) -> &'static str {
    let known = FILTERS.iter().find(|(name, _)| is_common(view, name));
    known.map_or(FILTERS[0].1, |(_, word)| word)
}

/// The id of a filter of one's own, by its place.
fn own_id(at: usize) -> String {
    format!("filter-{at}")
}

/// The filters as links, those that hold marked; what is shown can be kept under a name.
#[component]
pub(super) fn Filters(more: More) -> impl IntoView {
    let search = use_location().search;
    let here = Memo::new(move |_| search.with(|search| without_page(search)));
    let own = RwSignal::new(
        kept(KEPT)
            .and_then(|text| serde_json::from_str::<Vec<(String, String)>>(&text).ok())
            .unwrap_or_default(),
    );
    let store = move || {
        own.with_untracked(|own| {
            if let Ok(text) = serde_json::to_string(own) {
                keep(KEPT, &text);
            }
        });
    };
    let view = in_address(VIEW);
    let common = FILTERS
        .into_iter()
        .map(|(name, word)| {
            let href = move || here.with(|here| with_view(here, name));
            // One of one's own says more of what is shown.
            let is_own = move || {
                here.with(|here| own.with(|own| own.iter().any(|(_, query)| query == here)))
            };
            let is_chosen = move || view.signal().with(|view| is_common(view, name)) && !is_own();
            view! {
                <a class="filter" href=href aria-current=move || is_chosen().then_some("true")>
                    {word}
                </a>
            }
        })
        .collect_view();
    let link = move |id: String, query: String, word: String| {
        let href = format!("{}?{query}", Route::Desk);
        let is_here = move || here.with(|here| *here == query);
        view! {
            <a class="filter" id=id href=href aria-current=move || is_here().then_some("true")>
                {word}
            </a>
        }
    };
    let naming = RwSignal::new(false);
    let delete = move |query: &str| {
        own.update(|own| own.retain(|(_, other)| other != query));
        store();
        announce("Filter deleted");
        if here.with_untracked(|here| here == query) {
            go(Route::Desk);
        }
        // What had focus is gone.
        crate::browser::focus(crate::frame::MAIN);
    };
    let kept_ones = move || {
        own.get()
            .into_iter()
            .enumerate()
            .map(|(at, (name, query))| {
                let (own, label) = (query.clone(), format!("Delete the filter {name}"));
                view! {
                    <span class="filter-own">
                        {link(own_id(at), query, name)}
                        <IconButton icon=Icon::Cross label=label on_press=move |()| delete(&own) />
                    </span>
                }
            })
            .collect_view()
    };
    let is_new = move || {
        let common = |here: &str| {
            here.is_empty()
                || FILTERS
                    .iter()
                    .any(|(name, _)| here == format!("view={name}"))
        };
        here.with(|here| {
            !common(here) && own.with(|own| own.iter().all(|(_, query)| query != here))
        })
    };
    let save = Callback::new(move |name: String| {
        own.update(|own| own.push((name, here.get_untracked())));
        store();
        announce("Filter saved");
        naming.set(false);
        // The button that asked for the name is gone. The dialog gives focus back first.
        let saved = own.with_untracked(Vec::len).saturating_sub(1);
        request_animation_frame(move || crate::browser::focus(&own_id(saved)));
    });
    view! {
        <nav class="filter-links" aria-label="Filters">
            {common} {kept_ones}
            <Button
                small=true
                kind=ButtonKind::Quiet
                icon=Icon::Filter
                busy=more.is_loading
                on_press=move |()| more.turn()
            >
                {move || if more.is_open.get() { "Fewer filters" } else { "More filters" }}
            </Button>
            <Show when=is_new>
                <Button small=true kind=ButtonKind::Quiet icon=Icon::Plus on_press=move |()| naming.set(true)>
                    "Save this filter"
                </Button>
            </Show>
        </nav>
        <Dialog title="Save this filter" open=naming>
            <NameForm on_name=save own=own />
        </Dialog>
    }
    .into_any()
}

/// Whether a filter is called so; nobody tells two by their capitals.
fn is_taken(own: &[(String, String)], name: &str) -> bool {
    let common = FILTERS.iter().map(|(_, word)| *word);
    let mut all = common.chain(own.iter().map(|(known, _)| known.as_str()));
    all.any(|known| known.to_lowercase() == name.to_lowercase())
}

/// Asks what a filter shall be called.
#[component]
fn NameForm(on_name: Callback<String>, own: RwSignal<Vec<(String, String)>>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name = name.get_untracked().trim().to_owned();
        if name.is_empty() {
            error.set(Some(
                "Type a name by which you find the filter again.".to_owned(),
            ));
        } else if own.with_untracked(|own| is_taken(own, &name)) {
            error.set(Some(format!("There is already a filter {name}.")));
        } else {
            on_name.run(name);
        }
    };
    view! {
        <form class="stack" on:submit=submit>
            <TextField
                label="Name"
                value=Bound::from(name)
                error=error
                hint="It keeps the search, the filter and the order. Only this browser knows it.".to_owned()
            />
            <div class="dialog-actions">
                <Button kind=ButtonKind::Primary submit=true>"Save"</Button>
            </div>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{FILTERS, filter_word, is_common, is_taken, with_view, without_page};

    #[test]
    fn another_filter_keeps_the_search() {
        for (search, view, address) in [
            ("", "closed", "/desk?view=closed"),
            (
                "?search=a%20b&page=3",
                "closed",
                "/desk?search=a%20b&view=closed",
            ),
            (
                "?view=all&search=a&order=-id",
                "mine",
                "/desk?view=mine&search=a&order=-id",
            ),
            ("?client_id=3", "all", "/desk?client_id=3&view=all"),
            (
                "?agent_id=3&status_id=2",
                "closed",
                "/desk?agent_id=3&status_id=2&view=closed",
            ),
            (
                "?agent_id=3&status_id=2",
                "mine",
                "/desk?status_id=2&view=mine",
            ),
        ] {
            assert_eq!(with_view(search, view), address);
        }
        assert_eq!(
            ["", "open", "closed", "?"].map(filter_word),
            ["Open", "Open", "Closed", "Open"]
        );
    }

    #[test]
    fn no_two_filters_are_called_alike() {
        let own = [("Printers".to_owned(), "search=printer".to_owned())];
        let taken = ["printers", "OPEN", "All", "Printer"].map(|name| is_taken(&own, name));
        assert_eq!(taken, [true, true, true, false]);
    }

    #[test]
    fn one_filter_is_marked_whatever_the_address_says() {
        for (view, marked) in [("", "open"), ("mine", "mine"), ("bogus", "open")] {
            let found: Vec<_> = FILTERS
                .iter()
                .map(|(name, _)| *name)
                .filter(|name| is_common(view, name))
                .collect();
            assert_eq!(found, [marked], "{view}");
        }
    }

    #[test]
    fn a_filter_keeps_all_but_the_page() {
        for (search, kept) in [
            ("", ""),
            ("?page=3", ""),
            ("?view=all&page=3&search=a", "view=all&search=a"),
            ("search=a&order=-id", "search=a&order=-id"),
        ] {
            assert_eq!(without_page(search), kept);
        }
    }
}
