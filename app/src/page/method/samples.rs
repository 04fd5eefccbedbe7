//! Sample values for the variables of a method, kept in this browser.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::json::Kind;
use shared::model::MethodId;
use shared::trial::{Need, Sample, read_sample, skeleton};

use super::bench::Bench;
use crate::browser::{focus, keep, kept};
use crate::ui::{Bound, Button, ButtonKind, CodeField, Icon, IconButton, SecretField};

/// What was typed. Copies share their state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Samples {
    pub(super) values: RwSignal<BTreeMap<String, String>>,
    /// Variables whose values are covered, and never kept.
    hidden: RwSignal<BTreeSet<String>>,
}

/// As it is kept.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    #[serde(default)]
    values: BTreeMap<String, String>,
    #[serde(default)]
    hidden: BTreeSet<String>,
}

impl Kept {
    fn without_secrets(values: &BTreeMap<String, String>, hidden: &BTreeSet<String>) -> Self {
        Self {
            values: values
                .iter()
                .filter(|(name, text)| !hidden.contains(*name) && !text.is_empty())
                .map(|(name, text)| (name.clone(), text.clone()))
                .collect(),
            hidden: hidden.clone(),
        }
    }
}

impl Samples {
    /// Those of an earlier visit, and from now on each change is kept.
    pub(super) fn kept_for(method: &MethodId) -> Self {
        let place = format!("nimbus.samples.{method}");
        let earlier: Kept = kept(&place)
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let samples = Self {
            values: RwSignal::new(earlier.values),
            hidden: RwSignal::new(earlier.hidden),
        };
        Effect::new(move |before: Option<String>| {
            let now = samples.values.with(|values| {
                samples
                    .hidden
                    .with(|hidden| Kept::without_secrets(values, hidden))
            });
            let text = serde_json::to_string(&now).unwrap_or_default();
            if before.is_some_and(|before| before != text) {
                keep(&place, &text);
            }
            text
        });
        samples
    }

    fn of(self, name: String) -> Bound<String> {
        let read = name.clone();
        Bound::new(
            Memo::new(move |_| {
                self.values
                    .with(|values| values.get(&read).cloned().unwrap_or_default())
            }),
            Callback::new(move |typed: String| {
                self.values.update(|values| {
                    values.insert(name.clone(), typed);
                });
            }),
        )
    }
}

/// Moves focus to the sample of a variable.
pub(super) fn focus_sample(name: &str) {
    let id = field_id(name);
    request_animation_frame(move || focus(&id));
}

/// An id made of any name.
fn field_id(name: &str) -> String {
    let mut id = "sample".to_owned();
    for byte in name.bytes() {
        // Writing to a text cannot fail.
        let _ = write!(id, "-{byte:x}");
    }
    id
}

/// Whether a variable of that name is likely to hold a secret.
fn sounds_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    [
        "secret",
        "password",
        "token",
        "api key",
        "apikey",
        "api_key",
        "credential",
    ]
    .iter()
    .any(|word| name.contains(word))
}

/// One field for each variable that the method uses; nothing where it uses none.
pub(super) fn samples(bench: Bench) -> AnyView {
    let names = Memo::new(move |_| {
        bench.needs.with(|needs| {
            needs
                .iter()
                .map(|need| need.name.clone())
                .collect::<Vec<_>>()
        })
    });
    view! {
        <Show when=move || names.with(|names| !names.is_empty())>
            <section class="samples" aria-label="Sample values">
                <h2>"Sample values"</h2>
                <p class="muted">"For the variables that this method uses. They are kept in this browser only."</p>
                <div class="stack stack-small">
                    <For each=move || names.get() key=String::clone let:name>
                        {one(bench, name)}
                    </For>
                </div>
            </section>
        </Show>
    }
    .into_any()
}

