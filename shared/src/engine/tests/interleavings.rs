//! Whichever element is faster: the run ends as it does when they have their turns one after the other.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

/// Sends each row; then, after a while, each item that the service names for it. Rows and items are
/// `rows` and `items` at a time.
fn nested(rows: u32, items: u32) -> Bundle {
    let methods = r#"[{ "id": "row", "name": "Row", "http_method": "PUT", "path": "/row/<<response^id>>",
          "retry": { "kind": "fixed", "count": 2, "first_ms": 500, "max_ms": 500 },
          "outputs": [{ "name": "Out", "value": "response^name", "add_to_array": true },
            { "name": "Out", "value": "response@status", "add_to_array": true },
            { "name": "Items", "value": "response^items" }, { "name": "Last", "value": "response^name", "secret": true }] },
        { "id": "item", "name": "Item", "http_method": "GET", "path": "/item/<<Last!>>/<<response>>",
          "outputs": [{ "name": "All", "value": "response^name", "add_to_array": true }] }]"#;
    let steps = format!(
        r#"[
        {{ "id": "one", "name": "Rows", "type": "for_each", "over": "<<Rows>>", "at_once": {rows}, "next": {{ "element": "if", "finished": "good", "empty": "good" }} }},
        {{ "id": "if", "name": "If", "type": "condition", "when": {{ "all": [{{ "left": "<<response^id>>", "op": "less", "right": "2" }}] }}, "next": {{ "met": "one", "not_met": "send" }} }},
        {{ "id": "send", "name": "Send", "type": "method", "method": "row", "next": {{ "success": "nap", "failure": "note" }} }},
        {{ "id": "note", "name": "Note", "type": "set", "variables": [{{ "name": "Failed", "value": "<<response@status ?? 0>>", "add_to_array": true }}], "next": {{ "done": "one" }} }},
        {{ "id": "nap", "name": "Nap", "type": "sleep", "for_ms": 50, "next": {{ "finished": "items" }} }},
        {{ "id": "items", "name": "Items", "type": "for_each", "over": "<<Items>>", "at_once": {items}, "next": {{ "element": "get", "finished": "one", "empty": "one" }} }},
        {{ "id": "get", "name": "Get", "type": "method", "method": "item", "next": {{ "success": "items", "failure": "items" }} }},
        {{ "id": "good", "name": "Good", "type": "end", "outcome": "success" }}]"#
    );
    let mut bundle = bundle(methods, "[]", &steps);
    bundle.runbooks[0].max_steps = Some(10_000);
    bundle
}

/// The service: what it answers depends on what is asked and how often it was, and on nothing else.
#[derive(Default)]
struct Service {
    asked: BTreeMap<String, usize>,
}

impl Service {
    fn answer(&mut self, effect: &Effect) -> Event {
        let Effect::Http(call) = effect else {
            return Event::Woken;
        };
        let path = call.request.url().path().to_owned();
        let asked = self.asked.entry(path.clone()).or_default();
        *asked += 1;
        let number = path.bytes().map(usize::from).sum::<usize>();
        match number % 5 {
            0 if *asked < 3 => answered(503, &[], "{}"),
            1 => answered(404, &[], "\"no\""),
            2 if path.contains("item") => Event::NoAnswer {
                attempts: Vec::new(),
                error: crate::problem::ErrorDetail::new("refused_address", "no"),
            },
            _ => {
                let items: Vec<usize> = (0..number % 4).collect();
                let name = path.rsplit('/').next().unwrap_or_default();
                let body = format!(r#"{{"name": "{name}", "items": {items:?}}}"#);
                answered(200, &[("content-type", "application/json")], &body)
            }
        }
    }
}

/// Drives a run to its end; `picks` choose which of the effects that are under way is answered next.
fn driven(bundle: &Bundle, rows: &str, picks: &[Index]) -> Script {
    let mut script = Script::new(bundle, &[("Rows", rows)]);
    let mut service = Service::default();
    let mut under_way: Vec<(EffectId, Effect)> = Vec::new();
    let mut picks = picks.iter().cycle();
    loop {
        while let Some((id, effect)) = script.run.next() {
            if matches!(effect, Effect::Finished(_)) {
                assert!(under_way.is_empty());
                return script;
            }
            under_way.push((id, effect));
        }
        let pick = picks.next().map_or(0, |pick| pick.index(under_way.len()));
        let (id, effect) = under_way.remove(pick);
        let event = service.answer(&effect);
        script.apply(id, event);
    }
}

/// What of a run does not depend on which element was faster.
fn told(run: &Run) -> Vec<String> {
    let visit = |visit: &StepVisit| {
        let words = visit.explanation.as_deref().unwrap_or_default();
        let words = words.split(", ").next().unwrap_or_default();
        format!("{} {:?} {:?} {words}", visit.step, visit.state, visit.way)
    };
    let mut visits: Vec<String> = run.view(&[]).visits.iter().map(visit).collect();
    visits.sort();
    visits
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn side_by_side_is_as_one_after_the_other_and_any_part_of_the_journal_is_the_run(
        ids in prop::collection::btree_set(0..99_u8, 0..12).prop_map(Vec::from_iter).prop_shuffle(),
        rows in 2..8_u32,
        items in 1..5_u32,
        picks in prop::collection::vec(any::<Index>(), 1..40),
        cut in any::<Index>(),
    ) {
        let list: Vec<String> = ids.iter().map(|id| format!(r#"{{"id": {id}}}"#)).collect();
        let list = format!("[{}]", list.join(","));
        let plain = driven(&nested(1, 1), &list, &picks);
        let bundle = nested(rows, items);
        let script = driven(&bundle, &list, &picks);
        prop_assert_eq!(script.run.outcome(), plain.run.outcome());
        let (known, expected) = (&script.run.state.branches.main().known, &plain.run.state.branches.main().known);
        prop_assert_eq!(&known.variables, &expected.variables);
        prop_assert_eq!(&known.secret_names, &expected.secret_names);
        let error = |failure: &Option<state::Failure>| failure.as_ref().map(|failure| failure.error.clone());
        prop_assert_eq!(error(&known.failure), error(&expected.failure));
        prop_assert_eq!(told(&script.run), told(&plain.run));

        prop_assert_eq!(&script.replayed(), &script.run);
        let end = cut.index(script.journal.len() + 1);
        let (before, after) = script.journal.split_at(end);
        let stored = serde_json::to_string(before).unwrap();
        let before: Vec<Entry> = serde_json::from_str(&stored).unwrap();
        let started = || (plan_of(&bundle), trigger(&[("Rows", &list)]), context());
        let (plan, begun, place) = started();
        let mut live = Run::new(plan, begun, place, Detail::Full, START);
        for entry in &before {
            live.apply(entry.effect, entry.event.clone(), entry.at).unwrap();
        }
        let (plan, begun, place) = started();
        let mut replayed = Run::replay(plan, begun, place, Detail::Full, START, before).unwrap();
        prop_assert_eq!(&replayed, &live);
        prop_assert_eq!(replayed.view(&[]), live.view(&[]));
        for entry in after {
            replayed.apply(entry.effect, entry.event.clone(), entry.at).unwrap();
        }
        prop_assert_eq!(&replayed, &script.run);
    }
}
