//! Where an action is offered, and why not elsewhere.

use leptos::prelude::*;
use shared::action::{
    NotOffered, OnTicket, Place, allowed_names, reasons, runbook_reason, unknown_names,
};
use shared::api::{List, RunbookSummary};
use shared::desk::Record;
use shared::desk::form::text_of;
use shared::desk::resource::{STATUS, TICKET_TYPE};
use shared::model::{ActsOn, DeskAction, Workflow};

use super::words::listed;
use crate::client::{self, Fault};
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::{Badge, Bound, Checkbox, Notice, Skeleton, Tone, error_words};

/// What the desk has that an action may name.
#[derive(Debug, Clone)]
struct Desk {
    types: Vec<Record>,
    statuses: Vec<String>,
    /// Those that new tickets enter.
    workflows: Vec<Workflow>,
}

impl Desk {
    async fn read() -> Result<Self, Fault> {
        let statuses = client::records(&STATUS, "count=1000").await?.records;
        let mut workflows = Vec::new();
        for summary in client::workflows().await?.items {
            if summary.publication.version.is_some() {
                workflows.push(client::workflow(&summary.id).await?.record.value);
            }
        }
        Ok(Self {
            workflows,
            types: client::records(&TICKET_TYPE, "count=1000").await?.records,
            statuses: statuses.iter().map(name_of).collect(),
        })
    }

    fn type_names(&self) -> Vec<String> {
        self.types.iter().map(name_of).collect()
    }
}

fn name_of(record: &Record) -> String {
    record.get("name").map(text_of).unwrap_or_default()
}

#[component]
pub(super) fn Offered(
    draft: RwSignal<DeskAction>,
    runbooks: Loaded<List<RunbookSummary>>,
) -> impl IntoView {
    let desk = Loaded::new(Desk::read);
    let on_ticket = Memo::new(move |_| draft.with(|draft| draft.records == ActsOn::Ticket));
    // A runbook that cannot be started withholds it everywhere.
    let withheld = Memo::new(move |_| {
        let runbooks = runbooks.value()?.items;
        draft.with(|draft| runbook_reason(draft, &runbooks))
    });
    let body = move || match (on_ticket.get(), desk.state.get()) {
        (false, _) => {
            let stands = if withheld.with(Option::is_some) {
                "would stand"
            } else {
                "stands"
            };
            let one = draft.with(|draft| match draft.records {
                ActsOn::Asset => format!("It {stands} on the page of every asset."),
                _ => format!("It {stands} on the page of every user."),
            });
            view! { <p>{one}</p> }.into_any()
        }
        (true, None) => view! { <Skeleton lines=4 /> }.into_any(),
        (true, Some(Err(fault))) => {
            view! { <Notice tone=Tone::Bad>{fault.to_string()}</Notice> }.into_any()
        }
        (true, Some(Ok(desk))) => choices(draft, desk, withheld),
    };
    let nowhere = move || {
        let reason = withheld.get()?;
        let leads = draft.with(|draft| draft.queues().cloned());
        let link = leads.map(|id| {
            let href = Route::Runbook(id.to_string()).to_string();
            view! { " " <a href=href>"Open the runbook"</a> }
        });
        Some(view! {
            <Notice tone=Tone::Warning>
                <strong>"It is offered nowhere: "</strong>
                {error_words(&reason.to_string())}
                {link}
            </Notice>
        })
    };
    view! {
        <section class="section" aria-label="Where it is offered">
            <h2>"Where it is offered"</h2>
            <div class="stack">
                <div role="status">{nowhere}</div>
                {body}
            </div>
        </section>
    }
    .into_any()
}

fn choices(draft: RwSignal<DeskAction>, desk: Desk, withheld: Memo<Option<NotOffered>>) -> AnyView {
    let types = Bound::of(
        draft,
        |draft| draft.ticket_types.clone(),
        |draft, names| draft.ticket_types = names,
    );
    let statuses = Bound::of(
        draft,
        |draft| draft.statuses.clone(),
        |draft, names| draft.statuses = names,
    );
    let known = desk.type_names();
    view! {
        <div class="action-places">
            {ticked("Ticket types", "None ticked: all types.", known, types)}
            {ticked("Statuses", "None ticked: all statuses.", desk.statuses.clone(), statuses)}
        </div>
        {overview(draft, desk, withheld)}
    }
    .into_any()
}

