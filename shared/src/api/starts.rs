//! What is known of the starts from outside beside their runs.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::model::Timestamp;

/// `GET /console/runbooks/{id}/starts`: what is known of the published version's starts from outside beside their runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartsReport {
    /// Only those that have proved a start.
    pub secrets: Vec<SecretUse>,
    /// The newest first; only the last ones are kept.
    pub ignored: Vec<IgnoredStart>,
    /// The newest first; kept in memory only.
    #[serde(default)]
    pub refused: Vec<RefusedStart>,
}

impl StartsReport {
    /// Adds what another object of the same runbook knows.
    pub fn join(&mut self, other: Self) {
        for theirs in other.secrets {
            let known = self
                .secrets
                .iter_mut()
                .find(|ours| ours.place == theirs.place);
            match known {
                Some(ours) => ours.used_at = ours.used_at.max(theirs.used_at),
                None => self.secrets.push(theirs),
            }
        }
        self.ignored.extend(other.ignored);
        self.ignored.sort_by_key(|start| Reverse(start.at));
        for theirs in other.refused {
            let mut known = self.refused.iter_mut();
            match known.find(|ours| ours.is_alike(&theirs)) {
                Some(ours) => {
                    ours.at = ours.at.max(theirs.at);
                    ours.times = ours.times.saturating_add(theirs.times);
                }
                None => self.refused.push(theirs),
            }
        }
        self.refused.sort_by_key(|start| Reverse(start.at));
    }
}

/// When a secret proved a start last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretUse {
    /// Such as `start.auth.secrets[0]`.
    pub place: String,
    /// To the hour: within that, the first use counts.
    pub used_at: Timestamp,
}

/// A start that did not meet the conditions to start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IgnoredStart {
    pub at: Timestamp,
    /// What decided, secrets masked.
    pub explanation: String,
}

/// A start that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedStart {
    /// When it was refused last.
    pub at: Timestamp,
    /// What its caller was answered with: a 401 is the same for everybody, whatever the reason.
    pub status: u16,
    /// What was wrong, and how to mend it; secrets masked.
    pub reason: String,
    /// The address that it came from, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// How often it was refused from there for this reason.
    pub times: u32,
}

impl RefusedStart {
    /// Whether both are one entry of a list, but for when and how often.
    fn is_alike(&self, other: &Self) -> bool {
        (self.status, &self.reason, &self.from) == (other.status, &other.reason, &other.from)
    }
}

#[cfg(test)]
mod tests {
    use super::{RefusedStart, StartsReport};

    fn refused(at: u64, status: u16, reason: &str, from: Option<&str>, times: u32) -> RefusedStart {
        RefusedStart {
            at,
            status,
            reason: reason.to_owned(),
            from: from.map(str::to_owned),
            times,
        }
    }

    #[test]
    fn what_two_objects_refused_for_one_reason_is_one_entry() {
        let of = |refused: Vec<RefusedStart>| StartsReport {
            refused,
            ..StartsReport::default()
        };
        let here = Some("203.0.113.7");
        let mut report = of(vec![
            refused(20, 401, "No key.", here, 3),
            refused(10, 429, "Too many.", None, u32::MAX),
        ]);
        report.join(of(vec![
            refused(40, 401, "No key.", None, 1),
            refused(30, 429, "Too many.", None, 2),
            refused(15, 401, "No key.", here, 2),
            refused(5, 403, "No key.", here, 1),
        ]));
        assert_eq!(
            report.refused,
            [
                refused(40, 401, "No key.", None, 1),
                refused(30, 429, "Too many.", None, u32::MAX),
                refused(20, 401, "No key.", here, 5),
                refused(5, 403, "No key.", here, 1),
            ]
        );
    }
}
