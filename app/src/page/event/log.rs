//! The events log: everything that starts runbooks by itself, and what came of it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{
    CauseKind, EntryCause, EntryRecord, EventEntry, EventOutcome, EventsQuery, List, LiveEvent,
};
use shared::model::{EventKind, EventTriggerId, ScheduleId, WorkflowId};

use super::{kinds, to_settings};
use crate::browser::focus_on;
use crate::client::{self, use_live};
use crate::frame::{Crumb, PageHeader};
use crate::load::Loaded;
use crate::page::event_words::{record_route, record_word};
use crate::page::listing::{Listing, Search};
use crate::page::period::{Period, PeriodFields};
use crate::route::Route;
use crate::ui::field::Choice;
use crate::ui::{
    Badge, Bound, Button, ButtonKind, ButtonLink, Cell, Column, EmptyState, Icon, Render, Row,
    SelectField, SortKey, Table, Time, Tone, error_words, in_address, put_all_in_address, toast,
};

/// What narrows the log. It stands in the address.
#[derive(Clone, Copy)]
struct Narrowed {
    cause: Bound<String>,
    event: Bound<String>,
    outcome: Bound<String>,
    trigger: Bound<String>,
    schedule: Bound<String>,
    workflow: Bound<String>,
    period: Period,
    listing: Listing,
}

impl Narrowed {
    fn in_address() -> Self {
        Self {
            cause: in_address("cause"),
            event: in_address("event"),
            outcome: in_address("outcome"),
            trigger: in_address("trigger"),
            schedule: in_address("schedule"),
            workflow: in_address("workflow"),
            period: Period::in_address(),
            listing: Listing::in_address(),
        }
    }

    fn query(self) -> EventsQuery {
        let (from, to) = self.period.times();
        let text = self.listing.search.get();
        EventsQuery {
            cause: CauseKind::parse(&self.cause.get()),
            event: EventKind::parse(&self.event.get()),
            outcome: EventOutcome::parse(&self.outcome.get()),
            trigger: EventTriggerId::parse(&self.trigger.get()).ok(),
            schedule: ScheduleId::parse(&self.schedule.get()).ok(),
            workflow: WorkflowId::parse(&self.workflow.get()).ok(),
            from,
            to,
            text: (!text.trim().is_empty()).then_some(text),
            ..EventsQuery::default()
        }
    }

    fn is_set(self) -> bool {
        let values = [
            self.cause,
            self.event,
            self.outcome,
            self.trigger,
            self.schedule,
            self.workflow,
            self.listing.search,
        ];
        let is_set = |value: &Bound<String>| !value.get().trim().is_empty();
        self.period.is_set() || values.iter().any(is_set)
    }

    /// The one trigger, schedule or workflow, as `trigger=…`, `schedule=…` or `workflow=…`.
    fn starter(self) -> Bound<String> {
        let named = [
            ("trigger", self.trigger),
            ("schedule", self.schedule),
            ("workflow", self.workflow),
        ];
        Bound::new(
            Memo::new(move |_| {
                let set = named.iter().map(|(name, id)| (name, id.get()));
                let mut set = set.filter(|(_, id)| !id.is_empty());
                set.next()
                    .map(|(name, id)| format!("{name}={id}"))
                    .unwrap_or_default()
            }),
            Callback::new(move |chosen: String| {
                let (chosen, id) = chosen.split_once('=').unwrap_or_default();
                let set = named.map(|(name, _)| (name, if name == chosen { id } else { "" }));
                put_all_in_address(&set);
            }),
        )
    }

    fn clear() {
        let own = [
            "cause", "event", "outcome", "trigger", "schedule", "workflow", "search",
        ]
        .map(|name| (name, ""));
        put_all_in_address(&[&own[..], &Period::CLEARED].concat());
        // The button that was pressed goes.
        request_animation_frame(|| focus_on(".filters select"));
    }
}

