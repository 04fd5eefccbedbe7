//! The starts that were refused, for the owner of the runbook: a caller is told little of it, and may be nobody who reads,
//! so somebody must be able to see what was wrong.

use std::net::IpAddr;

use super::Refusal;
use crate::api::RefusedStart;
use crate::model::Timestamp;
use crate::problem::ErrorDetail;

/// So many kinds of refusals are remembered.
const MOST: usize = 20;

/// A longer reason is cut, in characters: values that were sent may stand in it.
const LONGEST_REASON: usize = 1_000;

/// Why a start was refused, as its owner is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyRefused {
    /// What its caller was answered with.
    status: u16,
    code: String,
    /// Says how to mend it.
    reason: String,
}

impl WhyRefused {
    /// Of who has not proved to be somebody who may start the runbook.
    pub fn at_the_door(refusal: &Refusal) -> Self {
        // What is wrong with either proof may have the same code: a runbook asks for one today and for another tomorrow.
        let proof = match refusal {
            Refusal::Basic(_) => "basic/",
            Refusal::Signature(_) => "signature/",
            Refusal::Source { .. } | Refusal::UnknownSource | Refusal::Closed => "",
        };
        Self {
            status: 401,
            code: format!("{proof}{}", refusal.code()),
            reason: refusal.to_string(),
        }
    }

    /// Of what its caller was told; nothing where the door refused it, which knows more, or where Nimbus failed.
    pub fn as_told(status: u16, told: &ErrorDetail) -> Option<Self> {
        if status == 401 || !(400..500).contains(&status) {
            return None;
        }
        let mut reason: String = told.message.chars().take(LONGEST_REASON).collect();
        if let Some(owner_can) = owner_can(&told.code) {
            reason.push(' ');
            reason.push_str(owner_can);
        }
        Some(Self {
            status,
            code: told.code.clone(),
            reason,
        })
    }
}

/// What the owner can do beside what a caller is told to.
fn owner_can(code: &str) -> Option<&'static str> {
    match code {
        "body_too_large" => Some("Up to 1 MiB can be allowed with “Largest body” under Limits."),
        "too_many_starts" => {
            Some("More can be allowed with “Starts a second” and “Starts at once” under Limits.")
        }
        "switched_off" => {
            Some("To take starts again, switch “Starts are accepted” on under Details.")
        }
        "already_running" => Some(
            "To have starts wait instead, choose “Waits for its turn” under While it is running.",
        ),
        "queue_full" => Some(
            "To have its runs wait less, allow more of them at once under While it is running.",
        ),
        _ => None,
    }
}

/// The last refusals, the newest first. Repeats are counted, so that one caller who tries on and on hides no other; and
/// where many come from everywhere for one reason, they hide no other reason.
#[derive(Debug, Clone, Default)]
pub struct RefusedStarts {
    last: Vec<Known>,
}

#[derive(Debug, Clone)]
struct Known {
    code: String,
    start: RefusedStart,
}

impl Known {
    fn is_alike(&self, other: &Self) -> bool {
        self.start.status == other.start.status && self.code == other.code
    }
}

impl RefusedStarts {
    pub fn note(&mut self, why: WhyRefused, from: Option<IpAddr>, now: Timestamp) {
        let mut known = Known {
            code: why.code,
            start: RefusedStart {
                at: now,
                status: why.status,
                reason: why.reason,
                from: from.map(|from| from.to_string()),
                times: 1,
            },
        };
        let is_same =
            |other: &Known| other.is_alike(&known) && other.start.from == known.start.from;
        if let Some(index) = self.last.iter().position(is_same) {
            let before = self.last.remove(index).start.times;
            known.start.times = before.saturating_add(1);
        }
        self.last.insert(0, known);
        self.make_room();
    }

    /// Lets go of the oldest of the reason that takes the most room.
    fn make_room(&mut self) {
        if self.last.len() <= MOST {
            return;
        }
        let alike = |known: &Known| {
            self.last
                .iter()
                .filter(|other| known.is_alike(other))
                .count()
        };
        let most = self.last.iter().enumerate();
        if let Some((index, _)) = most.max_by_key(|(_, known)| alike(known)) {
            self.last.remove(index);
        }
    }

    pub fn list(&self) -> Vec<RefusedStart> {
        self.last.iter().map(|known| known.start.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorization::BasicError;
    use crate::signature::SignatureError;

    fn address(number: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, number])
    }

