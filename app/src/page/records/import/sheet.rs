//! CSV as it comes out of spreadsheets.

use csv::ReaderBuilder;
use shared::desk::sheet::{Row, unguarded};

/// The rows of a sheet, below their heads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    pub heads: Vec<String>,
    pub rows: Vec<Row>,
    /// What stands between its cells.
    pub separator: u8,
}

impl Sheet {
    /// Reads a sheet, or says why it is none.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        let separator = separator(text);
        if let Some(line) = open_quote(text, separator) {
            return Err(format!(
                "The quote that begins on line {line} has no end, so that all that follows would be one cell. Close it, or write it twice where it belongs to the text."
            ));
        }
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for row in reader.records() {
            let row = row.map_err(|error| format!("The sheet cannot be read: {error}."))?;
            let line = row.position().map_or(0, |place| line_of(text, place));
            let cells: Vec<String> = row.iter().map(|cell| unguarded(cell).to_owned()).collect();
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                rows.push(Row { line, cells });
            }
        }
        if rows.len() < 2 {
            return Err(
                "The sheet needs a row of column names, and at least one row below it.".to_owned(),
            );
        }
        let heads = rows.remove(0).cells;
        for row in &mut rows {
            let most = heads.len().max(row.cells.len());
            row.cells.resize(most, String::new());
        }
        Ok(Self {
            heads,
            rows,
            separator,
        })
    }
}

/// The line on which a row begins: the reader counts the empty lines before it as its own.
fn line_of(text: &str, place: &csv::Position) -> u64 {
    let begin = usize::try_from(place.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(begin..).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
    let lines = empty.map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
    place.line() + lines
}

/// The line on which a quoted cell begins that never ends, from 1.
fn open_quote(text: &str, separator: u8) -> Option<usize> {
    let mut line = 1;
    let mut opened = None;
    let mut begins = true;
    // Where the quote began that the byte before closed, unless this one doubles it.
    let mut closed = None;
    for byte in text.bytes() {
        let is_end = byte == separator || matches!(byte, b'\n' | b'\r');
        match (opened, byte) {
            (Some(_), b'"') => closed = opened.take(),
            (Some(_), _) => {}
            (None, b'"') if begins || closed.is_some() => opened = closed.take().or(Some(line)),
            (None, _) => closed = None,
        }
        begins = opened.is_none() && is_end;
        line += usize::from(byte == b'\n');
    }
    opened
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
    use super::{Sheet, open_quote};
    use crate::page::records::export::written;

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
                    assert_eq!(sheet.rows[0].cells.join("|"), rows, "{text:?}");
                }
                (Err(_), None) => {}
                (read, _) => panic!("{text:?}: {read:?}"),
            }
        }
    }

    #[test]
    fn rows_know_their_lines() {
        let sheet = Sheet::read("a;b\n\n1;\"x\ny\"\n;\n2;3;4\n").unwrap();
        let lines: Vec<_> = sheet
            .rows
            .iter()
            .map(|row| (row.line, row.cells.len()))
            .collect();
        assert_eq!(lines, [(3, 2), (6, 3)]);
        assert_eq!(sheet.separator, b';');
    }

    #[test]
    fn a_quote_without_an_end_is_told_by_its_line() {
        for (text, line) in [
            ("a,b\n1,2\n", None),
            ("a,b\n\"1\",\"2\n3\"\n", None),
            ("a\n\"1\"\"2\"\n", None),
            ("a\n\"\"\n", None),
            ("a\n5\" pipe\n", None),
            ("a,b\n1,\"2\n3,4\n", Some(2)),
            ("\"a\nb\"\n\"1\"\"\n", Some(3)),
            ("a\n\"", Some(2)),
        ] {
            assert_eq!(open_quote(text, b','), line, "{text:?}");
        }
        let refused = Sheet::read("a,b\n1,\"2\n3,4\n").unwrap_err();
        assert!(refused.contains("line 2"), "{refused}");
    }

    #[test]
    fn what_is_written_is_read_as_it_was() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = [
            row(["id", "name", "=notes"]),
            row(["1", "=1+1", "a\n\"b\";c,d\te"]),
            row(["-2", "+44 20", "\tx"]),
            row(["3", "'=1", "@me \r\n"]),
        ];
        for separator in [b',', b';', b'\t'] {
            let text = written(rows.iter().cloned(), separator);
            let sheet = Sheet::read(&text).unwrap();
            let read = sheet.rows.into_iter().map(|row| row.cells);
            let read: Vec<_> = std::iter::once(sheet.heads).chain(read).collect();
            assert_eq!(read, rows, "{text}");
            assert_eq!(sheet.separator, separator);
        }
    }
}
