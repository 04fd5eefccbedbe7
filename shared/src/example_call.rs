//! Ready-made calls to copy into a terminal: of a runbook's public address, and of the desk's for tokens.

mod token;

pub use token::token_call;

use serde_json::{Map, Value, json};

use crate::condition::{Operator, Row, Term, When};
use crate::model::{Digest, DigestEncoding, Input, PublicAuth, Runbook, VariableType};
use crate::output::{OutputPath, Part as SourcePart, Segment, Source};
use crate::signature::{Hmac, KeyForm, Part, TimestampPlace, names_one_delivery};

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

/// The headers that a start needs beside those of its body and its proof, with sample values: what its conditions look
/// at, and what its input variables take.
fn sample_headers(runbook: &Runbook) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    let mut add = |source: &str, value: String| {
        let Ok(source) = Source::parse_from("request", source) else {
            return;
        };
        if let SourcePart::Header(name) = source.part()
            && !headers
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(name))
            && !GIVEN.iter().any(|given| given.eq_ignore_ascii_case(name))
        {
            headers.push((name.clone(), value));
        }
    };
    for row in rows(&runbook.start.when) {
        // What must not be there is left out.
        if row.op == Operator::HasNoValue {
            continue;
        }
        let is_text = !row.right.is_empty() && !row.right.contains("<<");
        let is_met_by_it = matches!(
            row.op,
            Operator::Equals | Operator::Contains | Operator::StartsWith | Operator::EndsWith
        );
        let value = if is_text && is_met_by_it {
            row.right.as_str()
        } else {
            SOME_VALUE
        };
        let token = row.left.trim();
        if let Some(source) = token
            .strip_prefix("<<")
            .and_then(|rest| rest.strip_suffix(">>"))
        {
            add(source.trim(), value.to_owned());
        }
    }
    for input in runbook.start.inputs.iter().filter(|input| input.required) {
        let value = match sample(input) {
            Value::String(text) => text,
            other => other.to_string(),
        };
        add(&input.value, value);
    }
    headers
}

/// Headers that the call sends as it is.
const GIVEN: [&str; 4] = ["Content-Type", "Content-Length", "Host", "Authorization"];

/// All rows of a condition.
fn rows(when: &When) -> Vec<&Row> {
    let (When::All(terms) | When::Any(terms)) = when;
    let rows = terms.iter().map(|term| match term {
        Term::Row(row) => vec![row],
        Term::Group(group) => rows(group),
    });
    rows.flatten().collect()
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
    let headers = sample_headers(runbook);
    let content_type = "-H 'Content-Type: application/json'".to_owned();
    let auth = runbook.start.auth.as_ref();
    // Settings that are no good are reported by publishing.
    if let Some(hmac) =
        auth.and_then(|auth| Hmac::of(auth).unwrap_or_else(|_| Some(Hmac::default())))
    {
        return signed_call(&hmac, &url, &body, secret, &headers);
    }
    let others = headers
        .iter()
        .map(|(name, value)| format!("-H {}", quoted(&format!("{name}: {value}"))));
    let lines: Vec<String> = std::iter::once(content_type).chain(others).collect();
    let content_type = lines.join(" \\\n  ");
    if let Some(PublicAuth::Basic { username, .. }) = auth {
        let login = quoted(&format!("{username}:{}", secret.unwrap_or("your password")));
        return format!("curl -X POST {url} \\\n  -u {login} \\\n  {content_type} \\\n  -d {body}");
    }
    format!("curl -X POST {url} \\\n  {content_type} \\\n  -d {body}")
}

