mod conformance;
mod properties;

use super::*;

/// The variables that the tables below draw from.
fn variables() -> Variables {
    let mut variables = Variables::new();
    for (name, json) in [
        (
            "ticket",
            r#"{"id":42,"summary":"a \"b\"","site":null,"R&D":{"x":"y"}}"#,
        ),
        ("Prompt", r#""Hi""#),
        ("n", "7"),
        ("list", r#"[1, "a,b"]"#),
        ("dot", r#"".""#),
        ("nothing", r#""""#),
        ("lines", r#""a\nb""#),
        ("control", r#""a\u0000b""#),
        ("odd^name", "1"),
        ("response@status", "200"),
        ("request@header", r#"{"x-topic":"new","a[b]":"c"}"#),
    ] {
        variables.insert(name, json).unwrap();
    }
    variables.insert_bare("Reply", r#""yes""#).unwrap();
    variables
}

fn rendered(text: &str, context: Context) -> Result<String, &'static str> {
    Template::parse(text, context)
        .map_err(|error| error.kind())?
        .render(&variables())
        .map_err(|error| error.kind())
}

#[test]
fn templates_render_for_their_place() {
    use Context::{Form, Header, Json, QueryValue, Text, UrlPath, Xml};
    for (context, text, expected) in [
        // What tokens look like.
        (Text, "<<  n  >>", Ok("7")),
        (Text, r"<<odd\^name>>", Ok("1")),
        (Text, "<<ticket^R&D^x!>>", Ok("y")),
        (Text, "<<response@status>>", Ok("200")),
        (Text, "<<request@header[X-Topic]!>>", Ok("new")),
        (Text, r"<<request@header[a\[b\]]!>>", Ok("c")),
        (Text, "<<request@header[other]>>", Err("unresolved")),
        (Text, "<<request@query[a] ?? 1>>", Ok("1")),
        (Text, "<<Prompt>><<n>>", Ok("\"Hi\"7")),
        (Text, "<<Reply>> <<Reply!>>", Ok("yes yes")),
        (Text, "", Ok("")),
        // Fallbacks.
        (Text, r#"<<nope ?? ">> ?? \" <<">>"#, Ok(r#"">> ?? \" <<""#)),
        (Text, r#"<<nope! ?? "none">>"#, Ok("none")),
        (Text, r#"<<ticket^nope! ?? "none">>"#, Ok("none")),
        (Text, r#"<<nope??{"a": [1, 2]}>>"#, Ok(r#"{"a": [1, 2]}"#)),
        (Text, "<<ticket^site ?? 1>>", Ok("null")),
        (Text, "<<nope ?? none>>", Err("syntax")),
        (Text, "<<nope ??>>", Err("syntax")),
        (Text, "<<nope ?? 1 2>>", Err("syntax")),
        // Backslashes before a token escape each other first.
        (Text, r"\<<n>>", Ok("<<n>>")),
        (Text, r"C:\\<<n>>\x", Ok(r"C:\7\x")),
        (Text, r"\\\<<n>>", Ok(r"\<<n>>")),
        (Text, r"\\\\<<n>>", Ok(r"\\7")),
        (Json, r#""C:\\<<n>>""#, Ok(r#""C:\\7""#)),
        (Json, r#""C:\\\<<n>>""#, Ok(r#""C:\\<<n>>""#)),
        // JSON.
        (Json, "<<list>>", Ok(r#"[1, "a,b"]"#)),
        (Json, r#"{"<<Prompt>>": <<n>>}"#, Ok(r#"{"Hi": 7}"#)),
        (Json, r#"{"\"<<n>>": 1}"#, Ok(r#"{"\"7": 1}"#)),
        (Json, "{<<Prompt>>: 1}", Err("invalid_json")),
        (Json, "1<<n>>", Err("invalid_json")),
        (Json, "<<n>><<n>>", Err("invalid_json")),
        (Json, r#"{"a": <<n>>"#, Err("invalid_json")),
        (Json, r#""\u12<<n>>34""#, Err("invalid_json")),
        (Json, r"\<<n>>", Err("invalid_json")),
        (Json, "", Err("invalid_json")),
        // URLs.
        (UrlPath, "/a/.<<nothing>>", Err("dot_segment")),
        (UrlPath, "/a/<<dot>><<dot>>/b", Err("dot_segment")),
        (UrlPath, "/a/<<nothing>>%2E.", Err("dot_segment")),
        (UrlPath, "/a/.<<nothing>>\t.", Err("dot_segment")),
        (UrlPath, r"/a\\<<dot>>\b", Err("dot_segment")),
        (UrlPath, "/a/x<<dot>>", Ok("/a/x.")),
        (UrlPath, "/a?b=<<dot>>", Ok("/a?b=.")),
        (UrlPath, "/a/../<<n>>", Ok("/a/../7")),
        (UrlPath, "/a%20b/<<n>>", Ok("/a%20b/7")),
        (UrlPath, "/a%2<<n>>", Err("syntax")),
        (UrlPath, "/a%<<n>>", Err("syntax")),
        (UrlPath, "/a%25<<n>>", Ok("/a%257")),
        (QueryValue, "R&D #1=<<n>>", Ok("R%26D%20%231%3D7")),
        (QueryValue, "<<list>>", Ok("%5B1%2C%20%22a%2Cb%22%5D")),
        (Form, "a b&c=<<Prompt>>", Ok("a+b%26c%3DHi")),
        // Headers.
        (Header, "<<ticket^summary>>", Ok("a \"b\"")),
        (Header, "<<lines>>", Err("header_line_break")),
        (Header, "<<control>>", Err("header_line_break")),
        (Header, "a\r\nb", Err("header_line_break")),
        // XML.
        (
            Xml,
            "<a b='<<ticket^summary>>'><<lines>></a>",
            Ok("<a b='a &quot;b&quot;'>a\nb</a>"),
        ),
        (Xml, "<a><<control>></a>", Ok("<a>a\u{fffd}b</a>")),
        (
            Xml,
            "<?xml version='1.0'?><!-- > --><a><<n>></a>",
            Ok("<?xml version='1.0'?><!-- > --><a>7</a>"),
        ),
        (Xml, "<a b=<<n>>/>", Err("syntax")),
        (Xml, "<!-- <<n>> -->", Err("syntax")),
        (Xml, "<![CDATA[<<n>>]]>", Err("syntax")),
        (Xml, "<?x <<n>>?>", Err("syntax")),
        (Xml, "<![CDATA[>]]><<n>>", Ok("<![CDATA[>]]>7")),
    ] {
        assert_eq!(
            rendered(text, context),
            expected.map(str::to_owned),
            "{context:?}: {text}"
        );
    }
}

#[test]
fn what_is_no_template_says_where_and_what_to_do() {
    for (context, text, at, sentence) in [
        (Context::Text, "é <<n", 2, "never closed"),
        (Context::Text, "é <<a <<n>>", 2, "never closed"),
        (Context::Text, "<<a\n>>", 0, "never closed"),
        (Context::Text, "é <<  >>", 2, "names no variable"),
        (Context::Text, "<<^a>>", 0, "names no variable"),
        (Context::Text, "<<é]>>", 3, "`]` cannot stand here"),
        (Context::Text, r"<<é\x>>", 3, r"`\` cannot stand here"),
        (Context::Text, "<<é!!>>", 4, "`!` may stand only at the end"),
        (Context::Text, "<<response@>>", 11, "`response@status`"),
        (Context::Text, "<<request@header[x>>", 16, "has no `]`"),
        (Context::Text, "<<é^>>", 4, "A name must follow"),
        (
            Context::Text,
            "<<é ?? x>>",
            4,
            "`x` behind `??` is not a JSON value",
        ),
        (Context::Json, "{\"é\": <<n>> x}", 12, "not JSON"),
        (Context::Json, "{\"\\<<n>>\": x}", 11, "not JSON"),
        (Context::Json, "[<<n>> <<n>>]", 7, "not JSON"),
        (Context::Json, " ", 0, "is empty"),
        (Context::Header, "é\\<<\n", 4, "line break"),
        (Context::UrlPath, "/é%<<n>>", 3, "percent escape"),
        (Context::Xml, "<é <<n>>>", 3, "No token can stand here"),
    ] {
        let error = Template::parse(text, context).unwrap_err();
        assert_eq!(error.at(), at, "{text}: {error}");
        assert!(error.to_string().contains(sentence), "{text}: {error}");
        assert!(error.to_string().ends_with(['.', '?']), "{text}: {error}");
    }
}

#[test]
fn what_cannot_be_rendered_names_its_token() {
    for (context, text, sentence) in [
        (
            Context::Text,
            "a <<Promt>>",
            "`<<Promt>>` has no value: no variable `Promt`; there is `Prompt`.",
        ),
        (
            Context::Text,
            "a <<prompt ^x>>",
            "`<<prompt ^x>>` has no value: no variable `prompt `; there is `Prompt`.",
        ),
        (
            Context::Text,
            "a <<Something else>>",
            "`<<Something else>>` has no value: no variable `Something else`. Make it an input variable, or set it in a step before this one; or give the token a fallback, as in `<<Something else ?? \"none\">>`.",
        ),
        (
            Context::Header,
            "a <<lines>>",
            "The value of `<<lines>>` holds a line break, and a header cannot: choose another value.",
        ),
        (
            Context::UrlPath,
            "a/<<dot>>",
            "The value of `<<dot>>` makes this part of the path `.` or `..`, which would lead elsewhere: choose another value.",
        ),
    ] {
        let error = Template::parse(text, context)
            .unwrap()
            .render(&variables())
            .unwrap_err();
        assert_eq!(error.to_string(), sentence);
        assert_eq!(error.token().map(|token| token.at), Some(2));
    }
    let missing = Template::parse("<<ticket^nope>>", Context::Text)
        .unwrap()
        .render(&variables())
        .unwrap_err();
    assert!(
        missing.missing().is_some()
            && missing
                .to_string()
                .starts_with("`<<ticket^nope>>` has no value: ")
    );
}

#[test]
fn json_may_not_become_too_deep_through_its_values() {
    let mut variables = Variables::new();
    variables
        .insert("deep", format!("{}{}", "[".repeat(128), "]".repeat(128)))
        .unwrap();
    let template = Template::parse("[<<deep>>]", Context::Json).unwrap();
    assert_eq!(
        template.render(&variables).unwrap_err().kind(),
        "invalid_json"
    );
}

#[test]
fn tokens_tell_what_they_draw_from() {
    let text = "é <<Group Name^a[0]!>> <<request@header[X-Y]>> <<n ?? 1>>";
    let template = Template::parse(text, Context::Text).unwrap();
    let told: Vec<_> = template
        .tokens()
        .map(|token| {
            let path = token.path().map(ToString::to_string);
            (
                token.variable(),
                path,
                token.is_bare(),
                token.has_fallback(),
                token.at(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                "Group Name",
                Some("Group Name^a[0]".to_owned()),
                true,
                false,
                2
            ),
            ("request", None, false, false, 23),
            ("n", None, false, true, 47),
        ]
    );
    let labels: Vec<_> = template.tokens().map(Token::label).collect();
    assert_eq!(labels, ["Group Name^a[0]", "request@header[X-Y]", "n"]);
    assert_eq!(template.source(), text);
    assert_eq!(
        template.tokens().next().unwrap().text(),
        "<<Group Name^a[0]!>>"
    );
}

#[test]
fn a_mapping_of_one_token_keeps_the_kind_of_its_value() {
    for (text, expected) in [
        ("<<ticket^id>>", Ok(("42", false))),
        ("<<ticket^id!>>", Ok(("42", true))),
        ("<<list>>", Ok((r#"[1, "a,b"]"#, false))),
        ("<<Prompt!>>", Ok((r#""Hi""#, true))),
        ("<<Reply>>", Ok((r#""yes""#, true))),
        ("<<nope ?? null>>", Ok(("null", false))),
        ("#<<ticket^id>>", Ok((r##""#42""##, false))),
        (" <<ticket^id>>", Ok((r#"" 42""#, false))),
        ("<<Prompt>> <<lines!>>", Ok((r#""\"Hi\" a\nb""#, false))),
        ("", Ok((r#""""#, false))),
        ("<<nope>>", Err("unresolved")),
        ("a <<nope>>", Err("unresolved")),
    ] {
        let mapping = Mapping::parse(text).unwrap();
        let value = mapping.render(&variables()).map_err(|error| error.kind());
        assert_eq!(
            value,
            expected.map(|(json, bare)| (json.to_owned(), bare)),
            "{text}"
        );
        assert_eq!(mapping.source(), text);
    }
    assert_eq!(Mapping::parse("a <<").unwrap_err().kind(), "syntax");
}

#[test]
fn variables_hold_json_and_nothing_else() {
    let mut variables = Variables::new();
    for broken in ["", "x", "\"a", "1 2", "\u{0}"] {
        let refused = variables.insert("a", broken).unwrap_err();
        assert!(
            refused
                .to_string()
                .starts_with("`a` cannot have this value. "),
            "{refused}"
        );
    }
    variables.insert("b", "\u{feff} [1 , 2]\n").unwrap();
    variables.insert_bare("a", "\"x\"").unwrap();
    assert_eq!(variables.names().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(variables.get("b").map(Variable::json), Some("[1 , 2]"));
    assert_eq!(
        variables
            .iter()
            .map(|(_, variable)| variable.is_bare())
            .collect::<Vec<_>>(),
        [true, false]
    );
    assert!(variables.remove("a").is_some() && variables.get("a").is_none());
}

#[test]
fn a_text_does_not_grow_beyond_all_bounds() {
    let mut variables = Variables::new();
    let large = json::quote(&"x".repeat(MOST_BYTES / 8));
    variables.insert("Large", large).unwrap();
    for context in [Context::Json, Context::Text] {
        let render = |times: usize| {
            let quote = if context == Context::Json { "\"" } else { "" };
            let text = format!("{quote}{}{quote}", "<<Large!>>".repeat(times));
            let template = Template::parse(&text, context).unwrap();
            template.render(&variables).map_err(|error| error.kind())
        };
        assert!(render(1).is_ok(), "{context:?}");
        assert_eq!(render(200_000), Err("too_large"), "{context:?}");
    }
}
