//! The worker is killed, as a crash or a power cut would, and goes on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod children;
mod desk;
mod methods;
mod starts;
mod turns;
mod waits;

use edge_tests::{
    Options, Server, Stub,
    bundle::{Bundle, method},
};
use serde_json::{Value, json};

/// A server and a bundle with the methods of a stub: one of each HTTP method, named like it, at the path of that name.
fn with_methods(stub: &Stub) -> (Server, Bundle) {
    let server = Server::start(&Options::default());
    let methods = ["get", "put", "delete", "post", "patch"]
        .map(|name| method(name, &name.to_uppercase(), &format!("/{name}"), &json!({})));
    let bundle = Bundle::new().integration("api", &stub.url(""), &json!({"type": "none"}), methods);
    (server, bundle)
}

/// A start by anyone.
fn open() -> Value {
    json!({"access": "desk_and_public", "auth": {"type": "none"}})
}
