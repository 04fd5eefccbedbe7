//! Conditions as people choose them: a field, and what is asked of it. They are kept as [`Term`]s like all others.

use crate::condition::{Operator, Row, Term, When};
use crate::desk::label;
use crate::desk::resource::{ACTION, CATEGORY, FieldKind, OUTCOME, Resource, TEAM, resource};
use crate::model::{EventKind, RecordKind};

/// What stands for a field that has no value: without it, two such fields could not be compared.
const NOTHING: &str = r#" ?? """#;

/// What comes with a warning or a deadline of a service level.
const GOAL: [(&str, &str); 3] = [
    ("sla^goal", "Goal (response or resolution)"),
    ("sla^duedate", "Due"),
    ("sla^minuteslate", "Minutes late"),
];

/// Documents beside the record itself, which have no state before.
const BESIDE: [&str; 2] = ["action", "sla"];

/// A field that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventField {
    /// Such as `ticket^status^name`.
    pub path: String,
    pub label: String,
}

/// What is asked of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldTest {
    /// Such as `ticket^status^name`.
    pub path: String,
    pub test: Test,
}

/// A question about a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// It has another value than before; where a text is not empty, from that one or to that one.
    Changed { from: String, to: String },
    /// Of its value now.
    Is { op: Operator, value: String },
    /// Of its value before.
    Was { op: Operator, value: String },
}

/// The fields of what an event happens to.
pub fn fields(event: EventKind) -> Vec<EventField> {
    let mut fields = Vec::new();
    if event.has_action() {
        fields.extend(of_resource("action", &ACTION));
    }
    if event.has_goal() {
        let of_goal = GOAL.iter().map(|(path, label)| EventField {
            path: (*path).to_owned(),
            label: (*label).to_owned(),
        });
        fields.extend(of_goal);
    }
    if let Some(resource) = resource(event.record().resource()) {
        fields.extend(of_resource(event.record().as_str(), resource));
    }
    fields
}

fn of_resource(root: &'static str, resource: &Resource) -> impl Iterator<Item = EventField> {
    let noun = if root == "action" { "Action: " } else { "" };
    let beside = resource.beside_fields().map(|(field, _)| field);
    resource
        .fields
        .iter()
        .chain(beside)
        .filter_map(move |field| {
            let path = match &field.kind {
                FieldKind::Reference(reference) => format!("{root}^{}^name", reference.object),
                // The half that is text says the same; of lists, parts are compared, which is written by hand.
                FieldKind::Html | FieldKind::Objects | FieldKind::Named => return None,
                _ => format!("{root}^{}", field.name),
            };
            let label = format!("{noun}{}", label(field.name));
            Some(EventField { path, label })
        })
}

/// The records whose names the value at a path is one of, such as the statuses for `ticket^status^name`.
pub fn names_in(path: &str) -> Option<&'static Resource> {
    let (root, rest) = path.split_once('^')?;
    match rest {
        "team" => return Some(&TEAM),
        "category_1" => return Some(&CATEGORY),
        "outcome" if root == "action" => return Some(&OUTCOME),
        _ => {}
    }
    let mut references = resources(root).into_iter().flat_map(Resource::references);
    references.find_map(|(_, reference)| {
        let by_object = rest.strip_suffix("^name") == Some(reference.object);
        let mut shows = reference.shows.iter();
        let by_name = shows.any(|(shown, of)| *of == "name" && *shown == rest);
        (by_object || by_name).then_some(reference.to)
    })
}

/// What pages call the field that a token of a condition looks at, such as `Agent` for `ticket^agent_id`; nothing where
/// no page has a name for it.
pub fn name_of(token: &str) -> Option<String> {
    if let Some((_, label)) = GOAL.iter().find(|(path, _)| *path == token) {
        // A sentence says which of them it is.
        let name = label.split(" (").next().unwrap_or(label);
        return Some(name.to_owned());
    }
    let (root, rest) = token.split_once('^')?;
    let all = resources(root);
    let found = all
        .into_iter()
        .find_map(|resource| field_name(resource, rest))?;
    Some(match root {
        "action" => format!("Action: {found}"),
        "before" => format!("{found} before"),
        _ => found,
    })
}

fn field_name(resource: &Resource, rest: &str) -> Option<String> {
    if rest == "id" {
        return Some(label(rest));
    }
    if let Some(field) = resource.field(rest) {
        return Some(label(field.name));
    }
    resource.references().find_map(|(field, reference)| {
        if rest.strip_suffix("^name") == Some(reference.object) {
            return Some(label(field.name));
        }
        let mut parts = reference.shows.iter();
        let (own, of) = parts.find(|(own, _)| *own == rest)?;
        Some(label(if *of == "name" { field.name } else { own }))
    })
}

