//! The object that holds what the deployment is configured to do, and who has signed in.
//!
//! It tells the Runners what they execute ([`delivery`]), hears from the desk what happened
//! there ([`desk_event`]), and keeps the index of all runs ([`run_index`]).

mod bundle;
pub mod client;
mod delivery;
mod desk_action;
mod desk_event;
mod desk_start;
mod document;
mod event_log;
mod event_trigger;
mod failed_delivery;
mod live;
mod offered;
mod page;
mod press;
mod problems;
pub mod protocol;
mod publication;
mod record;
mod run_index;
mod runbook;
mod save;
mod schedule;
mod schema;
mod secret;
mod seed;
mod sign_in;
mod spread_failures;
mod start;
mod statistics;
mod switched_off;
mod test;
mod usage;
mod workflow;

use std::rc::Rc;

use shared::api::{ImportReport, ImportedWorkflow, LiveEvent};
use shared::engine::plan;
use shared::engine::spread::Spread;
use shared::model::{Bundle, DeskAction};
use shared::statistics::Days;
use shared::workflow::Version;
use worker::{DurableObject, Env, Request, Response, State, WebSocket, durable_object};

use crate::alarm::Alarm;
use crate::clock;
use crate::config::Config;
use crate::error::Failure;
use crate::object::{self, Reply, reply};
use crate::runner::client as runners;
use crate::store::Store;
use protocol::{By, Call, Document, Expected, Kind, RunsCall};
use save::Change;
use workflow::Surroundings;

/// The path under which the workspace takes live connections; all others are calls.
pub const LIVE: &str = "/live";

/// How long after a change the alarm looks whether its delivery arrived, in milliseconds.
const DELIVERY_PAUSE_MS: u64 = 5_000;

/// How soon the alarm rings at the earliest, in milliseconds.
const LOOK_PAUSE_MS: u64 = 100;

/// The one workspace of a deployment.
#[durable_object]
#[derive(Debug)]
pub struct Workspace {
    room: Result<Room, Failure>,
}

/// What every call works with.
#[derive(Debug)]
struct Room {
    state: State,
    env: Env,
    store: Store,
    config: Rc<Config>,
    alarm: Alarm,
}

impl DurableObject for Workspace {
    fn new(state: State, env: Env) -> Self {
        Self {
            room: Room::open(state, env),
        }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let room = self.room.as_ref().map_err(Clone::clone);
        if request.path() == LIVE {
            let session = request.headers().get(SESSION_HEADER)?;
            return room
                .and_then(|room| live::connect(&room.state, session.as_deref()))
                .or_else(Failure::into_response);
        }
        object::answer(request, async |call| room?.carry_out(call).await).await
    }

    async fn alarm(&self) -> worker::Result<Response> {
        if let Ok(room) = &self.room {
            // What failed is in the log, and the next alarm tries again.
            let _ = room.alarm_has_rung().await;
        }
        Response::empty()
    }

    async fn websocket_message(
        &self,
        _socket: WebSocket,
        _message: worker::WebSocketIncomingMessage,
    ) -> worker::Result<()> {
        // Pages have nothing to say.
        Ok(())
    }

    async fn websocket_close(
        &self,
        socket: WebSocket,
        _code: usize,
        _reason: String,
        _was_clean: bool,
    ) -> worker::Result<()> {
        socket.close::<&str>(None, None)
    }

    async fn websocket_error(
        &self,
        _socket: WebSocket,
        _error: worker::Error,
    ) -> worker::Result<()> {
        // A connection that broke: its page connects anew.
        Ok(())
    }
}

/// Carries the [`session_name`] of whoever makes a live connection, so that signing out ends it.
pub const SESSION_HEADER: &str = "Nimbus-Session";

/// What a session is known by without its token.
pub fn session_name(token: &str) -> String {
    sign_in::hash(token)
}

impl Room {
    fn open(state: State, env: Env) -> Result<Self, Failure> {
        let store = Store::open(&state, schema::MIGRATIONS)?;
        let config = Config::read(&env)?;
        let alarm = Alarm::new(state.storage());
        let room = Self {
            state,
            env,
            store,
            config,
            alarm,
        };
        room.atomically(By::Nimbus, seed::plant)?;
        Ok(room)
    }

