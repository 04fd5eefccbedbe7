//! What the desk's records are called, where one of them is chosen or named.

use leptos::prelude::*;
use shared::desk::form::text_of;
use shared::desk::resource::{AGENT, CATEGORY, PRIORITY, STATUS, TEAM, TICKET_TYPE};
use shared::desk::{Resource, name_of};

use crate::client::{self, Fault};
use crate::load::Loaded;
use crate::ui::field::Choice;
use crate::ui::{Bound, Combobox, TextField};

/// Lists short enough to be shown whole.
static SHORT: [&Resource; 6] = [&STATUS, &TICKET_TYPE, &PRIORITY, &AGENT, &TEAM, &CATEGORY];

/// The records of such a list, each by its id.
pub async fn choices(resource: &'static Resource) -> Result<Vec<Choice>, Fault> {
    let list = client::records(resource, "count=1000").await?.records;
    let choices = list.iter().map(|record| {
        let id = record.get("id").map(text_of).unwrap_or_default();
        Choice::new(id, name_of(resource, record))
    });
    Ok(choices.collect())
}

/// What tickets choose from.
#[derive(Debug, Clone, Default)]
pub struct ShortLists(Vec<(&'static Resource, Vec<Choice>)>);

impl ShortLists {
    pub async fn read() -> Result<Self, Fault> {
        let mut lists = Vec::with_capacity(SHORT.len());
        for resource in SHORT {
            lists.push((resource, choices(resource).await?));
        }
        Ok(Self(lists))
    }

    pub fn has(resource: &Resource) -> bool {
        SHORT.contains(&resource)
    }

    /// The records of a list, each by its id.
    pub fn of(&self, resource: &Resource) -> Vec<Choice> {
        let found = self.0.iter().find(|(known, _)| *known == resource);
        found.map(|(_, list)| list.clone()).unwrap_or_default()
    }

    /// The same, each by its name.
    pub fn by_name(&self, resource: &Resource) -> Vec<Choice> {
        self.of(resource).into_iter().map(by_name).collect()
    }
}

fn by_name(choice: Choice) -> Choice {
    Choice::new(choice.label.clone(), choice.label)
}

/// What to say of a name that no record has. It may be meant: a record can get it later.
fn unknown(resource: &Resource, known: &[Choice], name: &str) -> Option<String> {
    let name = name.trim();
    let is_name = !name.is_empty() && !name.contains("<<") && name.parse::<u64>().is_err();
    let mut known = known.iter();
    let is_known = known.any(|choice| choice.label.to_lowercase() == name.to_lowercase());
    (is_name && !is_known).then(|| {
        format!(
            "There is no {} {name}. Choose one of the list.",
            resource.singular
        )
    })
}

/// A text that may be the name of a record: those of the desk are offered, and what else is typed is kept.
#[component]
pub fn NameField(
    #[prop(into)] label: String,
    value: Bound<String>,
    /// The records whose names are offered; a plain text without.
    #[prop(into)]
    of: Signal<Option<&'static Resource>>,
    /// What stands for nothing.
    #[prop(optional, into)]
    empty: Option<String>,
    /// A part of a name will do.
    #[prop(optional, into)]
    in_part: Signal<bool>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let names = Loaded::new(move || {
        let of = of.get();
        async move {
            match of {
                Some(of) => choices(of).await,
                None => Ok(Vec::new()),
            }
        }
    });
    let offered = Signal::derive(move || {
        let names = names.value().unwrap_or_default();
        names.into_iter().map(by_name).collect::<Vec<_>>()
    });
    let (label, empty) = (StoredValue::new(label), StoredValue::new(empty));
    let is_name = Memo::new(move |_| of.with(Option::is_some));
    (move || {
        let label = label.get_value();
        let empty = empty.get_value();
        if is_name.get() {
            let hint = empty.map(|empty| format!("Where it is empty: {empty}."));
            let hint = Signal::derive(move || {
                let told = if in_part.get() {
                    None
                } else {
                    let (resource, names) = (of.get(), names.value());
                    let both = resource.zip(names);
                    both.and_then(|(resource, names)| unknown(resource, &names, &value.get()))
                };
                told.or_else(|| hint.clone())
            });
            view! { <Combobox label=label value=value choices=offered free=true hint=hint error=error /> }
                .into_any()
        } else {
            view! { <TextField label=label value=value example=empty.unwrap_or_default() error=error /> }
                .into_any()
        }
    })
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_nothing_has_is_told() {
        let teams = [Choice::new("1", "1st Line Support")];
        for (name, is_told) in [
            ("Acounts", true),
            ("1st line support", false),
            ("", false),
            ("<<ticket^team>>", false),
            ("7", false),
        ] {
            let told = unknown(&TEAM, &teams, name);
            assert_eq!(told.is_some(), is_told, "{name}");
        }
        let told = unknown(&TEAM, &teams, " Acounts ").unwrap();
        assert!(told.starts_with("There is no team Acounts."), "{told}");
    }
}