/// Names that can be ticked: those that the desk has, and those that the action brought from elsewhere.
fn ticked(
    legend: &'static str,
    hint: &'static str,
    known: Vec<String>,
    chosen: Bound<Vec<String>>,
) -> AnyView {
    let gone: Vec<String> = {
        let chosen = chosen.peek();
        unknown_names(&chosen, &known)
            .into_iter()
            .map(str::to_owned)
            .collect()
    };
    let boxes = known
        .into_iter()
        .map(|name| (name, false))
        .chain(gone.into_iter().map(|name| (name, true)))
        .map(|(name, is_gone)| {
            let own = StoredValue::new(name.to_lowercase());
            let written = StoredValue::new(name.clone());
            let is_own = move |other: &String| own.with_value(|own| other.trim().to_lowercase() == *own);
            let value = chosen.part(
                move |names| names.iter().any(is_own),
                move |names, on| {
                    names.retain(|other| !is_own(other));
                    if on {
                        names.push(written.get_value());
                    }
                },
            );
            if is_gone {
                view! { <Checkbox label=name value=value hint="This desk has none of that name." /> }
                    .into_any()
            } else {
                view! { <Checkbox label=name value=value /> }.into_any()
            }
        })
        .collect_view();
    view! {
        <fieldset class="field">
            <legend class="field-label">{legend}</legend>
            <p class="field-note">{hint}</p>
            <div class="stack stack-small">{boxes}</div>
        </fieldset>
    }
    .into_any()
}

/// For each ticket type whether it is offered, and why not.
fn overview(
    draft: RwSignal<DeskAction>,
    desk: Desk,
    withheld: Memo<Option<NotOffered>>,
) -> AnyView {
    // Workflows name it as it is saved.
    let name = draft.with_untracked(|draft| draft.name.clone());
    let rows = move || {
        let withheld = withheld.with(Option::is_some);
        draft.with(|draft| {
            let types = desk.types.iter();
            types
                .map(|one| {
                    let inside = in_workflow(&desk.workflows, one, &name);
                    type_row(draft, one, inside, withheld)
                })
                .collect_view()
        })
    };
    let statuses = move || {
        draft.with(|draft| {
            (!draft.statuses.is_empty())
                .then(|| format!(" In status {} only.", listed(&draft.statuses)))
        })
    };
    view! {
        <div class="stack stack-small">
            <h3 class="field-label">"So it is offered"</h3>
            <dl class="facts action-types">{rows}</dl>
            <p class="muted">"As the draft stands here." {statuses}</p>
        </div>
    }
    .into_any()
}

/// What a workflow has to do with the tickets of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
struct InWorkflow {
    id: String,
    name: String,
    /// The steps that allow the action.
    steps: Vec<String>,
}

/// The workflow that new tickets of a type enter, and what it says of an action.
fn in_workflow(workflows: &[Workflow], ticket_type: &Record, action: &str) -> Option<InWorkflow> {
    let id = ticket_type.get("id")?.as_u64()?;
    let mut workflows = workflows.iter();
    let workflow = workflows.find(|workflow| workflow.ticket_types.contains(&id))?;
    let steps = workflow.steps.iter();
    let allowing = steps.filter(|step| step.actions.iter().any(|row| row.action == action));
    Some(InWorkflow {
        id: workflow.id.to_string(),
        name: workflow.name.clone(),
        steps: allowing.map(|step| step.name.clone()).collect(),
    })
}

fn workflow_words(inside: InWorkflow) -> AnyView {
    let InWorkflow { id, name, steps } = inside;
    let words = match steps.as_slice() {
        [] => " in no step of the workflow ".to_owned(),
        [one] => format!(" in the step {one} of the workflow "),
        many => format!(" in the steps {} of the workflow ", listed(many)),
    };
    let href = Route::Workflow(id).to_string();
    view! { {words} <a href=href>{name}</a> }.into_any()
}

/// Why it is not offered on tickets of a type.
fn reasons_on(action: &DeskAction, ticket_type: &Record) -> Vec<NotOffered> {
    let allowed = allowed_names(&ticket_type.clone().into());
    reasons(
        action,
        Place::Ticket(OnTicket {
            ticket_type: &name_of(ticket_type),
            status: None,
            allowed: &allowed,
        }),
    )
}

/// Which ticket types keep an action from being offered that is for them.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Kept {
    /// Their names.
    pub(super) by: Vec<String>,
    /// Whether none is left on which it is offered.
    pub(super) everywhere: bool,
}

