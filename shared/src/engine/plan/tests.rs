//! What keeps a runbook from being published, and what one is told of it.

use serde_json::{Value, json};

use super::*;
use crate::model::{Bundle, HasSecrets as _};

mod flows;
mod loops;
mod running;
mod starts;

fn example() -> Value {
    serde_json::from_slice(include_bytes!(
        "../../../../tests/examples/ask-a-question.json"
    ))
    .unwrap()
}

fn document(bundle: &Value) -> PlanDocument {
    let bundle = Bundle::parse(bundle.to_string().as_bytes()).unwrap();
    PlanDocument::gather(&bundle.runbooks[0], &bundle.integrations, None)
}

/// Problems as `severity code step field`.
fn problems(bundle: &Value) -> Vec<String> {
    check(&document(bundle))
        .iter()
        .map(|problem| {
            let at = &problem.detail.at;
            let step = at.step.as_ref().map_or("-", |step| step.as_str());
            let severity = if problem.severity == Severity::Error {
                "error"
            } else {
                "warning"
            };
            format!(
                "{severity} {} {step} {}",
                problem.detail.code,
                at.field.as_deref().unwrap_or("-")
            )
        })
        .collect()
}

#[test]
fn the_example_can_be_published_without_a_word() {
    assert_eq!(problems(&example()), [] as [String; 0]);
    let document = document(&example());
    assert!(is_publishable(&check(&document)));
    let stored = serde_json::to_string(&document).unwrap();
    let read: PlanDocument = serde_json::from_str(&stored).unwrap();
    assert_eq!(Plan::compile(read).unwrap().document(), &document);
}

#[test]
fn a_plan_holds_what_the_runbook_uses_and_no_secret() {
    let mut bundle = example();
    let mut unused = bundle["integrations"][0]["methods"][0].clone();
    unused["id"] = json!("unused");
    bundle["integrations"][0]["methods"]
        .as_array_mut()
        .unwrap()
        .push(unused);
    let mut other = bundle["integrations"][0].clone();
    other["id"] = json!("other");
    other["methods"] = json!([]);
    bundle["integrations"].as_array_mut().unwrap().push(other);
    bundle["integrations"][0]["methods"][0]["auth"] =
        json!({ "type": "basic", "username": "u", "password": { "secret": "pass-word" } });
    let mut document = document(&bundle);
    assert_eq!(document.integrations.len(), 2);
    assert_eq!(document.integrations[0].methods.len(), 1);
    let stored = serde_json::to_string(&document).unwrap();
    for secret in ["sk-example", "example-signing-key", "pass-word"] {
        assert!(!stored.contains(secret), "{secret}");
    }
    assert!(
        document
            .runbook
            .take_secrets()
            .iter()
            .all(|(_, secret)| !secret.is_held())
    );
}

/// A change of the example, by JSON pointer, and the problems that it makes.
type Case = (
    &'static [(&'static str, fn() -> Value)],
    &'static [&'static str],
);

#[track_caller]
fn check_cases(cases: &[Case]) {
    for (changes, expected) in cases {
        let mut bundle = example();
        let mut told = Vec::new();
        for (pointer, value) in *changes {
            let value = value();
            told.push(format!("{pointer} = {value}"));
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            let parent = bundle
                .pointer_mut(parent)
                .unwrap_or_else(|| panic!("no {parent}"));
            match parent {
                Value::Array(elements) if key == "-" => elements.push(value),
                Value::Array(elements) => elements[key.parse::<usize>().unwrap()] = value,
                Value::Object(fields) => {
                    fields.insert(key.to_owned(), value);
                }
                _ => panic!("{pointer}"),
            }
        }
        assert_eq!(problems(&bundle), *expected, "{told:?}");
        let is_running = Plan::compile(document(&bundle)).is_ok();
        let is_clean = expected.is_empty();
        assert!(
            is_running || !is_clean,
            "what has no problem can run: {told:?}"
        );
    }
}

