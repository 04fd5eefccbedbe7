//! The demo completions service, in the shape of OpenAI's completions API: it lets the seeded
//! example run on one machine without a key. It knows nothing, says so, and quotes what it was asked.

use serde_json::{Value, json};
use shared::model::Timestamp;
use worker::{Env, Request, Response};

use crate::clock;
use crate::config::Config;
use crate::error::Failure;

/// What all its addresses begin with.
pub const BASE: &str = "/demo";

/// An answer of the service.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    /// JSON.
    pub body: Value,
}

/// Answers a request from outside.
pub async fn answer(mut request: Request, env: &Env) -> Result<Response, Failure> {
    if !Config::read(env)?.has_demo() {
        return Err(Failure::not_found("The page"));
    }
    let path = request.path();
    let body = request.bytes().await?;
    let method = request.method().to_string();
    let Answer { status, body } = complete(
        &method,
        path.strip_prefix(BASE).unwrap_or_default(),
        &body,
        clock::now(),
    );
    Ok(Response::from_json(&body)?.with_status(status))
}

/// Answers any request; `path` is what stands behind [`BASE`].
pub fn complete(method: &str, path: &str, body: &[u8], now: Timestamp) -> Answer {
    if path.trim_end_matches('/') != "/v1/completions" {
        return refusal(404, None, "only `/v1/completions` is here");
    }
    if method != "POST" {
        return refusal(405, None, "completions are asked for with POST");
    }
    let Ok(Value::Object(request)) = serde_json::from_slice(body) else {
        return refusal(400, None, "the body must be a JSON object");
    };
    let Some(model) = request.get("model").and_then(Value::as_str) else {
        return refusal(400, Some("model"), "`model` must be a text");
    };
    let Some(prompt) = request.get("prompt").and_then(prompt) else {
        return refusal(400, Some("prompt"), "`prompt` must be a text");
    };
    let text = reply(&prompt);
    let (asked, answered) = (words(&prompt), words(&text));
    Answer {
        status: 200,
        body: json!({
            "id": format!("cmpl-demo-{now:x}"),
            "object": "text_completion",
            "created": now / 1000,
            "model": model,
            "choices": [{ "text": text, "index": 0, "logprobs": null, "finish_reason": "stop" }],
            "usage": {
                "prompt_tokens": asked,
                "completion_tokens": answered,
                "total_tokens": asked + answered,
            },
        }),
    }
}

fn refusal(status: u16, param: Option<&str>, message: &str) -> Answer {
    Answer {
        status,
        body: json!({
            "error": { "message": message, "type": "invalid_request_error", "param": param, "code": null },
        }),
    }
}

/// A text, or a list of texts.
fn prompt(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(texts) => texts
            .iter()
            .map(Value::as_str)
            .collect::<Option<Vec<_>>>()
            .map(|texts| texts.join("\n")),
        _ => None,
    }
}

/// Near enough to tokens for a demonstration.
fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Advice by what the question is about; the first that fits.
const ADVICE: [(&[&str], &str); 6] = [
    (
        &["print", "toner"],
        "Check that the printer shows no error, delete the job that is stuck in its queue, and print a test page.",
    ),
    (
        &["password", "locked", "sign in", "log in", "login"],
        "Make sure that it is the person's own request, unlock the account, send a one-time link for a new password, and check that other devices do not keep trying the old one.",
    ),
    (
        &["vpn", "wi-fi", "wifi", "network", "internet"],
        "Find out whether others at the same place see it too. If not, restart the connection, then the device, and look at its address and name servers.",
    ),
    (
        &["mail", "outlook", "calendar"],
        "Try it in the browser first. If it works there, the program on the device is at fault: start it without add-ins, then give it a new profile.",
    ),
    (
        &["slow", "freez", "crash", "hang"],
        "Look at what uses the processor, the memory and the disk while it happens, and install the updates that are waiting.",
    ),
    (
        &[],
        "Ask what changed just before it began, and whether anyone else sees it: that settles most cases.",
    ),
];

fn reply(prompt: &str) -> String {
    let question = prompt.trim();
    let lower = question.to_lowercase();
    let fits = |words: &[&str]| words.is_empty() || words.iter().any(|word| lower.contains(word));
    let advice = ADVICE
        .iter()
        .find(|(words, _)| fits(words))
        .map_or("", |(_, advice)| advice);
    format!(
        "You asked: “{question}” {advice} (This answer comes from the demo service inside Nimbus, which only \
         recognises a few words. Put the address and key of a real completions API into the integration to get real answers.)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_completion_quotes_the_question() {
        let body = br#"{"model":"example","max_tokens":200,"prompt":"Why does the \"printer\" not print?"}"#;
        let Answer { status, body } = complete("POST", "/v1/completions", body, 1_750_000_000_123);
        assert_eq!(status, 200);
        let text = body["choices"][0]["text"].as_str().unwrap();
        assert!(
            text.contains("“Why does the \"printer\" not print?”"),
            "{text}"
        );
        assert!(text.contains("queue"), "{text}");
        assert_eq!(body["model"], "example");
        assert_eq!(body["created"], 1_750_000_000);
        assert_eq!(body["usage"]["prompt_tokens"], 6);
        let other = br#"{"model":"m","prompt":["a","b"]}"#;
        assert_eq!(complete("POST", "/v1/completions/", other, 1).status, 200);
    }

    #[test]
    fn what_is_not_a_completion_request_is_refused_as_openai_does() {
        for (method, path, body, status, param) in [
            ("POST", "/v1/completions", "", 400, None),
            ("POST", "/v1/completions", "[]", 400, None),
            (
                "POST",
                "/v1/completions",
                r#"{"prompt":"a"}"#,
                400,
                Some("model"),
            ),
            (
                "POST",
                "/v1/completions",
                r#"{"model":"m"}"#,
                400,
                Some("prompt"),
            ),
            (
                "POST",
                "/v1/completions",
                r#"{"model":"m","prompt":[1]}"#,
                400,
                Some("prompt"),
            ),
            ("GET", "/v1/completions", "", 405, None),
            ("POST", "/v1/chat", "{}", 404, None),
        ] {
            let answer = complete(method, path, body.as_bytes(), 0);
            assert_eq!(answer.status, status, "{method} {path} {body}");
            assert_eq!(answer.body["error"]["param"].as_str(), param, "{body}");
            assert_eq!(answer.body["error"]["type"], "invalid_request_error");
        }
    }
}
