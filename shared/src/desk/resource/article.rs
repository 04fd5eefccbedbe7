//! Knowledge base articles.

use super::{Area, DeskError, Field, Filter, FilterTest, Resource};
use crate::desk::record::Stored;
use crate::desk::write::Completion;

/// `/api/KBArticle`.
pub static ARTICLE: Resource = Resource {
    name: "KBArticle",
    singular: "article",
    about: "How something is done or put right, for agents and users to look up.",
    list_key: Some("articles"),
    table: "article",
    area: Area::Articles,
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Article")
            .about("Its title"),
        Field::text("description").about("What it is about, as plain text"),
        Field::html("description_html").about("What it is about, as HTML"),
        Field::text("resolution").about("What to do, as plain text"),
        Field::html("resolution_html").about("What to do, as HTML"),
        Field::line("tag_string").about("Tags, between commas"),
        Field::objects("faqlists").about("The FAQ lists it stands in, each {\"id\": …}"),
        Field::boolean("inactive"),
        Field::line("who").computed(),
        Field::instant("date_created").computed(),
        Field::instant("date_edited").computed(),
        Field::custom_fields(),
    ],
    pairs: &[
        ("description", "description_html"),
        ("resolution", "resolution_html"),
    ],
    searched: &["id", "name", "description", "resolution", "tag_string"],
    search_index: true,
    filters: &[Filter {
        parameter: "name",
        test: FilterTest::Text("name"),
    }],
    date: Some("date_created"),
    complete: Some(complete),
    ..Resource::BLANK
};

#[expect(
    clippy::unnecessary_wraps,
    reason = "the rules of all resources have one type"
)]
fn complete(article: &mut Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    let now = completion.now();
    if completion.before.is_none() {
        article.set("who", completion.access.who.as_str());
        article.set("date_created", now.as_str());
    }
    article.set("date_edited", now);
    Ok(())
}
