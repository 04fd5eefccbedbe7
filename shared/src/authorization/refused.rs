//! The starts that were refused at the door, for the owner of the runbook: a caller is told nothing, so somebody must
//! be able to see what was wrong.

use std::net::IpAddr;

use super::Refusal;
use crate::api::RefusedStart;
use crate::model::Timestamp;

/// So many kinds of refusals are remembered.
const MOST: usize = 20;

/// The last refusals, the newest first. Repeats are counted, so that one caller who tries on and on hides no other.
#[derive(Debug, Clone, Default)]
pub struct RefusedStarts {
    last: Vec<Known>,
}

#[derive(Debug, Clone)]
struct Known {
    code: &'static str,
    start: RefusedStart,
}

impl RefusedStarts {
    pub fn note(&mut self, refusal: &Refusal, from: Option<IpAddr>, now: Timestamp) {
        let (code, from) = (refusal.code(), from.map(|from| from.to_string()));
        let is_same = |known: &Known| known.code == code && known.start.from == from;
        let before = self
            .last
            .iter()
            .position(is_same)
            .map(|index| self.last.remove(index));
        let start = RefusedStart {
            at: now,
            reason: refusal.to_string(),
            from,
            times: before
                .map_or(0, |known| known.start.times)
                .saturating_add(1),
        };
        self.last.insert(0, Known { code, start });
        self.last.truncate(MOST);
    }

    pub fn list(&self) -> Vec<RefusedStart> {
        self.last.iter().map(|known| known.start.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::SignatureError;

    #[test]
    fn the_last_refusals_are_kept_and_repeats_counted() {
        let mut refused = RefusedStarts::default();
        let late = |off_by_s| {
            Refusal::Signature(SignatureError::OutsideTolerance {
                off_by_s,
                tolerance_s: 300,
            })
        };
        let wrong = Refusal::Signature(SignatureError::Mismatch);
        let from = Some(IpAddr::from([203, 0, 113, 7]));
        refused.note(&wrong, from, 1);
        refused.note(&late(400), from, 2);
        refused.note(&wrong, None, 3);
        refused.note(&late(500), from, 4);
        let seen = |refused: &RefusedStarts| -> Vec<(Timestamp, u32, bool)> {
            let list = refused.list().into_iter();
            list.map(|start| (start.at, start.times, start.from.is_some()))
                .collect()
        };
        assert_eq!(seen(&refused), [(4, 2, true), (3, 1, false), (1, 1, true)]);
        let newest = refused.list().remove(0);
        assert!(newest.reason.contains("500 s away"), "{}", newest.reason);
        assert_eq!(newest.from.as_deref(), Some("203.0.113.7"));
        for number in 0..100 {
            refused.note(&wrong, Some(IpAddr::from([10, 0, 0, number])), 5);
        }
        assert_eq!(refused.list().len(), MOST);
    }
}
