//! A step that waits for a time, or until one.

use leptos::prelude::*;
use shared::model::{StepId, StepKind};

use super::places::id;
use crate::chart::Chart;
use crate::page::drafting::step_field;
use crate::ui::field::{Choice, Segments};
use crate::ui::{Bound, NumberField, SelectField, TextField};

/// The units of a wait, the longest first, in milliseconds.
const UNITS: [(&str, u64); 5] = [
    ("days", 86_400_000),
    ("hours", 3_600_000),
    ("minutes", 60_000),
    ("seconds", 1_000),
    ("milliseconds", 1),
];

/// The longest unit in which a wait is a whole number.
fn unit_of(ms: u64) -> (&'static str, u64) {
    let fits = |(_, unit): &(&str, u64)| ms.is_multiple_of(*unit);
    match UNITS.into_iter().find(fits) {
        Some(unit) if ms > 0 => unit,
        _ => ("seconds", 1_000),
    }
}

pub(super) fn sleep(chart: Chart, id: &StepId) -> AnyView {
    let waits = step_field(
        chart,
        id,
        "Change how it waits",
        |step| match &step.kind {
            StepKind::Sleep { until: Some(_), .. } => "until".to_owned(),
            _ => "for".to_owned(),
        },
        |step, chosen: String| {
            if let StepKind::Sleep { for_ms, until } = &mut step.kind {
                (*for_ms, *until) = match chosen.as_str() {
                    "until" => (None, Some(until.take().unwrap_or_default())),
                    _ => (Some(for_ms.unwrap_or(60_000)), None),
                };
            }
        },
    );
    let for_ms = step_field(
        chart,
        id,
        "Change how long it waits",
        |step| match &step.kind {
            StepKind::Sleep { for_ms, .. } => *for_ms,
            _ => None,
        },
        |step, ms: Option<u64>| {
            if let StepKind::Sleep {
                for_ms,
                until: None,
            } = &mut step.kind
            {
                *for_ms = ms;
            }
        },
    );
    let until = step_field(
        chart,
        id,
        "Change until when it waits",
        |step| match &step.kind {
            StepKind::Sleep { until, .. } => until.clone().unwrap_or_default(),
            _ => String::new(),
        },
        |step, text: String| {
            if let StepKind::Sleep {
                until: Some(until), ..
            } = &mut step.kind
            {
                *until = text;
            }
        },
    );
    let is_until = Memo::new(move |_| waits.get() == "until");
    view! {
        <Segments
            label="Waits"
            value=waits
            choices=vec![Choice::new("for", "For a time"), Choice::new("until", "Until a date and time")]
        />
        <Show
            when=move || is_until.get()
            fallback=move || view! { <Duration for_ms=for_ms /> }
        >
            <TextField
                label="Until"
                id=id::UNTIL
                value=until
                code=true
                example="<<ticket^deadlinedate>>"
                hint=Some("A date and time such as 2030-01-31T09:30:00Z, or a variable that holds one. A time that has passed does not wait.".to_owned())
            />
        </Show>
    }
    .into_any()
}

/// A number and its unit.
#[component]
fn Duration(for_ms: Bound<Option<u64>>) -> impl IntoView {
    let unit = RwSignal::new(unit_of(for_ms.peek().unwrap_or_default()).0.to_owned());
    let factor = move |name: &str| {
        let found = UNITS.into_iter().find(|(unit, _)| *unit == name);
        found.map_or(1, |(_, factor)| factor)
    };
    let amount = Bound::new(
        Signal::derive(move || Some(for_ms.get()? / factor(&unit.get()))),
        Callback::new(move |amount: Option<u64>| {
            let factor = factor(&unit.get_untracked());
            for_ms.set(amount.map(|amount| amount.saturating_mul(factor)));
        }),
    );
    let chosen = Bound::new(
        unit,
        Callback::new(move |name: String| {
            let amount = amount.peek();
            unit.set(name);
            let factor = factor(&unit.get_untracked());
            for_ms.set(amount.map(|amount| amount.saturating_mul(factor)));
        }),
    );
    let choices = UNITS.map(|(name, _)| Choice::new(name, name)).to_vec();
    view! {
        <div class="field-pair">
            <NumberField label="How long" id=id::DURATION value=amount max=31_622_400_000 />
            <SelectField label="Unit" value=chosen choices=Signal::stored(choices) />
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::unit_of;

    #[test]
    fn a_wait_is_told_in_its_longest_whole_unit() {
        for (ms, unit) in [
            (0, "seconds"),
            (1, "milliseconds"),
            (1_500, "milliseconds"),
            (90_000, "seconds"),
            (120_000, "minutes"),
            (7_200_000, "hours"),
            (172_800_000, "days"),
        ] {
            assert_eq!(unit_of(ms).0, unit, "{ms}");
        }
    }
}
