//! The worker starts, and starts again on the same data.

use edge_tests::{Options, Server};
use serde_json::json;

#[test]
fn a_server_answers_before_and_after_a_crash() {
    let mut server = Server::start(&Options::default());
    let healthy = json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") });
    assert_eq!(
        server.get("/console/health").send().expect(200).json(),
        healthy
    );
    server.kill();
    assert!(
        server.get("/console/health").try_send().is_err(),
        "a killed server still answers"
    );
    server.restart();
    assert_eq!(
        server.get("/console/health").send().expect(200).json(),
        healthy
    );
}
