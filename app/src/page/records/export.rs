//! A list as a sheet.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::desk::resource::{ASSET, LOOKUP};
use shared::desk::{Record, sheet};

use super::download::download;
use super::section::Section;
use crate::client::{self, Fault};
use crate::ui::{announce, toast};

/// Reads all pages of the list and hands them out as CSV.
pub(super) fn export(section: &'static Section, query: String, busy: RwSignal<bool>) {
    busy.set(true);
    announce("Reading the whole list");
    spawn_local(async move {
        let answer = whole_list(section, &query).await;
        busy.try_set(false);
        match answer {
            Ok(records) => {
                hand_out(section, section.name, &records);
                announce(format!("Exported {}", section.title().to_lowercase()));
            }
            Err(fault) => toast(format!("The list was not exported. {fault}")),
        }
    });
}

/// All pages of a list; of assets with what their statuses are called.
async fn whole_list(section: &'static Section, query: &str) -> Result<Vec<Record>, Fault> {
    let mut records = client::all_records(section.resource, query).await?;
    if *section.resource == ASSET {
        let lookups = client::all_records(&LOOKUP, "").await?;
        sheet::name_statuses(&mut records, &lookups);
    }
    Ok(records)
}

/// Hands records out as a file of that name.
pub(super) fn hand_out(section: &Section, name: &str, records: &[Record]) {
    let rows = sheet::table(section.resource, records);
    let text = written(rows.into_iter(), b',');
    // Excel takes a sheet for UTF-8 only when a byte order mark says so.
    download(&format!("{name}.csv"), &format!("\u{feff}{text}"));
}

/// Rows as CSV, of which no cell is a formula.
pub(super) fn written(rows: impl Iterator<Item = Vec<String>>, separator: u8) -> String {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(separator)
        .from_writer(Vec::new());
    for row in rows {
        // Memory takes everything.
        let _ = writer.write_record(row.into_iter().map(sheet::guarded));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}