#[test]
fn the_shape_of_the_chart() {
    check_cases(&[
        (
            &[("/runbooks/0/first_step", || json!(null))],
            &["error no_first_step - first_step"],
        ),
        (
            &[("/runbooks/0/first_step", || json!("nope"))],
            &["error no_first_step - first_step"],
        ),
        (
            &[("/runbooks/0/steps", || json!([]))],
            &[
                "error no_steps - steps",
                "error unknown_variable - start.answer.outputs[0]",
            ],
        ),
        (
            &[("/runbooks/0/steps/0/next", || json!({ "success": "post" }))],
            &["warning no_failure_way ask next.failure"],
        ),
        (
            &[(
                "/runbooks/0/steps/0/next",
                || json!({ "failure": "failed" }),
            )],
            &[
                "error way_leads_nowhere ask next.success",
                "error unreachable_step post -",
                "error unreachable_step done -",
            ],
        ),
        (
            &[(
                "/runbooks/0/steps/0/next",
                || json!({ "success": "post", "failure": "nope" }),
            )],
            &["error way_leads_nowhere ask next.failure"],
        ),
        (
            &[(
                "/runbooks/0/steps/0/next",
                || json!({ "success": "post", "failure": "failed", "met": "done" }),
            )],
            &["error unknown_way ask next.met"],
        ),
        (
            &[(
                "/runbooks/0/steps/-",
                || json!({ "id": "lost", "name": "Lost", "type": "end", "outcome": "success" }),
            )],
            &["error unreachable_step lost -"],
        ),
        (
            &[("/runbooks/0/steps/3/id", || json!("done"))],
            &[
                "error duplicate_step done id",
                "error way_leads_nowhere ask next.failure",
                "error way_leads_nowhere post next.failure",
                "error unreachable_step done -",
            ],
        ),
        (
            &[
                (
                    "/runbooks/0/steps/1/next",
                    || json!({ "success": "ask", "failure": "ask" }),
                ),
                (
                    "/runbooks/0/steps/0/next",
                    || json!({ "success": "post", "failure": "post" }),
                ),
            ],
            &[
                "error unreachable_step done -",
                "error unreachable_step failed -",
                "warning no_end - steps",
                "warning variable_sometimes_missing post method.body.text",
            ],
        ),
        (
            &[("/runbooks/0/steps/0/name", || json!(" "))],
            &["error empty_name ask name"],
        ),
        (
            &[("/runbooks/0/steps/0/timeout_ms", || json!(0))],
            &["error timeout ask timeout_ms"],
        ),
    ]);
}

#[test]
fn retries_that_never_happen() {
    const AGAIN: fn() -> Value = || json!({"kind": "fixed", "count": 2});
    check_cases(&[
        // It is a POST, and nothing says that it may be repeated.
        (
            &[("/runbooks/0/steps/0/retry", AGAIN)],
            &["warning retry_never_happens ask retry"],
        ),
        (
            &[("/integrations/0/methods/0/retry", AGAIN)],
            &["warning retry_never_happens ask method.retry"],
        ),
        (
            &[
                ("/runbooks/0/steps/0/retry", AGAIN),
                ("/integrations/0/methods/0/idempotency_key", || json!(true)),
            ],
            &[],
        ),
        (
            &[("/runbooks/0/steps/0/retry", || json!({"kind": "none"}))],
            &[],
        ),
        (
            &[
                (
                    "/runbooks/0/steps/0/retry",
                    || json!({"kind": "exponential", "first_ms": 60_000, "max_ms": 100}),
                ),
                ("/integrations/0/methods/0/repeatable", || json!(true)),
            ],
            &["warning retry_waits ask retry"],
        ),
    ]);
}

#[test]
fn methods_and_integrations() {
    check_cases(&[
        (
            &[("/runbooks/0/steps/0/method", || json!("gone"))],
            &["error unknown_method ask method"],
        ),
        (
            &[("/integrations/0/base_url", || json!("example.com"))],
            &["error not_absolute ask integration.base_url"],
        ),
        (
            &[("/integrations/0/base_url", || {
                json!("https://<<Prompt>>.example.com")
            })],
            &["error not_constant ask integration.base_url"],
        ),
        (
            &[("/integrations/0/methods/0/path", || json!("/../x"))],
            &["error dot_segment ask method.path"],
        ),
        (
            &[(
                "/integrations/0/methods/0/body",
                || json!({ "type": "json", "text": "{\"p\": <<Prompt>>" }),
            )],
            &["error invalid_json ask method.body.text"],
        ),
        (
            &[("/integrations/0/methods/0/http_method", || json!("GET"))],
            &["error body_not_permitted ask method.body"],
        ),
        (
            &[(
                "/integrations/0/methods/0/headers",
                || json!([{ "name": "Host", "value": "x" }]),
            )],
            &["error header_reserved ask method.headers[0].name"],
        ),
        (
            &[("/integrations/0/methods/0/outputs/0/value", || {
                json!("response^choices[0")
            })],
            &["error unclosed_bracket ask method.outputs[0].value"],
        ),
        (
            &[(
                "/integrations/0/methods/0/outputs/-",
                || json!({ "name": "ResponseText", "value": "response" }),
            )],
            &["error duplicate_variable ask method.outputs[1].name"],
        ),
        (
            &[(
                "/integrations/0/methods/0/outputs/-",
                || json!({ "name": "ticket", "value": "response" }),
            )],
            &["error reserved_name ask method.outputs[1].name"],
        ),
        (
            &[(
                "/integrations/0/methods/0/outputs/-",
                || json!({ "name": "response@status", "value": "response" }),
            )],
            &["error reserved_name ask method.outputs[1].name"],
        ),
        (
            &[(
                "/runbooks/0/steps/0/outputs",
                || json!([{ "name": "ResponseText", "value": "response" }]),
            )],
            &["error duplicate_variable ask outputs[0].name"],
        ),
    ]);
}

