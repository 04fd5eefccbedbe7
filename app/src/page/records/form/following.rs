//! A form that stays open while others change its record.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::desk::Record;
use shared::desk::form::{editable, followed};

use super::super::follow::follow;
use super::Form;
use crate::client;
use crate::ui::announce;

impl Form {
    /// Shows what others change while the page is open. What was typed stays.
    pub(in crate::page::records) fn follow(self) {
        let Some(id) = self.id else { return };
        let is_stale = RwSignal::new(false);
        follow(self.resource(), Some(id), move || is_stale.set(true));
        Effect::new(move |_| {
            if !is_stale.get() || self.editing.saving.get() || self.held.get() {
                return;
            }
            is_stale.set(false);
            spawn_local(async move {
                match client::record(self.resource(), id).await {
                    // What is being saved comes back with its answer, which may be older or newer than this.
                    Ok(_) if self.editing.saving.try_get_untracked() == Some(true) => {
                        is_stale.try_set(true);
                    }
                    Ok(now) => self.take_over(now),
                    Err(fault) if fault.is_missing() => {
                        self.gone.try_set(true);
                    }
                    // A connection that is made anew reads it again.
                    Err(_) => {}
                }
            });
        });
    }

    /// Takes over what was done here beside the fields.
    pub(in crate::page::records) fn took(self, shown: Record) {
        self.lay_under(shown);
    }

    fn take_over(self, shown: Record) {
        if self.lay_under(shown) {
            announce("Changed elsewhere");
        }
    }

    /// Shows what the desk holds now where nothing else was typed; says whether that is something new.
    fn lay_under(self, shown: Record) -> bool {
        let (draft, saved) = (self.editing.draft, self.editing.saved);
        let (Some(typed), Some(before)) = (draft.try_get_untracked(), saved.try_get_untracked())
        else {
            return false;
        };
        let now = editable(self.resource(), &shown);
        let (next_saved, next_draft) = followed(self.resource(), &before, &typed, &now);
        let is_new = next_saved != before;
        if is_new {
            saved.set(next_saved);
        }
        if next_draft != typed {
            draft.set(next_draft);
        }
        self.shown.set(shown);
        is_new
    }
}
