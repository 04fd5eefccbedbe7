//! What holds for every document that is drawn: runbooks and workflows alike.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::document::{ChartStep, Charted, Exit, Kind};
use super::edit::{self, Place};
use super::geometry::{
    CARD_HEIGHT, GAP_X, LABEL_MOST, Point, Rect, card, entry, exit, gap_behind, label_room,
    label_width, start_card,
};
use super::navigate::{Direction, neighbour};
use super::outline::{outline, sentence};
use super::tidy::tidy;
use super::workflow::ActionExit;
use crate::condition::When;
use crate::model::{
    Bundle, EndOutcome, Runbook, StepAction, StepId, StepKind, Way, Workflow, strict,
};

fn id(text: &str) -> StepId {
    StepId::parse(text).unwrap()
}

fn runbook() -> Runbook {
    let example = include_bytes!("../../../tests/examples/ask-a-question.json");
    Bundle::parse(example).unwrap().runbooks.remove(0)
}

/// Triage → In progress → Done, and In progress ⇄ Waiting.
fn workflow() -> Workflow {
    let written = br#"{
        "id": "wf", "name": "Incidents", "first_step": "triage", "steps": [
            {"id": "triage", "name": "Triage", "at": [280, 0], "actions": [
                {"action": "Start", "to": "work"}, {"action": "Note"}]},
            {"id": "work", "name": "In progress", "at": [560, 0], "status_id": 2, "actions": [
                {"action": "Wait", "to": "wait"},
                {"action": "Solve", "to": "done", "when": {"all": [{"left": "<<ticket^team>>", "op": "has_value"}]}}]},
            {"id": "wait", "name": "Waiting", "at": [840, 200], "actions": [{"action": "Go on", "to": "work"}]},
            {"id": "done", "name": "Done", "at": [840, 0]}
        ]
    }"#;
    strict::from_slice(written).unwrap()
}

fn apart<D: Charted>(draft: &D) -> bool {
    let mut cards: Vec<Rect> = draft.steps().iter().map(card).collect();
    cards.push(start_card(draft));
    let mut pairs = cards.iter().enumerate();
    pairs.all(|(at, one)| !cards[at + 1..].iter().any(|other| one.overlaps(other)))
}

/// No link leads to what never was there, no id is there twice, and there is a first step as long as there is any.
/// What led to steps that are `gone` may still name them.
fn is_whole<D: Charted>(draft: &D, gone: &BTreeSet<StepId>) -> bool {
    let steps = draft.steps();
    let exits = |step: &D::Step| -> Vec<Option<StepId>> {
        let exits = step.exits();
        exits
            .iter()
            .map(|exit| step.target(exit).cloned())
            .collect()
    };
    let mut targets = steps.iter().flat_map(exits).flatten();
    let ids: BTreeSet<_> = steps.iter().map(ChartStep::id).collect();
    targets.all(|to| draft.find(&to).is_some() || gone.contains(&to))
        && ids.len() == steps.len()
        && draft.first().is_some_and(|id| draft.find(id).is_some()) != steps.is_empty()
}

/// Adds, connects, moves and removes as the numbers say; gives what was removed, too.
fn edited<D: Charted>(
    mut draft: D,
    numbers: &[u8],
    kind: impl Fn(u8) -> Kind<D>,
) -> (D, BTreeSet<StepId>) {
    let mut removed = BTreeSet::new();
    for chunk in numbers.chunks_exact(3) {
        let pick = |number: u8| {
            let at = usize::from(number).checked_rem(draft.steps().len())?;
            draft.steps().get(at)
        };
        let one = pick(chunk[1]);
        let exits = one.map(|step| {
            let mut exits = step.exits();
            exits.extend(step.spare());
            exits
        });
        let exits = exits.unwrap_or_default();
        let exit: Option<Exit<D>> = usize::from(chunk[2])
            .checked_rem(exits.len())
            .and_then(|at| exits.into_iter().nth(at));
        let one = one.map(|step| step.id().clone());
        let other = pick(chunk[2]).map(|step| step.id().clone());
        match (chunk[0] % 8, one, other, exit) {
            (0 | 1, Some(one), _, Some(exit)) => {
                edit::add_step(&mut draft, kind(chunk[2]), "New", &Place::After(one, exit));
            }
            (2, Some(one), Some(other), Some(exit)) => {
                edit::connect(&mut draft, &one, &exit, &other);
            }
            (3, Some(one), _, Some(exit)) => edit::disconnect(&mut draft, &one, &exit),
            (4, Some(one), _, _) => {
                edit::remove_step(&mut draft, &one);
                removed.insert(one);
            }
            (5, Some(one), _, _) => {
                edit::duplicate_step(&mut draft, &one);
            }
            (6, Some(one), _, _) => edit::start_with(&mut draft, &one),
            _ => {
                edit::add_step(&mut draft, kind(chunk[1]), "New", &Place::Start);
            }
        }
    }
    (draft, removed)
}

