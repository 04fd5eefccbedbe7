//! The dates on which nobody works.

use leptos::prelude::*;
use shared::desk::service_level::{Holiday, ServiceLevel};

use super::draft::fresh_holiday;
use super::preview::Preview;
use crate::browser::{focus_last, without_row};
use crate::ui::{Bound, Button, Checkbox, Icon, IconButton, TextField};

const ROWS: &str = ".service-level-holiday";
const ADD: &str = "add-holiday";

#[component]
pub(super) fn Holidays(draft: RwSignal<ServiceLevel>, preview: Preview) -> impl IntoView {
    let generation = RwSignal::new(0_u32);
    let count = Memo::new(move |_| draft.with(|draft| draft.hours.holidays.len()));
    let rows = move || {
        let generation = generation.get();
        (0..count.get()).map(move |at| (generation, at))
    };
    let add = move |()| {
        draft.update(|draft| draft.hours.holidays.push(fresh_holiday()));
        focus_last(ROWS);
    };
    view! {
        <section class="section" aria-label="Holidays">
            <h2>"Holidays"</h2>
            <div class="stack">
                <p class="muted">"Dates on which nobody works, from midnight to midnight."</p>
                <div class="stack stack-small">
                    <For each=rows key=|place| *place let:place>
                        {row(draft, preview, place.1, generation)}
                    </For>
                </div>
                {preview.line("hours.holidays")}
                <div>
                    <Button small=true icon=Icon::Plus id=ADD on_press=add>"Add a holiday"</Button>
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn row(
    draft: RwSignal<ServiceLevel>,
    preview: Preview,
    at: usize,
    generation: RwSignal<u32>,
) -> AnyView {
    let holiday = Bound::new(
        Memo::new(move |_| {
            let holiday = draft.with(|draft| draft.hours.holidays.get(at).cloned());
            holiday.unwrap_or_else(fresh_holiday)
        }),
        Callback::new(move |holiday: Holiday| {
            draft.update(|draft| {
                if let Some(place) = draft.hours.holidays.get_mut(at) {
                    *place = holiday;
                }
            });
        }),
    );
    let remove = move |()| {
        without_row(ROWS, ADD, || {
            draft.update(|draft| {
                if at < draft.hours.holidays.len() {
                    draft.hours.holidays.remove(at);
                }
            });
            generation.update(|generation| *generation += 1);
        });
    };
    let problem = preview.problem(format!("hours.holidays[{at}].date"));
    // Nothing is wrong with a new one yet.
    let error = Signal::derive(move || {
        let has_date = draft.with(|draft| {
            let holiday = draft.hours.holidays.get(at);
            holiday.is_some_and(|holiday| !holiday.date.trim().is_empty())
        });
        problem.get().filter(|_| has_date)
    });
    view! {
        <div class="service-level-holiday">
            <TextField
                label="Name"
                value=holiday.part(|holiday| holiday.name.clone(), |holiday, name| holiday.name = name)
                example="Christmas"
            />
            <TextField
                label="Date"
                value=holiday.part(|holiday| holiday.date.clone(), |holiday, date| holiday.date = date)
                example="2026-12-25"
                error=error
            />
            <Checkbox
                label="Every year"
                value=holiday.part(|holiday| holiday.every_year, |holiday, on| holiday.every_year = on)
            />
            <IconButton icon=Icon::Trash label="Delete this holiday" on_press=remove />
        </div>
    }
    .into_any()
}
