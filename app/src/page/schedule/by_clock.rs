//! At times of the clock: what most people want to choose, and the expression that it is.

use leptos::prelude::*;

use super::draft::Draft;
use super::preset::{MORNING, PAUSES, Preset};
use super::report::Report;
use crate::ui::field::Choice;
use crate::ui::id::unique_id;
use crate::ui::{Bound, Field, SelectField, TextField};

const DAILY: &str = "daily";
const WEEKDAYS: &str = "weekdays";
const MINUTES: &str = "minutes";
const MONTHLY: &str = "monthly";
const WRITTEN: &str = "written";

#[component]
pub(super) fn ByClock(draft: RwSignal<Draft>, report: Report) -> impl IntoView {
    let expression = Bound::of(
        draft,
        |draft| draft.expression.clone(),
        |draft, text| draft.expression = text,
    );
    let preset = Memo::new(move |_| Preset::of(&expression.get()));
    // Somebody who wants to write it may begin with one that could be chosen.
    let is_written = RwSignal::new(untrack(|| preset.get().is_none()));
    let kind = Bound::new(
        Memo::new(move |_| {
            if is_written.get() {
                return WRITTEN.to_owned();
            }
            preset.get().as_ref().map_or(WRITTEN, name).to_owned()
        }),
        Callback::new(move |chosen: String| {
            is_written.set(chosen == WRITTEN);
            let time = preset.get_untracked();
            let time = time.as_ref().and_then(Preset::time).unwrap_or(MORNING);
            if let Some(preset) = fresh(&chosen, time.to_owned()) {
                expression.set(preset.expression());
            }
        }),
    );
    let shown = move || preset.get().filter(|_| !is_written.get());
    let has_time = Memo::new(move |_| shown().is_some_and(|preset| preset.time().is_some()));
    let is_monthly = Memo::new(move |_| matches!(shown(), Some(Preset::Monthly(..))));
    let is_paused = Memo::new(move |_| matches!(shown(), Some(Preset::Minutes(_))));
    let time = Bound::new(
        Memo::new(move |_| {
            let preset = preset.get();
            let time = preset.as_ref().and_then(Preset::time);
            time.unwrap_or(MORNING).to_owned()
        }),
        Callback::new(move |time: String| {
            if let Some(preset) = preset.get_untracked()
                && !time.is_empty()
            {
                expression.set(preset.at(time).expression());
            }
        }),
    );
    let day = Bound::new(
        Memo::new(move |_| match preset.get() {
            Some(Preset::Monthly(day, _)) => day,
            _ => "1".to_owned(),
        }),
        Callback::new(move |day: String| {
            let preset = Preset::Monthly(day, time.peek());
            expression.set(preset.expression());
        }),
    );
    let pause = Bound::new(
        Memo::new(move |_| match preset.get() {
            Some(Preset::Minutes(pause)) => pause.to_string(),
            _ => "15".to_owned(),
        }),
        Callback::new(move |pause: String| {
            if let Ok(pause) = pause.parse() {
                expression.set(Preset::Minutes(pause).expression());
            }
        }),
    );
    view! {
        <div class="schedule-when" role="group" aria-label="Times">
            <SelectField label="How often" value=kind choices=Signal::stored(kinds()) />
            <Show when=move || is_monthly.get()>
                <SelectField label="Day" value=day choices=Signal::stored(days()) />
            </Show>
            <Show when=move || is_paused.get()>
                <SelectField label="Interval" value=pause choices=Signal::stored(pauses()) />
            </Show>
            <Show when=move || has_time.get()>
                <TimeField value=time />
            </Show>
        </div>
        <TextField
            label="Expression"
            value=expression
            code=true
            example="0 9 * * 1-5"
            hint=Some("Minute, hour, day of the month, month, day of the week; `*` is every one, `1-5` Monday to Friday, `*/15` every fifteenth.".to_owned())
            error=report.error("when.expression")
        />
    }
    .into_any()
}

/// A time of the day, such as `09:00`; empty while it is being typed.
#[component]
fn TimeField(value: Bound<String>) -> impl IntoView {
    let id = unique_id("time");
    view! {
        <Field label="At" id=id.clone()>
            <input
                class="input"
                id=id
                type="time"
                prop:value=move || value.get()
                on:change=move |event| value.set(event_target_value(&event))
            />
        </Field>
    }
    .into_any()
}

fn name(preset: &Preset) -> &'static str {
    match preset {
        Preset::Daily(_) => DAILY,
        Preset::Weekdays(_) => WEEKDAYS,
        Preset::Minutes(_) => MINUTES,
        Preset::Monthly(..) => MONTHLY,
    }
}

/// What a choice begins with.
fn fresh(kind: &str, time: String) -> Option<Preset> {
    match kind {
        DAILY => Some(Preset::Daily(time)),
        WEEKDAYS => Some(Preset::Weekdays(time)),
        MINUTES => Some(Preset::Minutes(15)),
        MONTHLY => Some(Preset::Monthly("1".to_owned(), time)),
        _ => None,
    }
}

fn kinds() -> Vec<Choice> {
    vec![
        Choice::new(DAILY, "Every day"),
        Choice::new(WEEKDAYS, "Every weekday"),
        Choice::new(MINUTES, "Every so many minutes"),
        Choice::new(MONTHLY, "Every month"),
        Choice::new(WRITTEN, "As the expression says"),
    ]
}

fn days() -> Vec<Choice> {
    let days = (1..=31).map(|day| Choice::new(day.to_string(), day.to_string()));
    days.chain([Choice::new("L", "The last one")]).collect()
}

fn pauses() -> Vec<Choice> {
    let pauses = PAUSES.map(|pause| {
        let words = match pause {
            1 => "Every minute".to_owned(),
            pause => format!("Every {pause} minutes"),
        };
        Choice::new(pause.to_string(), words)
    });
    pauses.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_but_the_written_one_begins_with_something() {
        for choice in kinds() {
            let preset = fresh(&choice.value, MORNING.to_owned());
            let named = preset.as_ref().map_or(WRITTEN, name);
            assert_eq!(named, choice.value);
        }
        for pause in pauses() {
            let pause = Preset::Minutes(pause.value.parse().unwrap());
            assert_eq!(Preset::of(&pause.expression()), Some(pause));
        }
        for day in days() {
            let day = Preset::Monthly(day.value, MORNING.to_owned());
            assert_eq!(Preset::of(&day.expression()), Some(day));
        }
    }
}
