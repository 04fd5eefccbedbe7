//! Rows as text: `name: value`, a `#` in front of one that is switched off.

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
                row.value
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
                value: value.trim().to_owned(),
                off,
            }
        })
        .collect()
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
        ];
        assert_eq!(read_bulk(&print_bulk(&rows)), rows);
    }
}
