//! A ready-made call of a runbook's public address, to copy into a terminal.

use serde_json::{Map, Value, json};

use crate::model::{Digest, DigestEncoding, Input, PublicAuth, Runbook, VariableType};
use crate::output::{OutputPath, Segment};

/// A body that fills every input variable with a sample value.
pub fn sample_body(inputs: &[Input]) -> Value {
    let mut body = Value::Object(Map::new());
    for input in inputs {
        let Ok(path) = OutputPath::parse_from("request", &input.value) else {
            continue;
        };
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
            *place = sample(input);
        }
    }
    body
}

fn sample(input: &Input) -> Value {
    if let Some(default) = &input.default {
        return default.clone();
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
    match &runbook.start.auth {
        None | Some(PublicAuth::None {}) => {
            format!("curl -X POST {url} \\\n  {content_type} \\\n  -d {body}")
        }
        Some(PublicAuth::Basic { username, .. }) => {
            let login = quoted(&format!("{username}:{}", secret.unwrap_or("your password")));
            format!("curl -X POST {url} \\\n  -u {login} \\\n  {content_type} \\\n  -d {body}")
        }
        Some(PublicAuth::Signature {
            algorithm,
            encoding,
            header,
            prefix,
            ..
        }) => {
            let digest = match algorithm {
                Digest::Sha1 => "sha1",
                Digest::Sha256 => "sha256",
                Digest::Sha512 => "sha512",
            };
            let encode = match encoding {
                DigestEncoding::Hex => "-hex | sed 's/^.* //'",
                DigestEncoding::Base64 => "-binary | openssl base64 -A",
            };
            let secret = quoted(secret.unwrap_or("your signing secret"));
            format!(
                "secret={secret}\nbody={body}\nsignature=$(printf %s \"$body\" | openssl dgst -{digest} -hmac \"$secret\" {encode})\ncurl -X POST {url} \\\n  {content_type} \\\n  -H \"{header}: {prefix}$signature\" \\\n  -d \"$body\""
            )
        }
    }
}

/// In single quotes, as a POSIX shell reads them.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
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
        deep.default = Some(json!("red"));
        runbook.start.inputs.push(deep);
        assert_eq!(
            sample_body(&runbook.start.inputs),
            json!({
                "ticket_id": 1,
                "question": "A value for Prompt",
                "items": [{"tags": [{"name": "red"}]}]
            })
        );
    }

    #[test]
    fn a_shell_signs_as_the_server_checks() {
        if std::process::Command::new("openssl")
            .arg("version")
            .output()
            .is_err()
        {
            return;
        }
        let runbook = example();
        let body = r#"{"question":"it's"}"#;
        let script = curl(
            &runbook,
            "https://desk.example/api/automation/x",
            body,
            Some("k'ey"),
        );
        assert!(
            script.contains(r#"-H "X-Signature: sha256=$signature""#),
            "{script}"
        );
        // The shell itself says what it would send.
        let script = script.replace("curl -X POST", "printf '%s\\n'");
        let Ok(said) = std::process::Command::new("sh")
            .arg("-c")
            .arg(&script)
            .output()
        else {
            return;
        };
        let said = String::from_utf8(said.stdout).unwrap();
        let sent: Vec<&str> = said.lines().collect();
        assert_eq!(sent[0], "https://desk.example/api/automation/x");
        assert_eq!(*sent.last().unwrap(), body);
        assert!(said.contains(&expected_signature(body, "k'ey")), "{said}");
    }

    fn expected_signature(body: &str, key: &str) -> String {
        use std::fmt::Write as _;

        use hmac::{Hmac, KeyInit, Mac};
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key.as_bytes()).unwrap();
        mac.update(body.as_bytes());
        let digest = mac.finalize().into_bytes();
        digest.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}
