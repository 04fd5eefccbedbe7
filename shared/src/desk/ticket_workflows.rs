//! Where ticket workflows come in: new tickets enter one, actions lead from step to step, and time goes by.
//!
//! Rules run before: a new ticket enters the workflow of the type that they gave it. The status of a step is part of the
//! write that leads there. All conditions of triggers look at the ticket as it is afterwards.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::{Desk, whole};
use super::error::{DeskError, StorageError};
use super::protocol::{DeskEvent, EventSource};
use super::record::{Record, Stored, read_id};
use super::resource::{OUTCOME, Resource, STATUS, Subject, TICKET, TICKET_TYPE};
use super::write::Writer;
use crate::api::{NotMoved, TicketWorkflow};
use crate::model::StepId;
use crate::workflow::{
    Flow, Moved, Offer, Position, Refused, StepStart, StillUsed, Timer, Version,
};

/// Where a ticket is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub position: Position,
    /// How many runs stood above what led it there: as many stand above what its timers set off.
    pub depth: u8,
}

/// A version of a workflow that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counting {
    pub version: Version,
    /// Whether new tickets enter it.
    pub is_open: bool,
    pub tickets_inside: u64,
}

/// A desk action on tickets, as far as workflows need to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownAction {
    pub name: String,
    /// What it is called on a ticket.
    pub outcome: String,
}

/// What a write that is about to be kept does to the ticket's place.
pub(super) enum Place {
    /// Nothing.
    Stays,
    /// It leaves its workflow, for another one or for none.
    Changes {
        from: Option<Placed>,
        into: Option<Box<Flow>>,
    },
}

/// Where a new action leads its ticket.
pub(super) struct Way {
    ticket: u64,
    flow: Flow,
    from: Placed,
    to: StepId,
}

