//! The table that decides what a path means.

use serde::Deserialize;
use shared::output::{ExtractError, OutputPath};

#[derive(Deserialize)]
struct Table {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    body: String,
    path: String,
    value: Option<String>,
    missing: Option<String>,
    syntax_error_at: Option<usize>,
    #[serde(default)]
    invalid_json: bool,
}

/// What came out, in the words of the table.
#[derive(Debug, PartialEq)]
enum Answer {
    Value(String),
    Missing(String),
    SyntaxErrorAt(usize),
    InvalidJson,
}

/// What the table says; `None` where it says nothing, or two things.
fn expected(case: &Case) -> Option<Answer> {
    let mut answers = [
        case.value.clone().map(Answer::Value),
        case.missing.clone().map(Answer::Missing),
        case.syntax_error_at.map(Answer::SyntaxErrorAt),
        case.invalid_json.then_some(Answer::InvalidJson),
    ]
    .into_iter()
    .flatten();
    answers.next().filter(|_| answers.next().is_none())
}

fn answer(case: &Case) -> Answer {
    let path = match OutputPath::parse(&case.path) {
        Ok(path) => path,
        Err(error) => return Answer::SyntaxErrorAt(error.at()),
    };
    match path.extract(case.body.as_bytes()) {
        Ok(value) => Answer::Value(value.into_owned()),
        Err(ExtractError::Missing(missing)) => Answer::Missing(missing.reason().to_owned()),
        Err(ExtractError::InvalidJson(_)) => Answer::InvalidJson,
    }
}

#[test]
fn every_case_of_the_table() {
    let table: Table = serde_json::from_str(include_str!(
        "../../tests/conformance/output-variables.json"
    ))
    .unwrap();
    assert!(table.cases.len() > 80);
    let wrong: Vec<String> = table
        .cases
        .iter()
        .filter(|case| Some(answer(case)) != expected(case))
        .map(|case| {
            format!(
                "{}: {:?}, not {:?}",
                case.name,
                answer(case),
                expected(case)
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