    #[test]
    fn the_last_refusals_are_kept_and_repeats_counted() {
        let mut refused = RefusedStarts::default();
        let late = |off_by_s| {
            WhyRefused::at_the_door(&Refusal::Signature(SignatureError::OutsideTolerance {
                off_by_s,
                tolerance_s: 300,
            }))
        };
        let wrong = || WhyRefused::at_the_door(&Refusal::Signature(SignatureError::Mismatch));
        let from = Some(IpAddr::from([203, 0, 113, 7]));
        refused.note(wrong(), from, 1);
        refused.note(late(400), from, 2);
        refused.note(wrong(), None, 3);
        refused.note(late(500), from, 4);
        let seen = |refused: &RefusedStarts| -> Vec<(Timestamp, u32, bool)> {
            let list = refused.list().into_iter();
            list.map(|start| (start.at, start.times, start.from.is_some()))
                .collect()
        };
        assert_eq!(seen(&refused), [(4, 2, true), (3, 1, false), (1, 1, true)]);
        let newest = refused.list().remove(0);
        assert!(newest.reason.contains("500 s away"), "{}", newest.reason);
        assert_eq!(newest.from.as_deref(), Some("203.0.113.7"));
        assert_eq!(newest.status, 401);
    }

    #[test]
    fn another_way_to_prove_who_one_is_is_another_reason() {
        let mut refused = RefusedStarts::default();
        let from = Some(address(1));
        let password = || WhyRefused::at_the_door(&Refusal::Basic(BasicError::Mismatch));
        let signature = || WhyRefused::at_the_door(&Refusal::Signature(SignatureError::Mismatch));
        for at in 1..=4 {
            refused.note(password(), from, at);
        }
        refused.note(signature(), from, 5);
        refused.note(password(), from, 6);
        let list = refused.list().into_iter();
        let seen: Vec<_> = list.map(|start| (start.reason, start.times)).collect();
        assert_eq!(
            seen,
            [
                (BasicError::Mismatch.to_string(), 5),
                (SignatureError::Mismatch.to_string(), 1),
            ]
        );
    }

    #[test]
    fn a_flood_is_bounded_and_hides_no_other_reason() {
        let mut refused = RefusedStarts::default();
        let wrong = || WhyRefused::at_the_door(&Refusal::Signature(SignatureError::Mismatch));
        let told = |code: &str| {
            WhyRefused::as_told(
                400,
                &ErrorDetail::new(code, "This is wrong: send it right."),
            )
            .unwrap()
        };
        refused.note(told("body_not_json"), Some(address(1)), 1);
        refused.note(told("missing_input"), Some(address(2)), 2);
        for number in 0..100 {
            refused.note(wrong(), Some(address(number)), 3);
        }
        let list = refused.list();
        assert_eq!(list.len(), MOST);
        let others: Vec<_> = list.iter().filter(|start| start.status == 400).collect();
        assert_eq!(others.len(), 2);
        // Of the flood itself, the last ones are kept.
        assert_eq!(
            list.first().and_then(|start| start.from.as_deref()),
            Some("10.0.0.99")
        );
        // One caller who goes on takes no further room.
        for _ in 0..100 {
            refused.note(told("body_not_json"), Some(address(1)), 4);
        }
        let list = refused.list();
        assert_eq!((list.len(), list[0].times), (MOST, 101));
    }

    #[test]
    fn what_a_caller_is_told_is_told_to_the_owner_with_what_he_can_do() {
        let reason = |status, code: &str| {
            let told = ErrorDetail::new(code, "It is so. Do this.");
            WhyRefused::as_told(status, &told).map(|why| why.reason)
        };
        for (status, code, more) in [
            (400, "body_not_json", ""),
            (413, "body_too_large", "Largest body"),
            (429, "too_many_starts", "Starts a second"),
            (429, "queue_full", "While it is running"),
            (409, "switched_off", "Starts are accepted"),
            (409, "already_running", "Waits for its turn"),
            (422, "idempotency_key_reused", ""),
        ] {
            let reason = reason(status, code).unwrap();
            let rest = reason.strip_prefix("It is so. Do this.").unwrap();
            assert!(
                rest.contains(more) && rest.is_empty() == more.is_empty(),
                "{reason}"
            );
        }
        for (status, code) in [
            (401, "unauthorized"),
            (500, "internal"),
            (503, "overloaded"),
        ] {
            assert_eq!(reason(status, code), None, "{code}");
        }
        let long = ErrorDetail::new("body_not_json", "ü".repeat(10_000));
        let why = WhyRefused::as_told(400, &long).unwrap();
        assert_eq!(why.reason.chars().count(), LONGEST_REASON);
    }
}
