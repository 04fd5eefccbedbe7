//! Bundles in few words: what most tests need of a workspace is an API and runbooks that call it.

use serde_json::{Value, json};

use crate::{Server, console};

/// A bundle in the making.
#[derive(Debug, Clone, Default)]
pub struct Bundle {
    integrations: Vec<Value>,
    runbooks: Vec<Value>,
    actions: Vec<Value>,
    events: Vec<Value>,
    schedules: Vec<Value>,
}

impl Bundle {
    /// One with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an integration, which is also its name, with its methods.
    #[must_use]
    pub fn integration(
        mut self,
        id: &str,
        base_url: &str,
        auth: &Value,
        methods: impl IntoIterator<Item = Value>,
    ) -> Self {
        self.integrations.push(json!({
            "id": id, "name": id, "base_url": base_url, "auth": auth,
            "methods": methods.into_iter().collect::<Vec<_>>(),
        }));
        self
    }

    /// Adds a runbook; see [`chain`].
    #[must_use]
    pub fn runbook(mut self, runbook: Value) -> Self {
        self.runbooks.push(runbook);
        self
    }

    /// Adds a desk action that queues a runbook.
    #[must_use]
    pub fn action(mut self, name: &str, runbook: &str) -> Self {
        self.actions
            .push(json!({"name": name, "system_use": "queue_runbook", "runbook": runbook}));
        self
    }

    /// Adds an event trigger; `more` holds its other fields.
    #[must_use]
    pub fn event(mut self, event: &str, runbook: &str, more: &Value) -> Self {
        let trigger = json!({"event": event, "runbook": runbook});
        self.events.push(with(&trigger, more));
        self
    }

    /// Adds a schedule that is on, in UTC, which is also its name; `more` holds its other fields.
    #[must_use]
    pub fn schedule(mut self, id: &str, runbook: &str, when: &Value, more: &Value) -> Self {
        let schedule = json!({
            "id": id, "name": id, "enabled": true, "runbook": runbook, "time_zone": "UTC", "when": when,
        });
        self.schedules.push(with(&schedule, more));
        self
    }

    /// Imports it. Everything must be published by that.
    pub fn import(&self, server: &Server) {
        let bundle = json!({
            "format": "nimbus.bundle/1", "integrations": self.integrations, "runbooks": self.runbooks,
            "desk": {"actions": self.actions, "events": self.events, "schedules": self.schedules},
        });
        let report = console::post(server, "/console/import", &bundle).expect(200);
        assert_eq!(report.json()["drafts"], json!([]));
    }
}

/// A method of that id and name; `more` holds its other fields.
pub fn method(id: &str, http_method: &str, path: &str, more: &Value) -> Value {
    let method = json!({"id": id, "name": id, "http_method": http_method, "path": path});
    with(&method, more)
}

/// A runbook that passes through steps one after the other, and ends at the first that fails.
/// Steps need neither id nor way: see [`sends`].
pub fn chain(id: &str, start: &Value, steps: &[Value]) -> Value {
    let mut all: Vec<Value> = steps
        .iter()
        .enumerate()
        .map(|(index, step)| {
            let next = match index + 1 {
                last if last == steps.len() => "done".to_owned(),
                next => format!("step-{next}"),
            };
            let common = json!({
                "id": format!("step-{index}"), "name": format!("Step {index}"),
                "next": {"success": next, "failure": "failed"},
            });
            with(&common, step)
        })
        .collect();
    all.push(json!({"id": "done", "name": "Done", "type": "end", "outcome": "success"}));
    let first = all[0]["id"].clone();
    if !steps.is_empty() {
        all.push(json!({"id": "failed", "name": "Failed", "type": "end", "outcome": "failed"}));
    }
    json!({"id": id, "name": id, "enabled": true, "start": start, "first_step": first, "steps": all})
}

/// A step that sends a method.
pub fn sends(method: &str) -> Value {
    json!({"type": "method", "method": method})
}

/// An object with the fields of another in it.
pub fn with(object: &Value, more: &Value) -> Value {
    let mut object = object.clone();
    for (name, value) in more.as_object().into_iter().flatten() {
        object[name] = value.clone();
    }
    object
}
