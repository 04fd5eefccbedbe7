//! Texts that stand in a record twice, as plain text and as HTML.

use serde_json::Value;

use crate::desk::has_formatting;
use crate::desk::record::Record;
use crate::desk::resource::Resource;

/// What editing a plain text means for its formatting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formatting {
    /// There is none, or it was written anew together with the text.
    None,
    /// It is there, and goes with the next change of the plain text.
    AtRisk,
    /// The plain text was changed: saving removes it.
    Lost,
}

/// The field that holds the same text as HTML.
pub fn html_of(resource: &Resource, text: &str) -> Option<&'static str> {
    let pair = resource.pairs.iter().find(|(plain, _)| *plain == text);
    pair.map(|(_, html)| *html)
}

/// What becomes of the formatting of a text when `saved` becomes `draft`: where only the plain half is changed, the desk
/// makes the HTML of it.
pub fn formatting(resource: &Resource, saved: &Record, draft: &Record, text: &str) -> Formatting {
    let Some(html) = html_of(resource, text) else {
        return Formatting::None;
    };
    let stored = saved.get(html).and_then(Value::as_str).unwrap_or_default();
    let is_rewritten = draft.get(html) != saved.get(html);
    if is_rewritten || !has_formatting(stored) {
        return Formatting::None;
    }
    if draft.get(text) == saved.get(text) {
        Formatting::AtRisk
    } else {
        Formatting::Lost
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::desk::resource::{ARTICLE, CLIENT, TICKET};

    #[test]
    fn formatting_goes_where_only_the_plain_text_is_changed() {
        let rich = "<ol><li>Close it</li></ol>";
        let record = |text: &str, html: &str| {
            let record = json!({"resolution": text, "resolution_html": html});
            record.as_object().unwrap().clone()
        };
        for (saved, draft, expected) in [
            (
                record("Close it", rich),
                record("Close it", rich),
                Formatting::AtRisk,
            ),
            (
                record("Close it", rich),
                record("Close it.", rich),
                Formatting::Lost,
            ),
            (
                record("Close it", rich),
                record("Close it.", "x"),
                Formatting::None,
            ),
            (
                record("a b", "a<br>b"),
                record("a c", "a<br>b"),
                Formatting::None,
            ),
            (record("", ""), record("a", ""), Formatting::None),
        ] {
            let found = formatting(&ARTICLE, &saved, &draft, "resolution");
            assert_eq!(found, expected, "{draft:?}");
        }
        assert_eq!(html_of(&TICKET, "details"), Some("details_html"));
        assert_eq!(html_of(&CLIENT, "notes"), None);
    }
}
