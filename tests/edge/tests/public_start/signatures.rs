//! Each way of signing that a runbook may ask for, over the bytes as they came.

use std::{collections::BTreeSet, ops::Range};

use edge_tests::{
    Options, Server,
    bundle::{Bundle, chain, with},
    console::{get, put},
};
use serde_json::{Value, json};

use super::{
    SECRET, bern, ended, open, run_id, serving, signed,
    signing::{digest, encoded, seconds_from_now, signature},
    start, waited_for,
};

#[test]
fn every_hash_encoding_and_prefix_is_checked() {
    let mut starts = Vec::new();
    for algorithm in ["sha1", "sha256", "sha512"] {
        for encoding in ["hex", "base64"] {
            for prefix in ["", "sha256=", "v1 "] {
                let settings = json!({
                    "algorithm": algorithm, "encoding": encoding, "prefix": prefix, "header": "X-Hub-Signature",
                });
                starts.push((
                    format!("rb-{}", starts.len()),
                    algorithm,
                    encoding,
                    prefix,
                    signed(&settings),
                ));
            }
        }
    }
    let named: Vec<_> = starts
        .iter()
        .map(|(id, .., start)| (id.as_str(), start.clone()))
        .collect();
    let server = serving(&named);
    let body = bern().to_string();
    for (id, algorithm, encoding, prefix, _) in &starts {
        let what = format!("{algorithm} {encoding} {prefix:?}");
        let digest = digest(algorithm, SECRET, body.as_bytes());
        let send = |value: &str| {
            let call = start(&server, id).header("x-hub-signature", value);
            call.body(body.as_str()).send().status
        };
        let right = encoded(encoding, &digest);
        assert_eq!(send(&format!("{prefix}{right}")), 202, "{what}");
        // Senders write hexadecimal digits in either case, and leave the padding of base64 away.
        let other = match *encoding {
            "hex" => right.to_uppercase(),
            _ => right.trim_end_matches('=').to_owned(),
        };
        assert_eq!(send(&format!("{prefix}{other}")), 202, "{what}");
        let mut wrong = digest.clone();
        wrong[0] ^= 1;
        assert_eq!(
            send(&format!("{prefix}{}", encoded(encoding, &wrong))),
            401,
            "{what}"
        );
        let encoding = if *encoding == "hex" { "base64" } else { "hex" };
        assert_eq!(
            send(&format!("{prefix}{}", encoded(encoding, &digest))),
            401,
            "{what}"
        );
    }
}

#[test]
fn any_of_several_secrets_signs_and_each_can_be_taken_away() {
    let secrets = json!([{"secret": "the-old-one"}, {"secret": "the-new-one"}]);
    let server = serving(&[("rb", signed(&json!({ "secrets": secrets })))]);
    let body = bern().to_string();
    let send = |secret: &str| {
        let signature = signature(secret, body.as_bytes());
        let call = start(&server, "rb").header("x-signature", &signature);
        call.body(body.as_str()).send().status
    };
    assert_eq!(
        ["the-old-one", "the-new-one", "the-next-one"].map(send),
        [202, 202, 401]
    );
    // It counts at once, without publishing.
    replace_secrets(&server, &json!([{"secret": ""}, {"secret": null}]));
    assert_eq!(
        ["the-old-one", "the-new-one", "the-next-one"].map(send),
        [401, 202, 401]
    );
    replace_secrets(
        &server,
        &json!([{"secret": null}, {"secret": "the-next-one"}]),
    );
    assert_eq!(
        ["the-old-one", "the-new-one", "the-next-one"].map(send),
        [401, 202, 202]
    );
}

fn replace_secrets(server: &Server, secrets: &Value) {
    let path = "/console/runbooks/rb";
    let mut runbook = get(server, path);
    runbook["start"]["auth"]["secrets"] = secrets.clone();
    let version = runbook["version"].as_u64().unwrap();
    let _ = put(server, path, version, &runbook).expect(200);
}

