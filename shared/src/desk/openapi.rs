//! The desk's REST surface as an `OpenAPI` 3.1 document, made of the tables that also answer its requests.

use serde_json::{Map, Value, json};

use super::resource::{Command, Field, FieldKind, FilterTest, RESOURCES, Resource};
use super::scope::Scopes;

/// The document. `public_url` is where the deployment is reached, without a slash at its end.
pub fn document(public_url: &str, version: &str) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for resource in RESOURCES {
        let path = format!("/api/{}", resource.name);
        paths.insert(path.clone(), collection(resource));
        let mut one = json!({ "get": read_one(resource), "parameters": [id_parameter()] });
        if !resource.single {
            one["delete"] = delete_one(resource);
        }
        paths.insert(format!("{path}/{{id}}"), one);
        schemas.insert(shown_name(resource), shown_schema(resource));
        schemas.insert(sent_name(resource), sent_schema(resource));
    }
    paths.insert("/api/Agent/me".to_owned(), own_agent());
    paths.insert("/api/authinfo".to_owned(), authinfo());
    schemas.insert(
        "Error".to_owned(),
        json!({ "type": "string", "description": "What is wrong, as a sentence" }),
    );
    let scopes: Map<String, Value> = Scopes::known()
        .map(|name| (name.to_owned(), Scopes::about(name).into()))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Nimbus desk",
            "version": version,
            "description": "The embedded service desk, in the shape of Halo's REST API. Names of resources, fields and parameters are known in any case; ids may be numbers or texts of digits.",
        },
        "servers": [{ "url": public_url }],
        "security": [{ "bearer": [] }, { "oauth2": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": responses(),
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer" },
                "oauth2": {
                    "type": "oauth2",
                    "description": "The authorization code flow wants PKCE with S256 of public applications.",
                    "flows": flows(public_url, &scopes.into()),
                },
            },
        },
    })
}

/// How an application gets its tokens.
fn flows(public_url: &str, scopes: &Value) -> Value {
    let token_url = format!("{public_url}/auth/token");
    json!({
        "clientCredentials": { "tokenUrl": token_url, "scopes": scopes },
        "authorizationCode": {
            "authorizationUrl": format!("{public_url}/auth/authorize"),
            "tokenUrl": token_url,
            "refreshUrl": token_url,
            "scopes": scopes,
        },
    })
}

fn shown_name(resource: &Resource) -> String {
    resource.name.to_owned()
}

fn sent_name(resource: &Resource) -> String {
    format!("{}_sent", resource.name)
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn answer(description: &str, schema: &Value) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": schema } } })
}

/// The answers that do not depend on the resource.
fn responses() -> Value {
    let refusal = |description: &str| answer(description, &reference("Error"));
    json!({
        "BadRequest": refusal("What was sent is not what it must be; the sentence says where"),
        "Unauthorized": refusal("No access token was sent, or it is not good any more"),
        "Forbidden": refusal("The access token lacks a scope"),
        "NotFound": refusal("There is no such record"),
        "TooLarge": refusal("The body is too large"),
        "OtherRequest": refusal("The Idempotency-Key came with another request before"),
        "TooManyRequests": refusal("The rate limit of the application is reached"),
    })
}

/// Adds the refusals that an operation may be answered with.
fn with_refusals(mut answers: Value, statuses: &[(&str, &str)]) -> Value {
    let always = [
        ("401", "Unauthorized"),
        ("403", "Forbidden"),
        ("429", "TooManyRequests"),
    ];
    for (status, name) in statuses.iter().chain(&always) {
        answers[*status] = json!({ "$ref": format!("#/components/responses/{name}") });
    }
    answers
}

const READ: &[(&str, &str)] = &[("400", "BadRequest")];
const READ_ONE: &[(&str, &str)] = &[("404", "NotFound")];
const WRITE: &[(&str, &str)] = &[
    ("400", "BadRequest"),
    ("404", "NotFound"),
    ("413", "TooLarge"),
    ("422", "OtherRequest"),
];
const DELETE: &[(&str, &str)] = &[("400", "BadRequest"), ("404", "NotFound")];

