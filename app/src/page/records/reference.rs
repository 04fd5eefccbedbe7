//! A field that refers to another record: what is typed is searched for among those.

use std::collections::BTreeMap;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::desk::{Record, Resource, name_of};

use super::section::{id_of, text};
use crate::client::{self, encoded};
use crate::ui::field::{Choice, narrow};
use crate::ui::{Bound, Combobox};

/// How long nothing must be typed before the desk is asked, in milliseconds.
const CALM_MS: u32 = 150;

/// Chooses one record of a resource.
#[component]
pub fn ReferenceField(
    #[prop(into)] label: String,
    to: &'static Resource,
    value: Bound<Option<u64>>,
    /// What is shown, and offered, where none is chosen; empty where one must be.
    #[prop(optional, into)]
    none: String,
    /// Further parameters that narrow what is offered.
    #[prop(optional, into)]
    narrowed: Signal<String>,
    /// Names of records that are known already.
    #[prop(optional)]
    known: Vec<(u64, String)>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(default = None)] needed: Option<&'static str>,
    #[prop(optional, into)] id: Option<String>,
) -> impl IntoView {
    let names = RwSignal::new(known.into_iter().collect::<BTreeMap<u64, String>>());
    let found = RwSignal::new(Vec::<Choice>::new());
    let latest = StoredValue::new(0_u32);
    let none = StoredValue::new(Some(none).filter(|none| !none.is_empty()));
    // Whatever is chosen has a name, wherever the choice came from.
    Effect::new(move |_| {
        let Some(id) = value
            .get()
            .filter(|id| names.with(|names| !names.contains_key(id)))
        else {
            return;
        };
        spawn_local(async move {
            if let Ok(record) = client::record(to, id).await {
                names.try_update(|names| names.insert(id, name_of(to, &record)));
            }
        });
    });
    let offer = move |text: &str, records: &[Record]| {
        let none = none
            .get_value()
            .filter(|_| text.trim().is_empty())
            .map(|none| Choice::new("", none));
        let records = records.iter().map(choice);
        found.try_set(none.into_iter().chain(records).collect());
        names.try_update(|names| {
            for record in records_of(found) {
                names.insert(record.0, record.1);
            }
        });
    };
    let search = Callback::new(move |text: String| {
        latest.update_value(|turn| *turn += 1);
        let turn = latest.get_value();
        // Until the answer is there, nothing is offered that does not fit what was typed.
        found.update(|found| *found = narrow(found, &text));
        let more = narrowed.get_untracked();
        spawn_local(async move {
            if !text.is_empty() {
                TimeoutFuture::new(CALM_MS).await;
            }
            if latest.try_get_value() != Some(turn) {
                return;
            }
            let query = format!(
                "pageinate=true&page_size=20&search={}&{more}",
                encoded(&text)
            );
            let answer = client::records(to, &query).await;
            if latest.try_get_value() == Some(turn)
                && let Ok(answer) = answer
            {
                offer(&text, &answer.records);
            }
        });
    });
    let chosen = Signal::derive(move || match value.get() {
        None => none.get_value().unwrap_or_default(),
        Some(id) => names
            .with(|names| names.get(&id).cloned())
            .unwrap_or_else(|| id.to_string()),
    });
    let text = Bound::new(
        Signal::derive(move || value.get().map(|id| id.to_string()).unwrap_or_default()),
        Callback::new(move |text: String| value.set(text.parse().ok())),
    );
    view! {
        <Combobox
            label=label
            value=text
            choices=found
            chosen=chosen
            on_search=search
            hint=hint
            error=error
            needed=needed
            id=id.unwrap_or_else(|| crate::ui::id::unique_id("reference"))
        />
    }
    .into_any()
}

fn records_of(found: RwSignal<Vec<Choice>>) -> Vec<(u64, String)> {
    found
        .try_get_untracked()
        .unwrap_or_default()
        .into_iter()
        .filter_map(|choice| Some((choice.value.parse().ok()?, choice.label)))
        .collect()
}

/// A record as a choice; where several are called alike, what it belongs to tells them apart.
fn choice(record: &Record) -> Choice {
    let id = id_of(record);
    let name = ["name", "summary", "inventory_number", "key_field", "value"]
        .iter()
        .map(|field| text(record, field))
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| id.to_string());
    let list = text(record, "lookupid");
    let list = (!list.is_empty()).then(|| format!("List {list}"));
    let belongs = ["client_name", "site_name"]
        .iter()
        .map(|field| text(record, field))
        .filter(|name| !name.is_empty())
        .chain(list)
        .collect::<Vec<_>>();
    Choice::new(id.to_string(), name).with_note(belongs.join(" · "))
}
