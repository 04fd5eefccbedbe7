//! How a runbook is started and answered.

use serde_json::json;

use super::check_cases;

#[test]
fn signatures() {
    check_cases(&[
        (
            &[("/runbooks/0/start/auth/header", || json!("X Signature"))],
            &["error signature_settings - start.auth"],
        ),
        (
            &[("/runbooks/0/start/auth/signed", || {
                json!("<<timestamp>>.<<body>>")
            })],
            &["error signature_settings - start.auth"],
        ),
        (
            &[
                ("/runbooks/0/start/auth/signed", || json!("<<nonsense>>")),
                ("/runbooks/0/start/access", || json!("desk")),
            ],
            &[],
        ),
        (
            &[("/runbooks/0/start/auth/timestamp_header", || {
                json!("X-Time")
            })],
            &["warning timestamp_not_signed - start.auth.signed"],
        ),
        (
            &[
                ("/runbooks/0/start/auth/timestamp_header", || {
                    json!("X-Time")
                }),
                ("/runbooks/0/start/auth/signed", || {
                    json!("<<request@header[X-Delivery]>>.<<body>>")
                }),
            ],
            &[],
        ),
        (
            &[("/runbooks/0/start/auth/secrets", || json!([]))],
            &["warning no_secret - start.auth.secrets"],
        ),
        (
            &[
                ("/runbooks/0/start/auth/timestamp_header", || {
                    json!("X-Time")
                }),
                ("/runbooks/0/start/auth/signed", || {
                    json!("v0:<<timestamp>>:<<body>>")
                }),
            ],
            &[],
        ),
    ]);
}

#[test]
fn starts_and_answers() {
    check_cases(&[
        (
            &[("/runbooks/0/name", || json!(""))],
            &["error empty_name - name"],
        ),
        (
            &[("/runbooks/0/start/auth", || json!({ "type": "none" }))],
            &["warning public_without_authentication - start.auth"],
        ),
        (
            &[("/runbooks/0/start/inputs/0/value", || json!(""))],
            &["error no_path - start.inputs[0].value"],
        ),
        (
            &[
                ("/runbooks/0/start/inputs/0/value", || json!("")),
                ("/runbooks/0/start/access", || json!("desk")),
            ],
            &[],
        ),
        (
            &[("/runbooks/0/start/inputs/0/value", || json!("response^x"))],
            &["error wrong_root - start.inputs[0].value"],
        ),
        (
            &[("/runbooks/0/start/inputs/0/value", || {
                json!("request@header[x y]")
            })],
            &["error header_name - start.inputs[0].value"],
        ),
        (
            &[("/runbooks/0/start/inputs/0/default", || json!("x"))],
            &["error default_type - start.inputs[0].default"],
        ),
        (
            &[(
                "/runbooks/0/start/inputs/-",
                || json!({ "name": "run", "value": "request", "type": "string", "required": false }),
            )],
            &["error reserved_name - start.inputs[2].name"],
        ),
        (
            &[(
                "/runbooks/0/start/inputs/-",
                || json!({ "name": "Prompt", "value": "request", "type": "string" }),
            )],
            &["error duplicate_variable - start.inputs[2].name"],
        ),
        (
            &[(
                "/runbooks/0/from_desk",
                || json!([{ "name": "TicketId", "value": "<<ticket^id>>" }]),
            )],
            &["error desk_start_incomplete - from_desk"],
        ),
        (
            &[("/runbooks/0/from_desk", || json!([]))],
            &["warning desk_start_incomplete - from_desk"],
        ),
        (
            &[("/runbooks/0/from_desk/1/name", || json!("Promt"))],
            &[
                "error unknown_input - from_desk[1].name",
                "error desk_start_incomplete - from_desk",
            ],
        ),
        (
            &[("/runbooks/0/from_desk/1/value", || {
                json!("<<request^x>> <<action^note")
            })],
            &["error syntax - from_desk[1].value"],
        ),
        (
            &[("/runbooks/0/from_desk/1/value", || json!("<<request^x>>"))],
            &["error unknown_variable - from_desk[1].value"],
        ),
        (
            &[(
                "/runbooks/0/from_desk/-",
                || json!({ "name": "Prompt", "value": "x" }),
            )],
            &["error duplicate_variable - from_desk[2].name"],
        ),
        (
            &[("/runbooks/0/start/answer/outputs", || {
                json!(["Prompt", "Nope"])
            })],
            &["error unknown_variable - start.answer.outputs[1]"],
        ),
        (
            &[("/integrations/0/methods/0/outputs/0/secret", || json!(true))],
            &["warning secret_in_answer - start.answer.outputs[0]"],
        ),
    ]);
}

