//! What an action begins as.

use shared::api::RunbookSummary;
use shared::model::{DeskAction, NamedTemplate, RunbookId, SystemUse};
use shared::seed;

/// One that does nothing yet; it queues the runbook for which it is made, where there is one.
pub(super) fn fresh(runbook: &str) -> DeskAction {
    let runbook = RunbookId::parse(runbook).ok();
    DeskAction {
        name: "New action".to_owned(),
        system_use: queues(runbook.is_some()),
        runbook,
        ..DeskAction::default()
    }
}

/// The guide's action; it queues the guide's runbook where that is there.
pub(super) fn example(runbooks: &[RunbookSummary]) -> DeskAction {
    let runbook = RunbookId::parse(seed::RUNBOOK)
        .ok()
        .filter(|id| runbooks.iter().any(|runbook| runbook.id == *id));
    DeskAction {
        name: "Ask ChatGPT a Question".to_owned(),
        system_use: queues(runbook.is_some()),
        // The runbook's own defaults, to be seen and changed.
        variables: runbook.is_some().then(example_rows).unwrap_or_default(),
        runbook,
        ..DeskAction::default()
    }
}

fn queues(is_known: bool) -> SystemUse {
    if is_known {
        SystemUse::QueueRunbook
    } else {
        SystemUse::None
    }
}

fn example_rows() -> Vec<NamedTemplate> {
    [("TicketId", "<<ticket^id>>"), ("Prompt", "<<action^note>>")]
        .map(|(name, value)| NamedTemplate {
            name: name.to_owned(),
            value: value.to_owned(),
        })
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_for_a_runbook_queues_it() {
        let own = fresh("rb");
        assert_eq!(own.queues().map(RunbookId::as_str), Some("rb"));
        let none = fresh("");
        assert_eq!((none.system_use, none.runbook), (SystemUse::None, None));
    }
}
