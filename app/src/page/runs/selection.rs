//! Which runs are chosen, to be replayed together.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{RunsQuery, Together};
use shared::engine::RunStatus;
use shared::model::RunId;

use super::list::{RunList, Shown};
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

    /// Chooses all that have ended, fit the filters and were not done again with success, as far as that is allowed.
    fn choose_all(self, query: RunsQuery) {
        self.choosing.set(true);
        spawn_local(async move {
            let mut asked = RunsQuery {
                limit: Some(200),
                ..query
            };
            let mut found = Together::new(MOST);
            loop {
                let page = match client::runs(&asked).await {
                    Ok(page) => page,
                    Err(fault) => {
                        toast(fault.to_string());
                        break;
                    }
                };
                found.take(&page);
                asked.after = page.next;
                if asked.after.is_none() || found.is_full() {
                    break;
                }
            }
            if self.choosing.try_set(false).is_none() {
                announce(format!("{} selected", runs(found.chosen.len())));
                if let Some(words) = left_out(&found) {
                    toast(words);
                }
                self.chosen.set(found.chosen);
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
    let some_ended = Memo::new(move |_| {
        list.rows.with(|rows| {
            let rows = rows.as_ref().and_then(|rows| rows.as_ref().ok());
            let ended = |row: &Shown| row.run.with(|run| run.status.has_ended());
            rows.is_some_and(|rows| rows.iter().any(ended))
        })
    });
    // With a status that is no end nothing fits that could be selected.
    let may_fit = Memo::new(move |_| {
        let status = list.query.with(|query| query.status);
        let has_more = list.next.with(Option::is_some);
        status.is_none_or(RunStatus::has_ended) && (some_ended.get() || has_more)
    });
    let is_busy = Signal::derive(|| !replays::is_over());
    let can_choose = Memo::new(move |_| has_rows.get() && may_fit.get());
    let words = move || match count.get() {
        0 if !has_rows.get() => String::new(),
        0 if !some_ended.get() => "Only runs that have ended can be replayed".to_owned(),
        0 => "Select runs to replay them".to_owned(),
        count if count >= MOST => format!("{} selected, which is the most at once", runs(count)),
        count => format!("{} selected", runs(count)),
    };
    view! {
        <div class="runs-chosen" role="group" aria-label="Selected runs">
            // First what always stands there, so that nothing comes to lie under the pointer in the place of something else.
            <Show when=move || { can_choose.get() || 0 < count.get() }>
                <Button
                    small=true
                    kind=ButtonKind::Quiet
                    busy=selection.choosing
                    idle=Signal::derive(move || !can_choose.get())
                    on_press=move |()| selection.choose_all(list.query.get_untracked())
                >
                    "Select all that fit"
                </Button>
                <Button
                    small=true
                    kind=ButtonKind::Quiet
                    idle=Signal::derive(move || count.get() == 0)
                    on_press=move |()| selection.chosen.set(BTreeSet::new())
                >
                    "Select none"
                </Button>
            </Show>
            <Show when=move || { 0 < count.get() }>
                <Button small=true icon=Icon::Repeat disabled=is_busy on_press=move |()| selection.ask()>
                    {move || format!("Replay {}", runs(count.get()))}
                </Button>
            </Show>
            <span class="muted">{words}</span>
        </div>
    }
    .into_any()
}

/// What is said where not all that fit were chosen.
fn left_out(found: &Together) -> Option<String> {
    let redone = match found.redone {
        0 => None,
        1 => Some(
            "1 run was left out, because a replay of it has succeeded or is under way.".to_owned(),
        ),
        count => Some(format!(
            "{count} runs were left out, because replays of them have succeeded or are under way."
        )),
    };
    let replaced = match found.replaced {
        0 => None,
        1 => Some("1 run was left out, because its replay fits, too.".to_owned()),
        count => Some(format!(
            "{count} runs were left out, because their replays fit, too."
        )),
    };
    let none = "None of these runs has ended, so none can be replayed yet.";
    match (redone, replaced) {
        (Some(redone), Some(replaced)) => Some(format!("{redone} {replaced}")),
        (None, None) => found.chosen.is_empty().then(|| none.to_owned()),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use shared::model::RunbookId;

    use super::*;

    #[test]
    fn what_was_left_out_is_told() {
        let run = RunId::new(RunbookId::parse("rb").unwrap(), 0, 0, 1);
        for (chosen, redone, replaced, words) in [
            (1, 0, 0, None),
            (
                0,
                0,
                0,
                Some("None of these runs has ended, so none can be replayed yet."),
            ),
            (
                1,
                1,
                0,
                Some("1 run was left out, because a replay of it has succeeded or is under way."),
            ),
            (
                0,
                2,
                0,
                Some(
                    "2 runs were left out, because replays of them have succeeded or are under way.",
                ),
            ),
            (
                1,
                0,
                1,
                Some("1 run was left out, because its replay fits, too."),
            ),
            (
                1,
                3,
                2,
                Some(
                    "3 runs were left out, because replays of them have succeeded or are under way. 2 runs were left out, because their replays fit, too.",
                ),
            ),
        ] {
            let mut found = Together::new(MOST);
            found.chosen.extend((0..chosen).map(|_| run.clone()));
            (found.redone, found.replaced) = (redone, replaced);
            assert_eq!(left_out(&found).as_deref(), words);
        }
    }
}