#[test]
fn logins_and_constants() {
    check_cases(&[
        (
            &[("/integrations/0/auth", || json!({ "type": "desk" }))],
            &["error not_the_desk ask integration.auth"],
        ),
        (
            &[(
                "/integrations/0/auth",
                || json!({ "type": "api_key", "in": "header", "name": "X Key" }),
            )],
            &["error login_header ask integration.auth.name"],
        ),
        (
            &[(
                "/integrations/0/methods/0/auth",
                || json!({ "type": "oauth2", "grant": "client_credentials", "token_url": "x", "client_id": "c" }),
            )],
            &["error token_url ask method.auth.token_url"],
        ),
        (
            &[("/integrations/0/methods/0/timeout_ms", || json!(0))],
            &["error timeout ask method.timeout_ms"],
        ),
        (
            &[(
                "/integrations/0/constants",
                || json!([{ "name": "run", "value": "" }, { "name": "A", "value": "" }, { "name": "A", "value": "" }]),
            )],
            &[
                "error reserved_name ask integration.constants[0].name",
                "error duplicate_variable ask integration.constants[2].name",
            ],
        ),
    ]);
}

#[test]
fn variables_flow_along_the_ways() {
    const PROMPT: &str = "/integrations/0/methods/0/body/text";
    const NOTE: &str = "/integrations/1/methods/0/body/text";
    check_cases(&[
        (
            &[(PROMPT, || json!("<<Promt>>"))],
            &["error unknown_variable ask method.body.text"],
        ),
        (
            &[(PROMPT, || json!("[<<Promt>>, <<Promt^x>>]"))],
            &["error unknown_variable ask method.body.text"],
        ),
        (&[(PROMPT, || json!("<<Promt ?? 1>>"))], &[]),
        (
            &[(PROMPT, || json!("<<ResponseText>>"))],
            &["error unknown_variable ask method.body.text"],
        ),
        (
            &[(PROMPT, || json!("<<response>>"))],
            &["error unknown_variable ask method.body.text"],
        ),
        (
            &[(NOTE, || {
                json!(
                    "[<<response^id>>, <<response@status>>, <<run^id>>, <<request^a>>, \"<<halo_url>>\"]"
                )
            })],
            &[],
        ),
        (
            &[
                (NOTE, || json!("[<<request^a>>, <<request@method ?? 1>>]")),
                ("/runbooks/0/start/access", || json!("desk")),
            ],
            &["error unknown_variable post method.body.text"],
        ),
        (
            &[(NOTE, || json!("<<response@nope>>"))],
            &["error syntax post method.body.text"],
        ),
        (
            &[(PROMPT, || json!("<<ticket^id>>"))],
            &["error desk_token_in_public_runbook ask method.body.text"],
        ),
        (
            &[(PROMPT, || json!("<<action^note ?? 1>>"))],
            &["error desk_token_in_public_runbook ask method.body.text"],
        ),
        (
            &[
                (PROMPT, || json!("<<ticket^id>>")),
                ("/runbooks/0/start/access", || json!("desk")),
            ],
            &[],
        ),
        (
            &[
                (PROMPT, || json!("<<Model>>")),
                (
                    "/integrations/0/constants",
                    || json!([{ "name": "Model", "value": "m" }]),
                ),
            ],
            &[],
        ),
        (
            &[
                (NOTE, || json!("<<Model>>")),
                (
                    "/integrations/0/constants",
                    || json!([{ "name": "Model", "value": "m" }]),
                ),
            ],
            &["error unknown_variable post method.body.text"],
        ),
        (
            &[("/runbooks/0/steps/0/next/failure", || json!("post"))],
            &["warning variable_sometimes_missing post method.body.text"],
        ),
        (
            &[("/runbooks/0/start/inputs/1/required", || json!(false))],
            &["warning variable_sometimes_missing ask method.body.text"],
        ),
        (
            &[
                ("/runbooks/0/start/inputs/1/required", || json!(false)),
                ("/runbooks/0/start/inputs/1/default", || json!("?")),
            ],
            &[],
        ),
    ]);
}