fn signed_call(
    hmac: &Hmac,
    url: &str,
    body: &str,
    secret: Option<&str>,
    headers: &[(String, String)],
) -> String {
    let digest = match hmac.algorithm {
        Digest::Sha1 => "sha1",
        Digest::Sha256 => "sha256",
        Digest::Sha512 => "sha512",
    };
    let encode = match hmac.encoding {
        DigestEncoding::Hex => HEX,
        DigestEncoding::Base64 => "-binary | openssl base64 -A",
    };
    // With a public key nothing can be signed.
    let is_public = |secret: &str| {
        hmac.public_keys
            .is_some_and(|keys| secret.trim().starts_with(keys.key))
    };
    let secret = secret.filter(|secret| !is_public(secret));
    let mut lines = vec![
        format!("secret={}", quoted(secret.unwrap_or("your signing secret"))),
        format!("body={body}"),
    ];
    let signs_url = hmac.signs_url();
    if signs_url {
        lines.push(format!("url={url}"));
    }
    if let Some(parameter) = hmac.body_digest {
        lines.push(format!(
            "url=\"$url?{parameter}=$(printf %s \"$body\" | openssl dgst -sha256 {HEX})\""
        ));
    }
    let signs_id = |part: &Part| matches!(part, Part::Header(name) if names_one_delivery(name));
    if hmac.signed.parts().iter().any(signs_id) {
        // Another one each time, because what comes again starts nothing.
        lines.push("id=msg_$(openssl rand -hex 8)".to_owned());
    }
    if hmac.timestamp.is_some() {
        lines.push("timestamp=$(date +%s)".to_owned());
    }
    let key = match hmac.key {
        KeyForm::Base64 { prefix } => {
            lines.push(format!(
                "key=$(printf %s \"${{secret#{prefix}}}\" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')"
            ));
            "-mac HMAC -macopt \"hexkey:$key\""
        }
        KeyForm::Text => "-hmac \"$secret\"",
    };
    let message: String = hmac.signed.parts().iter().map(in_shell).collect();
    lines.push(format!(
        "signature=$(printf %s {message} | openssl dgst -{digest} {key} {encode})"
    ));
    let url = if signs_url { "\"$url\"" } else { url };
    lines.push(format!(
        "curl -X POST {url} \\\n  -H 'Content-Type: application/json' \\"
    ));
    for part in hmac.signed.parts() {
        if let Part::Header(name) = part
            && !name.eq_ignore_ascii_case("Content-Type")
        {
            let (header, value) = (quoted(&format!("{name}: ")), in_shell(part));
            lines.push(format!("  -H {header}{value} \\"));
        }
    }
    for (name, value) in headers {
        let is_stamp = matches!(
            hmac.timestamp.as_ref().map(|stamp| &stamp.place),
            Some(TimestampPlace::Header(header)) if header.eq_ignore_ascii_case(name)
        );
        // These stand in the call already.
        if !is_stamp && !hmac.signs_header(name) && !hmac.header.eq_ignore_ascii_case(name) {
            lines.push(format!("  -H {} \\", quoted(&format!("{name}: {value}"))));
        }
    }
    let stamp = match hmac.timestamp.as_ref().map(|stamp| &stamp.place) {
        Some(TimestampPlace::Header(header)) => {
            let header = quoted(&format!("{header}: "));
            lines.push(format!("  -H {header}\"$timestamp\" \\"));
            String::new()
        }
        // It stands in the same header.
        Some(TimestampPlace::Member(prefix)) => format!("{prefix}\"$timestamp\","),
        None => String::new(),
    };
    let header = quoted(&format!("{}: ", hmac.header));
    let prefix = if hmac.prefix.is_empty() {
        String::new()
    } else {
        quoted(&hmac.prefix)
    };
    lines.push(format!(
        "  -H {header}{stamp}{prefix}\"$signature\" \\\n  -d \"$body\""
    ));
    lines.join("\n")
}

/// Has `openssl` write a digest in hexadecimal digits, and nothing beside it.
const HEX: &str = "-hex | sed 's/^.* //'";

/// Of a header that is signed, for whoever copies the call to fill in.
const SOME_VALUE: &str = "a value";

