//! What an output variable finds in a response, and how to mend one that finds nothing.

use std::ops::Range;

use crate::engine::Response;
use crate::engine::outputs::{Outputs, try_out};
use crate::json::Kind;
use crate::model::Output;
use crate::output::{ExtractError, Missing, OutputPath, Reason, Segment, Source};

/// No more than this many paths are offered.
const MOST: usize = 3;

/// The value of an output variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// As the path gives it: JSON text, or without quotes where it ends with `!`.
    pub shown: String,
    /// What sort of value stands at the path, or the default is.
    pub kind: Option<Kind>,
    /// The path found nothing, and the default stands in.
    pub is_default: bool,
}

/// Why an output variable has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFound {
    /// One sentence.
    pub message: String,
    /// The field that is to blame: `value` or `default`.
    pub field: &'static str,
    /// The path that `at` counts in: as typed, or as it is printed.
    pub path: String,
    /// Where in the path, in characters.
    pub at: Option<Range<usize>>,
    /// Paths that would do, the likeliest first.
    pub instead: Vec<String>,
}

/// What an output variable finds in a response, whatever its name is. Without a response only
/// its path and default are checked, and `None` says that they are in order.
pub fn find(output: &Output, response: Option<&Response>) -> Result<Option<Finding>, NotFound> {
    let source = Source::parse(&output.value).map_err(|error| NotFound {
        message: without_suggestion(&error.to_string(), error.suggestion()),
        field: "value",
        path: output.value.clone(),
        at: Some(error.at()..error.at() + 1),
        instead: error.suggestion().map(str::to_owned).into_iter().collect(),
    })?;
    let named = Output {
        name: "this".to_owned(),
        ..output.clone()
    };
    let output = &named;
    Outputs::compile([(String::new(), output)]).map_err(|errors| {
        let error = errors.into_iter().next();
        let place = error.as_ref().and_then(|error| error.at.field.as_deref());
        NotFound {
            field: match place {
                Some(".default") => "default",
                _ => "value",
            },
            path: output.value.clone(),
            message: error.map(|error| error.message).unwrap_or_default(),
            at: None,
            instead: Vec::new(),
        }
    })?;
    let Some(response) = response else {
        return Ok(None);
    };
    match only(output, response) {
        Ok(shown) => Ok(Some(Finding {
            kind: kind(output, &source, response),
            is_default: output.default.is_some() && found_nothing(output, response),
            shown,
        })),
        Err(message) => Err(explain(&source, message, response)),
    }
}

fn only(output: &Output, response: &Response) -> Result<String, String> {
    let tried = try_out(std::slice::from_ref(output), response).pop();
    match tried {
        Some(result) => result
            .value
            .ok_or_else(|| result.error.map(|error| error.message).unwrap_or_default()),
        None => Err(String::new()),
    }
}

fn found_nothing(output: &Output, response: &Response) -> bool {
    let without_default = Output {
        default: None,
        ..output.clone()
    };
    only(&without_default, response).is_err()
}

/// The kind of the value with its quotes, which `!` may have taken off.
fn kind(output: &Output, source: &Source, response: &Response) -> Option<Kind> {
    let value = output.value.strip_suffix('!').filter(|_| source.is_bare());
    let quoted = Output {
        value: value.unwrap_or(&output.value).to_owned(),
        ..output.clone()
    };
    Kind::of(&only(&quoted, response).ok()?)
}

fn explain(source: &Source, message: String, response: &Response) -> NotFound {
    let mut not_found = NotFound {
        message,
        field: "value",
        path: source.to_string(),
        at: None,
        instead: Vec::new(),
    };
    if let Some(path) = source.body()
        && let Err(ExtractError::Missing(missing)) = path.extract(&response.body.0)
    {
        not_found.message = missing.to_string();
        not_found.at = Some(missing.at());
        not_found.instead = candidates(path, &missing)
            .into_iter()
            .filter_map(|text| OutputPath::parse(&text).ok())
            .filter(|candidate| candidate.extract(&response.body.0).is_ok())
            .map(|candidate| candidate.to_string())
            .take(MOST)
            .collect();
    }
    not_found
}

