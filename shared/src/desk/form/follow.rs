//! A form that stays open while others change the same record.

use serde_json::Value;

use crate::desk::record::Record;
use crate::desk::resource::Resource;

/// What a form takes for saved, and what it shows, once the desk holds `now`. Fields that nobody has touched here follow; what
/// was typed stays. Where both sides changed a field, the form goes on from what it read first, so that [`was_overtaken`]
/// still notices when it is to be sent.
///
/// [`was_overtaken`]: super::was_overtaken
pub fn followed(
    resource: &Resource,
    saved: &Record,
    draft: &Record,
    now: &Record,
) -> (Record, Record) {
    let (mut next_saved, mut next_draft) = (saved.clone(), draft.clone());
    for field in resource.fields.iter().filter(|field| !field.computed) {
        let of = |record: &Record| record.get(field.name).cloned().unwrap_or(Value::Null);
        let (before, typed, there) = (of(saved), of(draft), of(now));
        if typed == before {
            next_draft.insert(field.name.to_owned(), there.clone());
        }
        if typed == before || typed == there {
            next_saved.insert(field.name.to_owned(), there);
        }
    }
    (next_saved, next_draft)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::desk::form::{changes, was_overtaken};
    use crate::desk::resource::CLIENT;

    #[test]
    fn what_is_typed_stays_and_the_rest_follows() {
        let record = |name: &str, notes: &str, rows: [&str; 2]| {
            let value = json!({"name": name, "notes": notes, "customfields": [
                {"name": "CFa", "value": rows[0]}, {"name": "CFb", "value": rows[1]},
            ]});
            value.as_object().unwrap().clone()
        };
        let words = ["x", "y", "z"];
        let mut all = Vec::new();
        for name in words {
            for notes in words {
                for row in words {
                    all.push(record(name, notes, [row, "same"]));
                    all.push(record(name, notes, ["x", row]));
                }
            }
        }
        let saved = record("x", "x", ["x", "same"]);
        for draft in &all {
            for now in &all {
                let (next_saved, next_draft) = followed(&CLIENT, &saved, draft, now);
                for (name, typed) in draft {
                    let expected = if typed == &saved[name] {
                        &now[name]
                    } else {
                        typed
                    };
                    assert_eq!(&next_draft[name], expected, "{name}: {draft:?} {now:?}");
                }
                let before = was_overtaken(&CLIENT, &saved, draft, now);
                let after = was_overtaken(&CLIENT, &next_saved, &next_draft, now);
                assert_eq!(after, before, "{draft:?} {now:?}");
                if *draft == saved {
                    assert_eq!(changes(&CLIENT, &next_saved, &next_draft), Record::new());
                }
            }
        }
    }
}
