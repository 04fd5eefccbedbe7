//! Whatever the chart and the answers: a run ends, nothing panics, and its journal is the run.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::problem::Severity;

/// A chart of `steps`, each given by its kind and where its ways lead; some lead nowhere.
fn chart(steps: &[(u8, usize, usize)]) -> Bundle {
    let count = steps.len();
    let steps: Vec<serde_json::Value> = steps
        .iter()
        .enumerate()
        .map(|(index, (kind, first, second))| {
            let id = format!("s{index}");
            let to = |place: &usize| format!("s{}", place % (count + 1));
            let ways = |a: &str, b: &str| json!({ a: to(first), b: to(second) });
            match kind % 13 {
                0..=2 => json!({ "id": id, "name": id, "type": "method", "method": format!("m{}", kind % 3), "next": ways("success", "failure"),
                    "outputs": [{ "name": "Here", "value": "response@status", "add_to_array": kind % 2 == 0 }] }),
                3 => json!({ "id": id, "name": id, "type": "desk_action", "action": "create_ticket", "body": "[{\"summary\": \"<<Out ?? 1>>\", \"tickettype_id\": 1}]", "next": ways("success", "failure") }),
                4 | 5 => json!({ "id": id, "name": id, "type": "condition", "when": { "any": [
                    { "left": if kind % 2 == 0 { "<<Out>>" } else { "<<Out ?? 0>>" }, "op": "greater", "right": "3" }] }, "next": ways("met", "not_met") }),
                6 => json!({ "id": id, "name": id, "type": "end", "outcome": "success" }),
                7 => json!({ "id": id, "name": id, "type": "end", "outcome": "failed_retry" }),
                10 => json!({ "id": id, "name": id, "type": "for_each", "over": "<<Here ?? [1,[2],{}]>>", "limit": 1 + first % 5, "at_once": 1 + kind % 4,
                    "next": { "element": to(first), "finished": to(second), "empty": to(second) } }),
                8 => json!({ "id": id, "name": id, "type": "sleep", "for_ms": (first * 1000), "next": { "finished": to(second) } }),
                9 => json!({ "id": id, "name": id, "type": "set", "next": { "done": to(first) }, "variables": [
                    { "name": "Here", "value": "<<Out ?? 4>>", "add_to_array": true }] }),
                11 => json!({ "id": id, "name": id, "type": "respond", "status": 200, "body": "[<<Out ?? 4>>]", "next": { "done": to(first) } }),
                _ => json!({ "id": id, "name": id, "type": "end", "outcome": "failed" }),
            }
        })
        .collect();
    let text = serde_json::to_string(&steps)
        .unwrap()
        .replace("\"s0\"", "\"one\"");
    let methods = r#"[
        { "id": "m0", "name": "M0", "http_method": "POST", "path": "/a/<<Out ?? 1>>", "outputs": [{ "name": "Out", "value": "response^v" }] },
        { "id": "m1", "name": "M1", "http_method": "GET", "path": "/b/<<Missing ?? 1>>", "retry": { "kind": "exponential" } },
        { "id": "m2", "name": "M2", "http_method": "PUT", "path": "/c", "outputs": [{ "name": "Out", "value": "response^v", "default": 5, "secret": true }] }]"#;
    bundle(methods, "[]", &text)
}

fn event() -> impl Strategy<Value = Event> {
    let body = prop_oneof![
        Just(r#"{"v": 1}"#.to_owned()),
        Just(r#"{"v": "a\"<<b>>"}"#.to_owned()),
        Just("{}".to_owned()),
        Just(String::new()),
        Just("<html>".to_owned()),
        ".{0,12}",
    ];
    prop_oneof![
        6 => (prop::sample::select(vec![200_u16, 204, 404, 500, 0, 999]), body)
            .prop_map(|(status, body)| answered(status, &[("content-type", "application/json")], &body)),
        1 => Just(Event::NoAnswer { attempts: vec![sending(None)], error: crate::problem::ErrorDetail::new("timeout", "late") }),
        1 => Just(Event::Interrupted),
        1 => Just(Event::Repeated),
        1 => Just(Event::Begun),
        1 => Just(Event::Responded),
    ]
}

/// Drives a run with these events, then with plain answers; one that circles is cancelled.
fn driven(bundle: &Bundle, events: &[Event]) -> Script {
    let mut script = Script::new(bundle, &[]);
    let plain = answered(200, &[], "{\"v\": 9}");
    let events = events.iter().chain(std::iter::repeat_n(&plain, 20));
    let mut under_way: Vec<(EffectId, bool)> = Vec::new();
    for (number, event) in events.enumerate() {
        while let Some((id, effect)) = script.run.next() {
            if matches!(effect, Effect::Finished(_)) {
                return script;
            }
            under_way.push((id, matches!(effect, Effect::Sleep { .. })));
        }
        under_way.retain(|(id, _)| script.run.waits_for(*id));
        let place = number * 7 % under_way.len().max(1);
        let waiting = under_way.get(place);
        let &(id, sleeps) = waiting.expect("a run that has not ended waits for something");
        let event = if sleeps && *event != Event::Begun {
            &Event::Woken
        } else {
            event
        };
        script.apply(id, event.clone());
    }
    if let Ok(entry) = script.run.cancel(script.now) {
        script.journal.push(entry);
    }
    script
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_chart_is_refused_or_runs_to_an_end_and_any_part_of_its_journal_is_the_run(
        steps in prop::collection::vec((any::<u8>(), 0..8_usize, 0..8_usize), 1..7),
        events in prop::collection::vec(event(), 0..24),
        cut in any::<prop::sample::Index>(),
    ) {
        let bundle = chart(&steps);
        let document = PlanDocument::gather(&bundle.runbooks[0], &bundle.integrations, None);
        let problems = plan::check(&document);
        let Ok(plan) = Plan::compile(document) else {
            prop_assert!(problems.iter().any(|problem| problem.severity == Severity::Error), "what cannot run is not published");
            return Ok(());
        };
        let script = driven(&bundle, &events);
        prop_assert!(script.run.outcome().is_some());
        prop_assert!(script.run.view(&[]).visits.len() <= 1_000);
        prop_assert_eq!(&script.replayed(), &script.run);

        let end = cut.index(script.journal.len() + 1);
        let (before, after) = script.journal.split_at(end);
        let stored = serde_json::to_string(before).unwrap();
        let before: Vec<Entry> = serde_json::from_str(&stored).unwrap();
        let plan = Arc::new(plan);
        let mut live = Run::new(Arc::clone(&plan), trigger(&[]), context(), Detail::Full, START);
        for entry in &before {
            live.apply(entry.effect, entry.event.clone(), entry.at).unwrap();
        }
        let mut replayed = Run::replay(plan, trigger(&[]), context(), Detail::Full, START, before).unwrap();
        prop_assert_eq!(&replayed, &live);
        prop_assert_eq!(replayed.view(&[]), live.view(&[]));
        for entry in after {
            replayed.apply(entry.effect, entry.event.clone(), entry.at).unwrap();
        }
        prop_assert_eq!(replayed.state, script.run.state.clone());
    }
}
