//! What leaves Nimbus, where it may go, and what it carries.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod gzip;
mod limits;
mod logins;
mod networks;
mod oauth;
mod origins;
mod redirects;

use edge_tests::{
    Options, Server,
    bundle::{Bundle, chain, sends},
    console::run,
};
use serde_json::{Value, json};

/// A server with one integration, and for each of its methods a runbook of the same id that sends it.
/// `inputs` are texts.
fn serving(
    base_url: &str,
    auth: &Value,
    inputs: &[&str],
    methods: impl IntoIterator<Item = Value>,
) -> Server {
    serving_on(&Options::default(), base_url, auth, inputs, methods)
}

fn serving_on(
    options: &Options,
    base_url: &str,
    auth: &Value,
    inputs: &[&str],
    methods: impl IntoIterator<Item = Value>,
) -> Server {
    let server = Server::start(options);
    let methods: Vec<Value> = methods.into_iter().collect();
    let inputs: Vec<Value> = inputs
        .iter()
        .map(|name| json!({"name": name, "value": format!("request^{name}"), "type": "string"}))
        .collect();
    let start = json!({"access": "desk", "inputs": inputs});
    let bundle = methods.iter().fold(Bundle::new(), |bundle, method| {
        let id = method["id"].as_str().unwrap();
        bundle.runbook(chain(id, &start, &[sends(id)]))
    });
    bundle
        .integration("api", base_url, auth, methods)
        .import(&server);
    server
}

fn no_login() -> Value {
    json!({"type": "none"})
}

/// What the run of a method came to: nothing where it succeeded, else its error.
fn failure(server: &Server, method: &str) -> Option<Value> {
    let run = run(server, method, &json!({}));
    if run["status"] == "succeeded" {
        return None;
    }
    let visit = &run["visits"][0];
    let left = (&visit["state"], &visit["way"]);
    assert_eq!(left, (&json!("failed"), &json!("failure")), "{run}");
    assert_eq!(visit["error"]["at"]["step"], "step-0");
    Some(visit["error"].clone())
}

/// Fails where the error is not of this code, or has no sentence with these words.
fn is_told(error: Option<&Value>, code: &str, words: &str) {
    let error = error.unwrap_or(&Value::Null);
    assert_eq!(error["code"], code, "{error}");
    let sentence = error["message"].as_str().unwrap();
    assert!(sentence.contains(words), "{sentence}");
}
