//! One field of a record, by its kind.

use leptos::prelude::*;
use shared::desk::form::{Formatting, formatting, in_words, needed, text_of};
use shared::desk::resource::{
    ASSET, CATEGORY, CLIENT, CUSTOM_TABLE, Field, FieldKind, LOOKUP, Reference, TEAM, TICKET, USER,
};
use shared::desk::{Resource, has_formatting, label};

use super::allowed::Allowed;
use super::asset::TypeFields;
use super::form::Form;
use super::named::NamedField;
use super::people::People;
use super::reference::ReferenceField;
use super::section::text;
use crate::client;
use crate::load::Loaded;
use crate::ui::field::{Choice, InstantField};
use crate::ui::{Checkbox, CodeField, Combobox, Notice, SelectField, TextField, Tone};

/// The id of a field's control, for whoever leads to it.
pub(super) fn control(name: &str) -> String {
    format!("field-{name}")
}

/// Fields that stand elsewhere on the page, or that nobody types.
fn is_elsewhere(form: Form, field: &Field) -> bool {
    let resource = form.resource();
    field.computed
        || (*resource == CUSTOM_TABLE && field.name == "columns")
        || (*resource == ASSET && (field.name == "fields" || field.name.starts_with("key_field")))
        || field.name == "faqlists"
}

/// All fields, in the order of the resource's table; those of an asset's type stand where its key fields do.
pub(super) fn all(form: Form) -> AnyView {
    form.resource()
        .fields
        .iter()
        .filter_map(|field| {
            if *form.resource() == ASSET && field.name == "key_field" {
                return Some(view! { <TypeFields form=form /> }.into_any());
            }
            (!is_elsewhere(form, field)).then(|| one(form, field, label(field.name)))
        })
        .collect_view()
        .into_any()
}

/// The control of one field.
pub(super) fn one(form: Form, field: &'static Field, label: String) -> AnyView {
    let name = field.name;
    let needed = needed(form.resource(), field);
    let problem = form.problem(name);
    let id = control(name);
    let hint = explained(form, field).or_else(|| hint(field, &label));
    match &field.kind {
        FieldKind::Line if *form.resource() == TICKET && matches!(name, "team" | "category_1") => {
            offered(form, name, label)
        }
        FieldKind::Line => line(form, name, label, hint, needed),
        FieldKind::Integer if *form.resource() == TICKET && name == "sla_id" => {
            service_level(form, name)
        }
        FieldKind::Integer if *form.resource() == ASSET && name == "status_id" => view! {
            <ReferenceField
                id=id
                label=label
                to=&LOOKUP
                value=form.reference(field)
                none="None"
                hint=hint
                error=problem
            />
        }
        .into_any(),
        FieldKind::Integer | FieldKind::Decimal => view! {
            <TextField id=id label=label value=form.number(name) hint=hint error=problem needed=needed />
        }
        .into_any(),
        FieldKind::Text => plain_text(form, name, label, hint),
        FieldKind::Html => view! {
            <details
                class="more"
                open=untrack(|| has_formatting(&text_of(&form.value(name))))
            >
                <summary>{label.clone()}</summary>
                <CodeField
                    id=id
                    label=label
                    value=form.text(name)
                    hint="Follows from the text above where only that is changed, and the other way round.".to_owned()
                    error=problem
                />
            </details>
        }
        .into_any(),
        FieldKind::Boolean => {
            view! { <Checkbox label=label value=form.flag(name) /> }.into_any()
        }
        FieldKind::Instant => view! {
            <InstantField id=id label=label value=form.text(name) hint=hint error=problem />
        }
        .into_any(),
        FieldKind::Reference(reference) => referring(form, field, reference, label),
        FieldKind::Objects if name == "users" => view! { <People form=form /> }.into_any(),
        FieldKind::Objects if name == "allowed_actions" => {
            view! { <Allowed form=form /> }.into_any()
        }
        FieldKind::Objects => ().into_any(),
        FieldKind::Named => {
            view! { <NamedField form=form name=name label=label noun="custom field" /> }.into_any()
        }
    }
}

/// A text of several lines. Where it has formatting, that is not lost without a word.
fn plain_text(form: Form, name: &'static str, label: String, hint: Option<String>) -> AnyView {
    let fate = Memo::new(move |_| {
        let (draft, saved) = (form.editing.draft, form.editing.saved);
        draft.with(|draft| saved.with(|saved| formatting(form.resource(), saved, draft, name)))
    });
    let hint = Signal::derive(move || {
        match fate.get() {
        Formatting::AtRisk => Some(
            "It has formatting, such as lists or links, which a change here removes. To keep that, change the HTML below.".to_owned(),
        ),
        Formatting::None | Formatting::Lost => hint.clone(),
    }
    });
    let warning = move || {
        (fate.get() == Formatting::Lost).then(|| {
            view! {
                <Notice tone=Tone::Warning>
                    "Saving removes the formatting of this text, such as lists and links. Discard to keep it, or change the HTML below instead."
                </Notice>
            }
        })
    };
    view! {
        <div class="stack stack-small">
            <CodeField
                id=control(name)
                label=label
                prose=true
                value=form.text(name)
                hint=hint
                error=form.problem(name)
            />
            <div role="status">{warning}</div>
        </div>
    }
    .into_any()
}

