//! From what people wrote to what a run can evaluate.

use super::error::{ConditionProblem, ProblemKind};
use super::pattern::Pattern;
use super::{Operator, Row, Term, When};
use crate::template::{Template, TemplateError, Token, Variables};

/// A condition whose templates and patterns are known to be good.
#[derive(Debug, Clone)]
pub struct Condition {
    pub(super) root: Group,
}

#[derive(Debug, Clone)]
pub(super) struct Group {
    /// All of the members have to be met, rather than any.
    pub(super) all: bool,
    pub(super) members: Vec<Member>,
}

#[derive(Debug, Clone)]
pub(super) enum Member {
    Row(CompiledRow),
    Group(Group),
}

#[derive(Debug, Clone)]
pub(super) struct CompiledRow {
    /// Such as `all[1].any[0]`.
    pub(super) place: String,
    pub(super) left: Template,
    pub(super) check: Check,
}

/// What is asked of the left side.
#[derive(Debug, Clone)]
pub(super) enum Check {
    /// That it has a value, or that it has none.
    Presence { expected: bool },
    /// That a relation to the right side holds, or that it does not.
    Comparison {
        relation: Relation,
        expected: bool,
        right: Template,
        match_case: bool,
    },
}

#[derive(Debug, Clone)]
pub(super) enum Relation {
    Equal,
    Greater,
    Less,
    Contains,
    Includes,
    StartsWith,
    EndsWith,
    /// Holds the pattern where that is the same in every run.
    Matches(Option<Pattern>),
}

impl Condition {
    /// Compiles a condition, or says everything that is wrong with it.
    pub fn compile(when: &When) -> Result<Self, Vec<ConditionProblem>> {
        let mut problems = Vec::new();
        let root = group(when, "", &mut problems);
        if problems.is_empty() {
            Ok(Self { root })
        } else {
            Err(problems)
        }
    }

    /// Whether it has no rows, so that everything meets it.
    pub fn is_empty(&self) -> bool {
        self.root.is_empty()
    }

    /// The tokens of all rows with their fields, such as `all[0].left`.
    pub fn tokens(&self) -> Vec<(String, &Token)> {
        let mut tokens = Vec::new();
        self.root.collect_tokens(&mut tokens);
        tokens
    }
}

impl Group {
    fn is_empty(&self) -> bool {
        self.members.iter().all(|member| match member {
            Member::Row(_) => false,
            Member::Group(group) => group.is_empty(),
        })
    }

    fn collect_tokens<'c>(&'c self, tokens: &mut Vec<(String, &'c Token)>) {
        for member in &self.members {
            match member {
                Member::Group(group) => group.collect_tokens(tokens),
                Member::Row(row) => {
                    tokens.extend(
                        row.left
                            .tokens()
                            .map(|token| (format!("{}.left", row.place), token)),
                    );
                    if let Check::Comparison { right, .. } = &row.check {
                        tokens.extend(
                            right
                                .tokens()
                                .map(|token| (format!("{}.right", row.place), token)),
                        );
                    }
                }
            }
        }
    }
}

impl Operator {
    /// Whether it compares with a right side.
    pub fn takes_right(self) -> bool {
        !matches!(self, Self::HasValue | Self::HasNoValue)
    }
}

/// A group at `place`, the empty place for the outermost one.
fn group(when: &When, place: &str, problems: &mut Vec<ConditionProblem>) -> Group {
    let (all, name, terms) = match when {
        When::All(terms) => (true, "all", terms),
        When::Any(terms) => (false, "any", terms),
    };
    let mut members = Vec::with_capacity(terms.len());
    for (index, term) in terms.iter().enumerate() {
        let dot = if place.is_empty() { "" } else { "." };
        let here = format!("{place}{dot}{name}[{index}]");
        match term {
            Term::Row(row) => members.extend(compiled(row, &here, problems).map(Member::Row)),
            Term::Group(inner) if place.is_empty() => {
                members.push(Member::Group(group(inner, &here, problems)));
            }
            Term::Group(_) => {
                problems.push(ConditionProblem {
                    field: here,
                    at: None,
                    kind: ProblemKind::NestedTooDeeply,
                });
            }
        }
    }
    Group { all, members }
}

fn compiled(row: &Row, place: &str, problems: &mut Vec<ConditionProblem>) -> Option<CompiledRow> {
    let left = side(
        Template::parse_decoded(&row.left),
        format!("{place}.left"),
        problems,
    );
    if row.left.trim().is_empty() {
        let field = format!("{place}.left");
        problems.push(ConditionProblem {
            field,
            at: None,
            kind: ProblemKind::NoLeft,
        });
    }
    let check = check(row, format!("{place}.right"), problems);
    Some(CompiledRow {
        place: place.to_owned(),
        left: left?,
        check: check?,
    })
}

fn check(row: &Row, field: String, problems: &mut Vec<ConditionProblem>) -> Option<Check> {
    let (relation, expected) = match row.op {
        Operator::HasValue => return Some(Check::Presence { expected: true }),
        Operator::HasNoValue => return Some(Check::Presence { expected: false }),
        Operator::Equals => (Relation::Equal, true),
        Operator::NotEquals => (Relation::Equal, false),
        Operator::Contains => (Relation::Contains, true),
        Operator::NotContains => (Relation::Contains, false),
        Operator::Greater => (Relation::Greater, true),
        Operator::LessOrEqual => (Relation::Greater, false),
        Operator::Less => (Relation::Less, true),
        Operator::GreaterOrEqual => (Relation::Less, false),
        Operator::Includes => (Relation::Includes, true),
        Operator::NotIncludes => (Relation::Includes, false),
        Operator::StartsWith => (Relation::StartsWith, true),
        Operator::EndsWith => (Relation::EndsWith, true),
        Operator::Matches => return matches(row, field, problems),
    };
    let right = side(Template::parse_decoded(&row.right), field, problems)?;
    Some(Check::Comparison {
        relation,
        expected,
        right,
        match_case: row.match_case,
    })
}

fn matches(row: &Row, field: String, problems: &mut Vec<ConditionProblem>) -> Option<Check> {
    let right = side(Template::parse_pattern(&row.right), field.clone(), problems)?;
    let mut pattern = None;
    // Where the pattern is the same in every run, it is compiled once, and checked now.
    if right.tokens().next().is_none()
        && let Ok(text) = right.render(&Variables::new())
    {
        match Pattern::compile(&text, row.match_case) {
            Ok(compiled) => pattern = Some(compiled),
            Err(message) => {
                problems.push(ConditionProblem {
                    field,
                    at: None,
                    kind: ProblemKind::Pattern { message },
                });
            }
        }
    }
    let relation = Relation::Matches(pattern);
    Some(Check::Comparison {
        relation,
        expected: true,
        right,
        match_case: row.match_case,
    })
}

fn side(
    parsed: Result<Template, TemplateError>,
    field: String,
    problems: &mut Vec<ConditionProblem>,
) -> Option<Template> {
    parsed
        .map_err(|error| {
            problems.push(ConditionProblem {
                field,
                at: Some(error.at()),
                kind: ProblemKind::Template(error),
            });
        })
        .ok()
}