fn one(bench: Bench, name: String) -> AnyView {
    let samples = bench.samples;
    let value = samples.of(name.clone());
    let own = StoredValue::new(name.clone());
    if sounds_secret(&name) && value.peek().is_empty() {
        samples.hidden.update(|hidden| {
            hidden.insert(name.clone());
        });
    }
    let hidden = Memo::new(move |_| {
        own.with_value(|own| samples.hidden.with(|hidden| hidden.contains(own)))
    });
    let need = Memo::new(move |_| {
        own.with_value(|own| {
            bench
                .needs
                .with(|needs| needs.iter().find(|need| need.name == *own).cloned())
        })
    });
    let hint = Signal::derive(move || need.get().map(|need| hint(&need, &value.get())));
    let error = Signal::derive(move || {
        let lacks = need.with(|need| need.as_ref().is_some_and(|need| !need.optional));
        (bench.held_back.get() && lacks && value.get().trim().is_empty())
            .then(|| "Type a value, or `\"\"` for an empty text.".to_owned())
    });
    let started = Memo::new(move |_| {
        let paths = need.with(|need| need.as_ref().map(|need| need.paths.clone()));
        skeleton(&paths.unwrap_or_default())
    });
    let toggle = move |()| {
        samples.hidden.update(|hidden| {
            own.with_value(|own| {
                if !hidden.remove(own) {
                    hidden.insert(own.clone());
                }
            });
        });
    };
    let icon = Signal::derive(move || {
        if hidden.get() {
            Icon::EyeOff
        } else {
            Icon::Eye
        }
    });
    let field = move || {
        let label = own.get_value();
        if hidden.get() {
            let typed = Bound::new(
                Signal::derive(move || Some(value.get()).filter(|text| !text.is_empty())),
                Callback::new(move |text: Option<String>| value.set(text.unwrap_or_default())),
            );
            view! { <SecretField label=label value=typed stored=false hint=hint error=error /> }
                .into_any()
        } else {
            let id = own.with_value(|own| field_id(own));
            view! { <CodeField label=label value=value id=id hint=hint error=error /> }.into_any()
        }
    };
    let offers = move || !started.with(String::is_empty) && value.get().is_empty() && !hidden.get();
    view! {
        <div class="sample">
            {field}
            <div class="sample-tools">
                <IconButton
                    icon=icon
                    label=format!("Cover {name}, and do not keep it")
                    pressed=Signal::from(hidden)
                    on_press=toggle
                />
            </div>
            <Show when=offers>
                <Button kind=ButtonKind::Quiet small=true icon=Icon::Edit on_press=move |()| value.set(started.get())>
                    "Start with the parts that are used"
                </Button>
            </Show>
        </div>
    }
    .into_any()
}

/// How a sample is read.
fn hint(need: &Need, typed: &str) -> String {
    match read_sample(typed) {
        Sample::Missing if need.optional => "Not needed: each token has a fallback.".to_owned(),
        Sample::Missing => "JSON, or any text.".to_owned(),
        Sample::Text(_, None) => "Taken as text.".to_owned(),
        Sample::Text(_, Some(invalid)) => format!("Taken as text. {invalid}"),
        Sample::Json(value) => match Kind::of(&value.to_string()) {
            Some(Kind::String) => "A text, in its quotes.".to_owned(),
            Some(kind) => format!("Taken as {kind}."),
            None => String::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_kept() {
        let values = [("Prompt", "Hi"), ("Api token", "sk-1"), ("Empty", "")]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into();
        let hidden = BTreeSet::from(["Api token".to_owned()]);
        let kept = Kept::without_secrets(&values, &hidden);
        assert_eq!(kept.values.keys().collect::<Vec<_>>(), ["Prompt"]);
        assert_eq!(kept.hidden, hidden);
    }

    #[test]
    fn names_of_secrets_are_told_from_others() {
        for (name, expected) in [
            ("Password", true),
            ("API key", true),
            ("refresh_token", true),
            ("Prompt", false),
            ("Keyword", false),
        ] {
            assert_eq!(sounds_secret(name), expected, "{name}");
        }
    }

    #[test]
    fn an_id_has_no_spaces() {
        assert_eq!(field_id("a b"), "sample-61-20-62");
    }
}
