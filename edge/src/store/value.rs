//! What may be bound to a statement.

use worker::SqlStorageValue;

/// A bound value.
pub type Value = SqlStorageValue;

/// What can be bound. Whole numbers beyond 2^53 lose digits: store them as text.
pub trait ToValue {
    fn to_value(&self) -> Value;
}

impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::String(self.to_owned())
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value {
        Value::String(self.clone())
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value {
        Value::Blob(self.to_vec())
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value {
        Value::Blob(self.clone())
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Integer(i64::from(*self))
    }
}

macro_rules! whole_numbers {
    ($($number:ty),+) => {$(
        impl ToValue for $number {
            fn to_value(&self) -> Value {
                Value::Integer(i64::try_from(*self).unwrap_or(i64::MAX))
            }
        }
    )+};
}

whole_numbers!(u16, u32, u64, usize, i64);

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bind;

    #[test]
    fn values_are_bound_as_what_they_are() {
        let none: Option<&str> = None;
        assert_eq!(
            bind!["a", 1_u64, true, Some(2_u32), none, vec![1_u8]],
            [
                Value::String("a".to_owned()),
                Value::Integer(1),
                Value::Integer(1),
                Value::Integer(2),
                Value::Null,
                Value::Blob(vec![1]),
            ]
        );
    }
}
