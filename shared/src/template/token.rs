//! One token: which variable, what of it, and what instead.

use std::borrow::Cow;

use super::error::{RenderError, TemplateError, TokenPlace, Unresolved};
use super::scan::RawToken;
use super::{Value, Variables};
use crate::json::{self, Limits};
use crate::output::{OutputPath, Part, PathError, Source};

/// `<<name^path! ?? fallback>>`
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// As it is written, without `<<` and `>>`.
    source: String,
    at: usize,
    name: String,
    /// What people call it: without mark and fallback.
    label: String,
    target: Target,
    bare: bool,
    fallback: Option<String>,
}

/// What has a meaning of its own in a token, unless `\` stands before it.
pub(crate) const SPECIAL: &str = "^[]!\\=<>~&@?";

/// Where the value is looked for.
#[derive(Debug, Clone, PartialEq)]
enum Target {
    /// A variable as a whole.
    Whole,
    /// A part of the variable.
    Path(OutputPath),
    /// What stands beside a body: the variable that holds it, such as
    /// `request@header`, and what of that.
    Beside {
        variable: String,
        path: Option<OutputPath>,
    },
}

impl Token {
    pub(super) fn parse(raw: &RawToken<'_>) -> Result<Self, TemplateError> {
        let (selector, fallback) = match raw
            .fallback
            .and_then(|byte| raw.inner.split_at_checked(byte))
        {
            Some((selector, fallback)) => (selector, Some(fallback)),
            None => (raw.inner, None),
        };
        let inner_at = raw.at + "<<".len();
        let selector_at = inner_at
            + selector
                .chars()
                .take_while(|char| char.is_whitespace())
                .count();
        let selector_text = selector.trim();
        let (name, rest) =
            name(selector_text).map_err(|(at, character)| TemplateError::Character {
                at: selector_at + at,
                character,
            })?;
        if name.is_empty() {
            return Err(TemplateError::NoName { at: raw.at });
        }
        let rest_at = selector_at + selector_text.chars().count() - rest.chars().count();
        let refused = |error: PathError| TemplateError::Path {
            at: rest_at + error.at().saturating_sub(name.chars().count()),
            error,
        };
        let source = Source::parse_from(&name, &format!("{name}{rest}")).map_err(refused)?;
        let target = Target::of(&source).map_err(refused)?;
        let fallback = match fallback {
            None => None,
            Some(text) => {
                let literal = text.strip_prefix("??").unwrap_or(text).trim();
                let at = inner_at + selector.chars().count();
                let literal =
                    json::validate(literal.as_bytes(), Limits::default()).map_err(|_| {
                        TemplateError::Fallback {
                            at,
                            literal: literal.to_owned(),
                        }
                    })?;
                Some(literal.to_owned())
            }
        };
        Ok(Self {
            source: raw.inner.to_owned(),
            at: raw.at,
            label: match target {
                Target::Whole => name.clone(),
                Target::Path(_) | Target::Beside { .. } => without_mark(&source),
            },
            bare: source.is_bare(),
            target,
            name,
            fallback,
        })
    }

    /// The variable's name, without the backslashes that special characters need in a
    /// token; also in `request@header[x-topic]` no more than `request`.
    pub fn variable(&self) -> &str {
        &self.name
    }

    /// The variable that holds the value: [`Self::variable`], but `request@header` for what
    /// stands beside a body.
    pub fn holder(&self) -> &str {
        match &self.target {
            Target::Beside { variable, .. } => variable,
            Target::Whole | Target::Path(_) => &self.name,
        }
    }

    /// The path within the variable; none for the variable as a whole, and for what
    /// stands beside a body.
    pub fn path(&self) -> Option<&OutputPath> {
        match &self.target {
            Target::Path(path) => Some(path),
            Target::Whole | Target::Beside { .. } => None,
        }
    }

    /// Whether it ends with `!`.
    pub fn is_bare(&self) -> bool {
        self.bare
    }