fn condition(left: &str, op: &str) -> Value {
    json!({ "id": "post", "name": "If", "type": "condition", "next": { "met": "done", "not_met": "failed" },
        "when": { "all": [{ "left": left, "op": op, "right": "1" }] } })
}

#[test]
fn conditions_are_checked_like_the_rest() {
    const SECOND: &str = "/runbooks/0/steps/1";
    const FAILURE: &str = "/runbooks/0/steps/0/next/failure";
    check_cases(&[
        (&[(SECOND, || condition("<<ResponseText>>", "equals"))], &[]),
        (
            &[(SECOND, || condition("<<ResponsText>>", "equals"))],
            &["error unknown_variable post when.all[0].left"],
        ),
        (
            &[(SECOND, || condition("<<Prompt", "equals"))],
            &["error condition post when.all[0].left"],
        ),
        (
            &[
                (SECOND, || condition("<<ResponseText>>", "equals")),
                (FAILURE, || json!("post")),
            ],
            &["warning variable_sometimes_missing post when.all[0].left"],
        ),
        (
            &[
                (SECOND, || condition("<<ResponseText>>", "has_value")),
                (FAILURE, || json!("post")),
            ],
            &[],
        ),
        (
            &[(SECOND, || condition("<<ResponsText>>", "has_value"))],
            &["error unknown_variable post when.all[0].left"],
        ),
    ]);
}

fn desk_action(body: &str, target: Option<&str>) -> Value {
    let mut step = json!({ "id": "post", "name": "Note", "type": "desk_action", "action": "add_action", "body": body,
        "next": { "success": "done", "failure": "failed" } });
    if let Some(target) = target {
        step["target"] = json!(target);
    }
    step
}

#[test]
fn desk_actions_are_checked_like_methods() {
    const SECOND: &str = "/runbooks/0/steps/1";
    const COMPLETIONS: &str = "0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0001";
    check_cases(&[
        (
            &[(SECOND, || {
                desk_action(
                    "[{\"ticket_id\": <<TicketId>>, \"outcome\": \"Note\"}]",
                    None,
                )
            })],
            &[],
        ),
        (
            &[(SECOND, || {
                desk_action("[{\"ticket_id\": <<TicketId>>}]", None)
            })],
            &["error missing_key post body"],
        ),
        (
            &[(SECOND, || desk_action("[{", None))],
            &["error invalid_json post body"],
        ),
        (
            &[(SECOND, || desk_action("[<<Nope>>]", None))],
            &["error unknown_variable post body"],
        ),
        (
            &[(SECOND, || desk_action("[]", Some("nope")))],
            &["error unknown_integration post target"],
        ),
        (
            &[(SECOND, || desk_action("[]", Some(COMPLETIONS)))],
            &["error not_halo post target"],
        ),
        (
            &[
                (SECOND, || desk_action("[]", Some(COMPLETIONS))),
                ("/integrations/0/halo", || json!(true)),
            ],
            &["error no_records post body"],
        ),
        (
            &[
                (SECOND, || {
                    desk_action(
                        "[{\"ticket_id\": 1, \"outcome\": \"Note\"}]",
                        Some(COMPLETIONS),
                    )
                }),
                ("/integrations/0/halo", || json!(true)),
            ],
            &[],
        ),
        (
            &[
                (SECOND, || desk_action("[<<Nope>>]", Some(COMPLETIONS))),
                ("/integrations/0/halo", || json!(true)),
            ],
            &["error unknown_variable post body"],
        ),
    ]);
}

#[test]
fn sentences_say_what_to_do() {
    let mut bundle = example();
    bundle["integrations"][0]["methods"][0]["body"]["text"] = json!("[<<Promt>>]");
    bundle["runbooks"][0]["steps"][0]["next"] = json!({ "success": "post" });
    bundle["runbooks"][0]["steps"][1]["method"] = json!("gone");
    let found = check(&document(&bundle));
    let messages: Vec<&str> = found
        .iter()
        .map(|problem| problem.detail.message.as_str())
        .collect();
    insta::assert_snapshot!(messages.join("\n"), @r#"
    where `Ask Question` fails, the run fails with its reason: connect its way out "failure" to go on in another way
    the method of this step does not exist any more: choose another one
    no step before this one and no input variable sets `Promt` (did you mean `Prompt`?): add it to the outputs of an earlier step, or to the input variables
    "#);
}
