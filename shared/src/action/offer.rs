//! Where an action is offered, and why not elsewhere.

use std::fmt;

use super::allowed::{allows, holds};
use crate::api::{RunbookSummary, TicketWorkflow};
use crate::model::{ActsOn, DeskAction, SystemUse};

/// What an action would stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'p> {
    Ticket(OnTicket<'p>),
    User,
    Asset,
}

impl Place<'_> {
    fn records(self) -> ActsOn {
        match self {
            Self::Ticket(_) => ActsOn::Ticket,
            Self::User => ActsOn::User,
            Self::Asset => ActsOn::Asset,
        }
    }
}

/// What decides of a ticket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OnTicket<'p> {
    /// The name of its type.
    pub ticket_type: &'p str,
    /// The name of its status; where it is not known, any will do.
    pub status: Option<&'p str>,
    /// The actions that its type allows; all where there is none.
    pub allowed: &'p [String],
}

/// Why an action is not offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotOffered {
    /// It is to queue a runbook, and names none.
    NoRunbook,
    RunbookGone,
    NotPublished {
        runbook: String,
    },
    SwitchedOff {
        runbook: String,
    },
    /// It stands on other records.
    OtherRecords(ActsOn),
    /// The action is for other ticket types.
    OtherTypes {
        ticket_type: String,
    },
    /// The ticket type allows other actions.
    NotAllowed {
        ticket_type: String,
    },
    /// The action is for other statuses.
    OtherStatuses {
        status: String,
    },
    /// The step of the workflow that the ticket is in allows other actions.
    NotInStep {
        step: String,
        workflow: String,
    },
    /// The ticket does not meet what the step asks of it for the action.
    NotMetInStep {
        step: String,
        why: String,
    },
}

impl NotOffered {
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoRunbook => "no_runbook",
            Self::RunbookGone => "unknown_runbook",
            Self::NotPublished { .. } => "not_published",
            Self::SwitchedOff { .. } => "switched_off",
            Self::OtherRecords(_) => "other_records",
            Self::OtherTypes { .. } => "other_ticket_types",
            Self::NotAllowed { .. } => "not_allowed_by_type",
            Self::OtherStatuses { .. } => "other_statuses",
            Self::NotInStep { .. } => "not_allowed_by_step",
            Self::NotMetInStep { .. } => "not_met_in_step",
        }
    }
}

impl fmt::Display for NotOffered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRunbook => f.write_str("it is to queue a runbook, but names none: choose one"),
            Self::RunbookGone => {
                f.write_str("its runbook does not exist any more: choose another one")
            }
            Self::NotPublished { runbook } => {
                write!(f, "its runbook “{runbook}” is not published: publish it")
            }
            Self::SwitchedOff { runbook } => write!(
                f,
                "its runbook “{runbook}” is switched off: let it accept starts"
            ),
            Self::OtherRecords(records) => {
                write!(f, "it is a button on {}s", records.as_str())
            }
            Self::OtherTypes { ticket_type } => write!(
                f,
                "the action is for other ticket types than {ticket_type}: add it under Settings > Actions"
            ),
            Self::NotAllowed { ticket_type } => write!(
                f,
                "the ticket type {ticket_type} does not allow it: allow it under Settings > Ticket types"
            ),
            Self::OtherStatuses { status } => write!(
                f,
                "the action is for other statuses than {status}: add it under Settings > Actions"
            ),
            Self::NotInStep { step, workflow } => write!(
                f,
                "the step {step} of the workflow {workflow} does not allow it: allow it under Settings > Workflows"
            ),
            Self::NotMetInStep { step, why } => {
                write!(
                    f,
                    "the ticket does not meet its condition in the step {step}: {why}"
                )
            }
        }
    }
}

/// What keeps an action from being offered there, apart from its runbook; it is offered where there is none.
pub fn reasons(action: &DeskAction, place: Place<'_>) -> Vec<NotOffered> {
    if place.records() != action.records {
        return vec![NotOffered::OtherRecords(action.records)];
    }
    let Place::Ticket(ticket) = place else {
        return Vec::new();
    };
    let ticket_type = || ticket.ticket_type.to_owned();
    let mut reasons = Vec::new();
    if !action.ticket_types.is_empty() && !holds(&action.ticket_types, ticket.ticket_type) {
        reasons.push(NotOffered::OtherTypes {
            ticket_type: ticket_type(),
        });
    }
    if !allows(ticket.allowed, &action.name) {
        reasons.push(NotOffered::NotAllowed {
            ticket_type: ticket_type(),
        });
    }
    if let Some(status) = ticket.status
        && !action.statuses.is_empty()
        && !holds(&action.statuses, status)
    {
        reasons.push(NotOffered::OtherStatuses {
            status: status.to_owned(),
        });
    }
    reasons
}

/// What of its runbook keeps an action from being offered anywhere: it would only answer that it cannot start.
pub fn runbook_reason(action: &DeskAction, runbooks: &[RunbookSummary]) -> Option<NotOffered> {
    if action.system_use == SystemUse::None {
        return None;
    }
    let Some(id) = action.queues() else {
        return Some(NotOffered::NoRunbook);
    };
    let Some(runbook) = runbooks.iter().find(|runbook| runbook.id == *id) else {
        return Some(NotOffered::RunbookGone);
    };
    let name = runbook.name.clone();
    if runbook.publication.version.is_none() {
        return Some(NotOffered::NotPublished { runbook: name });
    }
    (!runbook.enabled).then_some(NotOffered::SwitchedOff { runbook: name })
}

