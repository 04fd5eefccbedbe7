//! Import and export: a whole set-up as one document.

use std::collections::BTreeSet;

use shared::api::ImportReport;
use shared::chart::tidy::spread_out;
use shared::engine::plan;
use shared::model::{
    Bundle, Desk, DeskAction, EventTrigger, HasSecrets as _, Integration, Method, Runbook,
    Schedule, Workflow,
};

use super::protocol::Kind;
use super::save::Change;
use super::{
    desk_action, document, event_trigger, publication, record, schedule, secret, workflow,
};
use crate::error::Failure;
use crate::runner::protocol::Owner;
use crate::store::Store;

/// Puts a bundle in place, to be called within a transaction: an error leaves everything as it was.
/// Runbooks that it switches on are published, where no problem forbids it. An integration that it
/// replaces keeps the methods that the bundle does not name: others may use them.
pub(super) fn import(change: &Change<'_>, bundle: Bundle) -> Result<ImportReport, Failure> {
    check(change.store, &bundle)?;
    let mut import = Import {
        change,
        report: ImportReport::default(),
    };
    let enabled: Vec<_> = bundle
        .runbooks
        .iter()
        .filter(|runbook| runbook.enabled)
        .map(|runbook| (runbook.id.clone(), runbook.name.clone()))
        .collect();
    for integration in bundle.integrations {
        import.integration(integration)?;
    }
    for runbook in bundle.runbooks {
        import.runbook(runbook)?;
    }
    for (index, action) in bundle.desk.actions.into_iter().enumerate() {
        import.desk_action(action, &format!("desk.actions[{index}]"))?;
    }
    for (index, trigger) in bundle.desk.events.into_iter().enumerate() {
        import.event_trigger(trigger, &format!("desk.events[{index}]"))?;
    }
    for workflow in bundle.desk.workflows {
        import.workflow(workflow)?;
    }
    for (index, schedule) in bundle.desk.schedules.into_iter().enumerate() {
        import.schedule(schedule, &format!("desk.schedules[{index}]"))?;
    }
    let mut report = import.report;
    for (id, name) in enabled {
        report.names.insert(id.clone(), name);
        let published = publication::publish(change, id.as_str())?;
        if plan::is_publishable(&published.problems) {
            report.published.push(id);
        } else {
            report.drafts.push((id, published.problems));
        }
    }
    Ok(report)
}

/// Everything, without secrets. A runbook is switched on where what is published may start.
pub(super) fn export(store: &Store) -> Result<Bundle, Failure> {
    let mut runbooks = Vec::new();
    for row in document::list(store, Kind::Runbook)? {
        let mut runbook: Runbook = row.value()?;
        runbook.enabled &= publication::is_published(store, &row.id)?;
        runbooks.push(runbook);
    }
    let actions = document::list(store, Kind::DeskAction)?;
    Ok(Bundle {
        format: shared::model::bundle::Format::One,
        integrations: record::integrations(store)?,
        runbooks,
        desk: Desk {
            actions: actions
                .iter()
                .map(document::Row::value)
                .collect::<Result<_, _>>()?,
            events: event_trigger::all(store)?,
            workflows: workflow::all(store)?,
            schedules: schedule::all(store)?,
            // They are the desk's own; the console adds them.
            applications: Vec::new(),
            ticket_types: Vec::new(),
            service_levels: Vec::new(),
            ticket_rules: Vec::new(),
        },
    })
}

struct Import<'i> {
    change: &'i Change<'i>,
    report: ImportReport,
}

