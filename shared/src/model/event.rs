//! Events of the desk, and the triggers by which they start runbooks.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize};

use super::secret::{HasSecrets, Secret};
use super::variable::NamedTemplate;
use super::{EventTriggerId, RunbookId};
use crate::condition::When;

/// What happened, in Halo's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    NewTicketLogged,
    TicketUpdated,
    TicketUpdatedByUser,
    TicketClosed,
    TicketReassigned,
    TicketStatusChanged,
    ActionAdded,
    TicketDeleted,
    FirstSlaWarning,
    SecondSlaWarning,
    TicketDeadline,
    ClientCreated,
    ClientUpdated,
    ClientDeleted,
    SiteCreated,
    SiteUpdated,
    SiteDeleted,
    UserCreated,
    UserUpdated,
    UserDeleted,
    AssetCreated,
    AssetUpdated,
    AssetDeleted,
    ArticleCreated,
    ArticleUpdated,
    ArticleDeleted,
}

/// Each kind with its name, what people read, and what it happens to.
const KINDS: [(EventKind, &str, &str, RecordKind); 26] = {
    use EventKind as K;
    use RecordKind as R;
    [
        (
            K::NewTicketLogged,
            "new_ticket_logged",
            "New Ticket Logged",
            R::Ticket,
        ),
        (
            K::TicketUpdated,
            "ticket_updated",
            "Ticket Updated",
            R::Ticket,
        ),
        (
            K::TicketUpdatedByUser,
            "ticket_updated_by_user",
            "Ticket Updated by User",
            R::Ticket,
        ),
        (K::TicketClosed, "ticket_closed", "Ticket Closed", R::Ticket),
        (
            K::TicketReassigned,
            "ticket_reassigned",
            "Ticket Reassigned",
            R::Ticket,
        ),
        (
            K::TicketStatusChanged,
            "ticket_status_changed",
            "Ticket Status Changed",
            R::Ticket,
        ),
        (K::ActionAdded, "action_added", "Action Added", R::Ticket),
        (
            K::TicketDeleted,
            "ticket_deleted",
            "Ticket Deleted",
            R::Ticket,
        ),
        (
            K::FirstSlaWarning,
            "first_sla_warning",
            "First SLA Warning",
            R::Ticket,
        ),
        (
            K::SecondSlaWarning,
            "second_sla_warning",
            "Second SLA Warning",
            R::Ticket,
        ),
        (
            K::TicketDeadline,
            "ticket_deadline",
            "Ticket Deadline",
            R::Ticket,
        ),
        (
            K::ClientCreated,
            "client_created",
            "Customer Created",
            R::Client,
        ),
        (
            K::ClientUpdated,
            "client_updated",
            "Customer Updated",
            R::Client,
        ),
        (
            K::ClientDeleted,
            "client_deleted",
            "Customer Deleted",
            R::Client,
        ),
        (K::SiteCreated, "site_created", "Site Created", R::Site),
        (K::SiteUpdated, "site_updated", "Site Updated", R::Site),
        (K::SiteDeleted, "site_deleted", "Site Deleted", R::Site),
        (K::UserCreated, "user_created", "User Created", R::User),
        (K::UserUpdated, "user_updated", "User Updated", R::User),
        (K::UserDeleted, "user_deleted", "User Deleted", R::User),
        (K::AssetCreated, "asset_created", "Asset Created", R::Asset),
        (K::AssetUpdated, "asset_updated", "Asset Updated", R::Asset),
        (K::AssetDeleted, "asset_deleted", "Asset Deleted", R::Asset),
        (
            K::ArticleCreated,
            "article_created",
            "Article Created",
            R::Article,
        ),
        (
            K::ArticleUpdated,
            "article_updated",
            "Article Updated",
            R::Article,
        ),
        (
            K::ArticleDeleted,
            "article_deleted",
            "Article Deleted",
            R::Article,
        ),
    ]
};

