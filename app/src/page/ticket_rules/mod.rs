//! Ticket rules: their list in its order, one by one, and what they would make of a ticket.

mod condition;
mod editor;
mod list;
mod row;
mod setting;
mod try_out;
mod value;

pub use editor::{NewTicketRule, TicketRule};
pub use list::TicketRules;

use leptos::prelude::*;
use shared::desk::resource::TICKET_RULE;
use shared::desk::rule::RuleDraft;

use crate::client::{self, Fault};
use crate::frame::Crumb;
use crate::page::desk_names::ShortLists;
use crate::page::pending::{Deletion, delete, key};
use crate::route::Route;

/// All rules, in the order in which they are tried.
async fn all() -> Result<Vec<RuleDraft>, Fault> {
    let records = client::records(&TICKET_RULE, "count=5000").await?.records;
    let mut rules: Vec<RuleDraft> = records.iter().map(RuleDraft::read).collect();
    rules.sort_by_key(|rule| (rule.precedence, rule.id));
    Ok(rules)
}

/// What a rule does, with the names of what it refers to.
fn words(rule: &RuleDraft, lists: &ShortLists) -> String {
    rule.words(|resource, id| {
        let mut list = lists.of(resource).into_iter();
        list.find(|choice| choice.value == id)
            .map(|choice| choice.label)
    })
}

/// Takes a rule out of sight, and deletes it unless that is taken back.
fn remove(id: u64, name: String) {
    delete(Deletion {
        key: key(TICKET_RULE.name, id),
        method: "DELETE",
        path: format!("/api/{}/{id}", TICKET_RULE.name),
        body: None,
        name,
        done: "Deleted",
    });
}

fn to_settings() -> Crumb {
    Crumb::new("Settings".to_owned(), Route::Settings)
}

/// Where a row of a rule may have a problem, such as `conditions[0]`.
type Problems = Signal<Vec<(String, &'static str)>>;

/// What is wrong at a place.
fn problem_at(problems: Problems, rows: &'static str, at: usize) -> Signal<Option<String>> {
    Signal::derive(move || {
        let place = format!("{rows}[{at}]");
        problems.with(|problems| {
            let found = problems.iter().find(|(other, _)| *other == place);
            found.map(|(_, sentence)| (*sentence).to_owned())
        })
    })
}
