//! In whose name an access token acts.

use serde_json::json;

use super::{post, seeded};
use crate::desk::{Access, Caller, DeskError, EventSource, Grant, Scopes};

fn grant(agent: Option<u64>) -> Grant {
    Grant {
        client_id: "reports".to_owned(),
        application: "Reports".to_owned(),
        agent,
        scopes: Scopes::ALL,
    }
}

#[test]
fn a_token_acts_for_its_application_or_for_the_person_who_allowed_it() {
    let memory = seeded();
    let caller = Caller::Token {
        token: String::new(),
    };
    let of = |grant| Access::of(&caller, grant, &memory);
    let own = of(Some(grant(None))).unwrap();
    assert_eq!(
        (own.who.as_str(), own.source),
        ("Reports", EventSource::Application)
    );
    let person = of(Some(grant(Some(1)))).unwrap();
    assert_eq!(
        (person.agent, person.source, person.client_id.as_deref()),
        (Some(1), EventSource::Person, Some("reports"))
    );
    assert_ne!(person.who, "Reports");
    for unknown in [None, Some(grant(Some(9999)))] {
        assert_eq!(of(unknown).unwrap_err(), DeskError::BadToken);
    }
    post(&memory, "/api/Agent", &json!({"id": 1, "inactive": true})).unwrap();
    assert_eq!(of(Some(grant(Some(1)))).unwrap_err(), DeskError::BadToken);
}
