//! Where a sheet comes from: a file, or what was pasted.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::sheet::Sheet;
use crate::ui::{Button, CodeField, Icon, announce};

#[component]
pub(super) fn Source(#[prop(into)] on_sheet: Callback<Sheet>) -> impl IntoView {
    let pasted = RwSignal::new(String::new());
    let chosen = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let file = NodeRef::<html::Input>::new();
    let choose = move |()| {
        if let Some(file) = file.get_untracked() {
            file.click();
        }
    };
    let take = move |text: &str, name: Option<String>| match Sheet::read(text) {
        Ok(sheet) => {
            error.set(None);
            let rows = sheet.rows.len();
            announce(format!("{rows} rows read"));
            chosen.set(name.map(|name| format!("{name}, {rows} rows")));
            on_sheet.run(sheet);
        }
        Err(sentence) => error.set(Some(sentence)),
    };
    let picked = move |_| {
        let Some(input) = file.get_untracked() else {
            return;
        };
        let Some(picked) = input.files().and_then(|files| files.get(0)) else {
            return;
        };
        // So that choosing the same file again is a change again.
        input.set_value("");
        spawn_local(async move {
            let read = JsFuture::from(picked.text()).await;
            match read.ok().and_then(|read| read.as_string()) {
                Some(read) => take(&read, Some(picked.name())),
                None => error.set(Some(
                    "The file could not be read. Save it as CSV in UTF-8, and choose it again."
                        .to_owned(),
                )),
            }
        });
    };
    view! {
        <section class="section">
            <h2>"Sheet"</h2>
            <div class="stack form">
                <p class="muted">
                    "A CSV file with column names in its first row. What it refers to may be given by number or by name."
                </p>
                <div class="row row-wrap">
                    <Button icon=Icon::Upload on_press=choose>"Choose a file"</Button>
                    <span class="muted" role="status">{move || chosen.get()}</span>
                    <input
                        type="file"
                        accept="text/csv,.csv,.txt,.tsv"
                        class="visually-hidden"
                        tabindex="-1"
                        aria-hidden="true"
                        node_ref=file
                        on:change=picked
                    />
                </div>
                <CodeField label="Or paste the rows" value=pasted rows=4 error=error />
                <div>
                    <Button
                        disabled=Signal::derive(move || pasted.with(|text| text.trim().is_empty()))
                        on_press=move |()| pasted.with_untracked(|text| take(text, None))
                    >
                        "Use the pasted rows"
                    </Button>
                </div>
            </div>
        </section>
    }
    .into_any()
}
