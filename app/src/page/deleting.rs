//! Deleting a document at once, and taking that back.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::begun;
use super::pending::settled;
use crate::client::{self, Fault};
use crate::route::Route;
use crate::ui::unsaved::{go, go_instead, is_at};
use crate::ui::{Notice, Tone, error_words, toast, toast_undo};

/// A document that is to be deleted from its own page, and the ways from there.
pub struct Deleting {
    /// How the addresses of its kind begin, such as `runbooks`.
    pub kind: &'static str,
    pub id: String,
    /// What is said once it is gone.
    pub done: String,
    /// Where one goes then.
    pub list: String,
    /// Its own page, for when it is brought back.
    pub page: Route,
}

impl Deleting {
    /// Sends it, and offers to take it back; `refused` is told why nothing was deleted.
    pub fn send(
        self,
        request: impl Future<Output = Result<(), Fault>> + 'static,
        refused: impl FnOnce(&Fault) + 'static,
    ) {
        let Self {
            kind,
            id,
            done,
            list,
            page,
        } = self;
        spawn_local(async move {
            match request.await {
                Ok(()) => {
                    begun::keep(&id);
                    settled();
                    // Whoever has gone on to another page meanwhile stays there.
                    if is_at(&page.to_string()) {
                        go_instead(list);
                    }
                    toast_undo(done, move || restore(kind, id.clone(), page.clone()));
                }
                Err(fault) => refused(&fault),
            }
        });
    }
}

/// Has the page say why something was not deleted; what it said before counts no more.
pub fn told_by(refused: RwSignal<Option<String>>) -> impl FnOnce(&Fault) + 'static {
    refused.try_set(None);
    move |fault: &Fault| _ = refused.try_set(Some(refusal(fault)))
}

/// The same where the page has no place for it.
pub fn told_in_toast(fault: &Fault) {
    toast(format!("It was not deleted. {fault}"));
}

/// Why something was not deleted.
pub fn refusal(fault: &Fault) -> String {
    match fault {
        Fault::Refused { detail, .. } => detail.message.clone(),
        other => other.to_string(),
    }
}

/// Brings back what was deleted, and shows it.
pub fn restore(kind: &'static str, id: String, page: Route) {
    spawn_local(async move {
        match client::restore(kind, &id).await {
            Ok(()) => {
                settled();
                go(page);
            }
            Err(fault) => toast(format!("It could not be brought back. {fault}")),
        }
    });
}

/// Why nothing was deleted.
pub fn still_used(message: String) -> AnyView {
    view! {
        <div role="alert">
            <Notice tone=Tone::Bad>
                <strong>"Not deleted. "</strong>
                {error_words(&message)}
            </Notice>
        </div>
    }
    .into_any()
}