    /// Whether it gives a literal for when it finds nothing.
    pub fn has_fallback(&self) -> bool {
        self.fallback.is_some()
    }

    /// Where its `<<` stands, in characters from the start of the template.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The token as written, with `<<` and `>>`.
    pub fn text(&self) -> String {
        format!("<<{}>>", self.source)
    }

    /// What it draws from, without `!` and fallback.
    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    pub(super) fn place(&self) -> TokenPlace {
        TokenPlace {
            text: self.text(),
            at: self.at,
        }
    }

    /// The value that the token stands for.
    pub(crate) fn resolve<'v>(
        &'v self,
        variables: &'v Variables,
    ) -> Result<Value<'v>, RenderError> {
        match (self.find(variables), &self.fallback) {
            (Ok(value), _) => Ok(value),
            (Err(_), Some(literal)) => Ok(Value {
                json: Cow::Borrowed(literal),
                bare: self.bare,
            }),
            (Err(why), None) => Err(RenderError::Unresolved {
                token: self.place(),
                why,
            }),
        }
    }

    fn find<'v>(&'v self, variables: &'v Variables) -> Result<Value<'v>, Unresolved> {
        let (name, path) = match &self.target {
            Target::Whole => (&self.name, None),
            Target::Path(path) => (&self.name, Some(path)),
            Target::Beside { variable, path } => (variable, path.as_ref()),
        };
        let variable = variables.get(name).ok_or_else(|| Unresolved::NoVariable {
            nearest: variables.nearest(name).map(str::to_owned),
            name: name.clone(),
        })?;
        let Some(path) = path else {
            let bare = self.bare || variable.is_bare();
            return Ok(Value {
                json: Cow::Borrowed(variable.json()),
                bare,
            });
        };
        let json = path.extract(variable.json().as_bytes())?;
        Ok(Value {
            json,
            bare: self.bare,
        })
    }
}

impl Target {
    fn of(source: &Source) -> Result<Self, PathError> {
        let (word, key) = match source.part() {
            Part::Body(path) if path.segments().is_empty() => return Ok(Self::Whole),
            // With its quotes: the place decides whether they show.
            Part::Body(path) => return Ok(Self::Path(path.clone().with_bare(false))),
            Part::Status => ("status", None),
            Part::TimeMs => ("time_ms", None),
            Part::Method => ("method", None),
            Part::Header(key) => ("header", Some(key.to_ascii_lowercase())),
            Part::Query(key) => ("query", Some(key.clone())),
        };
        let variable = format!("{}@{word}", source.root());
        let path = key.map(|key| {
            let escaped = key.chars().flat_map(|char| {
                SPECIAL
                    .contains(char)
                    .then_some('\\')
                    .into_iter()
                    .chain([char])
            });
            OutputPath::parse_from(
                &variable,
                &format!("{variable}^{}", escaped.collect::<String>()),
            )
        });
        Ok(Self::Beside {
            path: path.transpose()?,
            variable,
        })
    }
}

fn without_mark(source: &Source) -> String {
    let mut text = source.to_string();
    if source.is_bare() {
        text.pop();
    }
    text
}

/// The name at the start of a token and what follows it; or a character that cannot
/// stand there, and how many characters are before it.
fn name(text: &str) -> Result<(String, &str), (usize, char)> {
    let mut name = String::new();
    let mut chars = text.chars();
    loop {
        let rest = chars.as_str();
        let at = || text.chars().count() - rest.chars().count();
        match chars.next() {
            None | Some('^' | '[' | '!') => return Ok((name, rest)),
            // Only these two have something beside a body; elsewhere it is part of the name.
            Some('@') if matches!(name.as_str(), "response" | "request") => {
                return Ok((name, rest));
            }
            Some(']') => return Err((at(), ']')),
            Some('\\') => match chars.next() {
                Some(char) if SPECIAL.contains(char) => name.push(char),
                _ => return Err((at(), '\\')),
            },
            Some(char) => name.push(char),
        }
    }
}
