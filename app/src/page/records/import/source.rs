//! Where a sheet comes from: a file, or what was pasted.

use leptos::prelude::*;

use super::sheet::Sheet;
use crate::ui::{Button, Chosen, CodeField, FileButton, announce};

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
pub(super) fn Source(
    #[prop(into)] on_sheet: Callback<Sheet>,
    /// Rows of the sheet before are on their way.
    #[prop(into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let pasted = RwSignal::new(String::new());
    let chosen = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
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
    let picked = move |file: Chosen| match file.bytes.and_then(|bytes| text_of(&bytes)) {
        Some(read) => take(&read, Some(file.name)),
        None => error.set(Some(format!(
            "`{}` is no sheet of text. Save it as CSV, and choose that file.",
            file.name
        ))),
    };
    view! {
        <section class="section">
            <h2>"Sheet"</h2>
            <div class="stack form">
                <p class="muted">
                    "A CSV file with column names in its first row. What it refers to may be given by number or by name."
                </p>
                <div class="row row-wrap">
                    <FileButton
                        accept="text/csv,.csv,.txt,.tsv"
                        disabled=busy
                        on_file=picked
                    />
                    <span class="muted" role="status">{move || chosen.get()}</span>
                </div>
                <CodeField label="Or paste the rows" value=pasted rows=4 error=error />
                <div>
                    <Button
                        disabled=Signal::derive(move || busy.get() || pasted.with(|text| text.trim().is_empty()))
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
