//! Deletions: of a record with its parts, where nothing else needs it.

use serde_json::Value;

use super::Writer;
use crate::desk::error::DeskError;
use crate::desk::list::{Condition, ListQuery};
use crate::desk::record::{self, Stored};
use crate::desk::resource::{OnDelete, RESOURCES, Resource, Subject};
use crate::model::RecordChange;

impl Writer<'_> {
    /// Deletes a record and its parts; refused while anything else refers to one of them.
    pub(in crate::desk) fn delete(
        &self,
        resource: &'static Resource,
        record: &Stored,
    ) -> Result<(), DeskError> {
        self.may_be_deleted(resource, record)?;
        for referring in RESOURCES {
            for (field, reference) in referring.references() {
                if reference.to != resource {
                    continue;
                }
                let ids = self.records.referring(referring, field.name, record.id)?;
                match reference.on_delete {
                    OnDelete::Refuse if !ids.is_empty() => {
                        return Err(DeskError::StillUsed {
                            singular: resource.singular,
                            count: ids.len(),
                            by: referring.singular,
                        });
                    }
                    OnDelete::Refuse => {}
                    OnDelete::Delete => {
                        for id in ids {
                            // A part of a part may be gone already.
                            if let Some(part) = self.records.stored(referring, id)? {
                                self.delete(referring, &part)?;
                            }
                        }
                    }
                }
            }
        }
        self.take_out(resource, record.id)?;
        let before = self.shown(resource, record.id)?;
        self.records.delete(resource, record.id)?;
        self.forget_place(resource, record.id)?;
        if resource.subject == Subject::Action {
            self.changes.borrow_mut().touch(record.id_in("ticket_id"));
        }
        self.note(resource, record.id, RecordChange::Deleted, before);
        Ok(())
    }

    /// Takes a record that goes out of the lists in which others name it.
    fn take_out(&self, resource: &'static Resource, id: u64) -> Result<(), DeskError> {
        for (other, field, parameter) in resource.listed_in {
            let holders = format!("{parameter}={id}&idonly=true&includeinactive=true&count=true");
            let holders = self.records.list(&ListQuery::parse(other, &holders)?)?;
            for holder in holders.into_iter().flat_map(|page| page.records) {
                let Some(holder) = holder.get("id").and_then(Value::as_u64) else {
                    continue;
                };
                let Some(mut holder) = self.records.stored(other, holder)? else {
                    continue;
                };
                let Some(Value::Array(list)) = holder.fields.get_mut(*field) else {
                    continue;
                };
                let length = list.len();
                list.retain(|element| record::read_id(&element["id"]) != Ok(Some(id)));
                if list.len() < length {
                    self.update(other, holder)?;
                }
            }
        }
        Ok(())
    }

    /// Refuses to delete what the desk cannot do without, and what others know by its name.
    fn may_be_deleted(
        &self,
        resource: &'static Resource,
        record: &Stored,
    ) -> Result<(), DeskError> {
        if let Some(sentence) = resource.keeps_first
            && self.records.first(resource)? == Some(record.id)
        {
            return Err(DeskError::Needed { sentence });
        }
        self.is_free_of_workflows(resource, record.id)?;
        let Some((own, referring)) = resource.named_by else {
            return Ok(());
        };
        for (other, field) in referring {
            let mut named = ListQuery::parse(other, "count=0&includeinactive=true")?;
            let name = record.text(own).to_owned();
            named.conditions.push(Condition::Text(field, name));
            let count = self.records.list(&named)?.map_or(0, |page| page.count);
            if count > 0 {
                return Err(DeskError::StillUsed {
                    singular: resource.singular,
                    count: usize::try_from(count).unwrap_or(usize::MAX),
                    by: other.singular,
                });
            }
        }
        Ok(())
    }
}
