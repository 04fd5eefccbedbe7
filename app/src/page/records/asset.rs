//! The fields that an asset has because of its type.

use leptos::prelude::*;
use serde_json::Value;
use shared::desk::form::{named, with_named};
use shared::desk::label;
use shared::desk::resource::{ASSET, ASSET_TYPE};

use super::fields::one;
use super::form::Form;
use super::section::text;
use crate::client;
use crate::load::Loaded;
use crate::ui::{Bound, CodeField, TextField};

const FIELDS: &str = "fields";
const KEYS: [(&str, &str); 3] = [
    ("key_field", "keyfield_name"),
    ("key_field2", "keyfield2_name"),
    ("key_field3", "keyfield3_name"),
];

/// The key fields under the names that the type gives them, and the type's own fields.
#[component]
pub(super) fn TypeFields(form: Form) -> impl IntoView {
    let chosen = Memo::new(move |_| form.value("assettype_id").as_u64());
    let kind = Loaded::new(move || {
        let id = chosen.get();
        async move {
            match id {
                Some(id) => client::record(&ASSET_TYPE, id).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let keys = move || {
        let kind = kind.value().flatten().unwrap_or_default();
        KEYS.into_iter()
            .filter_map(|(name, called)| {
                let field = ASSET.field(name)?;
                let called = text(&kind, called);
                let label = if called.is_empty() {
                    label(name)
                } else {
                    called
                };
                Some(one(form, field, label))
            })
            .collect_view()
    };
    // Only another set of names draws the fields anew: what is typed must not be taken away.
    let names = Memo::new(move |_| {
        let kind = kind.value().flatten().unwrap_or_default();
        let of_type = kind.get(FIELDS).and_then(Value::as_array).cloned();
        let mut names: Vec<String> = of_type
            .unwrap_or_default()
            .iter()
            .filter_map(|field| Some(field.get("name")?.as_str()?.to_owned()))
            .collect();
        let own = form
            .editing
            .saved
            .with(|saved| named(saved.get(FIELDS), "value"));
        for (name, _) in own {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                names.push(name);
            }
        }
        names
    });
    let values = move || {
        names
            .get()
            .into_iter()
            .map(|name| {
                let value = field_value(form, name.clone());
                // A field of one line would run the lines of its value together.
                if value.peek().contains('\n') {
                    view! { <CodeField label=name value=value prose=true /> }.into_any()
                } else {
                    view! { <TextField label=name value=value /> }.into_any()
                }
            })
            .collect_view()
    };
    view! {
        <section class="section">
            <h2>"Of its type"</h2>
            <div class="stack">{keys} {values}</div>
        </section>
    }
    .into_any()
}

fn field_value(form: Form, name: String) -> Bound<String> {
    let own = name.clone();
    let value = Memo::new(move |_| {
        let list = form.value(FIELDS);
        let found = named(Some(&list), "value");
        let found = found
            .into_iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(&own));
        found.map(|(_, value)| value).unwrap_or_default()
    });
    let change = move |text: String| {
        let list = form.value(FIELDS);
        let mut rows = named(Some(&list), "value");
        rows.retain(|(known, _)| !known.eq_ignore_ascii_case(&name));
        rows.push((name.clone(), text));
        // What was typed over a number before is no number of its own.
        let saved = form
            .editing
            .saved
            .with_untracked(|saved| saved.get(FIELDS).cloned().unwrap_or_default());
        form.set(FIELDS, with_named(&saved, "value", &rows));
    };
    Bound::new(value, Callback::new(change))
}
