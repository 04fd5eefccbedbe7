//! What keeps rows out of the desk, row by row, and as a sheet to correct and import again.

use leptos::prelude::*;
use shared::desk::sheet::Row;

use super::Importing;
use crate::page::records::download::download;
use crate::page::records::export::written;
use crate::ui::{Button, Icon, error_words};

/// More than these are in the report only.
const SHOWN: usize = 50;

/// Why a row is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// From 0, below the heads.
    pub row: usize,
    /// Where the row begins in the file.
    pub line: u64,
    pub sentence: String,
}

pub(super) fn of_row(row: usize, line: u64, sentence: &str) -> Problem {
    Problem {
        row,
        line,
        sentence: sentence.to_owned(),
    }
}

/// The rows that were left out, each with its reasons behind its cells.
fn report(heads: &[String], rows: &[Row], problems: &[Problem]) -> Vec<Vec<String>> {
    let head = heads.iter().cloned().chain(["Left out because".to_owned()]);
    let mut sheet = vec![head.collect::<Vec<_>>()];
    for (at, row) in rows.iter().enumerate() {
        let reasons: Vec<&str> = problems
            .iter()
            .filter(|problem| problem.row == at)
            .map(|problem| problem.sentence.as_str())
            .collect();
        if !reasons.is_empty() {
            // Cells beyond the heads stand behind the reasons, so that nothing is lost.
            let mut cells = row.cells.clone();
            cells.insert(heads.len().min(cells.len()), reasons.join("; "));
            sheet.push(cells);
        }
    }
    sheet
}

#[component]
pub(super) fn Problems(importing: Importing) -> impl IntoView {
    let problems = Memo::new(move |_| importing.problems());
    let rows = move || {
        let problems = problems.get();
        problems
            .into_iter()
            .take(SHOWN)
            .map(|problem| {
                view! {
                    <tr>
                        <th scope="row" class="numeric">{problem.line}</th>
                        <td>{error_words(&problem.sentence)}</td>
                    </tr>
                }
            })
            .collect_view()
    };
    let more = move || {
        let count = problems.with(Vec::len);
        (SHOWN < count).then(|| {
            view! { <p class="muted">{format!("And {} more, which the report has.", count - SHOWN)}</p> }
        })
    };
    let hand_out = move |()| {
        importing.sheet.with_untracked(|sheet| {
            if let Some(sheet) = sheet {
                let rows =
                    problems.with_untracked(|problems| report(&sheet.heads, &sheet.rows, problems));
                let name = format!("{}-left-out.csv", importing.section.name);
                download(&name, &written(rows.into_iter(), sheet.separator));
            }
        });
    };
    view! {
        <Show when=move || !problems.with(Vec::is_empty)>
            <table class="mapping" aria-label="Rows left out">
                <thead>
                    <tr>
                        <th scope="col">"Line"</th>
                        <th scope="col">"Why it is left out"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            {more}
            <div>
                <Button icon=Icon::Download on_press=hand_out>"Download the rows left out"</Button>
            </div>
        </Show>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use shared::desk::sheet::Row;

    use super::{of_row, report};

    #[test]
    fn the_report_has_the_rows_left_out_with_all_their_reasons() {
        let row = |cells: &str| cells.split('|').map(str::to_owned).collect::<Vec<_>>();
        let problems = [of_row(1, 3, "no name"), of_row(1, 3, "no site")];
        let rows = ["1|2", "3|4|5"].map(|cells| Row {
            line: 0,
            cells: row(cells),
        });
        let sheet = report(&row("a|b"), &rows, &problems);
        assert_eq!(
            sheet,
            [row("a|b|Left out because"), row("3|4|no name; no site|5")]
        );
    }
}
