//! What a Runner works with: its tables, and in memory what is read from them again and again.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use shared::authorization::PublicGuard;
use shared::condition::Condition;
use shared::engine::{Plan, PlanDocument, RunContext};
use shared::mask::Mask;
use shared::model::{Access, RunId, Runbook, Timestamp};
use shared::problem::ErrorDetail;
use shared::start::Bucket;
use worker::{Env, State};

use super::alarm::Alarm;
use super::commit::Commits;
use super::credentials::Credentials;
use super::live::Live;
use super::outbox::Outbox;
use super::retention::Retention;
use super::tables::Tables;
use crate::config::Config;
use crate::error::Failure;

/// The inside of a Runner.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) env: Env,
    pub(super) config: Rc<Config>,
    pub(super) tables: Rc<Tables>,
    pub(super) commits: Rc<Commits>,
    pub(super) alarm: Alarm,
    pub(super) live: Rc<Live>,
    pub(super) outbox: Outbox,
    pub(super) retention: Retention,
    credentials: RefCell<Option<Rc<Credentials>>>,
    hidden: RefCell<Option<Hidden>>,
    installed: RefCell<Option<Rc<Installed>>>,
    /// Whether runs may wait for their turn, so that it is worth looking.
    pub(super) may_have_queue: Cell<bool>,
    /// When it was written down last that the secret at a place was used.
    pub(super) noted_uses: RefCell<BTreeMap<String, Timestamp>>,
    /// Starts from outside. It is full again after an eviction, which is long enough without starts.
    pub(super) bucket: RefCell<Bucket>,
}

/// What nobody is to read of the runs of a plan.
#[derive(Clone)]
pub(super) struct Hidden {
    plan: Arc<Plan>,
    pub(super) secrets: Rc<[String]>,
    pub(super) mask: Rc<Mask>,
}

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hidden").finish_non_exhaustive()
    }
}

/// What is published, ready to be run.
#[derive(Debug)]
pub(super) struct Installed {
    /// Its key among the plans.
    pub(super) id: i64,
    pub(super) plan: Arc<Plan>,
    /// Which of the runbook's objects this is.
    pub(super) shard: u16,
    pub(super) is_enabled: bool,
    pub(super) guard: PublicGuard,
    /// The conditions to start; none where all starts are wanted.
    pub(super) when: Option<Condition>,
}

impl Room {
    pub(super) fn open(state: &State, env: Env) -> Result<Self, Failure> {
        let config = Config::read(&env)?;
        let tables = Rc::new(Tables::open(state, Rc::clone(&config))?);
        let live = Rc::new(Live::default());
        Ok(Self {
            commits: Commits::new(Rc::clone(&tables), Rc::clone(&live)),
            alarm: Alarm::new(state),
            live,
            outbox: Outbox::default(),
            retention: Retention::default(),
            credentials: RefCell::default(),
            hidden: RefCell::default(),
            installed: RefCell::default(),
            may_have_queue: Cell::new(true),
            noted_uses: RefCell::default(),
            bucket: RefCell::default(),
            env,
            config,
            tables,
        })
    }

    /// What is published; nothing where nothing is.
    pub(super) fn installed(&self) -> Result<Option<Rc<Installed>>, Failure> {
        if let Some(installed) = self.installed.borrow().as_ref() {
            return Ok(Some(Rc::clone(installed)));
        }
        let Some(row) = self.tables.installed()? else {
            return Ok(None);
        };
        let plan = self
            .plan(row.plan)?
            .map_err(|error| Failure::of(409, error))?;
        let runbook = &plan.document().runbook;
        let guard = match runbook.start.access {
            Access::Desk => PublicGuard::closed(),
            Access::DeskAndPublic => self.credentials()?.guard(runbook),
        };
        let installed = Rc::new(Installed {
            id: row.plan,
            shard: row.shard,
            is_enabled: row.enabled != 0,
            guard,
            when: conditions(runbook)?,
            plan,
        });
        *self.installed.borrow_mut() = Some(Rc::clone(&installed));
        Ok(Some(installed))
    }