fn collection(resource: &Resource) -> Value {
    let shown = reference(&shown_name(resource));
    let sent = reference(&sent_name(resource));
    let get = if resource.single {
        json!({
            "tags": [resource.name],
            "summary": format!("Get the {}", resource.singular),
            "description": resource.about,
            "responses": with_refusals(json!({ "200": answer("The record", &shown) }), READ_ONE),
        })
    } else {
        json!({
            "tags": [resource.name],
            "summary": format!("List of {}", resource.name),
            "description": resource.about,
            "parameters": parameters(resource),
            "responses": with_refusals(json!({ "200": answer("The records", &list_schema(resource, &shown)) }), READ),
        })
    };
    json!({
        "get": get,
        "post": {
            "tags": [resource.name],
            "summary": format!("Create and change {}", resource.name),
            "description": "An element with an id is merged into that record, one without makes a new one. One record in gives one out. All are written or none: a refusal of several says which record it is about, as in `Record 2 of 3 (id 7): Name must be unique`.",
            "parameters": [{
                "name": "Idempotency-Key",
                "in": "header",
                "description": "The same for every sending of one and the same write: it is carried out once",
                "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
            }],
            "requestBody": {
                "required": true,
                "content": { "application/json": { "schema": { "anyOf": [{ "type": "array", "items": sent }, sent] } } },
            },
            "responses": with_refusals(
                json!({ "201": answer("What was written", &json!({ "anyOf": [shown, { "type": "array", "items": shown }] })) }),
                WRITE,
            ),
        },
    })
}

fn list_schema(resource: &Resource, shown: &Value) -> Value {
    let records = json!({ "type": "array", "items": shown });
    match resource.list_key {
        None => records,
        Some(key) => json!({
            "type": "object",
            "required": ["record_count", key],
            "properties": {
                "record_count": { "type": "integer", "description": "On all pages" },
                "page_no": { "type": "integer" },
                "page_size": { "type": "integer" },
                key: records,
            },
        }),
    }
}

fn read_one(resource: &Resource) -> Value {
    let shown = reference(&shown_name(resource));
    let refusals = if resource.key.is_some() {
        DELETE
    } else {
        READ_ONE
    };
    json!({
        "tags": [resource.name],
        "summary": format!("Get one {}", resource.singular),
        "parameters": key_parameters(resource),
        "responses": with_refusals(json!({ "200": answer("The record", &shown) }), refusals),
    })
}

/// The second half of a record's key, where it has one.
fn key_parameters(resource: &Resource) -> Vec<Value> {
    let parameter = |(name, _)| {
        let about = format!("Where it is given, that of the {}", resource.singular);
        json!({ "name": name, "in": "query", "schema": { "type": "integer", "minimum": 0 }, "description": about })
    };
    resource.key.map(parameter).into_iter().collect()
}

fn delete_one(resource: &Resource) -> Value {
    let shown = reference(&shown_name(resource));
    json!({
        "tags": [resource.name],
        "summary": format!("Delete one {}", resource.singular),
        "description": "Refused while other records still refer to it.",
        "parameters": key_parameters(resource),
        "responses": with_refusals(json!({ "200": answer("The record as it was", &shown) }), DELETE),
    })
}

fn id_parameter() -> Value {
    json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "integer", "minimum": 1 } })
}

fn own_agent() -> Value {
    json!({ "get": {
        "tags": ["Agent"],
        "summary": "Get the agent that the caller is",
        "responses": with_refusals(json!({ "200": answer("The record", &reference("Agent")) }), READ_ONE),
    } })
}

fn authinfo() -> Value {
    let text = json!({ "type": "string" });
    let schema = json!({
        "type": "object",
        "required": ["auth_url", "tenant_id"],
        "properties": { "auth_url": text, "api_url": text, "tenant_id": text },
    });
    json!({ "get": {
        "summary": "Where access tokens are given",
        "security": [],
        "responses": { "200": answer("The addresses", &schema) },
    } })
}

