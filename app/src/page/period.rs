//! Since when, or between which moments: what narrows a list by time. It stands in the address.

use leptos::prelude::*;
use shared::model::Timestamp;

use crate::browser::now_ms;
use crate::ui::clock::parse_instant;
use crate::ui::field::{Choice, InstantField};
use crate::ui::{Bound, SelectField, in_address};

/// By its word in the address, and how long ago, in milliseconds.
const RANGES: [(&str, &str, i64); 4] = [
    ("hour", "In the last hour", 3_600_000),
    ("day", "In the last 24 hours", 24 * 3_600_000),
    ("week", "In the last 7 days", 7 * 24 * 3_600_000),
    ("month", "In the last 30 days", 30 * 24 * 3_600_000),
];
const BETWEEN: &str = "between";

/// As the address has it.
#[derive(Debug, Clone, Copy)]
pub struct Period {
    range: Bound<String>,
    from: Bound<String>,
    to: Bound<String>,
}

impl Period {
    /// What takes it out of the address.
    pub const CLEARED: [(&'static str, &'static str); 3] = [("time", ""), ("from", ""), ("to", "")];

    pub fn in_address() -> Self {
        Self {
            range: in_address("time"),
            from: in_address("from"),
            to: in_address("to"),
        }
    }

    /// From when, and until when.
    pub fn times(self) -> (Option<Timestamp>, Option<Timestamp>) {
        let time = |at: i64| Timestamp::try_from(at).ok();
        let range = self.range.get();
        if range == BETWEEN {
            let end = |end: Bound<String>| parse_instant(&end.get()).and_then(time);
            return (end(self.from), end(self.to));
        }
        let known = RANGES.iter().find(|(name, ..)| *name == range);
        let from = known.and_then(|(_, _, length)| time(now_ms().saturating_sub(*length)));
        (from, None)
    }

    pub fn is_set(self) -> bool {
        !self.range.get().trim().is_empty()
    }
}

/// The fields that set it; `id` is what those of the two moments begin with.
#[component]
pub fn PeriodFields(label: &'static str, id: &'static str, period: Period) -> impl IntoView {
    let is_between = Memo::new(move |_| period.range.get() == BETWEEN);
    let backwards = Signal::derive(move || {
        let (from, to) = period.times();
        (is_between.get() && to? <= from?).then(|| {
            "This is not after From: choose a later time, or an earlier one in From.".to_owned()
        })
    });
    let choices = std::iter::once(Choice::new("", "At any time"))
        .chain(RANGES.map(|(name, words, _)| Choice::new(name, words)))
        .chain([Choice::new(BETWEEN, "Between…")])
        .collect::<Vec<_>>();
    view! {
        <SelectField label=label value=period.range choices=Signal::stored(choices) />
        <Show when=move || is_between.get()>
            <InstantField id=format!("{id}-from") label="From" value=period.from />
            <InstantField id=format!("{id}-to") label="To" value=period.to error=backwards />
        </Show>
    }
    .into_any()
}
