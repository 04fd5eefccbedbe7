//! What narrows the list of runs. All of it stands in the address.

use leptos::prelude::*;
use shared::api::{RunbookSummary, RunsQuery};
use shared::model::{RunbookId, Timestamp};

use super::words::{STATUSES, status_word};
use crate::browser::now_ms;
use crate::client;
use crate::load::Loaded;
use crate::page::listing::{Listing, Search};
use crate::ui::clock::parse_instant;
use crate::ui::field::{Choice, InstantField};
use crate::ui::{Bound, Button, ButtonKind, Combobox, SelectField, in_address, put_all_in_address};

/// By its word in the address, and how long ago, in milliseconds.
const RANGES: [(&str, &str, i64); 4] = [
    ("hour", "In the last hour", 3_600_000),
    ("day", "In the last 24 hours", 24 * 3_600_000),
    ("week", "In the last 7 days", 7 * 24 * 3_600_000),
    ("month", "In the last 30 days", 30 * 24 * 3_600_000),
];
const BETWEEN: &str = "between";

/// The filters, as the address has them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Narrowed {
    runbook: Bound<String>,
    status: Bound<String>,
    range: Bound<String>,
    from: Bound<String>,
    to: Bound<String>,
    listing: Listing,
}

impl Narrowed {
    pub(super) fn in_address() -> Self {
        Self {
            runbook: in_address("runbook"),
            status: in_address("status"),
            range: in_address("time"),
            from: in_address("from"),
            to: in_address("to"),
            listing: Listing::in_address(),
        }
    }

    /// The runs of `runbook` where one is named, else of the one that was chosen.
    pub(super) fn query(self, runbook: Option<RunbookId>) -> RunsQuery {
        let (status, text) = (self.status.get(), self.listing.search.get());
        let (from, to) = self.times();
        RunsQuery {
            runbook: runbook.or_else(|| RunbookId::parse(&self.runbook.get()).ok()),
            status: STATUSES.into_iter().find(|known| known.as_str() == status),
            from,
            to,
            text: (!text.trim().is_empty()).then_some(text),
            ..RunsQuery::default()
        }
    }

    fn times(self) -> (Option<Timestamp>, Option<Timestamp>) {
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

    /// Whether anything is left out.
    pub(super) fn is_set(self) -> bool {
        [self.runbook, self.status, self.range, self.listing.search]
            .iter()
            .any(|value| !value.get().trim().is_empty())
    }

    pub(super) fn clear() {
        let names = ["runbook", "status", "time", "from", "to", "search"];
        put_all_in_address(&names.map(|name| (name, "")));
    }
}

#[component]
pub(super) fn Filters(narrowed: Narrowed, of_one: bool) -> impl IntoView {
    let is_between = Memo::new(move |_| narrowed.range.get() == BETWEEN);
    let backwards = Signal::derive(move || {
        let (from, to) = narrowed.times();
        (is_between.get() && to? <= from?).then(|| {
            "This is not after From: choose a later time, or an earlier one above.".to_owned()
        })
    });
    view! {
        <div class="filters runs-filters" role="group" aria-label="Filters">
            {(!of_one).then(|| view! { <RunbookFilter value=narrowed.runbook /> })}
            <SelectField label="Status" value=narrowed.status choices=Signal::stored(status_choices()) />
            <SelectField label="Started" value=narrowed.range choices=Signal::stored(range_choices()) />
            <Show when=move || is_between.get()>
                <InstantField id="runs-from" label="From" value=narrowed.from />
                <InstantField id="runs-to" label="To" value=narrowed.to error=backwards />
            </Show>
            <Search label="Text in variables" listing=narrowed.listing />
            <div class="filters-clear" class:filters-clear-none=move || !narrowed.is_set()>
                <Button kind=ButtonKind::Quiet on_press=move |()| Narrowed::clear()>"Clear filters"</Button>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn RunbookFilter(value: Bound<String>) -> impl IntoView {
    let runbooks = Loaded::new(client::runbooks);
    let choices = Signal::derive(move || {
        let mut all: Vec<RunbookSummary> =
            runbooks.value().map(|list| list.items).unwrap_or_default();
        all.sort_by_cached_key(|runbook| runbook.name.to_lowercase());
        std::iter::once(Choice::new("", "All runbooks"))
            .chain(
                all.into_iter()
                    .map(|r| Choice::new(r.id.to_string(), r.name)),
            )
            .collect()
    });
    view! { <Combobox label="Runbook" value=value choices=choices /> }.into_any()
}

fn status_choices() -> Vec<Choice> {
    std::iter::once(Choice::new("", "Any status"))
        .chain(STATUSES.map(|status| Choice::new(status.as_str(), status_word(status))))
        .collect()
}

fn range_choices() -> Vec<Choice> {
    std::iter::once(Choice::new("", "At any time"))
        .chain(RANGES.map(|(name, words, _)| Choice::new(name, words)))
        .chain([Choice::new(BETWEEN, "Between…")])
        .collect()
}