impl Writer<'_> {
    /// Chooses the workflow of a ticket that is new or gets another type, and gives it the status of the first step. A
    /// ticket stays in a workflow that is there for both types.
    pub(super) fn place(
        &self,
        resource: &'static Resource,
        record: &mut Stored,
        before: Option<&Stored>,
    ) -> Result<Place, DeskError> {
        if resource.subject != Subject::Ticket {
            return Ok(Place::Stays);
        }
        let kind = record.id_in("tickettype_id");
        if before.is_some_and(|before| before.id_in("tickettype_id") == kind) {
            return Ok(Place::Stays);
        }
        let from = match before {
            Some(before) => self.records.placed(before.id)?,
            None => None,
        };
        let into = match kind {
            Some(kind) => self.records.entered_by(kind)?,
            None => None,
        };
        if let (Some(from), Some(into)) = (&from, &into)
            && from.position.workflow == into.workflow.id
        {
            return Ok(Place::Stays);
        }
        if from.is_none() && into.is_none() {
            return Ok(Place::Stays);
        }
        let into = into.map(open).transpose()?.map(Box::new);
        if let Some(flow) = &into
            && let Some(status) = flow.first().map_err(broken)?.status_id
            && record.id_in("status_id") != Some(status)
        {
            let mut sent = Record::new();
            sent.insert("status_id".to_owned(), status.into());
            *record = self.changed(resource, record, sent)?;
        }
        Ok(Place::Changes { from, into })
    }

    /// Keeps where a ticket is, once it is kept itself.
    pub(super) fn keep_place(&self, ticket: u64, place: Place) -> Result<(), DeskError> {
        let Place::Changes { from, into } = place else {
            return Ok(());
        };
        let first = match &into {
            Some(flow) => Some((flow.as_ref(), &flow.first().map_err(broken)?.id)),
            None => None,
        };
        let Some(text) = self.ticket_text_in(ticket, first)? else {
            return Ok(());
        };
        if let Some(Placed { position, .. }) = from
            && let Some(flow) = self.flow_of(&position)?
        {
            let starts = flow.leave(ticket, &position, &text).map_err(broken)?;
            self.note_starts(ticket, self.access.depth, starts);
        }
        match into {
            None => Ok(self.records.place(ticket, None, &[])?),
            Some(flow) => {
                let moved = flow.enter(ticket, &text, self.now).map_err(broken)?;
                self.keep_moved(ticket, moved, self.access.depth)
            }
        }
    }

    /// Where a new action leads its ticket. One that the step does not allow is refused; Nimbus' own notes, and whatever is
    /// no desk action, may be written everywhere. The status of the step is what the action gives the ticket.
    pub(super) fn way(
        &self,
        resource: &'static Resource,
        sent: &mut Record,
    ) -> Result<Option<Way>, DeskError> {
        if resource.subject != Subject::Action || self.access.source == EventSource::Nimbus {
            return Ok(None);
        }
        let Some(ticket) = field(sent, "ticket_id").and_then(id_of) else {
            return Ok(None);
        };
        let Some(from) = self.records.placed(ticket)? else {
            return Ok(None);
        };
        let Some(outcome) = self.outcome(sent)? else {
            return Ok(None);
        };
        let names = self.records.known_actions()?.into_iter();
        let names: Vec<String> = names
            .filter(|action| action.outcome.to_lowercase() == outcome.to_lowercase())
            .map(|action| action.name)
            .collect();
        let (Some(flow), Some(text)) = (self.flow_of(&from.position)?, self.ticket_text(ticket)?)
        else {
            return Ok(None);
        };
        let mut refused = None;
        for name in &names {
            match flow.way(&from.position, name, &text) {
                Ok(None) => return Ok(None),
                Ok(Some(step)) => {
                    if let Some(status) = step.status_id {
                        sent.retain(|name, _| !name.eq_ignore_ascii_case("new_status"));
                        sent.insert("new_status".to_owned(), status.into());
                    }
                    let to = step.id.clone();
                    return Ok(Some(Way {
                        ticket,
                        flow,
                        from,
                        to,
                    }));
                }
                Err(reason) => _ = refused.get_or_insert(reason),
            }
        }
        match refused {
            None => Ok(None),
            Some(reason) => Err(DeskError::Workflow {
                sentence: reason.to_string(),
            }),
        }
    }

    /// Has the ticket of an action that is kept go where that leads, unless something else has moved it meanwhile.
    pub(super) fn go(&self, way: Option<Way>) -> Result<(), DeskError> {
        let Some(Way {
            ticket,
            flow,
            from,
            to,
        }) = way
        else {
            return Ok(());
        };
        if self.records.placed(ticket)?.as_ref() != Some(&from) {
            return Ok(());
        }
        let Some(text) = self.ticket_text_in(ticket, Some((&flow, &to)))? else {
            return Ok(());
        };
        let moved = flow.go(ticket, &from.position, &to, &text, self.now);
        self.keep_moved(ticket, moved.map_err(broken)?, self.access.depth)
    }

    /// A ticket is deleted: nothing waits for it any more.
    pub(super) fn forget_place(&self, resource: &Resource, id: u64) -> Result<(), DeskError> {
        if resource.subject == Subject::Ticket {
            self.records.place(id, None, &[])?;
        }
        Ok(())
    }

    /// Refuses to delete a status or a ticket type that a workflow uses.
    pub(super) fn is_free_of_workflows(
        &self,
        resource: &'static Resource,
        id: u64,
    ) -> Result<(), DeskError> {
        if resource != &STATUS && resource != &TICKET_TYPE {
            return Ok(());
        }
        let mut used = StillUsed::default();
        for counting in self.records.counting_workflows()? {
            let workflow = &counting.version.workflow;
            let is_used = if resource == &STATUS {
                let mut steps = workflow.steps.iter();
                steps.any(|step| step.status_id == Some(id))
            } else {
                workflow.ticket_types.contains(&id)
            };
            if is_used && counting.is_open {
                used.by_current(&workflow.id, &workflow.name);
            } else if is_used && counting.tickets_inside > 0 {
                used.by_inside(&counting.version);
            }
        }
        if used.is_empty() {
            return Ok(());
        }
        Err(DeskError::UsedByWorkflows {
            singular: resource.singular,
            by: used,
        })
    }

    fn keep_moved(&self, ticket: u64, moved: Moved, depth: u8) -> Result<(), DeskError> {
        self.note_starts(ticket, depth, moved.starts);
        let position = moved.position;
        let placed = Placed { position, depth };
        Ok(self.records.place(ticket, Some(&placed), &moved.timers)?)
    }

    fn note_starts(&self, ticket: u64, depth: u8, starts: Vec<StepStart>) {
        let starts = starts.into_iter().map(|start| (ticket, depth, start));
        self.changes.borrow_mut().starts.extend(starts);
    }

    /// The name of a new action's outcome.
    fn outcome(&self, sent: &Record) -> Result<Option<String>, DeskError> {
        let name = field(sent, "outcome").and_then(Value::as_str);
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        if name.is_some() {
            return Ok(name.map(str::to_owned));
        }
        let Some(id) = field(sent, "outcome_id").and_then(id_of) else {
            return Ok(None);
        };
        let outcome = self.records.stored(&OUTCOME, id)?;
        Ok(outcome.map(|outcome| outcome.text("name").to_owned()))
    }

    fn ticket_text(&self, ticket: u64) -> Result<Option<String>, StorageError> {
        let whole = whole(self.records, self.html, &TICKET, ticket)?;
        Ok(whole.map(|ticket| ticket.to_string()))
    }

    /// The same, as it is once the ticket is in that step, or in none: conditions are looked at before it is moved.
    fn ticket_text_in(
        &self,
        ticket: u64,
        step: Option<(&Flow, &StepId)>,
    ) -> Result<Option<String>, StorageError> {
        let whole = whole(self.records, self.html, &TICKET, ticket)?;
        Ok(whole.map(|mut ticket| {
            let workflow = step.map(|(flow, _)| flow.version().workflow.id.as_str());
            let name = step.and_then(|(flow, step)| {
                let step = flow.version().workflow.step(step)?;
                Some(step.name.as_str())
            });
            ticket["workflow_id"] = workflow.into();
            ticket["workflow_step"] = name.into();
            ticket.to_string()
        }))
    }

    fn flow_of(&self, position: &Position) -> Result<Option<Flow>, DeskError> {
        let version = self
            .records
            .workflow(&position.workflow, position.version)?;
        version.map(open).transpose()
    }
}

