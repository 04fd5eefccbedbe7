//! Whose turn it is, where not all runs of a runbook may be under way at once.

use std::collections::BTreeSet;

use super::RunContext;
use super::plan::Plan;
use super::run::variables::first_variables;
use super::spread;
use super::view::QueuePlace;
use crate::model::{RunId, Runbook, Running, Timestamp};
use crate::problem::ErrorDetail;
use crate::start::Trigger;

/// How many starts may wait for their turn.
pub const MOST_WAITING: u32 = 10_000;

/// What becomes of a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    Begins,
    /// It is accepted, and waits for its turn.
    Waits,
    /// Others are under way, and the runbook wants none beside them.
    Refused,
    /// Too many wait already.
    Full,
}

/// Which runs may be under way together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turns {
    running: Running,
    at_most: Option<u32>,
}

/// What is known when a start comes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// How many runs are under way, those that sleep included.
    pub under_way: u32,
    /// How many wait for their turn.
    pub waiting: u32,
    /// Whether a run with the same key is under way or waits.
    pub is_key_taken: bool,
}

/// A run that waits for its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InQueue<I> {
    pub id: I,
    pub key: Option<String>,
}

impl Turns {
    pub fn of(runbook: &Runbook) -> Self {
        Self {
            running: runbook.running,
            at_most: runbook.at_most().map(|most| spread::part(most, runbook)),
        }
    }

    /// Whether every start begins at once, whatever else is under way.
    pub fn are_free(self) -> bool {
        self.at_most.is_none() && self.running == Running::SideBySide
    }

    /// What becomes of a start.
    pub fn admit(self, traffic: Traffic) -> Admission {
        let is_full = self.at_most.is_some_and(|most| traffic.under_way >= most);
        let must_wait = match self.running {
            Running::SideBySide => is_full,
            // Who waits already comes first.
            Running::Queue => is_full || traffic.waiting > 0,
            Running::Refuse if is_full => return Admission::Refused,
            Running::Refuse => false,
            Running::OnePerKey => is_full || traffic.is_key_taken,
        };
        match (must_wait, traffic.waiting >= MOST_WAITING) {
            (false, _) => Admission::Begins,
            (true, false) => Admission::Waits,
            (true, true) => Admission::Full,
        }
    }

    /// Which of those that wait begin now; `waiting` is in the order in which they came, and `under_way` holds
    /// the key of each run that is.
    pub fn next<I>(
        self,
        under_way: &[Option<String>],
        waiting: impl IntoIterator<Item = InQueue<I>>,
    ) -> Vec<I> {
        let mut taken: BTreeSet<String> = under_way.iter().flatten().cloned().collect();
        let mut count = u32::try_from(under_way.len()).unwrap_or(u32::MAX);
        let mut next = Vec::new();
        for InQueue { id, key } in waiting {
            if self.at_most.is_some_and(|most| count >= most) {
                break;
            }
            if self.running == Running::OnePerKey
                && let Some(key) = key
                && !taken.insert(key)
            {
                continue;
            }
            count = count.saturating_add(1);
            next.push(id);
        }
        next
    }
}

/// Where a run stands among those that wait, both in the order in which they came; nothing where it does not
/// wait.
pub fn place(
    under_way: &[InQueue<RunId>],
    waiting: &[InQueue<RunId>],
    id: &RunId,
) -> Option<QueuePlace> {
    let at = waiting.iter().position(|other| other.id == *id)?;
    let key = waiting.get(at)?.key.as_ref();
    let before = waiting.get(..at)?;
    let is_alike = |other: &&InQueue<RunId>| key.is_some() && other.key.as_ref() == key;
    // Others than those with its key hold it up only where none of these is before it.
    let is_held_by_key = under_way.iter().chain(before).any(|other| is_alike(&other));
    let counts = |other: &&InQueue<RunId>| !is_held_by_key || is_alike(other);
    let last = before.iter().rfind(counts);
    let behind = last.or_else(|| under_way.iter().find(counts));
    Some(QueuePlace {
        place: before.iter().filter(counts).count() + 1,
        behind: behind.map(|other| other.id.clone()),
    })
}