fn parameters(resource: &Resource) -> Vec<Value> {
    let mut parameters = Vec::new();
    let mut add = |name: &str, schema: Value, about: &str| {
        parameters
            .push(json!({ "name": name, "in": "query", "schema": schema, "description": about }));
    };
    let flag = || json!({ "type": "boolean" });
    let number = |least: u8| json!({ "type": "integer", "minimum": least });
    let ids = || json!({ "type": "string", "pattern": "^[0-9]{1,15}(,[0-9]{1,15})*$" });
    let date = || json!({ "type": "string", "format": "date-time" });
    add("pageinate", flag(), "Whether the list comes in pages");
    add(
        "page_size",
        number(0),
        "Records on a page; 50 where it is missing, and with 0 their number alone",
    );
    add("page_no", number(1), "From 1");
    add(
        "count",
        json!({ "type": ["integer", "boolean"], "minimum": 0 }),
        "The most records, where the list does not come in pages; 1000 where it is missing, or fewer where they are large; with 0 their number alone, with true as many as possible",
    );
    add(
        "search",
        json!({ "type": "string" }),
        "Words that a record must hold; case and accents do not count",
    );
    add(
        "order",
        json!({ "type": "string" }),
        "The field to order by",
    );
    add(
        "advanced_search",
        json!({ "type": "string" }),
        "Fields that a record must equal, all of them, as [{\"filter_name\": …, \"filter_type\": 2, \"filter_value\": …}]",
    );
    add("orderdesc", flag(), "Whether the greatest comes first");
    add("idonly", flag(), "Whether records hold their ids alone");
    for (field, reference) in resource.references() {
        let about = format!("Ids between commas: those of the {}", reference.to.singular);
        add(field.name, ids(), &about);
    }
    for filter in resource.filters {
        match filter.test {
            FilterTest::Ids(_) | FilterTest::IdsIn(_) => {
                add(filter.parameter, ids(), "Ids between commas");
            }
            FilterTest::Named => add(
                filter.parameter,
                json!({ "type": "string" }),
                "What its title holds",
            ),
            FilterTest::Text(_) | FilterTest::TextIn(_) => {
                add(filter.parameter, json!({ "type": "string" }), "");
            }
            FilterTest::TextOrIds(..) => add(
                filter.parameter,
                json!({ "type": "string" }),
                "A name, or ids between commas",
            ),
            FilterTest::From(_) | FilterTest::Until(_) => add(filter.parameter, date(), ""),
            FilterTest::WhenTrue(_) => add(filter.parameter, flag(), ""),
        }
    }
    if let Some(field) = resource.date {
        add(
            "startdate",
            date(),
            &format!("Not before; of {field}, or of datesearch"),
        );
        add(
            "enddate",
            date(),
            &format!("Not after; of {field}, or of datesearch"),
        );
        let dates: Vec<_> = resource
            .fields
            .iter()
            .filter(|field| field.kind == FieldKind::Instant)
            .map(|field| field.name)
            .collect();
        add(
            "datesearch",
            json!({ "type": "string", "enum": dates }),
            "The field that both look at",
        );
    }
    if resource.has_inactive() {
        add("includeactive", flag(), "True where it is missing");
        add("includeinactive", flag(), "False where it is missing");
    }
    parameters
}

/// A field as it is shown.
fn shown_type(kind: FieldKind) -> Value {
    match kind {
        FieldKind::Line | FieldKind::Text | FieldKind::Html => {
            json!({ "type": ["string", "null"] })
        }
        FieldKind::Instant => json!({ "type": ["string", "null"], "format": "date-time" }),
        FieldKind::Integer | FieldKind::Reference(_) => json!({ "type": ["integer", "null"] }),
        FieldKind::Decimal => json!({ "type": ["number", "null"] }),
        FieldKind::Boolean => json!({ "type": "boolean" }),
        FieldKind::Objects | FieldKind::Named => {
            json!({ "type": "array", "items": { "type": "object" } })
        }
    }
}

/// A field as it may be sent.
fn sent_type(kind: FieldKind) -> Value {
    match kind {
        FieldKind::Line | FieldKind::Text | FieldKind::Html => {
            json!({ "type": ["string", "number", "boolean", "null"] })
        }
        FieldKind::Instant => json!({ "type": ["string", "null"], "format": "date-time" }),
        FieldKind::Integer | FieldKind::Reference(_) => {
            json!({ "type": ["integer", "string", "null"] })
        }
        FieldKind::Decimal => json!({ "type": ["number", "string", "null"] }),
        FieldKind::Boolean => json!({ "type": ["boolean", "string", "integer", "null"] }),
        FieldKind::Objects | FieldKind::Named => {
            json!({ "type": ["array", "null"], "items": { "type": "object" } })
        }
    }
}

fn described(mut schema: Value, about: &str) -> Value {
    if !about.is_empty() {
        schema["description"] = about.into();
    }
    schema
}

fn shown_field(field: &Field) -> Value {
    let mut schema = described(shown_type(field.kind), field.about);
    if field.computed {
        schema["readOnly"] = true.into();
    }
    schema
}

