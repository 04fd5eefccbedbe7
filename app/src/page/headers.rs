//! Rows of name and value that can be switched off: headers and query parameters.

use shared::model::Pair as Row;

use crate::ui::Pair;

/// As they are edited.
pub fn shown(rows: &[Row]) -> Vec<Pair> {
    let pair = |row: &Row| Pair {
        name: row.name.clone(),
        value: row.value.clone(),
        off: !row.on,
    };
    rows.iter().map(pair).collect()
}

/// As they are stored.
pub fn kept(pairs: Vec<Pair>) -> Vec<Row> {
    let row = |pair: Pair| Row {
        name: pair.name,
        value: pair.value,
        on: !pair.off,
    };
    pairs.into_iter().map(row).collect()
}