impl EventKind {
    /// Every kind, in the order in which they are offered.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|(kind, ..)| *kind)
    }

    pub fn parse(name: &str) -> Option<Self> {
        let mut kinds = KINDS.iter();
        kinds
            .find(|(_, known, ..)| *known == name)
            .map(|(kind, ..)| *kind)
    }

    /// As in a bundle: `ticket_closed`.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// As people read it: `Ticket Closed`.
    pub fn title(self) -> &'static str {
        self.row().2
    }

    /// What it happens to.
    pub fn record(self) -> RecordKind {
        self.row().3
    }

    /// Whether there is a record as it was before.
    pub fn has_before(self) -> bool {
        use EventKind as K;
        !matches!(
            self,
            K::NewTicketLogged
                | K::ActionAdded
                | K::TicketUpdatedByUser
                | K::ClientCreated
                | K::SiteCreated
                | K::UserCreated
                | K::AssetCreated
                | K::ArticleCreated
        )
    }

    /// Whether an action on the ticket comes with it.
    pub fn has_action(self) -> bool {
        matches!(self, Self::ActionAdded | Self::TicketUpdatedByUser)
    }

    /// Whether a goal of a service level comes with it.
    pub fn has_goal(self) -> bool {
        matches!(
            self,
            Self::FirstSlaWarning | Self::SecondSlaWarning | Self::TicketDeadline
        )
    }

    /// Whether a record is as it was, and as it is now.
    pub fn is_change(self) -> bool {
        use EventKind as K;
        let is_deletion = matches!(
            self,
            K::TicketDeleted
                | K::ClientDeleted
                | K::SiteDeleted
                | K::UserDeleted
                | K::AssetDeleted
                | K::ArticleDeleted
        );
        self.has_before() && !is_deletion
    }

    /// What becomes of a record other than a ticket, as an event.
    pub fn of_record(record: RecordKind, change: RecordChange) -> Option<Self> {
        use EventKind as K;
        let [created, updated, deleted] = match record {
            RecordKind::Ticket => return None,
            RecordKind::Client => [K::ClientCreated, K::ClientUpdated, K::ClientDeleted],
            RecordKind::Site => [K::SiteCreated, K::SiteUpdated, K::SiteDeleted],
            RecordKind::User => [K::UserCreated, K::UserUpdated, K::UserDeleted],
            RecordKind::Asset => [K::AssetCreated, K::AssetUpdated, K::AssetDeleted],
            RecordKind::Article => [K::ArticleCreated, K::ArticleUpdated, K::ArticleDeleted],
        };
        Some(match change {
            RecordChange::Created => created,
            RecordChange::Updated => updated,
            RecordChange::Deleted => deleted,
        })
    }

    fn row(self) -> &'static (Self, &'static str, &'static str, RecordKind) {
        let place = KINDS.iter().position(|(kind, ..)| *kind == self);
        &KINDS[place.unwrap_or_default()]
    }
}

/// The records whose changes are events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    Ticket,
    Client,
    Site,
    User,
    Asset,
    Article,
}

impl RecordKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Ticket,
        Self::Client,
        Self::Site,
        Self::User,
        Self::Asset,
        Self::Article,
    ];

    /// What templates call it: `<<client^name>>`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::Client => "client",
            Self::Site => "site",
            Self::User => "user",
            Self::Asset => "asset",
            Self::Article => "article",
        }
    }

    /// The resource that holds them, as in the address.
    pub fn resource(self) -> &'static str {
        match self {
            Self::Ticket => "Tickets",
            Self::Client => "Client",
            Self::Site => "Site",
            Self::User => "Users",
            Self::Asset => "Asset",
            Self::Article => "KBArticle",
        }
    }

    pub fn of_resource(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.resource() == name)
    }
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordChange {
    Created,
    Updated,
    Deleted,
}

/// Starts a runbook when something happens at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventTrigger {
    /// In a bundle it may be left out: the same event and runbook then get the same one again.
    #[serde(default = "EventTriggerId::missing")]
    pub id: EventTriggerId,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    pub event: EventKind,
    pub runbook: RunbookId,
    /// Over the record as it was, `<<before^…>>`, and as it is, such as `<<ticket^…>>`; without rows, always.
    #[serde(default, skip_serializing_if = "When::is_empty")]
    pub when: When,
    /// Overrides the runbook's `from_desk`, variable by variable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<NamedTemplate>,
    #[serde(default = "yes")]
    pub enabled: bool,
}

impl EventTrigger {
    /// Its name, or that of its event.
    pub fn title(&self) -> &str {
        let name = self.name.trim();
        if name.is_empty() {
            self.event.title()
        } else {
            name
        }
    }
}

