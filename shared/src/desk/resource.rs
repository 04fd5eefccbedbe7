//! What the desk's resources hold. Each is a table of its fields, and where it needs one, a
//! rule that completes a record before it is kept.

mod action;
mod agent;
mod article;
mod asset;
mod choice;
mod client;
mod control;
mod custom_table;
mod lookup;
mod site;
mod ticket;
mod ticket_rule;
mod user;

pub use action::ACTION;
pub use agent::AGENT;
pub use article::ARTICLE;
pub use asset::{ASSET, ASSET_OF_NOBODY, ASSET_TYPE};
pub use choice::{CATEGORY, OUTCOME, PRIORITY, STATUS, TEAM, TICKET_TYPE};
pub use client::CLIENT;
pub use control::CONTROL;
pub use custom_table::CUSTOM_TABLE;
pub use lookup::LOOKUP;
pub use site::SITE;
pub use ticket::TICKET;
pub use ticket_rule::TICKET_RULE;
pub use user::USER;

use std::fmt;

use serde_json::Value;

use super::error::DeskError;
use super::record::{Record, Stored};
use super::scope::Area;
use super::write::Completion;

/// Every resource; an answer to "who refers to this?" looks through all of them.
pub static RESOURCES: [&Resource; 19] = [
    &TICKET,
    &ACTION,
    &CLIENT,
    &SITE,
    &USER,
    &ASSET,
    &ARTICLE,
    &LOOKUP,
    &CUSTOM_TABLE,
    &TICKET_RULE,
    &CONTROL,
    &AGENT,
    &STATUS,
    &TICKET_TYPE,
    &PRIORITY,
    &TEAM,
    &OUTCOME,
    &CATEGORY,
    &ASSET_TYPE,
];

/// The resource of that name; case does not count.
pub fn resource(name: &str) -> Option<&'static Resource> {
    RESOURCES
        .into_iter()
        .find(|resource| resource.name.eq_ignore_ascii_case(name))
}

/// A kind of record, as Halo's REST surface knows it.
pub struct Resource {
    /// As in the address: `/api/{name}`.
    pub name: &'static str,
    /// What one record is called in a sentence.
    pub singular: &'static str,
    /// What such records are for, in one sentence.
    pub about: &'static str,
    /// The field of a list's answer that holds the records; `None` where Halo answers with a bare array.
    pub list_key: Option<&'static str>,
    /// The name of its table.
    pub table: &'static str,
    pub area: Area,
    /// Without `id`, which every record has.
    pub fields: &'static [Field],
    /// Fields that hold the same as text and as HTML: the missing half is derived.
    pub pairs: &'static [(&'static str, &'static str)],
    /// Fields that say what to do, and are not kept.
    pub commands: &'static [Command],
    /// Fields that a list's `search` looks into.
    pub searched: &'static [&'static str],
    /// Fields that refer to a record whose name is searched as well: the first of what is searched of it.
    pub searched_names: &'static [&'static str],
    /// Whether an index of trigrams, `{table}_search`, finds them: where there may be very many records.
    pub search_index: bool,
    /// Where no `order` is given: the field, and whether the greatest comes first.
    pub order: (&'static str, bool),
    /// List parameters that are not the name of a field that they filter by.
    pub filters: &'static [Filter],
    /// The field that `startdate` and `enddate` look at where `datesearch` names none.
    pub date: Option<&'static str>,
    /// A field that an edit must name beside `id`, and what is said when it does not.
    pub key: Option<(&'static str, &'static str)>,
    /// Whether there is one record only, which the resource's own address gives.
    pub single: bool,
    /// What a change of such a record means for a ticket.
    pub subject: Subject,
    /// Completes a record before it is kept, or refuses it.
    pub complete: Option<Complete>,
    /// Makes what belongs to a new record.
    pub created: Option<Created>,
    /// Gives a record the shape in which Halo's clients know it.
    pub shape: Option<Shape>,
    /// What the shape adds to a record, which does not hold it.
    pub shown_only: &'static [&'static str],
    /// What stands in another table and is shown with such a record.
    pub beside: Option<&'static Beside>,
    /// A field by whose text other records refer to one, and theirs: none of them may be deleted while they do.
    pub named_by: Option<(&'static str, &'static [(&'static Resource, &'static str)])>,
    /// Lists of objects in which others name such a record by its id, and the list parameter that finds those others. It
    /// goes out of them when it is deleted.
    pub listed_in: &'static [(&'static Resource, &'static str, &'static str)],
    /// What is said where somebody wants to delete the first record, which the desk cannot do without.
    pub keeps_first: Option<&'static str>,
}

