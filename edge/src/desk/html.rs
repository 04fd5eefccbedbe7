//! HTML that came with a ticket, made harmless.

use std::cell::OnceCell;
use std::collections::HashSet;

use ammonia::{Builder, UrlRelative};
use shared::desk::{BLOCKS, CELLS, Html, from_text, to_text};

/// The time that a parser takes may grow with the square of the depth, so what has more tags
/// than this is not parsed, but shown as the text that it is. Long letters have a few hundred.
const MOST_TAGS: usize = 5000;

/// See [`Html`].
#[derive(Debug)]
pub(super) struct Sanitizer;

thread_local! {
    static SHOWN: OnceCell<Builder<'static>> = const { OnceCell::new() };
    static PLAIN: OnceCell<Builder<'static>> = const { OnceCell::new() };
}

impl Html for Sanitizer {
    fn sanitised(&self, html: &str) -> String {
        if has_too_many_tags(html) {
            return from_text(html);
        }
        SHOWN.with(|builder| builder.get_or_init(shown).clean(html).to_string())
    }

    fn plain(&self, html: &str) -> String {
        if has_too_many_tags(html) {
            return html.to_owned();
        }
        PLAIN.with(|builder| to_text(&builder.get_or_init(plain).clean(html).to_string()))
    }
}

/// Formatting, lists, tables and links. No pictures: a page of ours loads none from elsewhere,
/// and one that is asked for tells its sender that the ticket was read.
fn shown() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .rm_tags(["img", "map", "area"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        // A relative address would lead into the console.
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
}

/// Nothing but what breaks lines or keeps cells apart.
fn plain() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .tags(BLOCKS.into_iter().chain(CELLS).collect())
        .tag_attributes(std::collections::HashMap::new())
        .generic_attributes(HashSet::new())
        .clean_content_tags(HashSet::from(["script", "style", "title"]));
    builder
}

fn has_too_many_tags(html: &str) -> bool {
    html.bytes().filter(|byte| *byte == b'<').count() > MOST_TAGS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_taken_out_and_what_formats_stays() {
        for (html, expected) in [
            ("<p>Hi <b>you</b></p>", "<p>Hi <b>you</b></p>"),
            ("a<script>alert(1)</script>b", "ab"),
            ("<style>*{display:none}</style>x", "x"),
            ("<img src=x onerror=alert(1)>x", "x"),
            (
                "<b onclick=\"alert(1)\" style=\"x\" class=\"y\" id=\"z\">x</b>",
                "<b>x</b>",
            ),
            (
                "<a href=\"https://a.example/\">x</a>",
                "<a href=\"https://a.example/\" rel=\"noopener noreferrer nofollow\">x</a>",
            ),
            (
                "<a href=\"javascript:alert(1)\">x</a>",
                "<a rel=\"noopener noreferrer nofollow\">x</a>",
            ),
            (
                "<a href=\"java\nscript:alert(1)\">x</a>",
                "<a rel=\"noopener noreferrer nofollow\">x</a>",
            ),
            (
                "<a href=\"data:text/html,x\">x</a>",
                "<a rel=\"noopener noreferrer nofollow\">x</a>",
            ),
            (
                "<a href=\"/console/sign-out\">x</a>",
                "<a rel=\"noopener noreferrer nofollow\">x</a>",
            ),
            ("<svg><script>alert(1)</script></svg>x", "x"),
            ("<svg/onload=alert(1)>x", "x"),
            (
                "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
                "",
            ),
            (
                "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
                "&lt;p title=\"\"&gt;",
            ),
            (
                "<form action=//a.example><input name=password><button>x</button></form>",
                "x",
            ),
            (
                "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>x",
                "x",
            ),
            (
                "<object data=x></object><embed src=x><base href=//a.example><meta http-equiv=refresh content=0>x",
                "x",
            ),
            ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ] {
            assert_eq!(Sanitizer.sanitised(html), expected, "{html}");
        }
    }

    #[test]
    fn the_text_of_html_has_its_lines_and_no_scripts() {
        for (html, expected) in [
            (
                "<p>Hi,</p><ul><li>one</li><li>two</li></ul>",
                "Hi,\none\ntwo",
            ),
            ("a<br>b &amp; c<script>alert(1)</script>", "a\nb & c"),
            (
                "<table><tr><td>1</td></tr><tr><td>2</td></tr></table>",
                "1\n2",
            ),
            (
                "<table><tr><th>k</th><th>v</th></tr><tr><td>a</td><td>b</td></tr></table>",
                "k v\na b",
            ),
            ("<p class=\"x\" onclick=\"y\">1 &lt; 2</p>", "1 < 2"),
            ("<!-- no --><title>no</title>yes", "yes"),
        ] {
            assert_eq!(Sanitizer.plain(html), expected, "{html}");
        }
    }

    #[test]
    fn html_that_would_take_too_long_is_shown_as_text() {
        let deep = "<div>".repeat(100_000);
        assert!(Sanitizer.sanitised(&deep).starts_with("&lt;div&gt;"));
        assert_eq!(Sanitizer.plain(&deep), deep);
        let nested = "<div>".repeat(MOST_TAGS);
        assert!(Sanitizer.sanitised(&nested).starts_with("<div>"));
    }
}
