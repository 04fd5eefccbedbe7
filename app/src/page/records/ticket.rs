//! Making and editing tickets by hand.

use leptos::prelude::*;
use shared::desk::Record;

use super::create::Create;
use super::editor::{Editor, Trouble, focus_first};
use super::form::Form;
use super::section::{TICKETS, text};
use crate::client::{self, Fault};
use crate::editing::{SaveButtons, SaveState};
use crate::frame::{Crumb, PageHeader};
use crate::load::show_named;
use crate::route::Route;
use crate::ui::unsaved::go_instead;

/// A new ticket.
#[component]
pub fn NewTicket() -> impl IntoView {
    view! { <Create section=&TICKETS /> }.into_any()
}

/// The fields of a ticket.
#[component]
pub fn EditTicket() -> impl IntoView {
    show_named(
        "ticket",
        |id| async move {
            match id.parse() {
                Ok(id) => client::record(TICKETS.resource, id).await,
                Err(_) => Err(Fault::not_found()),
            }
        },
        |record| view! { <Edit record=record /> }.into_any(),
    )
}

#[component]
fn Edit(record: Record) -> impl IntoView {
    let number = text(&record, "id");
    let form = Form::stored(&TICKETS, record);
    let editing = form.editing;
    form.follow();
    let ticket = Route::Ticket(number.clone());
    let back = ticket.clone();
    let save = Callback::new(move |()| {
        let back = back.clone();
        form.save(move |_| go_instead(back));
    });
    focus_first(form);
    let state = view! { <SaveState dirty=editing.dirty() saving=editing.saving /> }.into_any();
    view! {
        <PageHeader
            title=format!("Edit ticket {number}")
            crumbs=vec![Crumb::new("Desk", Route::Desk), Crumb::new(number, ticket)]
            state=state
        >
            <SaveButtons
                dirty=editing.dirty()
                saving=editing.saving
                on_save=save
                on_discard=move |()| editing.discard()
            />
        </PageHeader>
        <div class="page">
            <div class="form stack">
                <Trouble form=form />
                <Editor form=form />
            </div>
        </div>
    }
    .into_any()
}
