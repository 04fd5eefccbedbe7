//! The services that a run calls: one that completes texts, and one that takes actions as Halo does. They answer at
//! once, keep their connections, and count.

use std::{
    io,
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use serde_json::{Value, json};

use crate::{example::answer_to, wire::Connection};

/// Running services.
#[derive(Debug)]
pub(crate) struct Upstream {
    port: u16,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    completions: AtomicU64,
    actions: AtomicU64,
}

impl Upstream {
    pub(crate) fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let counts = Arc::new(Counts::default());
        let counting = Arc::clone(&counts);
        thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                let counts = Arc::clone(&counting);
                // Who hangs up is none of its concern.
                thread::spawn(move || drop(serve(stream, &counts)));
            }
        });
        Ok(Self { port, counts })
    }

    /// Without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How many texts were completed, and how many actions taken.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (
            self.counts.completions.load(Ordering::Relaxed),
            self.counts.actions.load(Ordering::Relaxed),
        )
    }
}

fn serve(stream: TcpStream, counts: &Counts) -> io::Result<()> {
    let mut connection = Connection::over(stream)?;
    while let Some(request) = connection.request()? {
        let body: Option<Value> = serde_json::from_slice(&request.body).ok();
        let (status, answer) = body
            .and_then(|body| answer(&request.path, &body, counts))
            .unwrap_or((400, json!({"error": "this is not understood"})));
        let text = answer.to_string();
        let head = format!(
            "HTTP/1.1 {status} \r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{text}",
            text.len()
        );
        connection.send(head.as_bytes())?;
        if request.is_last {
            break;
        }
    }
    Ok(())
}

fn answer(path: &str, body: &Value, counts: &Counts) -> Option<(u16, Value)> {
    match path {
        "/v1/completions" => {
            let text = answer_to(body["prompt"].as_str()?);
            let number = counts.completions.fetch_add(1, Ordering::Relaxed);
            let choices = json!([{"text": text, "index": 0, "finish_reason": "stop"}]);
            Some((
                200,
                json!({
                    "id": format!("cmpl-{number}"), "object": "text_completion", "model": "example",
                    "choices": choices, "usage": {"prompt_tokens": 9, "completion_tokens": 12},
                }),
            ))
        }
        "/api/actions" => {
            let action = body.get(0)?;
            let note = action["note_html"].as_str()?;
            action["ticket_id"].as_u64()?;
            let number = counts.actions.fetch_add(1, Ordering::Relaxed);
            Some((
                201,
                json!({"id": number, "outcome": "ChatGPT", "note_html": note}),
            ))
        }
        _ => None,
    }
}
