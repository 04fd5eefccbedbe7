//! A new record.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde_json::{Value, json};
use shared::desk::Record;
use shared::desk::resource::{ASSET, SITE, TICKET, USER};

use super::editor::{Editor, Trouble, focus_first};
use super::form::Form;
use super::section::{Section, id_of};
use crate::client;
use crate::frame::{Crumb, PageHeader};
use crate::load::{Loaded, show_loaded};
use crate::page::listing::list_as_it_was;
use crate::ui::unsaved::go_instead;
use crate::ui::{Button, ButtonKind, ButtonLink, use_shortcut};

/// What the address fills in.
const GIVEN: [&str; 6] = [
    "client_id",
    "site_id",
    "user_id",
    "assettype_id",
    "lookupid",
    "tickettype_id",
];

#[component]
pub(super) fn Create(section: &'static Section) -> impl IntoView {
    let queries = use_query_map();
    let given = GIVEN.map(|name| {
        let value = queries.with_untracked(|queries| queries.get(name));
        (name, value.and_then(|value| value.parse::<u64>().ok()))
    });
    let known = Loaded::new(move || async move { Ok(known(section, given).await) });
    show_loaded("form", known, move |known| {
        view! { <New section=section known=known /> }.into_any()
    })
}

/// The first values of a new record.
async fn known(
    section: &'static Section,
    given: [(&'static str, Option<u64>); GIVEN.len()],
) -> Record {
    let mut known = Record::new();
    for (name, id) in given {
        if let Some(id) = id {
            known.insert(name.to_owned(), id.into());
        }
    }
    let user = known.get("user_id").and_then(Value::as_u64);
    // A ticket is reported from where its user is, and an asset stands there.
    if [&ASSET, &TICKET].contains(&section.resource)
        && let Some(id) = user
        && let Ok(user) = client::record(&USER, id).await
    {
        if *section.resource == ASSET {
            known.insert("users".to_owned(), json!([{ "id": id }]));
        }
        for name in ["client_id", "site_id"] {
            known.insert(name.to_owned(), user.get(name).cloned().unwrap_or_default());
        }
    }
    // Whoever makes a user of a customer with one site need not choose it.
    if *section.resource == USER
        && let Some(client) = known.get("client_id").and_then(Value::as_u64)
        && !known.contains_key("site_id")
        && let Ok(sites) = client::records(&SITE, &format!("client_id={client}")).await
        && let [site] = sites.records.as_slice()
    {
        known.insert("site_id".to_owned(), id_of(site).into());
    }
    known
}

#[component]
fn New(section: &'static Section, known: Record) -> impl IntoView {
    let form = Form::new(section, known);
    let save = Callback::new(move |()| {
        form.save(move |record| go_instead(section.one(id_of(&record))));
    });
    use_shortcut("Ctrl S", "Save", move || save.run(()));
    use_shortcut("E", "Go to the first field", move || focus_first(form));
    focus_first(form);
    let title = format!("New {}", section.noun);
    let mut crumbs = vec![section.above()];
    if section.name != "tickets" {
        crumbs.push(Crumb::new(section.title(), section.list()));
    }
    let verb = format!("Create {}", section.noun);
    view! {
        <PageHeader title=title crumbs=crumbs>
            <ButtonLink kind=ButtonKind::Quiet href=list_as_it_was(&section.list())>"Cancel"</ButtonLink>
            <Button kind=ButtonKind::Primary busy=form.editing.saving on_press=save>
                {verb}
            </Button>
        </PageHeader>
        <div class="page">
            <div class="form stack">
                <Trouble form=form />
                <Editor form=form />
            </div>
        </div>
    }
    .into_any()
}
