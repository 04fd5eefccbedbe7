//! What becomes of a ticket inside.

use super::*;

/// What is started.
fn reasons(moved: &Moved) -> Vec<(&str, &str)> {
    let starts = moved.starts.iter().filter(|start| start.met);
    starts
        .map(|start| (start.runbook.as_str(), start.reason.as_str()))
        .collect()
}

/// The action is done on a ticket that is the same afterwards.
fn act(flow: &Flow, position: &Position, action: &str, now: Timestamp) -> Moved {
    let to = flow.way(position, action, NEW).unwrap().unwrap();
    flow.go(7, position, &to.id, NEW, now).unwrap()
}

#[test]
fn a_ticket_goes_from_step_to_step_and_sets_off_what_waits_there() {
    let flow = flow(1, example());
    let entered = flow.enter(7, NEW, NOW).unwrap();
    assert_eq!(reasons(&entered), [("greet", "entering Triage")]);
    assert_eq!(entered.starts[0].variables[0].value, "<<ticket^id>>");
    assert_eq!(entered.position.visit, 1);
    assert_eq!(entered.timers.len(), 1);
    assert_eq!(entered.timers[0].due_at, NOW + 30 * MINUTE);

    let later = NOW + 5 * MINUTE;
    let moved = act(&flow, &entered.position, "Accept", later);
    assert_eq!(reasons(&moved), [("thank", "leaving Triage")]);
    assert_eq!(moved.position.step.as_str(), "work");
    assert_eq!(
        (moved.position.entered_at, &*moved.timers),
        (later, &[][..])
    );

    // Back again is another visit, with keys of its own.
    let back = act(&flow, &moved.position, "Give back", later);
    assert_eq!(
        (back.position.step.as_str(), back.position.visit),
        ("triage", 3)
    );
    assert_eq!(reasons(&back), [("greet", "entering Triage")]);
    assert_ne!(back.starts[0].key, entered.starts[0].key);
    assert_eq!(flow.enter(7, NEW, NOW).unwrap(), entered);
}

#[test]
fn a_trigger_whose_condition_is_not_met_says_so() {
    let mut workflow = example();
    for (index, left) in [(0, "<<ticket^status^name>>"), (2, "<<ticket^team>>")] {
        workflow["steps"][0]["triggers"][index]["when"] =
            json!({"all": [{"left": left, "op": "equals", "right": "Closed"}]});
    }
    let flow = flow(1, workflow);
    let entered = flow.enter(7, NEW, NOW).unwrap();
    let [start] = entered.starts.as_slice() else {
        panic!("{entered:?}");
    };
    assert!(
        !start.met && start.explanation.contains("Closed"),
        "{start:?}"
    );
    // What the ticket does not have meets nothing.
    let left = flow.leave(7, &entered.position, NEW).unwrap();
    assert!(
        !left[0].met && left[0].reason == "leaving Triage",
        "{left:?}"
    );
    // Nor does what is no ticket, and the ticket goes on all the same.
    assert!(!flow.enter(7, "{", NOW).unwrap().starts[0].met);
}

#[test]
fn only_what_the_step_allows_is_offered_and_done() {
    let flow = flow(1, example());
    let position = flow.enter(7, NEW, NOW).unwrap().position;
    let offered = |ticket: &str| -> Vec<(String, bool)> {
        let offers = flow.offers(&position, ticket).unwrap().into_iter();
        offers
            .map(|offer| (offer.action, offer.not_because.is_none()))
            .collect()
    };
    let accept = |offered| vec![("Accept".to_owned(), offered), ("Note".to_owned(), true)];
    assert_eq!(offered(NEW), accept(true));
    assert_eq!(offered(CLOSED), accept(true));
    assert_eq!(offered("{}"), accept(false));
    // Each row where it fits.
    let step = |ticket| {
        let way = flow.way(&position, "Accept", ticket);
        way.map(|step| step.unwrap().id.clone())
    };
    assert_eq!(step(NEW), Ok(id("work")));
    assert_eq!(step(CLOSED), Ok(id("done")));
    for ticket in ["{}", "{"] {
        let step = step(ticket);
        assert!(matches!(step, Err(Refused::NotMet { .. })), "{step:?}");
    }
    // In the words of the pages.
    let refused = flow.way(&position, "Accept", "{}").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "The action \"Accept\" is not offered for this ticket: Status has no value."
    );
    assert_eq!(flow.way(&position, "Note", NEW), Ok(None));
    let refused = flow.way(&position, "Resolve", NEW).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "The step `Triage` does not allow the action \"Resolve\": choose an action that the ticket offers, or allow it under Settings > Workflows."
    );
    let other = Position {
        version: 2,
        ..position
    };
    assert_eq!(flow.way(&other, "Accept", NEW), Err(Refused::OtherVersion));
}

