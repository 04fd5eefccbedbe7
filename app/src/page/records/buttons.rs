//! Custom buttons on a user or an asset: each starts a runbook for it.

use leptos::prelude::*;
use shared::action::{Place, reasons, runbook_reason};
use shared::desk::Resource;
use shared::desk::resource::{ASSET, USER};
use shared::model::{ActsOn, DeskAction, RunId};

use crate::client;
use crate::load::Loaded;
use crate::page::acting::{ActDialog, Target};
use crate::route::Route;
use crate::ui::{Button, Icon, Notice, Tone};

fn place(resource: &Resource) -> Option<(Place<'static>, ActsOn)> {
    if *resource == USER {
        Some((Place::User, ActsOn::User))
    } else if *resource == ASSET {
        Some((Place::Asset, ActsOn::Asset))
    } else {
        None
    }
}

/// The buttons for a record; nothing where its kind has none. `started` gets the run that one started.
#[component]
pub(super) fn Buttons(
    resource: &'static Resource,
    id: u64,
    started: RwSignal<Option<RunId>>,
) -> impl IntoView {
    let Some((place, records)) = place(resource) else {
        return ().into_any();
    };
    let offered = Loaded::new(move || async move {
        let actions = client::desk_actions().await?.items.into_iter();
        let here: Vec<DeskAction> = actions
            .map(|record| record.record.value)
            .filter(|action| reasons(action, place).is_empty())
            .collect();
        if here.is_empty() {
            return Ok(here);
        }
        let runbooks = client::runbooks().await?.items;
        let starts = |action: &DeskAction| runbook_reason(action, &runbooks).is_none();
        Ok(here.into_iter().filter(starts).collect())
    });
    let chosen = RwSignal::new(None::<DeskAction>);
    // Where the actions cannot be read, the record is still of use.
    let buttons = move || {
        let button = |action: DeskAction| {
            let name = action.name.clone();
            let press = move |()| {
                started.set(None);
                chosen.set(Some(action.clone()));
            };
            view! { <Button icon=Icon::Play on_press=press>{name}</Button> }
        };
        let offered = offered.value().unwrap_or_default();
        offered.into_iter().map(button).collect_view()
    };
    let target = Target { records, id };
    view! {
        {buttons}
        <ActDialog target=target chosen=chosen on_done=Callback::new(move |run| started.set(run)) />
    }
    .into_any()
}

/// The way to the run that a button started.
#[component]
pub(super) fn Started(started: RwSignal<Option<RunId>>) -> impl IntoView {
    let notice = move || {
        started.get().map(|run| {
            let href = Route::Run(run.to_string()).to_string();
            view! {
                <Notice tone=Tone::Good>
                    "The runbook has started. " <a href=href>"Watch the run"</a>
                </Notice>
            }
        })
    };
    view! { <div role="status">{notice}</div> }.into_any()
}
