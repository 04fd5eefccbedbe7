use super::*;
use crate::model::strict;
use crate::template::Variables;

fn variables() -> Variables {
    let mut variables = Variables::new();
    for (name, json) in [
        ("Priority", "2"),
        ("Text", r#""Größe \"XL\"""#),
        ("Empty", r#""""#),
        ("Blank", r#"" \n""#),
        ("Nothing", "null"),
        ("Zero", "0"),
        ("No", "false"),
        ("EmptyList", "[ ]"),
        ("EmptyObject", "{\n}"),
        ("Quoted", r#""2""#),
        ("Tags", r#"["vip", "Smith, John", 7, "R\u0026D"]"#),
        ("Code", r#""007""#),
        ("Words", r#""null""#),
        (
            "ticket",
            r#"{"status": {"name": "New"}, "due": "2026-05-01T12:00:00+02:00"}"#,
        ),
        ("Pattern", r#""^Gr.*""#),
        ("Dots", r#""a.c""#),
        ("Broken", r#""(""#),
    ] {
        variables.insert(name, json).unwrap();
    }
    variables
}

fn row(left: &str, op: Operator, right: &str) -> Row {
    Row {
        left: left.to_owned(),
        op,
        right: right.to_owned(),
        match_case: false,
    }
}

fn verdict(when: &When) -> Result<Verdict, ConditionError> {
    Condition::compile(when).unwrap().evaluate(&variables())
}

fn is_met(row: Row) -> Result<bool, &'static str> {
    let when = When::All(vec![Term::Row(row)]);
    verdict(&when)
        .map(|verdict| verdict.met)
        .map_err(|error| error.code())
}

/// Left and right, and whether the relation holds for them.
type Cases<'a> = &'a [(&'a str, &'a str, bool)];

fn check(op: Operator, opposite: Option<Operator>, cases: Cases<'_>) {
    for (left, right, holds) in cases {
        assert_eq!(
            is_met(row(left, op, right)),
            Ok(*holds),
            "{left:?} {op:?} {right:?}"
        );
        if let Some(opposite) = opposite {
            assert_eq!(
                is_met(row(left, opposite, right)),
                Ok(!holds),
                "{left:?} {opposite:?} {right:?}"
            );
        }
    }
}

#[test]
fn equals_compares_numbers_instants_and_text() {
    check(
        Operator::Equals,
        Some(Operator::NotEquals),
        &[
            ("<<Priority>>", "2", true),
            ("<<Priority!>>", "2.0", true),
            ("<<Priority>>", " 2e0 ", true),
            ("<<Priority>>", "<<Quoted>>", true),
            ("<<Priority>>", "two", false),
            ("0.1", "0.10000000000000000001", false),
            (
                "123456789012345678901234567890",
                "123456789012345678901234567890.0",
                true,
            ),
            (
                "123456789012345678901234567890",
                "123456789012345678901234567891",
                false,
            ),
            ("1e400", "1E+400", true),
            ("-0", "0.0", true),
            // Codes and telephone numbers are no numbers.
            ("<<Code>>", "7", false),
            ("<<Code>>", "007", true),
            ("+49", "49", false),
            ("<<ticket^due>>", "2026-05-01T10:00:00Z", true),
            ("<<ticket^due>>", "2026-05-01T10:00:00.001Z", false),
            ("2026-05-01", "2026-05-01T00:00:00Z", false),
            ("<<ticket^status^name>>", "new", true),
            ("<<ticket^status^name!>>", "NEW", true),
            ("<<Text>>", "GRÖSSE \"xl\"", false),
            ("<<Text>>", "GRÖßE \"xl\"", true),
            ("<<ticket^status^name>>", "New ", false),
            ("<<Nothing>>", "null", true),
            ("<<Nothing>>", "", false),
            ("<<Words>>", "<<Nothing>>", true),
            ("<<No>>", "False", true),
            ("<<Empty>>", "", true),
            (
                "Ticket <<Priority>>: <<ticket^status^name>>",
                "ticket 2: new",
                true,
            ),
        ],
    );
}

#[test]
fn order_is_by_number_instant_or_text() {
    let cases: Cases<'_> = &[
        ("<<Priority>>", "3", true),
        ("<<Priority>>", "10", true),
        ("<<Priority>>", "2", false),
        ("<<Priority>>", "-10", false),
        ("-3", "-2.5", true),
        ("-1e-400", "0", true),
        ("9", "1e1", true),
        ("99999999999999999999", "100000000000000000000", true),
        ("<<ticket^due>>", "2026-05-01T11:00:00Z", true),
        ("<<ticket^due>>", "2026-05-01T11:59:00+02:00", false),
        ("apple", "Banana", true),
        ("Zebra", "apple", false),
        // One that reads as a number and one that does not are two texts.
        ("10", "9 days", true),
    ];
    check(Operator::Less, Some(Operator::GreaterOrEqual), cases);
    let turned: Vec<_> = cases
        .iter()
        .map(|(left, right, holds)| (*right, *left, *holds))
        .collect();
    check(Operator::Greater, Some(Operator::LessOrEqual), &turned);
}

#[test]
fn parts_of_text_are_found() {
    check(
        Operator::Contains,
        Some(Operator::NotContains),
        &[
            ("<<Text>>", "größe", true),
            ("<<Text>>", "\"xl\"", true),
            ("<<Text>>", "grosse", false),
            ("<<Text>>", "", true),
            ("<<Empty>>", "a", false),
            ("<<Tags>>", "vip", true),
            ("ΟΔΟΣ", "οδοσ", true),
            ("12", "2.0", false),
        ],
    );
    check(
        Operator::StartsWith,
        None,
        &[
            ("<<Text>>", "GRÖ", true),
            ("<<Text>>", "xl", false),
            ("a", "ab", false),
        ],
    );
    check(
        Operator::EndsWith,
        None,
        &[("<<Text>>", "XL\"", true), ("<<Text>>", "grö", false)],
    );
}

#[test]
fn members_of_lists_are_found_on_either_side() {
    check(
        Operator::Includes,
        Some(Operator::NotIncludes),
        &[
            ("a, B ,c", "b", true),
            ("a,b,c", "ab", false),
            ("1,2,3", "2.0", true),
            ("<<ticket^status^name>>", "Closed, New", true),
            ("<<ticket^status^name>>", "Closed, Newer", false),
            ("<<Tags>>", "VIP", true),
            ("<<Tags>>", "7", true),
            ("<<Tags>>", "R&D", true),
            ("<<Tags>>", "Smith, John", true),
            ("<<Tags>>", "Smith", false),
            ("<<Priority>>", "[1, 2]", true),
            ("<<EmptyList>>", "a", false),
            ("<<Empty>>", "", false),
            ("a,,b", "", false),
            ("[not json", "[not json", true),
        ],
    );
}

/// Were all pairs compared, this test would not end.
#[test]
fn the_longest_lists_are_searched_at_once() {
    let list = |member: &str| vec![member; 50_000].join(",");
    let dates = "2026-05-01T12:00:00Z,".repeat(20_000);
    for (left, right, holds) in [
        (list("7"), list("8.0"), false),
        (list("7"), list("8") + ",7.0", true),
        (list("a"), list("b"), false),
        (list("A"), list("b") + ",a", true),
        (dates.clone(), "2026-05-01T14:00:00+02:00".to_owned(), true),
        (dates, list("2026-05-01"), false),
    ] {
        let left = crate::json::quote(&left);
        let mut variables = Variables::new();
        variables.insert("List", left).unwrap();
        variables
            .insert("Other", crate::json::quote(&right))
            .unwrap();
        let when = When::All(vec![Term::Row(row(
            "<<List>>",
            Operator::Includes,
            "<<Other>>",
        ))]);
        let condition = Condition::compile(&when).unwrap();
        assert_eq!(condition.evaluate(&variables).unwrap().met, holds);
    }
}

#[test]
fn patterns_match_anywhere() {
    check(
        Operator::Matches,
        None,
        &[
            ("<<Text>>", "r.{1,2}ße", true),
            ("<<Text>>", "^xl", false),
            ("<<Text>>", "<<Pattern>>", true),
            ("xabcx", "<<Dots>>", true),
            ("xabcx", "x<<Dots>>", false),
            ("xa.cx", "x<<Dots>>x$", true),
            (r"\<<x", r"^\<<x", true),
        ],
    );
    assert_eq!(
        is_met(row("a", Operator::Matches, "<<Broken>>")),
        Err("pattern")
    );
    assert_eq!(
        is_met(row("(", Operator::Matches, "^<<Broken>>$")),
        Ok(true)
    );
    let mut long_text = Variables::new();
    long_text
        .insert("a", format!("\"{}\"", "a".repeat(1024 * 1024 + 1)))
        .unwrap();
    let when = When::All(vec![Term::Row(row("<<a>>", Operator::Matches, "b"))]);
    let error = Condition::compile(&when)
        .unwrap()
        .evaluate(&long_text)
        .unwrap_err();
    assert_eq!(error.code(), "text_too_long");
}

#[test]
fn case_counts_only_when_asked_for() {
    for (op, left, right) in [
        (Operator::Equals, "New", "new"),
        (Operator::Contains, "New", "ew"),
        (Operator::Contains, "NEW", "ew"),
        (Operator::StartsWith, "NEW", "ne"),
        (Operator::EndsWith, "NEW", "ew"),
        (Operator::Includes, "NEW,b", "new"),
        (Operator::Matches, "NEW", "n.w"),
    ] {
        let minded = Row {
            match_case: true,
            ..row(left, op, right)
        };
        assert_eq!(
            is_met(row(left, op, right)),
            Ok(true),
            "{left} {op:?} {right}"
        );
        assert_eq!(
            is_met(minded),
            Ok(left.contains("ew") && right == "ew"),
            "{left} {op:?} {right}"
        );
    }
    assert_eq!(
        is_met(Row {
            match_case: true,
            ..row("b", Operator::Greater, "A")
        }),
        Ok(true)
    );
    assert_eq!(
        is_met(Row {
            match_case: true,
            ..row("a", Operator::Less, "B")
        }),
        Ok(false)
    );
}

#[test]
fn having_a_value_needs_no_variable() {
    for (left, has_value) in [
        ("<<Priority>>", true),
        ("<<Zero>>", true),
        ("<<No>>", true),
        ("<<Words>>", true),
        ("<<Tags>>", true),
        ("<<ticket^status>>", true),
        ("<<nope>>", false),
        ("<<ticket^nope>>", false),
        ("<<Nothing>>", false),
        ("<<Empty>>", false),
        ("<<Empty!>>", false),
        ("<<Blank>>", false),
        ("<<EmptyList>>", false),
        ("<<EmptyObject>>", false),
        ("<<nope ?? 1>>", true),
        ("<<nope ?? null>>", false),
        ("a <<nope>>", false),
        ("<<Empty>><<Empty>>", false),
    ] {
        assert_eq!(
            is_met(row(left, Operator::HasValue, "")),
            Ok(has_value),
            "{left}"
        );
        assert_eq!(
            is_met(row(left, Operator::HasNoValue, "<<")),
            Ok(!has_value),
            "{left}"
        );
    }
}

#[test]
fn a_token_without_a_value_is_an_error_of_its_row() {
    for (left, right) in [
        ("<<Prioriti>>", "1"),
        ("1", "<<Prioriti>>"),
        ("a <<Prioriti>>", ""),
    ] {
        let when = When::All(vec![
            Term::Row(row("1", Operator::Equals, "1")),
            Term::Group(When::Any(vec![Term::Row(row(
                left,
                Operator::NotEquals,
                right,
            ))])),
        ]);
        let error = verdict(&when).unwrap_err();
        assert_eq!(
            (error.row.as_str(), error.code()),
            ("all[1].any[0]", "unresolved")
        );
        assert_eq!(
            error.to_string(),
            "`<<Prioriti>>` has no value: no variable `Prioriti`; there is `Priority`."
        );
    }
}

#[test]
fn a_condition_without_rows_is_met_and_explains_nothing_of_a_start() {
    for (json, is_empty, explanation) in [
        (r#"{"all":[]}"#, true, ""),
        (r#"{"any":[]}"#, true, ""),
        (r#"{"all":[{"any":[]},{"all":[]}]}"#, true, ""),
        (
            r#"{"all":[{"left":"<<Priority>>","op":"less","right":"3"}]}"#,
            false,
            "Priority is 2, which is less than 3",
        ),
    ] {
        let condition = Condition::compile(&serde_json::from_str(json).unwrap()).unwrap();
        assert_eq!(condition.is_empty(), is_empty, "{json}");
        let verdict = condition.evaluate_loosely(&variables(), |_| None).unwrap();
        assert_eq!(
            (verdict.met, verdict.explanation.as_str()),
            (true, explanation),
            "{json}"
        );
    }
}

#[test]
fn groups_choose_and_say_why() {
    let when = |json: &str| serde_json::from_str::<When>(json).unwrap();
    for (json, met, decided_by, explanation) in [
        (r#"{"all":[]}"#, true, None, "there are no rows to be met"),
        (r#"{"any":[]}"#, true, None, "there are no rows to be met"),
        (
            r#"{"all":[{"left":"<<Priority>>","op":"less","right":"3"}]}"#,
            true,
            Some("all[0]"),
            "Priority is 2, which is less than 3",
        ),
        (
            r#"{"any":[{"left":"<<Priority>>","op":"greater","right":"3"}, {"left":"<<ticket^status^name!>>","op":"not_equals","right":"new"}]}"#,
            false,
            None,
            "Priority is 2, which is at most 3; ticket^status^name is “New”, which equals “new”",
        ),
        (
            r#"{"any":[{"left":"a","op":"starts_with","right":"b"}, {"left":"<<Text>>","op":"has_value"}, {"left":"<<nope>>","op":"equals"}]}"#,
            true,
            Some("any[1]"),
            "Text has a value: “Größe \"XL\"”",
        ),
        (
            r#"{"all":[{"left":"<<nope>>","op":"has_value"}, {"left":"<<nope>>","op":"equals","right":"1"}]}"#,
            false,
            Some("all[0]"),
            "nope has no value",
        ),
        (
            r#"{"all":[{"any":[{"left":"1","op":"equals","right":"2"}, {"left":"1","op":"equals","right":"1"}]}, {"all":[]}]}"#,
            true,
            None,
            "1 equals 1; there are no rows to be met",
        ),
        (
            r#"{"all":[{"any":[{"left":"1","op":"equals","right":"1"}]}, {"all":[{"left":"x","op":"matches","right":"y"}]}]}"#,
            false,
            Some("all[1].all[0]"),
            "“x” does not match “y”",
        ),
    ] {
        let verdict = verdict(&when(json)).unwrap();
        assert_eq!(
            (
                verdict.met,
                verdict.row.as_deref(),
                verdict.explanation.as_str()
            ),
            (met, decided_by, explanation),
            "{json}"
        );
    }
}

#[test]
fn long_values_are_described_and_never_cut() {
    let long = format!("secret{}", "x".repeat(300));
    let when = When::All(vec![Term::Row(row(&long, Operator::Contains, "x"))]);
    assert_eq!(
        verdict(&when).unwrap().explanation,
        "a text of 306 characters contains “x”"
    );
}

#[test]
fn everything_wrong_is_reported_with_its_place() {
    let when: When = serde_json::from_str(
        r#"{"all":[
            {"left":"é <<a","op":"equals","right":"<<>>"},
            {"left":" ","op":"has_value"},
            {"any":[{"left":"a","op":"matches","right":"("}, {"all":[]}]},
            {"left":"<<b>>","op":"has_no_value","right":"<<"}
        ]}"#,
    )
    .unwrap();
    let problems = Condition::compile(&when).unwrap_err();
    let told: Vec<_> = problems
        .iter()
        .map(|problem| (problem.field.as_str(), problem.at, problem.code()))
        .collect();
    assert_eq!(
        told,
        [
            ("all[0].left", Some(2), "syntax"),
            ("all[0].right", Some(0), "syntax"),
            ("all[1].left", None, "no_left_side"),
            ("all[2].any[0].right", None, "pattern"),
            ("all[2].any[1]", None, "nested_too_deeply"),
        ]
    );
    assert!(
        problems
            .iter()
            .all(|problem| problem.to_string().ends_with('.') || problem.code() == "pattern")
    );
}

#[test]
fn patterns_are_bounded_in_size() {
    let when = When::All(vec![Term::Row(row(
        "a",
        Operator::Matches,
        "(a{500}){500}",
    ))]);
    assert_eq!(Condition::compile(&when).unwrap_err()[0].code(), "pattern");
}

#[test]
fn a_large_pattern_does_not_look_through_a_long_text() {
    let mut variables = Variables::new();
    let long = crate::json::quote(&"a".repeat(1 << 17));
    variables.insert("Long", long).unwrap();
    variables.insert("Large", "\"(a{50}){50}b\"").unwrap();
    for pattern in ["(a{50}){50}b", "<<Large>>"] {
        let when = When::All(vec![Term::Row(row("<<Long>>", Operator::Matches, pattern))]);
        let condition = Condition::compile(&when).unwrap();
        let error = condition.evaluate(&variables).unwrap_err();
        assert_eq!(error.code(), "text_too_long", "{pattern}");
    }
}

#[test]
fn tokens_are_listed_with_their_fields() {
    let when: When = serde_json::from_str(
        r#"{"any":[{"left":"<<a>>","op":"equals","right":"x <<b>>"}, {"all":[{"left":"<<c>>","op":"has_value"}]}]}"#,
    )
    .unwrap();
    let condition = Condition::compile(&when).unwrap();
    let told: Vec<_> = condition
        .tokens()
        .into_iter()
        .map(|(field, token)| (field, token.variable().to_owned()))
        .collect();
    let expected = [
        ("any[0].left", "a"),
        ("any[0].right", "b"),
        ("any[1].all[0].left", "c"),
    ];
    assert_eq!(
        told,
        expected.map(|(field, name)| (field.to_owned(), name.to_owned()))
    );
}

#[test]
fn documents_are_read_strictly() {
    for (json, sentence) in [
        (
            r#"{"all":[{"left":"a","op":"equals","rigth":"b"}]}"#,
            "unknown field `rigth`",
        ),
        (
            r#"{"all":[{"left":"a","op":"is"}]}"#,
            "unknown variant `is`",
        ),
        (r#"{"all":[{"op":"equals"}]}"#, "missing field `left`"),
        (
            r#"{"all":[{"any":[{"left":"a","op":"equals","x":1}]}]}"#,
            "unknown field `x`",
        ),
        (r#"{"all":[], "any":[]}"#, ""),
        (r#"{"none":[]}"#, "unknown variant `none`"),
        (r#"{"all":[7]}"#, "invalid type"),
    ] {
        let refused = strict::from_slice::<When>(json.as_bytes()).unwrap_err();
        assert!(refused.to_string().contains(sentence), "{json}: {refused}");
    }
    let json = r#"{"all":[{"left":"a","op":"includes","right":"b","match_case":true},{"any":[{"left":"<<c>>","op":"has_value"}]}]}"#;
    let when: When = strict::from_slice(json.as_bytes()).unwrap();
    assert_eq!(serde_json::to_string(&when).unwrap(), json);
}

#[test]
fn what_is_not_there_holds_nothing_where_that_may_be() {
    use Operator::{Contains, Equals, Greater, HasNoValue, HasValue, NotEquals};
    for (left, op, right, expected) in [
        ("<<Priority>>", Equals, "2", true),
        ("<<Absent>>", Equals, "2", false),
        ("<<Absent>>", NotEquals, "2", true),
        ("<<Absent>>", Greater, "2", false),
        ("<<ticket^none>>", Contains, "", false),
        ("<<Priority>>", Equals, "<<Absent>>", false),
        ("<<Priority>>", NotEquals, "<<Absent>>", true),
        ("<<Absent>>", HasValue, "", false),
        ("<<Absent>>", HasNoValue, "", true),
    ] {
        let when = When::All(vec![Term::Row(row(left, op, right))]);
        let condition = Condition::compile(&when).unwrap();
        let verdict = condition.evaluate_loosely(&variables(), |_| None).unwrap();
        assert_eq!(verdict.met, expected, "{left} {op:?} {right}");
    }
    // The rows behind one that is not there are looked at.
    let any = When::Any(vec![
        Term::Row(row("<<Absent>>", Equals, "2")),
        Term::Row(row("<<Priority>>", Equals, "2")),
    ]);
    let condition = Condition::compile(&any).unwrap();
    assert!(condition.evaluate(&variables()).is_err());
    let verdict = condition.evaluate_loosely(&variables(), |_| None).unwrap();
    assert_eq!(
        (verdict.met, verdict.row.as_deref()),
        (true, Some("any[1]"))
    );
}
