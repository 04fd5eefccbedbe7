//! Secrets go in, do their work, and are found nowhere else: not in what is read, nor in the log, nor on the disk.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeSet, HashMap};

use base64::{
    Engine as _,
    alphabet::{STANDARD, URL_SAFE},
    engine::{GeneralPurpose, general_purpose::NO_PAD},
};
use edge_tests::{
    ADMIN_TOKEN, Options, Received, Reply, Server, Socket, Stub,
    bundle::{Bundle, chain, method, sends, with},
    console::{get, items, post, put, run, text},
};
use serde_json::{Value, json};

/// All that is set or comes in as a secret; no part of any is of another.
const SECRETS: [&str; 16] = [
    BEARER,
    HEADER_KEY,
    QUERY_KEY,
    PASSWORD,
    CLIENT,
    PERSON,
    TOKEN,
    DEAD_TOKEN,
    METHOD,
    SIGNING,
    OLD_SIGNING,
    START,
    CAPTURED,
    REPLACED,
    ADMIN_TOKEN,
    // What seals all others.
    "master-key-master-key-master-key",
];
const BEARER: &str = "bearer-7Hq2vX9";
const HEADER_KEY: &str = "header-key/+ \"4Zt8\"";
const QUERY_KEY: &str = "query-key&=%ü 5Rw1";
const PASSWORD: &str = "pass:word<6Kd3>";
const CLIENT: &str = "client-8Jf5sQ2+/=";
const PERSON: &str = "person-3Mb7yT4";
const TOKEN: &str = "token-9Cx6nL1";
const DEAD_TOKEN: &str = "dead-2Vp4gH8";
const METHOD: &str = "method-1Ws9kD6";
const SIGNING: &str = "signing-5Ng3zB7";
const OLD_SIGNING: &str = "old-signing-6Yc2rF9";
const START: &str = "start-4Lk8mJ5";
const CAPTURED: &str = "captured-7Xt1hP3";
const REPLACED: &str = "replaced-8Ub5wG6";

/// The spellings that a secret may travel in; of base64, what can be told wherever in the encoded bytes it stands.
fn spellings(secret: &str) -> Vec<(&'static str, Vec<u8>)> {
    let in_json = json!(secret).to_string();
    let hex: Vec<String> = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut found = vec![
        ("plain", secret.as_bytes().to_vec()),
        ("hex", hex.concat().into_bytes()),
        ("percent-encoded", percent_encoded(secret).into_bytes()),
        (
            "as a form",
            percent_encoded(secret).replace("%20", "+").into_bytes(),
        ),
        ("in JSON", in_json.as_bytes()[1..in_json.len() - 1].to_vec()),
    ];
    for alphabet in [STANDARD, URL_SAFE] {
        let base64 = GeneralPurpose::new(&alphabet, NO_PAD);
        for shift in 0..3 {
            let bytes = [&b"xxx"[..shift], secret.as_bytes()].concat();
            let encoded = base64.encode(bytes).into_bytes();
            // Without the digits that hold bits of what stands beside it.
            let from = (shift * 8).div_ceil(6);
            let to = encoded.len() - 2;
            found.push(("base64", encoded[from..to].to_vec()));
        }
    }
    found
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// Looks for secrets in whatever spelling.
struct Search {
    /// By their first two bytes, because there is much to look through.
    needles: HashMap<[u8; 2], Vec<Needle>>,
}

struct Needle {
    secret: &'static str,
    spelling: &'static str,
    bytes: Vec<u8>,
}

impl Search {
    fn new() -> Self {
        let mut needles: HashMap<_, Vec<_>> = HashMap::new();
        for secret in SECRETS {
            for (spelling, bytes) in spellings(secret) {
                let needle = Needle {
                    secret,
                    spelling,
                    bytes,
                };
                needles
                    .entry([needle.bytes[0], needle.bytes[1]])
                    .or_default()
                    .push(needle);
            }
        }
        Self { needles }
    }

    /// All that stand there, and where.
    fn find<'s>(&'s self, bytes: &'s [u8]) -> impl Iterator<Item = (usize, &'s Needle)> {
        (0..bytes.len().saturating_sub(1)).flat_map(move |at| {
            let needles = self.needles.get(&[bytes[at], bytes[at + 1]]);
            let is_there = move |needle: &&Needle| bytes[at..].starts_with(&needle.bytes);
            let found = needles.into_iter().flatten().filter(is_there);
            found.map(move |needle| (at, needle))
        })
    }

    /// Fails where one of them stands there.
    fn finds_none(&self, place: &str, bytes: &[u8]) {
        if let Some((
            at,
            Needle {
                secret, spelling, ..
            },
        )) = self.find(bytes).next()
        {
            let around = &bytes[at.saturating_sub(80)..bytes.len().min(at + 120)];
            let around = String::from_utf8_lossy(around);
            panic!("{place} holds {secret}, {spelling}: {around}");
        }
    }
}

