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
        self.refused.extend(other.refused);
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
