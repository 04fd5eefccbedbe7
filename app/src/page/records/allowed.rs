//! Which actions a ticket type allows.

use leptos::prelude::*;
use serde_json::{Value, json};
use shared::action::{allowed_names, unknown_names};
use shared::model::ActsOn;

use super::cut_off::CutOff;
use super::form::Form;
use crate::client;
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::field::{Choice, Segments};
use crate::ui::{Bound, Checkbox, Notice, Skeleton, Tone};

const FIELD: &str = "allowed_actions";

fn names(form: Form) -> Vec<String> {
    allowed_names(&json!({ FIELD: form.value(FIELD) }))
}

fn put(form: Form, names: &[String]) {
    let list: Vec<Value> = names.iter().map(|name| json!({ "name": name })).collect();
    form.set(FIELD, list.into());
}

/// All actions, or those that are ticked.
#[component]
pub(super) fn Allowed(form: Form) -> impl IntoView {
    let now = Memo::new(move |_| names(form));
    let actions = Loaded::new(|| async {
        let actions = client::desk_actions().await?.items.into_iter();
        let actions = actions.map(|record| record.record.value);
        let on_tickets = actions.filter(|action| action.records == ActsOn::Ticket);
        Ok(on_tickets.map(|action| action.name).collect::<Vec<_>>())
    });
    let chosen = RwSignal::new(!now.get_untracked().is_empty());
    // What is discarded or read anew decides, too.
    Effect::new(move |_| {
        if now.with(|now| !now.is_empty()) {
            chosen.set(true);
        }
    });
    let which = Bound::new(
        Signal::derive(move || if chosen.get() { "some" } else { "all" }.to_owned()),
        Callback::new(move |which: String| {
            chosen.set(which == "some");
            if which == "all" {
                put(form, &[]);
            }
        }),
    );
    let boxes = move || {
        let Some(known) = actions.value() else {
            return view! { <Skeleton lines=2 /> }.into_any();
        };
        let now = now.get();
        let gone = unknown_names(&now, &known);
        let gone: Vec<_> = gone
            .into_iter()
            .map(|name| {
                (
                    name.to_owned(),
                    Some("There is no action of this name any more."),
                )
            })
            .collect();
        if known.is_empty() && gone.is_empty() {
            let href = Route::Actions.to_string();
            return view! {
                <p class="muted">"There are no actions yet. " <a href=href>"Make the first one"</a></p>
            }
            .into_any();
        }
        known
            .into_iter()
            .map(|name| (name, None))
            .chain(gone)
            .map(|(name, hint)| tick(form, name, hint))
            .collect_view()
            .into_any()
    };
    view! {
        <section class="section" aria-label="Allowed actions">
            <h2>"Allowed actions"</h2>
            <div class="stack stack-small">
                <Segments
                    label="Allowed actions"
                    hide_label=true
                    value=which
                    choices=vec![
                        Choice::new("all", "All actions"),
                        Choice::new("some", "Only these"),
                    ]
                />
                <Show when=move || chosen.get()>
                    <div class="stack stack-small">{boxes}</div>
                    {move || {
                        now.with(Vec::is_empty)
                            .then(|| {
                                view! {
                                    <Notice tone=Tone::Warning>
                                        "Tick at least one action: as long as none is ticked, all are allowed."
                                    </Notice>
                                }
                            })
                    }}
                </Show>
                {form.id.map(|id| view! { <CutOff ticket_type=id allowed=now /> })}
                <p class="muted">"A note can always be added."</p>
            </div>
        </section>
    }
    .into_any()
}

fn tick(form: Form, name: String, hint: Option<&'static str>) -> AnyView {
    let own = StoredValue::new(name.clone());
    let holds = move |names: &[String]| {
        own.with_value(|own| {
            names
                .iter()
                .any(|name| name.to_lowercase() == own.to_lowercase())
        })
    };
    let value = Bound::new(
        Signal::derive(move || holds(&names(form))),
        Callback::new(move |on: bool| {
            let mut now = untrack(|| names(form));
            now.retain(|name| !holds(std::slice::from_ref(name)));
            if on {
                now.push(own.get_value());
            }
            put(form, &now);
        }),
    );
    match hint {
        Some(hint) => view! { <Checkbox label=name value=value hint=hint /> }.into_any(),
        None => view! { <Checkbox label=name value=value /> }.into_any(),
    }
}
