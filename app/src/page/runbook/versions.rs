//! The published versions of a runbook: which of them runs, each on its chart, and its steps brought back into the draft.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{List, Publication, PublishedBy, VersionSummary};
use shared::chart::tidy::spread_out;
use shared::engine::PlanDocument;
use shared::model::RunbookId;

use crate::browser::{bring_into_view, focus};
use crate::chart::{Chart, ChartFrame, chart_to_come, known_of};
use crate::client;
use crate::frame::MAIN;
use crate::load::Loaded;
use crate::ui::{
    Badge, Bound, Button, Cell, Column, EmptyState, ErrorPanel, Icon, Notice, Row, SortKey, Table,
    Tone, error_words, in_address, use_shortcut,
};

/// The version that is shown.
const SHOWN: &str = ".shown-version";

/// What became of bringing a version's steps back.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Told {
    Restored(u64),
    Same(u64),
    Refused(u64, String),
}

/// What the rows of the table act on.
#[derive(Debug, Clone, Copy)]
struct Acting {
    id: StoredValue<RunbookId>,
    /// The draft.
    chart: Chart,
    /// The number of the version that is shown.
    shown: Bound<String>,
    told: RwSignal<Option<Told>>,
}

/// The tab. `chart` is that of the draft.
#[component]
pub(super) fn Versions(chart: Chart, publication: RwSignal<Publication>) -> impl IntoView {
    let id = StoredValue::new(chart.draft.with_untracked(|draft| draft.id.clone()));
    let published = Memo::new(move |_| publication.with(|publication| publication.version));
    let list = Loaded::new(move || {
        // Read, not only tracked: a memo that nobody reads follows nothing.
        let _ = published.get();
        let id = id.get_value();
        async move { client::versions(&id).await }
    });
    let acting = Acting {
        id,
        chart,
        shown: in_address("version"),
        told: RwSignal::new(None),
    };
    let state = list.table("versions", move |list: &List<VersionSummary>| {
        list.items.iter().map(|item| row(item, acting)).collect()
    });
    let number = Memo::new(move |_| acting.shown.get().parse::<u64>().ok());
    view! {
        <div class="page page-wide stack">
            <p class="muted">
                "Each time the draft is published it becomes a version. A run keeps to the version that it was started with."
            </p>
            <div role="status">{move || done(acting)}</div>
            <div role="alert">{move || refused(acting)}</div>
            <Table
                label="Versions"
                columns=vec![
                    Column::new("Version").width("8rem"),
                    Column::new("Published"),
                    Column::new("By"),
                    Column::new("State").width("9rem").beside(),
                    Column::new("Chart").width("7rem").control(),
                    Column::new("Draft").width("12rem").control(),
                ]
                folds=true
                state=state
                empty=nothing
                on_retry=Callback::new(move |()| list.again())
            />
            {move || number.get().map(|number| version_chart(id.get_value(), number))}
        </div>
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Runbooks
            title="Not published yet"
            text="Nothing can start this runbook so far. Press Publish above: the draft becomes version 1, and is kept here with all that follow."
        />
    }
    .into_any()
}

fn row(item: &VersionSummary, acting: Acting) -> Row {
    let number = item.version;
    let is_live = item.current;
    let state = move || is_live.then(|| view! { <Badge tone=Tone::Good label="Live" /> });
    Row {
        key: format!("{number}/{is_live}"),
        href: None,
        cells: vec![
            Cell::new(
                move || view! { <span class="numeric">{format!("Version {number}")}</span> },
                SortKey::Nothing,
            ),
            Cell::time(i64::try_from(item.published_at).unwrap_or(i64::MAX)),
            Cell::text(by_words(item.by)),
            Cell::new(state, SortKey::Nothing),
            Cell::new(move || show_button(number, acting), SortKey::Nothing),
            Cell::new(move || restore_button(number, acting), SortKey::Nothing),
        ],
    }
}

/// Who published it, where that was written down.
fn by_words(by: Option<PublishedBy>) -> &'static str {
    match by {
        Some(PublishedBy::Console) => "In the console",
        Some(PublishedBy::Admin) => "With the admin token",
        Some(PublishedBy::Nimbus) => "Nimbus, after a name changed",
        None => "",
    }
}

fn show_button(number: u64, acting: Acting) -> AnyView {
    let is_shown = Memo::new(move |_| acting.shown.get() == number.to_string());
    let press = move |()| {
        let next = if is_shown.get_untracked() {
            String::new()
        } else {
            number.to_string()
        };
        let shows = !next.is_empty();
        acting.shown.set(next);
        if shows {
            // It stands below all rows.
            bring_into_view(SHOWN);
        }
    };
    let word = move || if is_shown.get() { "Hide" } else { "Show" };
    view! {
        <Button small=true on_press=press>
            <span aria-hidden="true">{word}</span>
            <span class="visually-hidden">{move || format!("{} version {number}", word())}</span>
        </Button>
    }
    .into_any()
}