/// A body that says everything the service was sent, in several ways, as an answer of an echo service would.
fn echo(status: u16, request: &Received) -> Reply {
    let head = String::from_utf8_lossy(&request.head).into_owned();
    let headers: Vec<String> = request
        .headers
        .iter()
        .map(|(_, value)| value.clone())
        .collect();
    let base64 = GeneralPurpose::new(&STANDARD, NO_PAD);
    let body = json!({
        "head": head, "headers": headers, "body": request.text(), "session": (status == 200).then_some(CAPTURED),
        "base64": base64.encode(&head), "form": percent_encoded(&head),
        "twice": {},
    });
    // The same key twice is warned of, by its name.
    let key = json!(request.header("authorization").unwrap_or("none"));
    let twice = format!("{{{key}:1,{key}:2}}");
    let body = body
        .to_string()
        .replace("\"twice\":{}", &format!("\"twice\":{twice}"));
    let echoed = request.header("authorization").unwrap_or("none").to_owned();
    Reply::new(
        status,
        &[("content-type", "application/json"), ("x-echo", &echoed)],
        body,
    )
}

/// The integrations, one for each kind of login; each has a method of its name that captures what the service says.
fn integrations(stub: &Stub) -> Vec<(&'static str, Value)> {
    let oauth = |path: &str, more: Value| {
        let login = json!({
            "type": "oauth2", "grant": "client_credentials", "token_url": stub.url(path),
            "client_id": "me", "client_secret": {"secret": CLIENT},
        });
        with(&login, &more)
    };
    vec![
        (
            "bearer",
            json!({"type": "bearer", "token": {"secret": REPLACED}}),
        ),
        (
            "header-key",
            json!({"type": "api_key", "in": "header", "name": "X-Key", "key": {"secret": HEADER_KEY}}),
        ),
        (
            "query-key",
            json!({"type": "api_key", "in": "query", "name": "key", "key": {"secret": QUERY_KEY}}),
        ),
        (
            "basic",
            json!({"type": "basic", "username": "Aladdin", "password": {"secret": PASSWORD}}),
        ),
        ("oauth", oauth("/token", json!({}))),
        (
            "password",
            oauth(
                "/token",
                json!({"grant": "password", "username": "Aladdin", "password": {"secret": PERSON}}),
            ),
        ),
        (
            "refused",
            oauth("/refusal", json!({"client_id": "refused"})),
        ),
    ]
}

fn captures() -> Value {
    json!({"outputs": [
        {"name": "Head", "value": "response^head"},
        {"name": "All", "value": "response"},
        {"name": "Echo", "value": "response@header[x-echo]"},
        {"name": "Session", "value": "response^session", "secret": true},
    ]})
}

/// A method that sends on what others have captured, and has a login of its own.
fn passing_on() -> Value {
    let login = json!({"type": "api_key", "in": "header", "name": "Authorization", "key": {"secret": METHOD}});
    method(
        "own",
        "POST",
        "/own",
        &json!({
            "auth": login, "headers": [{"name": "X-Session", "value": "<<Session>>"}],
            "body": {"type": "json", "text": "{\"session\": <<Session>>}"},
            "outputs": [{"name": "Back", "value": "response^body"}],
        }),
    )
}

