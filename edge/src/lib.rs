//! The worker: a thin shell around `shared`.

mod objects;

use worker::{Context, Env, Request, Response, Result, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    match request.path().as_str() {
        "/console/health" => {
            let version = env.var("NIMBUS_VERSION")?.to_string();
            Response::from_json(&serde_json::json!({ "status": "ok", "version": version }))
        }
        _ => Response::error("Not found", 404),
    }
}
