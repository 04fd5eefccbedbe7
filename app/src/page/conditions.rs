//! What all editors of conditions offer.

use shared::condition::Operator;

/// In the order in which they are offered.
pub const OPERATORS: [Operator; 15] = [
    Operator::Equals,
    Operator::NotEquals,
    Operator::Contains,
    Operator::NotContains,
    Operator::StartsWith,
    Operator::EndsWith,
    Operator::Matches,
    Operator::Greater,
    Operator::GreaterOrEqual,
    Operator::Less,
    Operator::LessOrEqual,
    Operator::Includes,
    Operator::NotIncludes,
    Operator::HasValue,
    Operator::HasNoValue,
];