pub(super) fn kept_by_types(action: &DeskAction, types: &[Record]) -> Kept {
    if action.records != ActsOn::Ticket {
        return Kept::default();
    }
    let mut kept = Kept {
        by: Vec::new(),
        everywhere: true,
    };
    for one in types {
        let reasons = reasons_on(action, one);
        kept.everywhere &= !reasons.is_empty();
        let is_for_it = !reasons
            .iter()
            .any(|reason| matches!(reason, NotOffered::OtherTypes { .. }));
        if is_for_it && !reasons.is_empty() {
            kept.by.push(name_of(one));
        }
    }
    // Where it is for types that the desk does not have, no type keeps it.
    kept.everywhere &= !kept.by.is_empty();
    kept
}

fn type_row(
    draft: &DeskAction,
    ticket_type: &Record,
    inside: Option<InWorkflow>,
    withheld: bool,
) -> AnyView {
    let name = name_of(ticket_type);
    let reasons = reasons_on(draft, ticket_type);
    let id = ticket_type.get("id").map(text_of).unwrap_or_default();
    let href = Route::Record("ticket-types".to_owned(), id).to_string();
    let words = reasons
        .iter()
        .map(|reason| match reason {
            NotOffered::OtherTypes { .. } => "not ticked above".to_owned(),
            NotOffered::NotAllowed { .. } => "the ticket type does not allow it".to_owned(),
            other => other.to_string(),
        })
        .chain(withheld.then(|| "its runbook cannot be started".to_owned()))
        .collect::<Vec<_>>()
        .join("; ");
    let nowhere = inside
        .as_ref()
        .is_some_and(|inside| inside.steps.is_empty());
    let state = if words.is_empty() && nowhere {
        view! {
            <Badge tone=Tone::Neutral label="Not offered".to_owned() />
            {inside.map(workflow_words)}
        }
        .into_any()
    } else if words.is_empty() {
        view! {
            <Badge tone=Tone::Good label="Offered".to_owned() />
            {inside.map(workflow_words)}
        }
        .into_any()
    } else {
        view! { <Badge tone=Tone::Neutral label="Not offered".to_owned() /> " " {words} }.into_any()
    };
    view! {
        <dt>
            <a href=href>{name}</a>
        </dt>
        <dd>{state}</dd>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::model::strict;

    use super::*;

    #[test]
    fn a_workflow_says_in_which_steps_an_action_is_offered() {
        let written = br#"{"id": "wf", "name": "Incidents", "ticket_types": [1], "steps": [
            {"id": "a", "name": "Triage", "actions": [{"action": "Start"}]},
            {"id": "b", "name": "Waiting", "actions": [{"action": "Start"}, {"action": "Solve"}]}]}"#;
        let workflows: Vec<Workflow> = vec![strict::from_slice(written).unwrap()];
        let steps = |id: u64, action: &str| {
            let ticket_type = Record::from_iter([("id".to_owned(), json!(id))]);
            in_workflow(&workflows, &ticket_type, action).map(|inside| inside.steps)
        };
        assert_eq!(steps(1, "Start").unwrap(), ["Triage", "Waiting"]);
        assert_eq!(steps(1, "Solve").unwrap(), ["Waiting"]);
        assert!(steps(1, "Tell").unwrap().is_empty());
        assert_eq!(steps(2, "Start"), None);
    }

    #[test]
    fn the_types_that_keep_an_action_are_named() {
        let one = |name: &str, allowed: &[&str]| {
            let allowed: Vec<_> = allowed.iter().map(|name| json!({ "name": name })).collect();
            let one = json!({"name": name, "allowed_actions": allowed});
            one.as_object().cloned().unwrap_or_default()
        };
        let types = [
            one("Incident", &[]),
            one("Problem", &["Order"]),
            one("Change", &["Ask"]),
        ];
        let action = |records, types: &[&str]| DeskAction {
            name: "Ask".to_owned(),
            records,
            ticket_types: types.iter().map(|&name| name.to_owned()).collect(),
            ..DeskAction::default()
        };
        for (records, of_types, by, everywhere) in [
            (ActsOn::Ticket, &[][..], &["Problem"][..], false),
            (ActsOn::Ticket, &["Change"], &[], false),
            (ActsOn::Ticket, &["Problem"], &["Problem"], true),
            (ActsOn::Ticket, &["Elsewhere"], &[], false),
            (ActsOn::User, &[], &[], false),
        ] {
            let kept = kept_by_types(&action(records, of_types), &types);
            assert_eq!(
                (kept.by.as_slice(), kept.everywhere),
                (
                    &by.iter().map(|&name| name.to_owned()).collect::<Vec<_>>()[..],
                    everywhere
                )
            );
        }
    }
}
