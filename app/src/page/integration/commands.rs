//! Deleting an integration, and naming what was just made.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use shared::model::IntegrationId;

use crate::client;
use crate::page::deleting::{Deleting, told_by};
use crate::route::Route;

/// Deletes it with its methods; where something still uses it, `refused` says what.
pub(super) fn delete(id: IntegrationId, name: &str, refused: RwSignal<Option<String>>) {
    let deleting = Deleting {
        kind: "integrations",
        id: id.to_string(),
        done: format!("Deleted {name} and its methods"),
        list: Route::Integrations.to_string(),
        page: Route::Integration(id.to_string()),
    };
    let request = async move { client::delete_integration(&id).await };
    deleting.send(request, told_by(refused));
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
