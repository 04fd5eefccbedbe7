//! The worked example: a signed question is put to a service, its answer is noted on a ticket, and sent back.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{Outcome, wire::Message};

pub(crate) const SIGNING_KEY: &str = "example-signing-key";

const BUNDLE: &str = include_str!("../../examples/ask-a-question.json");
/// One of the tickets of a seeded workspace.
const TICKET: u64 = 1001;

/// Where a run notes the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotedAt {
    /// Inside: a record is written, with its event.
    OwnDesk,
    /// At a service which does nothing with it, as Node-RED does.
    Service,
}

/// The bundle, with services that lie there; `id` is that of the runbook.
pub(crate) fn bundle(id: &str, upstream: &str, noted_at: NotedAt) -> Outcome<Value> {
    // Each has records of its own, or the second import would replace those of the first.
    let suffix = |text: &str| text.replace("0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0", id);
    let mut bundle: Value = serde_json::from_str(&suffix(BUNDLE))?;
    bundle["integrations"][0]["base_url"] = json!(format!("{upstream}/v1"));
    if noted_at == NotedAt::Service {
        bundle["integrations"][1]["base_url"] = json!(upstream);
        bundle["integrations"][1]["auth"] = json!({"type": "none"});
    }
    for place in [
        "/integrations/0/name",
        "/integrations/1/name",
        "/runbooks/0/name",
    ] {
        if let Some(name) = bundle.pointer_mut(place) {
            *name = json!(format!("{} {id}", name.as_str().unwrap_or_default()));
        }
    }
    bundle["desk"] = json!({"actions": []});
    Ok(bundle)
}

/// The path that starts the runbook of [`bundle`].
pub(crate) fn path(id: &str) -> String {
    format!("/api/automation/{id}100")
}

/// A question, signed and ready to be sent, and what must come back.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) request: Vec<u8>,
    answer: String,
}

impl Question {
    /// Differs from all others by its number.
    pub(crate) fn new(path: &str, host: &str, number: usize) -> Outcome<Self> {
        let question = format!("Why does the printer on floor {number} print \"blank\" pages?");
        let body = json!({"ticket_id": TICKET, "question": question}).to_string();
        let mut mac = Hmac::<Sha256>::new_from_slice(SIGNING_KEY.as_bytes())?;
        mac.update(body.as_bytes());
        let mut signature = String::new();
        for byte in mac.finalize().into_bytes() {
            write!(signature, "{byte:02x}")?;
        }
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\nx-signature: sha256={signature}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        Ok(Self {
            request: request.into_bytes(),
            answer: answer_to(&question),
        })
    }

    /// Whether that is the answer to this very question.
    pub(crate) fn check(&self, answer: &Message) -> Result<(), String> {
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if answer.status == 200 && body["outputs"]["ResponseText"] == self.answer.as_str() {
            Ok(())
        } else {
            Err(format!(
                "{} {}, where `{}` was expected",
                answer.status,
                String::from_utf8_lossy(&answer.body),
                self.answer
            ))
        }
    }
}

/// What the service says to that.
pub(crate) fn answer_to(question: &str) -> String {
    format!("Because of what you asked: {question} — switch it off\nand on again.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(status: u16, body: &Value) -> Message {
        Message {
            status,
            path: String::new(),
            body: body.to_string().into_bytes(),
            is_last: false,
        }
    }

    #[test]
    fn only_the_answer_to_the_same_question_is_right() {
        let question = Question::new("/", "h", 1).unwrap();
        let right = |answer: &str| json!({"outputs": {"ResponseText": answer}});
        let own = right(&question.answer);
        assert!(question.check(&message(200, &own)).is_ok());
        assert!(question.check(&message(202, &own)).is_err());
        let other = Question::new("/", "h", 2).unwrap();
        let other = right(&other.answer);
        assert!(question.check(&message(200, &other)).is_err());
        assert!(question.check(&message(200, &json!({}))).is_err());
    }
}
