//! What fills a variable: an input, a `from_desk` row, a *set variables* step.

use super::{Context, RenderError, Template, TemplateError, Token, Variables};

/// A template whose value becomes a variable.
///
/// Exactly one token takes the JSON value that it finds, an object or a number as
/// well as a string. Anything else renders as text and becomes a string.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    template: Template,
}

impl Mapping {
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        Ok(Self {
            template: Template::parse(text, Context::Text)?,
        })
    }

    /// The variable's JSON text, and whether it is bare, as [`Variables::insert`]
    /// and [`Variables::insert_bare`] take them.
    pub fn render(&self, variables: &Variables) -> Result<(String, bool), RenderError> {
        if let Some(token) = self.template.single_token() {
            let value = token.resolve(variables)?;
            return Ok((value.json.into_owned(), value.bare));
        }
        let text = self.template.render(variables)?;
        Ok((crate::json::quote(&text), false))
    }

    /// The text that was parsed.
    pub fn source(&self) -> &str {
        self.template.source()
    }

    /// The tokens in their order.
    pub fn tokens(&self) -> impl Iterator<Item = &Token> {
        self.template.tokens()
    }
}