fn shown_schema(resource: &Resource) -> Value {
    let mut properties = Map::new();
    properties.insert("id".to_owned(), json!({ "type": "integer" }));
    // One that is given another shape has other fields than it keeps.
    if resource.shape.is_none() || !resource.shown_only.is_empty() {
        for field in resource.fields {
            properties.insert(field.name.to_owned(), shown_field(field));
        }
    }
    for (field, _) in resource.beside_fields() {
        properties.insert(field.name.to_owned(), shown_field(field));
    }
    for name in resource.shown_only {
        properties.insert((*name).to_owned(), shown_type(FieldKind::Line));
    }
    for (_, reference) in resource.references() {
        for (shown, field) in reference.shows {
            let kind = reference.to.field(field).map(|field| field.kind);
            let mut schema = shown_type(kind.unwrap_or(FieldKind::Line));
            if kind == Some(FieldKind::Boolean) {
                schema = json!({ "type": ["boolean", "null"] });
            }
            properties.insert((*shown).to_owned(), schema);
        }
        properties.insert(
            reference.object.to_owned(),
            json!({ "type": ["object", "null"], "properties": { "id": { "type": "integer" } } }),
        );
    }
    json!({
        "type": "object",
        "description": resource.about,
        "required": ["id"],
        "properties": properties,
    })
}

fn sent_schema(resource: &Resource) -> Value {
    let mut properties = Map::new();
    properties.insert(
        "id".to_owned(),
        json!({ "type": ["integer", "string", "null"], "description": "Of the record to change; missing for a new one" }),
    );
    let fields = resource.fields.iter().filter(|field| !field.computed);
    for Field {
        name,
        kind,
        about,
        of_lines,
        ..
    } in fields
    {
        let mut schema = sent_type(*kind);
        if *of_lines {
            schema = json!({ "type": ["string", "number", "boolean", "object", "null"] });
        }
        properties.insert((*name).to_owned(), described(schema, about));
    }
    for Command { name, kind, about } in resource.commands {
        properties.insert((*name).to_owned(), described(sent_type(*kind), about));
    }
    json!({
        "type": "object",
        "description": "Fields beside these are kept as they come.",
        "properties": properties,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every `$ref` of a document.
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                for (name, value) in object {
                    match value {
                        Value::String(text) if name == "$ref" => found.push(text.clone()),
                        value => references(value, found),
                    }
                }
            }
            Value::Array(list) => list.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }

    #[test]
    fn the_document_holds_every_resource_and_all_that_it_refers_to() {
        let document = document("https://desk.example", "1.2.3");
        for resource in RESOURCES {
            let path = &document["paths"][format!("/api/{}", resource.name)];
            assert!(path["post"].is_object(), "{resource:?}");
        }
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 100);
        for reference in found {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
        assert!(document["paths"]["/api/Control/{id}"]["delete"].is_null());
        let flows = &document["components"]["securitySchemes"]["oauth2"]["flows"];
        for flow in ["clientCredentials", "authorizationCode"] {
            assert_eq!(
                flows[flow]["tokenUrl"], "https://desk.example/auth/token",
                "{flow}"
            );
            assert_eq!(
                flows[flow]["scopes"]["read:tickets"],
                "Read tickets and their actions"
            );
        }
        assert_eq!(
            flows["authorizationCode"]["authorizationUrl"],
            "https://desk.example/auth/authorize"
        );
        for method in ["get", "delete"] {
            let of = |path: &str| document["paths"][path][method]["parameters"].clone();
            assert_eq!(of("/api/Lookup/{id}")[0]["name"], "lookupid", "{method}");
            assert_eq!(of("/api/Site/{id}"), json!([]), "{method}");
        }
        let site = &document["components"]["schemas"]["Site"]["properties"];
        assert!(site["clientsite_name"].is_object() && site["name"].is_object());
        let ticket = &document["components"]["schemas"]["Tickets_sent"]["properties"];
        assert!(ticket["summary"].is_object() && ticket["datecreated"].is_null());
        assert!(ticket["workflow_step"].is_null());
        let shown = &document["components"]["schemas"]["Tickets"]["properties"];
        assert_eq!(
            shown["workflow_step"],
            json!({
                "type": ["string", "null"], "readOnly": true,
                "description": "The step of the workflow in which it is, by its name",
            })
        );
        assert_eq!(shown["datecreated"]["readOnly"], true);
        assert_eq!(shown["summary"]["readOnly"], Value::Null);
        let parameters = document["paths"]["/api/Tickets"]["get"]["parameters"].as_array();
        let names: Vec<_> = parameters
            .unwrap()
            .iter()
            .map(|p| p["name"].as_str().unwrap())
            .collect();
        for name in [
            "client_id",
            "open_only",
            "startdate",
            "search",
            "lastupdatefromdate",
            "workflow_id",
        ] {
            assert!(names.contains(&name), "{name}");
        }
    }
}