/// What of its workflow keeps an action from being offered on a ticket that is inside one.
pub fn step_reason(action: &DeskAction, inside: &TicketWorkflow) -> Option<NotOffered> {
    let step = || inside.step_name.clone();
    let Some(offer) = inside
        .offers
        .iter()
        .find(|offer| offer.action == action.name)
    else {
        return Some(NotOffered::NotInStep {
            step: step(),
            workflow: inside.name.clone(),
        });
    };
    let why = offer.not_because.clone()?;
    Some(NotOffered::NotMetInStep { step: step(), why })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::api::Publication;
    use crate::model::RunbookId;

    fn action(more: &Value) -> DeskAction {
        let mut action = json!({"name": "Ask", "system_use": "none"});
        for (name, value) in more.as_object().unwrap() {
            action[name] = value.clone();
        }
        serde_json::from_value(action).unwrap()
    }

    #[test]
    fn where_an_action_is_offered() {
        let all: &[&str] = &[];
        for (more, ticket_type, status, allowed, expected) in [
            (json!({}), "Incident", Some("New"), all, all),
            // A type with no list allows all, one with a list what stands there.
            (json!({}), "Incident", Some("New"), &["ASK"], all),
            (
                json!({}),
                "Incident",
                Some("New"),
                &["Tell"],
                &["not_allowed_by_type"],
            ),
            (
                json!({"ticket_types": ["incident"]}),
                "Incident",
                None,
                all,
                all,
            ),
            (
                json!({"ticket_types": ["Problem"]}),
                "Incident",
                None,
                all,
                &["other_ticket_types"],
            ),
            // Both must agree.
            (
                json!({"ticket_types": ["Incident"]}),
                "Incident",
                None,
                &["Tell"],
                &["not_allowed_by_type"],
            ),
            (
                json!({"ticket_types": ["Problem"]}),
                "Incident",
                None,
                &["Tell"],
                &["other_ticket_types", "not_allowed_by_type"],
            ),
            (
                json!({"statuses": ["New", "With User"]}),
                "Incident",
                Some("with user"),
                all,
                all,
            ),
            (
                json!({"statuses": ["New"]}),
                "Incident",
                Some("Closed"),
                all,
                &["other_statuses"],
            ),
            // As long as no ticket is meant, its status keeps nothing back.
            (json!({"statuses": ["New"]}), "Incident", None, all, all),
            (
                json!({"records": "user"}),
                "Incident",
                Some("New"),
                all,
                &["other_records"],
            ),
        ] {
            let allowed: Vec<String> = allowed.iter().map(|&name| name.to_owned()).collect();
            let place = Place::Ticket(OnTicket {
                ticket_type,
                status,
                allowed: &allowed,
            });
            let action = action(&more);
            let codes: Vec<_> = reasons(&action, place)
                .iter()
                .map(NotOffered::code)
                .collect();
            assert_eq!(codes, expected, "{action:?} on {place:?}");
        }
    }

    #[test]
    fn buttons_stand_on_their_records_alone() {
        for (records, place, offered) in [
            ("user", Place::User, true),
            ("user", Place::Asset, false),
            ("asset", Place::Asset, true),
            ("ticket", Place::User, false),
        ] {
            let action = action(&json!({"records": records, "ticket_types": ["Incident"]}));
            assert_eq!(
                reasons(&action, place).is_empty(),
                offered,
                "{records} on {place:?}"
            );
        }
    }

    #[test]
    fn a_runbook_that_would_not_start_keeps_its_action_back() {
        let summary = |version: Option<u64>, enabled: bool| RunbookSummary {
            id: RunbookId::parse("rb").unwrap(),
            name: "Runbook".to_owned(),
            enabled,
            publication: Publication {
                version,
                ..Publication::default()
            },
            public: false,
            steps: 1,
            methods: Vec::new(),
            actions: Vec::new(),
            events: Vec::new(),
            workflows: Vec::new(),
            schedules: Vec::new(),
            version: 1,
            updated_at: 0,
            last_run: None,
        };
        let queues = json!({"system_use": "queue_runbook", "runbook": "rb"});
        for (more, runbooks, expected) in [
            (json!({}), vec![], None),
            // What it named before it queued nothing does not count.
            (json!({"runbook": "rb"}), vec![], None),
            (
                json!({"system_use": "queue_runbook"}),
                vec![],
                Some("no_runbook"),
            ),
            (queues.clone(), vec![], Some("unknown_runbook")),
            (
                queues.clone(),
                vec![summary(None, true)],
                Some("not_published"),
            ),
            (
                queues.clone(),
                vec![summary(Some(1), false)],
                Some("switched_off"),
            ),
            (queues, vec![summary(Some(1), true)], None),
        ] {
            let action = action(&more);
            let reason = runbook_reason(&action, &runbooks);
            assert_eq!(
                reason.as_ref().map(NotOffered::code),
                expected,
                "{action:?}"
            );
        }
    }

    #[test]
    fn a_step_of_a_workflow_says_what_is_offered() {
        let inside: TicketWorkflow = serde_json::from_value(json!({
            "workflow": "wf", "name": "Incidents", "version": 1, "step": "a", "step_name": "Triage",
            "entered_at": 5, "newest_version": 1,
            "offers": [{"action": "Ask"}, {"action": "Solve", "not_because": "Status is New"}],
        }))
        .unwrap();
        for (name, code) in [
            ("Ask", None),
            ("Solve", Some("not_met_in_step")),
            ("Tell", Some("not_allowed_by_step")),
        ] {
            let reason = step_reason(&action(&json!({"name": name})), &inside);
            assert_eq!(
                reason.as_ref().map(NotOffered::code),
                code,
                "{name}: {reason:?}"
            );
        }
        let tell = step_reason(&action(&json!({"name": "Tell"})), &inside).unwrap();
        assert!(
            tell.to_string()
                .contains("the step Triage of the workflow Incidents")
        );
    }
}
