//! From the texts of a method to templates, with everything that is wrong with them.

use super::{BodyTemplate, Field, JSON, XML};
use crate::model::{Body, NamedTemplate, Pair};
use crate::problem::ErrorDetail;
use crate::request::header::{self, HeaderError};
use crate::request::path;
use crate::template::{Context, Template};

pub(super) fn parse(
    text: &str,
    context: Context,
    field: &str,
    errors: &mut Vec<ErrorDetail>,
) -> Option<Template> {
    match Template::parse(text, context) {
        Ok(template) => Some(template),
        Err(error) => {
            let mut detail = ErrorDetail::new(error.kind(), error.to_string()).at_field(field);
            detail.at.offset = Some(error.at());
            errors.push(detail);
            None
        }
    }
}

pub(super) fn parse_path(text: &str, errors: &mut Vec<ErrorDetail>) -> Option<Template> {
    let template = parse(text, Context::UrlPath, "path", errors)?;
    // Where there are tokens, the same is checked with their values.
    if template.tokens().next().is_none()
        && let Err(error) = path::check(text)
    {
        errors.push(ErrorDetail::new(error.code(), error.to_string()).at_field("path"));
    }
    Some(template)
}

pub(super) fn query(rows: &[Pair], errors: &mut Vec<ErrorDetail>) -> Vec<Field> {
    let mut fields = Vec::new();
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| row.on) {
        if row.name.is_empty() {
            let detail = ErrorDetail::new(
                "empty_name",
                "this query parameter has no name: enter one, or remove the row",
            );
            errors.push(detail.at_field(format!("query[{index}].name")));
        }
        let place = format!("query[{index}].value");
        if let Some(value) = parse(&row.value, Context::QueryValue, &place, errors) {
            let name = row.name.clone();
            fields.push(Field { name, value, place });
        }
    }
    fields
}

pub(super) fn headers(rows: &[Pair], errors: &mut Vec<ErrorDetail>) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| row.on) {
        if let Err(error) = header::check_name(&row.name) {
            let detail = ErrorDetail::new(error.code(), error.to_string());
            errors.push(detail.at_field(format!("headers[{index}].name")));
        }
        if fields
            .iter()
            .any(|known| known.name.eq_ignore_ascii_case(&row.name))
        {
            let detail = ErrorDetail::new(
                "duplicate_header",
                format!(
                    "the header `{}` is set twice: keep one of the rows",
                    row.name
                ),
            );
            errors.push(detail.at_field(format!("headers[{index}].name")));
        }
        let place = format!("headers[{index}].value");
        if let Some(value) = parse(&row.value, Context::Header, &place, errors) {
            let name = row.name.clone();
            fields.push(Field { name, value, place });
        }
    }
    fields
}

pub(super) fn body(body: &Body, errors: &mut Vec<ErrorDetail>) -> Option<BodyTemplate> {
    match body {
        Body::Empty {} => Some(BodyTemplate::Empty),
        Body::Json { text } => Some(BodyTemplate::Whole {
            text: parse(text, Context::Json, "body.text", errors)?,
            content_type: JSON.to_owned(),
        }),
        Body::Xml { text } => Some(BodyTemplate::Whole {
            text: parse(text, Context::Xml, "body.text", errors)?,
            content_type: XML.to_owned(),
        }),
        Body::Text { text, content_type } => {
            let text = parse(text, Context::Text, "body.text", errors)?;
            let content_type = content_type.trim().to_owned();
            if header::check_value(&content_type).is_err() || content_type.is_empty() {
                let error = HeaderError::Value;
                let detail = ErrorDetail::new(
                    error.code(),
                    "the content type is missing or no content type: enter one such as `text/plain`",
                );
                errors.push(detail.at_field("body.content_type"));
                return None;
            }
            Some(BodyTemplate::Whole { text, content_type })
        }
        Body::Form { fields } => Some(BodyTemplate::Form(form(fields, errors))),
    }
}

pub(super) fn form(rows: &[NamedTemplate], errors: &mut Vec<ErrorDetail>) -> Vec<Field> {
    let mut fields = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if row.name.is_empty() {
            let detail = ErrorDetail::new(
                "empty_name",
                "this form field has no name: enter one, or remove the row",
            );
            errors.push(detail.at_field(format!("body.fields[{index}].name")));
        }
        let place = format!("body.fields[{index}].value");
        if let Some(value) = parse(&row.value, Context::Form, &place, errors) {
            let name = row.name.clone();
            fields.push(Field { name, value, place });
        }
    }
    fields
}
