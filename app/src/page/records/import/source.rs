//! Where a sheet comes from: a file, or what was pasted.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::sheet::Sheet;
use crate::ui::{Button, CodeField, Icon, announce};

/// The text of a file. What is not Unicode is taken for what Excel writes on Windows in western languages.
fn text_of(bytes: &[u8]) -> Option<String> {
    let encoding = match bytes {
        [0xff, 0xfe, ..] => "utf-16le",
        [0xfe, 0xff, ..] => "utf-16be",
        // Nobody types a zero.
        _ if bytes.contains(&0) => return None,
        _ if std::str::from_utf8(bytes).is_ok() => "utf-8",
        _ => "windows-1252",
    };
    let decoder = web_sys::TextDecoder::new_with_label(encoding).ok()?;
    decoder.decode_with_u8_array(bytes).ok()
}

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
            let read = JsFuture::from(picked.array_buffer()).await;
            match read
                .ok()
                .and_then(|read| text_of(&js_sys::Uint8Array::new(&read).to_vec()))
            {
                Some(read) => take(&read, Some(picked.name())),
                None => error.set(Some(format!(
                    "`{}` is no sheet of text. Save it as CSV, and choose that file.",
                    picked.name()
                ))),
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
