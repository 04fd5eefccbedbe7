//! Where a field such as `headers[1].value` stands on a page that shows it in rows.

/// The number and the part of `[2].value`.
pub fn indexed(rest: &str) -> Option<(usize, &str)> {
    let (number, part) = rest.strip_prefix('[')?.split_once(']')?;
    Some((number.parse().ok()?, part.trim_start_matches('.')))
}

/// The field at `[2].value` of the rows with this label below `above`, as a selector. Above the rows stand the heads of
/// their columns. Where there is no row, all of them are meant.
pub fn field_of_row(above: &str, label: &str, rest: &str) -> String {
    let table = format!("{above} .pairs[aria-label=\"{label}\"]");
    match indexed(rest) {
        Some((row, "name")) => format!("{table} > :nth-child({}) .input", row + 2),
        Some((row, _)) => format!("{table} > :nth-child({}) .input ~ .input", row + 2),
        None => table,
    }
}
