//! What happened on the ticket, oldest first, and what is happening: a run in progress is a row
//! that gives way to the action it posts.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use shared::desk::form::text_of;
use shared::engine::{RunStatus, RunSummary};

use super::Shown;
use crate::client::{Action, Thread};
use crate::page::prose::prose;
use crate::route::Route;
use crate::ui::clock::{exact, parse_instant};
use crate::ui::{
    Badge, EmptyState, Icon, IconView, Notice, Skeleton, Spinner, Time, Tone, error_words,
};

#[component]
pub(super) fn Timeline(shown: Shown) -> impl IntoView {
    let ids = Memo::new(move |_| {
        shown
            .actions
            .value()
            .map(|Thread { mut actions, .. }| {
                actions.sort_by_key(|action| action.id);
                actions
            })
            .unwrap_or_default()
    });
    Effect::new(move |_| {
        let entries = ids.with(Vec::len) + under_way(shown).len();
        if entries > 0 && shown.follows.get_untracked() {
            // Drawn only after this.
            request_animation_frame(show_newest);
        }
    });
    let state = Memo::new(move |_| {
        shown.actions.state.with(|state| match state {
            None => None,
            Some(Ok(thread)) => Some(Ok((
                thread.actions.is_empty(),
                thread.record_count.saturating_sub(thread.actions.len()),
            ))),
            Some(Err(fault)) => Some(Err(fault.to_string())),
        })
    });
    let above = move || {
        match state.get() {
        None => view! { <Skeleton lines=4 /> }.into_any(),
        Some(Err(fault)) => view! { <Notice tone=Tone::Bad>{fault}</Notice> }.into_any(),
        Some(Ok((true, _))) => view! {
            <EmptyState
                icon=Icon::Note
                title="No actions yet"
                text="What is said and done on this ticket appears here. The buttons above add to it."
            />
        }
        .into_any(),
        Some(Ok((false, 0))) => ().into_any(),
        Some(Ok((false, left_out))) => view! { <Notice tone=Tone::Neutral>{left_out_words(left_out)}</Notice> }.into_any(),
    }
    };
    view! {
        <section class="timeline" aria-label="Actions">
            {above}
            <ol>
                <For each=move || ids.get() key=|action| action.id let:action>
                    {entry(action)}
                </For>
            </ol>
            <div aria-live="polite">
                <For
                    each=move || under_way(shown)
                    key=|run| (run.run_id.clone(), run.status.as_str(), run.step.clone())
                    let:run
                >
                    {running(&run)}
                </For>
            </div>
        </section>
    }
    .into_any()
}

/// What is said above a thread of which the beginning is missing.
fn left_out_words(count: usize) -> String {
    let actions = match count {
        1 => "The oldest action is".to_owned(),
        _ => format!("The oldest {count} actions are"),
    };
    format!("{actions} not shown: this thread is longer than one page can hold.")
}

