//! One rule in the list.

use leptos::prelude::*;
use shared::desk::rule::{RuleDraft, RunsOn};

use super::{remove, words};
use crate::page::desk_names::ShortLists;
use crate::route::Route;
use crate::ui::{Badge, Icon, IconButton, Tone};

/// The row of the rule at a place among so many.
pub(super) fn row(
    rule: &RuleDraft,
    at: usize,
    count: usize,
    lists: &ShortLists,
    shift: Callback<(usize, usize)>,
) -> AnyView {
    let href = Route::TicketRule(rule.id.to_string()).to_string();
    let (tone, state) = match (rule.active, rule.never_fits()) {
        (false, _) => (Tone::Neutral, "Off"),
        (true, true) => (Tone::Warning, "Fits no ticket"),
        (true, false) => (Tone::Good, "On"),
    };
    let runs_on = match rule.runs_on {
        RunsOn::Both => "New and updated tickets",
        RunsOn::New => "New tickets",
        RunsOn::Updated => "Updated tickets",
    };
    let stops = rule
        .stops
        .then(|| view! { <Badge tone=Tone::Neutral label="Stops matching".to_owned() /> });
    let label = |verb: &str| format!("{verb} {}", rule.name);
    let (id, name) = (rule.id, rule.name.clone());
    view! {
        <li class="action-row">
            <span class="muted numeric" aria-hidden="true">{at + 1}</span>
            <div class="action-words">
                <div class="row row-wrap">
                    <a href=href>
                        <strong>{rule.name.clone()}</strong>
                    </a>
                    <Badge tone=tone label=state.to_owned() />
                    {stops}
                    <span class="muted">{runs_on}</span>
                </div>
                <p class="muted">{words(rule, lists)}</p>
            </div>
            <IconButton
                icon=Icon::ArrowUp
                label=label("Move up")
                disabled=at == 0
                on_press=move |()| shift.run((at, at.saturating_sub(1)))
            />
            <IconButton
                icon=Icon::ArrowDown
                label=label("Move down")
                disabled=at + 1 == count
                on_press=move |()| shift.run((at, at + 1))
            />
            <IconButton
                icon=Icon::Trash
                label=label("Delete")
                on_press=move |()| remove(id, name.clone())
            />
        </li>
    }
    .into_any()
}