impl Import<'_> {
    fn integration(&mut self, mut integration: Integration) -> Result<(), Failure> {
        let methods = std::mem::take(&mut integration.methods);
        let parent = integration.id.to_string();
        let what = self.note(Kind::Integration, &parent, &integration.name)?;
        let owner = Owner::Integration(integration.id.clone());
        let mut shown = integration.clone();
        self.change.put_integration(integration)?;
        let missing = secret::missing(self.change.store, &owner, &mut shown)?;
        self.missing(&what, missing);
        for method in methods {
            self.method(method, &parent)?;
        }
        Ok(())
    }

    fn method(&mut self, method: Method, integration: &str) -> Result<(), Failure> {
        let what = self.note(Kind::Method, method.id.as_str(), &method.name)?;
        let owner = Owner::Method(method.id.clone());
        let mut shown = method.clone();
        self.change.put_method(method, integration)?;
        let missing = secret::missing(self.change.store, &owner, &mut shown)?;
        self.missing(&what, missing);
        Ok(())
    }

    fn runbook(&mut self, mut runbook: Runbook) -> Result<(), Failure> {
        spread_out(&mut runbook);
        let what = self.note(Kind::Runbook, runbook.id.as_str(), &runbook.name)?;
        let owner = Owner::Runbook(runbook.id.clone());
        let id = runbook.id.to_string();
        self.change.put_runbook(runbook)?;
        // As it was stored: an empty signing secret takes its row out.
        let mut stored: Runbook = document::read(self.change.store, Kind::Runbook, &id)?.value()?;
        stored.take_secrets();
        let missing = secret::missing(self.change.store, &owner, &mut stored)?;
        self.missing(&what, missing);
        Ok(())
    }

    /// Its runbook is in place by now.
    fn desk_action(&mut self, action: DeskAction, place: &str) -> Result<(), Failure> {
        desk_action::refuse_unstartable(self.change.store, &action, place)?;
        let name = action.name.clone();
        self.note(Kind::DeskAction, &name, &name)?;
        self.change.put(Kind::DeskAction, &name, None, None, action)
    }

    /// Its runbook must be there by now, and take what it is given.
    fn event_trigger(&mut self, trigger: EventTrigger, place: &str) -> Result<(), Failure> {
        event_trigger::check(self.change.store, &trigger, place)?;
        self.note(Kind::EventTrigger, trigger.id.as_str(), trigger.title())?;
        self.change.put_trigger(trigger)
    }

    /// It is a draft as yet: the desk publishes it, once what it uses is in place.
    fn workflow(&mut self, mut workflow: Workflow) -> Result<(), Failure> {
        spread_out(&mut workflow);
        self.note(Kind::Workflow, workflow.id.as_str(), &workflow.name)?;
        self.change.put_workflow(workflow)
    }

    /// The same goes for a schedule.
    fn schedule(&mut self, schedule: Schedule, place: &str) -> Result<(), Failure> {
        schedule::check(self.change.store, &schedule, place)?;
        self.note(Kind::Schedule, schedule.id.as_str(), &schedule.name)?;
        self.change.put_schedule(schedule)
    }

    /// Notes whether a document is new; gives what the report calls it.
    fn note(&mut self, kind: Kind, id: &str, name: &str) -> Result<String, Failure> {
        let what = format!("{} {name}", kind.words());
        let list = if document::live(self.change.store, kind, id)?.is_some() {
            &mut self.report.replaced
        } else {
            &mut self.report.created
        };
        list.push(what.clone());
        Ok(what)
    }

    fn missing(&mut self, what: &str, places: Vec<String>) {
        let missing = places.into_iter().map(|place| (what.to_owned(), place));
        self.report.missing_secrets.extend(missing);
    }
}

/// What must hold between the documents of a bundle.
fn check(store: &Store, bundle: &Bundle) -> Result<(), Failure> {
    let mut integrations = BTreeSet::new();
    let mut methods = BTreeSet::new();
    for (index, integration) in bundle.integrations.iter().enumerate() {
        let place = format!("integrations[{index}]");
        unique(
            &mut integrations,
            integration.id.as_str(),
            &format!("{place}.id"),
        )?;
        for (index, method) in integration.methods.iter().enumerate() {
            let place = format!("{place}.methods[{index}].id");
            unique(&mut methods, method.id.as_str(), &place)?;
            let stored = document::live(store, Kind::Method, method.id.as_str())?;
            if stored.is_some_and(|row| row.parent.as_deref() != Some(integration.id.as_str())) {
                return Err(Failure::bad_request(
                    "method_elsewhere",
                    format!(
                        "{place}: the method `{}` belongs to another integration already. Give it another id.",
                        method.id
                    ),
                )
                .at_field(place));
            }
        }
    }
    let mut runbooks = BTreeSet::new();
    for (index, runbook) in bundle.runbooks.iter().enumerate() {
        unique(
            &mut runbooks,
            runbook.id.as_str(),
            &format!("runbooks[{index}].id"),
        )?;
    }
    let mut triggers = BTreeSet::new();
    for (index, trigger) in bundle.desk.events.iter().enumerate() {
        let place = format!("desk.events[{index}].id");
        unique(&mut triggers, trigger.id.as_str(), &place)?;
    }
    let mut workflows = BTreeSet::new();
    for (index, workflow) in bundle.desk.workflows.iter().enumerate() {
        let place = format!("desk.workflows[{index}].id");
        unique(&mut workflows, workflow.id.as_str(), &place)?;
    }
    let mut schedules = BTreeSet::new();
    for (index, schedule) in bundle.desk.schedules.iter().enumerate() {
        let place = format!("desk.schedules[{index}].id");
        unique(&mut schedules, schedule.id.as_str(), &place)?;
    }
    let mut actions = BTreeSet::new();
    for (index, action) in bundle.desk.actions.iter().enumerate() {
        let place = format!("desk.actions[{index}]");
        unique(&mut actions, &action.name, &format!("{place}.name"))?;
        desk_action::refuse_unusable(action, &place, |id| {
            Ok(runbooks.contains(id) || document::live(store, Kind::Runbook, id)?.is_some())
        })?;
    }
    Ok(())
}

fn unique<'b>(known: &mut BTreeSet<&'b str>, id: &'b str, place: &str) -> Result<(), Failure> {
    if known.insert(id) {
        return Ok(());
    }
    Err(Failure::bad_request(
        "duplicate_id",
        format!("{place}: `{id}` stands in the bundle twice. Rename one of them."),
    )
    .at_field(place))
}
