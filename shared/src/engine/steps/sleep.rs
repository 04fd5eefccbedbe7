//! Waits for a time, or until one.

use super::{Answer, Began, Behaviour, Exit, Left, Resumed, Scope, UsedToken};
use crate::desk::instant;
use crate::model::{Timestamp, Way};
use crate::problem::ErrorDetail;
use crate::template::Template;

/// The longest wait, in milliseconds: a year and a day.
const LONGEST_MS: u64 = 366 * 24 * 60 * 60 * 1000;

#[derive(Debug)]
pub(super) enum SleepStep {
    For(u64),
    Until(Template),
}

impl SleepStep {
    pub(super) fn compile(
        for_ms: Option<u64>,
        until: Option<&str>,
    ) -> Result<Self, Vec<ErrorDetail>> {
        let refused =
            |code, message: &str, field| Err(vec![ErrorDetail::new(code, message).at_field(field)]);
        match (for_ms, until) {
            (Some(for_ms), None) if for_ms <= LONGEST_MS => Ok(Self::For(for_ms)),
            (Some(_), None) => refused(
                "sleep_too_long",
                "this step waits longer than a year: enter a shorter time",
                "for_ms",
            ),
            (None, Some(until)) => {
                Template::parse_decoded(until)
                    .map(Self::Until)
                    .map_err(|error| {
                        let mut detail =
                            ErrorDetail::new(error.kind(), error.to_string()).at_field("until");
                        detail.at.offset = Some(error.at());
                        vec![detail]
                    })
            }
            (None, None) => refused(
                "sleep_without_time",
                "nothing says how long to wait: enter a time, or a date-time until which to wait",
                "for_ms",
            ),
            (Some(_), Some(_)) => refused(
                "sleep_with_two_times",
                "this step waits for a time and until a date-time: choose one of them",
                "until",
            ),
        }
    }

    fn until(&self, scope: &Scope<'_>) -> Result<Timestamp, ErrorDetail> {
        let template = match self {
            Self::For(for_ms) => return Ok(scope.now.saturating_add(*for_ms)),
            Self::Until(template) => template,
        };
        let text = template.render(scope.variables).map_err(|error| {
            ErrorDetail::new(
                error.kind(),
                format!("it is not known until when to wait: {error}"),
            )
            .at_field("until")
        })?;
        let text = text.trim();
        let until = instant::parse(text).ok_or_else(|| {
            ErrorDetail::new(
                "not_a_date_time",
                format!(
                    "it is not known until when to wait: `{text}` is not a date-time such as 2030-01-31T09:30:00Z"
                ),
            )
            .at_field("until")
        })?;
        let until = Timestamp::try_from(until.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
        if until > scope.now.saturating_add(LONGEST_MS) {
            return Err(ErrorDetail::new(
                "sleep_too_long",
                format!("`{text}` is more than a year away: check the variable"),
            )
            .at_field("until"));
        }
        Ok(until)
    }
}

impl Behaviour for SleepStep {
    fn begin(&self, scope: &mut Scope<'_>) -> Began {
        match self.until(scope) {
            Ok(until) if until <= scope.now => Began::Left(Left {
                explanation: Some("that time had come already".to_owned()),
                ..Left::by(Way::Finished)
            }),
            Ok(until) => Began::Sleeps(until),
            Err(error) => Began::Left(Left::with(Exit::Fails(error))),
        }
    }

    fn resume(&self, _scope: &mut Scope<'_>, answer: Answer<'_>) -> Resumed {
        Resumed::Left(match answer {
            Answer::Woken => Left::by(Way::Finished),
            Answer::Response(_) | Answer::Nothing(_) | Answer::Child(_) | Answer::Responded(_) => {
                super::unexpected()
            }
        })
    }

    fn tokens(&self) -> Vec<UsedToken<'_>> {
        match self {
            Self::For(_) => Vec::new(),
            Self::Until(template) => template
                .tokens()
                .map(|token| UsedToken::needed("until", token))
                .collect(),
        }
    }
}