/// The page.
#[component]
pub fn EventLog() -> impl IntoView {
    let narrowed = Narrowed::in_address();
    let query = Memo::new(move |_| narrowed.query());
    let live = use_live();
    let first = Loaded::new(move || {
        live.connections.track();
        let query = query.get();
        async move { client::events(&query).await }
    });
    live.each(move |event| {
        if matches!(event, LiveEvent::Events) {
            first.again();
        }
    });
    let older = RwSignal::new(Older::default());
    Effect::new(move |_| {
        query.track();
        older.set(Older::default());
    });
    let crumbs = vec![
        to_settings(),
        Crumb::new("Events".to_owned(), Route::EventTriggers),
    ];
    let state = first.table("events log", move |page| {
        older.with(|older| older.rows(page))
    });
    let next = Memo::new(move |_| {
        let of_first = first.value().and_then(|page| page.next);
        older.with(|older| {
            if older.entries.is_empty() {
                of_first
            } else {
                older.next.clone()
            }
        })
    });
    let busy = RwSignal::new(false);
    let more = move |()| {
        let asked = query.get_untracked();
        let page = EventsQuery {
            after: next.get_untracked(),
            ..asked.clone()
        };
        busy.set(true);
        spawn_local(async move {
            let answer = client::events(&page).await;
            if busy.try_set(false).is_some() || query.try_get_untracked() != Some(asked) {
                return;
            }
            match answer {
                Ok(page) => older.update(|older| {
                    older.entries.extend(page.items);
                    older.next = page.next;
                }),
                Err(fault) => toast(fault.to_string()),
            }
        });
    };
    view! {
        <PageHeader title="Events log" crumbs=crumbs />
        <div class="page page-wide">
            <Filters narrowed=narrowed />
            <Table
                label="Events"
                columns=vec![
                    Column::new("Outcome").width("9rem"),
                    Column::new("When").width("7rem").beside(),
                    Column::new("Cause").width("20%"),
                    Column::new("Record").width("18%"),
                    Column::new("Why"),
                ]
                folds=true
                state=state
                empty=Render::new(move || empty(narrowed))
                on_retry=Callback::new(move |()| first.again())
            />
            <Show when=move || next.with(Option::is_some)>
                <div class="older">
                    <Button busy=busy on_press=more>"Show older entries"</Button>
                </div>
            </Show>
        </div>
    }
    .into_any()
}

/// What follows the first page.
#[derive(Debug, Clone, Default)]
struct Older {
    entries: Vec<EventEntry>,
    next: Option<String>,
}

impl Older {
    /// Of the first page, and of what follows.
    fn rows(&self, first: &List<EventEntry>) -> Vec<Row> {
        // What comes in pushes entries of the first page down among those that were read before.
        let last = first.items.last().map(|entry| entry.id);
        let further = self
            .entries
            .iter()
            .filter(|entry| last.is_none_or(|last| entry.id < last));
        first.items.iter().chain(further).map(row).collect()
    }
}

#[component]
fn Filters(narrowed: Narrowed) -> impl IntoView {
    let events = std::iter::once(Choice::new("", "All events"))
        .chain(kinds())
        .collect::<Vec<_>>();
    let causes = std::iter::once(Choice::new("", "Any cause"))
        .chain(CauseKind::ALL.map(|kind| Choice::new(kind.as_str(), kind_words(kind))))
        .collect::<Vec<_>>();
    let outcomes = std::iter::once(Choice::new("", "Any outcome"))
        .chain(EventOutcome::ALL.map(|outcome| Choice::new(outcome.as_str(), words(outcome).1)))
        .collect::<Vec<_>>();
    let triggers = Loaded::new(client::event_triggers);
    let schedules = Loaded::new(client::schedules);
    let workflows = Loaded::new(client::workflows);
    let triggers = Signal::derive(move || {
        let events = triggers.value().map(|list| list.items).unwrap_or_default();
        let events = events.into_iter().map(|record| {
            let title = record.value.title().to_owned();
            Choice::new(format!("trigger={}", record.value.id), title)
        });
        let schedules = schedules.value().map(|list| list.items).unwrap_or_default();
        let schedules = schedules.into_iter().map(|record| {
            let schedule = record.record.value;
            let name = format!("Schedule {}", schedule.name);
            Choice::new(format!("schedule={}", schedule.id), name)
        });
        let workflows = workflows.value().map(|list| list.items).unwrap_or_default();
        let workflows = workflows.into_iter().map(|workflow| {
            let name = format!("Workflow {}", workflow.name);
            Choice::new(format!("workflow={}", workflow.id), name)
        });
        std::iter::once(Choice::new("", "All triggers"))
            .chain(events)
            .chain(schedules)
            .chain(workflows)
            .collect::<Vec<_>>()
    });
    view! {
        <div class="filters" role="group" aria-label="Filters">
            <SelectField label="Outcome" value=narrowed.outcome choices=Signal::stored(outcomes) />
            <SelectField label="Cause" value=narrowed.cause choices=Signal::stored(causes) />
            <SelectField label="Event" value=narrowed.event choices=Signal::stored(events) />
            <SelectField label="Trigger" value=narrowed.starter() choices=triggers />
            <PeriodFields label="Happened" id="events" period=narrowed.period />
            <Search label="Search the log" listing=narrowed.listing />
            <Show when=move || narrowed.is_set()>
                <div class="filters-clear">
                    <Button kind=ButtonKind::Quiet on_press=move |()| Narrowed::clear()>"Clear filters"</Button>
                </div>
            </Show>
        </div>
    }
    .into_any()
}

fn empty(narrowed: Narrowed) -> AnyView {
    if narrowed.is_set() {
        return view! {
            <EmptyState
                icon=Icon::Filter
                title="No entry fits these filters"
                text="Choose others above, or clear them."
            />
        }
        .into_any();
    }
    view! {
        <EmptyState
            icon=Icon::Clock
            title="Nothing yet"
            text="All that starts a runbook by itself appears here: which event, schedule or workflow step it was, and what it started or why it did not. What nothing waits for is not listed."
        >
            <ButtonLink href=Route::NewEventTrigger.to_string() icon=Icon::Plus>"New event trigger"</ButtonLink>
        </EmptyState>
    }
    .into_any()
}

