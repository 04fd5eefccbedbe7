//! What the ticket rules of the desk would make of a ticket.

use serde::{Deserialize, Serialize};

use crate::desk::Record;
use crate::desk::rule::Verdict;

/// `POST /console/ticket-rules/try`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleTrialRequest {
    pub ticket_id: u64,
    /// Whether it is looked at as if it were being logged; else as if it were saved without a change.
    #[serde(default)]
    pub as_new: bool,
    /// A rule as it is being edited, in the place of the stored one of its id; it is tried as if it were active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Record>,
}

/// The answer: all active rules in their order. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleTrial {
    pub ticket_id: u64,
    pub summary: String,
    pub rules: Vec<TriedRule>,
}

/// What would become of one rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TriedRule {
    /// 0 for one that is not stored yet.
    pub id: u64,
    pub name: String,
    pub verdict: Verdict,
    /// For people.
    pub sentence: String,
    /// In their order, each looked at although an earlier one is not met.
    pub conditions: Vec<TriedCondition>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TriedCondition {
    pub met: bool,
    /// For people: what was found.
    pub words: String,
}
