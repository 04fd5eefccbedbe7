//! What light logs keep.

use super::*;

const METHODS: &str = r#"[{ "id": "m", "name": "M", "http_method": "POST", "path": "/people/<<Who>>",
      "headers": [{ "name": "X-Who", "value": "<<Who>>" }], "query": [{ "name": "q", "value": "<<Who>>" }],
      "body": { "type": "json", "text": "{\"who\": <<Who>>}" },
      "outputs": [{ "name": "Age", "value": "response^age", "type": "integer" }] }]"#;

const STEPS: &str = r#"[
    { "id": "one", "name": "Ask", "type": "method", "method": "m", "next": { "success": "cond", "failure": "bad" } },
    { "id": "cond", "name": "Check", "type": "condition", "when": { "all": [{ "left": "<<Who>>", "op": "has_value", "right": "" }] }, "next": { "met": "good", "not_met": "bad" } },
    { "id": "good", "name": "Good", "type": "end", "outcome": "success" },
    { "id": "bad", "name": "Bad", "type": "end", "outcome": "failed" }]"#;

/// What nobody is to find.
const PRIVATE: &str = "anna@private";

#[test]
fn no_value_is_kept_wherever_it_stood() {
    let refused = format!(r#""{PRIVATE} is unknown""#);
    let echoed = format!(r#"{{"age": "{PRIVATE}"}}"#);
    for (status, body, told) in [
        (200, r#"{"age": 7}"#, None),
        (200, echoed.as_str(), Some("type_mismatch")),
        (404, refused.as_str(), Some("404 Not Found;")),
    ] {
        let who = format!("\"{PRIVATE}\"");
        let mut script = Script::new(&bundle(METHODS, "[]", STEPS), &[("Who", &who)]);
        let (id, _) = script.http();
        let redirected = Sending {
            url: format!("https://other.example.com/{PRIVATE}?a"),
            ..sending(Some(307))
        };
        let mut event = answered(status, &[("X-Echo", PRIVATE)], body);
        if let Event::Answered { attempts, .. } = &mut event {
            attempts[0].url = format!("https://api.example.com/v1/people/{PRIVATE}?q={PRIVATE}");
            attempts.push(redirected);
        }
        script.apply(id, event);
        let outcome = script.finished();
        let view = script.run.view(&[]);
        assert!(serde_json::to_string(&view).unwrap().contains(PRIVATE));
        let light = view.without_content(script.run.plan());
        let kept = serde_json::to_string(&light).unwrap();
        assert!(!kept.contains("anna"), "{kept}");
        let attempts = &light.visits[0].attempts;
        let urls: Vec<&str> = attempts
            .iter()
            .map(|attempt| attempt.request.url.as_str())
            .collect();
        assert_eq!(
            urls,
            [
                "https://api.example.com/v1/people/<<Who>>",
                "https://other.example.com/…"
            ]
        );
        let mut headers = attempts[0].request.headers.iter();
        assert!(headers.any(|(name, _)| name == "X-Who"));
        assert_eq!(attempts[1].response.as_ref().unwrap().status, status);
        match told {
            None => assert_eq!(outcome, Outcome::Succeeded),
            Some(words) => {
                let summary = script.run.summary().without_content();
                for error in [light.visits[0].error.as_ref(), summary.error.as_ref()] {
                    let message = &error.unwrap().message;
                    assert!(message.contains(words), "{message}");
                }
            }
        }
    }
}

#[test]
fn reasons_that_hold_no_value_stay() {
    let mut script = Script::new(&bundle(METHODS, "[]", STEPS), &[("Who", "1")]);
    let (id, _) = script.http();
    let late = crate::problem::ErrorDetail::new("timeout", "it was late");
    script.apply(
        id,
        Event::NoAnswer {
            attempts: vec![sending(None)],
            error: late,
        },
    );
    let summary = script.run.summary().without_content();
    assert_eq!(summary.error.unwrap().message, "it was late");
}
