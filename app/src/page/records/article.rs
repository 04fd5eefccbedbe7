//! An article as one reads it.

use leptos::prelude::*;
use shared::desk::{Record, label};

use super::form::Form;
use super::section::text;
use crate::page::prose::prose;
use crate::ui::{EmptyState, Icon};

/// The texts of an article as the desk holds them, each with its formatting.
#[component]
pub(super) fn Reading(form: Form) -> impl IntoView {
    let texts = Memo::new(move |_| form.shown.with(texts));
    let parts = move || {
        let texts = texts.get();
        if texts.is_empty() {
            return view! {
                <EmptyState
                    icon=Icon::Note
                    title="Nothing written yet"
                    text="Edit the article to say what it is about and what to do."
                />
            }
            .into_any();
        }
        texts
            .into_iter()
            .map(|(name, plain, html)| {
                view! {
                    <section class="section">
                        <h2>{label(name)}</h2>
                        {prose(plain, html)}
                    </section>
                }
            })
            .collect_view()
            .into_any()
    };
    let tags = move || {
        let tags = form.shown.with(|shown| text(shown, "tag_string"));
        (!tags.is_empty()).then(|| {
            view! { <p class="muted">{format!("{}: {tags}", label("tag_string"))}</p> }
        })
    };
    view! { <article class="stack stack-large">{parts} {tags}</article> }.into_any()
}

/// The texts that are not empty: the field, the plain text, the HTML.
fn texts(article: &Record) -> Vec<(&'static str, String, String)> {
    [
        ("description", "description_html"),
        ("resolution", "resolution_html"),
    ]
    .into_iter()
    .map(|(plain, html)| (plain, text(article, plain), text(article, html)))
    .filter(|(_, plain, html)| !plain.trim().is_empty() || !html.is_empty())
    .collect()
}

#[cfg(test)]
mod tests {
    use super::texts;
    use serde_json::json;

    #[test]
    fn what_is_empty_has_no_heading() {
        let article = json!({
            "description": " ", "description_html": "", "resolution": "Restart", "resolution_html": "<b>Restart</b>",
        });
        let found = texts(article.as_object().unwrap());
        let names: Vec<_> = found.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names, ["resolution"]);
    }
}