fn kind_of_step(number: u8) -> StepKind {
    match number % 3 {
        0 => StepKind::Condition {
            when: When::default(),
        },
        1 => StepKind::Sleep {
            for_ms: Some(1),
            until: None,
        },
        _ => StepKind::End {
            outcome: EndOutcome::Success,
        },
    }
}

/// What must hold after any edits, and that tidying changes nothing but places, once.
fn holds<D: Charted + std::fmt::Debug>(draft: &D, gone: &BTreeSet<StepId>) {
    assert!(is_whole(draft, gone), "{draft:?}");
    let mut tidied = draft.clone();
    tidy(&mut tidied);
    assert!(apart(&tidied), "{tidied:?}");
    let lines = |draft: &D| outline(draft).iter().map(sentence).collect::<Vec<_>>();
    assert_eq!(lines(draft), lines(&tidied));
    let once = tidied.clone();
    tidy(&mut tidied);
    assert!(tidied == once, "{tidied:?}");
}

proptest! {
    #[test]
    fn a_draft_stays_whole_whatever_is_done_to_it(numbers in prop::collection::vec(any::<u8>(), 0..60)) {
        // A runbook is led round what is taken out.
        holds(&edited(runbook(), &numbers, kind_of_step).0, &BTreeSet::new());
        let (workflow, gone) = edited(workflow(), &numbers, |number| (number % 2 == 0).then(|| u64::from(number)));
        holds(&workflow, &gone);
    }
}

#[test]
fn a_workflow_as_a_list() {
    let mut workflow = workflow();
    edit::disconnect(&mut workflow, &id("work"), &ActionExit::Row(0));
    let lines: Vec<String> = outline(&workflow).iter().map(sentence).collect();
    assert_eq!(
        lines,
        [
            "1. Triage: Start leads to 2 In progress, Note leaves the ticket here",
            "2. In progress: Wait leaves the ticket here, Solve (conditional) leads to 3 Done",
            "3. Done",
            "4. Waiting: Go on leads to 2 In progress (nothing leads here)",
        ]
    );
}

#[test]
fn a_link_of_a_workflow_needs_an_action() {
    let mut workflow = workflow();
    let before = workflow.clone();
    for exit in [ActionExit::Unasked, ActionExit::Row(7)] {
        edit::connect(&mut workflow, &id("triage"), &exit, &id("done"));
    }
    let reopen = ActionExit::Another("Reopen".to_owned());
    edit::connect(&mut workflow, &id("done"), &reopen, &id("nobody"));
    assert_eq!(workflow, before);
    edit::connect(&mut workflow, &id("done"), &reopen, &id("triage"));
    let row = &workflow.step(&id("done")).unwrap().actions[0];
    assert_eq!(
        (row.action.as_str(), row.to.clone()),
        ("Reopen", Some(id("triage")))
    );
}

#[test]
fn a_step_put_into_a_workflow_leads_on_by_the_same_action() {
    let mut workflow = workflow();
    let place = Place::After(id("work"), ActionExit::Row(1));
    let check = edit::add_step(&mut workflow, Some(4), "Check", &place);
    let step = workflow.step(&check).unwrap();
    assert_eq!(
        (step.status_id, step.actions[0].action.as_str()),
        (Some(4), "Solve")
    );
    assert_eq!(step.actions[0].to, Some(id("done")));
    assert_eq!(
        workflow.step(&id("work")).unwrap().actions[1].to,
        Some(check.clone())
    );
    assert!(apart(&workflow));
    // Taken out again, its action is one of its own: what led to it stays, and says that the step is gone. No other step
    // is led to by that.
    edit::remove_step(&mut workflow, &check);
    let row = &workflow.step(&id("work")).unwrap().actions[1];
    assert_eq!(
        (row.action.as_str(), &row.to),
        ("Solve", &Some(check.clone()))
    );
    let lines: Vec<String> = outline(&workflow).iter().map(sentence).collect();
    assert!(
        lines
            .iter()
            .any(|line| line.contains("Solve (conditional) leads to a step that is gone")),
        "{lines:?}"
    );
    let place = Place::After(id("work"), ActionExit::Row(1));
    let other = edit::add_step(&mut workflow, None, "Other", &place);
    assert_ne!(other, check);
    assert!(workflow.step(&other).unwrap().actions.is_empty());
}

#[test]
fn a_copy_of_a_step_allows_the_same_and_leads_nowhere() {
    let mut workflow = workflow();
    let copy = edit::duplicate_step(&mut workflow, &id("work")).unwrap();
    let step = workflow.step(&copy).unwrap();
    assert_eq!(
        (step.name.as_str(), step.status_id),
        ("In progress (copy)", Some(2))
    );
    assert!(step.actions.iter().all(|row| row.to.is_none()));
    assert!(!step.actions[1].when.is_empty());
    let mut runbook = runbook();
    let copy = edit::duplicate_step(&mut runbook, &id("ask")).unwrap();
    let (copy, own) = (
        runbook.step(&copy).unwrap(),
        runbook.step(&id("ask")).unwrap(),
    );
    assert_eq!(
        (&copy.kind, &copy.retry, copy.next.len()),
        (&own.kind, &own.retry, 0)
    );
}

