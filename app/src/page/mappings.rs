//! The table by which a value is replaced by another one.

use leptos::prelude::*;
use shared::model::ValueMapping;

use crate::ui::{Bound, Pair, PairEditor};

/// Edits such a table; closed until it is wanted.
pub fn mappings(table: Bound<Vec<ValueMapping>>) -> AnyView {
    let rows = table.part(
        |table| {
            let pair = |row: &ValueMapping| Pair {
                name: row.from.clone(),
                value: row.to.clone(),
                off: false,
            };
            table.iter().map(pair).collect()
        },
        |table, pairs: Vec<Pair>| {
            let mapping = |pair: Pair| ValueMapping {
                from: pair.name,
                to: pair.value,
            };
            *table = pairs.into_iter().map(mapping).collect();
        },
    );
    view! {
        <details class="more">
            <summary>"Replace values"</summary>
            <p class="muted tab-words">"A value that equals what stands under From is replaced by what stands under To. Others stay as they are."</p>
            <PairEditor label="Values to replace" noun="value" rows=rows switches=false heads=("From", "To") />
        </details>
    }
    .into_any()
}