/// See [`Resource::shape`].
pub type Shape = fn(&mut Record);

/// See [`Resource::created`].
pub type Created = fn(&Stored, &Completion<'_>) -> Result<(), DeskError>;

/// See [`Resource::complete`].
pub type Complete = fn(&mut Stored, &Completion<'_>) -> Result<(), DeskError>;

impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Resource {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Resource {
    /// What the tables of resources begin with.
    const BLANK: Self = Self {
        name: "",
        singular: "",
        about: "",
        list_key: None,
        table: "",
        area: Area::Configuration,
        fields: &[],
        pairs: &[],
        commands: &[],
        searched: &["name"],
        searched_names: &[],
        search_index: false,
        order: ("name", false),
        filters: &[],
        date: None,
        key: None,
        single: false,
        subject: Subject::Apart,
        complete: None,
        created: None,
        shape: None,
        shown_only: &[],
        beside: None,
        named_by: None,
        listed_in: &[],
        keeps_first: None,
    };

    /// A field by its name; case does not count.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The field by whose text others know a record.
    pub fn name_field(&self) -> &'static str {
        self.named_by.map_or("name", |(field, _)| field)
    }

    /// Whether a field of other records holds such a text.
    pub fn is_named_in(&self, other: &Self, field: &str) -> bool {
        let fields = self.named_by.into_iter().flat_map(|(_, fields)| fields);
        fields
            .into_iter()
            .any(|(resource, name)| *resource == other && *name == field)
    }

    /// Its fields that hold dates.
    pub fn dates(&self) -> impl Iterator<Item = &'static Field> {
        let fields = self.fields.iter();
        fields.filter(|field| field.kind == FieldKind::Instant)
    }

    /// The fields that refer to other records.
    pub fn references(&self) -> impl Iterator<Item = (&'static Field, &'static Reference)> {
        self.fields.iter().filter_map(|field| match &field.kind {
            FieldKind::Reference(reference) => Some((field, *reference)),
            _ => None,
        })
    }

    /// What is shown of another table, with its columns.
    pub fn beside_fields(&self) -> impl Iterator<Item = &'static (Field, &'static str)> {
        self.beside.into_iter().flat_map(|beside| beside.fields)
    }

    /// Whether a record is switched off rather than deleted.
    pub fn has_inactive(&self) -> bool {
        self.field("inactive").is_some()
    }
}

/// What a change of a record means for a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The record is a ticket.
    Ticket,
    /// The record is an action on one.
    Action,
    /// Nothing.
    Apart,
}

/// A field that says what a write does beyond the record's own fields.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    pub name: &'static str,
    pub kind: FieldKind,
    pub about: &'static str,
}

/// A field of a resource, and its column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    pub name: &'static str,
    pub kind: FieldKind,
    /// What it holds, for people; empty where the name says it.
    pub about: &'static str,
    /// What is said when a record lacks it; `None` where it may be missing.
    pub required: Option<&'static str>,
    /// Set by the desk alone; what clients send is passed over.
    pub computed: bool,
    /// What is said when another record has the same value; case does not count. `None`
    /// where that may be.
    pub unique: Option<&'static str>,
    /// Whether its text is the name of a time zone.
    pub is_time_zone: bool,
    /// Whether an object of lines is taken, too, as Halo writes addresses: each becomes a line of the text.
    pub of_lines: bool,
}

/// The type of a field's values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldKind {
    /// Text on one line.
    Line,
    /// Text of any length.
    Text,
    Html,
    Integer,
    Decimal,
    Boolean,
    Instant,
    Reference(&'static Reference),
    /// A list of objects, which is kept as it came.
    Objects,
    /// A list of objects with an `id` or a `name` each: those that are sent are laid over those of the same
    /// id or name, and the others stay.
    Named,
}

