//! A real shell reads the commands for `curl` as they are meant.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use proptest::prelude::*;
use shared::curl::curl;
use shared::engine::SentRequest;
use shared::mask::MASK;

/// What the shell hands to `curl`, with secrets set to this.
fn arguments(command: &str, secret: &str) -> Vec<String> {
    let script = format!("curl() {{ printf '%s\\0' \"$@\"; }}\n{command}");
    let output = Command::new("sh")
        .args(["-c", &script])
        .envs(["TOKEN", "SECRET", "X_KEY", "K"].map(|name| (name, secret)))
        .output()
        .unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
    let mut all: Vec<String> = String::from_utf8(output.stdout)
        .unwrap()
        .split('\0')
        .map(str::to_owned)
        .collect();
    assert_eq!(all.pop().as_deref(), Some(""));
    all
}

/// Text with what means something to a shell, and with masks.
fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        3 => "[ -~]{0,12}",
        2 => "[\\\\'\"$`!*?~#;&|<>(){}\n\t =]{0,6}",
        1 => Just(MASK.to_owned()),
        1 => "\\PC{0,6}",
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_text_arrives_as_one_word(header in text(), query in text(), body in text()) {
        let request = SentRequest {
            method: "POST".to_owned(),
            url: format!("https://a.example/?k={}", query.replace('&', "")),
            headers: vec![
                ("X-Key".to_owned(), header.clone()),
                ("Authorization".to_owned(), header.clone()),
            ],
            body: Some(body.clone()),
        };
        let secret = "it's $HOME \"or\" `not`";
        let told = |text: &str| text.replace(MASK, secret);
        let of = |name: &str| {
            if header.is_empty() { format!("{name};") } else { format!("{name}: {}", told(&header)) }
        };
        let mut expected = vec!["--request".to_owned(), "POST".to_owned()];
        if request.url.contains(['[', ']', '{', '}']) {
            expected.push("--globoff".to_owned());
        }
        expected.push(told(&request.url));
        for name in ["X-Key", "Authorization"] {
            expected.extend(["--header".to_owned(), of(name)]);
        }
        if !body.is_empty() {
            expected.extend(["--data-raw".to_owned(), told(&body)]);
        }
        prop_assert_eq!(arguments(&curl(&request), secret), expected);
    }
}
