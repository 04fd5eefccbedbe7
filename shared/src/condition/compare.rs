//! How two values compare.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::value::RawValue;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::json;

/// Numbers as numbers, date-times as instants, anything else as text. A number is
/// what JSON calls one: `007` is none, as codes and telephone numbers look like that.
pub(super) fn order(left: &str, right: &str, match_case: bool) -> Ordering {
    if let Some(order) = json::compare_numbers(left.trim(), right.trim()) {
        return order;
    }
    if let (Some(left), Some(right)) = (instant(left), instant(right)) {
        return left.cmp(&right);
    }
    folded(left, match_case).cmp(&folded(right, match_case))
}

pub(super) fn contains(left: &str, right: &str, match_case: bool) -> bool {
    folded(left, match_case).contains(&*folded(right, match_case))
}

pub(super) fn starts_with(left: &str, right: &str, match_case: bool) -> bool {
    folded(left, match_case).starts_with(&*folded(right, match_case))
}

pub(super) fn ends_with(left: &str, right: &str, match_case: bool) -> bool {
    folded(left, match_case).ends_with(&*folded(right, match_case))
}

/// Whether two lists have a member in common; a single value is a list of one.
/// Either side may be the list, because Halo's own conditions hold the list on the
/// right, and arrays from tickets stand on the left.
pub(super) fn share_a_member(left: &str, right: &str, match_case: bool) -> bool {
    let right = members(right);
    members(left).iter().any(|left| {
        right
            .iter()
            .any(|right| order(left, right, match_case).is_eq())
    })
}

/// The elements of a JSON array, or the parts between commas; a text with commas is
/// a member as a whole too, so that `Smith, John` is found in an array of names.
fn members(list: &str) -> Vec<Cow<'_, str>> {
    let list = list.trim();
    if list.starts_with('[')
        && let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(list)
    {
        return elements
            .into_iter()
            .map(|element| json::text(element.get()))
            .collect();
    }
    let parts = list
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let whole = Some(list).filter(|list| list.contains(','));
    parts.chain(whole).map(Cow::Borrowed).collect()
}

fn instant(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text.trim(), &Rfc3339).ok()
}

/// Character by character, because lower case by words knows a final sigma that
/// would keep a text from being found within another.
fn folded(text: &str, match_case: bool) -> Cow<'_, str> {
    if match_case {
        Cow::Borrowed(text)
    } else {
        text.chars().flat_map(char::to_lowercase).collect()
    }
}