#[test]
fn bodies_are_signed_byte_for_byte() {
    let server = serving(&[("rb", with(&signed(&json!({})), &json!({"inputs": []})))]);
    for (body, media_type, status) in [
        (&b"{}"[..], "application/json", 202),
        (b" \r\n\t{ \"a\" :\n1.0e0 }\r\n ", "application/json", 202),
        (b"{\"a\":1,\"a\":2}", "application/json", 202),
        ("{\"ä\":\"\u{1F600}\"}".as_bytes(), "application/json", 202),
        (b"\xef\xbb\xbf{}", "application/json", 202),
        (b"a=%C3%A4+b&a=", "application/x-www-form-urlencoded", 202),
        (b"a=\xff\x00\n", "application/x-www-form-urlencoded", 202),
        // Well signed, so it is told what is wrong with it.
        (b"", "application/json", 400),
        (b"\xff\xfe\x00", "application/json", 400),
        (b"\"\xff\"", "application/json", 400),
        (b"{}\0", "application/json", 400),
    ] {
        let call = |signed: &[u8]| {
            let call = start(&server, "rb").header("x-signature", &signature(SECRET, signed));
            call.header("content-type", media_type).body(body).send()
        };
        let shown = String::from_utf8_lossy(body);
        assert_eq!(call(body).status, status, "{shown:?}");
        assert_eq!(
            call(&[body, b"\n"].concat()).status,
            401,
            "{shown:?} with a line break"
        );
    }
}

#[test]
fn time_and_headers_can_be_signed_too() {
    let settings = json!({
        "timestamp_header": "X-Time", "tolerance_s": 60,
        "signed": "v0:<<timestamp>>:<<request@header[x-topic]>>:<<body>>",
    });
    let server = serving(&[
        ("rb", signed(&settings)),
        (
            "default",
            signed(&json!({"timestamp_header": "X-Time", "signed": "<<timestamp>><<body>>"})),
        ),
    ]);
    let body = bern().to_string();
    let send = |time: &str, topic: &str, signed_topic: &str| {
        let message = format!("v0:{time}:{signed_topic}:{body}");
        let call =
            start(&server, "rb").header("x-signature", &signature(SECRET, message.as_bytes()));
        let call = call.header("x-time", time).header("x-topic", topic);
        call.body(body.as_str()).send().status
    };
    for (seconds, status) in [(0, 202), (-50, 202), (50, 202), (-70, 401), (70, 401)] {
        assert_eq!(
            send(&seconds_from_now(seconds), "news", "news"),
            status,
            "{seconds} s"
        );
    }
    assert_eq!(send(&seconds_from_now(0), "news", "olds"), 401);
    // Where no tolerance is set, it is five minutes.
    for (seconds, status) in [(-290, 202), (-310, 401)] {
        let time = seconds_from_now(seconds);
        let message = format!("{time}{body}");
        let call =
            start(&server, "default").header("x-signature", &signature(SECRET, message.as_bytes()));
        let call = call.header("x-time", &time).body(body.as_str());
        assert_eq!(call.send().status, status, "{seconds} s");
    }
}

#[test]
fn no_proof_of_a_caller_reaches_the_run() {
    let whole = json!({"inputs": [{"name": "H", "value": "request@header[authorization]", "type": "string", "required": false}]});
    let start_settings = with(&with(&open(&json!({})), &whole), &waited_for(&json!(["H"])));
    let server = serving(&[("rb", start_settings)]);
    let call = start(&server, "rb").header("authorization", "Basic c2VjcmV0LXByb29m");
    let answer = call.body("{}").send().expect(200).json();
    assert_eq!(answer["outputs"]["H"], Value::Null, "{answer}");
}

/// A start that Stripe, Slack, GitHub, Shopify or a sender of Standard Webhooks has signed: its headers.
fn as_service(scheme: &str, secret: &str, time: &str, body: &str) -> Vec<(&'static str, String)> {
    let sha256 = |message: String| digest("sha256", secret, message.as_bytes());
    match scheme {
        "github" => vec![(
            "x-hub-signature-256",
            format!("sha256={}", encoded("hex", &sha256(body.to_owned()))),
        )],
        "shopify" => vec![(
            "x-shopify-hmac-sha256",
            encoded("base64", &sha256(body.to_owned())),
        )],
        "slack" => {
            let signature = encoded("hex", &sha256(format!("v0:{time}:{body}")));
            vec![
                ("x-slack-signature", format!("v0={signature}")),
                ("x-slack-request-timestamp", time.to_owned()),
            ]
        }
        "stripe" => {
            let signature = encoded("hex", &sha256(format!("{time}.{body}")));
            vec![(
                "stripe-signature",
                format!("t={time},v1={},v1={signature}", "0".repeat(64)),
            )]
        }
        "standard_webhooks" => {
            // The secret below is the base64 of "raw key".
            let signature = digest(
                "sha256",
                "raw key",
                format!("msg_1.{time}.{body}").as_bytes(),
            );
            vec![
                ("webhook-id", "msg_1".to_owned()),
                ("webhook-timestamp", time.to_owned()),
                (
                    "webhook-signature",
                    format!("v1a,x v1,{}", encoded("base64", &signature)),
                ),
            ]
        }
        other => unreachable!("{other} is no scheme"),
    }
}

