//! The variables that a method's templates name.

use crate::model::{Body, Constant, Method};
use crate::output::OutputPath;
use crate::template::{Context, Template, Token};

/// Always there, and never a sample.
const HALO_URL: &str = "halo_url";

/// A variable that somebody has to give a value before a method can be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    pub name: String,
    /// Where it is used, such as `path` or `body.text`; each once.
    pub fields: Vec<String>,
    /// Every token that names it has a fallback.
    pub optional: bool,
    /// What is looked for inside it.
    pub paths: Vec<OutputPath>,
}

/// The variables of a method in the order in which it uses them, without the
/// integration's constants. A field that is no template is read as far as it goes.
pub fn needs(method: &Method, constants: &[Constant]) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    let mut field = |place: String, text: &str, context: Context| {
        let parsed =
            Template::parse(text, context).or_else(|_| Template::parse(text, Context::Text));
        let Ok(template) = parsed else { return };
        for token in template.tokens() {
            let name = token.holder();
            let known = name == HALO_URL || constants.iter().any(|constant| constant.name == name);
            if !known {
                add(&mut needs, &place, token);
            }
        }
    };
    field("path".to_owned(), &method.path, Context::UrlPath);
    for (index, row) in method.query.iter().enumerate().filter(|(_, row)| row.on) {
        let place = format!("query[{index}].value");
        field(place, &row.value, Context::QueryValue);
    }
    for (index, row) in method.headers.iter().enumerate().filter(|(_, row)| row.on) {
        field(
            format!("headers[{index}].value"),
            &row.value,
            Context::Header,
        );
    }
    match &method.body {
        _ if !method.http_method.permits_body() => {}
        Body::Empty {} => {}
        Body::Json { text } => field("body.text".to_owned(), text, Context::Json),
        Body::Xml { text } => field("body.text".to_owned(), text, Context::Xml),
        Body::Text { text, .. } => field("body.text".to_owned(), text, Context::Text),
        Body::Form { fields } => {
            for (index, row) in fields.iter().enumerate() {
                let place = format!("body.fields[{index}].value");
                field(place, &row.value, Context::Form);
            }
        }
    }
    needs
}

fn add(needs: &mut Vec<Need>, place: &str, token: &Token) {
    let name = token.holder();
    if !needs.iter().any(|need| need.name == name) {
        needs.push(Need {
            name: name.to_owned(),
            fields: Vec::new(),
            optional: true,
            paths: Vec::new(),
        });
    }
    let Some(need) = needs.iter_mut().find(|need| need.name == name) else {
        return;
    };
    if !need.fields.iter().any(|field| field == place) {
        need.fields.push(place.to_owned());
    }
    need.optional &= token.has_fallback();
    if let Some(path) = token.path()
        && !need.paths.contains(path)
    {
        need.paths.push(path.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::strict;

    fn method(fields: &str) -> Method {
        let text = format!(r#"{{"id": "m", "name": "M", "path": "/a", {fields}}}"#);
        strict::from_slice(text.as_bytes()).unwrap()
    }

    type Expected<'a> = &'a [(&'a str, &'a str, bool)];

    #[test]
    fn each_variable_is_needed_once_and_constants_never() {
        let constants = [Constant {
            name: "region".to_owned(),
            value: "eu".to_owned(),
        }];
        let cases: [(&str, Expected<'_>); 7] = [
            (r#""http_method": "GET""#, &[]),
            (
                r#""http_method": "GET", "query": [{"name": "q", "value": "<<Search Term>>"}, {"name": "r", "value": "<<Off>>", "on": false}]"#,
                &[("Search Term", "query[0].value", false)],
            ),
            (
                r#""http_method": "POST", "body": {"type": "json", "text": "{\"a\": <<ticket^id>>, \"b\": \"<<ticket^summary ?? \"none\">>\", \"c\": <<region>>, \"d\": <<halo_url>>}"}"#,
                &[("ticket", "body.text", false)],
            ),
            (
                r#""http_method": "POST", "body": {"type": "json", "text": "{\"a\": <<Note ?? null>>"}"#,
                &[("Note", "body.text", true)],
            ),
            (
                r#""http_method": "GET", "body": {"type": "json", "text": "<<Note>>"}"#,
                &[],
            ),
            (
                r#""http_method": "GET", "headers": [{"name": "X", "value": "<<request@header[x-topic]>>"}]"#,
                &[("request@header", "headers[0].value", false)],
            ),
            (
                r#""http_method": "POST", "body": {"type": "form", "fields": [{"name": "a", "value": "<<A>> and <<B>>"}]}"#,
                &[
                    ("A", "body.fields[0].value", false),
                    ("B", "body.fields[0].value", false),
                ],
            ),
        ];
        for (fields, expected) in cases {
            let found = needs(&method(fields), &constants);
            let found: Vec<(&str, &str, bool)> = found
                .iter()
                .map(|need| (need.name.as_str(), need.fields[0].as_str(), need.optional))
                .collect();
            assert_eq!(found, expected, "{fields}");
        }
    }

    #[test]
    fn a_token_that_is_being_typed_hides_only_its_own_field() {
        let unfinished = method(
            r#""http_method": "POST", "query": [{"name": "q", "value": "<<A"}], "body": {"type": "text", "content_type": "text/plain", "text": "<<B>>"}"#,
        );
        let names: Vec<String> = needs(&unfinished, &[])
            .into_iter()
            .map(|n| n.name)
            .collect();
        assert_eq!(names, ["B"]);
    }
}
