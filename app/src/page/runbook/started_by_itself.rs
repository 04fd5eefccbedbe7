//! What starts the runbook by itself. It is set up on pages of its own.

use leptos::prelude::*;
use shared::api::{EventTriggerRecord, ScheduleRecord};
use shared::model::RunbookId;

use crate::chart::Chart;
use crate::client::{self, Fault, encoded};
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::{ButtonLink, Icon, IconView, Skeleton};

/// Something that starts the runbook.
#[derive(Clone)]
struct Starter {
    icon: Icon,
    href: Route,
    name: String,
    /// When it does.
    words: String,
    enabled: bool,
}

impl Starter {
    fn event(record: EventTriggerRecord, runbook: &RunbookId) -> Option<Self> {
        let trigger = record.value;
        (trigger.runbook == *runbook).then(|| Self {
            icon: Icon::Start,
            href: Route::EventTrigger(trigger.id.to_string()),
            name: trigger.title().to_owned(),
            words: trigger.event.title().to_owned(),
            enabled: trigger.enabled,
        })
    }

    fn schedule(record: ScheduleRecord, runbook: &RunbookId) -> Option<Self> {
        let schedule = record.record.value;
        (schedule.runbook == *runbook).then(|| Self {
            icon: Icon::Clock,
            href: Route::Schedule(schedule.id.to_string()),
            name: schedule.name,
            words: record.words,
            enabled: schedule.enabled,
        })
    }

    fn row(self) -> AnyView {
        let state = (!self.enabled).then_some(", off");
        view! {
            <li class="started-row">
                <IconView icon=self.icon />
                <span>
                    <a href=self.href.to_string()>{self.name}</a>
                    " "
                    <span class="muted">{self.words} {state}</span>
                </span>
            </li>
        }
        .into_any()
    }
}

#[component]
pub(super) fn StartedByItself(chart: Chart) -> impl IntoView {
    let runbook = StoredValue::new(chart.draft.with_untracked(|draft| draft.id.clone()));
    let starters = Loaded::new(move || {
        let runbook = runbook.get_value();
        async move {
            let events = client::event_triggers().await?.items.into_iter();
            let schedules = client::schedules().await?.items.into_iter();
            let events = events.filter_map(|record| Starter::event(record, &runbook));
            let schedules = schedules.filter_map(|record| Starter::schedule(record, &runbook));
            Ok::<Vec<Starter>, Fault>(events.chain(schedules).collect())
        }
    });
    let list = move || {
        match starters.state.get() {
        None => view! { <Skeleton lines=1 /> }.into_any(),
        Some(Err(fault)) => view! { <p class="muted">{fault.to_string()}</p> }.into_any(),
        Some(Ok(starters)) if starters.is_empty() => view! {
            <p class="muted">
                "Nothing starts it by itself yet. An event trigger starts it when something happens at the desk, such as a ticket being closed; a schedule does at certain times."
            </p>
        }
        .into_any(),
        Some(Ok(starters)) => {
            let rows = starters.into_iter().map(Starter::row).collect_view();
            view! { <ul class="started">{rows}</ul> }.into_any()
        }
    }
    };
    let new = |route: Route| {
        let runbook = runbook.with_value(|id| encoded(id.as_str()));
        format!("{route}?runbook={runbook}")
    };
    view! {
        <section class="stack">
            <h2>"Starts by itself"</h2>
            {list}
            <div class="row">
                <ButtonLink href=new(Route::NewEventTrigger) icon=Icon::Plus>"New event trigger"</ButtonLink>
                <ButtonLink href=new(Route::NewSchedule) icon=Icon::Plus>"New schedule"</ButtonLink>
            </div>
        </section>
    }
    .into_any()
}
