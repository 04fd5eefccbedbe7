//! How a passage went, in words and signs.

use shared::engine::view::turns::Turn;
use shared::engine::{StepVisit, VisitState};
use shared::model::Timestamp;

use super::visit::element_words;
use crate::ui::clock::duration;
use crate::ui::{Icon, Tone};

/// How it stands with a passage; `has_failed` says whether the run has.
pub(super) fn state(visit: &StepVisit, has_failed: bool) -> (Icon, &'static str, Tone) {
    match visit.state {
        VisitState::Running => (Icon::Half, "running", Tone::Active),
        VisitState::Waiting => (Icon::Clock, "waiting", Tone::Active),
        // The end itself was reached; what it says is how the run ended.
        VisitState::Succeeded if visit.kind == "end" && has_failed => {
            (Icon::Cross, "ends as failed", Tone::Bad)
        }
        VisitState::Succeeded => (Icon::Check, "succeeded", Tone::Good),
        VisitState::Failed if visit.was_stopped() => (Icon::Stop, "stopped", Tone::Bad),
        VisitState::Failed => (Icon::Cross, "failed", Tone::Bad),
    }
}

/// How long it took, or has taken until now, and in how many tries.
pub(super) fn took(visit: &StepVisit, now: Timestamp) -> String {
    let took = duration(
        visit
            .ended_at
            .unwrap_or(now)
            .saturating_sub(visit.started_at),
    );
    match visit.attempts.len() {
        0 | 1 => took,
        tries => format!("{took}, {tries} tries"),
    }
}

/// Which round of the run it belongs to, and whose turn: "round 2, element 5"; nothing for what comes once.
pub(super) fn turn_words(visit: &StepVisit, turn: &Turn) -> Option<String> {
    let round = (visit.restarts > 0).then(|| format!("round {}", u32::from(visit.restarts) + 1));
    let element = element_words(&turn.elements);
    let words: Vec<String> = round.into_iter().chain(element).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// A word as it begins a line.
pub(super) fn at_the_front(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