#[test]
fn a_card_is_as_high_as_its_ways_out_need() {
    let mut workflow = workflow();
    let height = |workflow: &Workflow| card(workflow.step(&id("triage")).unwrap()).height;
    assert!((height(&workflow) - CARD_HEIGHT).abs() < 1e-9);
    for action in ["A", "B", "C"] {
        let another = ActionExit::Another(action.to_owned());
        edit::connect(&mut workflow, &id("triage"), &another, &id("done"));
    }
    assert!(height(&workflow) > CARD_HEIGHT);
    let step = workflow.step(&id("triage")).unwrap();
    let mut exits = step.exits();
    exits.extend(step.spare());
    let ports: Vec<f64> = exits.iter().map(|way| exit(step, way).y).collect();
    assert!(
        ports.windows(2).all(|pair| pair[1] - pair[0] > 22.0),
        "{ports:?}"
    );
    let runbook = runbook();
    for step in &runbook.steps {
        assert!((card(step).height - CARD_HEIGHT).abs() < 1e-9);
    }
    let ask = runbook.step(&id("ask")).unwrap();
    assert!((exit(ask, &Way::Success).y - (card(ask).y + 18.0)).abs() < 1e-9);
    assert!((entry(&card(ask)).y - (card(ask).y + 36.0)).abs() < 1e-9);
}

#[test]
fn words_on_links_have_room_once_tidied_and_are_cut_where_there_is_none() {
    let mut workflow = workflow();
    let long = "Hand over to the second line of support, with all that is known";
    for (at, action) in ["Wait for the user", "Ok", long].into_iter().enumerate() {
        let step = workflow.steps.iter_mut().find(|step| step.id == id("work"));
        let row = StepAction {
            action: action.to_owned(),
            to: Some(id("done")),
            when: When::default(),
        };
        step.unwrap().actions.insert(at, row);
    }
    let room = |workflow: &Workflow, step: &str, way: &ActionExit| {
        label_room(workflow, workflow.step(&id(step)).unwrap(), way)
    };
    // "Wait for the user" runs into the card 80 pixels behind it.
    assert!((room(&workflow, "work", &ActionExit::Row(0)) - 58.0).abs() < 1e-9);
    // Nothing stands behind the last column.
    assert!((room(&workflow, "done", &ActionExit::Unasked) - LABEL_MOST).abs() < 1e-9);
    tidy(&mut workflow);
    let gap = |from: &str, to: &str| {
        let card = |step: &str| card(workflow.step(&id(step)).unwrap());
        card(to).x - card(from).right()
    };
    // The longest one decides for its column, and a maximum for the longest.
    assert!((gap("work", "done") - 184.0).abs() < 1e-9);
    assert!((room(&workflow, "work", &ActionExit::Row(2)) - LABEL_MOST).abs() < 1e-9);
    assert!(gap("triage", "work") < gap("work", "done"));
    let steps = workflow.steps.iter();
    for (step, way) in steps.flat_map(|step| step.exits().into_iter().map(move |way| (step, way))) {
        let room = label_room(&workflow, step, &way);
        assert!(
            room + 1e-9 >= label_width(&step.label(&way)),
            "{way:?} of {step:?}"
        );
    }
    // A card that is pulled over the words takes all of their room.
    let over = workflow.step(&id("triage")).unwrap().at;
    let step = workflow.steps.iter_mut().find(|step| step.id == id("wait"));
    step.unwrap().at = [over[0] + 204, over[1]];
    assert!(room(&workflow, "triage", &ActionExit::Row(0)).abs() < 1e-9);
}

#[test]
fn the_usual_words_need_no_wider_gap() {
    for step in &runbook().steps {
        assert!((gap_behind(step) - GAP_X).abs() < 1e-9, "{step:?}");
    }
}

#[test]
fn arrow_keys_walk_a_workflow() {
    let workflow = workflow();
    for (from, direction, to) in [
        (None, Direction::Right, Some("triage")),
        (Some("triage"), Direction::Right, Some("work")),
        (Some("work"), Direction::Right, Some("done")),
        (Some("done"), Direction::Down, Some("wait")),
        (Some("wait"), Direction::Up, Some("done")),
        (Some("triage"), Direction::Left, None),
    ] {
        let found = neighbour(&workflow, from.map(id).as_ref(), direction);
        assert_eq!(
            found.as_ref().map(StepId::as_str),
            to,
            "{from:?} {direction:?}"
        );
    }
}

#[test]
fn the_first_step_of_an_empty_workflow_is_where_it_starts() {
    let mut workflow = workflow();
    for step in ["triage", "work", "wait", "done"] {
        edit::remove_step(&mut workflow, &id(step));
    }
    assert_eq!((&workflow.first_step, workflow.steps.len()), (&None, 0));
    let first = edit::add_step(
        &mut workflow,
        None,
        "Triage",
        &Place::At(Point::new(3.0, 5.0)),
    );
    assert_eq!(workflow.first_step, Some(first.clone()));
    assert_eq!(first.as_str(), "step-1");
}
