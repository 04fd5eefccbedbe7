//! A ticket rule as it is edited: rows that people choose, and what came from elsewhere, which is kept as it is.

use serde_json::{Value, json};

use super::super::record::Record;
use super::criterion::{Test, shown, test};
use super::field::{RuleField, ValueKind, field, is_custom};
use super::outcome::SETS;
use super::value::{named, sent, text};
use super::{Rule, RunsOn};
use crate::desk::Resource;

/// What is on the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleDraft {
    /// 0 for one that is not stored yet.
    pub id: u64,
    pub name: String,
    pub active: bool,
    pub precedence: i64,
    pub stops: bool,
    pub runs_on: RunsOn,
    pub conditions: Vec<Part<Condition>>,
    pub settings: Vec<Part<Setting>>,
}

/// A row of a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Part<T> {
    Chosen(T),
    /// Came with an import and cannot be read here.
    Kept(Value),
}

/// What a ticket must meet.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// As in the record of a ticket.
    pub field: String,
    pub test: Test,
    /// One, or several where the test takes a list: texts, or ids of what the field refers to.
    pub values: Vec<String>,
    /// As it is stored; it is sent again where nothing of it changed.
    stored: Option<Value>,
}

/// A field that gets a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    pub field: String,
    /// A text, or the id of what the field refers to; the empty text empties the field. None as long as nothing is
    /// chosen.
    pub value: Option<String>,
    stored: Option<Value>,
}

impl Condition {
    pub fn new(field: &str, test: Test, value: &str) -> Self {
        let value = Some(value.to_owned()).filter(|value| !value.is_empty());
        Self {
            field: field.to_owned(),
            test,
            values: value.into_iter().collect(),
            stored: None,
        }
    }

    /// Nothing where the field or the test is not known. A value may be missing.
    fn read(element: &Value) -> Option<Self> {
        let field = named(element).ok()?.name().to_owned();
        let test = test(element.get("type").unwrap_or(&Value::Null)).ok()?;
        let values = match sent(element) {
            Some(Value::Array(list)) => list.iter().map(text).collect(),
            Some(value) if test.takes_list() => {
                let list = text(value);
                let parts = list.split(',').map(|part| part.trim().to_owned());
                parts.filter(|part| !part.is_empty()).collect()
            }
            Some(value) => vec![text(value)],
            None => Vec::new(),
        };
        Some(Self {
            field,
            test,
            values,
            stored: Some(element.clone()),
        })
    }

    fn write(&self) -> Value {
        if let Some(stored) = &self.stored
            && Self::read(stored).as_ref() == Some(self)
        {
            return stored.clone();
        }
        let mut element = json!({"fieldname": self.field, "type": self.test.name()});
        if self.test.takes_list() {
            let list = self.values.iter().map(|value| typed(&self.field, value));
            let list = list.map(|(_, value)| value).collect::<Vec<_>>();
            element["value_list"] = list.into();
        } else if self.test.takes_value() {
            let (key, value) = typed(&self.field, &self.value());
            element[key] = value;
        }
        element
    }

    /// The only value; empty where there is none yet.
    pub fn value(&self) -> String {
        self.values.first().cloned().unwrap_or_default()
    }

    fn problem(&self) -> Option<&'static str> {
        if is_custom(&self.field) && self.field.trim().len() < 3 {
            return Some(NAME_THE_FIELD);
        }
        let is_missing = match self.test {
            Test::Equals | Test::NotEquals => {
                let is_text = field(&self.field).is_none_or(|field| field.kind.is_text());
                // That a text is empty can be asked for.
                !is_text && self.value().trim().is_empty()
            }
            test if test.takes_list() => self.values.is_empty(),
            test => test.takes_value() && self.value().trim().is_empty(),
        };
        is_missing.then_some("Say what it is compared with.")
    }
}

const NAME_THE_FIELD: &str = "Name the custom field, such as CFRegion.";

impl Setting {
    pub fn new(field: &str, value: Option<&str>) -> Self {
        Self {
            field: field.to_owned(),
            value: value.map(str::to_owned),
            stored: None,
        }
    }

    fn read(element: &Value) -> Option<Self> {
        super::outcome::Outcome::read(element).ok()?;
        let field = named(element).ok()?.name().to_owned();
        Some(Self {
            field,
            value: sent(element).map(text),
            stored: Some(element.clone()),
        })
    }