impl FieldKind {
    /// The value that stands for none.
    pub(crate) fn unset(self) -> Value {
        match self {
            Self::Boolean => Value::Bool(false),
            Self::Decimal => Value::from(0),
            Self::Objects | Self::Named => Value::Array(Vec::new()),
            _ => Value::Null,
        }
    }

    pub(crate) fn expected(self) -> &'static str {
        match self {
            Self::Line | Self::Text | Self::Html => "text",
            Self::Integer => "a whole number",
            Self::Decimal => "a number",
            Self::Boolean => "true or false",
            Self::Instant => "a date and time such as 2026-03-02T09:30:00Z",
            Self::Reference(_) => "an id: a whole number",
            Self::Objects => "a list of objects",
            Self::Named => "a list of objects with an id or a name each",
        }
    }
}

/// Which record a field refers to.
#[derive(Debug)]
pub struct Reference {
    pub to: &'static Resource,
    /// What is shown of it: the name here, and its own field.
    pub shows: &'static [(&'static str, &'static str)],
    /// Where one record is shown, this field holds the referred one as `{id, name}`.
    pub object: &'static str,
    /// What happens to the referring record when the referred one is deleted.
    pub on_delete: OnDelete,
}

impl PartialEq for Reference {
    fn eq(&self, other: &Self) -> bool {
        self.to == other.to && self.object == other.object
    }
}

/// Columns of another table that has at most one row for a record, which the desk keeps by itself.
#[derive(Debug)]
pub struct Beside {
    /// What joins it to the record's table, as SQL.
    pub join: &'static str,
    /// Each field with its column.
    pub fields: &'static [(Field, &'static str)],
}

/// What happens to what refers to a deleted record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDelete {
    /// It is a part of it, and is deleted with it.
    Delete,
    /// The deletion is refused.
    Refuse,
}

/// A list parameter.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Case does not count.
    pub parameter: &'static str,
    pub test: FilterTest,
}

