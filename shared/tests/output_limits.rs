//! Inputs made to hurt. Were any of this quadratic or recursive, these tests would not
//! end, or end the process.

use shared::json::{self, Limits};
use shared::output::{ExtractError, OutputPath, Paths, path_at};

const MANY: usize = 100_000;

fn find(path: &str, body: &str) -> Result<String, String> {
    match OutputPath::parse(path)
        .expect("a path")
        .extract(body.as_bytes())
    {
        Ok(value) => Ok(value.into_owned()),
        Err(error) => Err(error.code().to_owned()),
    }
}

#[test]
fn a_million_brackets_end_at_the_limit() {
    let path = OutputPath::parse(&format!("response{}", "[0]^a[*][a=1][-1]".repeat(50))).unwrap();
    for opening in ["[", "{\"a\":", "[[1],", "[{\"a\":"] {
        let bomb = opening.repeat(1_000_000);
        for limits in [Limits::default(), Limits::with_depth(Limits::MAX_DEPTH)] {
            let error = path.extract_within(bomb.as_bytes(), limits).unwrap_err();
            let ExtractError::InvalidJson(invalid) = error else {
                unreachable!("a bomb is no JSON");
            };
            assert_eq!(
                invalid.expected(),
                json::Expected::LessNesting {
                    limit: limits.depth()
                }
            );
            assert_eq!(json::duplicate_keys(bomb.as_bytes(), limits), Err(invalid));
        }
        assert_eq!(path_at(bomb.as_bytes(), bomb.len() / 2), None);
    }
}

#[test]
fn the_deepest_body_is_followed_to_its_end() {
    let depth = Limits::MAX_DEPTH;
    let limits = Limits::with_depth(depth);
    for (opening, closing, segment) in [
        ("[", "]", "[0]"),
        ("[", "]", "[-1]"),
        ("{\"a\":", "}", "^a"),
    ] {
        let body = format!("{}1{}", opening.repeat(depth), closing.repeat(depth));
        let path = OutputPath::parse(&format!("response{}", segment.repeat(depth))).unwrap();
        assert_eq!(path.extract_within(body.as_bytes(), limits).unwrap(), "1");
        let found = path_at(body.as_bytes(), body.find('1').unwrap()).unwrap();
        assert_eq!(found.extract_within(body.as_bytes(), limits).unwrap(), "1");
    }
    let body = format!(
        "{}1{}",
        "[{\"a\":1,\"b\":".repeat(depth / 2),
        "}]".repeat(depth / 2)
    );
    for segment in ["[a=1]^b", "[*a=1]^b", "[*]^b", "[-1]^b"] {
        let path = OutputPath::parse(&format!("response{}", segment.repeat(depth / 2))).unwrap();
        let value = path.extract_within(body.as_bytes(), limits).unwrap();
        assert_eq!(value.trim_matches(['[', ']']), "1", "{segment}");
    }
}

