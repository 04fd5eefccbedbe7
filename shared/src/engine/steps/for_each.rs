//! Goes through the elements of an array, one after the other.
//!
//! The step is passed through once for each element, and once more at the end: the last step of its body leads
//! back to it. Which element comes next is kept beside the step as long as that goes on.

use std::ops::Range;

use super::{Began, Behaviour, Exit, Left, ResponseVariables, Scope, UsedToken};
use crate::json;
use crate::model::Way;
use crate::problem::ErrorDetail;
use crate::template::Mapping;
use crate::typed;

#[derive(Debug)]
pub(super) struct ForEachStep {
    over: Mapping,
    limit: usize,
}

/// What is left to go through.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) struct Elements {
    /// The array, as JSON text.
    array: String,
    places: Vec<Range<usize>>,
    next: usize,
    secret: bool,
}

impl ForEachStep {
    pub(super) fn compile(over: &str, limit: Option<u32>) -> Result<Self, Vec<ErrorDetail>> {
        let mut errors = Vec::new();
        if over.trim().is_empty() {
            let message = "nothing says what to go through: enter a variable that holds an array, such as `<<response^items>>`";
            errors.push(ErrorDetail::new("nothing_to_go_through", message).at_field("over"));
        }
        if limit == Some(0) {
            let message = "this step goes through no element: enter a larger number, or none";
            errors.push(ErrorDetail::new("limit", message).at_field("limit"));
        }
        let over = Mapping::parse(over).map_err(|error| {
            let mut detail = ErrorDetail::new(error.kind(), error.to_string()).at_field("over");
            detail.at.offset = Some(error.at());
            errors.push(detail);
        });
        match over {
            Ok(over) if errors.is_empty() => Ok(Self {
                over,
                limit: limit.map_or(usize::MAX, |limit| {
                    usize::try_from(limit).unwrap_or(usize::MAX)
                }),
            }),
            _ => Err(errors),
        }
    }

    fn elements(&self, scope: &Scope<'_>) -> Result<Elements, ErrorDetail> {
        let (array, _) = self.over.render(scope.variables).map_err(|error| {
            ErrorDetail::new(
                error.kind(),
                format!("it is not known what to go through: {error}"),
            )
            .at_field("over")
        })?;
        let Some(places) = json::elements(&array) else {
            return Err(ErrorDetail::new(
                "not_an_array",
                format!(
                    "`{}` is {}, and only an array has elements to go through: choose another variable",
                    self.over.source().trim(),
                    typed::describe(&array)
                ),
            )
            .at_field("over"));
        };
        Ok(Elements {
            array,
            places,
            next: 0,
            secret: scope.is_secret(self.over.tokens()),
        })
    }

    fn next(&self, mut elements: Elements, scope: &mut Scope<'_>) -> Left {
        let all = elements.places.len();
        let count = all.min(self.limit);
        let number = elements.next;
        let element = elements
            .places
            .get(number)
            .filter(|_| number < count)
            .cloned();
        let Some(element) = element.and_then(|place| elements.array.get(place)) else {
            return if count == 0 {
                Left {
                    explanation: Some("the array is empty".to_owned()),
                    ..Left::by(Way::Empty)
                }
            } else {
                let words = if count < all {
                    format!("went through the first {count} of {all} elements")
                } else {
                    format!("went through {all} elements")
                };
                Left {
                    explanation: Some(words),
                    ..Left::by(Way::Finished)
                }
            };
        };
        let left = Left {
            explanation: Some(format!("element {} of {count}", number + 1)),
            response: Some(ResponseVariables {
                body: Some(element.to_owned()),
                secret: elements.secret,
                ..ResponseVariables::default()
            }),
            ..Left::by(Way::Element)
        };
        elements.next += 1;
        *scope.elements = Some(elements);
        left
    }
}

impl Behaviour for ForEachStep {
    fn begin(&self, scope: &mut Scope<'_>) -> Began {
        let elements = match scope.elements.take() {
            Some(elements) => Ok(elements),
            None => self.elements(scope),
        };
        Began::Left(match elements {
            Ok(elements) => self.next(elements, scope),
            Err(error) => Left::with(Exit::Fails(error)),
        })
    }

    fn tokens(&self) -> Vec<UsedToken<'_>> {
        self.over
            .tokens()
            .map(|token| UsedToken::needed("over", token))
            .collect()
    }
}