    pub(super) fn credentials(&self) -> Result<Rc<Credentials>, Failure> {
        if let Some(credentials) = self.credentials.borrow().as_ref() {
            return Ok(Rc::clone(credentials));
        }
        let credentials = Rc::new(Credentials::open(&self.tables, &self.config)?);
        *self.credentials.borrow_mut() = Some(Rc::clone(&credentials));
        Ok(credentials)
    }

    /// Reads everything anew from now on.
    pub(super) fn forget(&self) {
        self.credentials.take();
        self.hidden.take();
        self.installed.take();
        self.noted_uses.take();
    }

    /// A plan of which runs are stored, or why it cannot run any more.
    pub(super) fn plan(&self, id: i64) -> Result<Result<Arc<Plan>, ErrorDetail>, Failure> {
        if let Some(installed) = self.installed.borrow().as_ref()
            && installed.id == id
        {
            return Ok(Ok(Arc::clone(&installed.plan)));
        }
        Ok(compile(self.tables.plan(id)?))
    }

    /// `begins_at` is missing where the run begins as soon as it is accepted.
    pub(super) fn context(&self, run_id: RunId, begins_at: Option<Timestamp>) -> RunContext {
        RunContext {
            run_id,
            halo_url: self.config.public_url.clone(),
            begins_at,
        }
    }

    /// What runs of a plan may have sent that nobody is to read. Read once and kept: every run asks for it at its end.
    pub(super) fn hidden(&self, plan: &Arc<Plan>) -> Result<Hidden, Failure> {
        if let Some(hidden) = self.hidden.borrow().as_ref()
            && Arc::ptr_eq(&hidden.plan, plan)
        {
            return Ok(hidden.clone());
        }
        let secrets = self
            .credentials()?
            .secrets(plan, &self.tables, &self.config)?;
        let hidden = Hidden {
            plan: Arc::clone(plan),
            mask: Rc::new(Mask::new(secrets.iter().map(String::as_str))),
            secrets: secrets.into(),
        };
        *self.hidden.borrow_mut() = Some(hidden.clone());
        Ok(hidden)
    }

    /// A token was stored that runs have sent.
    pub(super) fn hide_more(&self) {
        self.hidden.take();
    }

    /// An error as it may be read outside; `tokens` are those that have just come and are not stored yet.
    pub(super) fn masked(
        &self,
        plan: &Arc<Plan>,
        error: Option<ErrorDetail>,
        tokens: &[String],
    ) -> Result<Option<ErrorDetail>, Failure> {
        let Some(error) = error else {
            return Ok(None);
        };
        let hidden = self.hidden(plan)?;
        let all = hidden.secrets.iter().chain(tokens);
        let mask = Mask::new(all.map(String::as_str));
        Ok(Some(ErrorDetail {
            message: mask.apply(&error.message).into_owned(),
            ..error
        }))
    }
}

fn conditions(runbook: &Runbook) -> Result<Option<Condition>, Failure> {
    let when = &runbook.start.when;
    if when.is_empty() {
        return Ok(None);
    }
    // Publishing has compiled them before.
    Condition::compile(when).map(Some).map_err(|problems| {
        let first = problems.first().map(ToString::to_string);
        Failure::internal("conditions to start", &first.unwrap_or_default())
    })
}

/// Makes a plan of what was stored or sent; publishing has checked more than this does.
pub(super) fn compile(document: PlanDocument) -> Result<Arc<Plan>, ErrorDetail> {
    Plan::compile(document).map(Arc::new).map_err(|problems| {
        let first = problems.into_iter().next();
        first.map_or_else(
            || {
                ErrorDetail::new(
                    "no_plan",
                    "the runbook has no steps: add one, and publish again",
                )
            },
            |problem| problem.detail,
        )
    })
}