/// A line of text; how it looks is checked when it is left.
pub(super) fn line(
    form: Form,
    name: &'static str,
    label: String,
    hint: Option<String>,
    needed: Option<&'static str>,
) -> AnyView {
    view! {
        <div on:focusout=move |_| form.look_at(name)>
            <TextField
                id=control(name)
                label=label
                value=form.text(name)
                hint=hint
                error=form.problem(name)
                needed=needed
            />
        </div>
    }
    .into_any()
}

/// Numbers of lists that this desk does not keep, or does not keep apart.
fn explained(form: Form, field: &Field) -> Option<String> {
    let is = |resource: &Resource, name: &str| form.resource() == resource && field.name == name;
    let words = if is(&CLIENT, "toplevel_id") {
        "The number of the top level above this customer in Halo's tree. This desk has no list of them: it keeps the number for programs that use it."
    } else if is(&ASSET, "status_id") {
        "One of the values kept under Lookups."
    } else if is(&LOOKUP, "lookupid") {
        "The number of the list that this value is of. A number that no other value has begins a new list."
    } else {
        return None;
    };
    Some(words.to_owned())
}

/// What the table says of a field, where people on a page can use it and its label does not say it.
fn hint(field: &Field, label: &str) -> Option<String> {
    let speaks_of_ids = field.about.contains("id") && !matches!(field.kind, FieldKind::Line);
    let says_no_more = field.about.eq_ignore_ascii_case(&format!("The {label}"))
        || field.about.contains("key field of its type");
    (!field.about.is_empty() && !speaks_of_ids && !says_no_more).then(|| in_words(field.about))
}

fn referring(
    form: Form,
    field: &'static Field,
    reference: &'static Reference,
    label: String,
) -> AnyView {
    let known = form.shown.with_untracked(|shown| {
        let id = shown.get(field.name).and_then(serde_json::Value::as_u64);
        let name = reference.shows.first().map(|(name, _)| text(shown, name));
        let known = id.zip(name.filter(|name| !name.is_empty()));
        known.into_iter().collect::<Vec<_>>()
    });
    // A site is one of the customer's, a user one of the site's.
    let narrowed = Signal::derive(move || {
        let above: &[&str] = match field.name {
            "user_id" => &["site_id", "client_id"],
            "site_id" => &["client_id"],
            _ => &[],
        };
        let mut values = above.iter().filter_map(|name| {
            let id = form.value(name).as_u64();
            // A user's customer follows from their site; the page may know it beforehand.
            let id = id.or_else(|| {
                (*form.resource() == USER && form.id.is_none())
                    .then(|| form.shown.with(|shown| shown.get(*name)?.as_u64()))?
            });
            id.map(|id| format!("{name}={id}"))
        });
        values.next().unwrap_or_default()
    });
    let needed = needed(form.resource(), field);
    let none = match (needed, field.required) {
        (Some("required"), _) => "",
        (None, Some(_)) => "The first one",
        _ => "None",
    };
    view! {
        <ReferenceField
            id=control(field.name)
            label=label
            to=reference.to
            value=form.reference(field)
            none=none
            narrowed=narrowed
            known=known
            error=form.problem(field.name)
            needed=needed
        />
    }
    .into_any()
}

/// The service level of a ticket. Without one, the desk chooses.
fn service_level(form: Form, name: &'static str) -> AnyView {
    let all = Loaded::new(client::service_levels);
    let choices = Signal::derive(move || {
        let levels = all.value().map(|list| list.items).unwrap_or_default();
        let automatic = Choice::new("", "As for its ticket type");
        let levels = levels.into_iter().map(|item| {
            let level = item.record.value;
            Choice::new(level.id.to_string(), level.name)
        });
        std::iter::once(automatic).chain(levels).collect::<Vec<_>>()
    });
    view! {
        <SelectField
            label="Service level"
            value=form.number(name)
            choices=choices
            error=form.problem(name)
        />
    }
    .into_any()
}

/// Words that the desk has a list of, without insisting on it.
fn offered(form: Form, name: &'static str, label: String) -> AnyView {
    let (resource, field, noun) = if name == "team" {
        (&TEAM, "name", "team")
    } else {
        (&CATEGORY, "value", "category")
    };
    let all = Loaded::new(move || client::records(resource, "count=1000"));
    let choices = Signal::derive(move || {
        let records = all.value().map(|list| list.records).unwrap_or_default();
        let words = records.iter().map(|record| text(record, field));
        words
            .map(|word| Choice::new(word.clone(), word))
            .collect::<Vec<_>>()
    });
    let value = form.text(name);
    let hint = Signal::derive(move || {
        let text = value.get();
        let is_known = |choice: &Choice| choice.value.to_lowercase() == text.trim().to_lowercase();
        let is_new = !text.trim().is_empty()
            && all.value().is_some()
            && !choices.with(|choices| choices.iter().any(is_known));
        is_new.then(|| format!("There is no {noun} of this name. It is kept as a text only."))
    });
    view! {
        <Combobox
            id=control(name)
            label=label
            value=value
            choices=choices
            free=true
            hint=hint
            error=form.problem(name)
        />
    }
    .into_any()
}
