//! What follows at the desk when a record gets another name.

use serde_json::Value;

use super::Writer;
use crate::desk::error::DeskError;
use crate::desk::list::{Condition, ListQuery};
use crate::desk::protocol::Renamed;
use crate::desk::record::Stored;
use crate::desk::resource::{AGENT, CATEGORY, PRIORITY, Resource, STATUS, TEAM, TICKET_TYPE};

/// What conditions, rules and actions know by its name.
static NAMED: [&Resource; 6] = [&STATUS, &TICKET_TYPE, &PRIORITY, &AGENT, &TEAM, &CATEGORY];

/// Which of their fields a category of tickets is for: the only one that they have.
const OF_TICKETS: u64 = 1;

impl Writer<'_> {
    /// Has those follow that know the record by its name, where that is another one now. What the desk does not hold
    /// itself is told.
    pub(super) fn rename(
        &self,
        resource: &'static Resource,
        before: &Stored,
        name: &str,
    ) -> Result<(), DeskError> {
        let former = before.text(resource.name_field());
        if former == name || former.is_empty() || !self.is_known_by_name(resource, before)? {
            return Ok(());
        }
        // They hold nothing but the text. It is no change of theirs: nobody is told of one.
        for (other, field) in resource.named_by.into_iter().flat_map(|(_, fields)| fields) {
            self.records.replace_text(other, field, former, name)?;
        }
        self.rename_in_rules(resource, former, name)?;
        let renamed = Renamed {
            resource: resource.name.to_owned(),
            former: former.to_owned(),
            name: name.to_owned(),
        };
        self.records.rename_in_workflows(&renamed)?;
        self.changes.borrow_mut().renamed.push(renamed);
        Ok(())
    }

    /// Whether others mean this record by the name that it had.
    fn is_known_by_name(
        &self,
        resource: &'static Resource,
        before: &Stored,
    ) -> Result<bool, DeskError> {
        if *resource != CATEGORY {
            return Ok(NAMED.contains(&resource));
        }
        // Two categories may have the same name: then the other one is meant as well.
        let mut same = ListQuery::parse(&CATEGORY, &format!("type_id={OF_TICKETS}"))?;
        let former = before.text(resource.name_field()).to_owned();
        same.conditions
            .push(Condition::Text(resource.name_field(), former));
        let page = self.records.list(&same)?;
        let mut others = page.iter().flat_map(|page| &page.records);
        let is_alone =
            others.all(|other| other.get("id").and_then(Value::as_u64) == Some(before.id));
        Ok(is_alone && before.id_in("type_id") == Some(OF_TICKETS))
    }
}
