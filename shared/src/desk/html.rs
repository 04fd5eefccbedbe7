//! Notes come as plain text, as HTML, or as both; one that is missing is derived from the other.

use serde_json::Value;

use super::record::Record;

/// What a shell can do with HTML. It never lets through a script, an event handler or an
/// address of a scheme that runs.
pub trait Html {
    /// The same text and harmless formatting, without anything that acts.
    fn sanitised(&self, html: &str) -> String;

    /// The text alone, its paragraphs on lines of their own.
    fn plain(&self, html: &str) -> String;
}

/// Plain text as HTML that shows it just so.
pub fn from_text(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' | '\n' => html.push_str("<br>"),
            other => html.push(other),
        }
    }
    html
}

/// Elements that stand on lines of their own; [`to_text`] breaks lines at them.
pub const BLOCKS: [&str; 19] = [
    "address",
    "article",
    "blockquote",
    "br",
    "dd",
    "div",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "p",
    "pre",
    "section",
    "tr",
];

/// Cells of a table: [`to_text`] keeps what stands in them apart.
pub const CELLS: [&str; 2] = ["td", "th"];

/// Whether HTML holds more than its plain text says: anything but paragraphs and line breaks.
pub fn has_formatting(html: &str) -> bool {
    html.match_indices('<').any(|(at, _)| {
        let tag = html[at + 1..].trim_start_matches('/');
        let end = tag.find(|letter: char| !letter.is_ascii_alphanumeric());
        let name = &tag[..end.unwrap_or(tag.len())];
        let begins = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
        begins
            && !["br", "p", "div"]
                .iter()
                .any(|plain| name.eq_ignore_ascii_case(plain))
    })
}

/// Whether the HTML says itself where its lines end. Where it does not, its line breaks are those of a plain text.
pub fn breaks_lines(html: &str) -> bool {
    html.match_indices('<').any(|(at, _)| {
        let tag = &html.as_bytes()[at + 1..];
        BLOCKS.iter().chain(&["table", "ul", "ol"]).any(|block| {
            tag.get(..block.len())
                .is_some_and(|name| name.eq_ignore_ascii_case(block.as_bytes()))
                && tag
                    .get(block.len())
                    .is_some_and(|next| !next.is_ascii_alphanumeric())
        })
    })
}

/// The text of HTML that holds no element but [`BLOCKS`] and [`CELLS`], without attributes, and no
/// character reference but those that the HTML standard's serialiser writes.
pub fn to_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    // Looking for the end of each tag that has none would take for ever.
    let mut has_ends = true;
    while let Some((run, mark)) = rest
        .find(['<', '&'])
        .and_then(|at| rest.split_at_checked(at))
    {
        text.push_str(run);
        rest = mark;
        if let Some(tag) = rest.strip_prefix('<').filter(|_| has_ends) {
            if let Some((tag, after)) = tag.split_once('>') {
                break_line(&mut text, tag);
                rest = after;
                continue;
            }
            has_ends = false;
        }
        let reference = REFERENCES
            .iter()
            .find(|(reference, _)| rest.starts_with(reference));
        // Anything else is one character of text.
        let (length, meaning) = reference.map_or((1, None), |(r, m)| (r.len(), Some(*m)));
        let (written, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        text.push_str(meaning.unwrap_or(written));
        rest = after;
    }
    text.push_str(rest);
    text.trim().to_owned()
}