/// Brings the last entry into sight.
fn show_newest() {
    let Ok(entries) = document().query_selector_all(".timeline .entry") else {
        return;
    };
    let last = entries.item(entries.length().saturating_sub(1));
    if let Some(last) = last.and_then(|entry| entry.dyn_into::<web_sys::Element>().ok()) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        last.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Whether the run was started by an action on this ticket.
pub(super) fn belongs_to(run: &RunSummary, ticket: u64) -> bool {
    run.started_by.ticket_id() == Some(ticket)
}

/// Runs that have not ended well: those under way, and the newest if it failed.
fn under_way(shown: Shown) -> Vec<RunSummary> {
    let runs = shown.runs.value().unwrap_or_default();
    let mut rows: Vec<RunSummary> = runs
        .into_iter()
        .enumerate()
        .filter(|(index, run)| {
            !run.status.has_ended() || (*index == 0 && run.status == RunStatus::Failed)
        })
        .map(|(_, run)| run)
        .collect();
    rows.reverse();
    rows
}

fn entry(action: Action) -> AnyView {
    let at = action.datetime.as_deref().and_then(parse_instant);
    let icon = match action.who_type {
        Some(2) => Icon::Runbooks,
        Some(1) => Icon::Note,
        _ => Icon::User,
    };
    let body = prose(action.note, action.note_html);
    let fields = entered(&action.customfields);
    view! {
        <li class="entry">
            <span class="entry-icon">
                <IconView icon=icon />
            </span>
            <article class="entry-body">
                <header class="entry-head">
                    <strong>{action.outcome}</strong>
                    <span class="muted">{action.who}</span>
                    {action
                        .hiddenfromuser
                        .then(|| view! { <Badge tone=Tone::Neutral label="Hidden from user" icon=Icon::Lock /> })}
                    {at.map(|at| view! { <span class="entry-time muted"><Time at=at /></span> })}
                </header>
                {body}
                {fields}
            </article>
        </li>
    }
    .into_any()
}

/// What was entered in the action's dialog.
fn entered(fields: &[serde_json::Value]) -> Option<AnyView> {
    let rows: Vec<_> = fields
        .iter()
        .filter_map(|field| {
            let text = |name: &str| field.get(name).map(text_of);
            let label = text("label").or_else(|| text("name"))?;
            let value = match field.get("value")? {
                serde_json::Value::Bool(true) => "Yes".to_owned(),
                serde_json::Value::Bool(false) => "No".to_owned(),
                value => {
                    let text = text_of(value);
                    let moment = is_moment(&text).then(|| parse_instant(&text)).flatten();
                    moment.map_or(text, exact)
                }
            };
            (!value.is_empty()).then(|| view! { <dt>{label}</dt> <dd>{value}</dd> })
        })
        .collect();
    (!rows.is_empty()).then(|| view! { <dl class="facts entry-fields">{rows}</dl> }.into_any())
}

/// Whether a value is a date and time, as fields of that type are kept: `2026-12-04T09:00:00.000Z`.
fn is_moment(text: &str) -> bool {
    const FORM: &[u8] = b"0000-00-00T00:00:00";
    let bytes = text.as_bytes();
    let is_so = |(byte, form): (&u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        other => byte == other,
    };
    (FORM.len()..=FORM.len() + ".000Z".len()).contains(&bytes.len())
        && text.ends_with('Z')
        && bytes.iter().zip(FORM).all(is_so)
}

fn running(run: &RunSummary) -> AnyView {
    let href = Route::Run(run.run_id.to_string()).to_string();
    let name = run.runbook_name.clone();
    if run.status == RunStatus::Failed {
        let why = run.error.as_ref().map(|error| error_words(&error.message));
        return view! {
            <div class="entry entry-failed">
                <Notice tone=Tone::Bad>
                    <strong>{name} " failed. "</strong>
                    {why}
                    " "
                    <a href=href>"See what happened"</a>
                </Notice>
            </div>
        }
        .into_any();
    }
    let step = match (&run.step_name, run.status) {
        (Some(step), _) => step.clone(),
        (None, RunStatus::Queued) => "About to start".to_owned(),
        (None, _) => "Running".to_owned(),
    };
    view! {
        <div class="entry entry-running">
            <span class="entry-icon">
                <Spinner label="Running" />
            </span>
            <p>
                <strong>{name}</strong>
                <span class="muted">{format!(" · {step} · ")}</span>
                <a href=href>"Watch the run"</a>
            </p>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::is_moment;

    #[test]
    fn only_what_is_kept_as_a_moment_is_shown_as_one() {
        for (text, expected) in [
            ("2026-12-04T09:00:00.000Z", true),
            ("2026-12-04T09:00:00Z", true),
            ("2026-12-04", false),
            ("2026-12-04T09:00:00", false),
            ("4 December, at the QZ-0000:00:00", false),
            ("", false),
        ] {
            assert_eq!(is_moment(text), expected, "{text}");
        }
    }
}