/// Imports everything, and has each method tried and run.
fn work(server: &Server, stub: &Stub) -> Vec<Value> {
    stub.reply(
        "POST",
        "/token",
        Reply::json(200, &json!({"access_token": DEAD_TOKEN})),
    );
    stub.reply(
        "POST",
        "/token",
        Reply::json(200, &json!({"access_token": TOKEN})),
    );
    stub.reply_with("POST", "/refusal", |request| {
        let body = json!({"error": "invalid_client", "error_description": format!("not known: {}", request.text())});
        Reply::json(401, &body)
    });
    stub.reply_with("GET", "/echo", |request| {
        let login = request.header("authorization");
        let is_dead = login.is_some_and(|value| value.contains(DEAD_TOKEN));
        echo(if is_dead { 401 } else { 200 }, request)
    });
    stub.reply_with("GET", "/broken", |request| echo(500, request));
    stub.reply_with("POST", "/own", |request| echo(200, request));

    let kinds = integrations(stub);
    let mut bundle = Bundle::new();
    for (id, login) in &kinds {
        let broken = format!("{id}-broken");
        let methods = [
            method(id, "GET", "/echo", &captures()),
            method(&broken, "GET", "/broken", &json!({})),
        ];
        let missing = json!([{"name": "Missing", "value": "response^head^deeper"}]);
        let step = with(&sends(&broken), &json!({ "outputs": missing }));
        bundle = bundle
            .integration(id, &stub.url(""), login, methods)
            .runbook(chain(
                id,
                &json!({"access": "desk"}),
                &[sends(id), sends("own"), step],
            ));
    }
    let start = json!({
        "access": "desk_and_public",
        "auth": {"type": "signature", "scheme": "hmac", "secrets": [{"secret": OLD_SIGNING}, {"secret": SIGNING}]},
    });
    let basic = json!({
        "access": "desk_and_public",
        "auth": {"type": "basic", "username": "Aladdin", "password": {"secret": START}},
        "inputs": [{"name": "All", "value": "request", "type": "object"}],
    });
    bundle
        .integration(
            "own",
            &stub.url(""),
            &json!({"type": "none"}),
            [passing_on()],
        )
        .runbook(chain("signed", &start, &[]))
        .runbook(chain("with-basic", &basic, &[]))
        .import(server);
    replace_a_secret(server);

    let base64 = GeneralPurpose::new(&STANDARD, NO_PAD);
    let proof = format!("Basic {}", base64.encode(format!("Aladdin:{START}")));
    let call = server
        .post("/api/automation/with-basic")
        .header("authorization", &proof);
    let _ = call.json(&json!({"a": 1})).send().expect(202);
    let mut told: Vec<Value> = Vec::new();
    for (id, _) in &kinds {
        told.push(run(server, id, &json!({})));
        for tried in [(*id).to_owned(), format!("{id}-broken")] {
            let path = format!("/console/methods/{tried}/test");
            told.push(post(server, &path, &json!({})).expect(200).json());
        }
    }
    told
}

/// A run may still show what a secret was before.
fn replace_a_secret(server: &Server) {
    let _ = run(server, "bearer", &json!({}));
    let path = "/console/integrations/bearer";
    let mut integration = get(server, path);
    integration["auth"]["token"] = json!({"secret": BEARER});
    let version = integration["version"].as_u64().unwrap();
    let _ = put(server, path, version, &integration).expect(200);
    let path = "/console/runbooks/signed";
    let mut runbook = get(server, path);
    runbook["start"]["auth"]["secrets"] = json!([{"secret": ""}, {"secret": null}]);
    let version = runbook["version"].as_u64().unwrap();
    let _ = put(server, path, version, &runbook).expect(200);
}

