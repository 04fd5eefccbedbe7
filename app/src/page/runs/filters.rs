//! What narrows the list of runs. All of it stands in the address.

use leptos::prelude::*;
use shared::api::{RunbookSummary, RunsQuery};
use shared::model::RunbookId;

use super::words::{STATUSES, status_word};
use crate::browser::focus_on;
use crate::client;
use crate::load::Loaded;
use crate::page::listing::{Listing, Search};
use crate::page::period::{Period, PeriodFields};
use crate::ui::field::Choice;
use crate::ui::{Bound, Button, ButtonKind, Combobox, SelectField, in_address, put_all_in_address};

/// The filters, as the address has them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Narrowed {
    runbook: Bound<String>,
    status: Bound<String>,
    period: Period,
    listing: Listing,
}

impl Narrowed {
    pub(super) fn in_address() -> Self {
        Self {
            runbook: in_address("runbook"),
            status: in_address("status"),
            period: Period::in_address(),
            listing: Listing::in_address(),
        }
    }

    /// The runs of `runbook` where one is named, else of the one that was chosen.
    pub(super) fn query(self, runbook: Option<RunbookId>) -> RunsQuery {
        let (status, text) = (self.status.get(), self.listing.search.get());
        let (from, to) = self.period.times();
        RunsQuery {
            runbook: runbook.or_else(|| RunbookId::parse(&self.runbook.get()).ok()),
            status: STATUSES.into_iter().find(|known| known.as_str() == status),
            from,
            to,
            text: (!text.trim().is_empty()).then_some(text),
            ..RunsQuery::default()
        }
    }

    /// Whether anything is left out.
    pub(super) fn is_set(self) -> bool {
        let values = [self.runbook, self.status, self.listing.search];
        let is_set = |value: &Bound<String>| !value.get().trim().is_empty();
        self.period.is_set() || values.iter().any(is_set)
    }

    pub(super) fn clear() {
        let own = ["runbook", "status", "search"].map(|name| (name, ""));
        put_all_in_address(&[&own[..], &Period::CLEARED].concat());
        // The button that was pressed goes.
        request_animation_frame(|| focus_on(".runs-filters select"));
    }
}

#[component]
pub(super) fn Filters(narrowed: Narrowed, of_one: bool) -> impl IntoView {
    view! {
        <div class="filters runs-filters" role="group" aria-label="Filters">
            {(!of_one).then(|| view! { <RunbookFilter value=narrowed.runbook /> })}
            <SelectField label="Status" value=narrowed.status choices=Signal::stored(status_choices()) />
            <PeriodFields label="Started" id="runs" period=narrowed.period />
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
