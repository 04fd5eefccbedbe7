//! Buttons on users and assets: nothing is written to the record when one is pressed, its runbook starts.

use serde_json::{Value, json};

use crate::desk::resource::{ASSET, TICKET, USER};
use crate::desk::{Resource, instant};
use crate::model::{ActsOn, DeskAction, Timestamp};

/// What kind of record an action stands on.
pub fn resource_of(records: ActsOn) -> &'static Resource {
    match records {
        ActsOn::Ticket => &TICKET,
        ActsOn::User => &USER,
        ActsOn::Asset => &ASSET,
    }
}

/// `<<action>>` of a button that was pressed: as far as can be what an action on a ticket is. `fields` are what was
/// entered in its dialog.
pub fn pressed(action: &DeskAction, who: &str, fields: &[Value], now: Timestamp) -> Value {
    json!({
        "outcome": action.outcome(),
        "who": who,
        "datetime": instant::write(now),
        "customfields": fields,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_looks_like_an_action() {
        let action = DeskAction {
            name: "Reset".to_owned(),
            outcome: Some("Password reset".to_owned()),
            records: ActsOn::User,
            ..DeskAction::default()
        };
        let fields = vec![json!({"name": "Why", "value": "lost"})];
        assert_eq!(
            pressed(&action, "Ann", &fields, 1_000),
            json!({
                "outcome": "Password reset", "who": "Ann", "datetime": "1970-01-01T00:00:01.000Z",
                "customfields": fields,
            })
        );
        let names = ActsOn::ALL.map(|records| resource_of(records).singular);
        assert_eq!(names, ActsOn::ALL.map(ActsOn::as_str));
    }
}
