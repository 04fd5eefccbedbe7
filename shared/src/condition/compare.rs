//! How two values compare.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::value::RawValue;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::json;

/// Numbers as numbers, date-times as instants, anything else as text. A number is
/// what JSON calls one: `007` is none, as codes and telephone numbers look like that.
pub(crate) fn order(left: &str, right: &str, match_case: bool) -> Ordering {
    match (Meaning::of(left), Meaning::of(right)) {
        (Some(Meaning::Number(left)), Some(Meaning::Number(right))) => left.cmp(&right),
        (Some(Meaning::Instant(left)), Some(Meaning::Instant(right))) => left.cmp(&right),
        _ => folded(left, match_case).cmp(&folded(right, match_case)),
    }
}

/// What a text says beside its characters.
enum Meaning<'t> {
    Number(Number<'t>),
    Instant(OffsetDateTime),
}

impl<'t> Meaning<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let text = text.trim();
        if json::is_number(text) {
            return Some(Self::Number(Number(text)));
        }
        let instant = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        Some(Self::Instant(instant))
    }
}

/// A JSON number; `1` and `1.0` are the same one.
struct Number<'t>(&'t str);

impl Ord for Number<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        // Both are numbers.
        json::compare_numbers(self.0, other.0).unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for Number<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number<'_> {}

pub(crate) fn contains(left: &str, right: &str, match_case: bool) -> bool {
    folded(left, match_case).contains(&*folded(right, match_case))
}

pub(crate) fn starts_with(left: &str, right: &str, match_case: bool) -> bool {
    folded(left, match_case).starts_with(&*folded(right, match_case))
}

pub(crate) fn ends_with(left: &str, right: &str, match_case: bool) -> bool {
    folded(left, match_case).ends_with(&*folded(right, match_case))
}

/// Whether two lists have a member in common; a single value is a list of one.
/// Either side may be the list, because Halo's own conditions hold the list on the
/// right, and arrays from tickets stand on the left.
pub(crate) fn share_a_member(left: &str, right: &str, match_case: bool) -> bool {
    let right = members(right);
    // Both sides may be as long as a body, so that comparing all pairs would take for ever.
    let mut numbers = BTreeSet::new();
    let mut instants = BTreeSet::new();
    let mut texts = BTreeSet::new();
    for member in &right {
        match Meaning::of(member) {
            Some(Meaning::Number(number)) => _ = numbers.insert(number),
            Some(Meaning::Instant(instant)) => _ = instants.insert(instant),
            None => _ = texts.insert(folded(member, match_case)),
        }
    }
    members(left)
        .iter()
        .any(|member| match Meaning::of(member) {
            Some(Meaning::Number(number)) => numbers.contains(&number),
            Some(Meaning::Instant(instant)) => instants.contains(&instant),
            None => texts.contains(&folded(member, match_case)),
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

/// Character by character, because lower case by words knows a final sigma that
/// would keep a text from being found within another.
fn folded(text: &str, match_case: bool) -> Cow<'_, str> {
    if match_case {
        Cow::Borrowed(text)
    } else {
        text.chars().flat_map(char::to_lowercase).collect()
    }
}