#[test]
fn a_timer_starts_its_runbook_once_and_only_while_the_ticket_stays() {
    let flow = flow(1, example());
    let entered = flow.enter(7, NEW, NOW).unwrap();
    let timer = &entered.timers[0];
    let due = timer.due_at;
    let fire =
        |timer: &Timer, position: &Position, ticket: &str| flow.fire(timer, position, ticket, due);
    let started = fire(timer, &entered.position, NEW).unwrap();
    assert_eq!(
        (started.runbook.as_str(), started.reason.as_str()),
        ("remind", "being in Triage for 30 minutes")
    );
    assert!(started.met && started.late.is_none(), "{started:?}");
    // After a crash it is asked for again, under the same key.
    let again = flow
        .fire(timer, &entered.position, NEW, due + 65 * MINUTE)
        .unwrap();
    assert_eq!(again.key, started.key);
    let due = crate::desk::instant::write(due).replace('T', " ");
    assert_eq!(
        again.late.unwrap(),
        format!(
            "It was due at {} (UTC), and came 1 hour and 5 minutes late.",
            &due[..16]
        )
    );
    let skipped = fire(timer, &entered.position, CLOSED).unwrap();
    assert!(
        !skipped.met && skipped.explanation.contains("Closed"),
        "{skipped:?}"
    );
    let away = act(&flow, &entered.position, "Accept", NOW);
    assert_eq!(fire(timer, &away.position, NEW), Err(Refused::Over));
    let back = act(&flow, &away.position, "Give back", NOW);
    assert_eq!(fire(timer, &back.position, NEW), Err(Refused::Over));
    assert!(fire(&back.timers[0], &back.position, NEW).is_ok());
    // They are kept.
    let kept = serde_json::to_value(timer).unwrap();
    assert_eq!(
        kept,
        json!({"workflow": "wf", "version": 1, "ticket_id": 7, "step": "triage", "visit": 1, "trigger": 1, "due_at": NOW + 30 * MINUTE})
    );
    assert_eq!(&serde_json::from_value::<Timer>(kept).unwrap(), timer);
}

#[test]
fn tickets_inside_keep_their_version_until_they_are_moved() {
    let first = flow(1, example());
    let entered = first.enter(7, NEW, NOW).unwrap().position;
    let mut changed = example();
    changed["steps"][0]["triggers"][1]["on"]["minutes"] = json!(60);
    let second = flow(2, changed.clone());
    assert_eq!(
        second.way(&entered, "Accept", NEW),
        Err(Refused::OtherVersion)
    );
    // It stays in its step: nothing starts again, and what waits counts from when it came.
    let later = NOW + 45 * MINUTE;
    let moved = second
        .adopt(7, &entered, Some(&first.version().workflow), None, later)
        .unwrap();
    assert_eq!(
        (
            moved.position.version,
            moved.position.visit,
            moved.position.entered_at
        ),
        (2, 1, NOW)
    );
    assert_eq!(moved.starts, []);
    assert_eq!(moved.timers[0].due_at, NOW + 60 * MINUTE);
    assert!(second.way(&moved.position, "Accept", NEW).is_ok());
    // What the other version started or did not is no matter of this one.
    let before = first.enter(7, NEW, NOW).unwrap();
    assert_eq!(
        second.fire(&before.timers[0], &moved.position, NEW, later),
        Err(Refused::Over)
    );
    let fired = second.fire(&moved.timers[0], &moved.position, NEW, later);
    let earlier = first.fire(&before.timers[0], &before.position, NEW, later);
    assert_ne!(fired.unwrap().key, earlier.unwrap().key);
    // What the other version has started is not started again; what it was to start later, and is over here, comes now.
    for (former, expected) in [(&first, vec![]), (&second, vec![NOW + 30 * MINUTE])] {
        let former = Some(&former.version().workflow);
        let moved = first.adopt(7, &entered, former, None, later).unwrap();
        let due: Vec<_> = moved.timers.iter().map(|timer| timer.due_at).collect();
        assert_eq!(due, expected);
    }

    changed["steps"].as_array_mut().unwrap().remove(1);
    changed["steps"][0]["actions"][0]["to"] = json!("done");
    let third = flow(3, changed);
    let working = Position {
        step: id("work"),
        visit: 2,
        ..entered
    };
    let refused = third.adopt(7, &working, None, None, later).unwrap_err();
    let step = "work".to_owned();
    assert_eq!(refused, Refused::NoSuchStep { step });
    // By its name, where that is known.
    let former = Some(&second.version().workflow);
    let refused = third.adopt(7, &working, former, None, later).unwrap_err();
    assert!(
        refused.to_string().contains("has no step “Work”"),
        "{refused}"
    );
    let moved = third
        .adopt(7, &working, None, Some(&id("done")), later)
        .unwrap();
    assert_eq!(
        (moved.position.visit, moved.position.entered_at),
        (3, later)
    );
}
