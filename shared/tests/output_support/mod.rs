//! Bodies, paths and damage to make them of, for the property tests.

pub(crate) mod reference;

use proptest::prelude::*;
use proptest::sample::{Index, select};

fn white_space() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just(""), 1 => select(vec![" ", "\n", "\t ", "\r\n"])]
}

pub(crate) fn numbers() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => select(vec!["0", "1", "1.0", "10e-1", "7", "-7", "70E-1", "-0", "1e400", "0.10", "123"])
            .prop_map(str::to_owned),
        1 => "-?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?",
    ]
}

fn scalars() -> impl Strategy<Value = String> {
    let strings = vec![
        r#""""#,
        r#""a""#,
        r#""b""#,
        r#""\u0061""#,
        r#""ab""#,
        r#""7""#,
        r#""é""#,
        r#""\u00e9""#,
        r#""x\"y""#,
        r#""\\""#,
        r#""true""#,
        r#""R&D""#,
        r#""\ud83d\ude00""#,
        r#"" x ""#,
    ];
    prop_oneof![
        numbers(),
        select(strings).prop_map(str::to_owned),
        select(vec!["true", "false", "null"]).prop_map(str::to_owned),
    ]
}

fn keys() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        6 => select(vec![r#""a""#, r#""b""#, r#""c""#]),
        1 => select(vec![r#""\u0061""#, r#""é""#, r#""\u00e9""#, r#""a^b""#, r#""x]y""#, r#""""#]),
    ]
}

/// JSON of few names and values, so that paths find something and keys are repeated.
pub(crate) fn bodies() -> impl Strategy<Value = String> {
    let value = scalars().prop_recursive(5, 60, 5, |value| {
        let element = (white_space(), value.clone(), white_space())
            .prop_map(|(before, value, after)| format!("{before}{value}{after}"))
            .boxed();
        let member = (white_space(), keys(), white_space(), element.clone())
            .prop_map(|(before, key, after, value)| format!("{before}{key}{after}:{value}"));
        let members = prop::collection::vec(member, 0..5)
            .prop_map(|members| format!("{{{}}}", members.join(",")));
        let elements = prop::collection::vec(element, 0..5)
            .prop_map(|elements| format!("[{}]", elements.join(",")));
        prop_oneof![members, elements]
    });
    (white_space(), value, white_space())
        .prop_map(|(before, value, after)| format!("{before}{value}{after}"))
}

fn names() -> impl Strategy<Value = &'static str> {
    prop_oneof![6 => select(vec!["a", "b", "c"]), 1 => select(vec!["é", "a\\^b", "x\\]y"])]
}

fn tests() -> impl Strategy<Value = String> {
    let property = prop::collection::vec(names(), 1..3).prop_map(|names| names.join("^"));
    let operator = select(vec!["=", "=", "=", "!=", ">", ">=", "<", "<=", "~"]);
    let value = select(vec![
        "1", "7", "0", "a", "\"a\"", "\"7\"", "ab", "\"\"", "", "true", "null", "1.0", "R&D", "é",
        "007", " ", "-",
    ]);
    let test = (property, white_space(), operator, white_space(), value).prop_map(
        |(property, before, operator, after, value)| {
            format!("{property}{before}{operator}{after}{value}")
        },
    );
    prop::collection::vec(test, 1..3).prop_map(|tests| tests.join("&"))
}

/// Paths that parse.
pub(crate) fn paths() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        4 => names().prop_map(|name| format!("^{name}")),
        2 => (0..4_u8).prop_map(|index| format!("[{index}]")),
        1 => (1..4_u8).prop_map(|index| format!("[-{index}]")),
        1 => Just("[*]".to_owned()),
        2 => tests().prop_map(|tests| format!("[{tests}]")),
        1 => tests().prop_map(|tests| format!("[*{tests}]")),
    ];
    (prop::collection::vec(segment, 0..5), select(vec!["", "!"]))
        .prop_map(|(segments, mark)| format!("response{}{mark}", segments.concat()))
}

/// Texts of a path's characters in any order, of which some parse.
pub(crate) fn wild_paths() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        "\\^([a =<>~&@?\"*]|\\\\[\\^\\[\\]!\\\\=<>~&@?]){1,4}",
        "\\[\\*?[a ]?(\\\\[&=\\\\\\]^])?[a \\\\&^]{0,3}(=|!=|<|>|<=|>=|~)[a =&\\\\<\"^1-]{0,6}\\]",
        "\\[\\*?a=[a&\\\\ =b]{0,8}\\]",
        "\\[-?[0-9]{1,25}\\]",
        "[\\^\\[\\]!\\\\=<>~&@?\"* a0é-]{0,4}",
    ];
    prop::collection::vec(fragment, 0..4).prop_map(|rest| format!("response{}", rest.concat()))
}

/// One change to the bytes of a body.
#[derive(Debug, Clone)]
pub(crate) enum Mutation {
    Remove,
    Insert(u8),
    Replace(u8),
    Cut,
    /// A piece of the body is put in once more, so long.
    Repeat(usize),
    ByteOrderMark,
}

pub(crate) fn mutations() -> impl Strategy<Value = Vec<(Index, Mutation)>> {
    let byte = prop_oneof![
        6 => select(b"{}[]:,\"\\ \n\t0123456789.eE+-truefalsn/u\x00\x1f\x7f".to_vec()),
        1 => any::<u8>(),
    ];
    let mutation = prop_oneof![
        4 => Just(Mutation::Remove),
        4 => byte.clone().prop_map(Mutation::Insert),
        4 => byte.prop_map(Mutation::Replace),
        1 => Just(Mutation::Cut),
        2 => (1..20_usize).prop_map(Mutation::Repeat),
        1 => Just(Mutation::ByteOrderMark),
    ];
    prop::collection::vec((any::<Index>(), mutation), 0..4)
}

pub(crate) fn mutate(mut body: Vec<u8>, mutations: &[(Index, Mutation)]) -> Vec<u8> {
    for (place, mutation) in mutations {
        if body.is_empty() {
            break;
        }
        let at = place.index(body.len());
        match mutation {
            Mutation::Remove => drop(body.remove(at)),
            Mutation::Insert(byte) => body.insert(at, *byte),
            Mutation::Replace(byte) => body[at] = *byte,
            Mutation::Cut => body.truncate(at),
            Mutation::Repeat(length) => {
                let end = (at + length).min(body.len());
                let piece = body[at..end].to_vec();
                body.splice(at..at, piece);
            }
            Mutation::ByteOrderMark => drop(body.splice(0..0, *b"\xef\xbb\xbf")),
        }
    }
    body
}