/// Paths that somebody may have meant, untried.
fn candidates(path: &OutputPath, missing: &Missing) -> Vec<String> {
    let at = missing.segment();
    let with = |replace: &[Segment], keep: bool| {
        let rest = path.segments().iter().skip(at + usize::from(!keep));
        let segments = path.segments().iter().take(at).chain(replace).chain(rest);
        let text: String = segments.map(ToString::to_string).collect();
        let mark = if path.is_bare() { "!" } else { "" };
        format!("{}{text}{mark}", path.root())
    };
    match missing.kind() {
        Reason::NoSuchKey => missing
            .instead()
            .filter(|name| !name.is_empty())
            .map(|name| with(&[Segment::Child(name.into())], false))
            .collect(),
        Reason::NotAnObject => vec![with(&[Segment::Index(0)], true), with(&[], false)],
        Reason::IndexOutOfRange => vec![
            with(&[Segment::FromEnd(1)], false),
            with(&[Segment::Index(0)], false),
        ],
        Reason::NotAnArray => vec![with(&[], false)],
        Reason::NoMatch => Vec::new(),
    }
}

/// The suggestion is offered as a button, so the sentence need not repeat it.
fn without_suggestion(message: &str, suggestion: Option<&str>) -> String {
    let question = suggestion.map(|path| format!(" Did you mean `{path}`?"));
    question
        .and_then(|question| message.strip_suffix(&question))
        .unwrap_or(message)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::strict;

    const BODY: &str = r#"{"id": "cmpl-1", "choices": [{"text": "Hi", "index": 0}], "usage": {"total": 12}, "wow!": "x"}"#;

    fn response(body: &str) -> Response {
        Response {
            status: 200,
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body: body.as_bytes().to_vec().into(),
            time_ms: 12,
        }
    }

    fn output(path: &str, more: &str) -> Output {
        let path = serde_json::to_string(path).unwrap();
        strict::from_slice(format!(r#"{{"name": "X", "value": {path} {more}}}"#).as_bytes())
            .unwrap()
    }

    #[test]
    fn what_is_found_is_shown_as_it_came() {
        for (path, more, shown, kind, is_default) in [
            ("response^id", "", "\"cmpl-1\"", Kind::String, false),
            ("response^id!", "", "cmpl-1", Kind::String, false),
            ("response^usage^total", "", "12", Kind::Number, false),
            ("response^choices[-1]^index", "", "0", Kind::Number, false),
            ("response^wow\\!", "", "\"x\"", Kind::String, false),
            ("response@status", "", "200", Kind::Number, false),
            (
                "response@header[content-type]!",
                "",
                "application/json",
                Kind::String,
                false,
            ),
            (
                "response^none",
                r#", "default": 7"#,
                "7",
                Kind::Number,
                true,
            ),
            (
                "response^id",
                r#", "default": 7"#,
                "\"cmpl-1\"",
                Kind::String,
                false,
            ),
        ] {
            let found = find(&output(path, more), Some(&response(BODY)))
                .unwrap()
                .unwrap();
            assert_eq!(
                (found.shown.as_str(), found.kind, found.is_default),
                (shown, Some(kind), is_default),
                "{path}"
            );
        }
    }

    #[test]
    fn what_finds_nothing_offers_paths_that_do() {
        let cases: [(&str, Range<usize>, &[&str]); 5] = [
            (
                "response^choise[0]^text!",
                8..15,
                &["response^choices[0]^text!"],
            ),
            (
                "response^choices^text",
                16..21,
                &["response^choices[0]^text", "response^choices"],
            ),
            (
                "response^choices[3]^text",
                16..19,
                &["response^choices[-1]^text", "response^choices[0]^text"],
            ),
            ("response^usage[0]^total", 14..17, &["response^usage^total"]),
            ("response^choices[text=No]", 16..25, &[]),
        ];
        for (path, at, instead) in cases {
            let not_found = find(&output(path, ""), Some(&response(BODY))).unwrap_err();
            assert_eq!(not_found.at, Some(at), "{path}");
            assert_eq!(not_found.instead, instead, "{path}");
        }
    }

    #[test]
    fn what_is_no_path_says_so_without_a_response() {
        let dotted = find(&output("response.choices[0].text", ""), None).unwrap_err();
        assert_eq!(dotted.instead, ["response^choices[0]^text"]);
        assert!(!dotted.message.contains("Did you mean"));
        assert_eq!(dotted.at, Some(8..9));
        assert_eq!(find(&output("response^id", ""), None), Ok(None));
        let default = find(
            &output("response^id", r#", "type": "integer", "default": "x""#),
            None,
        );
        assert_eq!(default.unwrap_err().field, "default");
    }

    #[test]
    fn a_body_that_is_no_json_is_explained() {
        let page = find(&output("response^id", ""), Some(&response("<html>"))).unwrap_err();
        assert!(page.message.contains("HTML"), "{}", page.message);
    }
}