/// What is signed, as a word of the shell; words side by side are one.
fn in_shell(part: &Part) -> String {
    match part {
        Part::Text(text) => quoted(text),
        Part::Body => "\"$body\"".to_owned(),
        Part::Timestamp => "\"$timestamp\"".to_owned(),
        Part::Url => "\"$url\"".to_owned(),
        // The call sends JSON.
        Part::Form => String::new(),
        Part::Header(name) if name.eq_ignore_ascii_case("Content-Type") => {
            quoted("application/json")
        }
        Part::Header(name) if names_one_delivery(name) => "\"$id\"".to_owned(),
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
    use crate::signature::Delivery;

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

    /// The headers among the lines of the command.
    fn sent_by(said: &str) -> Vec<(String, String)> {
        said.lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    #[test]
    fn headers_that_a_start_needs_are_sent() {
        let mut runbook = example();
        let mut input = runbook.start.inputs[0].clone();
        input.name = "Event".to_owned();
        input.variable_type = VariableType::String;
        input.default = None;
        input.required = true;
        input.value = "request@header[x-github-event]".to_owned();
        runbook.start.inputs.push(input.clone());
        input.required = false;
        input.value = "request@header[x-not-needed]".to_owned();
        runbook.start.inputs.push(input);
        runbook.start.when = serde_json::from_value(json!({"any": [
            {"left": "<<request@header[X-GitHub-Event]>>", "op": "equals", "right": "it's a push"},
            {"all": [{"left": "<<request@header[x-other]>>", "op": "has_value"}]},
            {"left": "<<request@header[x-none]>>", "op": "has_no_value"},
        ]}))
        .unwrap();
        for auth in [
            json!({"type": "none"}),
            json!({"type": "basic", "username": "me"}),
            json!({"type": "signature", "scheme": "github"}),
            json!({"type": "signature", "scheme": "hmac", "signed": "<<request@header[x-other]>><<body>>"}),
        ] {
            runbook.start.auth = serde_json::from_value(auth).unwrap();
            let call = curl(&runbook, "https://desk.example/x", "{}", None).to_lowercase();
            let event = call.matches("-h 'x-github-event: it'\\''s a push' \\\n");
            assert_eq!(event.count(), 1, "{call}");
            assert_eq!(call.matches("-h 'x-other: ").count(), 1, "{call}");
            assert!(
                !call.contains("x-none") && !call.contains("x-not-needed"),
                "{call}"
            );
        }
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
                json!({ "signed": "<<request@header[content-type]>> <<request@header[X-Topic]>> it's <<body>>" }),
                &[("Content-Type", "application/json"), ("X-Topic", "a value")],
            ),
            (
                json!({ "signed": "<<request@header[X-Delivery]>>.<<body>>" }),
                &[],
            ),
            (json!({ "prefix": "$(echo harm)`echo harm`'\"" }), &[]),
            (json!({ "scheme": "github" }), &[]),
            (json!({ "scheme": "stripe" }), &[]),
            (json!({ "scheme": "slack" }), &[]),
            (json!({ "scheme": "shopify" }), &[]),
            (json!({ "scheme": "twilio" }), &[]),
            (json!({ "signed": "<<url>>+<<body>>" }), &[]),
            (
                json!({ "scheme": "standard_webhooks", "secrets": [{ "secret": "whsec_c2VjcmV0" }] }),
                &[],
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
                Some(PublicAuth::Signature { secrets, .. }) => secrets[0].value.reveal().to_owned(),
                _ => unreachable!("it is one"),
            };
            let script = curl(&runbook, url, body, Some(&secret));
            let Some(said) = said(&script) else { return };
            let lines: Vec<&str> = said.lines().collect();
            let address = *lines.first().unwrap();
            assert!(address.starts_with(url), "{script}");
            assert_eq!(lines.last(), Some(&body), "{script}");
            let sent = sent_by(&said);
            for (name, value) in headers {
                assert!(
                    sent.iter()
                        .any(|(n, v)| n.eq_ignore_ascii_case(name) && v == value),
                    "{said}"
                );
            }
            let guard = PublicGuard::new(&runbook.start).unwrap();
            let now = std::time::SystemTime::now();
            let now = now.duration_since(std::time::UNIX_EPOCH).unwrap();
            let now = u64::try_from(now.as_millis()).unwrap();
            let delivery = Delivery {
                url: address,
                headers: &sent,
                body: body.as_bytes(),
            };
            assert!(guard.verify(&delivery, None, now).is_ok(), "{said}");
            // Whoever pastes it again does not send what was sent before.
            let id = |headers: &[(String, String)]| {
                let mut headers = headers.iter();
                let is_id =
                    |name: &str| name.eq_ignore_ascii_case("webhook-id") || name == "X-Delivery";
                headers
                    .find(|(name, _)| is_id(name))
                    .map(|(_, value)| value.clone())
            };
            if let Some(first) = id(&sent) {
                let again = sent_by(&self::said(&script).unwrap_or_default());
                assert_ne!(Some(first), id(&again), "{script}");
            }
        }
    }
}
