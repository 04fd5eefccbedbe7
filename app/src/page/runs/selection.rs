//! Which runs are chosen, to be replayed together.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::RunsQuery;
use shared::model::RunId;

use super::list::RunList;
use super::replays;
use super::words::runs;
use crate::client;
use crate::ui::{Button, ButtonKind, Confirm, Icon, announce, confirm, toast};

/// How many runs are chosen at most: whoever needs more narrows the list.
const MOST: usize = 500;

/// The chosen runs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Selection {
    pub(super) chosen: RwSignal<BTreeSet<RunId>>,
    /// Whether Shift was held in the last click on a box.
    pub(super) with_shift: StoredValue<bool>,
    /// The run whose box was ticked or cleared last.
    last: StoredValue<Option<RunId>>,
    choosing: RwSignal<bool>,
}

impl Selection {
    pub(super) fn new() -> Self {
        Self {
            chosen: RwSignal::new(BTreeSet::new()),
            with_shift: StoredValue::new(false),
            last: StoredValue::new(None),
            choosing: RwSignal::new(false),
        }
    }

    /// Chooses a run or no longer; with Shift, and all between it and the one before, as lists elsewhere do.
    pub(super) fn tick(self, id: &RunId, on: bool, list: RunList) {
        let from = self
            .last
            .get_value()
            .filter(|_| self.with_shift.get_value());
        let ids = from.map_or_else(Vec::new, |from| list.ended_between(&from, id));
        self.last.set_value(Some(id.clone()));
        self.chosen.update(|chosen| {
            for id in ids.iter().chain([id]) {
                if on {
                    chosen.insert(id.clone());
                } else {
                    chosen.remove(id);
                }
            }
        });
    }

    /// Chooses all that have ended and fit the filters, as far as that is allowed.
    fn choose_all(self, query: RunsQuery) {
        self.choosing.set(true);
        spawn_local(async move {
            let mut asked = RunsQuery {
                limit: Some(200),
                ..query
            };
            let mut found = BTreeSet::new();
            loop {
                let page = match client::runs(&asked).await {
                    Ok(page) => page,
                    Err(fault) => {
                        toast(fault.to_string());
                        break;
                    }
                };
                let ended = page.items.into_iter().filter(|run| run.status.has_ended());
                found.extend(ended.map(|run| run.run_id).take(MOST - found.len()));
                asked.after = page.next;
                if asked.after.is_none() || found.len() >= MOST {
                    break;
                }
            }
            if self.choosing.try_set(false).is_none() {
                announce(format!("{} selected", runs(found.len())));
                self.chosen.set(found);
            }
        });
    }

    fn ask(self) {
        let chosen = self.chosen.get_untracked();
        let count = chosen.len();
        confirm(
            Confirm {
                title: format!("Replay {}?", runs(count)),
                text: "Each is started again where it began, with the variables that it had. What the runs did before stays done, and is done once more. It goes on while you work elsewhere in Nimbus.".to_owned(),
                action: format!("Replay {}", runs(count)),
                cancel: "Cancel".to_owned(),
                danger: false,
            },
            move || {
                // The page may have been left while the question stood.
                self.chosen.try_set(BTreeSet::new());
                replays::begin(chosen.clone());
            },
        );
    }
}

/// The line above the list: what is chosen, and what can be done with it.
#[component]
pub(super) fn Chosen(selection: Selection, list: RunList) -> impl IntoView {
    let count = Memo::new(move |_| selection.chosen.with(BTreeSet::len));
    let has_rows = Memo::new(move |_| {
        list.rows
            .with(|rows| matches!(rows, Some(Ok(rows)) if !rows.is_empty()))
    });
    let is_busy = Signal::derive(|| !replays::is_over());
    let words = move || match count.get() {
        0 if !has_rows.get() => String::new(),
        0 => "Select runs to replay them".to_owned(),
        count if count >= MOST => format!("{} selected, which is the most at once", runs(count)),
        count => format!("{} selected", runs(count)),
    };
    view! {
        <div class="runs-chosen" role="group" aria-label="Selected runs">
            <span class="muted">{words}</span>
            <Show when=move || has_rows.get()>
                <Button
                    small=true
                    kind=ButtonKind::Quiet
                    busy=selection.choosing
                    on_press=move |()| selection.choose_all(list.query.get_untracked())
                >
                    "Select all that fit"
                </Button>
            </Show>
            <Show when=move || { 0 < count.get() }>
                <Button small=true kind=ButtonKind::Quiet on_press=move |()| selection.chosen.set(BTreeSet::new())>
                    "Select none"
                </Button>
                <Button small=true icon=Icon::Repeat disabled=is_busy on_press=move |()| selection.ask()>
                    {move || format!("Replay {}", runs(count.get()))}
                </Button>
            </Show>
        </div>
    }
    .into_any()
}
