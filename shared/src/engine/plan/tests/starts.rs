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