    fn write(&self) -> Value {
        if let Some(stored) = &self.stored
            && Self::read(stored).as_ref() == Some(self)
        {
            return stored.clone();
        }
        let (key, value) = typed(&self.field, self.value.as_deref().unwrap_or_default());
        let mut element = json!({ "fieldname": self.field });
        element[key] = value;
        element
    }

    fn problem(&self) -> Option<&'static str> {
        if is_custom(&self.field) && self.field.trim().len() < 3 {
            return Some(NAME_THE_FIELD);
        }
        let value = self.value.as_deref();
        let must_have = field(&self.field).is_some_and(|field| !field.may_be_empty);
        let is_missing = value.is_none_or(|value| must_have && value.trim().is_empty());
        is_missing.then_some("Choose what it is set to.")
    }
}

/// A value under the key that fits its field.
fn typed(name: &str, value: &str) -> (&'static str, Value) {
    let kind = field(name).map(|field| field.kind);
    match kind {
        Some(ValueKind::Record(_)) if let Ok(id) = value.trim().parse::<u64>() => {
            ("value_int", id.into())
        }
        Some(ValueKind::YesNo) => ("value_boolean", (value == "true").into()),
        _ => ("value_string", value.into()),
    }
}

impl RuleDraft {
    /// A rule that does nothing yet and comes last.
    pub fn new(name: &str, precedence: i64) -> Self {
        Self {
            id: 0,
            name: name.to_owned(),
            active: true,
            precedence,
            stops: false,
            runs_on: RunsOn::Both,
            conditions: Vec::new(),
            settings: Vec::new(),
        }
    }

    /// Tickets about passwords go to the team that a new desk has.
    pub fn example(precedence: i64) -> Self {
        let password = Condition::new("summary", Test::Contains, "password");
        Self {
            runs_on: RunsOn::New,
            conditions: vec![Part::Chosen(password)],
            settings: vec![Part::Chosen(Setting::new("team", Some("1st Line Support")))],
            ..Self::new("Passwords go to 1st Line Support", precedence)
        }
    }

    /// Reads a record of `/api/TicketRules`.
    pub fn read(record: &Record) -> Self {
        let list = |name: &str| {
            let list = record.get(name).and_then(Value::as_array);
            list.cloned().unwrap_or_default()
        };
        let rule = Rule::read(record);
        let conditions = list("criteria").into_iter();
        let conditions = conditions.map(|element| match Condition::read(&element) {
            Some(condition) => Part::Chosen(condition),
            None => Part::Kept(element),
        });
        let own = super::outcome::sets(record).into_iter();
        let own = own.map(|outcome| {
            let value = text(outcome.value());
            Part::Chosen(Setting::new(outcome.field(), Some(&value)))
        });
        let outcomes = list("outcomes").into_iter();
        let outcomes = outcomes.map(|element| match Setting::read(&element) {
            Some(setting) => Part::Chosen(setting),
            None => Part::Kept(element),
        });
        Self {
            id: rule.id,
            name: rule.name,
            active: rule.active,
            precedence: rule.precedence,
            stops: rule.stops,
            runs_on: rule.runs_on,
            conditions: conditions.collect(),
            settings: own.chain(outcomes).collect(),
        }
    }

    /// As it is sent.
    pub fn write(&self) -> Record {
        let mut record = Record::new();
        let mut set = |name: &str, value: Value| _ = record.insert(name.to_owned(), value);
        if self.id > 0 {
            set("id", self.id.into());
        }
        set("name", self.name.trim().into());
        set("active", self.active.into());
        set("precedence", self.precedence.into());
        set("stopmatching", self.stops.into());
        set("runs_on", self.runs_on.as_str().into());
        let conditions = self.conditions.iter().map(|part| match part {
            Part::Chosen(condition) => condition.write(),
            Part::Kept(element) => element.clone(),
        });
        set("criteria", conditions.collect::<Vec<_>>().into());
        let mut own = SETS.map(|(name, field)| (name, field, Value::Null));
        let mut outcomes = Vec::new();
        for part in &self.settings {
            match part {
                Part::Chosen(setting) => {
                    let free = own
                        .iter_mut()
                        .find(|(_, field, value)| *field == setting.field && value.is_null());
                    let value = setting.value.as_deref().unwrap_or_default();
                    match free {
                        // The rule's own fields cannot say that a field is to be emptied.
                        Some((_, field, place)) if !value.trim().is_empty() => {
                            *place = typed(field, value).1;
                        }
                        _ => outcomes.push(setting.write()),
                    }
                }
                Part::Kept(element) => outcomes.push(element.clone()),
            }
        }
        for (name, _, value) in own {
            set(name, value);
        }
        set("outcomes", outcomes.into());
        record
    }

