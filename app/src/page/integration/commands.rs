//! Deleting an integration, and taking that back.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use shared::model::IntegrationId;

use crate::client::{self, Fault};
use crate::route::Route;
use crate::ui::unsaved::{go, go_instead};
use crate::ui::{Notice, Tone, error_words, toast, toast_undo};

/// Deletes at once, and offers to take it back; where something still uses it, `refused` says what.
pub(super) fn delete(id: IntegrationId, name: String, refused: RwSignal<Option<String>>) {
    refused.set(None);
    spawn_local(async move {
        match client::delete_integration(&id).await {
            Ok(()) => {
                go_instead(Route::Integrations);
                let back = Route::Integration(id.to_string());
                toast_undo(format!("Deleted {name} and its methods"), move || {
                    restore("integrations", id.to_string(), back.clone());
                });
            }
            Err(fault) => {
                refused.try_set(Some(refusal(&fault)));
            }
        }
    });
}

/// Why something was not deleted.
pub(crate) fn refusal(fault: &Fault) -> String {
    match fault {
        Fault::Refused { detail, .. } => detail.message.clone(),
        other => other.to_string(),
    }
}

/// Brings back what was deleted, and shows it.
pub(crate) fn restore(kind: &'static str, id: String, back: Route) {
    spawn_local(async move {
        match client::restore(kind, &id).await {
            Ok(()) => go(back),
            Err(fault) => toast(format!("It could not be brought back. {fault}")),
        }
    });
}

/// Why nothing was deleted.
pub(crate) fn still_used(message: String) -> AnyView {
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

/// Puts the cursor into the title of what was just made, so that typing names it.
pub(crate) fn select_title() {
    request_animation_frame(|| {
        let title = document()
            .query_selector(".title-field input")
            .ok()
            .flatten();
        if let Some(input) =
            title.and_then(|found| found.dyn_into::<web_sys::HtmlInputElement>().ok())
        {
            let _ = input.focus();
            input.select();
        }
    });
}