/// What a list parameter does.
#[derive(Debug, Clone, Copy)]
pub enum FilterTest {
    /// Takes ids; another name for the field's own.
    Ids(&'static str),
    /// Takes ids, which are bound to the one question mark of a condition over the table, as a JSON array.
    IdsIn(&'static str),
    /// Takes text that the field equals; case does not count.
    Text(&'static str),
    /// The same, or ids, which are bound to the one question mark of a condition over the table, as a JSON array.
    TextOrIds(&'static str, &'static str),
    /// Takes a text, which is bound to the one question mark of a condition over the table.
    TextIn(&'static str),
    /// Takes a text that stands in what is searched first of a record.
    Named,
    /// Takes a date that the field is not before.
    From(&'static str),
    /// Takes a date that the field is not after.
    Until(&'static str),
    /// A condition over the table, as SQL, where the parameter is true.
    WhenTrue(&'static str),
}

impl Field {
    const fn new(name: &'static str, kind: FieldKind) -> Self {
        Self {
            name,
            kind,
            about: "",
            required: None,
            computed: false,
            unique: None,
            is_time_zone: false,
            of_lines: false,
        }
    }

    pub(crate) const fn line(name: &'static str) -> Self {
        Self::new(name, FieldKind::Line)
    }

    pub(crate) const fn text(name: &'static str) -> Self {
        Self::new(name, FieldKind::Text)
    }

    pub(crate) const fn html(name: &'static str) -> Self {
        Self::new(name, FieldKind::Html)
    }

    pub(crate) const fn integer(name: &'static str) -> Self {
        Self::new(name, FieldKind::Integer)
    }

    pub(crate) const fn decimal(name: &'static str) -> Self {
        Self::new(name, FieldKind::Decimal)
    }

    pub(crate) const fn boolean(name: &'static str) -> Self {
        Self::new(name, FieldKind::Boolean)
    }

    pub(crate) const fn instant(name: &'static str) -> Self {
        Self::new(name, FieldKind::Instant)
    }

    pub(crate) const fn reference(name: &'static str, reference: &'static Reference) -> Self {
        Self::new(name, FieldKind::Reference(reference))
    }

    pub(crate) const fn objects(name: &'static str) -> Self {
        Self::new(name, FieldKind::Objects)
    }

    pub(crate) const fn named(name: &'static str) -> Self {
        Self::new(name, FieldKind::Named)
    }

    /// The custom fields of a record, as Halo holds them.
    pub(crate) const fn custom_fields() -> Self {
        Self::named("customfields")
            .about("Custom fields, each {\"name\": \"CF…\", \"value\": …}; those not sent stay as they are")
    }

    pub(crate) const fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    pub(crate) const fn required(mut self, sentence: &'static str) -> Self {
        self.required = Some(sentence);
        self
    }

    pub(crate) const fn computed(mut self) -> Self {
        self.computed = true;
        self
    }

    pub(crate) const fn time_zone(name: &'static str) -> Self {
        let mut field = Self::line(name).about("By its IANA name, such as Europe/London");
        field.is_time_zone = true;
        field
    }

    pub(crate) const fn of_lines(mut self) -> Self {
        self.of_lines = true;
        self
    }

    pub(crate) const fn unique(mut self, sentence: &'static str) -> Self {
        self.unique = Some(sentence);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_found_in_any_case() {
        for (name, expected) in [
            ("Tickets", Some("Tickets")),
            ("tickets", Some("Tickets")),
            ("TICKETTYPE", Some("TicketType")),
            ("Ticket", None),
            ("", None),
        ] {
            assert_eq!(resource(name).map(|found| found.name), expected);
        }
    }

    #[test]
    fn tables_name_only_fields_that_exist() {
        for resource in RESOURCES {
            let known = |name: &str| name == "id" || resource.field(name).is_some();
            for name in resource.searched.iter().chain([&resource.order.0]) {
                assert!(known(name), "{resource:?}: {name}");
            }
            for name in resource.searched_names {
                let mut references = resource.references();
                let found = references.find(|(field, _)| field.name == *name);
                let (_, reference) = found.unwrap_or_else(|| panic!("{resource:?}: {name}"));
                assert_eq!(reference.to.searched[0], "name", "{resource:?}: {name}");
                assert!(reference.to.search_index, "{resource:?}: {name}");
            }
            for (text, html) in resource.pairs {
                assert!(known(text) && known(html), "{resource:?}: {text}");
            }
            for filter in resource.filters {
                if let FilterTest::Ids(name)
                | FilterTest::Text(name)
                | FilterTest::TextOrIds(name, _)
                | FilterTest::From(name)
                | FilterTest::Until(name) = filter.test
                {
                    assert!(known(name), "{resource:?}: {name}");
                }
            }
            for name in resource
                .date
                .iter()
                .chain(resource.key.iter().map(|(name, _)| name))
            {
                assert!(known(name), "{resource:?}: {name}");
            }
            if let Some((own, referring)) = resource.named_by {
                assert!(known(own), "{resource:?}: {own}");
                for (other, name) in referring {
                    assert!(other.field(name).is_some(), "{other:?}: {name}");
                }
            }
            for (other, name, parameter) in resource.listed_in {
                let field = other.field(name).map(|field| field.kind);
                assert_eq!(field, Some(FieldKind::Objects), "{other:?}: {name}");
                let mut filters = other.filters.iter();
                assert!(
                    filters.any(|filter| filter.parameter == *parameter),
                    "{other:?}: {parameter}"
                );
            }
            for (_, reference) in resource.references() {
                for (shown, name) in reference.shows {
                    assert!(reference.to.field(name).is_some(), "{resource:?}: {shown}");
                    assert!(!known(shown), "{resource:?}: {shown} is a field and shown");
                }
                assert!(
                    !known(reference.object),
                    "{resource:?}: {}",
                    reference.object
                );
            }
            for (field, _) in resource.beside_fields() {
                assert!(!known(field.name), "{resource:?}: {}", field.name);
                assert!(field.computed, "{resource:?}: {}", field.name);
            }
        }
    }
}
