//! The fields of a ticket that rules may name, as they are offered.

use super::super::label::label;
use super::super::resource::{CATEGORY, Field, FieldKind, Resource, TEAM, TICKET};
use super::criterion::Test;

/// A field that can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleField {
    pub name: &'static str,
    pub label: String,
    pub kind: ValueKind,
    /// Whether rules may give it another value.
    pub can_be_set: bool,
    pub may_be_empty: bool,
}

/// What a field is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ValueKind {
    Text,
    Number,
    Instant,
    YesNo,
    /// A record of this resource, by its id.
    Record(&'static Resource),
    /// A record of this resource, by its name.
    Name(&'static Resource),
}

impl ValueKind {
    fn of(field: &'static Field) -> Option<Self> {
        Some(match field.kind {
            _ if field.name == "team" => Self::Name(&TEAM),
            _ if field.name == "category_1" => Self::Name(&CATEGORY),
            FieldKind::Line | FieldKind::Text => Self::Text,
            FieldKind::Integer | FieldKind::Decimal => Self::Number,
            FieldKind::Boolean => Self::YesNo,
            FieldKind::Instant => Self::Instant,
            FieldKind::Reference(reference) => Self::Record(reference.to),
            // The half that is text says the same; of lists, rules see custom fields alone.
            FieldKind::Html | FieldKind::Objects | FieldKind::Named => return None,
        })
    }

    /// Whether any text may be its value.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Name(_))
    }

    /// What can be asked of such a field, in the order in which it is offered.
    pub fn tests(self) -> Vec<Test> {
        let is_offered = |test: Test| match test {
            Test::Contains | Test::NotContains | Test::StartsWith | Test::EndsWith => {
                matches!(self, Self::Text | Self::Name(_) | Self::Record(_))
            }
            Test::AnyOf | Test::NoneOf => {
                matches!(self, Self::Name(_) | Self::Record(_) | Self::Text)
            }
            Test::Greater | Test::GreaterOrEqual | Test::Less | Test::LessOrEqual => {
                matches!(self, Self::Number | Self::Instant)
            }
            Test::HasValue | Test::HasNoValue => self != Self::YesNo,
            _ => true,
        };
        let all = super::TESTS.into_iter().map(|(_, test)| test);
        all.filter(|test| is_offered(*test)).collect()
    }
}

/// All of them but custom fields, which are known by their names.
pub fn fields() -> Vec<RuleField> {
    let own = TICKET.fields.iter().filter_map(|field| {
        // Teams are compared and set by their names.
        let kind = ValueKind::of(field).filter(|_| field.name != "team_id")?;
        Some(RuleField {
            name: field.name,
            label: label(field.name),
            kind,
            can_be_set: !field.computed,
            may_be_empty: field.required.is_none() && field.name != "dateoccurred",
        })
    });
    let shown = |name, label: &str, kind| RuleField {
        name,
        label: label.to_owned(),
        kind,
        can_be_set: false,
        may_be_empty: false,
    };
    own.chain([
        shown("user_email", "User’s email address", ValueKind::Text),
        shown("isclosed", "Counts as closed", ValueKind::YesNo),
    ])
    .collect()
}

/// One of them; case does not count.
pub fn field(name: &str) -> Option<RuleField> {
    let mut all = fields().into_iter();
    all.find(|field| field.name.eq_ignore_ascii_case(name))
}

/// Whether a name is that of a custom field, or the beginning of one.
pub fn is_custom(name: &str) -> bool {
    name.get(..2)
        .is_some_and(|start| start.eq_ignore_ascii_case("CF"))
}
