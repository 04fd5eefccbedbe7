//! The events log: what each trigger made of each event.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{EventEntry, EventOutcome, EventsQuery, List, LiveEvent};
use shared::model::{EventKind, EventTriggerId};

use super::{kinds, to_settings};
use crate::client::{self, Fault, use_live};
use crate::frame::{Crumb, PageHeader};
use crate::load::Loaded;
use crate::page::event_words::{record_route, record_word};
use crate::page::listing::{Listing, Search};
use crate::page::period::{Period, PeriodFields};
use crate::route::Route;
use crate::ui::field::Choice;
use crate::ui::{
    Badge, Bound, Button, ButtonKind, ButtonLink, Cell, Column, EmptyState, Icon, Render, Row,
    SelectField, SortKey, Table, TableState, Time, Tone, error_words, in_address,
    put_all_in_address, toast,
};

/// What narrows the log. It stands in the address.
#[derive(Clone, Copy)]
struct Narrowed {
    event: Bound<String>,
    outcome: Bound<String>,
    trigger: Bound<String>,
    period: Period,
    listing: Listing,
}

impl Narrowed {
    fn in_address() -> Self {
        Self {
            event: in_address("event"),
            outcome: in_address("outcome"),
            trigger: in_address("trigger"),
            period: Period::in_address(),
            listing: Listing::in_address(),
        }
    }

    fn query(self) -> EventsQuery {
        let (from, to) = self.period.times();
        let text = self.listing.search.get();
        EventsQuery {
            event: EventKind::parse(&self.event.get()),
            outcome: EventOutcome::parse(&self.outcome.get()),
            trigger: EventTriggerId::parse(&self.trigger.get()).ok(),
            from,
            to,
            text: (!text.trim().is_empty()).then_some(text),
            ..EventsQuery::default()
        }
    }

    fn is_set(self) -> bool {
        let values = [self.event, self.outcome, self.trigger, self.listing.search];
        let is_set = |value: &Bound<String>| !value.get().trim().is_empty();
        self.period.is_set() || values.iter().any(is_set)
    }

    fn clear() {
        let own = ["event", "outcome", "trigger", "search"].map(|name| (name, ""));
        put_all_in_address(&[&own[..], &Period::CLEARED].concat());
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
    let state = Signal::derive(move || {
        first
            .state
            .with(|first| older.with(|older| table_state(first.as_ref(), older)))
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
                    Column::new("Event"),
                    Column::new("Record"),
                    Column::new("Trigger").secondary(),
                    Column::new("Why"),
                    Column::new("When").width("8rem"),
                ]
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

fn table_state(first: Option<&Result<List<EventEntry>, Fault>>, older: &Older) -> TableState {
    match first {
        None => TableState::Loading,
        Some(Err(fault)) => TableState::Failed {
            title: "Could not load the events log".to_owned(),
            text: fault.to_string(),
        },
        Some(Ok(page)) => {
            // What comes in pushes entries of the first page down among those that were read before.
            let last = page.items.last().map(|entry| entry.id);
            let further = older
                .entries
                .iter()
                .filter(|entry| last.is_none_or(|last| entry.id < last));
            TableState::Ready(page.items.iter().chain(further).map(row).collect())
        }
    }
}

#[component]
fn Filters(narrowed: Narrowed) -> impl IntoView {
    let events = std::iter::once(Choice::new("", "All events"))
        .chain(kinds())
        .collect::<Vec<_>>();
    let outcomes = std::iter::once(Choice::new("", "Any outcome"))
        .chain(EventOutcome::ALL.map(|outcome| Choice::new(outcome.as_str(), words(outcome).1)))
        .collect::<Vec<_>>();
    let triggers = Loaded::new(client::event_triggers);
    let triggers = Signal::derive(move || {
        let all = triggers.value().map(|list| list.items).unwrap_or_default();
        std::iter::once(Choice::new("", "All triggers"))
            .chain(all.into_iter().map(|record| {
                let title = record.value.title().to_owned();
                Choice::new(record.value.id.to_string(), title)
            }))
            .collect::<Vec<_>>()
    });
    view! {
        <div class="filters" role="group" aria-label="Filters">
            <SelectField label="Outcome" value=narrowed.outcome choices=Signal::stored(outcomes) />
            <SelectField label="Event" value=narrowed.event choices=Signal::stored(events) />
            <SelectField label="Trigger" value=narrowed.trigger choices=triggers />
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
            >
                <Button on_press=move |()| Narrowed::clear()>"Clear filters"</Button>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState
            icon=Icon::Clock
            title="Nothing yet"
            text="Each event that a trigger looks at appears here: what it started, or which condition it did not meet. What no trigger waits for is not listed."
        >
            <ButtonLink href=Route::NewEventTrigger.to_string() icon=Icon::Plus>"New event trigger"</ButtonLink>
        </EmptyState>
    }
    .into_any()
}

fn words(outcome: EventOutcome) -> (Tone, &'static str) {
    match outcome {
        EventOutcome::Started => (Tone::Good, "Started"),
        EventOutcome::NotMatched => (Tone::Neutral, "Not matched"),
        EventOutcome::TooDeep => (Tone::Warning, "Loop stopped"),
        EventOutcome::Failed => (Tone::Bad, "Failed"),
        EventOutcome::NotTold => (Tone::Warning, "Too many at once"),
    }
}

/// Leads to the run where there is one, else to the trigger.
fn row(entry: &EventEntry) -> Row {
    let none = || SortKey::Number(0);
    let (tone, word) = words(entry.outcome);
    let record = entry.event.record();
    let title = if entry.record_title.is_empty() {
        format!("{} {}", record_word(record), entry.record_id)
    } else {
        format!("{} {}", entry.record_id, entry.record_title)
    };
    let href = match &entry.run_id {
        Some(run) => Route::Run(run.to_string()),
        None => Route::EventTrigger(entry.trigger.to_string()),
    };
    let at = i64::try_from(entry.at).unwrap_or(i64::MAX);
    let place = record_route(record, entry.record_id).to_string();
    let why = entry.explanation.clone();
    // What conditions say begins with the token that they look at.
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
        href: Some(href.to_string()),
        cells: vec![
            Cell::new(
                move || view! { <Badge tone=tone label=word.to_owned() /> },
                none(),
            ),
            Cell::text(entry.event.title()),
            Cell::new(
                move || view! { <a href=place.clone()>{title.clone()}</a> },
                none(),
            ),
            Cell::text(entry.trigger_name.clone()),
            Cell::new(why, none()),
            Cell::new(move || view! { <Time at=at /> }, none()),
        ],
    }
}