    async fn carry_out(&self, call: Call) -> Result<Reply, Failure> {
        let store = &self.store;
        match call {
            Call::MakeSignInLink {} => reply(&sign_in::make_link(store)?),
            Call::SignIn { token } => reply(&sign_in::sign_in(store, &token)?),
            Call::SignOut { token } => {
                sign_in::sign_out(store, &token)?;
                live::disconnect(&self.state, &sign_in::hash(&token));
                reply(&())
            }
            Call::Session { token } => reply(&sign_in::is_signed_in(store, &token)?),

            Call::Read { kind, id } => reply(&record::read(store, kind, &id)?),
            Call::List { kind, integration } => record::list(store, kind, integration.as_ref()),
            Call::Create { document, by } => self.create(document, by).await,
            Call::Replace {
                document,
                expected,
                by,
            } => self.replace(document, expected, by).await,
            Call::Delete {
                kind,
                id,
                expected,
                by,
            } => {
                let inside = self.inside(kind).await?;
                self.change(by, |change| change.delete(kind, &id, expected, &inside))
                    .await?;
                reply(&())
            }
            Call::UsedBy { kind, id } => {
                document::read(store, kind, &id)?;
                let inside = self.inside(kind).await?;
                reply(&usage::list(store, kind, &id, &inside)?)
            }
            Call::Deleted {} => reply(&document::deleted(store, clock::now())?),
            Call::Restore { kind, id, by } => {
                let surroundings = match kind {
                    Kind::Workflow => Surroundings::ask(self).await?,
                    _ => Surroundings::default(),
                };
                self.change(by, |change| change.restore(kind, &id, &surroundings))
                    .await?;
                reply(&record::read(store, kind, &id)?)
            }

            Call::Check { id, draft } => {
                let draft = draft.map(|draft| *draft);
                let report = publication::check(store, &self.config, id.as_str(), draft)?;
                reply(&report)
            }
            Call::Publish { id, by } => {
                let publish = |change: &Change<'_>| publication::publish(change, id.as_str());
                reply(&self.change(by, publish).await?)
            }
            Call::Unpublish { id, by } => {
                let unpublish = |change: &Change<'_>| publication::unpublish(change, id.as_str());
                reply(&self.change(by, unpublish).await?)
            }
            Call::Versions { id } => reply(&publication::versions(store, id.as_str())?),
            Call::Version { id, version } => {
                reply(&publication::version(store, id.as_str(), version)?)
            }
            Call::Start { id, request } => {
                let (start, spread) = start::prepare(store, &id, &request)?;
                self.deliver().await?;
                reply(&runners::start(&self.env, &id, &spread, start).await?)
            }
            Call::Startable { id } => reply(&self.startable(id.as_str()).await?),

            Call::MethodToTest {
                id,
                method,
                integration,
            } => reply(&test::material(
                store,
                id,
                method.map(|method| *method),
                integration,
            )?),

            Call::OfRuns { call } => self.about_runs(call).await,
            Call::OfActions { call } => desk_action::answer(self, call).await,
            Call::OfWorkflows { call } => workflow::answer(self, call).await,
            Call::OfSchedules { call } => {
                self.deliver().await?;
                schedule::answer(self, call).await
            }
            Call::DeskEvents { events } => {
                if schedule::take_note(store, &events)? {
                    live::tell(&self.state, &LiveEvent::Events);
                }
                self.set_alarm().await?;
                self.deliver().await?;
                reply(&desk_event::take(self, &events).await?)
            }
            Call::Events { query } => reply(&event_log::list(store, &query)?),

            Call::Import { bundle, by } => reply(&self.import(*bundle, by).await?),
            Call::Look {} => reply(&self.alarm_has_rung().await?),
            Call::Export {} => reply(&bundle::export(store)?),
        }
    }

    /// The versions of workflows that tickets are in, where they may use a document of that kind.
    async fn inside(&self, kind: Kind) -> Result<Vec<Version>, Failure> {
        match kind {
            Kind::Runbook | Kind::DeskAction => workflow::inside(self).await,
            _ => Ok(Vec::new()),
        }
    }

    async fn about_runs(&self, call: RunsCall) -> Result<Reply, Failure> {
        let store = &self.store;
        match call {
            RunsCall::List { query } => reply(&run_index::list(store, &query)?),
            RunsCall::Record { notes } => {
                let is_due = match spread_failures::counted(store, &notes)? {
                    None => false,
                    Some(failures) => self.atomically(By::Nimbus, |change| {
                        spread_failures::note(change, failures, &notes)
                    })?,
                };
                let news = run_index::record(store, &notes)?;
                let news = notes
                    .into_iter()
                    .map(|note| note.summary)
                    .filter(|summary| news.contains(&summary.run_id.to_string()));
                live::tell_each(
                    &self.state,
                    news.map(|summary| LiveEvent::Run {
                        run: Box::new(summary),
                    }),
                );
                if is_due {
                    // No wait came in between: the alarm is set in the same commit.
                    self.set_alarm().await?;
                    self.deliver().await?;
                }
                reply(&())
            }
            RunsCall::SwitchedOff { run, failures } => {
                let switch_off =
                    |change: &Change<'_>| switched_off::switch_off(change, *run, failures);
                reply(&self.change(By::Nimbus, switch_off).await?)
            }
            RunsCall::Forget { runs } => reply(&run_index::forget(store, &runs)?),
            RunsCall::FailedDeliveries {} => reply(&failed_delivery::list(store)?),
            RunsCall::DismissDelivery { id } => {
                failed_delivery::dismiss(store, id)?;
                live::tell(&self.state, &LiveEvent::FailedDeliveries);
                reply(&())
            }
            RunsCall::RetryDelivery { id } => {
                self.deliver().await?;
                let started = failed_delivery::retry(self, id).await;
                live::tell(&self.state, &LiveEvent::FailedDeliveries);
                reply(&started?)
            }
            RunsCall::Statistics { id, days, offset } => {
                document::read(store, Kind::Runbook, id.as_str())?;
                let days = Days::until_today(clock::now(), days, offset);
                reply(&statistics::of_runbook(store, id.as_str(), days)?)
            }
        }
    }