fn kind_words(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::Event => "Events",
        CauseKind::Schedule => "Schedules",
        CauseKind::Workflow => "Workflow steps",
    }
}

/// What happened.
fn cause_words(cause: &EntryCause) -> String {
    match cause {
        EntryCause::Event { event, .. } => event.title().to_owned(),
        EntryCause::Schedule { .. } => "Schedule".to_owned(),
        EntryCause::Workflow { step_name, .. } => format!("Workflow step {step_name}"),
    }
}

fn words(outcome: EventOutcome) -> (Tone, &'static str) {
    match outcome {
        EventOutcome::Started => (Tone::Good, "Started"),
        EventOutcome::NotMatched => (Tone::Neutral, "Not matched"),
        EventOutcome::TooDeep => (Tone::Warning, "Loop stopped"),
        EventOutcome::Failed => (Tone::Bad, "Failed"),
        EventOutcome::NotTold => (Tone::Warning, "Too many at once"),
        EventOutcome::NoDate => (Tone::Warning, "No date"),
    }
}

/// Leads to the run where there is one, else to what was to start it.
fn row(entry: &EventEntry) -> Row {
    let none = || SortKey::Number(0);
    let (tone, word) = words(entry.outcome);
    let href = match (&entry.run_id, &entry.cause) {
        (Some(run), _) => Some(Route::Run(run.to_string())),
        (None, EntryCause::Event { trigger, .. }) => Some(Route::EventTrigger(trigger.to_string())),
        (None, EntryCause::Schedule { schedule, .. }) => {
            Some(Route::Schedule(schedule.to_string()))
        }
        (None, EntryCause::Workflow { workflow, .. }) => {
            Some(Route::Workflow(workflow.to_string()))
        }
    };
    let at = i64::try_from(entry.at).unwrap_or(i64::MAX);
    let about = about(entry);
    let mut why = entry.explanation.clone();
    if why.is_empty() {
        // What has no condition has nothing to explain.
        "–".clone_into(&mut why);
    }
    // What conditions say begins with the field or the token that they look at.
    let is_verdict = matches!(
        entry.outcome,
        EventOutcome::Started | EventOutcome::NotMatched
    );
    let why = move || {
        if is_verdict {
            view! { <span class="event-why">{why.clone()}</span> }.into_any()
        } else {
            view! { <span class="event-why">{error_words(&why)}</span> }.into_any()
        }
    };
    Row {
        key: format!("{}.{}", entry.id, entry.outcome.as_str()),
        href: href.map(|href| href.to_string()),
        cells: vec![
            Cell::new(
                move || {
                    view! {
                        <Badge tone=tone label=word.to_owned() />
                        // Links that are read out one after the other would all be called the same.
                        <span class="visually-hidden">{about.clone()}</span>
                    }
                },
                none(),
            ),
            Cell::new(move || view! { <Time at=at /> }, none()),
            cause_cell(&entry.cause, entry.runbook_name.as_deref()),
            record_cell(entry.record.as_ref()),
            Cell::new(why, none()),
        ],
    }
}

/// What stands behind the outcome where it is read out as a link.
fn about(entry: &EventEntry) -> String {
    let of_record = entry
        .record
        .as_ref()
        .map(|record| format!(", {} {}", record_word(record.kind), record.id));
    format!(
        ": {} {}{}",
        cause_words(&entry.cause),
        entry.cause.name(),
        of_record.unwrap_or_default()
    )
}

/// What happened, what waited for it, and the runbook that this starts, unless it is called the same.
fn cause_cell(cause: &EntryCause, runbook: Option<&str>) -> Cell {
    let (words, name) = (cause_words(cause), cause.name().to_owned());
    let runbook = runbook
        .filter(|runbook| *runbook != name)
        .map(|runbook| format!("Runbook {runbook}"));
    let title = match &runbook {
        Some(runbook) => format!("{words}: {name}, {runbook}"),
        None => format!("{words}: {name}"),
    };
    let view = move || {
        let runbook = runbook.clone();
        view! {
            <span class="event-cause" title=title.clone()>
                {words.clone()} " " <span class="muted">{name.clone()}</span>
                {runbook.map(|runbook| view! { " " <span class="muted">{runbook}</span> })}
            </span>
        }
    };
    Cell::new(view, SortKey::Number(0))
}

fn record_cell(record: Option<&EntryRecord>) -> Cell {
    let Some(record) = record else {
        return Cell::text("–");
    };
    let title = if record.title.is_empty() {
        format!("{} {}", record_word(record.kind), record.id)
    } else {
        format!("{} {}", record.id, record.title)
    };
    let place = record_route(record.kind, record.id).to_string();
    Cell::new(
        move || view! { <a href=place.clone()>{title.clone()}</a> },
        SortKey::Number(0),
    )
}