    /// What keeps it from being saved: a place such as `conditions[0]`, and a sentence.
    pub fn problems(&self) -> Vec<(String, &'static str)> {
        let name = self.name.trim().is_empty();
        let name = name.then(|| ("name".to_owned(), "Give the rule a name."));
        let conditions = self.conditions.iter().enumerate();
        let conditions = conditions.filter_map(|(at, part)| match part {
            Part::Chosen(condition) => Some((format!("conditions[{at}]"), condition.problem()?)),
            Part::Kept(_) => None,
        });
        let settings = self.settings.iter().enumerate();
        let settings = settings.filter_map(|(at, part)| match part {
            Part::Chosen(setting) => Some((format!("settings[{at}]"), setting.problem()?)),
            Part::Kept(_) => None,
        });
        name.into_iter().chain(conditions).chain(settings).collect()
    }

    /// Whether it holds conditions that cannot be read here, so that it fits no ticket.
    pub fn never_fits(&self) -> bool {
        let is_kept = |part: &Part<Condition>| matches!(part, Part::Kept(_));
        self.conditions.iter().any(is_kept)
    }

    /// What it does, for people. `name_of` knows what the records are called that it refers to by their ids.
    pub fn words(&self, name_of: impl Fn(&'static Resource, &str) -> Option<String>) -> String {
        let named = |name: &str, value: &str| {
            let kind = field(name).map(|field| field.kind);
            let known = match kind {
                Some(ValueKind::Record(resource)) => name_of(resource, value),
                _ => None,
            };
            shown(&known.unwrap_or_else(|| value.to_owned()))
        };
        let conditions = self.conditions.iter().map(|part| match part {
            Part::Kept(_) => "a condition from elsewhere".to_owned(),
            Part::Chosen(condition) => {
                let label = label(&condition.field);
                let words = condition.test.words();
                let values = condition.values.iter();
                let values: Vec<_> = values.map(|value| named(&condition.field, value)).collect();
                if condition.test.takes_value() {
                    format!("{label} {words} {}", values.join(", "))
                } else {
                    format!("{label} {words}")
                }
            }
        });
        let settings = self.settings.iter().map(|part| match part {
            Part::Kept(_) => "an outcome from elsewhere".to_owned(),
            Part::Chosen(setting) => match setting.value.as_deref() {
                Some("") => format!("{} is emptied", label(&setting.field)),
                value => {
                    let value = named(&setting.field, value.unwrap_or_default());
                    format!("{} becomes {value}", label(&setting.field))
                }
            },
        });
        let (conditions, settings): (Vec<_>, Vec<_>) = (conditions.collect(), settings.collect());
        let all = match self.runs_on {
            RunsOn::Both => "Every ticket",
            RunsOn::New => "Every new ticket",
            RunsOn::Updated => "Every updated ticket",
        };
        let when = if conditions.is_empty() {
            all.to_owned()
        } else {
            conditions.join(", and ")
        };
        let then = if settings.is_empty() {
            "nothing is changed".to_owned()
        } else {
            settings.join(", ")
        };
        format!("{when}: {then}")
    }
}

fn label(name: &str) -> String {
    field(name).map_or_else(|| name.to_owned(), |field: RuleField| field.label)
}

/// What has to be sent so that the rule at one place of the list stands at another: ids with their precedence.
pub fn moved(rules: &[(u64, i64)], from: usize, to: usize) -> Vec<(u64, i64)> {
    const STEP: i64 = 10;
    let mut order = rules.to_vec();
    if from >= order.len() || to >= order.len() {
        return Vec::new();
    }
    let rule = order.remove(from);
    order.insert(to, rule);
    let numbers = std::iter::successors(Some(STEP), |number| number.checked_add(STEP));
    order
        .into_iter()
        .zip(numbers)
        .filter(|((_, former), number)| former != number)
        .map(|((id, _), number)| (id, number))
        .collect()
}