impl Desk<'_> {
    /// A timer of a workflow is due. What it starts, or why it does not, is to be told; nothing where the ticket has gone on.
    pub fn step_timer(&self, timer: &Timer) -> Result<Vec<DeskEvent>, DeskError> {
        let writer = self.writer();
        let ticket = timer.ticket_id;
        let Some(Placed { position, depth }) = self.records.placed(ticket)? else {
            return Ok(Vec::new());
        };
        if timer.workflow != position.workflow {
            return Ok(Vec::new());
        }
        let (Some(flow), Some(text)) = (writer.flow_of(&position)?, writer.ticket_text(ticket)?)
        else {
            return Ok(Vec::new());
        };
        let Ok(start) = flow.fire(timer, &position, &text, self.now) else {
            return Ok(Vec::new());
        };
        writer.note_starts(ticket, depth, vec![start]);
        self.events(writer.changes.into_inner())
    }

    /// Has a ticket of an older version go on in this one, where the step says that is chosen for its own; gives what is to
    /// be told. Inside is why it stays where it is, where it does.
    pub fn adopt(
        &self,
        flow: &Flow,
        ticket: u64,
        steps: &BTreeMap<StepId, StepId>,
    ) -> Result<Result<Vec<DeskEvent>, NotMoved>, DeskError> {
        let writer = self.writer();
        let Some(Placed { position, depth }) = self.records.placed(ticket)? else {
            return Ok(Ok(Vec::new()));
        };
        let former = self
            .records
            .workflow(&position.workflow, position.version)?;
        let former = former.as_ref().map(|version| &version.workflow);
        let to = steps.get(&position.step);
        let adopted = match flow.adopt(ticket, &position, former, to, self.now) {
            Ok(adopted) => adopted,
            Err(refused) => {
                return Ok(Err(NotMoved {
                    ticket_id: ticket,
                    version: position.version,
                    step: position.step,
                    why: refused.to_string(),
                }));
            }
        };
        let to = adopted.position.step.clone();
        let step = flow.version().workflow.step(&to);
        let status = step.filter(|step| step.id != position.step);
        let status = status.and_then(|step| step.status_id);
        let before = self.records.stored(&TICKET, ticket)?;
        let before = before.filter(|ticket| ticket.id_in("status_id") != status);
        if status.is_some() && before.is_some() {
            // Its step is shown with it, so how it was is seen before it is moved.
            writer.note_as_shown(&TICKET, ticket)?;
        }
        writer.keep_moved(ticket, adopted, depth)?;
        if let (Some(status), Some(before)) = (status, before) {
            let mut sent = Record::new();
            sent.insert("status_id".to_owned(), status.into());
            writer.merge(&TICKET, &before, sent)?;
        }
        Ok(Ok(self.events(writer.changes.into_inner())?))
    }

    /// What a ticket's page shows of its workflow; nothing where it is in none.
    pub fn workflow_of(&self, ticket: u64) -> Result<Option<TicketWorkflow>, DeskError> {
        let writer = self.writer();
        let Some(Placed { position, .. }) = self.records.placed(ticket)? else {
            return Ok(None);
        };
        let (Some(flow), Some(text)) = (writer.flow_of(&position)?, writer.ticket_text(ticket)?)
        else {
            return Ok(None);
        };
        let known = self.records.known_actions()?;
        let offers = flow.offers(&position, &text).map_err(broken)?.into_iter();
        let offers = offers.map(|offer| {
            let is_known = known.iter().any(|action| action.name == offer.action);
            let gone = (!is_known).then(|| "there is no such action any more".to_owned());
            Offer {
                not_because: gone.or(offer.not_because),
                action: offer.action,
            }
        });
        let workflow = &flow.version().workflow;
        let step = workflow.step(&position.step);
        let newest = self.records.newest_version(&position.workflow)?;
        Ok(Some(TicketWorkflow {
            name: workflow.name.clone(),
            step_name: step.map_or_else(String::new, |step| step.name.clone()),
            offers: offers.collect(),
            newest_version: newest.unwrap_or(position.version),
            workflow: position.workflow,
            version: position.version,
            step: position.step,
            entered_at: position.entered_at,
        }))
    }
}

fn open(version: Version) -> Result<Flow, DeskError> {
    let name = version.workflow.id.clone();
    let opened = Flow::open(version);
    opened.map_err(|problems| {
        let cause = format!("workflow {name} cannot be read: {problems:?}");
        DeskError::Storage(StorageError(cause))
    })
}

/// What cannot be of a version that was published, and a position that it gave.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it takes the place of the error"
)]
fn broken(refused: Refused) -> DeskError {
    DeskError::Storage(StorageError(format!("position in a workflow: {refused}")))
}

fn field<'r>(sent: &'r Record, name: &str) -> Option<&'r Value> {
    let mut fields = sent.iter();
    fields
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

fn id_of(value: &Value) -> Option<u64> {
    read_id(value).ok().flatten()
}
