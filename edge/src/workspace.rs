//! The object that holds what the deployment is configured to do, and who has signed in.

pub mod client;
pub mod protocol;
mod schema;
mod sign_in;

use worker::{DurableObject, Env, Request, Response, State, durable_object};

use crate::error::Failure;
use crate::object::{self, Reply, reply};
use crate::store::Store;
use protocol::Call;

/// The one workspace of a deployment.
#[durable_object]
#[derive(Debug)]
pub struct Workspace {
    opened: Result<Store, Failure>,
}

impl DurableObject for Workspace {
    fn new(state: State, _env: Env) -> Self {
        let opened = Store::open(&state, schema::MIGRATIONS);
        Self { opened }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        object::answer(request, async |call| self.carry_out(call)).await
    }
}

impl Workspace {
    fn carry_out(&self, call: Call) -> Result<Reply, Failure> {
        let store = self.opened.as_ref().map_err(Clone::clone)?;
        match call {
            Call::MakeSignInLink {} => reply(&sign_in::make_link(store)?),
            Call::SignIn { token } => reply(&sign_in::sign_in(store, &token)?),
            Call::SignOut { token } => reply(&sign_in::sign_out(store, &token)?),
            Call::Session { token } => reply(&sign_in::is_signed_in(store, &token)?),
        }
    }
}
