//! A trigger that is ready to look at events.

use super::field::name_of;
use crate::condition::{Condition, ConditionProblem};
use crate::model::{EventKind, EventTrigger};
use crate::template::Variables;

/// A trigger, its conditions compiled.
#[derive(Debug, Clone)]
pub struct Watch {
    pub trigger: EventTrigger,
    condition: Result<Condition, Vec<ConditionProblem>>,
}

/// What a trigger made of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Whether the runbook is to be started.
    pub starts: bool,
    /// The condition that decided, with its values.
    pub explanation: String,
}

impl Watch {
    pub fn new(trigger: EventTrigger) -> Self {
        let condition = Condition::compile(&trigger.when);
        Self { trigger, condition }
    }

    /// Whether it waits for events of one of these kinds.
    pub fn waits_for(&self, kinds: &[EventKind]) -> bool {
        self.trigger.enabled && kinds.contains(&self.trigger.event)
    }

    /// Looks at the documents of an event. What a condition looks for and does not find is no mistake: many fields are
    /// empty.
    pub fn look(&self, documents: &Variables) -> Watched {
        let (starts, explanation) = match &self.condition {
            Err(problems) => (
                false,
                problems
                    .first()
                    .map_or_else(String::new, ToString::to_string),
            ),
            Ok(condition) => match condition.evaluate_loosely(documents, name_of) {
                Ok(verdict) => (verdict.met, verdict.explanation),
                Err(error) => (false, format!("`{}`: {error}", error.row)),
            },
        };
        Watched {
            starts,
            explanation,
        }
    }
}
