//! The embedded service desk: one object, its tables, and what it tells of its changes.
//! What it decides is decided in [`shared::desk`].

pub mod client;
pub mod http;
pub mod protocol;

mod answers;
mod applications;
mod console;
mod cors;
mod dates;
mod html;
mod logins;
mod outbox;
mod schema;
mod service_level;
mod tables;
mod ticket_rules;
mod timers;
mod tokens;
mod workflow;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use shared::api::{RuleTrial, RuleTrialRequest};
use shared::desk::rate::Window;
use shared::desk::{
    Access, Answer, Caller, DeskError, DeskRequest, DeskResponse, StorageError, seed,
};
use shared::model::Timestamp;
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use crate::alarm::Alarm;
use crate::config::Config;
use crate::error::{Failure, log};
use crate::object::{self, Reply};
use crate::store::Store;
use crate::{clock, random};
use html::Sanitizer;
use outbox::Outbox;
use protocol::{DeskCall, WorkflowCall};
use tables::Tables;

/// The embedded service desk.
#[durable_object]
pub struct Desk {
    state: State,
    env: Env,
    opened: OnceCell<Opened>,
}

/// What an object has once its tables are up to date.
struct Opened {
    store: Rc<Store>,
    outbox: Rc<Outbox>,
    alarm: Alarm,
    /// When the requests of each application with a rate limit came, by client id. A window is short: where the
    /// object is started anew, it begins anew.
    windows: RefCell<HashMap<String, Window>>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

impl DurableObject for Desk {
    fn new(state: State, env: Env) -> Self {
        Self {
            state,
            env,
            opened: OnceCell::new(),
        }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        object::answer(request, async |call| self.carry_out(call).await).await
    }

    async fn alarm(&self) -> worker::Result<Response> {
        // The runtime tries again where this fails.
        self.alarm_has_rung()
            .await
            .map_err(|failure| worker::Error::RustError(failure.detail.message))?;
        Response::empty()
    }
}

impl Opened {
    /// Has the alarm ring for what is due first.
    async fn set_alarm(&self, now: Timestamp) -> Result<(), Failure> {
        let waiting = [self.outbox.next(now)?, timers::next(&self.store)?];
        match waiting.into_iter().flatten().min() {
            Some(at) => self.alarm.set(now, at).await,
            None => Ok(()),
        }
    }
}

impl Desk {
    /// Opens the tables, and fills them when the desk is new. That is one commit: a desk is
    /// never half filled.
    fn opened(&self) -> Result<&Opened, Failure> {
        if let Some(opened) = self.opened.get() {
            return Ok(opened);
        }
        let store = Rc::new(Store::open(&self.state, &schema::migrations())?);
        let config = Config::read(&self.env)?;
        store.atomically(|| fill(&store, config.seed))?;
        let outbox = Rc::new(Outbox::new(Rc::clone(&store)));
        let alarm = Alarm::new(self.state.storage());
        Ok(self.opened.get_or_init(|| Opened {
            store,
            outbox,
            alarm,
            windows: RefCell::default(),
        }))
    }

