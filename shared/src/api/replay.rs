//! Replaying a run: what is sent, and how a person edits the variables of one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::RunsPage;
use crate::engine::{RunStatus, RunSummary};
use crate::json;
use crate::mask::MASK;
use crate::model::{RawJson, RunId, StepId};

/// Body of `POST /console/runs/{id}/replay`, which is answered like a start, with the new run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// Where the new run begins, with the variables as they were there; at the start where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_step: Option<StepId>,
    /// New values; what is not named keeps the one that it had.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, RawJson>,
}

/// Answer of `GET /console/runs/{id}/replay?from_step=…`: how such a replay begins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayPoint {
    /// The step that it begins with; missing where that is the runbook's first. Without `from_step`, a run that
    /// was itself replayed from a step begins there again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_step: Option<StepId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_name: Option<String>,
    /// Whether the step that was asked for stands in a loop: the replay begins with the outermost one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_whole_loop: bool,
    /// The input variables, and then what steps have set.
    pub variables: Vec<ReplayVariable>,
}

/// Which of many runs are replayed together: those that have ended, without those that a replay has made good, and of
/// a run and its replay only the replay, so that nothing is done twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Together {
    pub chosen: BTreeSet<RunId>,
    /// How many were left out because they need not be done again, see [`RunsPage::redone`].
    pub redone: usize,
    /// How many were left out because another of these runs is a replay of them.
    pub replaced: usize,
    replayed: BTreeSet<RunId>,
    most: usize,
}

impl Together {
    /// At most so many.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            ..Self::default()
        }
    }

    pub fn is_full(&self) -> bool {
        self.chosen.len() >= self.most
    }

    /// Takes the runs of a page into account; pages may come in any order.
    pub fn take(&mut self, page: &RunsPage) {
        let redone: BTreeSet<&RunId> = page.redone.iter().collect();
        for run in &page.items {
            self.take_run(run, redone.contains(&run.run_id));
        }
    }

    fn take_run(&mut self, run: &RunSummary, is_redone: bool) {
        if let Some(replayed) = run.started_by.replay_of() {
            self.replayed.insert(replayed.clone());
            if self.chosen.remove(replayed) {
                self.replaced += 1;
            }
        }
        if !run.status.has_ended() {
            return;
        }
        if is_redone {
            self.redone += 1;
        } else if self.replayed.contains(&run.run_id) {
            self.replaced += 1;
        } else if !self.is_full() {
            self.chosen.insert(run.run_id.clone());
        }
    }
}

/// Which runs of a list need not be done again, see [`RunsPage::redone`]: as the server said it, kept up to date by what
/// is told of runs since.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redone {
    runs: BTreeSet<RunId>,
    /// Those of them that stay so, whatever becomes of other replays.
    made_good: BTreeSet<RunId>,
    /// Of each replay, what it does again, and whether it has not failed.
    replays: BTreeMap<RunId, (RunId, bool)>,
}

impl Redone {
    pub fn contains(&self, run: &RunId) -> bool {
        self.runs.contains(run)
    }

    /// What the server says counts, whatever was told before.
    pub fn take_page(&mut self, page: &RunsPage) {
        for run in &page.items {
            self.note(run);
            self.runs.remove(&run.run_id);
            self.made_good.remove(&run.run_id);
        }
        self.runs.extend(page.redone.iter().cloned());
        self.made_good.extend(page.made_good.iter().cloned());
    }

    /// A run began, moved on or ended.
    pub fn take_run(&mut self, run: &RunSummary) {
        let Some((of, is_good)) = self.note(run) else {
            return;
        };
        let has_succeeded = run.status == RunStatus::Succeeded;
        // What is known of a run counts for all that it does again.
        let mut next = Some(of);
        while let Some(of) = next {
            next = self.replays.get(&of).map(|(of, _)| of.clone());
            if is_good {
                if has_succeeded {
                    self.made_good.insert(of.clone());
                }
                self.runs.insert(of);
            } else if self.made_good.contains(&of) || self.has_good_replay(&of) {
                return;
            } else {
                self.runs.remove(&of);
            }
        }
    }

    /// Notes what a run does again, and whether it has not failed; nothing for one that is no replay.
    fn note(&mut self, run: &RunSummary) -> Option<(RunId, bool)> {
        let of = run.started_by.replay_of()?.clone();
        let is_good = run.status == RunStatus::Succeeded || !run.status.has_ended();
        self.replays
            .insert(run.run_id.clone(), (of.clone(), is_good));
        Some((of, is_good))
    }

    fn has_good_replay(&self, run: &RunId) -> bool {
        self.replays
            .iter()
            .any(|(replay, (of, is_good))| of == run && (*is_good || self.runs.contains(replay)))
    }
}