fn restore_button(number: u64, acting: Acting) -> AnyView {
    let busy = RwSignal::new(false);
    let press = move |()| {
        let id = acting.id.get_value();
        busy.set(true);
        acting.told.set(None);
        spawn_local(async move {
            let answer = client::version(&id, number).await;
            // The page may have been left meanwhile; then nothing is changed behind anybody's back.
            if acting.told.is_disposed() {
                return;
            }
            let told = match answer {
                Ok(plan) => restore(number, acting.chart, &plan),
                Err(fault) => Told::Refused(number, fault.to_string()),
            };
            acting.told.set(Some(told));
            busy.try_set(false);
        });
    };
    view! {
        <Button small=true icon=Icon::Undo busy=busy on_press=press>
            <span aria-hidden="true">"Restore as draft"</span>
            <span class="visually-hidden">{format!("Restore version {number} as draft")}</span>
        </Button>
    }
    .into_any()
}

fn label(number: u64) -> String {
    format!("Restore the steps of version {number}")
}

fn restore(number: u64, chart: Chart, plan: &PlanDocument) -> Told {
    if chart.put_steps(&label(number), &plan.runbook) {
        Told::Restored(number)
    } else {
        Told::Same(number)
    }
}

/// Whether what was restored here is the last change of the draft.
fn is_last_change(acting: Acting) -> bool {
    let Some(Told::Restored(number)) = acting.told.get() else {
        return false;
    };
    let last = acting.chart.last_change();
    last.is_some_and(|last| last == label(number))
}

#[component]
fn TakeBack(acting: Acting) -> impl IntoView {
    let undo = move || {
        acting.chart.undo();
        // The button goes.
        focus(MAIN);
        acting.told.set(None);
    };
    // Else the browser would take back what was last typed in some field.
    use_shortcut("Ctrl Z", "Undo the restoring", undo);
    view! { <Button small=true icon=Icon::Undo on_press=move |()| undo()>"Undo"</Button> }
        .into_any()
}

/// The change is undone from here, as long as it is the last one.
fn done(acting: Acting) -> Option<AnyView> {
    match acting.told.get()? {
        Told::Restored(number) => {
            let is_last = move || is_last_change(acting);
            let notice = view! {
                <Notice tone=Tone::Good>
                    <div class="row">
                        <p>
                            {format!("The draft has the steps of version {number} now. ")}
                            <a href="?tab=chart">"See it on the flow chart"</a>
                            "; nothing else runs until you publish it."
                        </p>
                        <Show when=is_last>
                            <TakeBack acting=acting />
                        </Show>
                    </div>
                </Notice>
            };
            Some(notice.into_any())
        }
        Told::Same(number) => {
            let text = format!("The draft has the steps of version {number} already.");
            Some(view! { <Notice tone=Tone::Neutral>{text}</Notice> }.into_any())
        }
        Told::Refused(..) => None,
    }
}

fn refused(acting: Acting) -> Option<AnyView> {
    let Some(Told::Refused(number, why)) = acting.told.get() else {
        return None;
    };
    let notice = view! {
        <Notice tone=Tone::Bad>
            <p>
                <strong>{format!("Version {number} was not restored. ")}</strong> {error_words(&why)}
            </p>
        </Notice>
    };
    Some(notice.into_any())
}

/// A version as it was published, to be looked at.
fn version_chart(id: RunbookId, number: u64) -> AnyView {
    let plan = Loaded::new(move || {
        let id = id.clone();
        async move { client::version(&id, number).await }
    });
    let chart = move || match plan.state.get() {
        None => chart_to_come(),
        Some(Ok(plan)) => drawn(plan),
        Some(Err(fault)) => view! {
            <ErrorPanel
                title="Could not load the version"
                text=fault.to_string()
                on_retry=Callback::new(move |()| plan.again())
            />
        }
        .into_any(),
    };
    view! {
        <section class="stack shown-version" aria-label=format!("Version {number}")>
            <h2>{format!("Version {number}")}</h2>
            {chart}
        </section>
    }
    .into_any()
}

fn drawn(mut plan: PlanDocument) -> AnyView {
    let known = known_of(&plan);
    spread_out(&mut plan.runbook);
    let chart = Chart::fixed(plan.runbook, known);
    view! { <ChartFrame chart=chart /> }.into_any()
}

#[cfg(test)]
mod tests {
    use shared::model::Runbook;

    use super::*;

    #[test]
    fn steps_that_are_brought_back_are_one_change_of_the_draft() {
        let owner = Owner::new();
        owner.set();
        let read = |text: &str| -> Runbook { serde_json::from_str(text).unwrap() };
        let step = |id: &str| {
            format!(
                r#"{{"id": "{id}", "name": "{id}", "at": [0, 0], "type": "end", "outcome": "success"}}"#
            )
        };
        let draft = read(&format!(
            r#"{{"id": "rb", "name": "New", "first_step": "b", "steps": [{}]}}"#,
            step("b")
        ));
        let old = read(&format!(
            r#"{{"id": "rb", "name": "Old", "first_step": "a", "steps": [{}]}}"#,
            step("a")
        ));
        let chart = Chart::new(
            RwSignal::new(draft),
            Signal::stored(Vec::new()),
            Signal::stored(Vec::new()),
        );
        let plan = PlanDocument::gather(&old, &[], Some(1));
        assert_eq!(restore(1, chart, &plan), Told::Restored(1));
        let now = chart.draft.get_untracked();
        assert_eq!((&now.steps, &now.first_step), (&old.steps, &old.first_step));
        assert_eq!(now.name, "New", "nothing but the steps");
        assert_eq!(chart.last_change(), Some(label(1)));
        assert_eq!(restore(1, chart, &plan), Told::Same(1));
    }
}
