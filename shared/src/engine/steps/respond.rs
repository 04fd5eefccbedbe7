//! Answers the caller who waits for the run, with what the step says. The run goes on.

use super::{Answer, Began, Behaviour, Caller, Exit, Left, Resumed, Scope, UsedToken};
use crate::engine::effect::Effect;
use crate::engine::reply::{self, JSON, MAX_REPLY_BYTES, Reply};
use crate::model::{Pair, Way};
use crate::problem::ErrorDetail;
use crate::request::header;
use crate::template::{Context, RenderError, Template, Token};

const CONTENT_TYPE: &str = "Content-Type";

#[derive(Debug)]
pub(super) struct RespondStep {
    status: u16,
    headers: Vec<Header>,
    body: Option<Template>,
}

#[derive(Debug)]
struct Header {
    name: String,
    value: Template,
    /// Such as `headers[1].value`.
    place: String,
}

impl RespondStep {
    pub(super) fn compile(
        status: u16,
        rows: &[Pair],
        body: &str,
    ) -> Result<Self, Vec<ErrorDetail>> {
        let mut errors = Vec::new();
        errors.extend(reply::check_status(status).err());
        let headers = headers(rows, &mut errors);
        let body = match body.trim() {
            "" => None,
            _ if !reply::permits_body(status) => {
                let message = format!(
                    "an answer of {status} has no body: empty it, or choose another status"
                );
                errors.push(ErrorDetail::new("body_not_permitted", message).at_field("body"));
                None
            }
            _ => {
                let header = headers.iter().find(|header| header.is_content_type());
                let content_type = header.map(|header| header.value.source());
                parse(body, reply::body_context(content_type), "body", &mut errors)
            }
        };
        if errors.is_empty() {
            Ok(Self {
                status,
                headers,
                body,
            })
        } else {
            Err(errors)
        }
    }

    fn reply(&self, scope: &Scope<'_>) -> Result<Reply, ErrorDetail> {
        let render = |template: &Template, field: &str| {
            if let Some(secret) = template.tokens().find(|token| scope.is_secret([*token])) {
                return Err(secret_in_answer(secret).at_field(field));
            }
            template
                .render(scope.variables)
                .map_err(|error: RenderError| {
                    let message = format!("the answer cannot be made: {error}");
                    ErrorDetail::new(error.kind(), message).at_field(field)
                })
        };
        let mut headers = Vec::with_capacity(self.headers.len() + 1);
        for Header { name, value, place } in &self.headers {
            let value = render(value, place)?;
            header::check_value(&value).map_err(|error| {
                ErrorDetail::new(error.code(), error.to_string()).at_field(place)
            })?;
            headers.push((name.clone(), value));
        }
        let body = self.body.as_ref();
        let body = body.map(|body| render(body, "body")).transpose()?;
        if body
            .as_ref()
            .is_some_and(|body| body.len() > MAX_REPLY_BYTES)
        {
            let message = "the body of the answer is larger than 1 MiB: send less";
            return Err(ErrorDetail::new("answer_too_large", message).at_field("body"));
        }
        if body.is_some() && !self.headers.iter().any(Header::is_content_type) {
            headers.push((CONTENT_TYPE.to_owned(), JSON.to_owned()));
        }
        Ok(Reply {
            status: self.status,
            headers,
            body,
        })
    }
}

impl Header {
    fn is_content_type(&self) -> bool {
        self.name.eq_ignore_ascii_case(CONTENT_TYPE)
    }
}

fn headers(rows: &[Pair], errors: &mut Vec<ErrorDetail>) -> Vec<Header> {
    let mut headers: Vec<Header> = Vec::new();
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| row.on) {
        let name_at = format!("headers[{index}].name");
        let known = |header: &Header| header.name.eq_ignore_ascii_case(&row.name);
        if let Err(detail) = reply::check_name(&row.name) {
            errors.push(detail.at_field(&name_at));
        } else if headers.iter().any(known) {
            let message = format!(
                "the header `{}` is set twice: keep one of the rows",
                row.name
            );
            errors.push(ErrorDetail::new("duplicate_header", message).at_field(&name_at));
        }
        let place = format!("headers[{index}].value");
        let Some(value) = parse(&row.value, Context::Header, &place, errors) else {
            continue;
        };
        let header = Header {
            name: row.name.clone(),
            value,
            place,
        };
        if header.is_content_type() && header.value.tokens().next().is_some() {
            let message = "the content type must not depend on variables, because it decides how their values are written into the body: enter one such as `application/json`";
            errors.push(ErrorDetail::new("content_type", message).at_field(&header.place));
        }
        headers.push(header);
    }
    headers
}

fn parse(
    text: &str,
    context: Context,
    field: &str,
    errors: &mut Vec<ErrorDetail>,
) -> Option<Template> {
    let parsed = Template::parse(text, context).map_err(|error| {
        let mut detail = ErrorDetail::new(error.kind(), error.to_string()).at_field(field);
        detail.at.offset = Some(error.at());
        errors.push(detail);
    });
    parsed.ok()
}

pub(in crate::engine) fn secret_in_answer(token: &Token) -> ErrorDetail {
    ErrorDetail::new(
        "secret_in_answer",
        format!(
            "{} is secret, and what is secret is never part of an answer: take it out of the answer",
            token.text()
        ),
    )
}

impl Behaviour for RespondStep {
    fn begin(&self, scope: &mut Scope<'_>) -> Began {
        let unsent = |words: &str| {
            Began::Left(Left {
                explanation: Some(words.to_owned()),
                ..Left::by(Way::Done)
            })
        };
        match scope.caller {
            Caller::Nobody => unsent("nothing was sent: nobody waits for an answer to this run"),
            Caller::Answered => unsent("nothing was sent: the caller has an answer already"),
            Caller::Waits | Caller::AsksAgain => match self.reply(scope) {
                Ok(reply) => Began::Waits(Effect::Respond(Box::new(reply))),
                Err(error) => Began::Left(Left::with(Exit::Fails(error))),
            },
        }
    }

    fn resume(&self, _scope: &mut Scope<'_>, answer: Answer<'_>) -> Resumed {
        let words = match answer {
            Answer::Responded(Caller::AsksAgain) => format!(
                "the caller had been told already that the run takes longer; who sends the request again with its idempotency key is answered with {}",
                self.status
            ),
            Answer::Responded(_) => format!("answered the caller with {}", self.status),
            Answer::Nothing(error) => {
                return Resumed::Left(Left::with(Exit::Fails(error.clone())));
            }
            Answer::Response(_) | Answer::Child(_) | Answer::Woken => {
                return Resumed::Left(super::unexpected());
            }
        };
        Resumed::Left(Left {
            explanation: Some(words),
            ..Left::by(Way::Done)
        })
    }

    fn tokens(&self) -> Vec<UsedToken<'_>> {
        let body = self.body.iter().map(|body| ("body", body));
        let headers = self.headers.iter();
        headers
            .map(|header| (header.place.as_str(), &header.value))
            .chain(body)
            .flat_map(|(field, template)| {
                let tokens = template.tokens();
                tokens.map(move |token| UsedToken::needed(field, token))
            })
            .collect()
    }
}
