//! One record: its fields, edited in place, and what belongs to it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::desk::resource::{ARTICLE, CUSTOM_TABLE, FieldKind};
use shared::desk::{Record, label};
use shared::model::RunId;

use super::article::Reading;
use super::belongings::{belongings, not_deleted, parts, with_parts};
use super::buttons::{Buttons, Started};
use super::cells::words;
use super::editor::{Editor, Trouble, focus_first};
use super::export::hand_out;
use super::form::Form;
use super::related::Related;
use super::section::{Section, section_of};
use super::table::TableRows;
use crate::client::{self, Fault};
use crate::editing::{SaveButtons, SaveState};
use crate::frame::{Crumb, MAIN, PageHeader};
use crate::load::{Loaded, show_loaded};
use crate::page::listing::list_as_it_was;
use crate::page::pending::{Deletion, delete, key};
use crate::ui::clock::parse_instant;
use crate::ui::unsaved::{go, go_instead};
use crate::ui::{Button, ButtonKind, Icon, Menu, MenuItem, Time, toast, use_shortcut};

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
    // An article is read; everything else is what its fields say.
    let is_article = *section.resource == ARTICLE;
    let edits = RwSignal::new(!is_article);
    let read = move || {
        if is_article {
            edits.try_set(false);
            crate::browser::focus(MAIN);
        }
    };
    let save = Callback::new(move |()| {
        if is_article && !editing.dirty().get_untracked() {
            read();
        } else {
            form.save(move |_| read());
        }
    });
    let edit = move || {
        edits.set(true);
        focus_first(form);
    };
    use_shortcut("E", "Edit", edit);
    use_shortcut("N", format!("New {}", section.noun), move || {
        go(section.one("new"));
    });
    let name = Memo::new(move |_| form.shown.with(|shown| section.name_of(shown)));
    let remove = move || {
        let name = name.get_untracked();
        spawn_local(async move {
            if let Some(belongings) = belongings(section, id).await {
                toast(not_deleted(&name, belongings));
                return;
            }
            let name = with_parts(&name, &parts(section, id).await);
            editing.discard();
            delete(Deletion {
                key: key(section.resource.name, id),
                method: "DELETE",
                path: format!("/api/{}/{id}", section.resource.name),
                body: None,
                name,
                done: "Deleted",
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
            crumbs=vec![
                section.above(),
                Crumb::new(section.title(), section.list()),
            ]
            state=state
        >
            <Buttons resource=section.resource id=id started=started />
            <Menu label="More" items=items />
            <Show
                when=move || edits.get()
                fallback=move || view! {
                    <Button kind=ButtonKind::Primary icon=Icon::Edit on_press=move |()| edit()>"Edit"</Button>
                }
            >
                <SaveButtons
                    // There is always the way back to reading.
                    dirty=Signal::derive(move || is_article || editing.dirty().get())
                    saving=editing.saving
                    on_save=save
                    on_discard=move |()| {
                        editing.discard();
                        read();
                    }
                />
            </Show>
        </PageHeader>
        <div class="page stack">
            <Started started=started />
            <Trouble form=form />
            <div class="columns">
                <Show when=move || edits.get() fallback=move || view! { <Reading form=form /> }>
                    <Editor form=form />
                </Show>
                {aside}
            </div>
            {below}
        </div>
    }
    .into_any()
}

/// What the record belongs to, with the ways there, and what the desk itself writes down.
fn facts(form: Form) -> AnyView {
    let rows = move || {
        let shown = form.shown.get();
        let above = form.resource().fields.iter().filter_map(|field| {
            let FieldKind::Reference(reference) = field.kind else {
                return None;
            };
            let section = section_of(reference.to)?;
            let id = shown.get(field.name)?.as_u64()?;
            let name = words(form.resource(), &shown, field.name);
            Some((field.name, section.one(id).to_string(), name))
        });
        let above: Vec<_> = above.collect();
        let is_above = |name: &str| above.iter().any(|(known, ..)| *known == name);
        let computed = form.resource().fields.iter().filter(|field| {
            field.computed && !matches!(field.kind, FieldKind::Objects | FieldKind::Named)
        });
        let number = words(form.resource(), &shown, "id");
        let mut rows =
            vec![view! { <dt>"Number"</dt> <dd class="numeric">{number}</dd> }.into_any()];
        for (name, href, words) in &above {
            let (href, words) = (href.clone(), words.clone());
            let link = view! { <dt>{label(name)}</dt> <dd><a href=href>{words}</a></dd> };
            rows.push(link.into_any());
        }
        for field in computed {
            let text = words(form.resource(), &shown, field.name);
            let value = match (field.kind == FieldKind::Instant).then(|| parse_instant(&text)) {
                Some(Some(at)) => view! { <Time at=at /> }.into_any(),
                _ => text.clone().into_any(),
            };
            if !text.is_empty() && !is_above(field.name) {
                rows.push(view! { <dt>{label(field.name)}</dt> <dd>{value}</dd> }.into_any());
            }
        }
        rows
    };
    view! { <dl class="facts">{rows}</dl> }.into_any()
}