    async fn carry_out(&self, call: DeskCall) -> Result<Reply, Failure> {
        match call {
            DeskCall::Request { request } => object::reply(&self.request(&request).await?),
            DeskCall::Token { request } => {
                let config = Config::read(&self.env)?;
                let store = &self.opened()?.store;
                let now = clock::now();
                let give = || logins::token(store, &config, &request, now);
                object::reply(&store.atomically(give)?)
            }
            DeskCall::Revoke { request } => {
                let config = Config::read(&self.env)?;
                let store = &self.opened()?.store;
                object::reply(&store.atomically(|| logins::revoke(store, &config, &request))?)
            }
            DeskCall::ServiceLevels { ask, by } => {
                let opened = self.opened()?;
                let now = clock::now();
                let change = service_level::Change {
                    store: &opened.store,
                    by,
                    now,
                };
                let reply = opened
                    .store
                    .atomically(|| service_level::answer(change, *ask))?;
                opened.set_alarm(now).await?;
                Ok(reply)
            }
            DeskCall::Workflows { ask } => self.about_workflows(ask).await,
            DeskCall::Dates { query } => {
                object::reply(&dates::list(&self.opened()?.store, &query)?)
            }
            DeskCall::NoDates { field } => {
                object::reply(&dates::none(&self.opened()?.store, &field)?)
            }
            DeskCall::DateFields {} => object::reply(&dates::custom_fields(&self.opened()?.store)?),
            DeskCall::Look {} => object::reply(&self.alarm_has_rung().await?),
            DeskCall::Applications { ask, by } => {
                let store = &self.opened()?.store;
                let now = clock::now();
                let change = applications::Change { store, by, now };
                store.atomically(|| console::answer(change, ask))
            }
            DeskCall::TicketRules { ask, by } => {
                let opened = self.opened()?;
                let now = clock::now();
                let answer = ticket_rules::answer(opened, ask, by, now)?;
                opened.set_alarm(now).await?;
                self.deliver_soon(opened);
                Ok(answer)
            }
            DeskCall::TryRules { trial } => {
                let store = &self.opened()?.store;
                object::reply(&try_rules(store, &trial, clock::now())?)
            }
        }
    }

    /// Deals with what is due at tickets, delivers what is still in the outbox (after a crash, or when it was not taken
    /// before), and sets the alarm for what is left.
    async fn alarm_has_rung(&self) -> Result<(), Failure> {
        let opened = self.opened()?;
        opened.alarm.has_rung();
        timers::look(opened, clock::now())?;
        opened.outbox.deliver(&self.env).await;
        opened.set_alarm(clock::now()).await
    }

    async fn about_workflows(&self, ask: WorkflowCall) -> Result<Reply, Failure> {
        let opened = self.opened()?;
        let now = clock::now();
        let has_events = matches!(ask, WorkflowCall::Move { .. });
        let answer = workflow::answer(opened, ask, now)?;
        if has_events {
            opened.set_alarm(now).await?;
            self.deliver_soon(opened);
        }
        Ok(answer)
    }

    fn deliver_soon(&self, opened: &Opened) {
        let outbox = Rc::clone(&opened.outbox);
        let env = self.env.clone();
        self.state
            .wait_until(async move { outbox.deliver(&env).await });
    }

