//! One action in the list.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::action::runbook_reason;
use shared::api::DeskActionRecord;
use shared::problem::Severity;

use super::Known;
use super::offered::kept_by_types;
use super::words::{listed_all, place_words};
use crate::browser::follow;
use crate::client;
use crate::page::deleting::restore;
use crate::route::Route;
use crate::ui::{
    Badge, Icon, IconButton, IconView, Tone, announce, error_words, toast, toast_undo,
};

/// The row of the action at a place among all names.
pub(super) fn row(
    one: &DeskActionRecord,
    at: usize,
    names: &[String],
    known: &Known,
    again: Callback<()>,
) -> AnyView {
    let runbooks = known.runbooks.as_slice();
    let action = &one.record.value;
    let name = StoredValue::new(action.name.clone());
    let href = Route::Action(action.name.clone()).to_string();
    let runbook = action.queues().and_then(|id| {
        let runbook = runbooks.iter().find(|runbook| runbook.id == *id)?;
        let href = Route::Runbook(runbook.id.to_string()).to_string();
        Some(view! { <a class="muted" href=href>{runbook.name.clone()}</a> })
    });
    let broken = one
        .problems
        .iter()
        .find(|problem| problem.severity == Severity::Error)
        .map(|problem| problem.detail.message.clone());
    let kept = kept_by_types(action, &known.types);
    let (by, verb) = match kept.by.as_slice() {
        [one] => (one.clone(), "does"),
        names => (listed_all(names), "do"),
    };
    let why = runbook_reason(action, runbooks)
        .map(|reason| format!("Not offered: {reason}"))
        .or_else(|| {
            kept.everywhere
                .then(|| format!("Not offered on any ticket: {by} {verb} not allow it"))
        })
        .or(broken);
    let elsewhere = (!kept.everywhere && !kept.by.is_empty())
        .then(|| format!("Not on {by}, which {verb} not allow it."));
    let (tone, state) = match &why {
        None => (Tone::Good, "Offered"),
        Some(_) => (Tone::Warning, "Needs attention"),
    };
    let before_upper = at
        .checked_sub(1)
        .and_then(|above| names.get(above).cloned());
    let before_lower = names.get(at + 2).cloned();
    let is_last = at + 1 == names.len();
    let shift = move |before: Option<String>, verbs: [&'static str; 2]| {
        let name = name.get_value();
        spawn_local(async move {
            match client::move_desk_action(&name, before).await {
                Ok(()) => {
                    announce(format!("{name} moved"));
                    again.try_run(());
                    let [label, other] = verbs.map(|verb| format!("{verb} {name}"));
                    follow(label, other);
                }
                Err(fault) => toast(format!("It was not moved. {fault}")),
            }
        });
    };
    let label = |verb: &str| format!("{verb} {}", action.name);
    view! {
        <li class="action-row">
            <IconView icon=Icon::DeskAction />
            <div class="action-words">
                <div class="row row-wrap">
                    <a href=href>
                        <strong>{action.name.clone()}</strong>
                    </a>
                    <Badge tone=tone label=state.to_owned() />
                    <span class="muted">{place_words(action)}</span>
                    {runbook}
                </div>
                {why.map(|why| view! { <p class="muted">{error_words(&why)}</p> })}
                {elsewhere.map(|words| view! { <p class="muted">{words}</p> })}
            </div>
            <IconButton
                icon=Icon::ArrowUp
                label=label("Move up")
                disabled=at == 0
                on_press=move |()| shift(before_upper.clone(), ["Move up", "Move down"])
            />
            <IconButton
                icon=Icon::ArrowDown
                label=label("Move down")
                disabled=is_last
                on_press=move |()| shift(before_lower.clone(), ["Move down", "Move up"])
            />
            <IconButton
                icon=Icon::Trash
                label=label("Delete")
                on_press=move |()| delete(name.get_value(), again)
            />
        </li>
    }
    .into_any()
}

/// Deletes at once, and offers to take it back. `done` is for the page that asked, as long as it is there.
pub(super) fn delete(name: String, done: Callback<()>) {
    spawn_local(async move {
        match client::delete_desk_action(&name).await {
            Ok(()) => {
                done.try_run(());
                toast_undo(format!("Deleted {name}"), move || {
                    restore("desk-actions", name.clone(), Route::Action(name.clone()));
                });
            }
            Err(fault) => toast(format!("{name} was not deleted. {fault}")),
        }
    });
}
