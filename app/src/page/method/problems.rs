//! Where on the page the problems of a request belong.

use shared::problem::ErrorDetail;

/// The problems of the rows of `field`, by the row's number from 0: those at `query[2].value` for `query`.
pub(super) fn of_rows(problems: &[ErrorDetail], field: &str) -> Vec<(usize, String)> {
    problems
        .iter()
        .filter_map(|problem| {
            let rest = problem
                .at
                .field
                .as_deref()?
                .strip_prefix(field)?
                .strip_prefix('[')?;
            let (number, _) = rest.split_once(']')?;
            Some((number.parse().ok()?, problem.message.clone()))
        })
        .collect()
}

/// The tab on which a field is mended; nothing for a field that stands above the tabs, or elsewhere.
pub(super) fn tab_of(field: &str) -> Option<&'static str> {
    let name = field.split(['[', '.']).next().unwrap_or(field);
    ["query", "headers", "body", "outputs"]
        .into_iter()
        .find(|tab| *tab == name)
        .or(match name {
            "auth" | "timeout_ms" | "retry" => Some("settings"),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_stands_at_its_row() {
        let problem = |field: &str| ErrorDetail::new("x", field).at_field(field);
        let problems = [
            problem("path"),
            problem("query[0].value"),
            problem("query[12].name"),
            problem("headers[1].value"),
            problem("body.fields[3].value"),
        ];
        let rows = |field: &str| {
            of_rows(&problems, field)
                .into_iter()
                .map(|(row, _)| row)
                .collect::<Vec<_>>()
        };
        assert_eq!(rows("query"), [0, 12]);
        assert_eq!(rows("headers"), [1]);
        assert_eq!(rows("body.fields"), [3]);
        assert!(rows("path").is_empty());
    }

    #[test]
    fn a_field_is_mended_on_its_tab() {
        for (field, tab) in [
            ("path", None),
            ("base_url", None),
            ("query[0].value", Some("query")),
            ("body.text", Some("body")),
            ("body", Some("body")),
            ("outputs[1].value", Some("outputs")),
            ("auth.token", Some("settings")),
        ] {
            assert_eq!(tab_of(field), tab);
        }
    }
}
