//! One service level.

use leptos::prelude::*;
use shared::api::ServiceLevelRecord;
use shared::desk::service_level;

use super::choices::{Lists, Pauses, Tickets};
use super::holidays::Holidays;
use super::hours::Hours;
use super::preview::{Preview, Shown};
use super::targets::Targets;
use super::{crumbs, draft, key};
use crate::browser::own_time_zone;
use crate::client;
use crate::editing::Editing;
use crate::load::{Loaded, show_loaded, show_named};
use crate::page::edited::{EditedPage, NewPage};
use crate::page::pending::{self, Deletion};
use crate::route::Route;
use crate::ui::unsaved::go_instead;
use crate::ui::{Bound, Icon, MenuItem, in_address};

/// The page of one that is there.
#[component]
pub fn ServiceLevel() -> impl IntoView {
    show_named(
        "service level",
        |id| async move {
            let record = client::service_level(&id).await?;
            Ok((record, Lists::read().await?))
        },
        |(record, lists)| view! { <Editor record=record lists=lists /> }.into_any(),
    )
}

/// The page of one that is being made; the address may ask for the example.
#[component]
pub fn NewServiceLevel() -> impl IntoView {
    let lists = Loaded::new(|| async {
        let known = client::service_levels().await?;
        Ok((known.items.is_empty(), Lists::read().await?))
    });
    show_loaded("service levels", lists, |(is_first, lists)| {
        view! { <New is_first=is_first lists=lists /> }.into_any()
    })
}

#[component]
fn New(is_first: bool, lists: Lists) -> impl IntoView {
    let zone = own_time_zone();
    let fresh = if in_address("example").peek().is_empty() {
        draft::fresh(zone, is_first)
    } else {
        let priorities: Vec<u64> = lists.priorities.iter().map(|(id, _)| *id).collect();
        draft::example(zone, is_first, &priorities, lists.waiting())
    };
    let editing = Editing::new(fresh, 0);
    let create = Callback::new(move |()| {
        editing.create(|level| async move {
            let record = client::create_service_level(&level).await?;
            let page = Route::ServiceLevel(record.record.value.id.to_string());
            Ok((parts(record), page))
        });
    });
    view! {
        <NewPage
            editing=editing
            name=name(editing)
            crumbs=crumbs()
            class="stack stack-large form"
            on_create=create
        >
            <Fields draft=editing.draft lists=lists />
        </NewPage>
    }
    .into_any()
}

fn name(editing: Editing<service_level::ServiceLevel>) -> Bound<String> {
    Bound::of(
        editing.draft,
        |draft| draft.name.clone(),
        |draft, name| draft.name = name,
    )
}

fn parts(record: ServiceLevelRecord) -> (service_level::ServiceLevel, u64) {
    (record.record.value, record.record.version)
}

/// How many open tickets have it, and how many are still to be looked at again.
fn counts(record: &ServiceLevelRecord) -> (u64, u64) {
    (record.open_tickets, record.still_to_look_at)
}

#[component]
fn Editor(record: ServiceLevelRecord, lists: Lists) -> impl IntoView {
    let tickets = RwSignal::new(counts(&record));
    let (level, version) = parts(record);
    let id = level.id;
    let editing = Editing::new(level, version);
    let save = Callback::new(move |()| {
        if editing.dirty().get_untracked() {
            editing.save(
                move |version, level| async move {
                    let record = client::save_service_level(version, &level).await?;
                    tickets.try_set(counts(&record));
                    Ok(parts(record))
                },
                || (),
            );
        }
    });
    let newest = move || async move {
        let record = client::service_level(&id.to_string()).await?;
        tickets.try_set(counts(&record));
        Ok(parts(record))
    };
    let name = name(editing);
    let items = Signal::stored(vec![
        MenuItem::new("Delete service level", Icon::Trash, move || {
            editing.discard();
            delete(id, name.peek(), tickets.get_untracked().0);
        })
        .danger(),
    ]);
    view! {
        <EditedPage
            editing=editing
            name=name
            crumbs=crumbs()
            class="stack stack-large form"
            menu=items
            on_save=save
            newest=newest
        >
            <p class="muted" role="status">{move || tickets_words(tickets.get())}</p>
            <Fields draft=editing.draft lists=lists />
        </EditedPage>
    }
    .into_any()
}

#[component]
fn Fields(draft: RwSignal<service_level::ServiceLevel>, lists: Lists) -> impl IntoView {
    let preview = Preview::of(draft);
    let priorities = lists.priorities.clone();
    view! {
        <Tickets draft=draft preview=preview lists=lists.clone() />
        <Targets draft=draft preview=preview priorities=lists.priorities.clone() />
        <Hours draft=draft preview=preview />
        <Holidays draft=draft preview=preview />
        <Pauses draft=draft lists=lists />
        <section class="section" aria-label="What it means">
            <h2>"What it means"</h2>
            <Shown preview=preview priorities=priorities />
        </section>
    }
    .into_any()
}

fn tickets_words((own, waiting): (u64, u64)) -> String {
    let own = match own {
        0 => "No open ticket has this service level.".to_owned(),
        1 => "1 open ticket has this service level.".to_owned(),
        count => format!("{count} open tickets have this service level."),
    };
    match waiting {
        0 => own,
        1 => format!("{own} The deadlines of 1 open ticket are being worked out again."),
        count => {
            format!("{own} The deadlines of {count} open tickets are being worked out again.")
        }
    }
}

fn delete(id: u64, name: String, tickets: u64) {
    let name = match tickets {
        0 => name,
        1 => format!("{name}; its open ticket takes the one that counts for its type"),
        count => {
            format!("{name}; its {count} open tickets take the one that counts for their types")
        }
    };
    pending::delete(Deletion {
        key: key(id),
        method: "DELETE",
        path: client::service_level_path(id),
        body: None,
        name,
        done: "Deleted",
    });
    go_instead(Route::ServiceLevels);
}

#[cfg(test)]
mod tests {
    use super::tickets_words;

    #[test]
    fn what_is_counted_is_said() {
        assert_eq!(
            tickets_words((1, 0)),
            "1 open ticket has this service level."
        );
        assert_eq!(
            tickets_words((2, 120)),
            "2 open tickets have this service level. The deadlines of 120 open tickets are being worked out again."
        );
    }
}
