//! Verdicts in words.

use std::borrow::Cow;

use super::compile::Relation;
use crate::json;
use crate::template::{Template, Token};

/// What people call what a token stands for, such as `Agent` for `ticket^agent_id`; nothing where it goes by no other
/// name.
pub type NameOf = fn(token: &str) -> Option<String>;

/// Longer texts are described. They are never cut: the beginning of a secret
/// would not be recognised, and not be masked.
const LONGEST_SHOWN: usize = 200;

pub(super) fn presence(side: &Template, value: Option<&str>, name_of: NameOf) -> String {
    let subject = subject(side, name_of).unwrap_or(Cow::Borrowed("the text"));
    match value {
        Some(value) => format!("{subject} has a value: {}", shown(value)),
        None => format!("{subject} has no value"),
    }
}

pub(super) fn comparison(
    side: &Template,
    left: &str,
    relation: &Relation,
    holds: bool,
    right: &str,
    name_of: NameOf,
) -> String {
    let (left, right, phrase) = (shown(left), shown(right), phrase(relation, holds));
    match subject(side, name_of) {
        Some(subject) => format!("{subject} is {left}, which {phrase} {right}"),
        None => format!("{left} {phrase} {right}"),
    }
}

/// What a side is called, where it is one token.
fn subject(side: &Template, name_of: NameOf) -> Option<Cow<'_, str>> {
    let token = side.single_token().map(Token::label)?;
    Some(name_of(token).map_or(Cow::Borrowed(token), Cow::Owned))
}

fn shown(text: &str) -> String {
    let characters = text.chars().count();
    if characters > LONGEST_SHOWN {
        return format!("a text of {characters} characters");
    }
    let plain = json::is_number(text.trim()) || matches!(text, "true" | "false" | "null");
    if plain {
        text.trim().to_owned()
    } else {
        format!("“{text}”")
    }
}

/// The verb of a relation that holds or does not.
fn phrase(relation: &Relation, holds: bool) -> &'static str {
    let (yes, no) = match relation {
        Relation::Equal => ("equals", "does not equal"),
        Relation::Greater => ("is greater than", "is at most"),
        Relation::Less => ("is less than", "is at least"),
        Relation::Contains => ("contains", "does not contain"),
        Relation::Includes => ("includes", "does not include"),
        Relation::StartsWith => ("starts with", "does not start with"),
        Relation::EndsWith => ("ends with", "does not end with"),
        Relation::Matches(_) => ("matches", "does not match"),
    };
    if holds { yes } else { no }
}
