//! The sections of the desk: which records each shows, and what of them stands in a list.

use serde_json::Value;
use shared::desk::resource::{
    AGENT, ARTICLE, ASSET, CATEGORY, CLIENT, CUSTOM_TABLE, LOOKUP, PRIORITY, SITE, STATUS, TEAM,
    TICKET, TICKET_TYPE, USER,
};
use shared::desk::{Record, Resource, name_of};

use crate::frame::Crumb;
use crate::page::desk_sections::{LISTS, SECTIONS};
use crate::route::Route;
use crate::ui::Icon;

/// Records of one kind, as the pages show them.
#[derive(Debug)]
pub(super) struct Section {
    /// Its word in the address.
    pub name: &'static str,
    pub resource: &'static Resource,
    /// What one record is called on the pages.
    pub noun: &'static str,
    pub icon: Icon,
    pub columns: &'static [Shown],
    /// What belongs to one of its records: the section, and the parameter that narrows its list.
    pub related: &'static [(&'static Section, &'static str)],
    /// What they are for, and what to do where there is none: two sentences.
    pub about: &'static str,
    /// What the search looks at, for whoever found nothing.
    pub searched: &'static str,
    /// Whether sheets can be imported.
    pub imports: bool,
}

/// A column of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    pub field: &'static str,
    pub width: Option<&'static str>,
    /// Left out where the page is narrow.
    pub secondary: bool,
}

const fn first(field: &'static str) -> Shown {
    Shown {
        field,
        width: None,
        secondary: false,
    }
}

const fn wide(field: &'static str) -> Shown {
    Shown {
        field,
        width: None,
        secondary: true,
    }
}

const fn narrow(field: &'static str, width: &'static str) -> Shown {
    Shown {
        field,
        width: Some(width),
        secondary: true,
    }
}

static CUSTOMERS: Section = Section {
    name: "customers",
    resource: &CLIENT,
    noun: "customer",
    icon: Icon::Desk,
    columns: &[first("name"), wide("website"), wide("notes")],
    related: &[
        (&TICKETS, "client_id"),
        (&SITES, "client_id"),
        (&USERS, "client_id"),
        (&ASSETS, "client_id"),
    ],
    about: "Customers are the organisations whose people report tickets. Make the first one, or import them from a sheet.",
    searched: "the name, the website and the notes",
    imports: true,
};

static SITES: Section = Section {
    name: "sites",
    resource: &SITE,
    noun: "site",
    icon: Icon::Desk,
    columns: &[
        first("name"),
        first("client_id"),
        narrow("phonenumber", "12rem"),
        narrow("timezone", "12rem"),
    ],
    related: &[
        (&USERS, "site_id"),
        (&ASSETS, "site_id"),
        (&TICKETS, "site_id"),
    ],
    about: "A site is where a customer's people and machines are. A new customer brings its first site along; make further ones here, or import them from a sheet.",
    searched: "the name, the phone number, the notes and the customer's name",
    imports: true,
};

static USERS: Section = Section {
    name: "users",
    resource: &USER,
    noun: "user",
    icon: Icon::User,
    columns: &[
        first("name"),
        first("client_id"),
        wide("site_id"),
        wide("emailaddress"),
        narrow("title", "12rem"),
    ],
    related: &[(&TICKETS, "user_id"), (&ASSETS, "user_id")],
    about: "Users are a customer's people, who report tickets. A new customer brings one along; make further ones here, or import them from a sheet.",
    searched: "the name, the email address, the phone number and the customer's name",
    imports: true,
};

static ASSETS: Section = Section {
    name: "assets",
    resource: &ASSET,
    noun: "asset",
    icon: Icon::Screen,
    columns: &[
        first("inventory_number"),
        first("key_field"),
        narrow("assettype_id", "10rem"),
        wide("client_id"),
        wide("site_id"),
    ],
    related: &[],
    about: "Assets are the machines, licences and other things that customers have and tickets are about. Make the first one, or import them from a sheet.",
    searched: "the number, the asset tag, the key fields, the notes and the customer's name",
    imports: true,
};