/// A variable that a replay may change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayVariable {
    pub name: String,
    /// JSON text, secrets masked; missing where an input variable has no value there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl ReplayVariable {
    /// As a person edits it, see [`editable`]; empty where there is no value.
    pub fn editable(&self) -> String {
        self.value.as_deref().map_or_else(String::new, editable)
    }

    /// What was made of it, see [`edited`]. Text that is given to what had no value is read as the input's type.
    pub fn edited(&self, typed: &str) -> Result<Option<RawJson>, String> {
        match &self.value {
            Some(value) => edited(value, typed),
            None => Ok(Some(typed)
                .filter(|typed| !typed.is_empty())
                .map(RawJson::of_text)),
        }
    }
}

/// A variable as a person edits it: a text as it reads, anything else as JSON; empty where it may not be read.
pub fn editable(value: &str) -> String {
    if value.contains(MASK) {
        String::new()
    } else {
        json::text(value).into_owned()
    }
}

/// What was made of a variable; nothing where it stays as it is. The error says what is wrong, and what to do.
pub fn edited(value: &str, typed: &str) -> Result<Option<RawJson>, String> {
    if typed == editable(value) {
        return Ok(None);
    }
    if value.starts_with('"') {
        return Ok(Some(RawJson::of_text(typed)));
    }
    RawJson::parse(typed.trim()).map(Some).map_err(|error| {
        let (line, column, expected) = (error.line(), error.column(), error.expected());
        format!(
            "This must be JSON, because the variable held JSON before: in line {line}, column {column} there should be {expected}."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::StartedBy;
    use crate::model::RunbookId;

    #[test]
    fn only_what_was_edited_is_sent_and_keeps_its_kind() {
        for (value, typed, expected) in [
            (r#""Bern""#, "Bern", Ok(None)),
            (r#""Bern""#, "Thun", Ok(Some(r#""Thun""#))),
            (r#""Bern""#, "", Ok(Some(r#""""#))),
            (r#""a\nb""#, "a\nb", Ok(None)),
            (r#""7""#, "8", Ok(Some(r#""8""#))),
            ("7", "7", Ok(None)),
            ("7", " 0.10 ", Ok(Some("0.10"))),
            (r#"{"a":1}"#, r#"{"a":2}"#, Ok(Some(r#"{"a":2}"#))),
            (r#"{"a":1}"#, r#"{"a":"#, Err(())),
            ("7", "", Err(())),
            // What may not be read stays, unless something takes its place.
            (r#""••••••""#, "", Ok(None)),
            (r#""••••••""#, "new", Ok(Some(r#""new""#))),
            (r#"{"a":"••••••"}"#, "", Ok(None)),
        ] {
            let told = edited(value, typed);
            let told = told
                .as_ref()
                .map(|value| value.as_ref().map(RawJson::as_str));
            assert_eq!(told.map_err(|_| ()), expected, "{value} {typed}");
        }
    }

    #[test]
    fn what_is_no_json_is_told_of_the_variable() {
        let words = edited("{}", "{\"a\":").unwrap_err();
        assert!(
            words.ends_with("in line 1, column 6 there should be a value."),
            "{words}"
        );
        assert!(!words.contains("body"), "{words}");
    }

    #[test]
    fn what_had_no_value_stays_so_unless_something_is_typed() {
        let variable = |value: Option<&str>| ReplayVariable {
            name: "Maybe".to_owned(),
            value: value.map(str::to_owned),
        };
        for (value, shown, typed, expected) in [
            (None, "", "", None),
            (None, "", "7", Some(r#""7""#)),
            (Some("7"), "7", "8", Some("8")),
            (Some(r#""a""#), "a", "b", Some(r#""b""#)),
        ] {
            let variable = variable(value);
            assert_eq!(variable.editable(), shown);
            let edited = variable.edited(typed).unwrap();
            let edited = edited.as_ref().map(RawJson::as_str);
            assert_eq!(edited, expected, "{value:?} {typed}");
        }
    }

    #[test]
    fn what_is_left_out_is_as_it_was() {
        assert_eq!(
            serde_json::from_str::<Replay>("{}").unwrap(),
            Replay::default()
        );
        assert_eq!(serde_json::to_string(&Replay::default()).unwrap(), "{}");
        let written = r#"{"from_step":"ask","variables":{"City":"Bern","Price":0.10}}"#;
        let replay: Replay = serde_json::from_str(written).unwrap();
        assert_eq!(replay.from_step, StepId::parse("ask").ok());
        assert_eq!(serde_json::to_string(&replay).unwrap(), written);
        assert!(serde_json::from_str::<Replay>(r#"{"form_step":"ask"}"#).is_err());
    }

    fn id(number: u64) -> RunId {
        RunId::new(RunbookId::parse("rb").unwrap(), 0, 0, number)
    }

    fn run(number: u64, status: RunStatus, of: Option<u64>) -> RunSummary {
        let mut run = crate::engine::view::tests::run(status).summary;
        run.run_id = id(number);
        if let Some(of) = of {
            run.started_by = StartedBy::Replay {
                run_id: id(of),
                ticket_id: None,
                step_name: None,
                edited: Vec::new(),
            };
        }
        run
    }

    #[test]
    fn what_a_replay_has_done_is_not_done_again_and_of_the_others_only_the_last() {
        use RunStatus::{Failed, Running, Succeeded};

        // The second has been done by one that is not among these.
        let runs = [
            run(9, Failed, None),
            run(8, Succeeded, Some(7)),
            run(7, Failed, None),
            run(6, Running, Some(1)),
            run(5, Failed, Some(4)),
            run(4, Failed, Some(3)),
            run(3, Failed, None),
            run(2, Failed, None),
            run(1, Failed, None),
        ];
        let redone = [id(1), id(2), id(7)];
        let page = |runs: &[RunSummary]| RunsPage {
            items: runs.to_vec(),
            redone: redone.to_vec(),
            ..RunsPage::default()
        };
        let mut at_once = Together::new(10);
        at_once.take(&page(&runs));
        let mut newest_first = Together::new(10);
        for run in runs.chunks(1) {
            newest_first.take(&page(run));
        }
        let mut oldest_first = Together::new(10);
        for run in runs.rchunks(1) {
            oldest_first.take(&page(run));
        }
        for together in [at_once, newest_first, oldest_first] {
            assert_eq!(together.chosen, [id(5), id(8), id(9)].into());
            assert_eq!((together.redone, together.replaced), (3, 2));
            assert!(!together.is_full());
        }
        let mut one = Together::new(1);
        one.take(&page(&runs));
        assert_eq!((one.chosen, one.most), ([id(9)].into(), 1));
        // Where only what failed is listed, the replay that succeeded is not there to be seen.
        let mut failed = Together::new(10);
        failed.take(&page(&[run(7, Failed, None)]));
        assert_eq!((failed.chosen.len(), failed.redone), (0, 1));
    }

    #[test]
    fn a_replay_that_fails_takes_nothing_from_what_another_has_made_good() {
        use RunStatus::{Failed, Running, Succeeded};

        // Before the list was read, a replay of the first has succeeded, and one of the second was under way. The list does
        // not have them.
        let mut redone = Redone::default();
        redone.take_page(&RunsPage {
            items: vec![
                run(3, Failed, None),
                run(2, Failed, None),
                run(1, Failed, None),
            ],
            redone: vec![id(1), id(2)],
            made_good: vec![id(1)],
            ..RunsPage::default()
        });
        for (news, expected) in [
            (run(5, Running, Some(1)), vec![1, 2]),
            (run(5, Failed, Some(1)), vec![1, 2]),
            (run(4, Failed, Some(2)), vec![1]),
            // What a replay of a replay gives and takes, it does to both.
            (run(6, Failed, Some(3)), vec![1]),
            (run(7, Running, Some(6)), vec![1, 3, 6]),
            (run(7, Failed, Some(6)), vec![1]),
            (run(8, Succeeded, Some(6)), vec![1, 3, 6]),
            (run(9, Failed, Some(3)), vec![1, 3, 6]),
            (run(10, Failed, Some(6)), vec![1, 3, 6]),
        ] {
            redone.take_run(&news);
            let found: Vec<u64> = (1..=10)
                .filter(|number| redone.contains(&id(*number)))
                .collect();
            assert_eq!(found, expected, "after {} {:?}", news.run_id, news.status);
        }
    }

    #[test]
    fn what_need_not_be_done_again_follows_its_replays() {
        use RunStatus::{Cancelled, Failed, Queued, Running, Succeeded};

        // The second was done again before the list was read, the third in vain by the fourth.
        let mut redone = Redone::default();
        let page = RunsPage {
            items: vec![
                run(4, Failed, Some(3)),
                run(3, Failed, None),
                run(2, Failed, None),
                run(1, Failed, None),
            ],
            redone: vec![id(2)],
            ..RunsPage::default()
        };
        redone.take_page(&page);
        for (news, expected) in [
            (run(5, Failed, None), vec![2]),
            // Under way, and in vain.
            (run(6, Queued, Some(1)), vec![1, 2]),
            (run(6, Running, Some(1)), vec![1, 2]),
            (run(6, Cancelled, Some(1)), vec![2]),
            // Of two replays one is enough.
            (run(7, Running, Some(1)), vec![1, 2]),
            (run(8, Running, Some(1)), vec![1, 2]),
            (run(7, Failed, Some(1)), vec![1, 2]),
            (run(8, Succeeded, Some(1)), vec![1, 2]),
            // The replay of a replay makes both good.
            (run(9, Running, Some(4)), vec![1, 2, 3, 4]),
            (run(9, Succeeded, Some(4)), vec![1, 2, 3, 4]),
            (run(10, Failed, Some(3)), vec![1, 2, 3, 4]),
        ] {
            redone.take_run(&news);
            let found: Vec<u64> = (1..=10)
                .filter(|number| redone.contains(&id(*number)))
                .collect();
            assert_eq!(found, expected, "after {} {:?}", news.run_id, news.status);
        }
        // A list that is read again knows better.
        redone.take_page(&page);
        assert!(redone.contains(&id(2)) && !redone.contains(&id(1)));
    }
}