/// It has none.
impl HasSecrets for EventTrigger {
    fn each_secret(&mut self, _visit: &mut dyn FnMut(&str, &mut Secret)) {}
}

fn yes() -> bool {
    true
}

/// Reads triggers, and gives those an id that have none.
pub(super) fn with_ids<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<EventTrigger>, D::Error> {
    let mut triggers = Vec::<EventTrigger>::deserialize(deserializer)?;
    let mut taken: BTreeSet<EventTriggerId> = triggers
        .iter()
        .map(|trigger| trigger.id.clone())
        .filter(|id| !id.is_missing())
        .collect();
    for trigger in triggers
        .iter_mut()
        .filter(|trigger| trigger.id.is_missing())
    {
        let mut base = format!("{}-{}", trigger.event.as_str(), trigger.runbook);
        // Ids are ASCII.
        base.truncate(LONGEST_BASE);
        let numbered = (2_u32..).map(|number| format!("{base}-{number}"));
        let free = std::iter::once(base.clone())
            .chain(numbered)
            .filter_map(|text| EventTriggerId::parse(&text).ok())
            .find(|id| !taken.contains(id));
        if let Some(id) = free {
            taken.insert(id.clone());
            trigger.id = id;
        }
    }
    Ok(triggers)
}

/// Leaves room for a number in an id.
const LONGEST_BASE: usize = 56;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Bundle;

    #[test]
    fn each_kind_has_a_name_of_its_own() {
        for kind in EventKind::all() {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(EventKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(EventKind::all().count(), KINDS.len());
        assert_eq!(EventKind::parse("ticket_lost"), None);
        for record in RecordKind::ALL {
            assert_eq!(serde_json::to_value(record).unwrap(), record.as_str());
            assert_eq!(RecordKind::of_resource(record.resource()), Some(record));
            assert!(crate::desk::resource::resource(record.resource()).is_some());
        }
        assert_eq!(RecordKind::of_resource("Lookup"), None);
    }

    #[test]
    fn a_trigger_may_come_without_id_name_and_state() {
        let bundle = r#"{"format":"nimbus.bundle/1","desk":{"events":[
            {"event":"ticket_closed","runbook":"rb"},
            {"event":"ticket_closed","runbook":"rb"},
            {"id":"ticket_closed-rb-2","event":"client_created","runbook":"rb","name":"New","enabled":false}
        ]}}"#;
        let bundle = Bundle::parse(bundle.as_bytes()).unwrap();
        let [first, second, third] = bundle.desk.events.as_slice() else {
            panic!("{bundle:?}");
        };
        assert_eq!(first.id.as_str(), "ticket_closed-rb");
        assert_eq!((first.title(), first.enabled), ("Ticket Closed", true));
        assert_eq!(second.id.as_str(), "ticket_closed-rb-3");
        assert_eq!((third.title(), third.enabled), ("New", false));
        let written = serde_json::to_vec(&bundle).unwrap();
        assert_eq!(Bundle::parse(&written).unwrap(), bundle);
    }

    #[test]
    fn a_trigger_says_what_is_wrong_where() {
        for (trigger, at) in [
            (
                r#"{"event":"ticket_lost","runbook":"rb"}"#,
                "desk.events[0].event",
            ),
            (r#"{"event":"ticket_closed"}"#, "desk.events[0]"),
            (
                r#"{"event":"ticket_closed","runbook":"rb","wen":{"all":[]}}"#,
                "desk.events[0].wen",
            ),
            (
                r#"{"event":"ticket_closed","runbook":"rb","when":{"all":[{"op":"equals"}]}}"#,
                "desk.events[0].when.all[0]",
            ),
        ] {
            let bundle =
                format!(r#"{{"format":"nimbus.bundle/1","desk":{{"events":[{trigger}]}}}}"#);
            let error = Bundle::parse(bundle.as_bytes()).unwrap_err();
            assert!(error.at.starts_with(at), "{trigger}: {error:?}");
        }
        let long = "r".repeat(64);
        let bundle = format!(
            r#"{{"format":"nimbus.bundle/1","desk":{{"events":[{{"event":"ticket_closed","runbook":"{long}"}}]}}}}"#
        );
        let bundle = Bundle::parse(bundle.as_bytes()).unwrap();
        assert!(!bundle.desk.events[0].id.is_missing());
    }
}