static ARTICLES: Section = Section {
    name: "articles",
    resource: &ARTICLE,
    noun: "article",
    icon: Icon::Note,
    columns: &[
        first("name"),
        wide("tag_string"),
        narrow("date_edited", "8rem"),
    ],
    related: &[],
    about: "Articles keep what solved a problem, so that it is found when it comes again. Write the first one, or let a runbook write it.",
    searched: "the number, the name, the texts and the tags",
    imports: false,
};

static LOOKUPS: Section = Section {
    name: "lookups",
    resource: &LOOKUP,
    noun: "lookup",
    icon: Icon::Text,
    columns: &[
        first("name"),
        narrow("lookupid", "8rem"),
        narrow("sequence", "8rem"),
        wide("value2"),
    ],
    related: &[],
    about: "Lookups are the values of lists, such as the statuses of assets; each says by a number which list it is of. Make the first value of a list here, and programs find it at /api/Lookup.",
    searched: "the name",
    imports: false,
};

static TABLES: Section = Section {
    name: "tables",
    resource: &CUSTOM_TABLE,
    noun: "custom table",
    icon: Icon::Text,
    columns: &[first("name"), wide("columns")],
    related: &[],
    about: "A custom table keeps rows that runbooks read and change, such as who is on call. Name the first one; then it gets columns and rows.",
    searched: "the name",
    imports: false,
};

static AGENTS: Section = Section {
    name: "agents",
    resource: &AGENT,
    noun: "agent",
    icon: Icon::User,
    columns: &[first("name"), wide("email"), wide("team"), wide("jobtitle")],
    related: &[],
    about: "Agents are the people who work on tickets. Make one for each of them.",
    searched: "the name and the email address",
    imports: false,
};

static TEAMS: Section = Section {
    name: "teams",
    resource: &TEAM,
    noun: "team",
    icon: Icon::User,
    columns: &[first("name"), narrow("sequence", "8rem")],
    related: &[],
    about: "Tickets can be given to a team. Make the first one.",
    searched: "the name",
    imports: false,
};

static STATUSES: Section = Section {
    name: "statuses",
    resource: &STATUS,
    noun: "status",
    icon: Icon::Text,
    columns: &[
        first("name"),
        narrow("colour", "8rem"),
        narrow("isclosed", "8rem"),
        narrow("sequence", "8rem"),
    ],
    related: &[],
    about: "A status says how far a ticket is. Make the first one.",
    searched: "the name",
    imports: false,
};

static PRIORITIES: Section = Section {
    name: "priorities",
    resource: &PRIORITY,
    noun: "priority",
    icon: Icon::Text,
    columns: &[
        first("name"),
        narrow("colour", "8rem"),
        narrow("sequence", "8rem"),
    ],
    related: &[],
    about: "A priority says how urgent a ticket is. Make the first one.",
    searched: "the name",
    imports: false,
};

static CATEGORIES: Section = Section {
    name: "categories",
    resource: &CATEGORY,
    noun: "category",
    icon: Icon::Text,
    columns: &[first("value"), narrow("sequence", "8rem")],
    related: &[],
    about: "Categories say what tickets are about; one below another is written Hardware>Printer. Make the first one.",
    searched: "the value",
    imports: false,
};

/// Tickets have a list and a page of their own; they are made and edited as other records are.
pub(super) static TICKETS: Section = Section {
    name: "tickets",
    resource: &TICKET,
    noun: "ticket",
    icon: Icon::Desk,
    columns: &[],
    related: &[],
    about: "",
    searched: "",
    imports: false,
};

static TICKET_TYPES: Section = Section {
    name: "ticket-types",
    resource: &TICKET_TYPE,
    noun: "ticket type",
    icon: Icon::Text,
    columns: &[
        first("name"),
        wide("allowed_actions"),
        narrow("colour", "8rem"),
        narrow("sequence", "8rem"),
    ],
    related: &[(&TICKETS, "tickettype_id")],
    about: "Ticket types say what kinds of tickets there are, and which actions each of them allows. Make the first one, such as Incident.",
    searched: "the name",
    imports: false,
};

