//! Ready-made calls to copy into a terminal: of a runbook's public address, and of the desk's for tokens.

mod token;

pub use token::token_call;

use serde_json::{Map, Value, json};

use crate::model::{Digest, DigestEncoding, Input, PublicAuth, Runbook, VariableType};
use crate::output::{OutputPath, Segment};
use crate::signature::{Part, Preset, Signed};

/// A body that fills every input variable with a sample value. What the desk would fill with a
/// ticket's id gets that of `ticket`, so that the call works on one that is there.
pub fn sample_body(runbook: &Runbook, ticket: Option<u64>) -> Value {
    let mut body = Value::Object(Map::new());
    for input in &runbook.start.inputs {
        let Ok(path) = OutputPath::parse_from("request", &input.value) else {
            continue;
        };
        // A value that is nested without end could not even be dropped.
        if path.is_bottomless() {
            continue;
        }
        let mut place = &mut body;
        for segment in path.segments() {
            place = if let Segment::Child(name) = segment {
                if !place.is_object() {
                    *place = Value::Object(Map::new());
                }
                &mut place[name.as_ref()]
            } else {
                // Any element will do: a sample array has one.
                if !place.is_array() {
                    *place = json!([null]);
                }
                &mut place[0]
            };
        }
        if place.is_null() {
            let ticket = ticket.filter(|_| is_ticket_id(runbook, input));
            *place = ticket.map_or_else(|| sample(input), |id| ticket_id(input, id));
        }
    }
    body
}

fn is_ticket_id(runbook: &Runbook, input: &Input) -> bool {
    runbook.from_desk.iter().any(|mapping| {
        mapping.name == input.name && mapping.value.replace(' ', "") == "<<ticket^id>>"
    })
}

fn ticket_id(input: &Input, id: u64) -> Value {
    match input.variable_type {
        VariableType::Integer | VariableType::Decimal => json!(id),
        VariableType::String => json!(id.to_string()),
        _ => sample(input),
    }
}

fn sample(input: &Input) -> Value {
    if let Some(default) = &input.default {
        return serde_json::from_str(default.as_str()).unwrap_or_default();
    }
    match input.variable_type {
        VariableType::Object => json!({}),
        VariableType::Array => json!([]),
        VariableType::String => json!(format!("A value for {}", input.name)),
        VariableType::Integer => json!(1),
        VariableType::Decimal => json!(1.5),
        VariableType::Boolean => json!(true),
        VariableType::DateTime => json!("2026-01-31T09:00:00Z"),
    }
}

/// Shell commands that start the runbook at `url` with that body, signed or with its login.
/// `secret` is what to sign with, where it is known; else the first line asks for it.
pub fn curl(runbook: &Runbook, url: &str, body: &str, secret: Option<&str>) -> String {
    let body = quoted(body);
    let url = quoted(url);
    let content_type = "-H 'Content-Type: application/json'";
    let auth = runbook.start.auth.as_ref();
    if let Some(call) = auth.and_then(SignedCall::of) {
        return signed_call(&call, &url, &body, secret);
    }
    if let Some(PublicAuth::Basic { username, .. }) = auth {
        let login = quoted(&format!("{username}:{}", secret.unwrap_or("your password")));
        return format!("curl -X POST {url} \\\n  -u {login} \\\n  {content_type} \\\n  -d {body}");
    }
    format!("curl -X POST {url} \\\n  {content_type} \\\n  -d {body}")
}

/// What a call that is signed is made of.
struct SignedCall<'a> {
    algorithm: Digest,
    encoding: DigestEncoding,
    header: &'a str,
    prefix: String,
    timestamp_header: Option<&'a str>,
    has_timestamp: bool,
    signed: Signed,
    /// Whether the secret is base64 after `whsec_`.
    is_whsec: bool,
}

