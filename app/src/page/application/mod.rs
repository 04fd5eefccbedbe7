//! One API application: what it may do, how it logs in, and what it was given.

mod credentials;
mod fields;
pub(crate) mod words;

use leptos::prelude::*;
use shared::api::ApplicationRecord;
use shared::desk::Scopes;
use shared::model;
use shared::model::{GrantType, HasSecrets as _, Secret};

use self::credentials::{Credentials, delete};
use self::fields::{Fields, PERMISSIONS};
use crate::browser::focus_in;
use crate::client;
use crate::editing::Editing;
use crate::frame::Crumb;
use crate::load::show_named;
use crate::page::edited::{EditedPage, NewPage};
use crate::route::Route;
use crate::ui::{Bound, Icon, MenuItem};

/// The page of one that is there.
#[component]
pub fn Application() -> impl IntoView {
    show_named(
        "application",
        |id| async move { client::application(&id).await },
        |record| view! { <Editor record=record /> }.into_any(),
    )
}

/// The page of one that is being made. Its secret is shown on the page that follows.
#[component]
pub fn NewApplication() -> impl IntoView {
    let editing = Editing::new(fresh(), 0);
    let told = RwSignal::new(false);
    let create = Callback::new(move |()| {
        if lacks_permission(editing) {
            told.set(true);
            focus_in(PERMISSIONS);
            return;
        }
        editing.create(|draft| async move {
            let record = client::create_application(&draft).await?;
            let (mut application, version) = parts(record);
            let id = application.client_id.clone();
            let secret = std::mem::take(&mut application.client_secret).secret;
            credentials::hand_over(&id, secret);
            Ok(((application, version), Route::Application(id)))
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
            <Fields draft=editing.draft told=told />
        </NewPage>
    }
    .into_any()
}

/// Whether it may do nothing, which the server refuses.
fn lacks_permission(editing: Editing<model::Application>) -> bool {
    editing
        .draft
        .with_untracked(|draft| draft.scopes == Scopes::NONE)
}

fn fresh() -> model::Application {
    model::Application {
        name: "New application".to_owned(),
        client_id: String::new(),
        client_secret: Secret::default(),
        scopes: Scopes::NONE,
        grants: vec![GrantType::ClientCredentials],
        redirect_uris: Vec::new(),
        public: false,
        active: true,
        rate_limit: None,
    }
}

fn crumbs() -> Vec<Crumb> {
    vec![Crumb::new("Settings".to_owned(), Route::Settings)]
}

fn name(editing: Editing<model::Application>) -> Bound<String> {
    Bound::of(
        editing.draft,
        |draft| draft.name.clone(),
        |draft, name| draft.name = name,
    )
}

fn parts(record: ApplicationRecord) -> (model::Application, u64) {
    (record.record.value, record.record.version)
}

fn save(editing: Editing<model::Application>, lacks_secret: RwSignal<bool>, told: RwSignal<bool>) {
    if lacks_permission(editing) {
        told.set(true);
        focus_in(PERMISSIONS);
    } else if editing.dirty().get_untracked() {
        editing.save(
            move |version, draft| async move {
                let record = client::save_application(version, &draft).await?;
                // One that was public until now has none.
                lacks_secret.try_set(!record.record.missing_secrets.is_empty());
                Ok(parts(record))
            },
            || (),
        );
    }
}

#[component]
fn Editor(record: ApplicationRecord) -> impl IntoView {
    let last_used_at = record.last_used_at;
    let told = RwSignal::new(false);
    let lacks_secret = RwSignal::new(!record.record.missing_secrets.is_empty());
    let (mut application, version) = parts(record);
    application.take_secrets();
    let id = StoredValue::new(application.client_id.clone());
    let editing = Editing::new(application, version);
    let save = Callback::new(move |()| save(editing, lacks_secret, told));
    // Without a secret.
    let newest = move || async move { Ok(parts(client::application(&id.get_value()).await?)) };
    let name = name(editing);
    let items = Signal::stored(vec![
        MenuItem::new("Delete application", Icon::Trash, move || {
            editing.discard();
            delete(&id.get_value(), name.peek());
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
            <Credentials editing=editing lacks_secret=lacks_secret last_used_at=last_used_at />
            <Fields draft=editing.draft told=told />
        </EditedPage>
    }
    .into_any()
}
