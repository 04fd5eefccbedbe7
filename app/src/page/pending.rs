//! What is deleted here and may still be taken back: it is out of sight at once, and the desk is told ten seconds later, or
//! when the window is left.

use std::cell::Cell;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue};
use shared::desk::form::in_words;
use shared::problem::ErrorBody;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;

use crate::client::{self, Fault};
use crate::ui::toast::{toast, toast_undo_then};

/// A request that carries out a deletion.
#[derive(Debug, Clone, PartialEq)]
pub struct Deletion {
    /// Names what goes out of sight.
    pub key: String,
    pub method: &'static str,
    pub path: String,
    /// JSON.
    pub body: Option<String>,
    /// What it is called, for the bar.
    pub name: String,
    /// What was done to it: "Deleted".
    pub done: &'static str,
}

#[derive(Clone, PartialEq)]
struct Pending {
    deletion: Deletion,
    /// The desk has been asked, and may not be asked again.
    sent: bool,
}

thread_local! {
    static PENDING: ArcRwSignal<Vec<Pending>> = ArcRwSignal::new(Vec::new());
    /// How many deletions were carried out, refused or taken back: lists are read again then.
    static SETTLED: ArcRwSignal<u32> = ArcRwSignal::new(0);
    static WATCHING: Cell<bool> = const { Cell::new(false) };
}

/// The key of a record.
pub fn key(resource: &str, id: u64) -> String {
    format!("{resource}/{id}")
}

/// The key of an API application.
pub fn application_key(client_id: &str) -> String {
    format!("applications/{client_id}")
}

/// Whether something is out of sight; tracked.
pub fn is_deleted(key: &str) -> bool {
    PENDING
        .with(|pending| pending.with(|pending| pending.iter().any(|one| one.deletion.key == key)))
}

/// Wakes whoever reads it when a deletion was carried out, refused or taken back.
pub fn track_settled() {
    SETTLED.with(|settled| settled.track());
}

/// Something was deleted, or brought back, without waiting: lists are read again.
pub fn settled() {
    SETTLED.with(|settled| settled.update(|count| *count += 1));
}

/// Takes it out of sight, and deletes it unless that is taken back.
pub fn delete(deletion: Deletion) {
    watch_leaving();
    let key = deletion.key.clone();
    let undo = {
        let key = key.clone();
        move || forget(&key)
    };
    let words = format!("{} {}", deletion.done, deletion.name);
    change(|pending| {
        pending.push(Pending {
            deletion,
            sent: false,
        });
    });
    toast_undo_then(words, undo, move || send(&key));
}

fn change(change: impl FnOnce(&mut Vec<Pending>)) {
    PENDING.with(|pending| pending.update(change));
}

fn forget(key: &str) {
    change(|pending| pending.retain(|one| one.deletion.key != key));
}

/// Lets what was deleted for good be seen again: something else of the same key is made now.
pub fn make_room(key: &str) {
    change(|pending| pending.retain(|one| !(one.sent && one.deletion.key == key)));
}

/// Marks it as sent; nothing where it was taken back or is on its way.
fn take(key: &str) -> Option<Deletion> {
    let mut taken = None;
    change(|pending| {
        let found = pending
            .iter_mut()
            .find(|one| one.deletion.key == key && !one.sent);
        if let Some(one) = found {
            one.sent = true;
            taken = Some(one.deletion.clone());
        }
    });
    taken
}

fn send(key: &str) {
    let Some(deletion) = take(key) else {
        return;
    };
    spawn_local(async move {
        if let Err(why) = carry_out(&deletion).await {
            forget(&deletion.key);
            toast(format!(
                "{} is back: it was not {}. {why}",
                deletion.name,
                deletion.done.to_lowercase()
            ));
        }
        settled();
    });
}

/// What keeps a deletion from being carried out, as a sentence.
async fn carry_out(deletion: &Deletion) -> Result<(), String> {
    const OFFLINE: &str = "The server did not answer. Check that it is running, then do it again.";
    let offline = |_: JsValue| OFFLINE.to_owned();
    let answer = JsFuture::from(fetch(deletion).map_err(offline)?)
        .await
        .map_err(offline)?;
    let get = |name: &str| js_sys::Reflect::get(&answer, &name.into());
    // One that somebody else has deleted meanwhile is deleted.
    let status = get("status").ok().and_then(|status| status.as_f64());
    if get("ok").is_ok_and(|ok| ok.is_truthy()) || status == Some(404.0) {
        return Ok(());
    }
    if status == Some(401.0) {
        client::note_session(false);
        return Err(Fault::SignedOut.to_string());
    }
    let text = get("text")
        .ok()
        .and_then(|text| text.dyn_into::<js_sys::Function>().ok())
        .and_then(|text| text.call0(&answer).ok())
        .and_then(|text| text.dyn_into::<js_sys::Promise>().ok());
    let body = match text {
        Some(text) => JsFuture::from(text)
            .await
            .ok()
            .and_then(|body| body.as_string()),
        None => None,
    };
    // Halo's refusals are one JSON string; the console's have a message.
    let sentence = body.and_then(|body| {
        let console = |body: &str| serde_json::from_str::<ErrorBody>(body).ok();
        serde_json::from_str::<String>(&body)
            .ok()
            .or_else(|| Some(console(&body)?.error.message))
    });
    Err(sentence.map_or_else(
        || "The server could not do it. Try again later.".to_owned(),
        |sentence| format!("{}.", in_words(&sentence)),
    ))
}

/// Asks with `keepalive`, so that the request outlives the window.
fn fetch(deletion: &Deletion) -> Result<js_sys::Promise, JsValue> {
    let options = js_sys::Object::new();
    let set = |name: &str, value: JsValue| js_sys::Reflect::set(&options, &name.into(), &value);
    set("method", deletion.method.into())?;
    set("keepalive", JsValue::TRUE)?;
    if let Some(body) = &deletion.body {
        let headers = js_sys::Object::new();
        js_sys::Reflect::set(&headers, &"Content-Type".into(), &"application/json".into())?;
        set("headers", headers.into())?;
        set("body", body.as_str().into())?;
    }
    let window = window();
    js_sys::Reflect::get(&window, &"fetch".into())?
        .dyn_into::<js_sys::Function>()?
        .call2(&window, &deletion.path.as_str().into(), &options)?
        .dyn_into()
}

/// Whoever leaves the window has not taken anything back.
fn watch_leaving() {
    if WATCHING.replace(true) {
        return;
    }
    let leave = Closure::<dyn Fn()>::new(|| {
        let keys: Vec<String> = PENDING.with(|pending| {
            pending.with_untracked(|all| all.iter().map(|one| one.deletion.key.clone()).collect())
        });
        for deletion in keys.iter().filter_map(|key| take(key)) {
            let _ = fetch(&deletion);
        }
    });
    let _ = window().add_event_listener_with_callback("pagehide", leave.as_ref().unchecked_ref());
    // The window lives as long as the app.
    leave.forget();
}
