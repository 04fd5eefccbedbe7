//! A request before its variables are known: all texts parsed once, all fixed parts checked.

mod parse;

use super::base_url::BaseUrl;
use super::error::RequestError;
use super::header;
use super::path::PathError;
use super::{Destination, Request};
use crate::model::{Body, Constant, DeskOperation, HttpMethod, Integration, Method};
use crate::problem::ErrorDetail;
use crate::template::{
    Context, MOST_BYTES, RenderError, Template, Token, Variables, form_encode, percent_encode,
};

const JSON: &str = "application/json";
const XML: &str = "application/xml";
const FORM: &str = "application/x-www-form-urlencoded";

/// What a method and its integration make of variables: a [`Request`].
#[derive(Debug, Clone, PartialEq)]
pub struct RequestTemplate {
    base: BaseUrl,
    constants: Vec<Constant>,
    method: HttpMethod,
    path: Template,
    query: Vec<Field>,
    headers: Vec<Field>,
    body: BodyTemplate,
}

/// A name and the template of its value.
#[derive(Debug, Clone, PartialEq)]
struct Field {
    name: String,
    value: Template,
    /// Where it is set, such as `headers[1].value`.
    place: String,
}

#[derive(Debug, Clone, PartialEq)]
enum BodyTemplate {
    Empty,
    Whole {
        text: Template,
        content_type: String,
    },
    Form(Vec<Field>),
}

impl RequestTemplate {
    /// Parses a method of an integration. The errors name fields of the method; those of
    /// the integration are `base_url`.
    pub fn for_method(
        integration: &Integration,
        method: &Method,
    ) -> Result<Self, Vec<ErrorDetail>> {
        let mut errors = Vec::new();
        let path = parse::parse_path(&method.path, &mut errors);
        let query = parse::query(&method.query, &mut errors);
        let headers = parse::headers(&method.headers, &mut errors);
        if !method.http_method.permits_body() && method.body != (Body::Empty {}) {
            errors.push(
                ErrorDetail::new(
                    "body_not_permitted",
                    format!(
                        "{} requests have no body: choose another HTTP method, or set the body to none",
                        method.http_method.as_str()
                    ),
                )
                .at_field("body"),
            );
        }
        let body = parse::body(&method.body, &mut errors);
        Self::assemble(
            integration,
            method.http_method,
            path,
            (query, headers, body),
            errors,
        )
    }

    /// Parses a desk action that is sent to another Halo instance. Its base URL may be that of the instance, or of its
    /// resource server, which ends in `/api`.
    pub fn for_desk_action(
        integration: &Integration,
        operation: DeskOperation,
        text: &str,
    ) -> Result<Self, Vec<ErrorDetail>> {
        let mut errors = Vec::new();
        let path = parse::parse_path(operation.resource(), &mut errors);
        let body = if operation.http_method().permits_body() {
            let text = parse::parse(text, Context::Json, "body", &mut errors);
            text.map(|text| BodyTemplate::Whole {
                text,
                content_type: JSON.to_owned(),
            })
        } else {
            Some(BodyTemplate::Empty)
        };
        let fields = (Vec::new(), Vec::new(), body);
        let request = Self::assemble(integration, operation.http_method(), path, fields, errors)?;
        Ok(Self {
            base: request.base.without_api(),
            ..request
        })
    }

    fn assemble(
        integration: &Integration,
        method: HttpMethod,
        path: Option<Template>,
        (query, headers, body): (Vec<Field>, Vec<Field>, Option<BodyTemplate>),
        mut errors: Vec<ErrorDetail>,
    ) -> Result<Self, Vec<ErrorDetail>> {
        let base = BaseUrl::parse(&integration.base_url, &integration.constants)
            .map_err(|error| {
                let detail = ErrorDetail::new(error.code(), error.to_string());
                errors.push(detail.at_field("base_url"));
            })
            .ok();
        match (base, path, body) {
            (Some(base), Some(path), Some(body)) if errors.is_empty() => Ok(Self {
                base,
                constants: integration.constants.clone(),
                method,
                path,
                query,
                headers,
                body,
            }),
            _ => Err(errors),
        }
    }

    /// Where its requests are carried.
    pub fn destination(&self) -> Destination {
        self.base.destination()
    }

    /// Whether the integration gives this name to a constant.
    pub fn has_constant(&self, name: &str) -> bool {
        self.constants.iter().any(|constant| constant.name == name)
    }