    async fn request(&self, request: &DeskRequest) -> Result<DeskResponse, Failure> {
        let opened = self.opened()?;
        let now = clock::now();
        let unique = random::uuid()?;
        let is_read = matches!(request.method.as_str(), "GET" | "HEAD");
        let outcome = recognise(opened, request, now).and_then(|access| {
            if is_read {
                answer(&opened.store, request, &access, now, &unique)
                    .map(|answer| (answer.body, false))
            } else {
                opened
                    .store
                    .atomically(|| write(opened, request, &access, now, &unique))
            }
        });
        let (body, has_events) = match outcome {
            Ok(done) => done,
            Err(error) => return Ok(refusal(&error)),
        };
        if !is_read {
            // No wait came between the writes and this: the alarm is set in the same commit.
            opened.set_alarm(now).await?;
        }
        if has_events {
            self.deliver_soon(opened);
        }
        Ok(DeskResponse {
            status: answered(&request.method),
            headers: Vec::new(),
            body,
        })
    }
}

fn fill(store: &Store, with_sample: bool) -> Result<(), Failure> {
    let now = clock::now();
    let done = schema::fill_up_to(store, seed::STAGES, now)?;
    let tables = Tables::new(store);
    schema::fold(store, &tables, now)?;
    seed::plant(&tables, done, with_sample, now)
        .map_err(|error| Failure::internal("seed of the desk", &error))
}

/// Carries out a write, keeps its answer and its events with it, and gives the answer's body
/// and whether there are events to deliver. A repeat is answered as the first time.
fn write(
    opened: &Opened,
    request: &DeskRequest,
    access: &Access,
    now: Timestamp,
    unique: &str,
) -> Result<(String, bool), DeskError> {
    let Opened { store, outbox, .. } = opened;
    let key = answers::Key::of(request, access);
    if let Some(key) = &key
        && let Some(body) = answers::kept(store, key)?
    {
        return Ok((body, false));
    }
    let answer = answer(store, request, access, now, unique)?;
    if let Some(key) = &key {
        answers::keep(store, key, &answer.body, now)?;
    }
    outbox.add(&answer.events, now)?;
    Ok((answer.body, !answer.events.is_empty()))
}

/// Says who the caller is, once an application with a rate limit is within it.
fn recognise(opened: &Opened, request: &DeskRequest, now: Timestamp) -> Result<Access, DeskError> {
    let store = &opened.store;
    let bearer = match &request.caller {
        Caller::Token { token } => tokens::find(store, token, now)?,
        _ => None,
    };
    if let Some(bearer) = &bearer {
        let client_id = &bearer.grant.client_id;
        if let Some(limit) = bearer.rate_limit {
            let mut windows = opened.windows.borrow_mut();
            let window = windows.entry(client_id.clone()).or_default();
            window
                .admit(limit, now)
                .map_err(|retry_after_s| DeskError::RateLimit {
                    limit,
                    retry_after_s,
                })?;
        }
        applications::note_use(store, client_id, bearer.last_used_at, now)?;
    }
    let grant = bearer.map(|bearer| bearer.grant);
    let access = Access::of(&request.caller, grant, &Tables::new(store))?;
    Ok(access.at_depth(request.depth))
}

fn answer(
    store: &Store,
    request: &DeskRequest,
    access: &Access,
    now: Timestamp,
    unique: &str,
) -> Result<Answer, DeskError> {
    let desk = shared::desk::Desk {
        records: &Tables::new(store),
        html: &Sanitizer,
        access,
        now,
        unique,
    };
    desk.answer(
        &request.method,
        &request.path,
        &request.query,
        &request.body,
    )
}

/// What the rules would make of a ticket. It is a read: nothing is kept of it.
fn try_rules(
    store: &Store,
    trial: &RuleTrialRequest,
    now: Timestamp,
) -> Result<RuleTrial, Failure> {
    let records = Tables::new(store);
    let tried = Access::of(&Caller::Console {}, None, &records).and_then(|access| {
        let desk = shared::desk::Desk {
            records: &records,
            html: &Sanitizer,
            access: &access,
            now,
            unique: "trial",
        };
        desk.try_rules(trial)
    });
    tried.map_err(|error| match error {
        DeskError::Storage(StorageError(cause)) => Failure::internal("trial of rules", &cause),
        DeskError::NotFound { id, .. } => Failure::new(
            404,
            "no_such_ticket",
            format!("There is no ticket {id}. Take the number that stands before its summary."),
        )
        .at_field("ticket_id"),
        error => Failure::new(error.status(), "refused", error.to_string()),
    })
}

/// Halo answers a write with 201, whether it made or changed something.
fn answered(method: &str) -> u16 {
    if method == "POST" { 201 } else { 200 }
}

fn refusal(error: &DeskError) -> DeskResponse {
    if let DeskError::Storage(StorageError(cause)) = error {
        log(&format!("desk: {cause}"));
    }
    DeskResponse {
        status: error.status(),
        headers: error.headers(),
        body: error.body(),
    }
}

/// What went wrong inside is in the log already.
impl From<Failure> for DeskError {
    fn from(failure: Failure) -> Self {
        Self::Storage(failure.into())
    }
}

impl From<Failure> for StorageError {
    fn from(failure: Failure) -> Self {
        Self(failure.detail.message)
    }
}
