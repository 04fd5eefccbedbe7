//! What belongs to a record: the first few of each kind, and the ways to all of them and to a new one.

use leptos::prelude::*;
use shared::desk::Record;

use super::cells::words;
use super::follow::follow;
use super::section::{Section, id_of};
use crate::client;
use crate::load::Loaded;
use crate::page::pending::{is_deleted, key, track_settled};
use crate::ui::{ButtonKind, ButtonLink, Icon, Notice, Skeleton, Tone};

/// How many are shown here.
const FEW: usize = 6;

#[component]
pub(super) fn Related(section: &'static Section, id: u64) -> impl IntoView {
    section
        .related
        .iter()
        .map(|(other, parameter)| view! { <Few section=other parameter=parameter id=id /> })
        .collect_view()
        .into_any()
}

#[component]
fn Few(section: &'static Section, parameter: &'static str, id: u64) -> impl IntoView {
    let records = Loaded::new(move || {
        track_settled();
        let query = format!("{parameter}={id}&pageinate=true&page_size={FEW}&includeinactive=true");
        async move { client::records(section.resource, &query).await }
    });
    follow(section.resource, None, move || records.again());
    let count = move || {
        records
            .value()
            .and_then(|list| list.count)
            .unwrap_or_default()
    };
    let more = if section.name == "tickets" {
        "view=all&"
    } else {
        ""
    };
    let all = format!("{}?{more}{parameter}={id}", section.list());
    let new = format!("{}?{parameter}={id}", section.one("new"));
    let rows = move || match records.state.get() {
        None => view! { <Skeleton lines=2 /> }.into_any(),
        Some(Err(fault)) => {
            view! { <Notice tone=Tone::Bad>{fault.to_string()}</Notice> }.into_any()
        }
        Some(Ok(list)) if list.records.is_empty() => {
            view! { <p class="muted">"None yet."</p> }.into_any()
        }
        Some(Ok(list)) => {
            let rows = list
                .records
                .iter()
                .filter(|record| !is_deleted(&key(section.resource.name, id_of(record))))
                .map(|record| line(section, record))
                .collect_view();
            view! { <ul class="related">{rows}</ul> }.into_any()
        }
    };
    let title = section.title();
    view! {
        <section class="section" aria-label=title>
            <div class="spread related-head">
                <h2>
                    <a href=all>{title}</a>
                    " "
                    <span class="count numeric">{count}</span>
                </h2>
                <ButtonLink kind=ButtonKind::Quiet icon=Icon::Plus href=new>
                    {format!("New {}", section.noun)}
                </ButtonLink>
            </div>
            {rows}
        </section>
    }
    .into_any()
}

fn line(section: &'static Section, record: &Record) -> AnyView {
    let href = section.one(id_of(record)).to_string();
    let name = section.name_of(record);
    let more = ["emailaddress", "assettype_id", "status_id", "phonenumber"]
        .iter()
        .filter(|field| section.resource.field(field).is_some())
        .map(|field| words(section.resource, record, field))
        .find(|words| !words.is_empty())
        .unwrap_or_default();
    view! {
        <li>
            <a href=href>{name}</a>
            <span class="muted">{more}</span>
        </li>
    }
    .into_any()
}
