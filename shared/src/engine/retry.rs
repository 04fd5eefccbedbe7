//! Whether a request that failed is sent again, and when.

use std::time::{Duration, UNIX_EPOCH};

use super::effect::Effect;
use super::steps::Answer;
use crate::model::{Retry, RetryKind, Timestamp};
use crate::problem::ErrorDetail;

/// The longest wait that a service may ask for, in milliseconds: behind a longer one, people expect the failure.
const LONGEST_ASKED_MS: u64 = 60 * 60 * 1000;

/// Failures that may pass by themselves, as the shell calls them.
const PASSING: [&str; 4] = [
    "timeout",
    "connection_failed",
    "answer_broken_off",
    "unreachable",
];

/// What follows a failure.
#[derive(Debug, PartialEq)]
pub(super) enum Next {
    /// It is told.
    Failure,
    /// The request goes out again then.
    Again(Timestamp),
    /// It is told, together with this: the service asks for a longer wait than anybody would sit through.
    TooLong(ErrorDetail),
}

/// What is wrong with the numbers of a retry.
pub(super) fn problem(retry: &Retry) -> Option<ErrorDetail> {
    if retry.count > Retry::MOST {
        let message = format!(
            "a request is sent again at most {} times: enter a smaller number",
            Retry::MOST
        );
        return Some(ErrorDetail::new("retry_count", message));
    }
    let statuses = retry.statuses();
    let status = statuses
        .iter()
        .find(|status| !(300..600).contains(*status))?;
    let message = format!(
        "{status} is no answer after which to send again: list statuses from 300 to 599, such as 503"
    );
    Some(ErrorDetail::new("retry_status", message))
}

/// What one should know of a retry before it is published; `is_repeatable` tells whether the request may be sent
/// twice at all.
pub(super) fn warnings(retry: &Retry, is_repeatable: bool) -> Vec<ErrorDetail> {
    let mut warnings = Vec::new();
    if retry.kind == RetryKind::None || retry.count == 0 {
        return warnings;
    }
    if !is_repeatable {
        let message = "the request is never sent again, because sending it twice may do harm: give the method an idempotency key, say that it may be repeated, or take the retry out";
        warnings.push(ErrorDetail::new("retry_never_happens", message));
    }
    if retry.kind == RetryKind::Exponential && retry.first_ms > retry.max_ms {
        let message = format!(
            "the first wait ({} s) is longer than the longest one ({} s), which is what counts: exchange them, or lengthen the longest",
            f64::from(retry.first_ms) / 1000.0,
            f64::from(retry.max_ms) / 1000.0
        );
        warnings.push(ErrorDetail::new("retry_waits", message));
    }
    warnings
}

/// Whether an answer is one after which `retry` would have the request sent again, were that harmless.
pub(super) fn is_wanted(retry: &Retry, answer: Answer<'_>) -> bool {
    retry.kind != RetryKind::None && retry.count > 0 && fails(retry, answer)
}

fn fails(retry: &Retry, answer: Answer<'_>) -> bool {
    match answer {
        Answer::Response(response) => {
            retry.statuses().contains(&response.status) && !(200..300).contains(&response.status)
        }
        Answer::Nothing(error) => PASSING.contains(&error.code.as_str()),
        Answer::Woken | Answer::Child(_) | Answer::Responded(_) => false,
    }
}

/// Decides for an answer to `effect`; `tries` have failed before, and `key` names the passage through the step:
/// the waits are chosen by it, so that a replay chooses the same.
pub(super) fn after(
    retry: &Retry,
    effect: &Effect,
    answer: Answer<'_>,
    tries: u8,
    key: &str,
    now: Timestamp,
) -> Next {
    let may_repeat = match effect {
        Effect::Http(call) => call.repeatable,
        Effect::Desk(_) => true,
        _ => false,
    };
    let asked = match answer {
        Answer::Response(response) => response.header("retry-after"),
        Answer::Nothing(_) | Answer::Woken | Answer::Child(_) | Answer::Responded(_) => None,
    };
    if !may_repeat || !fails(retry, answer) || tries >= retry.count.min(Retry::MOST) {
        return Next::Failure;
    }
    let asked = asked.and_then(|text| asked_wait(text, now)).unwrap_or(0);
    if asked > LONGEST_ASKED_MS {
        return Next::TooLong(ErrorDetail::new(
            "retry_too_late",
            format!(
                "the service asks to wait {} minutes before the next try, and an hour is the most: start the runbook again later",
                asked.div_ceil(60_000)
            ),
        ));
    }
    let Some(own) = own_wait(retry, tries, key) else {
        return Next::Failure;
    };
    Next::Again(now.saturating_add(own.max(asked)))
}

fn own_wait(retry: &Retry, tries: u8, key: &str) -> Option<u64> {
    let first = u64::from(retry.first_ms);
    let longest = u64::from(retry.max_ms);
    match retry.kind {
        RetryKind::None => None,
        RetryKind::Fixed => Some(first),
        RetryKind::Exponential => {
            let limit = first
                .saturating_mul(1 << tries.min(Retry::MOST))
                .min(longest);
            Some(scattered(key, tries) % (limit + 1))
        }
    }
}

/// A number that looks random and is the same for the same key and try.
fn scattered(key: &str, tries: u8) -> u64 {
    // FNV-1a, its bits then mixed as by SplitMix64.
    let hash = key
        .bytes()
        .chain([tries])
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// `Retry-After`, in milliseconds: a number of seconds or a date (RFC 9110, section 10.2.3).
fn asked_wait(text: &str, now: Timestamp) -> Option<u64> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse::<u64>().unwrap_or(u64::MAX).saturating_mul(1000));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    let now = UNIX_EPOCH + Duration::from_millis(now);
    let wait = date.duration_since(now).unwrap_or_default();
    Some(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1994-11-06T08:49:37Z.
    const NOW: Timestamp = 784_111_777_000;

    #[test]
    fn a_service_says_in_both_forms_how_long_to_wait() {
        for (text, expected) in [
            ("0", Some(0)),
            (" 120 ", Some(120_000)),
            ("99999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60_000)),
            ("Sunday, 06-Nov-94 08:50:37 GMT", Some(60_000)),
            ("Sun Nov  6 08:50:37 1994", Some(60_000)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(asked_wait(text, NOW), expected, "{text}");
        }
    }

    #[test]
    fn waits_grow_up_to_the_longest_and_are_scattered_below() {
        let retry = Retry {
            first_ms: 100,
            max_ms: 1_000,
            ..Retry::default()
        };
        for (tries, limit) in [
            (0, 100),
            (1, 200),
            (2, 400),
            (3, 800),
            (4, 1_000),
            (9, 1_000),
        ] {
            let waits: Vec<u64> = (0..400)
                .filter_map(|run| own_wait(&retry, tries, &format!("run-{run}/a/0")))
                .collect();
            assert_eq!(waits.len(), 400);
            let (least, most) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
            assert!(*most <= limit && *most > limit * 9 / 10, "{tries}: {most}");
            assert!(*least < limit / 10, "{tries}: {least}");
            let mean = waits.iter().sum::<u64>() / 400;
            assert!(
                (limit * 2 / 5..limit * 3 / 5).contains(&mean),
                "{tries}: {mean}"
            );
        }
        let fixed = Retry {
            kind: RetryKind::Fixed,
            ..retry
        };
        assert_eq!(own_wait(&fixed, 7, "a"), Some(100));
    }
}
