//! CSV as it comes out of spreadsheets.

use csv::ReaderBuilder;

/// The rows of a sheet, below their heads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    pub heads: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    /// Reads a sheet, or says why it is none.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator(text))
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for row in reader.records() {
            let row = row.map_err(|error| format!("The sheet cannot be read: {error}."))?;
            let row: Vec<String> = row.iter().map(str::to_owned).collect();
            if row.iter().any(|cell| !cell.trim().is_empty()) {
                rows.push(row);
            }
        }
        if rows.len() < 2 {
            return Err(
                "The sheet needs a row of column names, and at least one row below it.".to_owned(),
            );
        }
        let heads = rows.remove(0);
        for row in &mut rows {
            row.resize(heads.len().max(row.len()), String::new());
        }
        Ok(Self { heads, rows })
    }
}

/// Spreadsheets separate by what the language of their owner leaves free: the sign that the first line has most of.
fn separator(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in first.bytes() {
        quoted ^= byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(sign, _)| !quoted && *sign == byte) {
            *count += 1;
        }
    }
    // The first of equals, which is the comma.
    counts
        .iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(b',', |(sign, _)| *sign)
}

#[cfg(test)]
mod tests {
    use super::Sheet;

    #[test]
    fn sheets_come_in_several_ways() {
        for (text, heads, rows) in [
            ("a,b\n1,2\n", "a|b", Some("1|2")),
            ("\u{feff}a;b\r\n1;\"x;y\"\r\n\r\n", "a|b", Some("1|x;y")),
            ("a\tb\n1", "a|b", Some("1|")),
            (
                "\"a,;;\",b\n\"1\n2\",\"3\"\"4\"",
                "a,;;|b",
                Some("1\n2|3\"4"),
            ),
            ("name\nA", "name", Some("A")),
            ("a,b\n", "", None),
            ("", "", None),
        ] {
            match (Sheet::read(text), rows) {
                (Ok(sheet), Some(rows)) => {
                    assert_eq!(sheet.heads.join("|"), heads, "{text:?}");
                    assert_eq!(sheet.rows.len(), 1);
                    assert_eq!(sheet.rows[0].join("|"), rows, "{text:?}");
                }
                (Err(_), None) => {}
                (read, _) => panic!("{text:?}: {read:?}"),
            }
        }
    }
}