/// The resources whose fields a document of that name may have.
fn resources(root: &str) -> Vec<&'static Resource> {
    let all = RecordKind::ALL.iter();
    match root {
        "action" => vec![&ACTION],
        // Of whatever it happens to.
        "before" => all.filter_map(|kind| resource(kind.resource())).collect(),
        root => all
            .filter(|kind| kind.as_str() == root)
            .filter_map(|kind| resource(kind.resource()))
            .collect(),
    }
}

/// Where the field of a record stood before.
fn before(path: &str) -> Option<String> {
    let (root, rest) = path.split_once('^')?;
    let is_record = RecordKind::ALL.iter().any(|kind| kind.as_str() == root);
    is_record.then(|| format!("before^{rest}"))
}

fn row(left: String, op: Operator, right: &str) -> Row {
    Row {
        left,
        op,
        right: right.to_owned(),
        match_case: false,
    }
}

/// A row that is met where the field has another value than before.
fn changed(path: &str, before: &str) -> Row {
    Row {
        match_case: true,
        ..row(
            format!("<<{before}{NOTHING}>>"),
            Operator::NotEquals,
            &format!("<<{path}{NOTHING}>>"),
        )
    }
}

impl FieldTest {
    /// As it is kept; nothing where the field is none of a record.
    pub fn term(&self) -> Option<Term> {
        let path = &self.path;
        let now = format!("<<{path}>>");
        Some(match &self.test {
            Test::Is { op, value } => Term::Row(row(now, *op, value)),
            Test::Was { op, value } => Term::Row(row(format!("<<{}>>", before(path)?), *op, value)),
            Test::Changed { from, to } => {
                let before = before(path)?;
                let was = || Term::Row(row(format!("<<{before}>>"), Operator::Equals, from));
                let is = || Term::Row(row(now.clone(), Operator::Equals, to));
                let changed = Term::Row(changed(path, &before));
                match (from.is_empty(), to.is_empty()) {
                    (true, true) => changed,
                    (false, true) => Term::Group(When::All(vec![was(), changed])),
                    (true, false) => Term::Group(When::All(vec![is(), changed])),
                    (false, false) => Term::Group(When::All(vec![was(), is(), changed])),
                }
            }
        })
    }

    /// Reads what [`FieldTest::term`] wrote, where it happens to a record of that kind; nothing where somebody wrote
    /// something else.
    pub fn of(term: &Term, record: RecordKind) -> Option<Self> {
        let found = match term {
            Term::Row(row) => Self::of_row(row, record)?,
            Term::Group(When::All(terms)) => Self::of_group(terms, record)?,
            Term::Group(When::Any(_)) => return None,
        };
        // What was read another way than it is written would change when it is saved.
        (found.term().as_ref() == Some(term)).then_some(found)
    }

    fn of_row(row: &Row, record: RecordKind) -> Option<Self> {
        let token = row.left.strip_prefix("<<")?.strip_suffix(">>")?;
        let is_path = |path: &str| {
            !path.is_empty()
                && path.split('^').all(|part| {
                    let mut bytes = part.bytes();
                    !part.is_empty()
                        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
                })
        };
        let now = |rest: &str| format!("{}^{rest}", record.as_str());
        let test = |path, test| Some(Self { path, test });
        if let Some(rest) = token.strip_prefix("before^") {
            if let Some(rest) = rest.strip_suffix(NOTHING) {
                let (from, to) = (String::new(), String::new());
                return test(now(rest), Test::Changed { from, to }).filter(|_| is_path(rest));
            }
            let (op, value) = (row.op, row.right.clone());
            return test(now(rest), Test::Was { op, value }).filter(|_| is_path(rest));
        }
        let (root, rest) = token.split_once('^')?;
        let is_known = BESIDE.contains(&root) || root == record.as_str();
        let (op, value) = (row.op, row.right.clone());
        test(token.to_owned(), Test::Is { op, value }).filter(|_| is_known && is_path(rest))
    }

    fn of_group(terms: &[Term], record: RecordKind) -> Option<Self> {
        let (mut from, mut to, mut path) = (String::new(), String::new(), None);
        for term in terms {
            let Term::Row(row) = term else { return None };
            let part = Self::of_row(row, record)?;
            match part.test {
                Test::Was { value, .. } => from = value,
                Test::Is { value, .. } => to = value,
                Test::Changed { .. } => path = Some(part.path),
            }
        }
        Some(Self {
            path: path?,
            test: Test::Changed { from, to },
        })
    }
}
