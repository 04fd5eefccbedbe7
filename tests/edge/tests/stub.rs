//! The stub is what other tests judge by, so it is tested itself.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
};

use edge_tests::{Gate, Reply, Stub};
use serde_json::json;

fn send(stub: &Stub, request: &str) -> String {
    let exchange = || {
        let mut stream = TcpStream::connect(stub.address())?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok::<_, std::io::Error>(answer)
    };
    exchange().expect("the stub is on this machine")
}

#[test]
fn replies_come_in_their_order_and_the_last_one_stays() {
    let stub = Stub::start();
    stub.reply("GET", "/a", Reply::text(503, "busy"));
    stub.reply("GET", "/a", Reply::json(200, &json!({ "n": 1 })));
    let request = "GET /a?q=1 HTTP/1.1\r\nHost: h\r\n\r\n";
    let answers = [(); 3].map(|()| send(&stub, request));
    assert!(answers[0].starts_with("HTTP/1.1 503") && answers[0].ends_with("busy"));
    assert!(answers[1].ends_with(r#"{"n":1}"#));
    assert_eq!(answers[1], answers[2]);
    assert!(send(&stub, &request.replace("GET", "PUT")).starts_with("HTTP/1.1 404"));
    assert_eq!((stub.count("GET", "/a"), stub.count("PUT", "/a")), (3, 1));
}

#[test]
fn requests_are_kept_byte_for_byte() {
    let stub = Stub::start();
    let head =
        "POST /b?x=%20 HTTP/1.1\r\nhost: h\r\nX-Odd:  v \r\ntransfer-encoding: chunked\r\n\r\n";
    send(
        &stub,
        &format!("{head}3\r\n{{\"a\r\n4;ext=1\r\n\":1}}\r\n0\r\n\r\n"),
    );
    let request = &stub.wait_for(1, "POST", "/b")[0];
    assert_eq!(request.target, "/b?x=%20");
    assert_eq!(request.head, head.as_bytes());
    assert_eq!(request.header("x-odd"), Some("v"));
    assert_eq!(request.body, br#"{"a":1}"#);
}

#[test]
fn a_gate_holds_answers_until_it_is_opened() {
    let stub = Stub::start();
    let gate = Gate::new();
    stub.reply("GET", "/c", Reply::text(200, "late").behind(&gate));
    thread::scope(|scope| {
        let answer = scope.spawn(|| send(&stub, "GET /c HTTP/1.1\r\n\r\n"));
        stub.wait_for(1, "GET", "/c");
        assert!(!answer.is_finished());
        gate.open();
        assert!(answer.join().unwrap().ends_with("late"));
    });
}
