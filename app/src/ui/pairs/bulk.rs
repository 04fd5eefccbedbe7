//! Rows as text: `name: value`, a `#` in front of one that is switched off. A value of several lines stands there as the JSON
//! text that it is.

use super::Pair;

/// The rows as text. A name that would not survive (with a colon or a leading `#`) is still printed as it is.
pub fn print_bulk(rows: &[Pair]) -> String {
    let lines: Vec<String> = rows
        .iter()
        .filter(|row| !(row.name.is_empty() && row.value.is_empty()))
        .map(|row| {
            format!(
                "{}{}: {}",
                if row.off { "# " } else { "" },
                row.name,
                print_value(&row.value)
            )
        })
        .collect();
    lines.join("\n")
}

/// The rows a text stands for. Empty lines are no rows; a line without a colon is a name without a value.
pub fn read_bulk(text: &str) -> Vec<Pair> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (line, off) = line
                .strip_prefix('#')
                .map_or((line, false), |rest| (rest.trim_start(), true));
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            Pair {
                name: name.trim().to_owned(),
                value: read_value(value.trim()),
                off,
            }
        })
        .collect()
}

/// Whether a value would not come back as it is if it stood there without quotes.
fn needs_quotes(value: &str) -> bool {
    value.contains(['\n', '\r']) || read_value(value) != value
}

fn print_value(value: &str) -> String {
    if needs_quotes(value) {
        serde_json::Value::from(value).to_string()
    } else {
        value.to_owned()
    }
}

/// Quotes of a value that could do without them are part of it.
fn read_value(text: &str) -> String {
    match serde_json::from_str::<String>(text) {
        Ok(value) if needs_quotes(&value) => value,
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Pair, print_bulk, read_bulk};

    fn pair(name: &str, value: &str, off: bool) -> Pair {
        Pair {
            name: name.to_owned(),
            value: value.to_owned(),
            off,
        }
    }

    #[test]
    fn a_line_is_a_row() {
        let cases = [
            ("", vec![]),
            ("a: b", vec![pair("a", "b", false)]),
            (
                "a:b\n\n  # c : d:e ",
                vec![pair("a", "b", false), pair("c", "d:e", true)],
            ),
            ("only", vec![pair("only", "", false)]),
            ("url: https://x/y", vec![pair("url", "https://x/y", false)]),
        ];
        for (text, rows) in cases {
            assert_eq!(read_bulk(text), rows, "{text:?}");
        }
    }

    #[test]
    fn what_is_printed_reads_back() {
        let rows = vec![
            pair("Accept", "application/json", false),
            pair("X-Off", "", true),
            pair("q", "a: b #c", false),
            pair("CFNote", "line one\nline two", false),
            pair("CFWindows", "line one\r\n", true),
            pair("If-None-Match", "\"abc\"", false),
            pair("CFJson", "\"a\\nb\"", false),
            pair("CFNested", "\"\\\"a\\\\nb\\\"\"", false),
        ];
        assert_eq!(read_bulk(&print_bulk(&rows)), rows);
    }
}
