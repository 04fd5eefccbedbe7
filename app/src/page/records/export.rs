//! A list as a sheet.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::desk::sheet;

use super::download::download;
use super::section::Section;
use crate::client;
use crate::ui::{announce, toast};

/// Reads all pages of the list and hands them out as CSV.
pub(super) fn export(section: &'static Section, query: String, busy: RwSignal<bool>) {
    busy.set(true);
    announce("Reading the whole list");
    spawn_local(async move {
        let answer = client::all_records(section.resource, &query).await;
        busy.try_set(false);
        match answer {
            Ok(records) => {
                let heads = sheet::heads(section.resource, &records);
                let rows = records.iter().map(|record| sheet::cells(&heads, record));
                let text = written(std::iter::once(heads.clone()).chain(rows));
                // Excel takes a sheet for UTF-8 only when a byte order mark says so.
                download(&format!("{}.csv", section.name), &format!("\u{feff}{text}"));
                announce(format!("Exported {}", section.title().to_lowercase()));
            }
            Err(fault) => toast(format!("The list was not exported. {fault}")),
        }
    });
}

/// Rows as CSV.
pub(super) fn written(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        // Memory takes everything.
        let _ = writer.write_record(&row);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}