    /// The tokens, each with the field that it stands in.
    pub fn tokens(&self) -> impl Iterator<Item = (&str, &Token)> {
        let form = match &self.body {
            BodyTemplate::Form(fields) => fields.as_slice(),
            _ => &[],
        };
        let whole = match &self.body {
            BodyTemplate::Whole { text, .. } => Some(("body.text", text)),
            _ => None,
        };
        [("path", &self.path)]
            .into_iter()
            .chain(
                [&self.query, &self.headers]
                    .into_iter()
                    .flatten()
                    .chain(form)
                    .map(|field| (field.place.as_str(), &field.value)),
            )
            .chain(whole)
            .flat_map(|(place, template)| template.tokens().map(move |token| (place, token)))
    }

    /// Whether requests carry a key by which the service can tell a repeat.
    pub fn has_idempotency_key(&self) -> bool {
        self.headers
            .iter()
            .any(|field| field.name.eq_ignore_ascii_case(super::IDEMPOTENCY_KEY))
    }

    /// The request with the values of its tokens, without its login. The integration's constants
    /// and `halo_url`, the desk's own address, are known where no variable has their name.
    pub fn render(
        &self,
        variables: &mut Variables,
        halo_url: &str,
    ) -> Result<Request, RequestError> {
        let mut lent = Vec::new();
        let constants = self
            .constants
            .iter()
            .map(|constant| (constant.name.as_str(), constant.value.as_str()));
        for (name, value) in constants.chain([("halo_url", halo_url)]) {
            if variables.get(name).is_none() {
                super::insert_text(variables, name, value);
                lent.push(name);
            }
        }
        let request = self.render_with(variables, halo_url);
        for name in lent {
            variables.remove(name);
        }
        request
    }

    fn render_with(&self, variables: &Variables, halo_url: &str) -> Result<Request, RequestError> {
        let path = rendered(&self.path, variables, "path")?;
        if has_an_empty_value_at_an_end(self.path.source(), &path) {
            return Err(RequestError::new(PathError::EmptySegment, "path"));
        }
        let mut url = self
            .base
            .join(halo_url, &path)
            .map_err(|error| RequestError::new(error, "path"))?;
        let mut query = url.query().map(str::to_owned).unwrap_or_default();
        append(&mut query, &self.query, variables, |text| {
            percent_encode(text).to_string()
        })?;
        url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        let mut headers = Vec::with_capacity(self.headers.len() + 1);
        for field in &self.headers {
            let value = rendered(&field.value, variables, &field.place)?;
            header::check_value(&value)
                .map_err(|error| RequestError::new(error, field.place.as_str()))?;
            headers.push((field.name.clone(), value.trim().to_owned()));
        }
        let (body, content_type) = match &self.body {
            BodyTemplate::Empty => (None, None),
            BodyTemplate::Whole { text, content_type } => (
                Some(rendered(text, variables, "body.text")?.into_bytes()),
                Some(content_type.as_str()),
            ),
            BodyTemplate::Form(fields) => {
                let mut form = String::new();
                append(&mut form, fields, variables, |text| {
                    form_encode(text).collect()
                })?;
                (Some(form.into_bytes()), Some(FORM))
            }
        };
        if let Some(content_type) = content_type
            && !headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case("Content-Type"))
        {
            headers.push(("Content-Type".to_owned(), content_type.to_owned()));
        }
        Ok(Request {
            destination: self.base.destination(),
            method: self.method,
            url,
            headers,
            body,
            login: None,
        })
    }
}

/// `/tickets/<<Id>>` with an empty id would be `/tickets/`: another resource, often all of
/// them. So would `<<Kind>>/tickets` be `/tickets`.
fn has_an_empty_value_at_an_end(template: &str, rendered: &str) -> bool {
    let (path, _) = rendered.split_once('?').unwrap_or((rendered, ""));
    if path.is_empty() {
        return !template.is_empty() && !template.starts_with('?');
    }
    let begins_so = path.starts_with('/') && !template.starts_with('/');
    let ends_so = path.ends_with('/') && !template.ends_with('/') && !template.contains("/?");
    begins_so || ends_so
}

fn rendered(
    template: &Template,
    variables: &Variables,
    field: &str,
) -> Result<String, RequestError> {
    template
        .render(variables)
        .map_err(|error| RequestError::new(error, field))
}

fn append(
    pairs: &mut String,
    fields: &[Field],
    variables: &Variables,
    encode: fn(&str) -> String,
) -> Result<(), RequestError> {
    for field in fields {
        if !pairs.is_empty() {
            pairs.push('&');
        }
        pairs.push_str(&encode(&field.name));
        pairs.push('=');
        pairs.push_str(&rendered(&field.value, variables, &field.place)?);
        if pairs.len() > MOST_BYTES {
            return Err(RequestError::new(RenderError::TooLarge, &field.place));
        }
    }
    Ok(())
}