impl<'a> SignedCall<'a> {
    /// None where nothing is signed.
    fn of(auth: &'a PublicAuth) -> Option<Self> {
        let PublicAuth::Signature {
            scheme,
            algorithm,
            encoding,
            header,
            prefix,
            timestamp_header,
            signed,
            ..
        } = auth
        else {
            return None;
        };
        if let Some(preset) = Preset::of(*scheme) {
            let header_of_timestamp = preset.timestamp_header();
            return Some(Self {
                algorithm: preset.algorithm,
                encoding: preset.encoding,
                header: preset.header,
                prefix: preset.prefix.to_owned(),
                timestamp_header: header_of_timestamp,
                has_timestamp: preset.guards_against_replay(),
                signed: Signed::parse(preset.signed).unwrap_or_else(|_| Signed::body_alone()),
                is_whsec: preset.has_whsec(),
            });
        }
        Some(Self {
            algorithm: *algorithm,
            encoding: *encoding,
            header,
            prefix: prefix.clone(),
            timestamp_header: timestamp_header.as_deref(),
            has_timestamp: timestamp_header.is_some(),
            // Settings that are no good are reported by publishing.
            signed: signed
                .as_deref()
                .map(Signed::parse)
                .and_then(Result::ok)
                .unwrap_or_else(Signed::body_alone),
            is_whsec: false,
        })
    }
}

fn signed_call(call: &SignedCall<'_>, url: &str, body: &str, secret: Option<&str>) -> String {
    let digest = match call.algorithm {
        Digest::Sha1 => "sha1",
        Digest::Sha256 => "sha256",
        Digest::Sha512 => "sha512",
    };
    let encode = match call.encoding {
        DigestEncoding::Hex => "-hex | sed 's/^.* //'",
        DigestEncoding::Base64 => "-binary | openssl base64 -A",
    };
    let mut lines = vec![
        format!("secret={}", quoted(secret.unwrap_or("your signing secret"))),
        format!("body={body}"),
    ];
    if call.has_timestamp {
        lines.push("timestamp=$(date +%s)".to_owned());
    }
    let key = if call.is_whsec {
        lines.push(
            "key=$(printf %s \"${secret#whsec_}\" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')"
                .to_owned(),
        );
        "-mac HMAC -macopt \"hexkey:$key\""
    } else {
        "-hmac \"$secret\""
    };
    let message: String = call.signed.parts().iter().map(in_shell).collect();
    lines.push(format!(
        "signature=$(printf %s {message} | openssl dgst -{digest} {key} {encode})"
    ));
    lines.push(format!(
        "curl -X POST {url} \\\n  -H 'Content-Type: application/json' \\"
    ));
    for part in call.signed.parts() {
        if let Part::Header(name) = part
            && !name.eq_ignore_ascii_case("Content-Type")
        {
            let header = quoted(&format!("{name}: {SOME_VALUE}"));
            lines.push(format!("  -H {header} \\"));
        }
    }
    let stamp = match call.timestamp_header {
        Some(header) => {
            let header = quoted(&format!("{header}: "));
            lines.push(format!("  -H {header}\"$timestamp\" \\"));
            String::new()
        }
        // It stands in the same header.
        None if call.has_timestamp => "t=\"$timestamp\",".to_owned(),
        None => String::new(),
    };
    let header = quoted(&format!("{}: ", call.header));
    let prefix = if call.prefix.is_empty() {
        String::new()
    } else {
        quoted(&call.prefix)
    };
    lines.push(format!(
        "  -H {header}{stamp}{prefix}\"$signature\" \\\n  -d \"$body\""
    ));
    lines.join("\n")
}

/// Of a header that is signed, for whoever copies the call to fill in.
const SOME_VALUE: &str = "a value";

/// What is signed, as a word of the shell; words side by side are one.
fn in_shell(part: &Part) -> String {
    match part {
        Part::Text(text) => quoted(text),
        Part::Body => "\"$body\"".to_owned(),
        Part::Timestamp => "\"$timestamp\"".to_owned(),
        Part::Header(name) if name.eq_ignore_ascii_case("Content-Type") => {
            quoted("application/json")
        }
        Part::Header(_) => quoted(SOME_VALUE),
    }
}

