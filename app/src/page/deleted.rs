//! What was deleted, as long as it can be brought back.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{DeletedDocument, DocumentKind, List, MOST_DELETED};

use super::deleting::refusal;
use crate::browser::without_row;
use crate::client;
use crate::frame::{Crumb, MAIN, PageHeader};
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::{
    Button, Cell, Column, EmptyState, Icon, Notice, Row, SortKey, Table, Tone, clock, error_words,
};

const ROWS: &str = ".deleted tbody > tr";

/// The page.
#[component]
pub fn Deleted() -> impl IntoView {
    let list = Loaded::new(client::deleted);
    let bringing = Bringing {
        list,
        busy: RwSignal::new(BTreeSet::new()),
        told: RwSignal::new(None),
    };
    let state = list.table("deleted documents", move |list| {
        let rows = list.items.iter();
        rows.map(|item| row(item, bringing)).collect()
    });
    let is_cut = Memo::new(move |_| {
        let count = list.value().map_or(0, |list| list.items.len() as u64);
        MOST_DELETED <= count
    });
    let crumbs = vec![Crumb::new("Settings".to_owned(), Route::Settings)];
    view! {
        <PageHeader title="Deleted" crumbs=crumbs />
        <div class="page page-wide stack">
            <p class="muted">
                "What was deleted can be brought back for 30 days, as it was. Then it is gone for good."
            </p>
            <div role="status">{move || bringing.done()}</div>
            <div role="alert">{move || bringing.refused()}</div>
            <div class="deleted">
                <Table
                    label="Deleted"
                    columns=vec![
                        Column::new("Name").sorts(),
                        Column::new("Kind").width("16%").sorts().beside(),
                        Column::new("Deleted").width("16%").sorts(),
                        Column::new("Kept until").width("16%").sorts(),
                        Column::new("Bring back").width("9rem").control(),
                    ]
                    folds=true
                    state=state
                    empty=nothing
                    on_retry=Callback::new(move |()| list.again())
                />
            </div>
            <Show when=move || is_cut.get()>
                <p class="muted">{format!("These are the {MOST_DELETED} that were deleted last.")}</p>
            </Show>
        </div>
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Trash
            title="Nothing to bring back"
            text="Integrations, methods, runbooks, actions, event triggers, workflows and schedules are listed here for 30 days after they were deleted."
        />
    }
    .into_any()
}

/// What became of the last one that was to be brought back; its name first.
#[derive(Debug, Clone)]
enum Told {
    Back(String, Route),
    Refused(String, String),
}

/// Bringing back, one or several at once.
#[derive(Debug, Clone, Copy)]
struct Bringing {
    list: Loaded<List<DeletedDocument>>,
    /// The keys of those that are on their way.
    busy: RwSignal<BTreeSet<String>>,
    told: RwSignal<Option<Told>>,
}

impl Bringing {
    fn bring_back(self, item: DeletedDocument) {
        let key = key(&item);
        self.told.set(None);
        self.busy.update(|busy| _ = busy.insert(key.clone()));
        spawn_local(async move {
            let answer = client::restore(item.kind.collection(), &item.id).await;
            if self.busy.is_disposed() {
                return;
            }
            self.busy.update(|busy| _ = busy.remove(&key));
            match answer {
                Ok(()) => {
                    self.take_off(&key);
                    let page = page_of(&item);
                    self.told.set(Some(Told::Back(item.name, page)));
                }
                Err(fault) => {
                    let why = refusal(&fault);
                    self.told.set(Some(Told::Refused(item.name, why)));
                }
            }
            // Somebody else may have brought it back already, or it is too late by now.
            self.list.again();
        });
    }

    /// Takes the row away; a keyboard that is in it goes on at the next.
    fn take_off(self, gone: &str) {
        let take_off = || {
            self.list.state.update(|state| {
                if let Some(Ok(list)) = state {
                    list.items.retain(|item| key(item) != gone);
                }
            });
        };
        let focused = document().active_element();
        if focused.is_some_and(|focused| matches!(focused.closest(ROWS), Ok(Some(_)))) {
            without_row(ROWS, MAIN, take_off);
        } else {
            take_off();
        }
    }

    fn done(self) -> Option<AnyView> {
        let Some(Told::Back(name, page)) = self.told.get() else {
            return None;
        };
        let notice = view! {
            <Notice tone=Tone::Good>
                <p>{name} " is back. " <a href=page.to_string()>"Open it"</a></p>
            </Notice>
        };
        Some(notice.into_any())
    }

    fn refused(self) -> Option<AnyView> {
        let Some(Told::Refused(name, why)) = self.told.get() else {
            return None;
        };
        let notice = view! {
            <Notice tone=Tone::Bad>
                <p><strong>{name} " was not brought back. "</strong> {error_words(&why)}</p>
            </Notice>
        };
        Some(notice.into_any())
    }
}

fn key(item: &DeletedDocument) -> String {
    format!("{}/{}/{}", item.kind.as_str(), item.id, item.deleted_at)
}

fn row(item: &DeletedDocument, bringing: Bringing) -> Row {
    let ms = |at: u64| i64::try_from(at).unwrap_or(i64::MAX);
    let until = ms(item.until);
    let shown = item.clone();
    // What the button needs belongs to the row that is on the page: this one is made anew whenever the list is read.
    let button = move || {
        let key = key(&shown);
        let is_busy = Signal::derive(move || bringing.busy.with(|busy| busy.contains(&key)));
        let item = StoredValue::new(shown.clone());
        let whole = format!("Bring back {}", shown.name);
        view! {
            <Button
                small=true
                icon=Icon::Undo
                busy=is_busy
                on_press=move |()| bringing.bring_back(item.get_value())
            >
                <span aria-hidden="true">"Bring back"</span>
                <span class="visually-hidden">{whole}</span>
            </Button>
        }
    };
    Row {
        key: key(item),
        href: None,
        cells: vec![
            Cell::text(item.name.clone()),
            Cell::text(kind_words(item.kind)),
            Cell::time(ms(item.deleted_at)),
            Cell::new(
                move || {
                    let (date, exact) = (clock::short_date(until), clock::exact(until));
                    view! { <span class="numeric" title=exact>{date}</span> }
                },
                SortKey::Number(until),
            ),
            Cell::new(button, SortKey::Nothing),
        ],
    }
}

fn kind_words(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Integration => "Integration",
        DocumentKind::Method => "Method",
        DocumentKind::Runbook => "Runbook",
        DocumentKind::DeskAction => "Action",
        DocumentKind::EventTrigger => "Event trigger",
        DocumentKind::Workflow => "Workflow",
        DocumentKind::Schedule => "Schedule",
    }
}

/// Its own page, for when it is back.
fn page_of(item: &DeletedDocument) -> Route {
    let id = item.id.clone();
    match item.kind {
        DocumentKind::Integration => Route::Integration(id),
        DocumentKind::Method => Route::Method {
            integration: item
                .integration
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            method: id,
        },
        DocumentKind::Runbook => Route::Runbook(id),
        DocumentKind::DeskAction => Route::Action(id),
        DocumentKind::EventTrigger => Route::EventTrigger(id),
        DocumentKind::Workflow => Route::Workflow(id),
        DocumentKind::Schedule => Route::Schedule(id),
    }
}
