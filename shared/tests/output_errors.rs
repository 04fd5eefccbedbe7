//! The sentences that people read when a path or a body is not what it should be.

use shared::json::{self, Limits};
use shared::output::{OutputPath, Source};

fn path_errors(paths: &[&str]) -> String {
    lines(paths, |path| match OutputPath::parse(path) {
        Ok(_) => "is a path".to_owned(),
        Err(error) => error.to_string(),
    })
}

fn lines(inputs: &[&str], line: impl Fn(&str) -> String) -> String {
    let lines: Vec<String> = inputs
        .iter()
        .map(|input| format!("{input:<28} {}", line(input)))
        .collect();
    lines.join("\n")
}

#[test]
fn a_path_that_is_none() {
    insta::assert_snapshot!(path_errors(&[
        "",
        "responses^a",
        "response^",
        "response^a^^b",
        "response^a\\x",
        "response^a\\",
        "response^a]",
        "response[0]a",
        "response^a[0",
        "response^a[x]",
        "response[]",
        "response[-]",
        "response[-0]",
        "response[=1]",
        "response[a[0]=1]",
        "response[a^=1]",
        "response[*a]",
        "response[a=1",
        "response[a=\"b]",
        "response[a=\"b\"c]",
        "response[a=b]]",
        "response^a!b",
    ]), @r##"
                                 A path begins with `response`.
    responses^a                  After `response` a path goes on with `^` and a name, with `[`, or not at all. Did you mean `response^a`?
    response^                    A name must follow `^`.
    response^a^^b                A name must follow `^`.
    response^a\x                 A backslash may stand only before one of ^ [ ] ! \ = < > ~ & @ ?, and makes it part of the name; a backslash itself is written \\. Did you mean `response^a\\x`?
    response^a\                  A backslash may stand only before one of ^ [ ] ! \ = < > ~ & @ ?, and makes it part of the name; a backslash itself is written \\. Did you mean `response^a\\`?
    response^a]                  This `]` closes nothing; if it is part of the name, write `\]`, and in a test put the value in quotes. Did you mean `response^a\]`?
    response[0]a                 After `]` a path goes on with `^` and a name, with `[`, or not at all. Did you mean `response[0]^a`?
    response^a[0                 This `[` has no `]`.
    response^a[x]                In brackets stands a number such as [0] or [-1], a test such as [name=value], or [*]. Did you mean `response^a^x`?
    response[]                   In brackets stands a number such as [0] or [-1], a test such as [name=value], or [*]. Did you mean `response[*]`?
    response[-]                  In brackets stands a number such as [0] or [-1], a test such as [name=value], or [*].
    response[-0]                 [-0] is no element; the first is [0], the last [-1]. Did you mean `response[0]`?
    response[=1]                 A test needs a name before its operator, as in [name=value].
    response[a[0]=1]             A test looks at a property by its names, as in [site^name=Depot]; brackets of the name itself are written `\[` and `\]`.
    response[a^=1]               A name must follow `^`.
    response[*a]                 A test needs one of = != > >= < <= ~ after the name, as in [*name=value].
    response[a=1                 This `[` has no `]`.
    response[a="b]               This quote is not closed.
    response[a="b"c]             After a value in quotes comes `]`, or `&` and another test.
    response[a=b]]               This `]` closes nothing; if it is part of the name, write `\]`, and in a test put the value in quotes.
    response^a!b                 `!` may stand only at the end; if it is part of the name, write `\!`. Did you mean `response^a\!b`?
    "##);
}

#[test]
fn a_path_as_other_languages_write_it() {
    insta::assert_snapshot!(lines(&[
        "response.choices[0].text",
        "response.choices[0].text!",
        "$.choices[0].text",
        "$['choices'][0][\"text\"]",
        "choices[0].text",
        "choices",
        "Response^choices",
        " response^id",
        "response.choices.0.text",
        "/choices/0/text",
        "response->choices[0]->text",
        "response?.choices?.[0]?.text",
        "$.items[*].id",
        "$.items[?(@.id==7)].name",
        "$.items[?(@.site.name == 'A' && @.id > 7)]",
        "items[?id==`7`].name",
        "response[ 0 ]",
        "response[-0]",
        "response['a b']",
        "$.x>>y",
        "$..text",
        "$",
        "response@status",
    ], |path| {
        let error = OutputPath::parse(path).unwrap_err();
        error.suggestion().unwrap_or("-").to_owned()
    }), @r##"
    response.choices[0].text     response^choices[0]^text
    response.choices[0].text!    response^choices[0]^text!
    $.choices[0].text            response^choices[0]^text
    $['choices'][0]["text"]      response^choices[0]^text
    choices[0].text              response^choices[0]^text
    choices                      response^choices
    Response^choices             response^choices
     response^id                 response^id
    response.choices.0.text      response^choices[0]^text
    /choices/0/text              response^choices[0]^text
    response->choices[0]->text   response^choices[0]^text
    response?.choices?.[0]?.text response^choices[0]^text
    $.items[*].id                response^items[*]^id
    $.items[?(@.id==7)].name     response^items[*id=7]^name
    $.items[?(@.site.name == 'A' && @.id > 7)] response^items[*site^name="A"&id>7]
    items[?id==`7`].name         response^items[*id=7]^name
    response[ 0 ]                response[0]
    response[-0]                 response[0]
    response['a b']              response^a b
    $.x>>y                       response^x\>\>y
    $..text                      -
    $                            -
    response@status              -
    "##);
}

#[test]
fn a_source_that_is_none() {
    insta::assert_snapshot!(lines(&[
        "response@statuscode",
        "response@stats",
        "response@headers[retry-after]",
        "response@method",
        "response@",
        "response@header",
        "response@header[]",
        "response@header[a",
        "response@status[0]",
        "response@status!x",
        "request@status",
        "request@header",
        "request@query[]",
        "request@Query[a]!",
        "ticket@status",
    ], |source| Source::parse(source).unwrap_err().to_string()), @r##"
    response@statuscode          Beside its body a response has `response@status`, `response@header[name]` and `response@time_ms`. Did you mean `response@status`?
    response@stats               Beside its body a response has `response@status`, `response@header[name]` and `response@time_ms`. Did you mean `response@status`?
    response@headers[retry-after] Beside its body a response has `response@status`, `response@header[name]` and `response@time_ms`. Did you mean `response@header[retry-after]`?
    response@method              Beside its body a response has `response@status`, `response@header[name]` and `response@time_ms`.
    response@                    Beside its body a response has `response@status`, `response@header[name]` and `response@time_ms`.
    response@header              This needs a name in brackets, such as [retry-after].
    response@header[]            This needs a name in brackets, such as [retry-after].
    response@header[a            This `[` has no `]`.
    response@status[0]           Nothing but `!` may follow here.
    response@status!x            `!` may stand only at the end; if it is part of the name, write `\!`.
    request@status               Beside its body a request has `request@method`, `request@header[name]` and `request@query[name]`.
    request@header               This needs a name in brackets, such as [x-github-event].
    request@query[]              This needs a name in brackets, such as [page].
    request@Query[a]!            Beside its body a request has `request@method`, `request@header[name]` and `request@query[name]`. Did you mean `request@query[a]!`?
    ticket@status                A path begins with `response`.
    "##);
}

const BODY: &str = r#"{"id": "cmpl-7x", "created": 5, "choices": [{"text": "a", "site": {"name": "HQ"}},
    {"text": "b"}], "usage": {}, "none": [], "nothing": null, "sure": true, "long":
    "0123456789012345678901234567890123456789", "k1": 1, "k2": 1, "k3": 1}"#;

#[test]
fn a_value_that_is_not_there() {
    insta::assert_snapshot!(lines(&[
        "response^choise",
        "response^usage^a^b",
        "response^id^x",
        "response^created^x",
        "response^sure^x",
        "response^nothing^x",
        "response^nothing[0]",
        "response^long[0]",
        "response^choices^text",
        "response^choices[2]",
        "response^none[-1]",
        "response^choices[0][0]^text",
        "response[id=1]",
        "response[*]",
        "response^none[id=1]",
        "response^choices[text=c]^x",
        "response^choices[txt=c]",
        "response^choices[site^nam=HQ]",
        "response^choices[text=c&site^name=HQ]",
        "response^choices[text=a]^name",
        "response^choices[-1]^site^name",
    ], |path| {
        let path = OutputPath::parse(path).unwrap();
        path.extract(BODY.as_bytes()).unwrap_err().to_string()
    }), @r##"
    response^choise              `response` has no `choise`; there is `choices`, `id`, `created`, `usage`, `none`, `nothing`, `sure`, `long` and 3 more.
    response^usage^a^b           `response^usage` has no `a`; it is an empty object.
    response^id^x                `response^id` is a string ("cmpl-7x"), so it has no `x`.
    response^created^x           `response^created` is a number (5), so it has no `x`.
    response^sure^x              `response^sure` is true, so it has no `x`.
    response^nothing^x           `response^nothing` is null, so it has no `x`.
    response^nothing[0]          `response^nothing` is null, so it has no [0].
    response^long[0]             `response^long` is a string ("012345678901234567890123456789012345678…"), so it has no [0].
    response^choices^text        `response^choices` is an array, so it has no `text`; say which element, as in `response^choices[0]^text`.
    response^choices[2]          `response^choices` has no [2]; it has 2 elements.
    response^none[-1]            `response^none` has no [-1]; it is an empty array.
    response^choices[0][0]^text  `response^choices[0]` is an object, so it has no [0]; there is `text`, `site`.
    response[id=1]               `response` is an object, so it has no [id=1]; there is `id`, `created`, `choices`, `usage`, `none`, `nothing`, `sure`, `long` and 3 more.
    response[*]                  `response` is an object, so it has no [*]; there is `id`, `created`, `choices`, `usage`, `none`, `nothing`, `sure`, `long` and 3 more.
    response^none[id=1]          `response^none` is an empty array, so nothing in it passes [id=1].
    response^choices[text=c]^x   Nothing in `response^choices` passes [text=c]; `text` is "a", "b".
    response^choices[txt=c]      Nothing in `response^choices` passes [txt=c]: no element has `txt`; there is `text`, `site`.
    response^choices[site^nam=HQ] Nothing in `response^choices` passes [site^nam=HQ]: no element has `site^nam`; there is `name`.
    response^choices[text=c&site^name=HQ] Nothing in `response^choices` passes [text=c&site^name=HQ].
    response^choices[text=a]^name `response^choices[text=a]` has no `name`; there is `text`, `site`.
    response^choices[-1]^site^name `response^choices[-1]` has no `site`; there is `text`.
    "##);
}

#[test]
fn what_is_missing_is_marked_in_the_path() {
    let path = OutputPath::parse("response^choices[text = a]^näme^x").unwrap();
    let error = path.extract(BODY.as_bytes()).unwrap_err();
    let shared::output::ExtractError::Missing(missing) = error else {
        unreachable!("the body is JSON");
    };
    assert_eq!(missing.segment(), 2);
    let marked: String = path
        .to_string()
        .chars()
        .skip(missing.at().start)
        .take(missing.at().len())
        .collect();
    assert_eq!(marked, "^näme");
    assert_eq!(missing.instead().collect::<Vec<_>>(), ["text", "site"]);
}

#[test]
fn a_body_that_is_no_json() {
    let bodies: [&[u8]; 32] = [
        b"",
        b" \n",
        b"\xef\xbb\xbf",
        b"<!DOCTYPE html>\n<html>",
        b"\n<HTML lang=en>",
        b"<?xml version=\"1.0\"?><a/>",
        b"\xff\xfe{\0}\0",
        b"{\0\"\0a\0",
        b"\0\0\0{",
        b"\x1f\x8b\x08",
        b"\x89PNG\r\n\0",
        b"{\"a\":\"M\xfcller\"}",
        b"{\"a\":\"M\xc3",
        b"{\"a\":1",
        b"{\"a\":tr",
        b"{\"a\":\"x",
        b"{\"a\":1}\n{\"a\":2}",
        b"{'a':1}",
        b"{\"a\":1, // one\n\"b\":2}",
        b"{\"a\":1,}",
        b"[1,]",
        b"[1 2]",
        b"{\"a\" 1}",
        b"{\"a\":NaN}",
        b"{\"a\":-Infinity}",
        b"{\"a\":01}",
        b"{\"a\":\"\\x\"}",
        b"{\"a\":\"\\u12g4\"}",
        b"{\"a\":\"line\nbreak\"}",
        b"a=1&b=2",
        b"Service unavailable",
        b"{\"a\":nil}",
    ];
    let lines: Vec<String> = bodies
        .iter()
        .map(|body| {
            json::validate(body, Limits::default())
                .unwrap_err()
                .to_string()
        })
        .chain([json::validate(b"[[[1]]]", Limits::with_depth(2))
            .unwrap_err()
            .to_string()])
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r##"
    The body is empty, so it is not JSON.
    The body is empty, so it is not JSON.
    The body is empty, so it is not JSON.
    The body is not JSON: it looks like an HTML page. At line 1, column 1 (byte 0) there should be a value, but there is `<`.
    The body is not JSON: it looks like an HTML page. At line 2, column 1 (byte 1) there should be a value, but there is `<`.
    The body is not JSON: it looks like XML. At line 1, column 1 (byte 0) there should be a value, but there is `<`.
    The body is not JSON: it looks like text in UTF-16; JSON is sent in UTF-8. At line 1, column 1 (byte 0) there should be text in UTF-8, but there are other bytes.
    The body is not JSON: it looks like text in UTF-16; JSON is sent in UTF-8. At line 1, column 2 (byte 1) there should be a name in double quotes or `}`, but there is the control character U+0000.
    The body is not JSON: it looks like text in UTF-32; JSON is sent in UTF-8. At line 1, column 1 (byte 0) there should be a value, but there is the control character U+0000.
    The body is not JSON: it looks compressed. At line 1, column 1 (byte 0) there should be a value, but there is the control character U+001F.
    The body is not JSON: it looks like binary data. At line 1, column 1 (byte 0) there should be text in UTF-8, but there are other bytes.
    The body is not JSON: it looks like text in another encoding; JSON is sent in UTF-8. At line 1, column 8 (byte 7) there should be text in UTF-8, but there are other bytes.
    The body is not JSON: it ends in the middle, as if it was cut off. At line 1, column 8 (byte 7) there should be text in UTF-8, but there are other bytes.
    The body is not JSON: it ends in the middle, as if it was cut off. At line 1, column 7 (byte 6) there should be `,` or `}`, but nothing follows.
    The body is not JSON: it ends in the middle, as if it was cut off. At line 1, column 6 (byte 5) there should be `true`, but there is `t`.
    The body is not JSON: it ends in the middle, as if it was cut off. At line 1, column 8 (byte 7) there should be a closing `"`, but nothing follows.
    The body is not JSON: it looks like several JSON values, one after the other. At line 2, column 1 (byte 8) there should be nothing more, but there is `{`.
    The body is not JSON: it uses single quotes where JSON has double ones. At line 1, column 2 (byte 1) there should be a name in double quotes or `}`, but there is `'`.
    The body is not JSON: it has a comment, which JSON does not allow. At line 1, column 9 (byte 8) there should be a name in double quotes, but there is `/`.
    The body is not JSON: it has a comma too many. At line 1, column 8 (byte 7) there should be a name in double quotes, but there is `}`.
    The body is not JSON: it has a comma too many. At line 1, column 4 (byte 3) there should be a value, but there is `]`.
    The body is not JSON: at line 1, column 4 (byte 3) there should be `,` or `]`, but there is `2`.
    The body is not JSON: at line 1, column 6 (byte 5) there should be `:`, but there is `1`.
    The body is not JSON: it has a word that is not JSON's. At line 1, column 6 (byte 5) there should be a value, but there is `N`.
    The body is not JSON: it has a word that is not JSON's. At line 1, column 7 (byte 6) there should be a digit, but there is `I`.
    The body is not JSON: at line 1, column 7 (byte 6) there should be a number without a leading zero, but there is `1`.
    The body is not JSON: at line 1, column 8 (byte 7) there should be one of `" \ / b f n r t u` after the backslash, but there is `x`.
    The body is not JSON: at line 1, column 11 (byte 10) there should be four hexadecimal digits after `\u`, but there is `g`.
    The body is not JSON: at line 1, column 11 (byte 10) there should be an escape such as `\n` for a control character, but there is the control character U+000A.
    The body is not JSON: it looks like form fields. At line 1, column 1 (byte 0) there should be a value, but there is `a`.
    The body is not JSON: it looks like plain text. At line 1, column 1 (byte 0) there should be a value, but there is `S`.
    The body is not JSON: at line 1, column 6 (byte 5) there should be `null`, but there is `n`.
    The body nests objects and arrays more than 2 deep, at line 1, column 3 (byte 2).
    "##);
}