/// What a start has in common with those that must not be under way beside it; nothing where its runbook does
/// not ask for that. An error says what of it cannot be filled in.
pub fn running_key(
    plan: &Plan,
    trigger: &Trigger,
    context: &RunContext,
    now: Timestamp,
) -> Result<Option<String>, ErrorDetail> {
    let Some(template) = plan.running_key() else {
        return Ok(None);
    };
    let variables = first_variables(plan, trigger, context, now);
    template.render(&variables).map(Some).map_err(|error| {
        ErrorDetail::new(
            error.kind(),
            format!("the key of the runs that go on one at a time cannot be filled in: {error}"),
        )
        .at_field("running_key")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(running: Running, most_at_once: Option<u32>) -> Turns {
        let mut runbook: Runbook =
            serde_json::from_value(serde_json::json!({"id": "rb", "name": "r"})).unwrap();
        runbook.running = running;
        runbook.most_at_once = most_at_once;
        Turns::of(&runbook)
    }

    #[test]
    fn a_start_begins_waits_or_is_refused() {
        use Admission::{Begins, Full, Refused, Waits};
        use Running::{OnePerKey, Queue, Refuse, SideBySide};
        for (running, most, under_way, waiting, is_key_taken, expected) in [
            (SideBySide, None, 9_999, 0, false, Begins),
            (SideBySide, Some(2), 1, 0, false, Begins),
            (SideBySide, Some(2), 2, 0, false, Waits),
            (SideBySide, Some(2), 2, MOST_WAITING, false, Full),
            (Queue, None, 0, 0, false, Begins),
            (Queue, None, 1, 0, false, Waits),
            // Nobody overtakes.
            (Queue, Some(3), 0, 1, false, Waits),
            (Queue, Some(3), 2, 0, false, Begins),
            (Refuse, None, 0, 0, false, Begins),
            (Refuse, None, 1, 0, false, Refused),
            (Refuse, Some(2), 1, 0, false, Begins),
            (OnePerKey, None, 50, 50, false, Begins),
            (OnePerKey, None, 1, 0, true, Waits),
            (OnePerKey, Some(1), 1, 0, false, Waits),
            (OnePerKey, None, 1, MOST_WAITING, true, Full),
        ] {
            let traffic = Traffic {
                under_way,
                waiting,
                is_key_taken,
            };
            let admission = turns(running, most).admit(traffic);
            assert_eq!(admission, expected, "{running:?} {most:?} {traffic:?}");
        }
    }

    fn next(turns: Turns, under_way: &[&str], waiting: &[&str]) -> Vec<usize> {
        let key = |text: &&str| Some((*text).to_owned()).filter(|text| !text.is_empty());
        let under_way: Vec<_> = under_way.iter().map(key).collect();
        let waiting = waiting.iter().enumerate();
        let waiting = waiting.map(|(id, text)| InQueue { id, key: key(text) });
        turns.next(&under_way, waiting)
    }

    #[test]
    fn turns_come_in_order_and_one_per_key() {
        let queue = turns(Running::Queue, None);
        assert!(next(queue, &[""], &["", ""]).is_empty());
        assert_eq!(next(queue, &[], &["", ""]), [0]);
        let three = turns(Running::SideBySide, Some(3));
        assert_eq!(next(three, &[""], &["", "", ""]), [0, 1]);
        let keyed = turns(Running::OnePerKey, None);
        assert_eq!(next(keyed, &["a"], &["a", "b", "b", "a", "c"]), [1, 4]);
        let keyed = turns(Running::OnePerKey, Some(2));
        assert_eq!(next(keyed, &["a"], &["a", "b", "c"]), [1]);
    }

    #[test]
    fn a_run_that_waits_knows_its_place() {
        let run = |number: usize| RunId::parse(&format!("rb.0.{number}")).unwrap();
        let all = |keys: &[&str], from: usize| -> Vec<InQueue<RunId>> {
            let keys = keys.iter().enumerate();
            keys.map(|(number, key)| InQueue {
                id: run(from + number),
                key: Some((*key).to_owned()).filter(|key| !key.is_empty()),
            })
            .collect()
        };
        for (under_way, waiting, asked, expected) in [
            (&["", ""][..], &["", "", ""][..], 3, Some((1, Some(1)))),
            (&["", ""], &["", "", ""], 5, Some((3, Some(4)))),
            (&["", ""], &[""], 1, None),
            (&[], &[""], 1, Some((1, None))),
            // Those with its key are what it waits for, if there are any.
            (&["a", "b"], &["a", "b", "a"], 4, Some((1, Some(2)))),
            (&["a", "b"], &["a", "b", "a"], 5, Some((2, Some(3)))),
            (&["a", "b"], &["a", "c"], 4, Some((2, Some(3)))),
        ] {
            let waiting = all(waiting, under_way.len() + 1);
            let told = place(&all(under_way, 1), &waiting, &run(asked));
            let told = told.map(|told| (told.place, told.behind));
            let expected =
                expected.map(|(place, behind): (usize, Option<usize>)| (place, behind.map(run)));
            assert_eq!(told, expected, "{under_way:?} {asked}");
        }
    }
}