    async fn create(&self, document: Document, by: By) -> Result<Reply, Failure> {
        self.check(&document)?;
        let (kind, id) = self.change(by, |change| change.create(document)).await?;
        reply(&record::read(&self.store, kind, &id)?)
    }

    async fn replace(
        &self,
        document: Document,
        expected: Expected,
        by: By,
    ) -> Result<Reply, Failure> {
        self.check(&document)?;
        let replace = |change: &Change<'_>| change.replace(document, expected);
        let (kind, id) = self.change(by, replace).await?;
        reply(&record::read(&self.store, kind, &id)?)
    }

    /// Refuses a document that names a runbook which is not there, or does not go with it.
    fn check(&self, document: &Document) -> Result<(), Failure> {
        match document {
            Document::DeskAction(action) => self.check_action(action),
            Document::EventTrigger(trigger) => event_trigger::check(&self.store, trigger, ""),
            Document::Schedule(schedule) => schedule::check(&self.store, schedule, ""),
            Document::Integration(_)
            | Document::Method { .. }
            | Document::Runbook(_)
            | Document::Workflow(_) => Ok(()),
        }
    }

    fn check_action(&self, action: &DeskAction) -> Result<(), Failure> {
        desk_action::refuse_unusable(action, "", |id| {
            Ok(document::live(&self.store, Kind::Runbook, id)?.is_some())
        })?;
        desk_action::refuse_unstartable(&self.store, action, "")
    }

    async fn startable(&self, id: &str) -> Result<Option<Spread>, Failure> {
        if document::live(&self.store, Kind::Runbook, id)?.is_none() {
            return Ok(None);
        }
        let Some(current) = publication::current(&self.store, id)? else {
            return Ok(None);
        };
        self.deliver().await?;
        let spread = Spread::of(&current.document.runbook);
        Ok(Some(spread.told_to(delivery::told(&self.store, id)?)))
    }

    /// Changes something, and tells the Runners that it concerns before it is answered.
    async fn change<T>(
        &self,
        by: By,
        work: impl FnOnce(&Change<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let value = self.atomically(by, work)?;
        // No wait came in between: the alarm is set in the same commit.
        self.set_alarm().await?;
        self.deliver().await?;
        Ok(value)
    }

    fn atomically<T>(
        &self,
        by: By,
        work: impl FnOnce(&Change<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.store.atomically(|| {
            work(&Change {
                store: &self.store,
                config: &self.config,
                by,
                now: clock::now(),
            })
        })
    }

    /// Puts a bundle in place, and has the desk publish the workflows that it switches on.
    async fn import(&self, bundle: Bundle, by: By) -> Result<ImportReport, Failure> {
        let workflows = bundle.desk.workflows.iter();
        let enabled: Vec<_> = workflows
            .filter(|workflow| workflow.enabled)
            .map(|workflow| (workflow.id.clone(), workflow.name.clone()))
            .collect();
        let import = |change: &Change<'_>| bundle::import(change, bundle);
        let mut report = self.change(by, import).await?;
        for (id, name) in enabled {
            let published = workflow::publish(self, id.as_str(), by).await?;
            let is_published = plan::is_publishable(&published.problems);
            let problems = if is_published {
                Vec::new()
            } else {
                published.problems
            };
            report
                .workflows
                .push(ImportedWorkflow { id, name, problems });
        }
        Ok(report)
    }

    /// Delivers what is marked, deals with what is due, and sets the alarm for what is left.
    async fn alarm_has_rung(&self) -> Result<(), Failure> {
        self.alarm.has_rung();
        let delivered = self.deliver().await;
        let looked = schedule::look(self).await;
        self.set_alarm().await?;
        delivered.and(looked)
    }

    /// Has the alarm ring for what is due first.
    async fn set_alarm(&self) -> Result<(), Failure> {
        let now = clock::now();
        let delivery = self.is_pending()?.then_some(now + DELIVERY_PAUSE_MS);
        let schedule = schedule::next_look(&self.store)?.map(|at| at.max(now + LOOK_PAUSE_MS));
        match delivery.into_iter().chain(schedule).min() {
            Some(at) => self.alarm.set(now, at).await,
            None => Ok(()),
        }
    }

    /// Delivers what is marked. What does not arrive is in the log, and the alarm tries again.
    async fn deliver(&self) -> Result<(), Failure> {
        if !self.is_pending()? {
            return Ok(());
        }
        // Before anything is sent, so that it rings also when this process dies meanwhile.
        self.set_alarm().await?;
        delivery::deliver(&self.store, &self.env).await?;
        workflow::tell(&self.store, &self.env).await?;
        spread_failures::tell(&self.store, &self.env, &self.config).await
    }

    /// Whether something is yet to be delivered.
    fn is_pending(&self) -> Result<bool, Failure> {
        let store = &self.store;
        Ok(delivery::is_pending(store)?
            || workflow::is_pending(store)?
            || spread_failures::is_pending(store)?)
    }
}
