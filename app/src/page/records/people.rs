//! Who uses an asset.

use leptos::prelude::*;
use serde_json::{Value, json};
use shared::desk::resource::USER;

use super::form::Form;
use super::reference::ReferenceField;
use super::section::{id_of, text};
use crate::client;
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::{Bound, Icon, IconButton};

const FIELD: &str = "users";

fn ids(value: &Value) -> Vec<u64> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .filter_map(|user| user.get("id")?.as_u64())
        .collect()
}

/// The users of an asset as links; one is added by searching, and taken away by a cross.
#[component]
pub(super) fn People(form: Form) -> impl IntoView {
    let now = Memo::new(move |_| ids(&form.value(FIELD)));
    let users = Loaded::new(move || {
        let ids = now.get();
        async move { Ok(client::records_by_ids(&USER, ids).await) }
    });
    let put = move |ids: Vec<u64>| {
        let list: Vec<Value> = ids.into_iter().map(|id| json!({ "id": id })).collect();
        form.set(FIELD, list.into());
    };
    let add = Bound::new(
        Signal::stored(None::<u64>),
        Callback::new(move |id: Option<u64>| {
            let mut ids = now.get_untracked();
            if let Some(id) = id.filter(|id| !ids.contains(id)) {
                ids.push(id);
                put(ids);
            }
        }),
    );
    let rows = move || {
        let known = users.value().unwrap_or_default();
        now.get()
            .into_iter()
            .map(|id| {
                let name = known
                    .iter()
                    .find(|user| id_of(user) == id)
                    .map_or_else(|| format!("User {id}"), |user| text(user, "name"));
                let href = Route::Record("users".to_owned(), id.to_string()).to_string();
                let label = format!("Take {name} off");
                let remove = move |()| {
                    put(now
                        .get_untracked()
                        .into_iter()
                        .filter(|other| *other != id)
                        .collect());
                };
                view! {
                    <li class="person">
                        <a href=href>{name}</a>
                        <IconButton icon=Icon::Cross label=label on_press=remove />
                    </li>
                }
            })
            .collect_view()
    };
    let narrowed = Signal::derive(move || {
        let client = form.value("client_id").as_u64();
        client
            .map(|id| format!("client_id={id}"))
            .unwrap_or_default()
    });
    view! {
        <section class="section">
            <h2>"Users"</h2>
            <div class="stack stack-small">
                <ul class="people">{rows}</ul>
                <ReferenceField label="Add a user" to=&USER value=add none="" narrowed=narrowed />
            </div>
        </section>
    }
    .into_any()
}
