//! The worked example, from outside: a signed question is answered, and the answer stands on the ticket.

use edge_tests::{
    Options, Reply, Server, Stub,
    console::{get, post, text},
};
use serde_json::{Value, json};

use super::{SECRET, ended, signing::signature, start};

const EXAMPLE: &str = include_str!("../../../examples/ask-a-question.json");
const ASK: &str = "0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0100";
const TICKET: u64 = 1001;

/// A workspace with tickets and the example, whose completions service is a stub.
fn served(stub: &Stub) -> Server {
    let server = Server::start(&Options {
        seed: true,
        ..Options::default()
    });
    let mut example: Value = serde_json::from_str(EXAMPLE).unwrap();
    example["integrations"][0]["base_url"] = json!(stub.url("/v1"));
    let report = post(&server, "/console/import", &example)
        .expect(200)
        .json();
    assert_eq!(report["published"], json!([ASK]));
    server
}

fn ask(server: &Server, body: &Value) -> edge_tests::Answer {
    let body = body.to_string();
    let proof = format!("sha256={}", signature(SECRET, body.as_bytes()));
    let call = start(server, ASK).header("x-signature", &proof);
    call.header("content-type", "application/json")
        .body(body)
        .send()
}

fn answers(server: &Server) -> Vec<String> {
    let list = get(
        server,
        &format!("/api/Actions?ticket_id={TICKET}&count=100"),
    );
    let actions = list["actions"].as_array().unwrap().clone();
    let meant = actions
        .iter()
        .filter(|action| action["outcome"] == "ChatGPT");
    meant.map(|action| text(&action["note_html"])).collect()
}

#[test]
fn a_signed_question_is_answered_on_its_ticket() {
    let stub = Stub::start();
    let server = served(&stub);
    let question = "Why does \"it\" say {{name}} <<Prompt>>,\nand not \u{1F600}?";
    let said = "Because: \"quotes\", a \\ and\na line break — ü.";
    stub.reply(
        "POST",
        "/v1/completions",
        Reply::json(200, &json!({"choices": [{"text": said}]})),
    );
    let answer = ask(&server, &json!({"ticket_id": TICKET, "question": question}))
        .expect(200)
        .json();
    assert_eq!(answer["outputs"], json!({"ResponseText": said}));
    let asked = stub.wait_for(1, "POST", "/v1/completions").remove(0);
    assert_eq!(
        asked.json(),
        json!({"model": "example", "max_tokens": 200, "prompt": question})
    );
    assert_eq!(asked.header("authorization"), Some("Bearer sk-example"));
    let posted = answers(&server);
    assert_eq!(posted.len(), 1, "{posted:?}");
    assert!(
        posted[0].contains("Because: ") && posted[0].contains("ü."),
        "{posted:?}"
    );
    assert_eq!(ended(&server, 1)[0]["status"], "succeeded");
}

#[test]
fn what_goes_wrong_says_at_which_step() {
    let stub = Stub::start();
    let server = served(&stub);
    stub.reply_with("POST", "/v1/completions", |request| {
        if request.json()["prompt"] == "Too much?" {
            Reply::json(
                429,
                &json!({"error": {"message": "the quota of sk-example is used up"}}),
            )
        } else {
            Reply::json(200, &json!({"choices": [{"text": "Because."}]}))
        }
    });
    let told = |ticket: u64, question: &str| {
        let body = json!({"ticket_id": ticket, "question": question});
        let error = ask(&server, &body).expect(502).json()["error"].clone();
        (text(&error["at"]["step"]), text(&error["message"]))
    };
    let (step, message) = told(TICKET, "Too much?");
    assert!(
        step == "ask" && message.contains("429"),
        "{step}: {message}"
    );
    // There is no such ticket.
    let (step, message) = told(999_999, "Why?");
    assert!(
        step == "post" && message.contains("40"),
        "{step}: {message}"
    );
}