#[test]
fn services_sign_as_they_do_and_a_recorded_start_starts_nothing() {
    let schemes = ["github", "shopify", "slack", "stripe", "standard_webhooks"];
    let secret_of = |scheme: &str| match scheme {
        "standard_webhooks" => "whsec_cmF3IGtleQ==",
        _ => SECRET,
    };
    let settings = schemes.map(|scheme| {
        let secrets = json!([{ "secret": secret_of(scheme) }]);
        (
            scheme,
            signed(&json!({ "scheme": scheme, "secrets": secrets })),
        )
    });
    let server = serving(&settings);
    let body = bern().to_string();
    for scheme in schemes {
        let send = |headers: &[(&str, String)], body: &str| {
            let mut call = start(&server, scheme);
            for (name, value) in headers {
                call = call.header(name, value);
            }
            call.body(body).send()
        };
        let signed =
            |seconds: i64| as_service(scheme, secret_of(scheme), &seconds_from_now(seconds), &body);
        let first = signed(-5);
        let run = run_id(&send(&first, &body).expect(202));
        assert_eq!(send(&first, "{}").status, 401, "{scheme}");
        let wrong = as_service(scheme, "another", &seconds_from_now(0), &body);
        if scheme != "standard_webhooks" {
            assert_eq!(send(&wrong, &body).status, 401, "{scheme}");
        }
        let is_guarded = !matches!(scheme, "github" | "shopify");
        let late = send(&signed(-310), &body).status;
        assert_eq!(late, if is_guarded { 401 } else { 202 }, "{scheme}");

        // Recorded, and sent again with a key that nobody has signed.
        let again = first
            .iter()
            .cloned()
            .chain([("idempotency-key", "another".to_owned())]);
        let again = run_id(&send(&again.collect::<Vec<_>>(), &body).expect(202));
        assert_eq!(again == run, is_guarded, "{scheme}");
        let next = run_id(&send(&signed(0), &body).expect(202));
        // The id of the message is the same.
        assert_eq!(next == run, scheme == "standard_webhooks", "{scheme}");
    }
}

#[test]
fn a_recorded_start_finds_its_run_whatever_key_comes_with_it() {
    let stripe = json!({"scheme": "stripe", "secrets": [{ "secret": SECRET }]});
    let by_id = json!({"signed": "<<request@header[x-delivery]>>.<<body>>"});
    let server = Server::start(&Options::default());
    let spread = |id: &str, settings: &Value| {
        let mut runbook = chain(id, &signed(settings), &[]);
        runbook["shards"] = json!(8);
        runbook
    };
    Bundle::new()
        .runbook(spread("stripe", &stripe))
        .runbook(spread("by-id", &by_id))
        .import(&server);
    let body = bern().to_string();
    let recorded = as_service("stripe", SECRET, &seconds_from_now(-5), &body);
    let delivery = |id: &str| {
        let signature = signature(SECRET, format!("{id}.{body}").as_bytes());
        vec![("x-delivery", id.to_owned()), ("x-signature", signature)]
    };
    let send = |runbook: &str, headers: &[(&str, String)], key: usize| {
        let call = start(&server, runbook).header("idempotency-key", &format!("key {key}"));
        let call = headers
            .iter()
            .fold(call, |call, (name, value)| call.header(name, value));
        run_id(&call.body(body.as_str()).send().expect(202))
    };
    let runs = |runbook: &str, headers: &[(&str, String)], keys: Range<usize>| {
        keys.map(|key| send(runbook, headers, key))
            .collect::<BTreeSet<String>>()
    };
    assert_eq!(runs("stripe", &recorded, 0..16).len(), 1);
    let first = runs("by-id", &delivery("d-1"), 0..16);
    assert_eq!(first.len(), 1);
    let second = runs("by-id", &delivery("d-2"), 16..32);
    assert_eq!(second.len(), 1);
    assert_ne!(first, second);
    ended(&server, 3);
}

#[test]
fn a_form_of_github_is_read_as_the_json_that_it_holds() {
    let settings = json!({"scheme": "github", "secrets": [{ "secret": SECRET }]});
    let server = serving(&[(
        "rb",
        with(&signed(&settings), &waited_for(&json!(["City"]))),
    )]);
    let form = "payload=%7B%22city%22%3A%22Bern%22%7D";
    let call = as_service("github", SECRET, "", form)
        .into_iter()
        .fold(start(&server, "rb"), |call, (name, value)| {
            call.header(name, &value)
        });
    let call = call.header("content-type", "application/x-www-form-urlencoded");
    let answer = call.body(form).send().expect(200).json();
    assert_eq!(answer["outputs"], json!({"City": "Bern"}));
}
