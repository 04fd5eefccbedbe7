//! Requests from methods and variables: what they look like, and what they never do.

mod build;
mod hostile;
mod logins;
mod redirects;

use super::*;
use crate::model::{Authorization, DeskOperation, Integration, Method};

const HALO_URL: &str = "http://desk.test:8787";

fn integration(base_url: &str) -> Integration {
    serde_json::from_value(serde_json::json!({
        "id": "svc",
        "name": "Service",
        "base_url": base_url,
        "constants": [{ "name": "Tenant", "value": "acme & sons" }],
    }))
    .unwrap()
}

/// A POST method, with these fields in place of its own.
fn method(fields: &serde_json::Value) -> Method {
    let mut method =
        serde_json::json!({ "id": "m", "name": "Method", "http_method": "POST", "path": "/x" });
    let object = method.as_object_mut().unwrap();
    object.extend(fields.as_object().unwrap().clone());
    serde_json::from_value(method).unwrap()
}

fn variables(values: &[(&str, &str)]) -> Variables {
    let mut variables = Variables::new();
    for (name, json) in values {
        variables.insert(*name, *json).unwrap();
    }
    variables
}

fn build(
    base_url: &str,
    fields: &serde_json::Value,
    values: &[(&str, &str)],
) -> Result<Request, RequestError> {
    RequestTemplate::for_method(&integration(base_url), &method(fields))
        .unwrap()
        .render(&mut variables(values), HALO_URL)
}

/// A plain GET to this address.
fn get(url: &str) -> Request {
    Request {
        destination: Destination::Outside,
        method: HttpMethod::Get,
        url: Url::parse(url).unwrap(),
        headers: Vec::new(),
        body: None,
        login: None,
    }
}

fn authorization(fields: serde_json::Value) -> Authorization {
    serde_json::from_value(fields).unwrap()
}