/// In single quotes, as a POSIX shell reads them.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorization::PublicGuard;
    use crate::model::Bundle;

    fn example() -> Runbook {
        let example = include_bytes!("../../tests/examples/ask-a-question.json");
        Bundle::parse(example).unwrap().runbooks.remove(0)
    }

    #[test]
    fn every_input_finds_its_sample() {
        let mut runbook = example();
        let mut deep = runbook.start.inputs[0].clone();
        deep.value = "request^items[0]^tags[*]^name".to_owned();
        deep.default = Some(json!("red").into());
        runbook.start.inputs.push(deep);
        assert_eq!(
            sample_body(&runbook, None),
            json!({
                "ticket_id": 1,
                "question": "A value for Prompt",
                "items": [{"tags": [{"name": "red"}]}]
            })
        );
    }

    #[test]
    fn a_ticket_that_is_there_takes_the_place_of_a_sample() {
        let mut runbook = example();
        let body = |runbook: &Runbook| sample_body(runbook, Some(1003))["ticket_id"].clone();
        assert_eq!(body(&runbook), json!(1003));
        runbook.start.inputs[0].variable_type = VariableType::String;
        assert_eq!(body(&runbook), json!("1003"));
        runbook.from_desk[0].value = "<<ticket^summary>>".to_owned();
        assert_eq!(body(&runbook), json!("A value for TicketId"));
    }

    /// What the script would send, as the shell itself says it: the lines of the command.
    fn said(script: &str) -> Option<String> {
        let script = script.replace("curl -X POST", "printf '%s\\n'");
        let has = |program| std::process::Command::new(program).arg("version").output();
        has("openssl").ok()?;
        let sh = std::process::Command::new("sh")
            .arg("-c")
            .arg(&script)
            .output();
        Some(String::from_utf8(sh.ok()?.stdout).unwrap())
    }

    #[test]
    fn a_shell_signs_as_the_server_checks() {
        let body = r#"{"question":"it's"}"#;
        for (settings, headers) in [
            (json!({}), &[][..]),
            (
                json!({ "algorithm": "sha512", "encoding": "base64", "header": "X-Sign", "prefix": "v1 " }),
                &[],
            ),
            (
                json!({ "timestamp_header": "X-Time", "signed": "v0:<<timestamp>>:<<body>>" }),
                &[],
            ),
            (
                json!({ "signed": "<<request@header[content-type]>> <<request@header[X-Id]>> it's <<body>>" }),
                &[("Content-Type", "application/json"), ("X-Id", "a value")],
            ),
            (json!({ "prefix": "$(echo harm)`echo harm`'\"" }), &[]),
            (json!({ "scheme": "github" }), &[]),
            (json!({ "scheme": "stripe" }), &[]),
            (json!({ "scheme": "slack" }), &[]),
            (json!({ "scheme": "shopify" }), &[]),
            (
                json!({ "scheme": "standard_webhooks", "secrets": [{ "secret": "whsec_c2VjcmV0" }] }),
                &[("webhook-id", "a value")],
            ),
        ] {
            let mut auth = json!({ "type": "signature", "scheme": "hmac", "header": "X-Signature", "prefix": "sha256=", "secrets": [{ "secret": "k'ey" }] });
            auth.as_object_mut()
                .unwrap()
                .extend(settings.as_object().unwrap().clone());
            let mut runbook = example();
            runbook.start.auth = serde_json::from_value(auth).unwrap();
            let url = "https://desk.example/api/automation/x";
            let secret = match &runbook.start.auth {
                Some(PublicAuth::Signature { secrets, .. }) => secrets[0].reveal().to_owned(),
                _ => unreachable!("it is one"),
            };
            let script = curl(&runbook, url, body, Some(&secret));
            let Some(said) = said(&script) else { return };
            let lines: Vec<&str> = said.lines().collect();
            assert_eq!(lines.first(), Some(&url), "{script}");
            assert_eq!(lines.last(), Some(&body), "{script}");
            let sent: Vec<(String, String)> = lines
                .iter()
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            for (name, value) in headers {
                assert!(
                    sent.iter()
                        .any(|(n, v)| n.eq_ignore_ascii_case(name) && v == value),
                    "{said}"
                );
            }
            let guard = PublicGuard::new(runbook.start.auth.as_ref()).unwrap();
            let now = std::time::SystemTime::now();
            let now = now.duration_since(std::time::UNIX_EPOCH).unwrap();
            let now = u64::try_from(now.as_millis()).unwrap();
            assert_eq!(guard.verify(&sent, body.as_bytes(), now), Ok(()), "{said}");
        }
    }
}
