//! Records that events happen to: what they are called, and where they are shown.

use shared::model::RecordKind;

use crate::route::Route;

pub fn record_word(record: RecordKind) -> &'static str {
    match record {
        RecordKind::Ticket => "ticket",
        RecordKind::Client => "customer",
        RecordKind::Site => "site",
        RecordKind::User => "user",
        RecordKind::Asset => "asset",
        RecordKind::Article => "article",
    }
}

pub fn record_route(record: RecordKind, id: u64) -> Route {
    let section = match record {
        RecordKind::Ticket => return Route::Ticket(id.to_string()),
        RecordKind::Client => "customers",
        RecordKind::Site => "sites",
        RecordKind::User => "users",
        RecordKind::Asset => "assets",
        RecordKind::Article => "articles",
    };
    Route::Record(section.to_owned(), id.to_string())
}
