//! What of a page stands in the query of its address, so that a reload or a link shows the same.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::ui::Bound;

/// A value that the address holds under `name`; empty where it is not there.
pub fn in_address(name: &'static str) -> Bound<String> {
    let queries = use_query_map();
    let value = Memo::new(move |_| queries.with(|queries| queries.get(name).unwrap_or_default()));
    Bound::new(
        value,
        Callback::new(move |value: String| put_in_address(name, &value)),
    )
}

/// Changes one value of the address in place: no page is left, and going back skips it.
pub fn put_in_address(name: &str, value: &str) {
    put_all_in_address(&[(name, value)]);
}

/// Changes several values of the address at once. One after the other, each would be laid over the same old address.
pub fn put_all_in_address(values: &[(&str, &str)]) {
    if let Some(address) = address_with(values) {
        crate::ui::unsaved::stay_at(&address);
    }
}

/// The address with other values; nothing where that is the one that is shown.
fn address_with(values: &[(&str, &str)]) -> Option<String> {
    let location = window().location();
    let before = location.search().unwrap_or_default();
    let before = before.trim_start_matches('?');
    let search = values
        .iter()
        .fold(before.to_owned(), |search, (name, value)| {
            let encoded = String::from(js_sys::encode_uri_component(value));
            with_query(&search, name, &encoded)
        });
    if search == before {
        return None;
    }
    let path = location.pathname().unwrap_or_default();
    let question = if search.is_empty() { "" } else { "?" };
    Some(format!("{path}{question}{search}"))
}

/// Changes values of the address as another page of it: going back leads here again, and reading starts at the top.
pub fn turn_in_address(values: &[(&str, &str)]) {
    if let Some(address) = address_with(values) {
        crate::ui::unsaved::go(address);
    }
}

/// `search` (a query without its `?`) with one value replaced, or taken out where it is empty; nothing else changes.
pub fn with_query(search: &str, name: &str, value: &str) -> String {
    let own = format!("{name}={value}");
    let is_own = |part: &str| part.split('=').next() == Some(name);
    let mut parts: Vec<&str> = search.split('&').filter(|part| !part.is_empty()).collect();
    if value.is_empty() {
        parts.retain(|part| !is_own(part));
    } else if let Some(part) = parts.iter_mut().find(|part| is_own(part)) {
        *part = &own;
    } else {
        parts.push(&own);
    }
    parts.join("&")
}

#[cfg(test)]
mod tests {
    use super::with_query;

    #[test]
    fn only_the_named_value_changes() {
        let cases = [
            ("", "body", "tab=body"),
            ("tab=query", "body", "tab=body"),
            ("a=1&tab=query&b=2", "body", "a=1&tab=body&b=2"),
            ("tabs=1", "body", "tabs=1&tab=body"),
            ("tab", "body", "tab=body"),
            ("a=1&tab=query&b=2", "", "a=1&b=2"),
            ("tab=query", "", ""),
            ("a=1", "", "a=1"),
        ];
        for (search, value, expected) in cases {
            assert_eq!(with_query(search, "tab", value), expected, "{search:?}");
        }
    }
}
