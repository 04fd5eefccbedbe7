//! Goes through the elements of an array, one after the other or some of them side by side.
//!
//! One after the other, the step is passed through once for each element, and once more at the end: the last
//! step of its body leads back to it. Which element comes next is kept beside the step as long as that goes on.
//! Side by side, each element has a branch of the run, and coming back here ends that.

use std::ops::Range;

use super::{Began, Behaviour, Exit, Left, ResponseVariables, Scope, UsedToken};
use crate::json;
use crate::model::{StepKind, Way};
use crate::problem::ErrorDetail;
use crate::template::Mapping;
use crate::typed;

#[derive(Debug)]
pub(super) struct ForEachStep {
    over: Mapping,
    limit: usize,
    at_once: usize,
}

/// What is gone through.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) struct Elements {
    /// The array, as JSON text.
    array: String,
    /// All elements, also those that are too many.
    places: Vec<Range<usize>>,
    count: usize,
    at_once: usize,
    passed: usize,
    secret: bool,
}

impl Elements {
    /// How many elements have a turn.
    pub(in crate::engine) fn count(&self) -> usize {
        self.count
    }

    /// How many of them have it at the same time.
    pub(in crate::engine) fn at_once(&self) -> usize {
        self.at_once
    }

    /// How many have had their turn, or have it now.
    pub(in crate::engine) fn passed(&self) -> usize {
        self.passed
    }

    /// Gives the next element its turn; nothing where there is none left.
    pub(in crate::engine) fn turn(&mut self) -> Option<Left> {
        let place = self.places.get(self.passed);
        let place = place.filter(|_| self.passed < self.count)?;
        let element = self.array.get(place.clone())?;
        self.passed += 1;
        Some(Left {
            explanation: Some(format!("element {} of {}", self.passed, self.count)),
            response: Some(ResponseVariables {
                body: Some(element.to_owned()),
                secret: self.secret,
                ..ResponseVariables::default()
            }),
            ..Left::by(Way::Element)
        })
    }

    /// Leaves the step, when all have had their turn.
    pub(in crate::engine) fn end(&self) -> Left {
        let (all, count) = (self.places.len(), self.count);
        let (words, way) = if count == 0 {
            ("the array is empty".to_owned(), Way::Empty)
        } else if count < all {
            let words = format!("went through the first {count} of {all} elements");
            (words, Way::Finished)
        } else {
            let elements = if all == 1 { "element" } else { "elements" };
            (format!("went through {all} {elements}"), Way::Finished)
        };
        let at_once = self.at_once.min(count);
        Left {
            explanation: Some(if at_once > 1 {
                format!("{words}, {at_once} at a time")
            } else {
                words
            }),
            ..Left::by(way)
        }
    }
}

impl ForEachStep {
    pub(super) fn compile(
        over: &str,
        limit: Option<u32>,
        at_once: Option<u32>,
    ) -> Result<Self, Vec<ErrorDetail>> {
        let mut errors = Vec::new();
        if over.trim().is_empty() {
            let message = "nothing says what to go through: enter a variable that holds an array, such as `<<response^items>>`";
            errors.push(ErrorDetail::new("nothing_to_go_through", message).at_field("over"));
        }
        if limit == Some(0) {
            let message = "this step goes through no element: enter a larger number, or none";
            errors.push(ErrorDetail::new("limit", message).at_field("limit"));
        }
        let at_once = at_once.unwrap_or(1);
        if at_once == 0 || at_once > StepKind::MOST_AT_ONCE {
            let message = format!(
                "1 to {} elements can have their turn at a time: enter a number between them",
                StepKind::MOST_AT_ONCE
            );
            errors.push(ErrorDetail::new("at_once", message).at_field("at_once"));
        }
        let over = Mapping::parse(over).map_err(|error| {
            let mut detail = ErrorDetail::new(error.kind(), error.to_string()).at_field("over");
            detail.at.offset = Some(error.at());
            errors.push(detail);
        });
        let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        match over {
            Ok(over) if errors.is_empty() => Ok(Self {
                over,
                limit: limit.map_or(usize::MAX, number),
                at_once: number(at_once),
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
            count: places.len().min(self.limit),
            array,
            places,
            at_once: self.at_once,
            passed: 0,
            secret: scope.is_secret(self.over.tokens()),
        })
    }
}

impl Behaviour for ForEachStep {
    fn begin(&self, scope: &mut Scope<'_>) -> Began {
        let elements = match scope.elements.take() {
            Some(elements) => Ok(elements),
            None => self.elements(scope),
        };
        match elements {
            Ok(elements) if self.at_once > 1 && elements.count() > 0 => Began::Spreads(elements),
            Ok(mut elements) => Began::Left(match elements.turn() {
                Some(left) => {
                    *scope.elements = Some(elements);
                    left
                }
                None => elements.end(),
            }),
            Err(error) => Began::Left(Left::with(Exit::Fails(error))),
        }
    }

    fn tokens(&self) -> Vec<UsedToken<'_>> {
        self.over
            .tokens()
            .map(|token| UsedToken::needed("over", token))
            .collect()
    }
}
