//! What the conformance table leaves open about paths, decided here: one line a case.

use shared::json::Limits;
use shared::output::{ExtractError, OutputPath, Part, Paths, Source, path_at};

fn outcome(path: &str, body: &str) -> String {
    let path = match OutputPath::parse(path) {
        Ok(path) => path,
        Err(error) => return format!("{} at {}", error.code(), error.at()),
    };
    match path.extract(body.as_bytes()) {
        Ok(value) => value.into_owned(),
        Err(error) => error.code().to_owned(),
    }
}

fn check(cases: &[(&str, &str, &str)]) {
    for (path, body, expected) in cases {
        assert_eq!(outcome(path, body), *expected, "{path} in {body}");
    }
}

#[test]
fn a_bare_value_is_what_the_property_is() {
    check(&[
        ("response[a=7]^k", r#"[{"a":7,"k":1}]"#, "1"),
        ("response[a=7]^k", r#"[{"a":"7","k":1}]"#, "1"),
        (
            "response[a=\"7\"]^k",
            r#"[{"a":7,"k":1},{"a":"7","k":2}]"#,
            "2",
        ),
        (
            "response[a=7.0]^k",
            r#"[{"a":"7","k":1},{"a":70e-1,"k":2}]"#,
            "2",
        ),
        (
            "response[a=007]^k",
            r#"[{"a":7,"k":1},{"a":"007","k":2}]"#,
            "2",
        ),
        ("response[a=true]^k", r#"[{"a":true,"k":1}]"#, "1"),
        ("response[a=true]^k", r#"[{"a":"true","k":1}]"#, "1"),
        (
            "response[a=\"true\"]^k",
            r#"[{"a":true,"k":1}]"#,
            "no_match",
        ),
        ("response[a=True]^k", r#"[{"a":true,"k":1}]"#, "no_match"),
        (
            "response[a=\"null\"]^k",
            r#"[{"a":null,"k":1},{"k":2}]"#,
            "no_match",
        ),
        (
            "response[a=]^k",
            r#"[{"a":null,"k":1},{"a":"","k":2}]"#,
            "2",
        ),
        ("response[a=\"\"]^k", r#"[{"a":"","k":1}]"#, "1"),
        (
            "response[a=[]]^k",
            r#"[{"a":[],"k":1}]"#,
            "stray_bracket at 13",
        ),
        ("response[a={}]^k", r#"[{"a":{},"k":1}]"#, "no_match"),
        ("response[a=é]^k", r#"[{"a":"\u00e9","k":1}]"#, "1"),
        ("response[a=\u{fffd}]^k", r#"[{"a":"\ud800","k":1}]"#, "1"),
        ("response[a=\"C:\\x\"]^k", r#"[{"a":"C:\\x","k":1}]"#, "1"),
        ("response[a=1e400]^k", r#"[{"a":10e399,"k":1}]"#, "1"),
    ]);
}

#[test]
fn unequal_is_the_opposite_of_equal_where_the_property_is() {
    check(&[
        (
            "response[a!=7]^k",
            r#"[{"a":7,"k":1},{"a":"7","k":2},{"a":[],"k":3}]"#,
            "3",
        ),
        ("response[a!=\"7\"]^k", r#"[{"a":7,"k":1}]"#, "1"),
        ("response[a!=7]^k", r#"[{"k":1},{"a":null,"k":2}]"#, "2"),
        ("response[a!=7]", r#"[1,[],"a"]"#, "no_match"),
        (
            "response[a^b!=7]^k",
            r#"[{"a":1,"k":1},{"a":{"b":1},"k":2}]"#,
            "2",
        ),
    ]);
}

#[test]
fn numbers_order_as_numbers_and_texts_by_code_point() {
    check(&[
        ("response[a>9]^k", r#"[{"a":10,"k":1}]"#, "1"),
        (
            "response[a>\"9\"]^k",
            r#"[{"a":10,"k":1},{"a":"10","k":2},{"a":"90","k":3}]"#,
            "3",
        ),
        (
            "response[a>=7]^k",
            r#"[{"a":6.99,"k":1},{"a":7.00,"k":2}]"#,
            "2",
        ),
        (
            "response[a<=-1]^k",
            r#"[{"a":-0.5,"k":1},{"a":-1,"k":2}]"#,
            "2",
        ),
        (
            "response[a<0]^k",
            r#"[{"a":-0,"k":1},{"a":-1e-400,"k":2}]"#,
            "2",
        ),
        (
            "response[a<b]^k",
            r#"[{"a":1,"k":1},{"a":"c","k":2},{"a":"B","k":3}]"#,
            "3",
        ),
        (
            "response[a>\u{ffff}]^k",
            r#"[{"a":"é","k":1},{"a":"\ud83d\ude00","k":2}]"#,
            "2",
        ),
        ("response[a>false]^k", r#"[{"a":true,"k":1}]"#, "no_match"),
        ("response[a>=null]^k", r#"[{"a":null,"k":1}]"#, "no_match"),
        (
            "response[a>1]^k",
            r#"[{"a":"2","k":1},{"a":[2],"k":2}]"#,
            "no_match",
        ),
    ]);
}

#[test]
fn contains_looks_into_strings_only() {
    check(&[
        (
            "response[a~bc]^k",
            r#"[{"a":"ab","k":1},{"a":"abcd","k":2}]"#,
            "2",
        ),
        (
            "response[a~1]^k",
            r#"[{"a":211,"k":1},{"a":["1"],"k":2},{"a":"211","k":3}]"#,
            "3",
        ),
        ("response[a~\"\"]^k", r#"[{"k":1},{"a":"x","k":2}]"#, "2"),
        ("response[a~é]^k", r#"[{"a":"caf\u00e9","k":1}]"#, "1"),
    ]);
}

#[test]
fn white_space_and_ampersands() {
    let body = r#"[{"a b":"x y","k":"1"},{"a":"R & D","b":2,"k":"2"},{"a":" x ","k":"3"}]"#;
    check(&[
        ("response[a b=x y]^k!", body, "1"),
        ("response[ a b = x y ]^k!", body, "1"),
        ("response[a=R & D]^k!", body, "2"),
        ("response[a=R & D & b = 2]^k!", body, "2"),
        ("response[a=\"R & D\"&b=2]^k!", body, "2"),
        ("response[a=\"R & D\" & b=2 ]^k!", body, "2"),
        ("response[a= x ]^k!", body, "no_match"),
        ("response[a=\" x \"]^k!", body, "3"),
        ("response[* b>1]^k", body, "[\"2\"]"),
        ("response[a=\"R & D\"& ]^k", body, "text_after_quote at 18"),
        ("response[a=x&&b=2]^k", r#"[{"a":"x&","b":2,"k":1}]"#, "1"),
        // The `=` belongs to a name, so no test follows the `&`.
        ("response[a=x&b\\=2]^k", r#"[{"a":"x&b\\=2","k":1}]"#, "1"),
    ]);
}

#[test]
fn of_equal_keys_the_last_counts_everywhere() {
    check(&[
        (
            "response[a=1]^k",
            r#"[{"a":1,"a":2,"k":1},{"a":2,"a":1,"k":2}]"#,
            "2",
        ),
        (
            "response[a^b=1]^k",
            r#"[{"a":{"b":1},"a":{},"k":1}]"#,
            "no_match",
        ),
        (
            "response[a^b=1]^k",
            r#"[{"a":{"b":1},"a":3,"k":1}]"#,
            "no_match",
        ),
        ("response^a[0]", r#"{"a":[1],"a":{}}"#, "not_an_array"),
        (
            "response^a[id=1]^k",
            r#"{"a":[{"id":1,"k":1}],"a":[{"id":2}]}"#,
            "no_match",
        ),
        ("response^a[-1]", r#"{"a":[1,2],"a":[3]}"#, "3"),
        (
            "response^a[-2]",
            r#"{"a":[1,2],"a":[3]}"#,
            "index_out_of_range",
        ),
        ("response^a[*]", r#"{"a":[1,2],"a":[3]}"#, "[3]"),
        ("response^a[*]", r#"{"a":[1,2],"a":3}"#, "not_an_array"),
        (
            "response[*]^a[*]",
            r#"[{"a":[1],"a":[2]},{"a":[3],"a":4},{"a":[5]}]"#,
            "[[2],[5]]",
        ),
        ("response[*]^a", r#"[{"a":1,"\u0061":2}]"#, "[2]"),
    ]);
}

#[test]
fn segments_after_each_other() {
    check(&[
        ("response[-1][-1]", "[[1],[2,3]]", "3"),
        ("response[*][-1]", "[[1],[],[2,3]]", "[1,3]"),
        ("response[-2][*]^a", r#"[[{"a":1},{},{"a":2}],0]"#, "[1,2]"),
        (
            "response[a=1]^b[c=2]^d",
            r#"[{"a":1,"b":[{"c":1},{"c":2,"d":3}]}]"#,
            "3",
        ),
        (
            "response[*a=1]^b[*c>0]^c",
            r#"[{"a":1,"b":[{"c":1},{"c":0}]},{"a":2,"b":[]},{"a":1,"b":[]}]"#,
            "[[1],[]]",
        ),
        ("response[*][*][*]", "[[[1],[]],[2],[]]", "[[[1],[]],[],[]]"),
        ("response[*][0]!", r#"[["a"]]"#, r#"["a"]"#),
        ("response[0]", "[ [ 1 , 2 ] ]", "[ 1 , 2 ]"),
        ("response!", "\"a\\\"\"", "a\\\""),
        ("response[00]", "[1]", "1"),
        (
            "response[-18446744073709551616]",
            "[1]",
            "index_out_of_range",
        ),
        ("response[]", "[1]", "not_an_index at 9"),
        ("response[ 0 ]", "[1]", "not_an_index at 9"),
        ("response[0=1]^k", r#"[{"0":1,"k":2}]"#, "2"),
        (
            "response^@odata.nextLink!",
            r#"{"@odata.nextLink":"x"}"#,
            "x",
        ),
        ("response^a=b", r#"{"a=b":1}"#, "1"),
    ]);
}

#[test]
fn a_value_is_borrowed_unless_it_is_collected() {
    let body = br#"{"a":[{"b":"x"}]}"#;
    for (path, borrowed) in [
        ("response^a[0]^b!", true),
        ("response", true),
        ("response^a[*]^b", false),
    ] {
        let path = OutputPath::parse(path).unwrap();
        let value = path.extract(body).unwrap();
        assert_eq!(
            matches!(value, std::borrow::Cow::Borrowed(_)),
            borrowed,
            "{path}"
        );
        assert_eq!(path.collects(), !borrowed);
    }
}

#[test]
fn no_path_at_all_still_checks_the_body() {
    let none = Paths::default();
    assert_eq!(none.extract_all(b"[1]", Limits::default()), Ok(Vec::new()));
    assert!(none.extract_all(b"[1", Limits::default()).is_err());
}

#[test]
fn a_place_in_a_body_is_offered_as_a_path() {
    let body = r#" {"choices": [{"text": "a", "x!": 1}, {}], "": {"a": 1}, "b": 1, "b": 2} "#;
    for (before, expected) in [
        ("{\"choices", Some("response")),
        ("choices", Some("response^choices")),
        ("[{", Some("response^choices")),
        ("{\"text", Some("response^choices[0]")),
        ("\"a\",", Some("response^choices[0]^text")),
        (", \"x!\"", Some("response^choices[0]")),
        ("x!", Some("response^choices[0]^x\\!")),
        ("{}", Some("response^choices[1]")),
        (", {}", Some("response^choices")),
        ("\"a\": 1", None),
        ("1, \"b\"", None),
        ("2}", Some("response^b")),
        (" {\"choices", None),
    ] {
        let path = path_at(body.as_bytes(), body.find(before).unwrap());
        assert_eq!(
            path.map(|path| path.to_string()).as_deref(),
            expected,
            "{before}"
        );
    }
    assert_eq!(path_at(body.as_bytes(), body.len() - 1), None);
    assert_eq!(path_at(body.as_bytes(), usize::MAX), None);
    assert_eq!(path_at(b"[1", 1), None);
    assert_eq!(
        path_at("\u{feff}[1]".as_bytes(), 4).unwrap().to_string(),
        "response[0]"
    );
}

#[test]
fn sources_beside_a_body() {
    for (text, root, part, bare) in [
        ("response@status", "response", Part::Status, false),
        ("response@time_ms!", "response", Part::TimeMs, true),
        (
            "response@header[Retry-After]!",
            "response",
            Part::Header("Retry-After".to_owned()),
            true,
        ),
        (
            "request@header[x-a]",
            "request",
            Part::Header("x-a".to_owned()),
            false,
        ),
        (
            "request@query[a b\\]]",
            "request",
            Part::Query("a b]".to_owned()),
            false,
        ),
        ("request@method", "request", Part::Method, false),
    ] {
        let source = Source::parse(text).unwrap();
        assert_eq!(
            (source.root(), source.part(), source.is_bare()),
            (root, &part, bare),
            "{text}"
        );
        assert_eq!(source.to_string(), text);
        let json = serde_json::to_string(&source).unwrap();
        assert_eq!(serde_json::from_str::<Source>(&json).unwrap(), source);
        assert_eq!(source.body(), None);
    }
    for (text, root) in [("response^a!", "response"), ("request[0]", "request")] {
        let source = Source::parse(text).unwrap();
        assert_eq!(source.root(), root);
        assert_eq!(
            source.body(),
            Some(&OutputPath::parse_from(root, text).unwrap())
        );
        assert_eq!(source.is_bare(), source.body().unwrap().is_bare());
    }
    let ticket = Source::parse_from("ticket", "ticket^status@x").unwrap();
    let json = serde_json::to_string(&ticket).unwrap();
    assert_eq!(serde_json::from_str::<Source>(&json).unwrap(), ticket);
    assert!(Source::parse_from("ticket", "ticket@status").is_err());
}

#[test]
fn a_body_of_another_depth_needs_another_limit() {
    let deep = format!("{}1{}", "[".repeat(300), "]".repeat(300));
    let path = OutputPath::parse(&format!("response{}", "[0]".repeat(300))).unwrap();
    let refused = path.extract_within(deep.as_bytes(), Limits::with_depth(299));
    assert!(matches!(refused, Err(ExtractError::InvalidJson(invalid)) if invalid.offset() == 299));
    assert_eq!(
        path.extract_within(deep.as_bytes(), Limits::with_depth(300))
            .unwrap(),
        "1"
    );
    assert_eq!(Limits::with_depth(usize::MAX).depth(), Limits::MAX_DEPTH);
}
