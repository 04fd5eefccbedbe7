//! How the worker and its Durable Objects call one another.
//!
//! A call is one JSON document (an enum of the object's `protocol` module), and so is its
//! answer: `{"Ok": …}` or `{"Err": failure}`, so that an object's refusal reaches the caller as it is.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shared::model::{IntegrationId, RunbookId};
use web_sys::RequestInit;
use worker::js_sys::Uint8Array;
use worker::wasm_bindgen::JsValue;
use worker::{Env, Request, Response, Stub};

use crate::error::Failure;
use crate::fetch::fetch;
use crate::whole;

/// Which object. Names are stored data: an object whose name changes is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    binding: &'static str,
    name: String,
}

impl Address {
    /// The one workspace.
    pub fn workspace() -> Self {
        Self {
            binding: "WORKSPACE",
            name: "workspace".to_owned(),
        }
    }

    /// The one desk.
    pub fn desk() -> Self {
        Self {
            binding: "DESK",
            name: "desk".to_owned(),
        }
    }

    /// What executes the runs of one shard of a runbook.
    pub fn runner(runbook: &RunbookId, shard: u16) -> Self {
        Self {
            binding: "RUNNER",
            name: format!("{runbook}.{shard}"),
        }
    }

    /// What keeps the tokens of an integration.
    pub fn login(integration: &IntegrationId) -> Self {
        Self {
            binding: "LOGIN",
            name: integration.to_string(),
        }
    }

    /// The stub, for requests that are passed on as they came.
    pub fn stub(&self, env: &Env) -> Result<Stub, Failure> {
        Ok(env.durable_object(self.binding)?.get_by_name(&self.name)?)
    }
}

/// An answer whose type depends on the call, already written as JSON.
pub type Reply = Box<RawValue>;

/// Writes an answer.
pub fn reply<A: Serialize + ?Sized>(answer: &A) -> Result<Reply, Failure> {
    serde_json::value::to_raw_value(answer).map_err(|error| Failure::internal("answer", &error))
}

/// Calls an object.
pub async fn call<C, A>(env: &Env, address: &Address, call: &C) -> Result<A, Failure>
where
    C: Serialize,
    A: DeserializeOwned,
{
    let body = serde_json::to_vec(call).map_err(|error| Failure::internal("call", &error))?;
    send(env, address, "/call", &body).await
}

/// Sends an object what is no JSON; `path` says what it is.
pub async fn send<A: DeserializeOwned>(
    env: &Env,
    address: &Address,
    path: &str,
    body: &[u8],
) -> Result<A, Failure> {
    let message = RequestInit::new();
    message.set_method("POST");
    message.set_body(&Uint8Array::from(body));
    let url = format!("https://object{path}");
    let stub: JsValue = address.stub(env)?.into_rpc();
    let response = fetch(&stub, &url, &message).await?;
    let status = response.status();
    let body = whole::bytes(&response).await?;
    if status != 200 {
        return Err(Failure::internal(
            "call",
            &format_args!("{address:?} answered with {status}"),
        ));
    }
    read(&body)?
}

/// Answers a call, on the object's side.
pub async fn answer<C, A>(
    request: Request,
    carry_out: impl AsyncFnOnce(C) -> Result<A, Failure>,
) -> worker::Result<Response>
where
    C: DeserializeOwned,
    A: Serialize,
{
    receive(request, async |body| carry_out(read(&body)?).await).await
}

/// Answers what [`send`] sent, on the object's side.
pub async fn receive<A: Serialize>(
    mut request: Request,
    carry_out: impl AsyncFnOnce(Vec<u8>) -> Result<A, Failure>,
) -> worker::Result<Response> {
    let answer = match request.bytes().await {
        Ok(body) => carry_out(body).await,
        Err(error) => Err(error.into()),
    };
    Response::from_bytes(serde_json::to_vec(&answer)?)
}

/// Both sides are of one build, so what cannot be read is a mistake of ours.
fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|error| Failure::internal("call", &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_objects_stay_the_same() {
        let runbook = RunbookId::parse("rb-1").unwrap();
        let integration = IntegrationId::parse("in-1").unwrap();
        for (address, binding, name) in [
            (Address::workspace(), "WORKSPACE", "workspace"),
            (Address::desk(), "DESK", "desk"),
            (Address::runner(&runbook, 3), "RUNNER", "rb-1.3"),
            (Address::login(&integration), "LOGIN", "in-1"),
        ] {
            assert_eq!((address.binding, address.name.as_str()), (binding, name));
        }
    }

    #[test]
    fn answers_and_refusals_travel() {
        let written = serde_json::to_vec(&Ok::<_, Failure>(reply(&[1, 2]).unwrap())).unwrap();
        assert_eq!(written, br#"{"Ok":[1,2]}"#);
        let answer: Result<Vec<u8>, Failure> = read(&written).unwrap();
        assert_eq!(answer, Ok(vec![1, 2]));
        let refusal = Failure::not_found("The run");
        let written = serde_json::to_vec(&Err::<(), _>(&refusal)).unwrap();
        let answer: Result<(), Failure> = read(&written).unwrap();
        assert_eq!(answer, Err(refusal));
    }
}
