//! Whatever the values are, they stay where their token stands.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::super::*;

/// Texts that would like to break out.
fn awkward_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\""),
        Just("\\"),
        Just("\\\""),
        Just("<<n>>"),
        Just("{"),
        Just("}"),
        Just("]"),
        Just(","),
        Just(":"),
        Just("/"),
        Just(".."),
        Just("."),
        Just("%2e"),
        Just("%"),
        Just("?"),
        Just("#"),
        Just("&"),
        Just("="),
        Just("+"),
        Just(" "),
        Just("\t"),
        Just("\r\n"),
        Just("\0"),
        Just("<"),
        Just("]]>"),
        Just("-->"),
        Just("'"),
        Just("é"),
        Just("😀"),
        Just("x"),
        Just("0"),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn awkward_json() -> impl Strategy<Value = String> {
    let text = awkward_text().prop_map(Json::String);
    let leaf = prop_oneof![
        4 => text.prop_map(|text| text.to_string()),
        1 => Just("1e4".to_owned()),
        1 => Just("-0.10".to_owned()),
        1 => Just("null".to_owned()),
        1 => Just(r#""\u00e9\/\ud83d\ude00""#.to_owned()),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3)
                .prop_map(|all| format!("[{}]", all.join(" , "))),
            (awkward_text(), inner)
                .prop_map(|(key, value)| format!("{{{}:{value}}}", Json::String(key))),
        ]
    })
}

/// A JSON template, the one piece of it that holds tokens besides others that do not.
fn json_template() -> impl Strategy<Value = String> {
    let string = prop::collection::vec(
        prop_oneof![
            Just("<<a>>"),
            Just("<<b!>>"),
            Just("x"),
            Just("\\\\"),
            Just("\\\""),
            Just("\\<<"),
            Just("é"),
            Just("{")
        ],
        0..5,
    )
    .prop_map(|pieces| format!("\"{}\"", pieces.concat()));
    let leaf = prop_oneof![
        string.clone(),
        Just("<<a>>".to_owned()),
        Just("<< b! ?? [\">>\"] >>".to_owned()),
        Just("<<none ?? {\"k\": \"}\"}>>".to_owned()),
        Just("12".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 3, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3)
                .prop_map(|all| format!("[{}]", all.join(", "))),
            (string.clone(), inner).prop_map(|(key, value)| format!("{{ {key} : {value} }}")),
        ]
    })
}

fn variables(a: &str, b: &str) -> Variables {
    let mut variables = Variables::new();
    variables.insert("a", a).unwrap();
    variables.insert_bare("b", b).unwrap();
    variables
}

/// Whether two documents are built alike, apart from whole values in the place of `null`.
fn same_structure(with_values: &Json, with_nulls: &Json) -> bool {
    match (with_values, with_nulls) {
        (_, Json::Null) | (Json::String(_), Json::String(_)) => true,
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same_structure(left, right))
        }
        // Every object of the templates above has one key, which may hold a token.
        (Json::Object(left), Json::Object(right)) => {
            left.len() == right.len()
                && left
                    .values()
                    .zip(right.values())
                    .all(|(left, right)| same_structure(left, right))
        }
        (left, right) => left == right,
    }
}

proptest! {
    #[test]
    fn json_stays_json_of_the_same_structure(text in json_template(), a in awkward_json(), b in awkward_json()) {
        let template = Template::parse(&text, Context::Json).unwrap();
        let rendered = template.render(&variables(&a, &b)).unwrap();
        let read = serde_json::from_str::<Json>;
        let harmless = template.render(&variables("null", "null")).unwrap();
        let fallbacks_aside = |text: &str| text.replace("[\">>\"]", "null");
        prop_assert!(
            same_structure(&read(&rendered).unwrap(), &read(&fallbacks_aside(&harmless)).unwrap()),
            "{text} became {rendered}"
        );
    }

    #[test]
    fn a_path_keeps_its_segments(a in awkward_json(), b in awkward_json(), text in "(/[a-z.]{0,2}(<<a>>|<<b!>>|%41)?[a-z.]{0,2}){1,4}") {
        let template = Template::parse(&text, Context::UrlPath).unwrap();
        let Ok(rendered) = template.render(&variables(&a, &b)) else { return Ok(()) };
        prop_assert_eq!(rendered.matches(['/', '\\']).count(), text.matches('/').count());
        prop_assert!(!rendered.contains(['?', '#', ' ', '\t', '\r', '\n']));
        // The author's own `..` aside, the URL that is sent has the path that was rendered.
        let up = |segment: &str| matches!(segment, "." | "..");
        if !text.split('/').any(up) {
            let url = url::Url::parse(&format!("https://example.com/base{rendered}")).unwrap();
            prop_assert_eq!(url.path(), format!("/base{rendered}"));
        }
    }

    #[test]
    fn a_query_value_stays_one_value(a in awkward_json(), text in "[a-z&=# ]{0,3}<<a>>[a-z&=#]{0,3}") {
        for context in [Context::QueryValue, Context::Form] {
            let rendered = Template::parse(&text, context).unwrap().render(&variables(&a, "1")).unwrap();
            prop_assert!(!rendered.contains(['&', '=', '#', '?', ' ', '"']), "{}", rendered);
            let pairs: Vec<_> = url::form_urlencoded::parse(format!("k={rendered}").as_bytes()).into_owned().collect();
            let decoded = Template::parse_decoded(&text).unwrap().render(&variables(&a, "1")).unwrap();
            prop_assert_eq!(pairs, [("k".to_owned(), decoded)]);
        }
    }

    #[test]
    fn a_header_stays_one_line(a in awkward_json()) {
        let template = Template::parse("x <<a>>", Context::Header).unwrap();
        match template.render(&variables(&a, "1")) {
            Ok(rendered) => prop_assert!(!rendered.contains(['\r', '\n', '\0'])),
            Err(error) => prop_assert_eq!(error.kind(), "header_line_break"),
        }
    }

    #[test]
    fn xml_gains_no_markup(a in awkward_json()) {
        let template = Template::parse("<t a='<<a>>' b=\"<<a>>\"><<a>></t>", Context::Xml).unwrap();
        let rendered = template.render(&variables(&a, "1")).unwrap();
        prop_assert_eq!(rendered.matches('<').count(), 2);
        prop_assert_eq!(rendered.matches('>').count(), 2);
        prop_assert_eq!(rendered.matches('"').count(), 2);
        prop_assert_eq!(rendered.matches('\'').count(), 2);
    }

    #[test]
    fn any_text_is_a_template_or_is_refused_with_a_place(text in "(<<|>>|\\?\\?|[a-c\\[\\]^!@\\\\\"=<>~&?{}:,é\n -]){0,30}", a in awkward_json()) {
        for context in [
            Context::Json, Context::UrlPath, Context::QueryValue, Context::Form, Context::Header, Context::Text, Context::Xml,
        ] {
            match Template::parse(&text, context) {
                Ok(template) => _ = template.render(&variables(&a, &a)),
                Err(error) => prop_assert!(error.at() <= text.chars().count(), "{}: {}", text, error),
            }
        }
        _ = Mapping::parse(&text).map(|mapping| mapping.render(&variables(&a, &a)));
    }
}
