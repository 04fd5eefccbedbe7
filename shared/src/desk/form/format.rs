//! Texts that have to look a certain way to be of use: addresses and colours. The desk keeps whatever programs send; people
//! are told before they save.

use serde_json::Value;

use crate::desk::record::Record;

/// How a text has to look.
#[derive(Debug, Clone, Copy)]
enum Format {
    Email,
    Colour,
    Website,
}

/// By the names of the fields that they are for.
const FORMATS: [(&str, Format); 4] = [
    ("emailaddress", Format::Email),
    ("newclient_contactemail", Format::Email),
    ("colour", Format::Colour),
    ("website", Format::Website),
];

/// What a field's text should look like, where it does not; the empty text is right.
pub fn misspelt(field: &str, text: &str) -> Option<&'static str> {
    let (_, format) = FORMATS.iter().find(|(name, _)| *name == field)?;
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match format {
        Format::Email if !is_email(text) => {
            Some("An email address looks like priya@example.com: one @, and no spaces")
        }
        Format::Colour if !is_colour(text) => {
            Some("A colour looks like #4f46e5: a # and six digits from 0 to f, or three")
        }
        Format::Website if !is_website(text) => {
            Some("A website looks like https://www.example.com")
        }
        _ => None,
    }
}

/// What was typed into such fields and does not look right. What was there before is left alone: it may have come from
/// elsewhere, and whoever changes another field need not mend it.
pub fn misspellings(saved: &Record, draft: &Record) -> Vec<(&'static str, String)> {
    FORMATS
        .iter()
        .filter(|(name, _)| draft.get(*name) != saved.get(*name))
        .filter_map(|(name, _)| {
            let text = draft.get(*name).and_then(Value::as_str)?;
            Some((*name, misspelt(name, text)?.to_owned()))
        })
        .collect()
}

/// As browsers check it (HTML, 4.10.5.1.5), and letters of all alphabets besides (RFC 6531).
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let in_local =
        |letter: char| letter.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(letter);
    !local.is_empty() && local.chars().all(in_local) && is_host(domain)
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|digits| {
        matches!(digits.len(), 3 | 6) && digits.chars().all(|digit| digit.is_ascii_hexdigit())
    })
}

/// An address of http or https, or a host alone, which has a dot then.
fn is_website(text: &str) -> bool {
    let lower = text.to_lowercase();
    let scheme = ["https://", "http://"]
        .iter()
        .find(|scheme| lower.starts_with(**scheme));
    let rest = scheme.map_or(text, |scheme| &text[scheme.len()..]);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, port),
        None => (authority, "0"),
    };
    is_host(host)
        && port.parse::<u16>().is_ok()
        && (scheme.is_some() || host.contains('.'))
        && !path.contains(char::is_whitespace)
}

/// Labels between dots, each of letters, digits and hyphens that stand neither first nor last (RFC 1123, 2.1).
fn is_host(text: &str) -> bool {
    text.split('.').all(|label| {
        !label.is_empty()
            && label.chars().count() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter == '-')
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_does_not_look_right_is_told_by_its_field() {
        for (field, right, wrong) in [
            (
                "emailaddress",
                vec![
                    "priya@example.com",
                    " priya.nair+desk@mail.example.co.uk ",
                    "root@localhost",
                    "o'neill@example.com",
                    "jürgen@müller.example",
                    "",
                ],
                vec![
                    "priya",
                    "priya@",
                    "@example.com",
                    "a@b@c.example",
                    "a b@example.com",
                    "priya@example..com",
                    "priya@-example.com",
                    "priya@example.com,",
                    "<a@example.com>",
                ],
            ),
            ("newclient_contactemail", vec!["a@example.com"], vec!["a"]),
            (
                "colour",
                vec!["#4f46e5", "#ABC", "  "],
                vec!["4f46e5", "#4f46e", "#gggggg", "indigo", "#", "#4f46e5ff"],
            ),
            (
                "website",
                vec![
                    "https://www.example.com",
                    "HTTP://example.com:8080/a?b#c",
                    "www.example.com",
                    "example.com/about",
                    "https://intranet",
                    "https://müller.example",
                ],
                vec![
                    "example",
                    "https://",
                    "www example com",
                    "javascript:alert(1)",
                    "ftp://example.com",
                    "https://exam ple.com",
                    "https://example.com/a b",
                    "https://example.com:99999",
                    "priya@example.com",
                ],
            ),
            ("name", vec!["anything # @"], vec![]),
        ] {
            for text in right {
                assert_eq!(misspelt(field, text), None, "{field}: {text}");
            }
            for text in wrong {
                assert!(misspelt(field, text).is_some(), "{field}: {text}");
            }
        }
    }

    #[test]
    fn what_was_there_before_need_not_be_mended() {
        let record = |value: Value| value.as_object().unwrap().clone();
        let saved = record(json!({"website": "?", "colour": "blue"}));
        assert_eq!(misspellings(&saved, &saved), []);
        let draft = record(json!({"website": "?", "colour": "red"}));
        let found: Vec<_> = misspellings(&saved, &draft)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(found, ["colour"]);
    }
}
