//! The worker: a thin shell around `shared`. What is decided is decided there; here
//! are the routes, the Durable Objects that keep everything, and the way outward.

pub mod alarm;
pub mod assets;
pub mod audit;
pub mod carry_out;
pub mod clock;
pub mod config;
pub mod console;
pub mod demo;
pub mod desk;
pub mod door;
pub mod egress;
pub mod error;
pub mod failure_ticket;
pub mod fetch;
pub mod login;
pub mod object;
pub mod public;
pub mod random;
pub mod route;
pub mod runner;
pub mod seal;
pub mod store;
pub mod whole;
pub mod workspace;

use worker::js_sys::{Reflect, global};
use worker::wasm_bindgen::JsValue;
use worker::{Context, Env, Request, Response, Result, event};

/// Tasks are woken by `queueMicrotask`, or by a promise where there is none. The runtime wraps what it is given there,
/// which costs several times as much as a promise does.
#[event(start)]
fn start() {
    // Without it, tasks are woken all the same.
    let _ = Reflect::set(&global(), &"queueMicrotask".into(), &JsValue::UNDEFINED);
}

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    route::dispatch(request, &env).await
}