/// Everything that the console has to say.
fn readings(server: &Server) -> Vec<(String, Vec<u8>)> {
    let mut paths: Vec<String> = [
        "integrations",
        "methods",
        "runbooks",
        "desk-actions",
        "runs?limit=200",
        "export",
        "session",
        "health",
    ]
    .map(|path| format!("/console/{path}"))
    .into();
    for integration in items(&get(server, "/console/integrations")) {
        let id = text(&integration["id"]);
        paths.push(format!("/console/integrations/{id}"));
        paths.push(format!("/console/integrations/{id}/methods"));
        for method in integration["methods"].as_array().unwrap() {
            paths.push(format!("/console/methods/{}", text(&method["id"])));
        }
    }
    for runbook in items(&get(server, "/console/runbooks")) {
        let id = text(&runbook["id"]);
        paths.push(format!("/console/runbooks/{id}"));
        let versions = format!("/console/runbooks/{id}/versions");
        for version in items(&get(server, &versions)) {
            paths.push(format!("{versions}/{}", version["version"]));
        }
        paths.push(versions);
    }
    for run in items(&get(server, "/console/runs?limit=200")) {
        paths.push(format!("/console/runs/{}", text(&run["run_id"])));
        paths.push(format!("/console/runs/{}/plan", text(&run["run_id"])));
    }
    paths
        .into_iter()
        .map(|path| {
            let answer = server.get(&path).admin().send();
            let shown = [format!("{:?}", answer.headers).into_bytes(), answer.body].concat();
            (path, shown)
        })
        .collect()
}

/// What a live connection is told, up to the end of a run.
fn events(live: &mut Socket, last_run: &Value) -> String {
    let mut events = String::new();
    live.wait_for(|event| {
        events.push_str(&event.to_string());
        event["run"]["run_id"] == *last_run && event["run"]["ended_at"].is_u64()
    });
    events
}

#[test]
fn no_secret_is_found_anywhere() {
    let stub = Stub::start();
    let search = Search::new();
    let mut server = Server::start(&Options::default());
    let bearer = format!("Bearer {ADMIN_TOKEN}");
    let mut live = Socket::open(&server, "/console/live", &[("authorization", &bearer)]).unwrap();
    let told = work(&server, &stub);
    for told in &told {
        search.finds_none("what was told", told.to_string().as_bytes());
    }
    are_sent(&search, &stub);
    let last_run = told
        .iter()
        .rfind(|told| told["run_id"].is_string())
        .unwrap();
    let events = events(&mut live, &last_run["run_id"]);
    search.finds_none("the live connection", events.as_bytes());
    for (path, shown) in readings(&server) {
        search.finds_none(&path, &shown);
    }
    // What is refused is not quoted back.
    let odd = json!({"name": "Odd", "base_url": "https://a.example", "auth": {"type": "bearer", "token": {"secrte": BEARER}}});
    let refused = post(&server, "/console/integrations", &odd).expect(400);
    search.finds_none("a refusal", refused.text().as_bytes());

    search.finds_none("the log", server.log().as_bytes());
    look_through_files(&search, &server);
    // What is written when it starts again.
    server.restart();
    assert_eq!(
        run(&server, "bearer", &json!({}))["visits"][0]["state"],
        "succeeded"
    );
    look_through_files(&search, &server);
    search.finds_none("the log", server.log().as_bytes());
}

/// They arrive where they belong, so that there is something to be found.
fn are_sent(search: &Search, stub: &Stub) {
    let sent: Vec<u8> = stub
        .received()
        .iter()
        .flat_map(|request| [request.head.clone(), request.body.clone()].concat())
        .collect();
    let found: BTreeSet<&str> = search
        .find(&sent)
        .map(|(_, needle)| needle.secret)
        .collect();
    for secret in [
        BEARER, HEADER_KEY, QUERY_KEY, PASSWORD, CLIENT, PERSON, TOKEN, DEAD_TOKEN, METHOD,
        CAPTURED, REPLACED,
    ] {
        assert!(found.contains(secret), "{secret} was never sent");
    }
}

fn look_through_files(search: &Search, server: &Server) {
    let files = server.files();
    assert!(files.len() > 10, "{:?}", files.keys());
    for (path, content) in files {
        search.finds_none(&path.display().to_string(), &content);
    }
}