/// A serialiser escapes these in text, and nothing else.
const REFERENCES: [(&str, &str); 5] = [
    ("&amp;", "&"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&nbsp;", " "),
    ("&quot;", "\""),
];

/// `<br>` always breaks the line; a block does where something stands before it.
fn break_line(text: &mut String, tag: &str) {
    if CELLS.contains(&tag) {
        if !text.is_empty() && !text.ends_with(char::is_whitespace) {
            text.push(' ');
        }
        return;
    }
    if CELLS.iter().any(|cell| tag.strip_prefix('/') == Some(cell)) {
        return;
    }
    let begun = !text.is_empty() && !text.ends_with('\n');
    if tag == "br" || begun {
        text.push('\n');
    }
}

/// Fills in the missing half of each pair of text and HTML, and gives empty texts for none.
pub(crate) fn complete_pairs(record: &mut Record, pairs: &[(&str, &str)], html: &dyn Html) {
    for (text_name, html_name) in pairs {
        let text = record.get(*text_name).and_then(Value::as_str);
        let marked_up = record.get(*html_name).and_then(Value::as_str);
        let (text, marked_up) = match (text, marked_up) {
            (Some(_), Some(_)) => continue,
            (Some(text), None) => (text.to_owned(), from_text(text)),
            (None, Some(marked_up)) => (html.plain(marked_up), marked_up.to_owned()),
            (None, None) => (String::new(), String::new()),
        };
        record.insert((*text_name).to_owned(), text.into());
        record.insert((*html_name).to_owned(), marked_up.into());
    }
}

/// Sanitises every field whose name says that it is HTML, however deep it stands: fields
/// that the desk does not know are given back too.
pub(crate) fn sanitise(record: &mut Record, html: &dyn Html) {
    for (name, value) in record.iter_mut() {
        sanitise_value(value, is_html(name), html);
    }
}

fn sanitise_value(value: &mut Value, marked_up: bool, html: &dyn Html) {
    match value {
        Value::String(text) if marked_up => *text = html.sanitised(text),
        Value::Array(elements) => {
            for element in elements {
                sanitise_value(element, marked_up, html);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                sanitise_value(field, marked_up || is_html(name), html);
            }
        }
        _ => {}
    }
}

fn is_html(name: &str) -> bool {
    let name = name.as_bytes();
    name.len() >= 4 && name[name.len() - 4..].eq_ignore_ascii_case(b"html")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Marks what went through it.
    #[derive(Debug)]
    struct Marked;

    impl Html for Marked {
        fn sanitised(&self, html: &str) -> String {
            format!("[{html}]")
        }

        fn plain(&self, html: &str) -> String {
            to_text(html)
        }
    }

    #[test]
    fn text_is_shown_just_so_in_html() {
        for (text, html) in [
            ("a\r\nb\nc\rd", "a<br>b<br>c<br>d"),
            ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;"),
            ("", ""),
        ] {
            assert_eq!(from_text(text), html);
        }
    }

    #[test]
    fn html_gives_its_text_with_its_lines() {
        for (html, text) in [
            ("<p>One</p><p>Two</p>", "One\nTwo"),
            ("a<br>b<br><br>c", "a\nb\n\nc"),
            ("<ul><li>1</li><li>2</li></ul>", "1\n2"),
            (
                "<tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr>",
                "a b\n1 2",
            ),
            ("1 &lt; 2 &amp;amp; 3&nbsp;x", "1 < 2 &amp; 3 x"),
            ("a & b &unknown; <", "a & b &unknown; <"),
            ("ä<br>ö&gt;", "ä\nö>"),
            ("a < b < c<br>d", "a \nd"),
            ("<p>a</p> < b < ö", "a\n < b < ö"),
        ] {
            assert_eq!(to_text(html), text, "{html}");
        }
        let open = "<".repeat(300_000);
        assert_eq!(to_text(&open), open, "without looking for an end each time");
    }

    #[test]
    fn the_missing_half_of_a_note_is_derived() {
        for (record, text, html) in [
            (json!({"note": "a\nb"}), "a\nb", "a<br>b"),
            (json!({"note_html": "<p>x</p>"}), "x", "<p>x</p>"),
            (
                json!({"note": "t", "note_html": "<i>h</i>"}),
                "t",
                "<i>h</i>",
            ),
            (json!({"note": null}), "", ""),
        ] {
            let mut record = record.as_object().unwrap().clone();
            complete_pairs(&mut record, &[("note", "note_html")], &Marked);
            assert_eq!(
                (&record["note"], &record["note_html"]),
                (&json!(text), &json!(html))
            );
        }
    }

    #[test]
    fn what_a_plain_text_cannot_say_is_formatting() {
        for (html, expected) in [
            ("", false),
            ("a &lt;b&gt; <br>c<BR/>d", false),
            ("<p>a</p><div>b</div>", false),
            ("a < b", false),
            ("<pre>x</pre>", true),
            ("<p>See <a href=\"https://a.example\">this</a></p>", true),
            ("<UL><li>a", true),
            ("x</b>", true),
        ] {
            assert_eq!(has_formatting(html), expected, "{html}");
        }
    }

    #[test]
    fn html_without_blocks_has_the_lines_of_a_text() {
        for (html, expected) in [
            ("First\n\nSecond <b>now</b>", false),
            ("a < b and <code>", false),
            ("<prefix>", false),
            ("a<br>b", true),
            ("a<BR/>b", true),
            ("<ul class=\"x\"><li>a", true),
            ("<p", false),
        ] {
            assert_eq!(breaks_lines(html), expected, "{html}");
        }
    }

    #[test]
    fn html_is_sanitised_wherever_a_field_is_called_so() {
        let record = json!({
            "note": "n", "note_html": "h", "Body_HTML": ["a", {"x": "b"}],
            "customfields": [{"name": "n", "value_html": "v"}],
        });
        let mut record = record.as_object().unwrap().clone();
        sanitise(&mut record, &Marked);
        let expected = json!({
            "note": "n", "note_html": "[h]", "Body_HTML": ["[a]", {"x": "[b]"}],
            "customfields": [{"name": "n", "value_html": "[v]"}],
        });
        assert_eq!(Value::Object(record), expected);
    }
}
