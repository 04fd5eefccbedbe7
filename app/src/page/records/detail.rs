//! One record: its fields, edited in place, and what belongs to it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::desk::resource::{CUSTOM_TABLE, FieldKind, OnDelete};
use shared::desk::{Record, label};
use shared::model::RunId;

use super::buttons::{Buttons, Started};
use super::cells::words;
use super::editor::{Editor, Trouble, focus_first};
use super::export::hand_out;
use super::form::Form;
use super::related::Related;
use super::section::Section;
use super::table::TableRows;
use crate::client::{self, Fault};
use crate::editing::{SaveButtons, SaveState};
use crate::frame::{Crumb, PageHeader};
use crate::load::{Loaded, show_loaded};
use crate::page::listing::list_as_it_was;
use crate::page::pending::{Deletion, delete, key};
use crate::ui::clock::parse_instant;
use crate::ui::unsaved::{go, go_instead};
use crate::ui::{Icon, Menu, MenuItem, Time, toast, use_shortcut};

#[component]
pub(super) fn Detail(section: &'static Section, id: String) -> impl IntoView {
    let id: Option<u64> = id.parse().ok();
    let record = Loaded::new(move || async move {
        match id {
            Some(id) => client::record(section.resource, id).await,
            None => Err(Fault::not_found()),
        }
    });
    show_loaded(section.noun, record, move |record| {
        view! { <Page section=section record=record /> }.into_any()
    })
}

#[component]
fn Page(section: &'static Section, record: Record) -> impl IntoView {
    let form = Form::stored(section, record);
    let editing = form.editing;
    form.follow();
    let id = form.id.unwrap_or_default();
    let save = Callback::new(move |()| form.save(|_| ()));
    use_shortcut("E", "Edit", move || focus_first(form));
    use_shortcut("N", format!("New {}", section.noun), move || {
        go(section.one("new"));
    });
    let name = Memo::new(move |_| form.shown.with(|shown| section.name_of(shown)));
    let remove = move || {
        let name = name.get_untracked();
        spawn_local(async move {
            if let Some(users) = used_by(section, id).await {
                let instead = if section.resource.has_inactive() {
                    ", or set it to inactive"
                } else {
                    ""
                };
                toast(format!(
                    "{name} is not deleted: {users} still belong to it. Delete them first{instead}."
                ));
                return;
            }
            editing.discard();
            delete(Deletion {
                key: key(section.resource.name, id),
                method: "DELETE",
                path: format!("/api/{}/{id}", section.resource.name),
                body: None,
                name,
            });
            go_instead(list_as_it_was(&section.list()));
        });
    };
    let is_table = *section.resource == CUSTOM_TABLE;
    let export = is_table.then(|| {
        MenuItem::new("Export rows as CSV", Icon::Download, move || {
            let name = name.get_untracked();
            let table = form.shown.get_untracked();
            hand_out(section, &name, std::slice::from_ref(&table));
        })
    });
    let delete = MenuItem::new(format!("Delete {}", section.noun), Icon::Trash, move || {
        remove();
    });
    let items = Signal::stored(
        export
            .into_iter()
            .chain([delete.danger()])
            .collect::<Vec<_>>(),
    );
    let state = view! { <SaveState dirty=editing.dirty() saving=editing.saving /> }.into_any();
    let below = if is_table {
        view! { <TableRows form=form /> }.into_any()
    } else {
        ().into_any()
    };
    let aside = (!is_table).then(|| {
        view! {
            <aside class="stack stack-large" aria-label="Belongs to it">
                {facts(form)}
                <Related section=section id=id />
            </aside>
        }
    });
    let started = RwSignal::new(None::<RunId>);
    view! {
        <PageHeader
            title=name
            crumbs=vec![section.home(), Crumb::new(section.title(), section.list())]
            state=state
        >
            <Buttons resource=section.resource id=id started=started />
            <Menu label="More" items=items />
            <SaveButtons
                dirty=editing.dirty()
                saving=editing.saving
                on_save=save
                on_discard=move |()| editing.discard()
            />
        </PageHeader>
        <div class="page stack">
            <Started started=started />
            <Trouble form=form />
            <div class="columns">
                <Editor form=form />
                {aside}
            </div>
            {below}
        </div>
    }
    .into_any()
}

/// What keeps a record from being deleted, such as "46 tickets": the desk would refuse it, but only when the undo is over.
async fn used_by(section: &'static Section, id: u64) -> Option<String> {
    for (other, parameter) in section.related {
        let keeps = other.resource.field(parameter).is_some_and(|field| {
            matches!(field.kind, FieldKind::Reference(reference) if reference.on_delete == OnDelete::Refuse)
        });
        if !keeps {
            continue;
        }
        let query = format!("{parameter}={id}&pageinate=true&page_size=1");
        let count = client::records(other.resource, &query).await.ok()?.count;
        if let Some(count) = count.filter(|count| *count > 0) {
            let what = if count == 1 {
                other.noun.to_owned()
            } else {
                other.title().to_lowercase()
            };
            return Some(format!("{count} {what}"));
        }
    }
    None
}

/// What the desk itself writes down.
fn facts(form: Form) -> AnyView {
    let rows = move || {
        let shown = form.shown.get();
        let computed = form.resource().fields.iter().filter(|field| {
            field.computed && !matches!(field.kind, FieldKind::Objects | FieldKind::Named)
        });
        let number = words(form.resource(), &shown, "id");
        let mut rows =
            vec![view! { <dt>"Number"</dt> <dd class="numeric">{number}</dd> }.into_any()];
        for field in computed {
            let text = words(form.resource(), &shown, field.name);
            let value = match (field.kind == FieldKind::Instant).then(|| parse_instant(&text)) {
                Some(Some(at)) => view! { <Time at=at /> }.into_any(),
                _ => text.clone().into_any(),
            };
            if !text.is_empty() {
                rows.push(view! { <dt>{label(field.name)}</dt> <dd>{value}</dd> }.into_any());
            }
        }
        rows
    };
    view! { <dl class="facts">{rows}</dl> }.into_any()
}
