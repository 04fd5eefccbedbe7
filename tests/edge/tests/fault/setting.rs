//! The runbooks that are started.

use edge_tests::{
    Options, Server,
    bundle::{Bundle, chain, method, sends, with},
};
use serde_json::{Value, json};

use crate::service::{MANNERS, Service, TIME_LIMIT_MS};

/// Its callers are answered when it has ended.
pub(crate) const WAITED_FOR: &str = "waited-for";
/// Its callers are answered at once.
pub(crate) const ACCEPTED: &str = "accepted";
/// An action on a ticket queues it.
pub(crate) const BY_ACTION: &str = "by-action";
pub(crate) const OUTCOME: &str = "Take note";
/// One of the tickets of a seeded workspace.
pub(crate) const TICKET: u64 = 1001;

/// What a start is known by everywhere.
pub(crate) fn mark(number: usize) -> String {
    format!("start-{number}")
}

/// Whether that start is one of [`WAITED_FOR`]; of each manner of the service, every other one is.
pub(crate) fn is_waited_for(number: usize) -> bool {
    (number / MANNERS).is_multiple_of(2)
}

/// The number that is in a mark.
pub(crate) fn number(mark: &str) -> usize {
    mark.strip_prefix("start-").unwrap().parse().unwrap()
}

/// A server with the runbooks, which call that service.
pub(crate) fn server(service: &Service) -> Server {
    let server = Server::start(&Options {
        seed: true,
        ..Options::default()
    });
    let body = |text: &str| json!({"type": "json", "text": text});
    let retry = json!({"kind": "fixed", "count": 10, "first_ms": 50});
    let once = json!({
        "body": body("{\"mark\": <<Mark>>}"), "timeout_ms": TIME_LIMIT_MS,
        "outputs": [{"name": "Number", "value": "response^number"}],
    });
    let again =
        |text: &str| json!({"body": body(text), "timeout_ms": TIME_LIMIT_MS, "retry": retry});
    Bundle::new()
        .integration(
            "service",
            &service.url(),
            &json!({"type": "none"}),
            [
                method("once", "POST", "/once", &once),
                method(
                    "confirm",
                    "PUT",
                    "/confirm",
                    &again("{\"mark\": <<Mark>>, \"number\": <<Number>>}"),
                ),
                method("regret", "PUT", "/regret", &again("{\"mark\": <<Mark>>}")),
            ],
        )
        .runbook(runbook(
            WAITED_FOR,
            &json!({"when": "finished", "within_ms": 60_000, "outputs": ["Mark", "Number"]}),
        ))
        .runbook(runbook(ACCEPTED, &json!({"when": "accepted"})))
        .runbook(with(
            &runbook(BY_ACTION, &json!({"when": "accepted"})),
            &json!({"from_desk": [{"name": "Mark", "value": "<<action^note>>"}]}),
        ))
        .action(OUTCOME, BY_ACTION)
        .import(&server);
    server
}

/// Sends what must not be sent twice; then confirms it with the number that came back, or says that none came.
fn runbook(id: &str, answer: &Value) -> Value {
    let start = json!({
        "access": "desk_and_public", "auth": {"type": "none"}, "answer": answer,
        "inputs": [{"name": "Mark", "value": "request^mark", "type": "string"}],
    });
    let steps = [sends("once"), sends("confirm"), sends("regret")];
    let mut runbook = chain(id, &start, &steps);
    runbook["steps"][0]["next"] = json!({"success": "step-1", "failure": "step-2"});
    runbook["steps"][1]["next"]["success"] = json!("done");
    runbook
}
