//! One integration: its address, its login, its methods.

pub mod authorization;
pub(crate) mod commands;
mod details;
mod meaning;
mod methods;
mod outdated;
pub mod words;

pub(crate) use self::outdated::Outdated;

use leptos::prelude::*;
use shared::api::IntegrationRecord;
use shared::model;
use shared::model::IntegrationId;

use crate::browser::focus_in;
use crate::client::{self, Fault};
use crate::editing::Editing;
use crate::frame::Crumb;
use crate::load::{Loaded, show_named};
use crate::page::begun::take_back_untouched;
use crate::page::deleting::still_used;
use crate::page::edited::EditedPage;
use crate::page::method::places::FIELD;
use crate::page::pending::track_settled;
use crate::route::Route;
use crate::ui::{Bound, Icon, MenuItem, Tab, Tabs, in_address};

/// The page.
#[component]
pub fn Integration() -> impl IntoView {
    show_named(
        "integration",
        |id| async move {
            match IntegrationId::parse(&id) {
                Ok(id) => client::integration(&id).await,
                Err(_) => Err(Fault::not_found()),
            }
        },
        |record| view! { <Editor record=record /> }.into_any(),
    )
}

/// What the tabs of the page share.
#[derive(Debug, Clone, Copy)]
struct Desk {
    editing: Editing<model::Integration>,
    /// Places of secrets that the server holds no value for.
    missing_secrets: RwSignal<Vec<String>>,
}

impl Desk {
    fn id(self) -> IntegrationId {
        self.editing.draft.with_untracked(|draft| draft.id.clone())
    }

    fn took(self, record: IntegrationRecord) -> (model::Integration, u64) {
        self.missing_secrets.set(record.missing_secrets);
        (record.value, record.version)
    }

    fn save(self) {
        if !self.editing.dirty().get_untracked() {
            return;
        }
        self.editing.save(
            move |version, draft| async move {
                let record = client::save_integration(version, &draft).await?;
                Ok(self.took(record))
            },
            || (),
        );
    }

    /// Reads anew.
    async fn newest(self) -> Result<(model::Integration, u64), Fault> {
        let record = client::integration(&self.id()).await?;
        Ok(self.took(record))
    }
}

#[component]
fn Editor(record: IntegrationRecord) -> impl IntoView {
    let is_new = record.version == 1 && record.value.base_url.is_empty();
    let desk = Desk {
        missing_secrets: RwSignal::new(record.missing_secrets),
        editing: Editing::new(record.value, record.version),
    };
    let editing = desk.editing;
    take_back_untouched(desk.id(), editing);
    let methods = Loaded::new(move || {
        track_settled();
        let id = desk.id();
        async move { client::methods(&id).await }
    });
    let save = Callback::new(move |()| desk.save());
    let name = Bound::of(
        editing.draft,
        |draft| draft.name.clone(),
        |draft, name| draft.name = name,
    );
    if is_new {
        commands::select_title();
    }
    if in_address(FIELD).peek() == "base_url" {
        focus_in(details::BASE_URL);
    }
    let refused = RwSignal::new(None::<String>);
    let items = Signal::stored(vec![
        MenuItem::new("Delete integration", Icon::Trash, move || {
            commands::delete(desk.id(), &name.peek(), refused);
        })
        .danger(),
    ]);
    let count = Signal::derive(move || {
        methods.state.with(|state| {
            state
                .as_ref()
                .and_then(|s| s.as_ref().ok())
                .map(|list| list.items.len().to_string())
        })
    });
    let own = Signal::derive(move || {
        let own = methods.value().map(|list| list.items).unwrap_or_default();
        own.into_iter()
            .map(|method| method.record.value.id)
            .collect()
    });
    view! {
        <EditedPage
            editing=editing
            name=name
            crumbs=vec![Crumb::new("Integrations".to_owned(), Route::Integrations)]
            class="integration"
            menu=items
            on_save=save
            newest=move || desk.newest()
        >
            {move || refused.get().map(still_used)}
            <Outdated methods=own version=editing.version />
            <Tabs
                label="Integration"
                tabs=vec![
                    Tab::new("details", "Details", move || details::details(desk)),
                    Tab::new("methods", "Methods", move || methods::methods(desk, methods)).with_note(count),
                ]
            />
        </EditedPage>
    }
    .into_any()
}
