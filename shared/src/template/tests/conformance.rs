//! The table that decides where the description of the language is unclear.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::*;

#[derive(Deserialize)]
struct Table {
    bare: Vec<String>,
    variables: BTreeMap<String, String>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    context: String,
    template: String,
    output: Option<String>,
    error: Option<String>,
}

#[test]
fn every_case_of_the_table_holds() {
    let table: Table =
        serde_json::from_str(include_str!("../../../../tests/conformance/templates.json")).unwrap();
    let mut variables = Variables::new();
    for (name, json) in &table.variables {
        if table.bare.contains(name) {
            variables.insert_bare(name, json).unwrap();
        } else {
            variables.insert(name, json).unwrap();
        }
    }
    assert!(table.cases.len() >= 36, "cases were lost");
    for case in table.cases {
        let context = match case.context.as_str() {
            "json" => Context::Json,
            "url_path" => Context::UrlPath,
            "query_value" => Context::QueryValue,
            "form" => Context::Form,
            "header" => Context::Header,
            "text" => Context::Text,
            "xml" => Context::Xml,
            other => panic!("unknown context {other}"),
        };
        let result = Template::parse(&case.template, context)
            .map_err(|error| error.kind())
            .and_then(|template| template.render(&variables).map_err(|error| error.kind()));
        match (result, case.output, case.error) {
            (Ok(rendered), Some(output), None) => assert_eq!(rendered, output, "{}", case.name),
            (Err(kind), None, Some(error)) => assert_eq!(kind, error, "{}", case.name),
            (result, output, error) => {
                panic!("{}: {result:?}, not {output:?} or {error:?}", case.name)
            }
        }
    }
}