#[test]
fn limits_of_public_starts() {
    check_cases(&[
        (
            &[(
                "/runbooks/0/start/limits",
                || json!({ "body_bytes": 1_048_576, "per_second": 1, "burst": 10_000, "sources": ["203.0.113.0/24", "::1"] }),
            )],
            &[],
        ),
        (
            &[(
                "/runbooks/0/start/limits",
                || json!({ "body_bytes": 1_048_577, "per_second": 0, "burst": 10_001 }),
            )],
            &[
                "error limit - start.limits.body_bytes",
                "error limit - start.limits.per_second",
                "error limit - start.limits.burst",
            ],
        ),
        (
            &[("/runbooks/0/start/limits", || json!({ "burst": 5 }))],
            &["warning limit - start.limits.burst"],
        ),
        (
            &[(
                "/runbooks/0/start/limits",
                || json!({ "sources": ["example.com"] }),
            )],
            &["error sources - start.limits.sources"],
        ),
        (
            &[
                ("/runbooks/0/start/limits", || json!({ "per_second": 0 })),
                ("/runbooks/0/start/access", || json!("desk")),
            ],
            &[],
        ),
    ]);
}

#[test]
fn secrets_that_end() {
    check_cases(&[
        (
            &[(
                "/runbooks/0/start/auth/secrets",
                || json!([{ "secret": null, "ends_at": "2030-01-31T09:00:00Z" }, { "secret": null }]),
            )],
            &[],
        ),
        (
            &[(
                "/runbooks/0/start/auth/secrets",
                || json!([{ "secret": null, "ends_at": "2030-01-31" }, { "secret": null }]),
            )],
            &["error ends_at - start.auth.secrets[0].ends_at"],
        ),
        (
            &[(
                "/runbooks/0/start/auth/secrets",
                || json!([{ "secret": null, "ends_at": "2030-01-31T09:00:00Z" }]),
            )],
            &["warning all_secrets_end - start.auth.secrets"],
        ),
    ]);
}

#[test]
fn user_names_that_let_nobody_in() {
    check_cases(&[
        (
            &[(
                "/runbooks/0/start/auth",
                || json!({ "type": "basic", "username": "a:b" }),
            )],
            &["error username_colon - start.auth.username"],
        ),
        (
            &[(
                "/runbooks/0/start/auth",
                || json!({ "type": "basic", "username": "" }),
            )],
            &["warning empty_username - start.auth.username"],
        ),
        (
            &[(
                "/runbooks/0/start/auth",
                || json!({ "type": "basic", "username": "me " }),
            )],
            &["warning spaced_username - start.auth.username"],
        ),
    ]);
}

#[test]
fn conditions_to_start() {
    check_cases(&[
        (
            &[("/runbooks/0/start/when", || {
                json!({ "all": [
                    { "left": "<<request@header[x-github-event]>>", "op": "equals", "right": "<<TicketId>>" },
                    { "left": "<<request^action>>", "op": "has_value" },
                ] })
            })],
            &[],
        ),
        (
            &[(
                "/runbooks/0/start/when",
                || json!({ "all": [{ "left": "<<TicketID>>", "op": "equals", "right": "<<ticket^id>>" }] }),
            )],
            &[
                "error unknown_variable - start.when.all[0].left",
                "error unknown_variable - start.when.all[0].right",
            ],
        ),
        (
            &[(
                "/runbooks/0/start/when",
                || json!({ "any": [{ "left": "", "op": "equals" }, { "left": "x", "op": "matches", "right": "(" }] }),
            )],
            &[
                "error condition - start.when.any[0].left",
                "error condition - start.when.any[1].right",
            ],
        ),
    ]);
}