static ALL: [&Section; 13] = [
    &CUSTOMERS,
    &SITES,
    &USERS,
    &ASSETS,
    &ARTICLES,
    &LOOKUPS,
    &TABLES,
    &AGENTS,
    &TEAMS,
    &TICKET_TYPES,
    &STATUSES,
    &PRIORITIES,
    &CATEGORIES,
];

/// The section of that word in the address.
pub(super) fn section(name: &str) -> Option<&'static Section> {
    ALL.into_iter().find(|section| section.name == name)
}

/// The section that shows the records of a resource.
pub(super) fn section_of(resource: &Resource) -> Option<&'static Section> {
    ALL.into_iter()
        .find(|section| *section.resource == *resource)
}

impl Section {
    pub(super) fn title(&self) -> &'static str {
        SECTIONS
            .iter()
            .chain(&LISTS)
            .find(|(name, _)| *name == self.name)
            .map_or("Tickets", |(_, title)| title)
    }

    /// What several records are called within a sentence.
    pub(super) fn plural(&self) -> String {
        match self.name {
            "articles" => "articles".to_owned(),
            _ => self.title().to_lowercase(),
        }
    }

    /// Whether it is set up once, under Settings, rather than worked with every day.
    pub(super) fn is_setting(&self) -> bool {
        LISTS.iter().any(|(name, _)| *name == self.name)
    }

    /// The page above its list.
    pub(super) fn above(&self) -> Crumb {
        if self.is_setting() {
            Crumb::new("Settings", Route::Settings)
        } else {
            Crumb::new("Desk", Route::Desk)
        }
    }

    /// The address of one record.
    pub(super) fn one(&self, id: impl ToString) -> Route {
        let id = id.to_string();
        match (self.name, id.as_str()) {
            ("tickets", "new") => Route::NewTicket,
            ("tickets", _) => Route::Ticket(id),
            _ => Route::Record(self.name.to_owned(), id),
        }
    }

    pub(super) fn list(&self) -> Route {
        if self.name == "tickets" {
            Route::Desk
        } else {
            Route::Records(self.name.to_owned())
        }
    }

    /// What one record is called: what its first column shows, or the next best.
    pub(super) fn name_of(&self, record: &Record) -> String {
        name_of(self.resource, record)
    }
}

/// A field as text; empty where there is none.
pub(super) fn text(record: &Record, field: &str) -> String {
    record
        .get(field)
        .map(shared::desk::form::text_of)
        .unwrap_or_default()
}

/// The id of a record as the desk sent it.
pub(super) fn id_of(record: &Record) -> u64 {
    record.get("id").and_then(Value::as_u64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{ALL, name_of, section};
    use crate::page::desk_sections::{LISTS, SECTIONS};

    #[test]
    fn each_section_is_led_to_and_shows_fields_that_there_are() {
        let led_to: Vec<&str> = SECTIONS
            .iter()
            .chain(&LISTS)
            .map(|(name, _)| *name)
            .collect();
        let all: Vec<&str> = ALL.iter().map(|section| section.name).collect();
        assert_eq!(all, led_to);
        for of in ALL {
            assert_ne!(of.title(), "Tickets", "{}", of.name);
            for shown in of.columns {
                assert!(
                    of.resource.field(shown.field).is_some(),
                    "{} {}",
                    of.name,
                    shown.field
                );
            }
        }
        assert!(section("tickets").is_none());
    }

    #[test]
    fn what_has_no_name_is_called_by_its_number() {
        let asset = serde_json::json!({"id": 3, "inventory_number": " "});
        let asset = asset.as_object().unwrap();
        assert_eq!(name_of(&shared::desk::resource::ASSET, asset), "Asset 3");
        assert_eq!(
            name_of(&shared::desk::resource::CLIENT, asset),
            "Customer 3"
        );
    }
}