#[test]
fn a_path_may_be_longer_than_any_body_is_deep() {
    for segment in ["[0]", "[-1]", "^a", "[*]", "[a=1]"] {
        let text = format!("response{}", segment.repeat(MANY));
        let path = OutputPath::parse(&text).unwrap();
        assert_eq!(path.to_string(), text);
        assert!(
            path.extract(br#"[[{"a":1}]]"#).is_ok() == (segment == "[*]"),
            "{segment}"
        );
    }
}

#[test]
fn paths_are_read_in_linear_time() {
    for tail in ["&", "\\&", "&\\&", "&a^", "a&", "&a", "&\"", "\\"] {
        let text = format!("response[a={}]", tail.repeat(MANY));
        let path = OutputPath::parse(&text).unwrap();
        assert_eq!(OutputPath::parse(&path.to_string()).as_ref(), Ok(&path));
    }
    for text in ["[", "[a", "^", "[a=", "[a=\"", "[a=1&", "[a=1&b", "]"] {
        assert!(OutputPath::parse(&format!("response{}", text.repeat(MANY))).is_err());
    }
}

#[test]
fn wide_bodies_take_linear_time() {
    let numbers = format!("[{}]", "1,".repeat(MANY) + "2");
    let objects = format!("[{}]", "{\"a\":1,\"b\":[1]},".repeat(MANY) + "{\"a\":2}");
    let same_keys = format!("{{{}}}", "\"a\":[1,{\"b\":1}],".repeat(MANY) + "\"a\":[2]");
    let other_keys: Vec<String> = (0..MANY).map(|index| format!("\"k{index}\":1")).collect();
    let other_keys = format!("{{{}}}", other_keys.join(","));
    let missing = |reason: &str| Err(reason.to_owned());
    for (path, body, expected) in [
        ("response[-1]", &numbers, Ok("2".to_owned())),
        ("response[-75000]", &numbers, Ok("1".to_owned())),
        (
            "response[-18446744073709551615]",
            &numbers,
            missing("index_out_of_range"),
        ),
        ("response[*]", &numbers, Ok(numbers.clone())),
        ("response[a=2]", &objects, Ok("{\"a\":2}".to_owned())),
        ("response[a=3]", &objects, missing("no_match")),
        ("response[c=3]", &objects, missing("no_match")),
        ("response[*a=2]^a", &objects, Ok("[2]".to_owned())),
        ("response[*a=1]^b[-1]^x", &objects, Ok("[]".to_owned())),
        ("response^a[*]", &same_keys, Ok("[2]".to_owned())),
        ("response^a[b=1]^b", &same_keys, missing("no_match")),
        ("response^a[-1]", &same_keys, Ok("2".to_owned())),
        ("response^nothing", &other_keys, missing("no_such_key")),
    ] {
        assert_eq!(find(path, body), expected, "{path}");
    }
    assert!(
        !json::duplicate_keys(same_keys.as_bytes(), Limits::default())
            .unwrap()
            .is_empty()
    );
}

/// Each comparison takes longer than reading the name, and every path that finds nothing
/// would make them all.
#[test]
fn what_was_meant_is_sought_among_the_first_names() {
    let names: Vec<String> = (0..5_000).map(|index| format!("\"k{index}\":1")).collect();
    let body = format!("{{\"text\":1,{},\"texts\":1}}", names.join(","));
    let path = OutputPath::parse("response^txt").unwrap();
    let error = path.extract(body.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("there is `text`, `k0`"), "{error}");
    assert!(!error.contains("texts"), "{error}");
    assert!(error.ends_with("and 4994 more."), "{error}");
}

#[test]
fn second_looks_at_nested_elements_add_up_to_the_depth_of_the_path() {
    // Each level holds nearly all of the body, so that a look at it costs a pass.
    let depth = 100;
    let payload = "1,".repeat(2_000);
    let body = format!(
        "{}0{}",
        "[{\"id\":1,\"n\":".repeat(depth / 2),
        "}]".repeat(depth / 2)
    );
    let body = body.replacen('0', &format!("[{payload}7]"), 1);
    for segment in ["[id=1]^n", "[*id=1]^n", "[-1]^n"] {
        let path = format!("response{}[-1]", segment.repeat(depth / 2));
        let value = find(&path, &body).unwrap();
        assert_eq!(value.trim_matches(['[', ']']), "7", "{segment}");
    }
}

#[test]
fn many_paths_share_one_pass() {
    let body = format!(
        "[{}]",
        "{\"a\":{\"b\":1},\"c\":\"x\"},".repeat(2_000) + "{\"a\":1}"
    );
    let texts = [
        "response[0]^a^b",
        "response[-1]^a",
        "response[-1]^b",
        "response[a=1]^a",
        "response[*]^c",
        "response",
    ];
    let paths: Vec<OutputPath> = texts
        .iter()
        .cycle()
        .take(120)
        .map(|text| OutputPath::parse(text).unwrap())
        .collect();
    let found = Paths::new(&paths)
        .extract_all(body.as_bytes(), Limits::default())
        .unwrap();
    for (path, found) in paths.iter().zip(found) {
        assert_eq!(
            found.map_err(ExtractError::from),
            path.extract(body.as_bytes())
        );
    }
}

#[test]
fn numbers_of_any_size_compare() {
    let nines = "9".repeat(MANY);
    let exponent = format!("1e{nines}");
    let small = format!("1e-{nines}");
    let zeros = format!("0.{}1", "0".repeat(MANY));
    for (less, more) in [
        ("1", nines.as_str()),
        ("1", &exponent),
        (&small, "1"),
        (&zeros, "1"),
        (&small, &exponent),
    ] {
        assert_eq!(
            json::compare_numbers(less, more),
            Some(std::cmp::Ordering::Less)
        );
        assert_eq!(
            json::compare_numbers(more, less),
            Some(std::cmp::Ordering::Greater)
        );
    }
    let body = format!("[{{\"a\":1e999999999,\"k\":1}},{{\"a\":{nines},\"k\":2}}]");
    assert_eq!(find("response[a=1e999999999]^k", &body), Ok("1".to_owned()));
    assert_eq!(
        find(&format!("response[a={nines}.0]^k"), &body),
        Ok("2".to_owned())
    );
}
