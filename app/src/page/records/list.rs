//! The list of a section's records.

use leptos::prelude::*;

use super::cells::{columns, row};
use super::export::export;
use super::filters::{Filters, Narrowed};
use super::follow::follow;
use super::section::{Section, id_of};
use crate::client;
use crate::frame::PageHeader;
use crate::load::{Loaded, table_state};
use crate::page::desk_sections::DeskSections;
use crate::page::listing::{Listing, Pages, Search, no_such_page};
use crate::page::pending::{is_deleted, key, track_settled};
use crate::ui::unsaved::go;
use crate::ui::{
    ButtonKind, ButtonLink, EmptyState, Icon, Menu, MenuItem, Render, Table, use_shortcut,
};

#[component]
pub(super) fn List(section: &'static Section) -> impl IntoView {
    let listing = Listing::in_address();
    let narrowed = Narrowed::in_address(section);
    let records = Loaded::new(move || {
        track_settled();
        let query = format!("{}{}", listing.query(), narrowed.parameters());
        async move { client::records(section.resource, &query).await }
    });
    follow(section.resource, None, move || records.again());
    let state = Signal::derive(move || {
        let what = section.title().to_lowercase();
        records.state.with(|state| {
            table_state(state.as_ref(), &what, |list| {
                let records = list.records.iter();
                let kept = records
                    .filter(|record| !is_deleted(&key(section.resource.name, id_of(record))));
                kept.map(|record| row(section, record)).collect()
            })
        })
    });
    let count = Signal::derive(move || records.value().and_then(|list| list.count));
    let shown = Signal::derive(move || records.value().map_or(0, |list| list.records.len()));
    let empty = Render::new(move || {
        no_such_page(listing, count.get(), shown.get())
            .unwrap_or_else(|| nothing(section, listing, narrowed))
    });
    let new = move || format!("{}{}", section.one("new"), narrowed.prefill());
    use_shortcut("N", format!("New {}", section.noun), move || {
        go(untrack(new));
    });
    let exporting = RwSignal::new(false);
    let items = Signal::derive(move || {
        let export = MenuItem::new("Export as CSV", Icon::Download, move || {
            if exporting.get_untracked() {
                return;
            }
            let query = untrack(|| format!("{}{}", listing.parameters(), narrowed.parameters()));
            export(section, query, exporting);
        });
        let import = section.imports.then(|| {
            MenuItem::new("Import from CSV", Icon::Upload, move || {
                go(section.one("import"));
            })
        });
        import.into_iter().chain([export]).collect::<Vec<_>>()
    });
    let word = format!("New {}", section.noun);
    view! {
        <PageHeader title=section.title() crumbs=vec![section.above()]>
            <Menu label="More" items=items />
            <ButtonLink kind=ButtonKind::Primary icon=Icon::Plus href=Signal::derive(new)>
                {word}
            </ButtonLink>
        </PageHeader>
        {(!section.is_setting()).then(|| view! { <DeskSections /> })}
        <div class="page page-wide">
            <div class="filters">
                <Search label=format!("Search {}", section.title().to_lowercase()) listing=listing />
                <Filters section=section narrowed=narrowed />
            </div>
            <Table
                label=section.title()
                columns=columns(section)
                order=listing.by_column(section.columns.iter().map(|shown| shown.field).collect())
                state=state
                empty=empty
                on_retry=Callback::new(move |()| records.again())
            />
            <Pages listing=listing count=count shown=shown />
        </div>
    }
    .into_any()
}

/// What stands in the place of an empty list, and leads on.
fn nothing(section: &'static Section, listing: Listing, narrowed: Narrowed) -> AnyView {
    let title = section.plural();
    if !listing.search.get().is_empty() || narrowed.is_set() {
        let text = format!(
            "The search looks at {}. Try fewer words, or show all of them.",
            section.searched
        );
        return view! {
            <EmptyState icon=Icon::Search title=format!("No {} matches", section.noun) text=text>
                <ButtonLink href=section.list().to_string()>{format!("Show all {title}")}</ButtonLink>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState icon=section.icon title=format!("No {title} yet") text=section.about>
            <ButtonLink icon=Icon::Plus href=section.one("new").to_string()>
                {format!("New {}", section.noun)}
            </ButtonLink>
            {section
                .imports
                .then(|| {
                    view! {
                        <ButtonLink icon=Icon::Upload href=section.one("import").to_string()>
                            "Import from CSV"
                        </ButtonLink>
                    }
                })}
        </EmptyState>
    }
    .into_any()
}
